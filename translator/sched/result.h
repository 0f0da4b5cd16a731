/* SPDX-License-Identifier: MIT
 * Operations with a result (obligations: schedule.h). The usual way, inlined into the scheduler's
 * loop: straight to the home of the register that they define, in its own slot. Everything else is
 * place_result's. */
#ifndef SELKIRK_SCHED_RESULT_H
#define SELKIRK_SCHED_RESULT_H

#include "translator/sched/place.h"

/* By the set of slots that will do: the best to give away (sets of the slots there are). */
static const uint8_t pick_plain[16] = {0, 0, 1, 1, 2, 2, 1, 1, 3, 0, 1, 1, 2, 2, 1, 1};

static void add_late(struct xl *xl, uint32_t v, uint32_t dst) {
    xl->late_dst[xl->n_late] = (uint8_t)dst;
    xl->late_value[xl->n_late++] = (uint8_t)v;
    xl->late_mask |= 1u << dst;
}

/* Value v is in temporary r, placed; register dst, if that is not 0, needs a copy of it at the
 * end. */
SCHED_INLINE void finish_temp(struct xl *xl, uint32_t v, uint32_t r, uint32_t dst) {
    if (dst != 0) {
        xl->ir.uses[v]++;
        add_late(xl, v, dst);
    } else if (xl->ir.uses[v] == 0) {
        free_temp(xl, r); /* a load for its effect */
    }
}

/* Where a result goes: cycle, register, and the register is a temporary. As one word, so that it
 * stays in a register of the firmware's. */
enum { WHERE_REG = 8, WHERE_TEMP = 1 << 16 };

SCHED_INLINE uint32_t where_at_home(uint32_t t, uint32_t home) {
    return t | home << WHERE_REG;
}

/* A temporary in one of the slots, which are free in cycle t. */
SCHED_INLINE uint32_t where_in_temp(struct xl *xl, uint32_t t, uint32_t slots, uint32_t latency) {
    uint32_t r = take_temp(xl, &t, xl->pick[slots], latency);
    return t | r << WHERE_REG | WHERE_TEMP;
}

/* Does nobody in the block but the closing branch wait for v? */
SCHED_INLINE bool is_for_close(const struct xl *xl, uint32_t v) {
    return xl->ir.uses[v] == (uint32_t)(v == xl->close_a) + (uint32_t)(v == xl->close_b);
}

/* The home's own slot has the result in cycle t, later than its first operand would let it. If
 * others than the closing branch wait for it and another slot has it earlier: a temporary there, and
 * a copy to the home at the end. */
static __attribute__((noinline)) uint32_t try_temp(struct xl *xl, const struct ir_ins *in,
                                                   uint32_t v, uint32_t packed, uint32_t from,
                                                   uint32_t where) {
    const struct sched_op op = sched_unpack(packed);
    uint32_t slots = op.slots & xl->temp_slots;
    if (slots == 0 || is_for_close(xl, v))
        return where;
    struct spot s = find_spot2(xl, from, slots, op.latency, in->a, in->b);
    return s.t < (where & 255) ? where_in_temp(xl, s.t, s.slots, op.latency) : where;
}

/* Cycles between the slots of two registers. */
SCHED_INLINE uint32_t crossing(uint32_t r, uint32_t other) {
    return bank_of(r ^ other) != 0 ? CROSS_EXTRA_CYCLES : 0;
}

/* Where the result of an operation goes that is not to be placed before cycle `from`. Home at once,
 * unless reads of the home's old value other than the instruction's own are pending, or its slot
 * has no such unit. 0: nowhere, and an error is noted. */
