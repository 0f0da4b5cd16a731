/* SPDX-License-Identifier: MIT
 * Instructions that a translation must end before (sites), because they are for the interpreter:
 * those that touch devices, things gear 1 has no translation for. The table is the caller's, who
 * keeps more about a pc in the same entries (firmware/cms/profile.h); here it is only read.
 *
 *   if (site_has(entries, mem, pc)) ...
 */
#ifndef SELKIRK_FRONT_SITES_H
#define SELKIRK_FRONT_SITES_H

#include <stdbool.h>
#include <stdint.h>
#include "translator/support/pc_hash.h"
#include "translator/xlate.h"

enum { SITE_BITS = 15, SITE_ENTRIES = 1 << SITE_BITS };

struct site_entry {
    uint32_t pc;             /* 0: free */
    uint8_t count, was_lost; /* the caller's */
    uint16_t site;           /* what an interpret-only instruction looks like (site_print); or 0 */
};

/* Index of the first of a pc's two places; the other is beside it. */
static inline uint32_t site_slot(uint32_t pc) {
    return pc_hash(pc, SITE_BITS);
}

/* What the instruction at pc looks like; not 0. Once it has become another, the site is none. */
uint32_t site_print(const struct guest_mem *mem, uint32_t pc);
/* A function of its own in the firmware, too: the tour shows it. */
__attribute__((noipa)) bool site_search(const struct site_entry *pair, const struct guest_mem *mem,
                                        uint32_t pc);
static inline bool site_has(const struct site_entry *entries, const struct guest_mem *mem,
                            uint32_t pc) {
    const struct site_entry *pair = &entries[site_slot(pc) & ~1u];
    return (pair[0].site | pair[1].site) != 0 && site_search(pair, mem, pc);
}

#endif
