/* SPDX-License-Identifier: MIT
 * How long the memories take: I$ and D$, the chip behind them with its one port, and the firmware's
 * code, which may be packed, in the chip or in a store of its own in block RAM. What they hold is
 * not kept here (memory in the ISS is always up to date), only which lines are where, and when a
 * word comes. Figures: rtl/machine/memories.def, timing.def; why it is so:
 * docs/decisions/0006-caches.md.
 *
 * Times are in cycles of CYCLES. t is the execute cycle of the bundle that misses.
 *
 * I$: direct-mapped, by bundles. Whether a bundle is there is seen FETCH_STEPS steps before it
 * executes (a place that is being written in that cycle has nothing). One that is not there becomes
 * a jump to itself: JUMP_REG_CYCLES bubbles, and in t + MISS_CODE_CYCLES it is asked for, if it has
 * not come since and is not on its way; before the first bubble the machine stands still until the
 * cycle before it is there, and goes on while others come. What a mispredicted branch fetches asks
 * for nothing, since no such bundle executes. A miss of data comes first, as if t were that much
 * later.
 *   - From the store the bundles come in order to the end of the line, and of the lines behind it
 *     as long as the I$ does not have the first of them (store_ahead), one a cycle at most. Only
 *     words that are not zero take time. Another miss puts an end to it; what is there in the cycle
 *     after the request stays. What comes of a line that the store has begun is on its way.
 *   - From the second level, a bundle a cycle, round the line; another miss puts an end to it.
 *   - From the chip, round the line; another miss waits for the end. The second level keeps it.
 * A store to CODE drops its bundle from the I$ and its line from the second level by itself; no
 * operation of the firmware is needed. If the bundle is on its way it takes its place, but is not
 * there.
 *
 * D$: one or two ways, written back, allocated by loads and stores alike (the undo log wants the
 * old word). The load or store is done, and so is the next step of the machine, a bundle or a
 * bubble: a miss is seen as late as that. Then the machine stands still (freeze). If that step was
 * in t + 1, the line is asked for in t + MISS_DATA_CYCLES, and FILL_DATA_CYCLES after it has come
 * the machine goes on. Two misses of a bundle go one after the other, slot 0's first. A dirty line
 * that has to go is copied into a buffer while the new one comes, and goes to the chip
 * EVICT_CYCLES after that has come: whoever asks then waits for it.
 * With dcache_waits, as rtl/memory/data_side.sv is, the whole line must have come, and code that is
 * in the D$ goes to the chip before it is fetched from there. Without, the word: the words of a
 * line come in order from the one that missed on; each takes port 1 for a cycle, and a bundle that
 * wants the port then waits.
 *
 * A bundle that traps asks for nothing. Stalls freeze the machine, bubbles do not, as everywhere.
 */
#ifndef SELKIRK_SIM_ISS_ISS_MEM_H
#define SELKIRK_SIM_ISS_ISS_MEM_H

#include <stdbool.h>
#include <stdint.h>

#include "machine.h"
#include "machine_tables.h"

enum {
    MEM_LINE_BYTES = 64,
    MEM_LINE_BUNDLES = MEM_LINE_BYTES / BUNDLE_BYTES,
    MEM_LINE_WORDS = MEM_LINE_BYTES / 4,
    MEM_MOST_AHEAD = 15, /* memories.def: store_ahead */
};
#define MEM_NO_LINE UINT32_MAX
#define MEM_STALE 0x80000000u /* with a bundle's index: it is not what it was */
#define MEM_NEVER INT64_MAX

/* Bundles on their way into the I$, in the order in which they come. */
struct iss_stream {
    uint32_t n, next;
    bool may_break, is_store; /* another miss puts an end to it; from the store */
    uint32_t bundle[MEM_LINE_BUNDLES * (1 + MEM_MOST_AHEAD)];
    uint64_t there[MEM_LINE_BUNDLES * (1 + MEM_MOST_AHEAD)];
};

