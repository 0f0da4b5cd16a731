/* SPDX-License-Identifier: MIT
 * What the dispatcher and gear 1 note for others: the ring of the last dispatches, which is always
 * on, and gear 1's tally. The workstation reads both (stats.h). */
#ifndef SELKIRK_CMS_NOTES_H
#define SELKIRK_CMS_NOTES_H

#include <stdint.h>

enum { DISPATCH_RING = 16 /* power of two */ };

/* What gear 1 made, in words that are cheap to add to; goes into the statistics when there are
 * GEAR1_TALLY_BUNDLES, long before a half is full. */
struct gear1_tally {
    union {
        uint32_t size;
        struct {
            uint16_t insns, bundles;
        };
    };
    union {
        uint32_t work;
        struct {
            uint16_t ops, regions;
        };
    };
};
enum { GEAR1_TALLY_BUNDLES = 1 << 13, GEAR1_TALLY_HALF = 16 /* bits */ };

enum dispatch_how { HOW_NONE, HOW_INTERPRET, HOW_ENTER };

struct dispatch_note {
    uint32_t guest_pc;
    uint32_t native; /* entered here; 0 when interpreted */
    uint16_t how;    /* enum dispatch_how */
    uint16_t cause;  /* TRAP_x that ended it */
    uint32_t trap_addr;
};

#endif
