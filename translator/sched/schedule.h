/* SPDX-License-Identifier: MIT
 * The scheduler: scheduling and register allocation in one pass over the block in program order.
 * Each operation goes to the earliest cycle in which its operands are ready, a slot that has the
 * unit is free and the slot's write port is free when the result completes; later operations may go
 * to earlier cycles that are still open. Obligations of whoever changes it:
 *  1. A register's last definition goes to its home, written by the home's own slot, every other
 *     result to a temporary of the slot's bank. If the unit is not in the home's slot, or another
 *     slot has the result earlier for those who wait: temporary, and a copy at the end.
 *  2. No write to a register issues before the last read of what it held (last_read). When reads of
 *     a home's old value are still to be placed, the new one waits in a temporary for the end, too.
 *  3. Loads never go before or beside an older store, except one with the same base and other
 * bytes; stores never before older loads and stores; ordered operations and memory operations keep
 * their order.
 *  4. On entry homes of guest code are readable by all slots in cycle 1; the firmware's by their
 * own slot in cycle 1, by others in cycle 2, unless xl->early says more.
 * Compiled twice (write.h): into words by fused.c, into the scheduled form by list.c. */
#ifndef SELKIRK_SCHED_SCHEDULE_H
#define SELKIRK_SCHED_SCHEDULE_H

#include "translator/sched/close.h"
#include "translator/sched/place.h"
#include "translator/sched/result.h"

/* dst's home becomes value v: one more operation. v's uses must count this read. */
SCHED_INLINE void copy_home(struct xl *xl, uint32_t v, uint32_t dst) {
    uint32_t home = xl->home_base + dst, slot = bank_of(home), r = xl->loc[v];
    uint32_t t = find_spot1(xl, later(1, xl->last_read[home]), 1u << slot, UNIT_ALU_LATENCY, v).t;
    take(xl, t, slot, UNIT_ALU_LATENCY, op_plain(VOP_ADDI_OPCODE, home, r));
    xl->n_ops++;
    consume(xl, v, r, t);
    xl->last_read[home] = (uint8_t)(t + UNIT_ALU_LATENCY);
}

/* An operation without result. Returns its cycle. */
SCHED_INLINE uint32_t place_effect(struct xl *xl, const struct ir_ins *in, uint32_t slot,
                                   uint32_t t, native_op op) {
    uint32_t a = in->a, b = in->b;
    t = find_effect(xl, t, slot, a, b);
    take_effect(xl, t, slot, op);
    consume(xl, a, xl->loc[a], t);
    consume(xl, b, xl->loc[b], t);
    return t;
}

/* Immediate of lui for a constant; signed, as its field. And what addi has to add then. */
SCHED_INLINE uint32_t upper(uint32_t c) {
    return (uint32_t)((int32_t)c >> XL_LOWER_BITS);
}

static void place_lui_addi(struct xl *xl, const struct ir_ins *in, uint32_t v, uint32_t home) {
    uint32_t slot = bank_of(home), bit = 1u << slot;
    uint32_t hi = find_spot1(xl, later(1, xl->last_read[home]), bit, UNIT_ALU_LATENCY, 0).t;
    take(xl, hi, slot, UNIT_ALU_LATENCY, op_long(VOP_LUI_OPCODE, home, upper(in->imm)));
    uint32_t lo = find_spot1(xl, hi + UNIT_ALU_LATENCY, bit, UNIT_ALU_LATENCY, 0).t;
    take(xl, lo, slot, UNIT_ALU_LATENCY,
         op_with(VOP_ADDI_OPCODE, home, home, third_imm(in->imm & XL_LOWER_MASK)));
    define(xl, v, home, lo, UNIT_ALU_LATENCY);
    xl->n_ops++;
    if (in->op == IR_ADDR) {
        sched_fixup(xl, XL_FIX_LUI, hi, slot, in->imm);
        sched_fixup(xl, XL_FIX_ADDI, lo, slot, in->imm);
    }
}

/* Slots of `slots` in which li32 may stand in cycle t: the next higher slot must be free for its
 * literal. */
