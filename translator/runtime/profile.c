/* SPDX-License-Identifier: MIT
 * Execution counts of block starts (two-way hash, the colder entry goes) and the set of
 * interpret-only instructions (open addressing; emptied when it gets too full). See profile.h.
 */
#include "translator/cms.h"

/* The entry of pc: its own, or else the colder of its two places. */
static struct profile_entry *find(struct profile *p, uint32_t pc) {
    uint32_t i = profile_slot(pc) & (PROFILE_ENTRIES - 1);
    struct profile_entry *a = &p->entries[i];
    struct profile_entry *b = &p->entries[i ^ 1];
    if (a->pc == pc)
        return a;
    if (b->pc == pc)
        return b;
    return a->count <= b->count ? a : b;
}

/* Ages the entry beside the place of a newcomer: one execution less, once in four newcomers. So a
 * block that was hot once gives way in time to two that take turns and would drive each other out
 * of the place it leaves them for ever, and of three that take turns one still comes forward (the
 * count falls more slowly than it grows). At random: a loop may bring its newcomers in step. */
static void age(struct profile *p, struct profile_entry *e) {
    p->dice = p->dice * 1664525u + 1013904223u;
    if (p->dice >> 30 == 0 && e->count != 0)
        e->count--;
}

/* Counts one more execution of the block at pc and returns how many there were. */
uint32_t profile_count(struct profile *p, uint32_t pc) {
    struct profile_entry *e = find(p, pc);
    if (e->pc != pc) {
        age(p, &p->entries[(uint32_t)(e - p->entries) ^ 1]);
        *e = (struct profile_entry){.pc = pc};
    }
    return ++e->count;
}

void site_add(struct cms *cms, uint32_t pc) {
    struct sites *s = &cms->sites;
    if (site_has(s, pc))
        return;
    if (s->n >= SITE_LIMIT)
        sites_clear(s);
    uint32_t i = profile_slot(pc);
    while (s->pcs[i & (SITE_ENTRIES - 1)] != 0)
        i++;
    s->pcs[i & (SITE_ENTRIES - 1)] = pc + 1;
    s->n++;
    s->lowest = pc < s->lowest ? pc : s->lowest;
    s->highest = pc > s->highest ? pc : s->highest;
    stat_add(cms, STAT_SITES_ADDED, 1);
}

void sites_clear(struct sites *s) {
    for (uint32_t i = 0; i < SITE_ENTRIES; i++)
        s->pcs[i] = 0;
    s->n = 0;
    s->lowest = UINT32_MAX;
    s->highest = 0;
}
