/* SPDX-License-Identifier: MIT
 * The passes over one region (passes.def) and what they work in. Freestanding; all memory is in
 * struct pass_work, which the caller provides.
 *
 *   static struct pass_work w;                  // zero before its first use
 *   passes_begin(&w, &xl_abi_firmware, flags, seed);
 *   w.lift = ...; w.ctx = ...; w.off = 1u << PASS_ORDER;
 *   if (!passes_run(&w, PASS_LIFT, PASS_CHECK)) // w.xl.error: does not fit; w.broken: our own bug
 *   copy w.xl.n_bundles bundles from xl_code(&w.xl), or the form
 *
 * A region of several blocks: PASS_LIFT to PASS_SCHEDULE for each, then the rest once. */
#ifndef SELKIRK_TRANSLATOR_PASSES_H
#define SELKIRK_TRANSLATOR_PASSES_H

#include "translator/sched/form.h"
#include "translator/xlate_impl.h"

enum pass {
#define PROGRAM_PASS(NAME, name, takes, gives, off, counted, text) PASS_##NAME,
#define REGION_PASS PROGRAM_PASS
#include "translator/passes.def"
#undef PROGRAM_PASS
#undef REGION_PASS
    PASS_COUNT
};

enum { PASS_SCRATCH_BYTES = 4096 };

struct pass_work {
    struct xl xl;     /* IR; what is known of the block: dead, early; the schedule; words */
    struct form form; /* the scheduled form */

    /* the caller's */
    bool (*lift)(struct pass_work *w, void *ctx); /* fills xl.ir; false: no room */
    void (*look)(const struct pass_work *w, enum pass pass, void *ctx); /* after each; or NULL */
    void *ctx;
    uint32_t off;          /* bit PASS_X: left out */
    bool is_behind_branch; /* the block stands behind what is scheduled already (sched/go_on.c) */
    uint32_t live_at_exit; /* ... registers that are read where that branch goes to */

    const char *broken; /* a rule of the machine that the words break */
    uint32_t counts[PASS_COUNT];
    _Alignas(8) uint8_t scratch[PASS_SCRATCH_BYTES]; /* a pass's own, while it runs */
};

void passes_begin(struct pass_work *w, const struct xl_abi *abi, uint32_t flags, uint32_t seed);

/* The region passes from first to last, without those that are off. False: w->xl.error or
 * w->broken. */
bool passes_run(struct pass_work *w, enum pass first, enum pass last);

/* How much each did: see passes.def. */
#define PROGRAM_PASS(NAME, name, takes, gives, off, counted, text)
#define REGION_PASS(NAME, name, takes, gives, off, counted, text)                                  \
    uint32_t pass_##name(struct pass_work *w);
#include "translator/passes.def"
#undef PROGRAM_PASS
#undef REGION_PASS

#endif
