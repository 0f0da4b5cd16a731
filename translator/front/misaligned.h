/* SPDX-License-Identifier: MIT
 * Which guest instructions have made a misaligned access. The interpreter, which does it byte by
 * byte, notes them; a translation does what these instructions do byte by byte as well, aligned or
 * not, and never traps for it. A cache: what it forgets costs time, never correctness.
 *
 *   misaligned_add(&m, pc);
 *   if (near_has(&m.near, region_pc)) ... misaligned_has(&m, pc) ...
 *
 * Direct mapped by the low bits of the pc, so that instructions of one region never drive each
 * other out: a translation made right after its accesses were interpreted knows them all.
 */
#ifndef SELKIRK_FRONT_MISALIGNED_H
#define SELKIRK_FRONT_MISALIGNED_H

#include <stdbool.h>
#include <stdint.h>
#include "translator/front/near.h"

enum { MISALIGNED_SITES = 1024 }; /* power of two, more than two bytes each of a region's reach */

struct misaligned {
    uint32_t n_added;
    struct near near;
    uint32_t pcs[MISALIGNED_SITES]; /* guest pc + 1; 0: free */
};

static inline void misaligned_clear(struct misaligned *m) {
    *m = (struct misaligned){0};
}

static inline bool misaligned_has(const struct misaligned *m, uint32_t pc) {
    return m->pcs[pc >> 1 & (MISALIGNED_SITES - 1)] == pc + 1;
}

static inline void misaligned_add(struct misaligned *m, uint32_t pc) {
    if (misaligned_has(m, pc))
        return;
    m->pcs[pc >> 1 & (MISALIGNED_SITES - 1)] = pc + 1;
    near_add(&m->near, pc);
    m->n_added++;
}

#endif
