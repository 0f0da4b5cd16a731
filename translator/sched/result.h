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

/* The instruction's value. */
SCHED_INLINE uint32_t value_of(const struct xl *xl, const struct ir_ins *in) {
    return IR_FIRST + (uint32_t)(in - xl->ir.ins);
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

/* Puts a result there. Operands are done with before the result
 * begins, so that few things are needed at a time. */
static __attribute__((noinline)) uint32_t put_result(struct xl *xl, const struct ir_ins *in,
                                                     uint32_t packed, uint32_t where, third c) {
    const uint32_t t = where & 255;
    if (!is_in_reach(xl, t))
        return t;
    uint32_t a = in->a, ra = xl->loc[a];
    consume(xl, a, ra, t);
    uint32_t b = in->b, rb = xl->loc[b];
    if (b != 0)
        consume(xl, b, rb, t);
    const uint32_t r = where >> WHERE_REG & 255, latency = packed >> 16 & 255;
    native_op op = op_with(packed & 255, r, ra, third_and_reg(c, rb));
    take(xl, t, bank_of(r), latency, op);
    const uint32_t v = value_of(xl, in);
    define(xl, v, r, t, latency);
    if ((where & WHERE_TEMP) != 0)
        finish_temp(xl, v, r, in->dst);
    return t;
}

/* The home's own slot has the result in cycle t, later than its first operand would let it. If
 * others than the closing branch wait for it and another slot has it earlier: a temporary there, and
 * a copy to the home at the end. */
static __attribute__((noinline)) uint32_t try_temp(struct xl *xl, const struct ir_ins *in,
                                                   uint32_t packed, uint32_t from, uint32_t where,
                                                   third c) {
    const struct sched_op op = sched_unpack(packed);
    uint32_t slots = op.slots & xl->temp_slots;
    if (slots == 0 || is_for_close(xl, value_of(xl, in)))
        return put_result(xl, in, packed, where, c);
    struct spot s = find_spot2(xl, from, slots, op.latency, in->a, in->b);
    if (s.t < (where & 255))
        where = where_in_temp(xl, s.t, s.slots, op.latency);
    return put_result(xl, in, packed, where, c);
}

/* Cycles between the slots of two registers. */
SCHED_INLINE uint32_t crossing(uint32_t r, uint32_t other) {
    return bank_of(r ^ other) != 0 ? CROSS_EXTRA_CYCLES : 0;
}

/* Nobody needs it. */
static __attribute__((noinline)) uint32_t drop(struct xl *xl, const struct ir_ins *in) {
    consume(xl, in->a, xl->loc[in->a], 0);
    consume(xl, in->b, xl->loc[in->b], 0);
    xl->n_ops--;
    return 0;
}

/* One operation with a result, not before cycle `from`; operands that it lacks are 0, as in the IR,
 * and c is what it has besides registers. Returns its cycle. Home at once, unless reads of the
 * home's old value other than the instruction's own are pending, or its slot has no such unit. What
 * it calls, it calls last. */
static __attribute__((noinline)) uint32_t place_result(struct xl *xl, const struct ir_ins *in,
                                                       uint32_t packed, uint32_t from, third c) {
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
            return try_temp(xl, in, packed, from, where_at_home(t, home), c);
        return put_result(xl, in, packed, where_at_home(t, home), c);
    }
    if (dst == 0 && xl->ir.uses[value_of(xl, in)] == 0 && packed < SCHED_KIND(IRK_LOAD))
        return drop(xl, in);
    if (XL_UNLIKELY((op.slots & xl->temp_slots) == 0)) {
        xl->error = "no temporary";
        return from;
    }
    struct spot s = find_spot2(xl, from, op.slots & xl->temp_slots, op.latency, a, b);
    return put_result(xl, in, packed, where_in_temp(xl, s.t, s.slots, op.latency), c);
}

/* The instruction, just placed in cycle t, has an operand of the closing branch for its value, which
 * is in another slot and would have it a cycle later than the value's own: that slot computes it as
 * well, if it can in the same cycle. */
static __attribute__((noinline)) void place_twin(struct xl *xl, const struct ir_ins *in,
                                                 uint32_t packed, uint32_t t, third c) {
    const struct sched_op op = sched_unpack(packed);
    const uint32_t a = in->a, b = in->b;
    uint32_t m =
        BRANCH_SLOTS & op.slots & xl->temp_slots & free_slots(xl, t, BRANCH_SLOTS, op.latency) &
        reader_slots(xl->ready[a], xl->loc[a], t) & reader_slots(xl->ready[b], xl->loc[b], t);
    if (m == 0 || xl->error != NULL)
        return;
    uint32_t r = new_temp(xl, BRANCH_SLOT);
    if (xl->last_read[r] > t) {
        free_temp(xl, r);
        return;
    }
    take(xl, t, BRANCH_SLOT, op.latency,
         op_with(op.opcode, r, xl->loc[a], third_and_reg(c, xl->loc[b])));
    xl->last_read[r] = (uint8_t)(t + op.latency);
    xl->twin_value = value_of(xl, in);
    xl->twin_reg = r;
    xl->twin_ready = t + op.latency;
    xl->n_ops++;
}

/* One whose value may be an operand of the closing branch. */
static __attribute__((noinline)) uint32_t place_closing(struct xl *xl, const struct ir_ins *in,
                                                        uint32_t packed, uint32_t from, third c) {
    uint32_t t = place_result(xl, in, packed, from, c), v = value_of(xl, in);
    if ((v == xl->close_a || v == xl->close_b) && bank_of(xl->loc[v]) != BRANCH_SLOT)
        place_twin(xl, in, packed, t, c);
    return t;
}

#endif
