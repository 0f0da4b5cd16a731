/* SPDX-License-Identifier: MIT
 * Inner parts of the scheduler, inlined into its hot loop: finding a cycle and a slot, taking it,
 * and the bookkeeping of values and temporaries. Between two operations:
 *
 *   taken[t] bit s               code[4t + s] is written
 *   taken[XL_CYCLES + t] bit s   a result of slot s completes in cycle t
 *   ir.uses[v]                   reads of v that are not placed yet; at 0 v's temporary is free
 * again last_read[r]                 no write to register r may issue before this cycle
 *
 * Nothing is placed beyond SCHED_LAST_CYCLE: `take` notes an error instead, and the arrays reach
 * far enough for the few reads ahead of it. */
#ifndef SELKIRK_SCHED_PLACE_H
#define SELKIRK_SCHED_PLACE_H

#include "machine.h"
#include "translator/xlate_impl.h"

#define SCHED_INLINE static inline __attribute__((always_inline))

enum { SCHED_LAST_CYCLE = XL_MAX_BUNDLES - XL_LOOK_AHEAD };

SCHED_INLINE uint32_t later(uint32_t a, uint32_t b) {
    return a > b ? a : b;
}

/* Fields of the formats that are written here, by the tables: LSB_<format>_<operand>_<lowest bit>.
 */
enum {
#define FORMAT(NAME, text)
#define FIELD(format, operand, lsb, width, operand_lsb)                                            \
    LSB_##format##_##operand##_##operand_lsb = (lsb),                                              \
    WIDTH_##format##_##operand##_##operand_lsb = (width),
#define OPERAND_KIND(format, operand, kind)
#define RESERVED(format, name, lsb, width, slots, text)
#include "rtl/machine/formats.def"
#undef RESERVED
#undef FORMAT
#undef FIELD
#undef OPERAND_KIND
};
_Static_assert(LSB_U_rd_0 == LSB_R_rd_0 && LSB_CR_rd_0 == LSB_R_rd_0 && LSB_D_rd_0 == LSB_R_rd_0,
               "one place for rd");
_Static_assert(LSB_I_rd_0 == LSB_R_rd_0 && LSB_I_rs1_0 == LSB_R_rs1_0, "one place for rd and rs1");
_Static_assert(LSB_I_imm_0 + WIDTH_I_imm_0 == 32, "the shift cuts the immediate");

_Static_assert(LSB_S_imm_RD_BITS + WIDTH_S_imm_RD_BITS == 32 && LSB_S_rs1_0 == LSB_R_rs1_0,
               "store");
_Static_assert(LSB_U_imm_0 + WIDTH_U_imm_0 == 32 && LSB_X_imm_0 == LSB_U_imm_0, "long immediates");
_Static_assert(LSB_CR_imm_0 == LSB_I_imm_0 && LSB_CW_imm_0 == LSB_I_imm_0, "control registers");

/* R and I format (and those that lack some of their fields): rd's bank is the slot, third is rs2 <<
 * LSB_R_rs2_0 or imm << LSB_I_imm_0. */
SCHED_INLINE uint32_t word_ri(uint32_t opcode, uint32_t rd, uint32_t rs1, uint32_t third) {
    return opcode | rd / 4 << LSB_R_rd_0 | rs1 << LSB_R_rs1_0 | third;
}

SCHED_INLINE uint32_t word_u(uint32_t opcode, uint32_t rd, uint32_t imm) {
    return opcode | rd / 4 << LSB_U_rd_0 | imm << LSB_U_imm_0;
}

SCHED_INLINE uint32_t word_s(uint32_t opcode, uint32_t rs1, uint32_t rs2, uint32_t imm) {
    return opcode | rs1 << LSB_S_rs1_0 | rs2 << LSB_S_rs2_0 |
           (imm & ((1u << WIDTH_S_imm_0) - 1)) << LSB_S_imm_0 | imm >> RD_BITS << LSB_S_imm_RD_BITS;
}

/* Slots of `slots` in which a result with this latency may be issued in cycle t. */
SCHED_INLINE uint32_t free_slots(const struct xl *xl, uint32_t t, uint32_t slots,
                                 uint32_t latency) {
    const uint8_t *at = &xl->taken[t];
    return slots & ~(uint32_t)(at[0] | at[XL_CYCLES + latency]);
}

/* Slots that may read, in cycle t, a value that is ready in that cycle or was before. */
SCHED_INLINE uint32_t reader_slots(uint32_t ready, uint32_t r, uint32_t t) {
    return ready == t ? 1u << (r & 3) : SLOTS_ALL;
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

/* Writes an operation's word. */
SCHED_INLINE void take_effect(struct xl *xl, uint32_t t, uint32_t slot, uint32_t word) {
    if (XL_UNLIKELY(t > SCHED_LAST_CYCLE)) {
        xl->error = "too many bundles";
        return;
    }
    xl->code[t * XL_SLOTS + slot] = word;
    xl->taken[t] |= (uint8_t)(1u << slot | xl->pack_mask);
    if (xl->end < t)
        xl->end = t;
}

/* The same for one with a result, which completes in cycle t + latency. */
SCHED_INLINE void take(struct xl *xl, uint32_t t, uint32_t slot, uint32_t latency, uint32_t word) {
    uint32_t bit = 1u << slot, last = t + xl->drain[latency];
    if (XL_UNLIKELY(t > SCHED_LAST_CYCLE)) {
        xl->error = "too many bundles";
        return;
    }
    xl->code[t * XL_SLOTS + slot] = word;
    uint8_t *at = &xl->taken[t];
    at[0] |= (uint8_t)(bit | xl->pack_mask);
    at[XL_CYCLES + latency] |= (uint8_t)bit;
    if (xl->end < last)
        xl->end = last;
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
    if (XL_UNLIKELY(--xl->free_count[bank] == 0))
        xl->temp_slots &= ~(1u << bank);
    return r;
}

/* One of the reads of v, in register r, happens in cycle t. */
SCHED_INLINE void consume(struct xl *xl, uint32_t v, uint32_t r, uint32_t t) {
    uint32_t left = (uint8_t)(xl->ir.uses[v] - 1u);
    xl->ir.uses[v] = (uint8_t)left;
    if (XL_LIKELY(xl->last_read[r] < t))
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

void sched_fixup(struct xl *xl, enum xl_fixup_kind kind, uint32_t t, uint32_t slot, uint32_t label);

#endif
