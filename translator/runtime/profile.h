/* SPDX-License-Identifier: MIT
 * What gear 0 learns about guest code: how often each block start was reached (to decide when to
 * translate, and which way a closing branch is likely to go), and which instructions must always be
 * interpreted (devices, things gear 1 has no translation for). Both tables are caches: what they
 * forget costs time, never correctness.
 *
 *   if (profile_count(&cms->profile, pc) >= threshold) ...
 *   site_add(cms, pc);  if (site_has(&cms->sites, pc)) ...
 */
#ifndef SELKIRK_RUNTIME_PROFILE_H
#define SELKIRK_RUNTIME_PROFILE_H

#include <stdbool.h>
#include <stdint.h>

enum { PROFILE_ENTRIES = 2048, SITE_ENTRIES = 512, SITE_LIMIT = 384 }; /* tables: powers of two */

struct profile_entry {
    uint32_t pc; /* 0: free */
    uint32_t count;
};

struct profile {
    struct profile_entry entries[PROFILE_ENTRIES];
    uint32_t dice; /* state of a linear congruential generator */
};

struct sites {
    uint32_t n;
    uint32_t lowest, highest;   /* pcs of the set lie between; lowest > highest: empty */
    uint32_t pcs[SITE_ENTRIES]; /* guest pc + 1; 0: free */
};

static inline uint32_t profile_slot(uint32_t pc) {
    return pc >> 2 ^ pc >> 13 ^ pc << 9;
}

struct cms;
uint32_t profile_count(struct profile *p, uint32_t pc);
/* The usual case in line: one more execution of a block that stays below the threshold. */
static inline bool profile_stays_cold(struct profile *p, uint32_t pc, uint32_t threshold) {
    struct profile_entry *e = &p->entries[profile_slot(pc) & (PROFILE_ENTRIES - 1)];
    if (e->pc != pc || e->count + 1 >= threshold)
        return false;
    e->count++;
    return true;
}

/* A function of its own in the firmware, too: the tour shows it. */
__attribute__((noipa)) bool site_search(const struct sites *s, uint32_t pc);
static inline bool site_has(const struct sites *s, uint32_t pc) {
    return s->pcs[profile_slot(pc) & (SITE_ENTRIES - 1)] != 0 && site_search(s, pc);
}
/* May there be a site in the `bytes` from pc on? A cheap no is the usual answer. */
static inline bool sites_near(const struct sites *s, uint32_t pc, uint32_t bytes) {
    return pc <= s->highest && pc + bytes > s->lowest;
}
void site_add(struct cms *cms, uint32_t pc);
void sites_clear(struct sites *s);

#endif
