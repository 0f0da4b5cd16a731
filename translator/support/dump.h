/* SPDX-License-Identifier: MIT
 * Looking into the translator, on the workstation: one text a channel, for tests, `selkirk dis` and
 * docs.
 *
 *   xl_dump(&xl, XL_DUMP_IR | XL_DUMP_SCHED, stdout); */
#ifndef SELKIRK_SUPPORT_DUMP_H
#define SELKIRK_SUPPORT_DUMP_H

#include <stdio.h>

#include "translator/passes.h"

/* CHANNEL(NAME, bit, "option", description) */
#define XL_CHANNELS(CHANNEL)                                                                       \
    CHANNEL(IR, 0, "ir", "instructions of the block, after dead definitions are gone")             \
    CHANNEL(SCHED, 1, "sched", "operations by cycle and slot, with the register of each value")    \
    CHANNEL(OUT, 2, "out", "words of the bundles, exits and places to fill in")

enum xl_dump_channel {
#define CHANNEL(NAME, bit, option, description) XL_DUMP_##NAME = 1 << (bit),
    XL_CHANNELS(CHANNEL)
#undef CHANNEL
};

/* Channel of an option name, 0: there is none. */
unsigned xl_dump_channel(const char *option);
/* Requires: after xl_finish. */
void xl_dump(const struct xl *xl, unsigned channels, FILE *file);

/* The list of passes as text (passes.def). */
enum pass_form {
    PASS_GIVES_PROGRAM,
    PASS_GIVES_TRACES,
    PASS_GIVES_PIECES,
    PASS_GIVES_IR,
    PASS_GIVES_FORM,
    PASS_GIVES_WORDS,
    PASS_GIVES_IMAGE
};
struct pass_info {
    const char *name;
    enum pass_form gives;
    bool is_of_region, is_optional;
    const char *counted, *text;
};
extern const struct pass_info pass_info[PASS_COUNT];

/* What a pass over a region has just given. */
void pass_dump(const struct pass_work *w, enum pass pass, FILE *file);
/* Bundles in the scheduled form. */
void form_print(const struct vop_fields *ops, uint32_t n_bundles, FILE *file);

#endif
