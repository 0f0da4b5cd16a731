/* SPDX-License-Identifier: MIT
 * Translation cache: a ring of bundles in CODE memory after the firmware's own image, and the
 * records of the regions in it. The oldest regions make room for new ones.
 *
 *   tc_init(tc, &config, &tables);
 *   struct tc_region *r = tc_find(tc, guest_pc);              // NULL: none
 *   if (tc_make_room(tc, &result, budget, &needs) == TC_ROOM_READY)
 *       r = tc_install(tc, &result, &needs, code_words);
 *   tc_chain(tc, exit_number, r);
 *   tc_jump_table_add(tc, r);
 *   pc = tc_commit_point(tc, r, native_address_of_the_last_commit);
 *   tc_invalidate(tc, r);  tc_flush(tc);
 *
 * A region (struct xl_result says what each part means) has, beside its bundles, a block of cells:
 *   exits   any number; the cell's number is that of the native exit
 *   spans   its guest ranges, cut where granules end
 *   notes   its commit points, then the places where guest pcs are baked into its code
 *   words   a copy of the guest code that the spans touch
 * Blocks lie in the order of the regions, so what the oldest region gives back is the oldest block.
 *
 * A region is live (in every look-up), then stopped (in none; its first bundle is `exit
 * XL_EXIT_STALE`, and exits may still be chained to it), then dead (its memory is free).
 *
 * Invariants (tc_check states them as code, tests call it): every chained exit points to a region
 * that is not dead and is on that region's incoming list, and nothing else is; exactly the live
 * regions are in the hash and in the lists of their granules, and only they in the jump-target
 * table; regions do not overlap and lie in ring order, and so do their blocks. The granules of live
 * regions' guest code are write-protected (protect.c), except of those that check themselves. All
 * operations run with the guest stopped, so every one of them is safe at any moment; a region that
 * is stopped under the exit being handled clears tc->pending_exit.
 *
 * Every operation but tc_flush takes a bounded time, whatever the guest does: a hash chain has
 * TC_HASH_CHAIN regions at most, lists of granules and of incoming exits are doubly linked, and
 * what has to walk along them goes in slices (tc_scan_on, tc_make_room). A region that has to go is
 * only stopped, which is cheap; it dies when it is entered or its memory is needed, TC_BURY_EXITS
 * exits at a time.
 */
#ifndef SELKIRK_TCACHE_TCACHE_H
#define SELKIRK_TCACHE_TCACHE_H

#include "firmware/log.h"
#include "machine.h"
#include "translator/support/pc_hash.h"
#include "translator/xlate.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    TC_MAX_REGIONS = 4096, /* power of two */
    TC_CELLS = 32768,
    TC_CELL_BYTES = 32,
    TC_HASH_BITS = 12,
    TC_HASH_SIZE = 1 << TC_HASH_BITS,
    TC_HASH_CHAIN = 16,           /* regions in one of its chains: bounds a look-up */
    TC_BURY_EXITS = 32,           /* exits unchained from a dying region at a time */
    TC_ROOM_BUDGET_CYCLES = 2000, /* evicting for one region, while interrupts may come */
    TC_SCAN_STEPS = 256,          /* work of one slice of a scan: a word compared is one step */
    TC_SCAN_REGION_STEPS = 4,     /* ... and coming to a region is so many, */
    TC_SCAN_STOP_STEPS = 16,      /* stopping it so many, */
    TC_SCAN_DEAD_STEPS = 3,       /* passing one that is none any more so many */
    TC_SCAN_QUEUE = 8,            /* granules that wait for a scan */
    TC_GRANULES = CONFIG_WIDE_GRANULES,
    TC_BUNDLE_BYTES = BUNDLE_BYTES,
    TC_MIN_BYTES = 2 * TC_BUNDLE_BYTES, /* the common indirect exit and one bundle of a region */
    /* passages of a branch that are enough to know its likely way: all alike, or not */
    TC_LEARN_SAME = 3,
    TC_LEARN_MIXED = 8,
    TC_REGION_BITS = 13,
    TC_NO_REGION = (1 << TC_REGION_BITS) - 1,
    TC_NO_SPAN = 0,
    TC_NO_EXIT = 0, /* number 0 is the indirect exit, never chained */
};
_Static_assert(TC_MAX_REGIONS <= TC_NO_REGION, "region numbers");
_Static_assert((int)TC_CELLS <= (int)XL_EXIT_STALE, "exit numbers");
_Static_assert(TC_CELLS *TC_CELL_BYTES / 16 <= 1 << 16, "span numbers");

