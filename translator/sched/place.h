/* SPDX-License-Identifier: MIT
 * Inner parts of the scheduler, inlined into its hot loop: finding a cycle and a slot, taking it,
 * and the bookkeeping of values and temporaries. Between two operations:
 *
 *   taken[t] bit s               slot s of cycle t is written
 *   taken[XL_CYCLES + t] bit s   a result of slot s completes in cycle t
 *   ir.uses[v]                   reads of v not placed yet; at 0 v's temporary is free again
 *   last_read[r]                 no write to register r may issue before this cycle
 *
 * Nothing is placed beyond SCHED_LAST_CYCLE: `take` notes an error instead, and the arrays reach
 * far enough for the few reads ahead of it. */
#ifndef SELKIRK_SCHED_PLACE_H
#define SELKIRK_SCHED_PLACE_H

#include "translator/sched/slots.h"
#include "translator/sched/write.h"

enum { SCHED_LAST_CYCLE = XL_MAX_BUNDLES - XL_LOOK_AHEAD };

SCHED_INLINE uint32_t later(uint32_t a, uint32_t b) {
    return a > b ? a : b;
}

/* Slots of `slots` in which a result with this latency may be issued in cycle t. */
SCHED_INLINE uint32_t free_slots(const struct xl *xl, uint32_t t, uint32_t slots,
                                 uint32_t latency) {
    const uint8_t *at = &xl->taken[t];
    return slots & ~(uint32_t)(at[0] | at[XL_CYCLES + latency]);
}

/* Slots that may read, in cycle t, a value that is ready in that cycle or was before. */
SCHED_INLINE uint32_t reader_slots(uint32_t ready, uint32_t r, uint32_t t) {
    return ready == t ? 1u << bank_of(r) : SLOTS_ALL;
}

struct spot {
    uint32_t t, slots; /* slots: all that will do in cycle t, not empty */
};

/* First cycle from t on in which one of `slots` is free and a is ready. */
SCHED_INLINE struct spot find_spot1(const struct xl *xl, uint32_t t, uint32_t slots,
                                    uint32_t latency, uint32_t a) {
    uint32_t ready = xl->ready[a];
    t = later(t, ready);
    uint32_t m = free_slots(xl, t, slots, latency) & reader_slots(ready, xl->loc[a], t);
    while (XL_UNLIKELY(m == 0))
        m = free_slots(xl, ++t, slots, latency);
    return (struct spot){t, m};
}

/* The same for an operation that reads a and b. */
SCHED_INLINE struct spot find_spot2(const struct xl *xl, uint32_t t, uint32_t slots,
                                    uint32_t latency, uint32_t a, uint32_t b) {
    uint32_t ready_a = xl->ready[a], ready_b = xl->ready[b];
    t = later(t, later(ready_a, ready_b));
    uint32_t m = free_slots(xl, t, slots, latency) & reader_slots(ready_a, xl->loc[a], t) &
                 reader_slots(ready_b, xl->loc[b], t);
    while (XL_UNLIKELY(m == 0))
        m = free_slots(xl, ++t, slots, latency);
    return (struct spot){t, m};
}

/* For an operation without result, which is in one slot only. */
SCHED_INLINE uint32_t find_effect(const struct xl *xl, uint32_t t, uint32_t slot, uint32_t a,
                                  uint32_t b) {
    uint32_t ready_a = xl->ready[a], ready_b = xl->ready[b], bit = 1u << slot;
    t = later(t, later(ready_a, ready_b));
    if ((reader_slots(ready_a, xl->loc[a], t) & reader_slots(ready_b, xl->loc[b], t) & bit) == 0)
        t++;
    while (xl->taken[t] & bit)
        t++;
    return t;
}

/* Cycle t is one that operations may be placed in. */
SCHED_INLINE bool is_in_reach(struct xl *xl, uint32_t t) {
    if (XL_LIKELY(t <= SCHED_LAST_CYCLE))
        return true;
    xl->error = "too many bundles";
    return false;
}

/* The slot is taken. */
SCHED_INLINE void take_slot(struct xl *xl, uint32_t t, uint32_t slot) {
    xl->taken[t] |= (uint8_t)(1u << slot | xl->pack_mask);
    if (xl->end < t)
        xl->end = t;
}

