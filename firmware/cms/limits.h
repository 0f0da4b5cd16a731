/* SPDX-License-Identifier: MIT
 * When blocks are translated, how much is done in one piece, and what follows for the interrupt
 * latency. */
#ifndef SELKIRK_CMS_LIMITS_H
#define SELKIRK_CMS_LIMITS_H

#include "firmware/cms/rights.h"
#include "firmware/tcache/tcache.h"

enum {
    XLATE_THRESHOLD = 4,        /* block executions before gear 1 translates it */
    POLL_PERIOD_CYCLES = 65536, /* timer interrupt at the latest: tohost, UART input */
    GEAR0_BLOCKS = 256,         /* blocks interpreted per dispatch when gear 0 is all there is */
    GEAR0_BLOCKS_IRQ = 4,       /* the same when the guest has interrupts enabled */
    IRQ_MAX_INSNS = 16,         /* interpreted at a time when it has (else XL_MAX_INSNS) */
    IRQ_CHECKED_INSNS = 4,      /* interpreted at a time when each access is checked */
    XLATE_SLICE = 8,            /* lifted, or operations placed, between two looks when it has */
    XLATE_SLICE_CHAOS = 4,      /* with CHAOS_SLICES, always */
    CHAOS_EVICT_PERIOD = 5,     /* translations between whole evictions with CHAOS_EVICT */
    PATIENCE_STEP = 32,         /* regrets (gear1.c) that double the threshold */
    PATIENCE_MAX = 5 * PATIENCE_STEP,
    PATIENCE_CROWDED = XLATE_THRESHOLD << PATIENCE_MAX / PATIENCE_STEP,
};

/* The longest interrupt latency, from what can run between two looks at the lines, at worst
 * (docs/architecture.md, section 8): one slice of a translation, one region to its commit, the way
 * back with a slice of a scan. The handler's own first block is translated only if the interrupt is
 * not late already. */
enum {
    IRQ_XLATE_CYCLES = 900 * XLATE_SLICE, /* a slice; half of it has been seen on two slots */
    IRQ_ROOM_CYCLES =
        TC_ROOM_BUDGET_CYCLES + 2 * TC_BURY_EXITS * 45 + TC_HASH_CHAIN * 20 +
        1000, /* ... and installing: one more region may go, for room and in the hash */
    IRQ_BACK_CYCLES = 3000 + TC_SCAN_STEPS * 14,
    IRQ_LATE_CYCLES = 8000,
    IRQ_RIGHTS_CYCLES = 12000, /* making a context of rights, instead of translating */
    IRQ_RIGHTS_LOOK_CYCLES = 130 * RIGHTS_CONTEXTS, /* looking for one */
    IRQ_LATENCY_BOUND_CYCLES =
        IRQ_XLATE_CYCLES + IRQ_ROOM_CYCLES +
        (IRQ_BACK_CYCLES > IRQ_LATE_CYCLES ? IRQ_BACK_CYCLES : IRQ_LATE_CYCLES),
};
_Static_assert(IRQ_RIGHTS_CYCLES + IRQ_BACK_CYCLES + IRQ_RIGHTS_LOOK_CYCLES <=
                   IRQ_LATENCY_BOUND_CYCLES,
               "a new context, an instruction, and looking for the handler's");

#endif