/* Fields are packed: installing is a handful of word stores. */
struct tc_exit {
    struct xl_exit made;
    uint32_t branch_word; /* the branch slot of the branch bundle as the translator made it */
    union {
        uint32_t state;
        struct {
            uint32_t region : TC_REGION_BITS;
            uint32_t chained_to : TC_REGION_BITS; /* region index or TC_NO_REGION */
            uint32_t passages : 4;                /* seen by tc_learn */
            uint32_t has_learnt : 1;              /* which way is the likely one */
            uint32_t is_in_branch : 1;            /* chained by the branch word, else by the stub */
        };
    };
    uint16_t next_incoming; /* exit numbers: doubly linked list of exits chained to one region */
    uint16_t prev_incoming;
};

/* A piece of a region's guest code that lies in one granule. Of the pieces that a region has in a
 * granule one is in the granule's ring (protect.c). */
struct tc_span {
    uint32_t guest_pc;
    union {
        uint32_t links;
        struct {
            uint16_t next, prev; /* numbers of spans; TC_NO_SPAN: in no ring */
        };
    };
    uint32_t region;
    union {
        uint32_t extent;
        struct {
            uint16_t bytes;
            uint16_t copy; /* index of its first word in the region's copy of the guest code */
        };
    };
};

/* A commit point (guest_pc: where the guest is after it) or a baked pc (guest_pc: the constant). */
struct tc_note {
    uint32_t guest_pc;
    uint16_t bundle; /* within the region */
    uint16_t slot;
};

/* What is written when a region is installed is packed into words, as in struct tc_exit. */
struct tc_region {
    _Alignas(64) uint32_t guest_pc; /* size a power of two: indices become addresses by a shift */
    uint32_t rights;                /* struct xl_request's; with guest_pc the key of a look-up */
    uint32_t native;                /* address of the first bundle */
    uint32_t first_words[4];        /* first bundle, of any number of slots */
    union {
        uint32_t place;
        struct {
            uint16_t block; /* its first cell */
            uint16_t n_bundles;
        };
    };
    union {
        uint32_t parts;
        struct {
            uint16_t n_exits, n_spans;
        };
    };
    union {
        uint32_t notes;
        struct {
            uint16_t n_commits, n_baked;
        };
    };
    union {
        uint32_t lists;
        struct {
            uint16_t next_in_hash;
            uint16_t first_incoming; /* exit number */
        };
    };
    union {
        uint32_t state;
        struct {
            bool is_live; /* or stopped: not dead */
            bool is_stopped;
            bool is_in_jump_table;
            uint8_t rechecks : 1; /* looks at its guest code itself; needs no protected granule */
            uint8_t mode : 2;     /* struct xl_request's */
        };
    };
};
enum { TC_STATE_LIVE = 1, TC_STATE_RECHECKS_AT = 24, TC_STATE_MODE_AT = 25 };
enum { TC_HALF_BITS = 16, TC_MAX_BUNDLES = (1 << TC_HALF_BITS) - 1 /* of a region */ };

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
    uint16_t span, last; /* of the queue's first granule: from here to there */
};

/* Unit in which blocks are allocated. */
union tc_cell {
    _Alignas(TC_CELL_BYTES) struct tc_exit exit;
    struct tc_span spans[2];
};
_Static_assert(sizeof(union tc_cell) == TC_CELL_BYTES, "a cell's size");

/* What a region takes, where there is room for it. */
struct tc_needs {
    uint32_t spans, cells;
    uint32_t bucket, next; /* of the hash; the first region in it */
};

/* What the tcache works with and somebody else owns. */
struct cms_stats;
struct tc_config {
    volatile uint32_t *code; /* CODE memory, write only */
    const struct guest_mem *mem;
    struct cms_stats *stats;
    bool keeps_guesses; /* never turns a branch */
    /* told of each region that gives way to others */
    void (*on_loss)(void *ctx, uint32_t guest_pc);
    void *ctx;
};

