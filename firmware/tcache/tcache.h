/* SPDX-License-Identifier: MIT
 * Translation cache: a ring of bundles in CODE memory after the firmware's own image, and the
 * records of the regions in it. The oldest regions make room for new ones. Region i owns the exits
 * tc_exit_number(i, 0..XL_MAX_EXITS-1); that number is the immediate of the native `exit` stub.
 *
 *   tc_init(cms, regions, first_byte, bytes);
 *   struct tc_region *r = tc_find(&cms->tc, guest_pc);        // NULL: none
 *   if (tc_make_room(cms, result.n_bundles, budget) == TC_ROOM_READY)
 *       r = tc_install(cms, guest_pc, &result, code_words);
 *   tc_chain(cms, exit_number, r);
 *   tc_jump_table_add(cms, r);
 *   tc_invalidate(cms, r);  tc_flush(cms);
 *
 * A region is live (in every look-up), then stopped (in none; its first bundle is `exit
 * XL_EXIT_STALE`, and exits may still be chained to it), then dead (its memory is free).
 *
 * Invariants (tc_check states them as code, tests call it): every chained exit points to a region
 * that is not dead and is on that region's incoming list, and nothing else is; exactly the live
 * regions are in the hash and in the lists of their granules, and only they in the jump-target
 * table; regions do not overlap and lie in ring order. The granules of live regions' guest code are
 * write-protected (protect.c), except of those that check themselves. All operations run with the
 * guest stopped, so every one of them is safe at any moment; a region that is stopped under the
 * exit being handled clears tc->pending_exit.
 *
 * Every operation but tc_flush takes a bounded time, whatever the guest does: a hash chain has
 * TC_HASH_CHAIN regions at most, lists of granules and of incoming exits are doubly linked, and
 * what has to walk along them goes in slices (tc_scan_on, tc_make_room). A region that has to go is
 * only stopped, which is cheap; it dies when it is entered or its memory is needed, TC_BURY_EXITS
 * exits at a time.
 */
#ifndef SELKIRK_TCACHE_TCACHE_H
#define SELKIRK_TCACHE_TCACHE_H

#include "machine.h"
#include "translator/support/pc_hash.h"
#include "translator/xlate.h"
#include <stdbool.h>
#include <stdint.h>

enum {
    TC_MAX_REGIONS = 4096, /* power of two */
    TC_HASH_BITS = 12,
    TC_HASH_SIZE = 1 << TC_HASH_BITS,
    TC_HASH_CHAIN = 16,           /* regions in one of its chains: bounds a look-up */
    TC_BURY_EXITS = 32,           /* exits unchained from a dying region at a time */
    TC_ROOM_BUDGET_CYCLES = 2000, /* evicting for one region, while interrupts may come */
    TC_SCAN_STEPS = 256,          /* work of one slice of a scan: a word compared is one step */
    TC_SCAN_REGION_STEPS = 4,     /* ... and coming to a region is so many, */
    TC_SCAN_STOP_STEPS = 16,      /* stopping it so many */
    TC_SCAN_QUEUE = 8,            /* granules that wait for a scan */
    TC_GRANULES = CONFIG_WIDE_GRANULES,
    TC_COPY_WORDS = XL_MAX_INSNS + 1,
    TC_BUNDLE_BYTES = 16,
    TC_MIN_BYTES = 2 * TC_BUNDLE_BYTES, /* the common indirect exit and one bundle of a region */
    TC_LEARN_SAME =
        3, /* passages of a branch that are enough to know its likely way: all alike ... */
    TC_LEARN_MIXED = 8, /* ... or not */
    TC_NO_REGION = 0xffff,
    TC_NO_EXIT = 0, /* number 0 is the indirect exit, never chained */
};
_Static_assert(XL_EXIT_FIRST_DIRECT + TC_MAX_REGIONS * XL_MAX_EXITS <= XL_EXIT_STALE,
               "exit numbers");

struct tc_exit {
    uint32_t guest_target;
    uint32_t branch_word;   /* slot 3 of the branch bundle as the translator made it */
    uint16_t branch_bundle; /* within the region; == stub_bundle: no branch leads to the stub */
    uint16_t stub_bundle;
    uint16_t chained_to;    /* region index or TC_NO_REGION */
    uint16_t next_incoming; /* exit numbers: doubly linked list of exits chained to one region */
    uint16_t prev_incoming;
    bool is_in_branch; /* chained by the branch word, else by the stub */
    uint8_t passages;  /* seen by tc_learn */
};

/* Place in a ring of regions with bytes in one granule; node numbers: 2 * region, or 1 more. */
struct tc_node {
    uint16_t next, prev;
};

struct tc_region {
    _Alignas(128) uint32_t guest_pc; /* size a power of two: indices become addresses by a shift */
    uint32_t native;                 /* address of the first bundle */
    uint32_t first_bundle;           /* relative to base_bundle */
    uint32_t late_homes;             /* struct xl_result's */
    uint32_t first_words[4];         /* first bundle */
    uint16_t guest_bytes;
    uint16_t n_bundles;
    uint8_t n_insns;
    uint8_t n_exits;
    bool rechecks;   /* looks at its guest code itself; needs no protected granule */
    bool has_learnt; /* exits may be chained; tc_learn says when */
    bool is_live;    /* or stopped: not dead */
    bool is_in_jump_table;
    bool is_stopped;
    uint16_t next_in_hash;
    uint16_t first_incoming; /* exit number */
    uint8_t mode;            /* struct xl_request's */
    uint32_t rights;         /* struct xl_request's; guest_pc and this are the key of a look-up */
    struct tc_node nodes[2]; /* in the lists of its first granule and of its last (protect.c) */
    struct tc_exit exits[XL_MAX_EXITS];
};

