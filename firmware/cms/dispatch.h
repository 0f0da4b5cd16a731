/* SPDX-License-Identifier: MIT
 * The dispatcher: finds or makes the translation of the guest's pc and enters it, or interprets;
 * handles every way back out of translated code. It runs until the guest has stopped
 * (cms->is_stopped).
 *
 * Ring of the last dispatches: always on, printed by dispatch_dump when something of ours went
 * wrong.
 */
#ifndef SELKIRK_CMS_DISPATCH_H
#define SELKIRK_CMS_DISPATCH_H

#include "firmware/tcache/tcache.h"
#include <stdint.h>

enum {
    DISPATCH_RING = 16,         /* power of two */
    XLATE_THRESHOLD = 4,        /* block executions before gear 1 translates it */
    POLL_PERIOD_CYCLES = 65536, /* timer interrupt at the latest: tohost, UART input */
    GEAR0_BLOCKS = 256,         /* blocks interpreted per dispatch when gear 0 is all there is */
    GEAR0_BLOCKS_IRQ = 4,       /* the same when the guest has interrupts enabled */
    IRQ_MAX_INSNS = 16,    /* interpreted or translated at a time when it has (else XL_MAX_INSNS) */
    IRQ_CHECKED_INSNS = 4, /* interpreted at a time when each access is checked */
    RIGHTS_MAX_INSNS = 12, /* translated at a time then */
    CHAOS_EVICT_PERIOD = 5, /* translations between whole evictions with CHAOS_EVICT */
    PATIENCE_STEP = 32,     /* regrets (gear1.c) that double the threshold */
    PATIENCE_MAX = 5 * PATIENCE_STEP,
    PATIENCE_CROWDED = XLATE_THRESHOLD << PATIENCE_MAX / PATIENCE_STEP,
};

/* The longest interrupt latency, from what can run between two looks at the lines, at worst
 * (docs/architecture.md, section 8): one translation, one region to its commit, the way back with
 * a slice of a scan. The handler's own first block is translated only if the interrupt is not late
 * already. */
enum {
    IRQ_XLATE_CYCLES = 450 * IRQ_MAX_INSNS, /* translating so many instructions */
    IRQ_ROOM_CYCLES =
        TC_ROOM_BUDGET_CYCLES + 2 * TC_BURY_EXITS * 45 + TC_HASH_CHAIN * 20 +
        1000, /* ... and installing: one more region may go, for room and in the hash */
    IRQ_BACK_CYCLES = 3000 + TC_SCAN_STEPS * 14,
    IRQ_LATE_CYCLES = 8000,
    IRQ_LATENCY_BOUND_CYCLES =
        IRQ_XLATE_CYCLES + IRQ_ROOM_CYCLES +
        (IRQ_BACK_CYCLES > IRQ_LATE_CYCLES ? IRQ_BACK_CYCLES : IRQ_LATE_CYCLES),
};

/* What gear 1 made, in words that are cheap to add to; goes into the statistics now and then. */
struct gear1_tally {
    uint32_t regions, insns, bundles, ops;
};
enum { GEAR1_TALLY_LIMIT = 1 << 30 };

enum dispatch_how { HOW_NONE, HOW_INTERPRET, HOW_ENTER };

struct dispatch_note {
    uint32_t guest_pc;
    uint32_t native; /* entered here; 0 when interpreted */
    uint16_t how;    /* enum dispatch_how */
    uint16_t cause;  /* TRAP_x that ended it */
    uint32_t trap_addr;
};

struct cms;
void dispatch_run(struct cms *cms);
void dispatch_init(struct cms *cms);
void dispatch_dump(struct cms *cms); /* ring and guest registers, to the log channel */
/* gear1.c: counts one more arrival at the guest's pc; its new translation if it is hot enough now.
 */
struct tc_region *gear1_consider(struct cms *cms);
void gear1_init(struct cms *cms);
void gear1_sample(
    struct cms *cms); /* adds what was counted since the last time to the statistics */

#endif