static __attribute__((noinline)) uint32_t choose_where(struct xl *xl, const struct ir_ins *in,
                                                       uint32_t v, uint32_t packed, uint32_t from) {
    const struct sched_op op = sched_unpack(packed);
    uint32_t a = in->a, b = in->b, dst = in->dst, home = xl->home_base + dst;
    uint32_t ready_a = xl->ready[a], ready_b = xl->ready[b];
    uint32_t pending = xl->ir.uses[dst] - (uint32_t)(a == dst) - (uint32_t)(b == dst);
    if (dst != 0 && pending == 0 && (op.slots >> bank_of(home) & 1) != 0) {
        uint32_t t =
            later(ready_a + crossing(xl->loc[a], home), ready_b + crossing(xl->loc[b], home));
        t = later(later(t, xl->last_read[home]), from);
        while (free_slots(xl, t, 1u << bank_of(home), op.latency) == 0)
            t++;
        if (t > from && t > ready_a)
            return try_temp(xl, in, v, packed, from, where_at_home(t, home));
        return where_at_home(t, home);
    }
    if (XL_UNLIKELY((op.slots & xl->temp_slots) == 0)) {
        xl->error = "no temporary";
        return 0;
    }
    struct spot s = find_spot2(xl, from, op.slots & xl->temp_slots, op.latency, a, b);
    return where_in_temp(xl, s.t, s.slots, op.latency);
}

/* Value v, just placed in cycle t by `slot`, is an operand of the closing branch, which is in
 * another slot and would have it a cycle later than v's own: that slot computes it as well, if it
 * can in the same cycle. */
static __attribute__((noinline)) uint32_t place_twin(struct xl *xl, const struct ir_ins *in,
                                                     uint32_t v, uint32_t packed, uint32_t t,
                                                     third c) {
    const struct sched_op op = sched_unpack(packed);
    uint32_t a = in->a, b = op.kind == IRK_RR ? in->b : 0;
    uint32_t m =
        BRANCH_SLOTS & op.slots & xl->temp_slots & free_slots(xl, t, BRANCH_SLOTS, op.latency) &
        reader_slots(xl->ready[a], xl->loc[a], t) & reader_slots(xl->ready[b], xl->loc[b], t);
    if (m == 0)
        return t;
    uint32_t r = new_temp(xl, BRANCH_SLOT);
    if (xl->last_read[r] > t) {
        free_temp(xl, r);
        return t;
    }
    take(xl, t, BRANCH_SLOT, op.latency, op_with(op.opcode, r, xl->loc[a], c));
    xl->last_read[r] = (uint8_t)(t + op.latency);
    xl->twin_value = v;
    xl->twin_reg = r;
    xl->twin_ready = t + op.latency;
    xl->n_ops++;
    return t;
}

/* Puts it there; c is what it has besides registers. */
static __attribute__((noinline)) uint32_t put_result(struct xl *xl, const struct ir_ins *in,
                                                     uint32_t v, uint32_t packed, uint32_t where,
                                                     third c) {
    const uint32_t t = where & 255, r = where >> WHERE_REG & 255, latency = packed >> 16 & 255;
    if (XL_UNLIKELY(t == 0) || !is_in_reach(xl, t))
        return t;
    uint32_t a = in->a, b = in->b, ra = xl->loc[a], rb = xl->loc[b];
    c = third_and_reg(c, rb);
    take(xl, t, bank_of(r), latency, op_with(packed & 255, r, ra, c));
    define(xl, v, r, t, latency);
    consume(xl, a, ra, t);
    if (b != 0)
        consume(xl, b, rb, t);
    if ((where & WHERE_TEMP) != 0)
        finish_temp(xl, v, r, in->dst);
    if (XL_UNLIKELY(v == xl->close_a || v == xl->close_b) && bank_of(r) != BRANCH_SLOT)
        return place_twin(xl, in, v, packed, t, c);
    return t;
}

/* One operation with a result; operands that it lacks are 0, as in the IR. Returns its cycle. */
SCHED_INLINE uint32_t place_result(struct xl *xl, const struct ir_ins *in, uint32_t v,
                                   uint32_t packed, uint32_t from, third c) {
    return put_result(xl, in, v, packed, choose_where(xl, in, v, packed, from), c);
}

#endif
