/* SPDX-License-Identifier: MIT
 * How long the memories take: I$ and D$, the chip behind them with its one port, and the firmware's
 * code, which may be packed, in the chip or in a store of its own in block RAM. What they hold is
 * not kept here (memory in the ISS is always up to date), only which lines are where, and when a
 * word comes. Figures: rtl/machine/memories.def, timing.def; why it is so:
 * docs/decisions/0006-caches.md.
 *
 * Times are in cycles of CYCLES. t is the execute cycle of the bundle that misses.
 *
 * I$: direct-mapped. A bundle whose line is not there, or which has not come yet, becomes a jump to
 * itself: JUMP_REG_CYCLES bubbles, and in t + 1 the line is asked for. Words come in order from the
 * bundle that missed on and round the line; the machine stands still until that bundle is there and
 * goes on while the rest comes. One line at a time. What a mispredicted branch fetches asks for
 * nothing, since no such bundle executes. A line that the D$ holds (just written) is copied from
 * there, with both ports, while the machine waits. A store to CODE drops the line from the I$ by
 * itself; no operation of the firmware is needed.
 *
 * D$: one or two ways, written back, allocated by loads and stores alike (the undo log wants the
 * old word). The load or store is done, the miss is known in t + 2, and the machine stands still
 * until the word is there; MISS_DATA_CYCLES are for taking the result once more. Two misses of a
 * bundle go one after the other, slot 0's first. The words of a line come in order from the one
 * that missed; each takes port 1 for a cycle, and a bundle that wants the port then waits. A dirty
 * line that has to go is copied into a buffer while the chip is asked, and goes to the chip when
 * the new line has come: whoever asks then waits for it.
 *
 * Prefetch: when a line has come for a miss the next one is fetched into a buffer of one line, if
 * nobody else wants the port. A miss that finds its line there takes it over, a bundle a cycle.
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
};
#define MEM_NO_LINE UINT32_MAX

/* Lines on their way into the I$ or the prefetch buffer, and in when they are there. */
struct iss_fill {
    uint32_t line; /* of CODE */
    uint64_t there[MEM_LINE_BUNDLES];
    uint64_t end;
};

struct iss_way {
    uint32_t line; /* of the chip */
    bool is_dirty;
};

struct iss_mem {
    uint32_t icache_lines, dcache_sets, dcache_ways, image_lines; /* the firmware's */
    bool is_packed, has_store, prefetches;
    uint32_t chip_first, chip_word, chip_again, store_first;
    uint32_t code_at, guest_at, fwram_at, flash_at; /* lines of the chip */
    const uint8_t *code;

    uint64_t chip_free, store_free; /* may be asked from this cycle on */
    uint32_t line;                  /* of CODE: all there, and nothing to be looked at */
    uint32_t *icache;               /* line of CODE by its low bits */
    struct iss_fill fill, buffer;   /* for a miss; prefetched */
    uint32_t next;                  /* to be prefetched ... */
    uint64_t next_from;             /* ... from this cycle on */

    struct iss_way *dcache; /* dcache_ways of set 0, of set 1, ... */
    uint8_t *older;         /* of a set: the way to go next */
    uint32_t data_line;     /* of the chip: the line that is coming, or came last */
    uint32_t data_word;     /* its first word */
    uint64_t data_from;     /* the cycle before that comes */

    uint64_t icache_misses[2], icache_cycles[2], prefetches_done, prefetches_used; /* [guest] */
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

/* Whether the bundle at `index` is there in its execute cycle t. False: it has become a jump to
 * itself, and *stall cycles come on top. is_guest: 0 or 1, for the counters. */
bool iss_mem_fetch(struct iss_mem *m, uint32_t index, uint64_t t, uint32_t is_guest,
                   uint64_t *stall);
/* Cycles that a bundle which wants port 1 in cycle t has to wait for it. */
uint64_t iss_mem_port(struct iss_mem *m, uint64_t t, uint32_t is_guest);
/* Of a bundle that does not trap: the stall after it, for the accesses of its slots. */
uint32_t iss_mem_data(struct iss_mem *m, const struct iss_access access[SLOT_COUNT], uint64_t t,
                      uint32_t is_guest);

#endif