static uint32_t literal_slots(const struct xl *xl, uint32_t t, uint32_t slots) {
    return free_slots(xl, t, slots, UNIT_ALU_LATENCY) & ~((uint32_t)xl->taken[t] >> 1);
}

/* r: the home, in one of the slots, or 0: a temporary. */
static void place_li32(struct xl *xl, const struct ir_ins *in, uint32_t v, uint32_t r,
                       uint32_t slots) {
    uint32_t home = r, t = r != 0 ? later(1, xl->last_read[r]) : 1, m, slot;
    while ((m = literal_slots(xl, t, slots)) == 0)
        t++;
    slot = xl->pick[m];
    if (r == 0) { /* the temporary may ask for a later cycle */
        r = new_temp(xl, slot);
        t = later(t, xl->last_read[r]);
        while (literal_slots(xl, t, 1u << slot) == 0)
            t++;
    }
    define(xl, v, r, t, UNIT_ALU_LATENCY);
    take(xl, t, slot, UNIT_ALU_LATENCY, op_plain(VOP_LI32_OPCODE, r, 0));
    take_literal(xl, t, slot, in->imm);
    if (in->op == IR_ADDR)
        sched_fixup(xl, XL_FIX_LI32, t, slot, in->imm);
    if (home == 0)
        finish_temp(xl, v, r, in->dst);
}

/* A constant that needs more than one word: li32 with its literal in the next slot, or lui and addi
 * in the home's own slot when that is where it goes and li32 cannot stand there. */
static void place_big(struct xl *xl, const struct ir_ins *in) {
    const uint32_t v = value_of(xl, in);
    uint32_t dst = in->dst, home = xl->home_base + dst, slots = 1u << bank_of(home);
    if (dst == 0 || xl->ir.uses[dst] != 0) {
        home = 0;
        slots = xl->temp_slots & LITERAL_SLOTS;
    } else if ((slots & LITERAL_SLOTS) == 0) {
        place_lui_addi(xl, in, v, home);
        return;
    }
    if (slots == 0)
        xl->error = "no temporary";
    else
        place_li32(xl, in, v, home, slots);
}

static void place_const(struct xl *xl, const struct ir_ins *in) {
    uint32_t imm = in->imm;
    uint32_t opcode = VOP_LI_OPCODE;
    if (in->op == IR_ADDR) {
        place_big(xl, in);
        return;
    }
    if (((imm - (uint32_t)FORMAT_U_IMM_MIN) >> FORMAT_U_IMM_BITS) != 0) {
        if (imm & XL_LOWER_MASK) {
            place_big(xl, in);
            return;
        }
        opcode = VOP_LUI_OPCODE;
        imm = upper(imm);
    }
    place_closing(xl, in, SCHED_WORD(opcode, SLOTS_ALL, UNIT_ALU_LATENCY, IRK_CONST), 1,
                  third_long(imm));
}

/* The home is written when everything that reads its old value is placed. */
static void place_copy(struct xl *xl, const struct ir_ins *in) {
    uint32_t own = in->a == in->dst;
    xl->n_ops--; /* copy_home counts it */
    if (xl->ir.uses[in->dst] != own)
        add_late(xl, in->a, in->dst);
    else
        copy_home(xl, in->a, in->dst);
}

/* wrh: the same word in all slots, whose write ports it takes. */
static uint32_t place_wrh(struct xl *xl, const struct ir_ins *in, uint32_t t) {
    uint32_t a = in->a, b = in->b, ra = xl->loc[a], rb = xl->loc[b];
    t = later(t, later(xl->ready[a], xl->ready[b]) + CROSS_EXTRA_CYCLES);
    while (free_slots(xl, t, SLOTS_ALL, UNIT_HOME_WRITE_LATENCY) != SLOTS_ALL)
        t++;
    for (uint32_t slot = 0; slot < XL_SLOTS; slot++)
        take(xl, t, slot, UNIT_HOME_WRITE_LATENCY, op_with(VOP_WRH_OPCODE, 0, ra, third_reg(rb)));
    consume(xl, a, ra, t);
    consume(xl, b, rb, t);
    xl->n_ops += XL_SLOTS - 1;
    xl->rdh_min = t + UNIT_HOME_WRITE_LATENCY + CROSS_EXTRA_CYCLES;
    return t;
}