/* Room for a region: there is, not yet (some regions were evicted, ask again later), never. */
enum tc_room { TC_ROOM_READY, TC_ROOM_LATER, TC_ROOM_NEVER };

/* What has still to be compared with its guest code, or stopped whatever it is (protect.c). */
struct tc_scan {
    uint32_t is_on;
    bool stops_ring; /* of the whole ring all regions are stopped */
    uint32_t n_ring; /* regions of the ring that are left, the newest of these first */
    uint32_t n_queued;
    struct {
        uint32_t granule;
        bool stops_all, has_begun;
    } queue[TC_SCAN_QUEUE];
    uint16_t node, last; /* of the queue's first granule: from here to there */
};

struct tcache {
    uint32_t base_bundle; /* index of the first bundle in CODE memory */
    uint32_t n_bundles;
    uint32_t head;         /* next free bundle, relative to base_bundle */
    uint32_t oldest;       /* ring of regions: index of the oldest ... */
    uint32_t n_regions;    /* ... and how many, dead ones included */
    uint32_t pending_exit; /* exit number the dispatcher means to chain next */
    uint32_t rights;       /* regions with others are not found */
    uint32_t live_regions;
    uint32_t live_bundles;
    uint16_t *hash;            /* [TC_HASH_SIZE] */
    uint16_t *granules;        /* [TC_GRANULES]: a node + 1 or 0 */
    struct tc_region *regions; /* [TC_MAX_REGIONS]; needs no clearing */
    struct tc_scan scan;
    bool has_evicted;
};

/* Which way a branch goes nearly always: the firmware's own branches are predicted by their layout.
 */
#define LIKELY(cond) __builtin_expect(!!(cond), 1)
#define UNLIKELY(cond) __builtin_expect(!!(cond), 0)

struct cms;
/* Bytes are counted in CODE memory; the first bundle becomes the one that jtl gives on a miss. */
void tc_init(struct cms *cms, struct tc_region *regions, uint32_t first_byte, uint32_t bytes);
/* Is the hash bucket of this guest pc full, so that its oldest region goes if another comes? */
bool tc_is_crowded(const struct tcache *tc, uint32_t guest_pc);
struct tc_region *tc_find_native(struct tcache *tc, uint32_t native_addr);
/* Evicts the oldest regions until n bundles are free in one piece, or until budget_cycles have
 * passed. */
enum tc_room tc_make_room(struct cms *cms, uint32_t n_bundles, uint32_t budget_cycles);
/* Requires: tc_make_room(cms, res->n_bundles, ...) has just said TC_ROOM_READY. */
struct tc_region *tc_install(struct cms *cms, uint32_t guest_pc, const struct xl_result *res,
                             const uint32_t *code);
/* From now on regions with these rights are found and chained to, no others. */
void tc_set_rights(struct cms *cms, uint32_t rights);
void tc_chain(struct cms *cms, uint32_t exit_number, struct tc_region *to);
bool tc_learn(struct cms *cms, uint32_t exit_number);
void tc_jump_table_add(struct cms *cms, struct tc_region *r);
void tc_invalidate(struct cms *cms, struct tc_region *r);
void tc_flush(struct cms *cms);
/* A scan stops regions whose guest code has changed, or all of them, in slices of TC_SCAN_STEPS, so
 * that interrupts can be looked at between them. While tc->scan.is_on no region may be entered or
 * made. tc_scan_on does the next slice and says how many regions it has stopped. (protect.c) */
void tc_scan_granule(struct tcache *tc, uint32_t addr, bool stops_all);
void tc_scan_ring(struct tcache *tc, bool stops_all);
uint32_t tc_scan_on(struct cms *cms);
const char *tc_check(const struct tcache *tc); /* NULL, or which invariant is broken */

uint32_t tc_region_index(const struct tcache *tc, const struct tc_region *r);
struct tc_exit *tc_exit_of(struct tcache *tc, uint32_t exit_number);
static inline uint32_t tc_exit_number(uint32_t region_index, uint32_t k) {
    return XL_EXIT_FIRST_DIRECT + region_index * XL_MAX_EXITS + k;
}

static inline uint32_t tc_hash_of(uint32_t guest_pc) {
    return pc_hash(guest_pc, TC_HASH_BITS);
}

static inline struct tc_region *tc_find(const struct tcache *tc, uint32_t guest_pc) {
    for (uint32_t i = tc->hash[tc_hash_of(guest_pc)]; i != TC_NO_REGION;) {
        struct tc_region *r = &tc->regions[i];
        if (r->guest_pc == guest_pc && LIKELY(r->rights == tc->rights))
            return r;
        i = r->next_in_hash;
    }
    return 0;
}

#endif