struct tcache {
    struct tc_config config;
    const uint8_t *ram; /* config.mem's */
    uint32_t ram_base;
    uint32_t first_native; /* address of the first bundle */
    uint32_t n_bundles;
    uint32_t head;                 /* address of the next region's first bundle, if it fits there */
    uint32_t free_end;             /* so far it is free, at least */
    uint32_t next_cell;            /* the next block's, if it fits there; none but 0 is lost */
    uint32_t cells_end;            /* so far they are free, at least */
    uint32_t oldest;               /* ring of regions: index of the oldest ... */
    uint32_t n_regions;            /* ... and how many, dead ones included */
    uint32_t pending_exit;         /* exit number the dispatcher means to chain next */
    uint32_t rights;               /* regions with others are not found */
    uint32_t n_dead, dead_bundles; /* regions of the ring, and theirs */
    uint32_t skipped;              /* bundles behind the last region before the ring's wrap */
    uint16_t *hash;                /* [TC_HASH_SIZE] */
    uint16_t *granules;            /* [TC_GRANULES]: number of a span or TC_NO_SPAN */
    struct tc_region *regions;
    union tc_cell *cells;
    struct tc_scan scan;
    bool has_evicted;
};

/* The granules must be 0 at first; the others may hold anything. */
struct tc_tables {
    uint16_t hash[TC_HASH_SIZE];
    uint16_t granules[TC_GRANULES];
    struct tc_region regions[TC_MAX_REGIONS];
    union tc_cell cells[TC_CELLS]; /* cell 0 is nobody's */
};

/* Bytes are counted in CODE memory; the first bundle becomes the one that jtl gives on a miss. */
void tc_init(struct tcache *tc, const struct tc_config *config, struct tc_tables *tables,
             uint32_t first_byte, uint32_t bytes);
/* Is the hash bucket of this guest pc full, so that its oldest region goes if another comes? */
bool tc_is_crowded(const struct tcache *tc, uint32_t guest_pc);
struct tc_region *tc_find_native(struct tcache *tc, uint32_t native_addr);
/* Where the guest is in a region of r's, whose last commit was at this native address; an address
 * that is no commit point of r's says that r has not committed since it was entered. */
uint32_t tc_commit_point(const struct tcache *tc, const struct tc_region *r, uint32_t native_addr);
/* Evicts the oldest regions until there is room for one like res, its bundles in one piece, or
 * until budget_cycles have passed. */
enum tc_room tc_make_room(struct tcache *tc, const struct xl_result *res, uint32_t budget_cycles,
                          struct tc_needs *needs);
/* Requires: tc_make_room(tc, res, ...) has just said TC_ROOM_READY and what it needs. */
struct tc_region *tc_install(struct tcache *tc, const struct xl_result *res,
                             const struct tc_needs *needs, const uint32_t *code);
/* From now on regions with these rights are found and chained to, no others. */
void tc_set_rights(struct tcache *tc, uint32_t rights);
void tc_chain(struct tcache *tc, uint32_t exit_number, struct tc_region *to);
bool tc_learn(struct tcache *tc, uint32_t exit_number);
void tc_jump_table_add(struct tcache *tc, struct tc_region *r);
void tc_invalidate(struct tcache *tc, struct tc_region *r);
void tc_flush(struct tcache *tc);
/* A scan stops regions whose guest code has changed, or all of them, in slices of TC_SCAN_STEPS, so
 * that interrupts can be looked at between them. While tc->scan.is_on no region may be entered or
 * made. tc_scan_on does the next slice and says how many regions it has stopped. (protect.c) */
void tc_scan_granule(struct tcache *tc, uint32_t addr, bool stops_all);
void tc_scan_ring(struct tcache *tc, bool stops_all);
uint32_t tc_scan_on(struct tcache *tc);
const char *tc_check(const struct tcache *tc); /* NULL, or which invariant is broken */

uint32_t tc_region_index(const struct tcache *tc, const struct tc_region *r);
uint32_t tc_live_regions(const struct tcache *tc);
uint32_t tc_live_bundles(const struct tcache *tc);

/* Index in CODE memory of a region's first bundle. */
static inline uint32_t tc_bundle_of(const struct tc_region *r) {
    return (r->native - MEM_CODE_BASE) / TC_BUNDLE_BYTES;
}

static inline struct tc_exit *tc_exit_of(const struct tcache *tc, uint32_t exit_number) {
    return &tc->cells[exit_number].exit;
}

/* Number of r's exit k. */
static inline uint32_t tc_exit_number(const struct tc_region *r, uint32_t k) {
    return r->block + k;
}

static inline struct tc_span *tc_spans_of(const struct tcache *tc, const struct tc_region *r) {
    return tc->cells[r->block + r->n_exits].spans;
}

static inline struct tc_note *tc_notes_of(const struct tcache *tc, const struct tc_region *r) {
    return (struct tc_note *)(tc_spans_of(tc, r) + r->n_spans);
}

static inline uint32_t *tc_words_of(const struct tcache *tc, const struct tc_region *r) {
    return (uint32_t *)(tc_notes_of(tc, r) + r->n_commits + r->n_baked);
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