/* Homes are no memory: rdh and wrh keep their order among themselves and to control operations. */
static void place_home(struct xl *xl, const struct ir_ins *in, uint32_t packed) {
    const struct sched_op op = sched_unpack(packed);
    uint32_t t;
    if (op.kind == IRK_RDH) {
        t = place_result(xl, in, packed, xl->rdh_min, third_reg(0));
        xl->wrh_min = later(xl->wrh_min, t);
    } else {
        t = place_wrh(xl, in, xl->wrh_min);
        xl->wrh_min = t + 1;
    }
    xl->ordered_min = later(xl->ordered_min, t);
}

static void place_ordered(struct xl *xl, const struct ir_ins *in, uint32_t packed) {
    const struct sched_op op = sched_unpack(packed);
    uint32_t t = xl->ordered_min;
    if (op.kind == IRK_CSRR) {
        t = place_result(xl, in, packed, later(t, xl->csrr_min), third_csr(in->imm));
    } else if (op.kind == IRK_COMMIT) {
        t = place_effect(xl, in, COMMIT_SLOT, t, op_long(op.opcode, 0, in->imm));
    } else if (op.kind == IRK_WAIT) { /* the timer must have settled, as for csrr */
        t = place_effect(xl, in, WAIT_SLOT, later(t, xl->csrr_min), op_long(op.opcode, 0, in->imm));
    } else { /* CSRW */
        t = place_effect(xl, in, CSR_SLOT, t,
                         op_with(op.opcode, 0, xl->loc[in->a], third_csr(in->imm)));
        xl->csrr_min = t + CSR_SETTLE_CYCLES;
        xl->end = later(xl->end, t + CSR_SETTLE_CYCLES - 1);
    }
    xl->load_min = xl->store_min = xl->ordered_min = t + 1;
    xl->store_base = XL_NO_BASE;
    xl->rdh_min = later(xl->rdh_min, t + 1);
    xl->wrh_min = later(xl->wrh_min, t + 1);
}

static void place_div(struct xl *xl, const struct ir_ins *in, uint32_t v, uint32_t packed) {
    const struct sched_op op = sched_unpack(packed);
    struct ir_ins *result = &xl->ir.ins[v - IR_FIRST], start_of = *in;
    native_op start_op = op_with(op.opcode, 0, xl->loc[in->a], third_reg(xl->loc[in->b]));
    uint32_t t = place_effect(xl, in, DIV_START_SLOT, xl->ordered_min, start_op);
    const uint32_t read =
        SCHED_WORD(VOP_DIVRES_OPCODE, UNIT_DIV_RESULT_SLOTS, UNIT_DIV_RESULT_LATENCY, IRK_DIV);
    result->a = result->b = 0;
    t = place_result(xl, result, read, t + 1, third_reg(0));
    *result = start_of;
    xl->ordered_min = t + 1;
    xl->n_ops++;
}

static __attribute__((noinline)) void place_rare(struct xl *xl, const struct ir_ins *in,
                                                 uint32_t packed) {
    const uint32_t v = value_of(xl, in);
    const struct sched_op op = sched_unpack(packed);
    if (in->dst == 0 && xl->ir.uses[v] == 0 && !(ir_flags[in->op] & IRF_EFFECT))
        drop(xl, in);
    else if (op.kind == IRK_DIV)
        place_div(xl, in, v, packed);
    else if (op.kind == IRK_COPY)
        place_copy(xl, in);
    else if (op.kind == IRK_CONST || op.kind == IRK_ADDR)
        place_const(xl, in);
    else if (op.kind == IRK_RDH || op.kind == IRK_WRH)
        place_home(xl, in, packed);
    else if (op.kind != IRK_NONE)
        place_ordered(xl, in, packed);
}

/* First cycle for a load. The latest stores that all have the base xl->store_base wrote only
 * between store_low and store_high from it: a load from the same base and elsewhere need not wait
 * for them. */
SCHED_INLINE uint32_t load_from(const struct xl *xl, const struct ir_ins *in) {
    int32_t offset = (int32_t)in->imm;
    if (in->a == xl->store_base && (offset >= xl->store_high || offset + 4 <= xl->store_low))
        return xl->load_free;
    return xl->load_min;
}

