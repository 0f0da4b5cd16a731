/* SPDX-License-Identifier: MIT
 * Whether a region that begins at a pc could reach one of a set of instructions: one look at one
 * bit, before each translation. A cheap no is the usual answer, a yes says: ask for each of them.
 *
 *   near_add(&near, pc);              // pc is in the set
 *   if (near_has(&near, region_pc)) ...
 */
#ifndef SELKIRK_FRONT_NEAR_H
#define SELKIRK_FRONT_NEAR_H

#include <stdbool.h>
#include <stdint.h>
#include "translator/xlate.h"

/* What begins in a chunk reaches no further than into the next one. */
enum { NEAR_CHUNK_BYTES = 4 * XL_MAX_INSNS, NEAR_CHUNKS = 8192 /* power of two */ };

struct near {
    uint32_t chunks[NEAR_CHUNKS / 32]; /* bits, by the chunk that a region begins in */
};

static inline uint32_t near_word(uint32_t chunk) {
    return chunk / 32 & (NEAR_CHUNKS / 32 - 1);
}

static inline bool near_has(const struct near *n, uint32_t region_pc) {
    uint32_t chunk = region_pc / NEAR_CHUNK_BYTES;
    return (n->chunks[near_word(chunk)] >> chunk % 32 & 1u) != 0;
}

static inline void near_add(struct near *n, uint32_t pc) {
    uint32_t last = pc / NEAR_CHUNK_BYTES, first = (pc - (NEAR_CHUNK_BYTES - 1)) / NEAR_CHUNK_BYTES;
    n->chunks[near_word(first)] |= 1u << first % 32;
    n->chunks[near_word(last)] |= 1u << last % 32;
}

#endif
