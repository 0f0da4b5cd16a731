/* SPDX-License-Identifier: MIT
 * Looking into the translator, on the workstation: one text a channel, for tests, `selkirk dis` and
 * docs.
 *
 *   xl_dump(&xl, XL_DUMP_IR | XL_DUMP_SCHED, stdout); */
#ifndef SELKIRK_SUPPORT_DUMP_H
#define SELKIRK_SUPPORT_DUMP_H

#include <stdio.h>

#include "translator/xlate_impl.h"

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

#endif
