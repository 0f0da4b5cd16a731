/* SPDX-License-Identifier: MIT
 * The ahead-of-time translator's passes (passes.def) over the whole program, and what they hand to
 * each other.
 *
 *   struct aot a = {.in = "firmware.elf", .out = "selkirk.img", .trace_runs = TRACE_RUNS, ...};
 *   aot_translate(&a);              // runs the list (passes.c); dies with one line on bad input
 *   aot_print_stats(&a);
 */
#ifndef SELKIRK_AOT_AOT_H
#define SELKIRK_AOT_AOT_H

#include <stdio.h>

#include "translator/aot/native_code.h"
#include "translator/aot/program.h"
#include "translator/passes.h"
#include "translator/support/dump.h"

/* Times that the profile must have seen a trace for each instruction that is copied behind it; a
 * trace that it saw less often is cold and is scheduled for size. */
enum { TRACE_RUNS = 56 };

struct aot {
    /* options */
    const char *in, *out;
    const char *stored;  /* file for the image without symbols; NULL: none */
    const char *profile; /* NULL: no pass profile */
    uint32_t flags;      /* enum xl_flags */
    uint32_t trace_runs;
    uint32_t off;   /* bit PASS_X: left out */
    enum pass dump; /* PASS_COUNT: none */
    bool is_verbose, asks_size;

    /* forms */
    struct elf_rv elf;
    struct program program;
    struct native_code code;

    uint32_t counts[PASS_COUNT];
    bool is_profiled; /* runs and likely ways of what was executed are known */
    bool is_showing;  /* the pieces are made once more, to be dumped */
    /* edges.c: facts are assumed, and pieces made with them; the pieces must be made again */
    bool has_assumed, again;
};

void aot_translate(struct aot *a);
void aot_print_stats(const struct aot *a);
void aot_print_size(const struct aot *a); /* size.c */
/* The form that a pass over the program gives (dump.c). */
void aot_dump(const struct aot *a, enum pass pass);

#define PROGRAM_PASS(NAME, name, takes, gives, off, counted, text)                                 \
    uint32_t aot_##name(struct aot *a);
#define REGION_PASS(NAME, name, takes, gives, off, counted, text)
#include "translator/passes.def"
#undef PROGRAM_PASS
#undef REGION_PASS

/* Whether the profile saw the trace, and piece, that begins at rv_addr too seldom to spend memory.
 */
bool aot_is_cold(const struct aot *a, uint32_t rv_addr);

/* What lower.c lifts next: the parts of a trace up to and with a branch. */
struct segment {
    const struct program *program;
    const struct trace *trace;
    uint32_t next; /* part to begin with */
    struct ir_block *ir;
};
/* Pass lift. False: no room. */
bool lower_segment(struct pass_work *w, struct segment *s);

#endif