struct iss_way {
    uint32_t line; /* of the chip */
    bool is_dirty;
};

/* A line that a bundle cannot go on without, for one of its words. */
struct iss_want {
    uint32_t addr;
    uint32_t line; /* of the chip */
    bool is_miss;  /* else it is coming, perhaps */
    bool is_evicting;
};

/* For what a bundle has done the machine has to stand still. */
struct iss_freeze {
    int64_t due; /* after that step */
    uint32_t is_guest;
    unsigned n;
    struct iss_want want[SLOT_COUNT];
};

struct iss_mem {
    uint32_t icache_bundles, second_lines, dcache_sets, dcache_ways,
        image_lines; /* the firmware's */
    bool is_packed, has_store, dcache_waits;
    uint32_t chip_first, chip_word, chip_again, store_first, store_words, store_ahead;
    uint32_t code_at, guest_at, fwram_at, flash_at; /* lines of the chip */
    const uint8_t *code;

    uint64_t chip_free;   /* may be asked from this cycle on */
    uint64_t buffer_free; /* of the line that had to go last */
    uint32_t line;        /* of CODE: all there, and nothing to be looked at */
    uint32_t *icache;     /* by a bundle's low bits */
    struct iss_stream stream;
    uint32_t *second; /* the second level: line of CODE by its low bits */

    struct iss_way *dcache; /* dcache_ways of set 0, of set 1, ... */
    uint8_t *older;         /* of a set: the way to go next */
    uint32_t data_line;     /* of the chip: the line that is coming, or came last */
    uint32_t data_word;     /* its first word */
    uint64_t data_from;     /* the cycle before that comes */
    uint32_t
        asked_line;   /* of the chip: that of the last miss, whether it has been asked for or not */
    unsigned freezes; /* to come: of the last bundle and the one before */
    struct iss_freeze freeze[2];
    int64_t due; /* freeze[0].due or MEM_NEVER */

    uint64_t icache_misses[2], icache_cycles[2], ahead, second_hits; /* [guest] */
    uint64_t dcache_misses[2], dcache_cycles[2], write_backs, chip_cycles;
};

/* For a machine with these fields (enum memory_field) of `memory`, whose firmware has `image_bytes`
 * of code. *mem is NULL if nothing misses. False: not enough memory of the workstation. */
bool iss_mem_create(struct iss_mem **mem, enum memory memory, const uint32_t *fields,
                    uint32_t image_bytes, const uint8_t *code);
void iss_mem_destroy(struct iss_mem *mem);

/* What a slot of a bundle loads or stores. */
struct iss_access {
    uint32_t addr;
    bool is_there, is_store;
};

/* Whether the bundle at `index` is there, as it was seen in cycle `seen`. */
bool iss_mem_fetch(struct iss_mem *m, uint32_t index, uint64_t seen);
/* It was not and has become a jump to itself in cycle t: the stall on top. is_guest: 0 or 1, for
 * the counters. */
uint64_t iss_mem_code(struct iss_mem *m, uint32_t index, uint64_t t, uint32_t is_guest);
/* A word of CODE is stored. */
void iss_mem_drop(struct iss_mem *m, uint32_t addr);
/* Cycles that a bundle with accesses in cycle t has to wait for their ports. */
uint64_t iss_mem_port(struct iss_mem *m, bool wants_port1, uint64_t t, uint32_t is_guest);
/* Accesses of a bundle that does not trap, in step `step` (cycles without stalls). */
void iss_mem_data(struct iss_mem *m, const struct iss_access access[SLOT_COUNT], int64_t step,
                  uint32_t is_guest);
/* The machine is behind step m->due, of which the next cycle would be `now`: how long it stands
 * still. */
uint64_t iss_mem_freeze(struct iss_mem *m, uint64_t now);
/* In cycle `now` the D$ is asked to write a line of the chip there, if it has it and it is dirty:
 * the cycle in which it is on its way. */
uint64_t iss_mem_clean(struct iss_mem *m, uint32_t line, uint64_t now);

#endif
