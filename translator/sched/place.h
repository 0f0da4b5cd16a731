/* SPDX-License-Identifier: MIT
 * Inner parts of the scheduler, inlined into its hot loop: finding a cycle and a slot, taking it,
 * and the bookkeeping of values and temporaries. Invariants between two operations:
 *   busy[t] bit s   code[4t + s] is written        port[t] bit s   a result of slot s completes in
 * cycle t uses[v]         reads of v by instructions not placed yet; at 0 v's temporary is free
 * again last_read[r]    no write to register r may issue before this cycle Nothing is placed beyond
 * cycle XL_MAX_BUNDLES - XL_LOOK_AHEAD: `take` notes an error instead, and the arrays reach far
 * enough for the few reads ahead of it. */
#ifndef SELKIRK_TRANSLATOR_SCHED_PLACE_H
#define SELKIRK_TRANSLATOR_SCHED_PLACE_H

#include "machine_encode.h"
#include "translator/xlate_impl.h"

#define SCHED_INLINE static inline __attribute__((always_inline))

enum { SCHED_LAST_CYCLE = XL_MAX_BUNDLES - XL_LOOK_AHEAD };

SCHED_INLINE uint32_t later(uint32_t a, uint32_t b) {
    return a > b ? a : b;
}

/* Slot that is best to give away of a set: loads and stores want 0 and 1, so these come last. */
extern const uint8_t sched_pick[16];

/* Chaos: maybe a later cycle, some slot of the set. */
uint32_t sched_chaos(struct xl *xl, uint32_t bound);

/* Slots of `slots` that are free in cycle t for a result with this latency (0: no result). */
SCHED_INLINE uint32_t free_slots(const struct xl *xl, uint32_t t, uint32_t slots,
                                 uint32_t latency) {
    uint32_t taken = xl->busy[t];
    if (latency != 0)
        taken |= xl->port[t + latency];
    return slots & ~taken;
}

/* Slots that may read value v in cycle t, the first one in which anybody may. */
SCHED_INLINE uint32_t reader_slots(const struct xl *xl, uint32_t v, uint32_t t) {
    return xl->ready[v] == t ? 1u << (xl->loc[v] & 3) : SLOTS_ALL;
}

struct spot {
    uint32_t t, slots; /* slots: all that will do in cycle t, not empty */
};

/* First cycle from t on in which one of `slots` is free and a and b are ready. */
SCHED_INLINE struct spot find_spot(struct xl *xl, uint32_t t, uint32_t slots, uint32_t latency,
                                   uint32_t a, uint32_t b) {
    t = later(t, later(xl->ready[a], xl->ready[b]));
    if (xl->flags & XL_CHAOS)
        t += sched_chaos(xl, 4) == 0;
    uint32_t m = free_slots(xl, t, slots, latency);
    m &= reader_slots(xl, a, t) & reader_slots(xl, b, t);
    while (m == 0)
        m = free_slots(xl, ++t, slots, latency);
    return (struct spot){t, m};
}

SCHED_INLINE uint32_t pick_slot(struct xl *xl, uint32_t slots, uint32_t hint) {
    if (slots & hint)
        slots &= hint;
    if (xl->flags & XL_CHAOS) {
        uint32_t s = sched_chaos(xl, 4);
        while (!(slots >> s & 1))
            s = (s + 1) & 3;
        return s;
    }
    return sched_pick[slots];
}

/* Writes an operation's word; its result, if any, completes in cycle t + latency. */
SCHED_INLINE void take(struct xl *xl, uint32_t t, uint32_t slot, uint32_t latency, uint32_t word) {
    uint32_t bit = 1u << slot;
    uint32_t done = t;
    if (t > SCHED_LAST_CYCLE) {
        xl->error = "too many bundles";
        return;
    }
    xl->code[t * XL_SLOTS + slot] = word;
    xl->busy[t] |= (uint8_t)(bit | xl->pack_mask);
    xl->n_ops++;
    if (latency != 0) {
        xl->port[t + latency] |= (uint8_t)bit;
        done += latency - 1;
    }
    if (xl->end < done)
        xl->end = done;
}

SCHED_INLINE void free_temp(struct xl *xl, uint32_t r) {
    uint32_t bank = r & 3;
    uint32_t n = xl->free_count[bank]++;
    xl->free_temps[bank][(xl->free_first[bank] + n) % XL_BANK_TEMPS] = (uint8_t)r;
    xl->temp_slots |= 1u << bank;
}

/* Requires: the bank has one. The ring hands out the one that has been free for longest. */
SCHED_INLINE uint32_t new_temp(struct xl *xl, uint32_t bank) {
    uint32_t first = xl->free_first[bank];
    uint32_t r = xl->free_temps[bank][first];
    xl->free_first[bank] = (uint8_t)((first + 1) % XL_BANK_TEMPS);
    if (--xl->free_count[bank] == 0)
        xl->temp_slots &= ~(1u << bank);
    return r;
}

/* One of v's reads happens in cycle t. */
SCHED_INLINE void consume(struct xl *xl, uint32_t v, uint32_t t) {
    uint32_t r = xl->loc[v];
    if (xl->last_read[r] < t)
        xl->last_read[r] = (uint8_t)t;
    if (--xl->uses[v] == 0 && r >= xl->abi->temp_first)
        free_temp(xl, r);
}

/* Register r gets value v, issued in cycle t. */
SCHED_INLINE void define(struct xl *xl, uint32_t v, uint32_t r, uint32_t t, uint32_t latency) {
    xl->loc[v] = (uint8_t)r;
    xl->ready[v] = (uint8_t)(t + latency);
    xl->last_read[r] = (uint8_t)(t + latency);
}

/* A temporary for v, issued in `slot` not before t; returns the cycle. Requires: the bank has one.
 */
SCHED_INLINE uint32_t define_temp(struct xl *xl, uint32_t v, uint32_t t, uint32_t slot,
                                  uint32_t latency) {
    uint32_t r = new_temp(xl, slot);
    if (xl->last_read[r] > t) {
        t = xl->last_read[r];
        while (free_slots(xl, t, 1u << slot, latency) == 0)
            t++;
    }
    define(xl, v, r, t, latency);
    return t;
}

void sched_copy(struct xl *xl, uint32_t v, uint32_t dst);
void sched_fixup(struct xl *xl, enum xl_fixup_kind kind, uint32_t t, uint32_t slot, uint32_t label);

#endif