/* A store in cycle t; of every size it is taken to be four bytes from its address on. */
SCHED_INLINE void note_store(struct xl *xl, const struct ir_ins *in, uint32_t t) {
    int32_t offset = (int32_t)in->imm;
    if (in->a != xl->store_base) {
        xl->store_base = in->a;
        xl->load_free = xl->load_min;
        xl->store_low = offset;
        xl->store_high = offset + 4;
    } else if (offset < xl->store_low) {
        xl->store_low = offset;
    } else if (offset + 4 > xl->store_high) {
        xl->store_high = offset + 4;
    }
    xl->load_min = xl->store_min = t + 1;
}

SCHED_INLINE void place_store(struct xl *xl, const struct ir_ins *in, uint32_t packed) {
    native_op op = op_store(packed & 255, xl->loc[in->a], xl->loc[in->b], in->imm);
    uint32_t t = place_effect(xl, in, STORE_SLOT, xl->store_min, op);
    note_store(xl, in, t);
    xl->ordered_min = later(xl->ordered_min, t);
}

_Static_assert(IRK_RR < IRK_LOAD && IRK_RI < IRK_LOAD && IRK_STORE == IRK_LOAD + 1, "place");

SCHED_INLINE void place(struct xl *xl, const struct ir_ins *in, uint32_t packed) {
    const bool is_load = packed >= SCHED_KIND(IRK_LOAD);
    if (packed >= SCHED_KIND(IRK_STORE)) {
        if (packed < SCHED_KIND(IRK_STORE + 1))
            place_store(xl, in, packed);
        else
            place_rare(xl, in, packed);
        return;
    }
    uint32_t from = is_load ? load_from(xl, in) : 1;
    uint32_t t = XL_LIKELY(in < xl->first_closing)
                     ? place_result(xl, in, packed, from, third_imm(in->imm))
                     : place_closing(xl, in, packed, from, third_imm(in->imm));
    if (is_load) {
        xl->store_min = later(xl->store_min, t);
        xl->ordered_min = later(xl->ordered_min, t);
    }
}

/* Value v also in a temporary, as value copy, which gets v's present read. */
static void move_value(struct xl *xl, uint32_t v, uint32_t copy) {
    if (xl->temp_slots == 0) {
        xl->error = "no temporary";
        return;
    }
    struct spot s = find_spot1(xl, 1, xl->temp_slots, UNIT_ALU_LATENCY, v);
    uint32_t slot = xl->pick[s.slots], t = s.t, r = take_temp(xl, &t, slot, UNIT_ALU_LATENCY);
    define(xl, copy, r, t, UNIT_ALU_LATENCY);
    take(xl, t, slot, UNIT_ALU_LATENCY, op_plain(VOP_ADDI_OPCODE, r, xl->loc[v]));
    consume(xl, v, xl->loc[v], t);
    xl->ir.uses[copy] = 1;
    xl->n_ops++;
}

/* An entry value that late_homes is going to overwrite is first moved away, so that its copies may
 * go in any order. */
static uint8_t safe_operand(struct xl *xl, uint32_t v, uint32_t copy) {
    if (v >= IR_FIRST || (xl->late_mask >> v & 1) == 0 || xl->error != NULL)
        return (uint8_t)v;
    move_value(xl, v, copy);
    return (uint8_t)copy;
}

/* The copies to homes, which go last so that they take no slot from what others wait for. */
static void late_homes(struct xl *xl, struct ir_ins *last) {
    for (uint32_t i = 0; i < xl->n_late; i++)
        if (xl->late_value[i] < IR_FIRST)
            xl->late_value[i] = safe_operand(xl, xl->late_value[i], IR_LATE + i);
    last->a = safe_operand(xl, last->a, IR_LATE + 32);
    last->b = safe_operand(xl, last->b, IR_LATE + 33);
    for (uint32_t i = 0, n = xl->n_late; i < n; i++)
        copy_home(xl, xl->late_value[i], xl->late_dst[i]);
}

