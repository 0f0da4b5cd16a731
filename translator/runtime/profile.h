/* SPDX-License-Identifier: MIT
 * What gear 0 learns about guest code: how often each block start was reached (to decide when to
 * translate), and which instructions must always be interpreted (sites: those that touch devices,
 * things gear 1 has no translation for). One table, a cache: what it forgets costs time, never
 * correctness. More code than it holds is interpreted as code that is new.
 *
 *   if (profile_count(&cms->profile, pc) >= threshold) ...
 *   site_add(cms, pc);  if (site_has(&cms->profile, &cms->mem, pc)) ...
 */
#ifndef SELKIRK_RUNTIME_PROFILE_H
#define SELKIRK_RUNTIME_PROFILE_H

#include <stdbool.h>
#include <stdint.h>
#include "translator/guest/near.h"
#include "translator/runtime/pc_hash.h"

enum { PROFILE_BITS = 15, PROFILE_ENTRIES = 1 << PROFILE_BITS, PROFILE_COUNT_MAX = 255 };

struct profile_entry {
    uint32_t pc; /* 0: free */
    uint8_t count;
    uint8_t was_lost; /* its translation, to others; 0 or 1 */
    uint16_t site;    /* of an interpret-only instruction: what it looks like (site_print); or 0 */
};

struct profile {
    struct near sites_near; /* those that have been sites */
    uint32_t dice;          /* state of a linear congruential generator */
    struct profile_entry entries[PROFILE_ENTRIES];
};

/* Index of the first of a pc's two places; the other is beside it. */
static inline uint32_t profile_slot(uint32_t pc) {
    return pc_hash(pc, PROFILE_BITS);
}

struct cms;
struct guest_mem;
uint32_t profile_count(struct profile *p, uint32_t pc);
/* The usual case in line: one more execution of a block that stays below the threshold. */
static inline bool profile_stays_cold(struct profile *p, uint32_t pc, uint32_t threshold) {
    struct profile_entry *e = &p->entries[profile_slot(pc)];
    uint32_t count = e->count + 1u;
    if (e->pc != pc || count >= threshold)
        return false;
    e->count = (uint8_t)count;
    return true;
}

/* The block's translation has given way to others: it counts anew. */
void profile_note_loss(struct profile *p, uint32_t pc);
/* Is that so? It is forgotten then. */
bool profile_was_lost(struct profile *p, uint32_t pc);

/* What the instruction at pc looks like; not 0. Once it has become another, the site is none. */
uint32_t site_print(const struct guest_mem *mem, uint32_t pc);
/* A function of its own in the firmware, too: the tour shows it. */
__attribute__((noipa)) bool site_search(const struct profile_entry *pair,
                                        const struct guest_mem *mem, uint32_t pc);
static inline bool site_has(const struct profile *p, const struct guest_mem *mem, uint32_t pc) {
    const struct profile_entry *pair = &p->entries[profile_slot(pc) & ~1u];
    return (pair[0].site | pair[1].site) != 0 && site_search(pair, mem, pc);
}
void site_add(struct cms *cms, uint32_t pc);

#endif
