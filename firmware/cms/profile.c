/* SPDX-License-Identifier: MIT
 * The table of block starts and interpret-only instructions: a two-way hash, the colder entry goes.
 * See profile.h.
 */
#include "firmware/cms/profile.h"

/* The entry of pc: its own, or else the colder of its two places. */
static struct site_entry *find(struct profile *p, uint32_t pc) {
    uint32_t i = site_slot(pc);
    struct site_entry *a = &p->entries[i];
    struct site_entry *b = &p->entries[i ^ 1];
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
static void age(struct profile *p, struct site_entry *e) {
    p->dice = p->dice * 1664525u + 1013904223u;
    if (p->dice >> 30 == 0 && e->count != 0)
        e->count--;
}

/* The entry of pc, made if there is none. */
static inline struct site_entry *enter(struct profile *p, uint32_t pc) {
    struct site_entry *e = find(p, pc);
    if (e->pc != pc) {
        age(p, &p->entries[(uint32_t)(e - p->entries) ^ 1]);
        *e = (struct site_entry){.pc = pc};
    }
    return e;
}

/* Counts one more execution of the block at pc and returns how many there were. */
uint32_t profile_count(struct profile *p, uint32_t pc) {
    struct site_entry *e = enter(p, pc);
    if (e->count < PROFILE_COUNT_MAX)
        e->count++;
    return e->count;
}

void profile_note_loss(struct profile *p, uint32_t pc) {
    struct site_entry *e = find(p, pc);
    if (e->pc == pc) {
        e->count = 0;
        e->was_lost = 1;
    }
}

bool profile_was_lost(struct profile *p, uint32_t pc) {
    struct site_entry *e = find(p, pc);
    bool was_lost = e->pc == pc && e->was_lost != 0;
    if (was_lost)
        e->was_lost = 0;
    return was_lost;
}

bool site_add(struct profile *p, const struct guest_mem *mem, uint32_t pc) {
    if (pc - mem->base >= mem->bytes || site_has(p->entries, mem, pc))
        return false;
    struct site_entry *e = enter(p, pc);
    e->site = (uint16_t)site_print(mem, pc);
    e->count = PROFILE_COUNT_MAX;
    near_add(&p->sites_near, pc);
    return true;
}