static void start(struct xl *xl) {
    const struct xl_abi *abi = xl->abi;
#pragma GCC unroll 16
    for (uint32_t i = 0; i < 16; i++)
        xl->last_read_words[i] = 0;
#pragma GCC unroll 8
    for (uint32_t i = 0; i < XL_SLOTS * XL_BANK_TEMPS / 4; i++)
        xl->free_temps_words[i] = abi->temps_words[i];
    xl->free_first_word = 0;
    xl->free_count_word = abi->n_temps_word;
    xl->temp_slots = SLOTS_ALL;
    xl->pick = pick_plain;
    xl->load_min = xl->store_min = xl->ordered_min = xl->csrr_min = xl->wrh_min = 1;
    xl->rdh_min = 1 + CROSS_EXTRA_CYCLES;
    xl->store_base = XL_NO_BASE;
    xl->n_late = xl->late_mask = 0;
    xl->n_ops = xl->ir.n; /* one each; who makes more or less says so */
}

/* XL_CHAOS: another preference of slots and another temporary of each bank before each operation.
 */
static void shake(struct xl *xl) {
    static const uint8_t picks[4][16] = {{0, 0, 1, 1, 2, 2, 1, 1, 3, 0, 1, 1, 2, 2, 1, 1},
                                         {0, 0, 1, 0, 2, 0, 1, 0, 3, 0, 1, 0, 2, 0, 1, 0},
                                         {0, 0, 1, 0, 2, 2, 2, 2, 3, 3, 1, 0, 2, 2, 2, 2},
                                         {0, 0, 1, 1, 2, 0, 2, 1, 3, 3, 3, 3, 3, 3, 3, 3}};
    uint32_t x = xl->random;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    xl->random = x;
    xl->pick = picks[x >> 8 & 3];
    uint32_t bank = x >> 10 & (XL_SLOTS - 1);
    if (xl->free_count[bank] > 1)
        free_temp(xl, new_temp(xl, bank));
}

/* The first instruction that computes one of its operands, or itself. */
static const struct ir_ins *first_closing(const struct xl *xl, const struct ir_ins *last) {
    uint32_t n = xl->ir.n - 1, a = last->a - IR_FIRST, b = last->b - IR_FIRST;
    n = a < n ? a : n; /* entry values are beyond all */
    return &xl->ir.ins[b < n ? b : n];
}

/* The state of the schedule is there already. */
static void begin_block(struct xl *xl) {
    const struct ir_ins *last = &xl->ir.ins[xl->ir.n - 1];
    xl->close_a = last->a;
    xl->close_b = last->b;
    xl->first_closing = first_closing(xl, last);
    xl->twin_value = XL_NO_BASE;
    xl->placed = 0;
}

/* Places the next n, or what is left but the closing instruction. Cost: linear; about one search
 * step an operation. */
static void place_some(struct xl *xl, uint32_t n) {
    uint32_t left = xl->ir.n - 1 - xl->placed, stop = xl->placed + (n < left ? n : left);
    while (xl->placed != stop && xl->error == NULL) {
        const struct ir_ins *in = &xl->ir.ins[xl->placed], *end = &xl->ir.ins[stop];
        if (XL_UNLIKELY((xl->flags & XL_CHAOS) != 0)) {
            shake(xl);
            end = in + 1;
        }
        for (; in < end; in++) {
            const uint32_t packed = sched_word[in->op];
            if (XL_UNLIKELY(xl->error != NULL))
                break;
            place(xl, in, packed);
        }
        xl->placed = (uint32_t)(in - xl->ir.ins);
    }
}

static bool end_block(struct xl *xl) {
    const struct ir_ins *last = &xl->ir.ins[xl->ir.n - 1];
    struct ir_ins changed;
    if (XL_UNLIKELY(xl->error != NULL))
        return false;
    if (xl->n_late != 0) {
        changed = *last;
        late_homes(xl, &changed);
        last = &changed;
    }
    if (XL_LIKELY(xl->error == NULL))
        sched_close(xl, last);
    return xl->error == NULL;
}

static inline bool sched_block(struct xl *xl) {
    begin_block(xl);
    place_some(xl, XL_ALL);
    return end_block(xl);
}

#endif