/* Places an operation without result. */
SCHED_INLINE void take_effect(struct xl *xl, uint32_t t, uint32_t slot, native_op op) {
    if (!is_in_reach(xl, t))
        return;
    put_op(xl, t, slot, op);
    take_slot(xl, t, slot);
}

/* The literal of the li32 in `slot`, which takes the next one. */
SCHED_INLINE void take_literal(struct xl *xl, uint32_t t, uint32_t slot, uint32_t literal) {
    if (!is_in_reach(xl, t))
        return;
    put_literal(xl, t, slot, literal);
    take_slot(xl, t, slot + 1);
}

/* Places one with a result, which completes in cycle t + latency. Loads come before stores, which
 * the firmware's own loads do not pass. */
SCHED_INLINE void take(struct xl *xl, uint32_t t, uint32_t slot, uint32_t latency, native_op op) {
    if (!is_in_reach(xl, t))
        return;
    uint8_t *at = &xl->taken[t];
    uint32_t bit = 1u << slot, last = t + xl->drain[latency], end = xl->end;
    uint32_t taken = at[0] | bit | xl->pack_mask, port = at[XL_CYCLES + latency] | bit;
    put_op(xl, t, slot, op);
    at[0] = (uint8_t)taken;
    at[XL_CYCLES + latency] = (uint8_t)port;
    if (end < last)
        xl->end = last;
}

SCHED_INLINE void free_temp(struct xl *xl, uint32_t r) {
    uint32_t bank = bank_of(r);
    uint32_t n = xl->free_count[bank]++;
    xl->free_temps[bank][(xl->free_first[bank] + n) % XL_BANK_TEMPS] = (uint8_t)r;
    xl->temp_slots |= 1u << bank;
}

/* Requires: the bank has one. The ring hands out the one that has been free for longest. */
SCHED_INLINE uint32_t new_temp(struct xl *xl, uint32_t bank) {
    uint32_t first = xl->free_first[bank];
    uint32_t r = xl->free_temps[bank][first];
    xl->free_first[bank] = (uint8_t)((first + 1) % XL_BANK_TEMPS);
    if (XL_UNLIKELY(--xl->free_count[bank] == 0))
        xl->temp_slots &= ~(1u << bank);
    return r;
}

/* One of the reads of v, in register r, happens in cycle t. */
SCHED_INLINE void consume(struct xl *xl, uint32_t v, uint32_t r, uint32_t t) {
    uint32_t left = (uint8_t)(xl->ir.uses[v] - 1u), last = xl->last_read[r];
    xl->ir.uses[v] = (uint8_t)left;
    if (XL_LIKELY(last < t))
        xl->last_read[r] = (uint8_t)t;
    if (XL_UNLIKELY(left == 0 && r >= xl->temp_first))
        free_temp(xl, r);
}

/* Register r gets value v, issued in cycle t. */
SCHED_INLINE void define(struct xl *xl, uint32_t v, uint32_t r, uint32_t t, uint32_t latency) {
    xl->loc[v] = (uint8_t)r;
    xl->ready[v] = (uint8_t)(t + latency);
    xl->last_read[r] = (uint8_t)(t + latency);
}

/* A temporary for a result that is to be issued in `slot` in cycle *t; if the register is in use
 * until later, *t becomes later. Requires: the bank has one. */
SCHED_INLINE uint32_t take_temp(struct xl *xl, uint32_t *t, uint32_t slot, uint32_t latency) {
    uint32_t r = new_temp(xl, slot);
    if (XL_UNLIKELY(xl->last_read[r] > *t)) {
        *t = xl->last_read[r];
        while (free_slots(xl, *t, 1u << slot, latency) == 0)
            ++*t;
    }
    return r;
}

/* The operation in `slot` of cycle t wants a label. */
static inline void sched_fixup(struct xl *xl, enum xl_fixup_kind kind, uint32_t t, uint32_t slot,
                               uint32_t label) {
    if (xl->n_fixups == XL_MAX_FIXUPS) {
        xl->error = "too many fixups";
        return;
    }
    xl->fixups[xl->n_fixups++] =
        (struct xl_fixup){(uint8_t)kind, (uint8_t)slot, (uint16_t)(t - 1), label};
}

#endif
