/* SPDX-License-Identifier: MIT
 * What gear 0 learns about guest code: how often each block start was reached (to decide when to
 * translate; whether its translation has been lost), and which instructions must always be
 * interpreted (translator/front/sites.h). One table, a cache: what it forgets costs time, never
 * correctness. More code than it holds is interpreted as code that is new.
 *
 *   if (profile_count(&cms->profile, pc) >= threshold) ...
 *   site_add(&cms->profile, &cms->mem, pc);  if (site_has(cms->profile.entries, &cms->mem, pc)) ...
 */
#ifndef SELKIRK_CMS_PROFILE_H
#define SELKIRK_CMS_PROFILE_H

#include <stdbool.h>
#include <stdint.h>
#include "translator/front/near.h"
#include "translator/front/sites.h"

enum { PROFILE_COUNT_MAX = 255 };

struct profile {
    struct near sites_near; /* those that have been sites */
    uint32_t dice;          /* state of a linear congruential generator */
    struct site_entry entries[SITE_ENTRIES];
};

uint32_t profile_count(struct profile *p, uint32_t pc);
/* The usual case in line: one more execution of a block that stays below the threshold. */
static inline bool profile_stays_cold(struct profile *p, uint32_t pc, uint32_t threshold) {
    struct site_entry *e = &p->entries[site_slot(pc)];
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

/* The instruction at pc is for the interpreter only. */
bool site_add(struct profile *p, const struct guest_mem *mem, uint32_t pc); /* was it news? */

#endif
