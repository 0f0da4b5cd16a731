/* SPDX-License-Identifier: MIT
 * Scheduling, register allocation and encoding in one pass over the block in program order. Each
 * operation goes to the earliest cycle in which its operands are ready, a slot that has the unit is
 * free and the slot's write port is free when the result completes; later operations may go to
 * earlier cycles that are still open. Obligations of whoever changes it:
 *  1. A register's last definition goes to its home, written by the home's own slot; every other
 *     result to a temporary of the slot's bank. If the unit is not in the home's slot: temporary
 * and copy.
 *  2. No write to a register issues before the last read of what it held (last_read). When reads of
 * a home's old value are still to be placed, the new value waits in a temporary for late_homes().
 *  3. Loads never go before or beside an older store, stores never before older loads and stores,
 *     ordered operations and memory operations keep their order.
 *  4. On entry homes are readable by their own slot in cycle 1, by others in cycle 2. */
#include "translator/sched/place.h"

const uint8_t sched_pick[16] = {0, 0, 1, 0, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3};

uint32_t sched_chaos(struct xl *xl, uint32_t bound) {
    uint32_t x = xl->random;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    xl->random = x;
    return (x >> 8) % bound;
}

/* dst's home becomes value v: one more operation. v's uses must count this read. */
void sched_copy(struct xl *xl, uint32_t v, uint32_t dst) {
    uint32_t home = xl->abi->homes[dst], slot = home & 3;
    struct spot s = find_spot(xl, xl->last_read[home], 1u << slot, UNIT_ALU_LATENCY, v, 0);
    take(xl, s.t, slot, UNIT_ALU_LATENCY, vop_encode_I(VOP_ADDI, home >> 2, xl->loc[v], 0));
    consume(xl, v, s.t);
    xl->last_read[home] = (uint8_t)(s.t + UNIT_ALU_LATENCY);
}

/* Value v also in a temporary, as value copy, which gets v's present read. */
static void move_value(struct xl *xl, uint32_t v, uint32_t copy) {
    if (xl->temp_slots == 0) {
        xl->error = "no temporary";
        return;
    }
    struct spot s = find_spot(xl, 1, xl->temp_slots, UNIT_ALU_LATENCY, v, 0);
    uint32_t slot = pick_slot(xl, s.slots, 0);
    uint32_t t = define_temp(xl, copy, s.t, slot, UNIT_ALU_LATENCY);
    take(xl, t, slot, UNIT_ALU_LATENCY, vop_encode_I(VOP_ADDI, xl->loc[copy] >> 2, xl->loc[v], 0));
    consume(xl, v, t);
    xl->uses[copy] = 1;
}

static void add_late(struct xl *xl, uint32_t v, uint32_t dst) {
    xl->late_dst[xl->n_late] = (uint8_t)dst;
    xl->late_value[xl->n_late++] = (uint8_t)v;
    xl->late_mask |= 1u << dst;
}

/* What becomes of a result: home at once (home != 0), or a temporary and maybe a copy afterwards.
 */
struct target {
    uint32_t home, slots;
    enum { COPY_NONE, COPY_NOW, COPY_LATE } copy;
};

/* reads: how many of the pending reads of the home's old value are the instruction's own. */
SCHED_INLINE struct target choose_target(const struct xl *xl, uint32_t dst, uint32_t reads,
                                         uint32_t slots) {
    struct target g = {0, slots, COPY_NONE};
    if (dst != 0) {
        uint32_t home = xl->abi->homes[dst], bit = 1u << (home & 3);
        if (xl->uses[dst] != reads)
            g.copy = COPY_LATE;
        else if ((slots & bit) == 0)
            g.copy = COPY_NOW;
        else
            return (struct target){home, bit, COPY_NONE};
    }
    g.slots &= xl->temp_slots;
    return g;
}

SCHED_INLINE void finish_target(struct xl *xl, struct target g, uint32_t v, uint32_t dst) {
    if (g.copy == COPY_NOW) {
        xl->uses[v]++;
        sched_copy(xl, v, dst);
    } else if (g.copy == COPY_LATE) {
        xl->uses[v]++;
        add_late(xl, v, dst);
    } else if (g.home == 0 && xl->uses[v] == 0) {
        free_temp(xl, xl->loc[v]); /* a load for its effect */
    }
}

SCHED_INLINE uint32_t result_word(const struct ir_ins *in, struct sched_op op, uint32_t rd,
                                  uint32_t ra, uint32_t rb) {
    switch (op.kind) {
    case IRK_RR:
        return vop_encode_R((enum vop)op.native, rd, ra, rb);
    case IRK_CONST:
        return vop_encode_U((enum vop)op.native, rd, (int32_t)in->imm);
    case IRK_CSRR:
        return vop_encode_CR((enum vop)op.native, rd, in->imm);
    case IRK_DIV:
        return vop_encode_P(VOP_DIVRES, rd);
    case IRK_RDH:
        return vop_encode_D((enum vop)op.native, rd, ra);
    default:
        return vop_encode_I((enum vop)op.native, rd, ra, (int32_t)in->imm);
    }
}

/* One operation with a result. Ensures: returns its cycle. */
SCHED_INLINE uint32_t place_result(struct xl *xl, const struct ir_ins *in, uint32_t v,
                                   struct sched_op op, uint32_t t) {
    uint32_t a = in->a, b = in->b, dst = in->dst, latency = op.latency, slot, r;
    uint32_t ra = xl->loc[a], rb = xl->loc[b];
    struct target g = choose_target(xl, dst, (uint32_t)(a == dst) + (uint32_t)(b == dst), op.slots);
    if (g.slots == 0) {
        xl->error = "no temporary";
        return t;
    }
    if (g.home != 0)
        t = later(t, xl->last_read[g.home]);
    struct spot s = find_spot(xl, t, g.slots, latency, a, b);
    t = s.t;
    if (g.home != 0) {
        slot = g.home & 3;
        define(xl, v, g.home, t, latency);
    } else {
        slot = pick_slot(xl, s.slots, xl->hint[v]);
        t = define_temp(xl, v, t, slot, latency);
    }
    r = xl->loc[v] >> 2;
    take(xl, t, slot, latency, result_word(in, op, r, ra, rb));
    consume(xl, a, t);
    consume(xl, b, t);
    finish_target(xl, g, v, dst);
    return t;
}

/* An operation without result, in one slot. Returns its cycle. */
SCHED_INLINE uint32_t place_effect(struct xl *xl, const struct ir_ins *in, struct sched_op op,
                                   uint32_t t) {
    struct spot s = find_spot(xl, t, op.slots, 0, in->a, in->b);
    uint32_t ra = xl->loc[in->a], rb = xl->loc[in->b], word;
    if (op.kind == IRK_STORE)
        word = vop_encode_S((enum vop)op.native, ra, rb, (int32_t)in->imm);
    else if (op.kind == IRK_DIV)
        word = vop_encode_T((enum vop)op.native, ra, rb);
    else if (op.kind == IRK_CSRW)
        word = vop_encode_CW((enum vop)op.native, ra, in->imm);
    else
        word = vop_encode_X((enum vop)op.native, in->imm);
    take(xl, s.t, sched_pick[op.slots], 0, word);
    consume(xl, in->a, s.t);
    consume(xl, in->b, s.t);
    return s.t;
}

void sched_fixup(struct xl *xl, enum xl_fixup_kind kind, uint32_t t, uint32_t slot,
                 uint32_t label) {
    if (xl->n_fixups == XL_MAX_FIXUPS) {
        xl->error = "too many fixups";
        return;
    }
    xl->fixups[xl->n_fixups++] =
        (struct xl_fixup){(uint8_t)kind, (uint8_t)slot, (uint16_t)(t - 1), label};
}

static void place_lui_addi(struct xl *xl, const struct ir_ins *in, uint32_t v, uint32_t home) {
    uint32_t slot = home & 3, bit = 1u << slot;
    struct spot hi = find_spot(xl, later(1, xl->last_read[home]), bit, UNIT_ALU_LATENCY, 0, 0);
    take(xl, hi.t, slot, UNIT_ALU_LATENCY,
         vop_encode_U(VOP_LUI, home >> 2, (int32_t)(in->imm >> 11)));
    struct spot lo = find_spot(xl, hi.t + UNIT_ALU_LATENCY, bit, UNIT_ALU_LATENCY, 0, 0);
    take(xl, lo.t, slot, UNIT_ALU_LATENCY,
         vop_encode_I(VOP_ADDI, home >> 2, home, (int32_t)(in->imm & 0x7ff)));
    define(xl, v, home, lo.t, UNIT_ALU_LATENCY);
    if (in->op == IR_ADDR) {
        sched_fixup(xl, XL_FIX_LUI, hi.t, slot, in->imm);
        sched_fixup(xl, XL_FIX_ADDI, lo.t, slot, in->imm);
    }
}

static void place_li32(struct xl *xl, const struct ir_ins *in, uint32_t v, struct target g) {
    uint32_t t = g.home != 0 ? later(1, xl->last_read[g.home]) : 1, m;
    for (;; t++) {
        m = free_slots(xl, t, g.slots, UNIT_ALU_LATENCY) & ~((uint32_t)xl->busy[t] >> 1);
        if (m != 0)
            break;
    }
    uint32_t slot = g.home != 0 ? g.home & 3 : pick_slot(xl, m, xl->hint[v]);
    if (g.home != 0)
        define(xl, v, g.home, t, UNIT_ALU_LATENCY);
    else
        for (uint32_t from = t;; from = t + 1) { /* the temporary may ask for a later cycle */
            uint32_t r = xl->free_temps[slot][xl->free_first[slot]];
            t = later(from, xl->last_read[r]);
            if (free_slots(xl, t, 1u << slot, UNIT_ALU_LATENCY) &&
                !(xl->busy[t] >> (slot + 1) & 1)) {
                define(xl, v, new_temp(xl, slot), t, UNIT_ALU_LATENCY);
                break;
            }
        }
    take(xl, t, slot, UNIT_ALU_LATENCY, vop_encode_L(VOP_LI32, xl->loc[v] >> 2));
    take(xl, t, slot + 1, 0, in->imm);
    if (in->op == IR_ADDR)
        sched_fixup(xl, XL_FIX_LI32, t, slot + 1, in->imm);
}

/* A constant that needs more than one word: li32 with its literal in the next slot, or lui and addi
 * in the home's own slot when that is where it goes and li32 cannot stand there. */
static void place_big(struct xl *xl, const struct ir_ins *in, uint32_t v) {
    struct target g = choose_target(xl, in->dst, 0, SLOTS_ALL);
    if (g.home != 0 && (g.slots & (SLOT_S1 | SLOT_S3))) {
        place_lui_addi(xl, in, v, g.home);
        return;
    }
    g.slots &= SLOT_S0 | SLOT_S2;
    if (g.slots == 0) {
        xl->error = "no temporary";
        return;
    }
    place_li32(xl, in, v, g);
    finish_target(xl, g, v, in->dst);
}

static void place_const(struct xl *xl, const struct ir_ins *in, uint32_t v) {
    struct sched_op op = {VOP_LI, SLOTS_ALL, UNIT_ALU_LATENCY, IRK_CONST};
    struct ir_ins small = *in;
    if (in->op == IR_ADDR) {
        place_big(xl, in, v);
        return;
    }
    if (((in->imm + (1u << 20)) >> 21) != 0) {
        if (in->imm & 0x7ff) {
            place_big(xl, in, v);
            return;
        }
        op.native = VOP_LUI;
        small.imm = in->imm >> 11;
    }
    place_result(xl, &small, v, op, 1);
}

/* The home is written when everything that reads its old value is placed. */
static void place_copy(struct xl *xl, const struct ir_ins *in) {
    uint32_t own = in->a == in->dst;
    if (xl->uses[in->dst] != own)
        add_late(xl, in->a, in->dst);
    else
        sched_copy(xl, in->a, in->dst);
    xl->uses[0]--;
}

/* wrh: the same word in all four slots, whose write ports it takes. */
static uint32_t place_wrh(struct xl *xl, const struct ir_ins *in, uint32_t t) {
    uint32_t word = vop_encode_T(VOP_WRH, xl->loc[in->a], xl->loc[in->b]);
    t = later(t, later(xl->ready[in->a], xl->ready[in->b]) + CROSS_EXTRA_CYCLES);
    while (free_slots(xl, t, SLOTS_ALL, UNIT_HOME_WRITE_LATENCY) != SLOTS_ALL)
        t++;
    for (uint32_t slot = 0; slot < XL_SLOTS; slot++)
        take(xl, t, slot, UNIT_HOME_WRITE_LATENCY, word);
    consume(xl, in->a, t);
    consume(xl, in->b, t);
    xl->rdh_min = t + UNIT_HOME_WRITE_LATENCY + CROSS_EXTRA_CYCLES;
    return t;
}

static void note_ordered(struct xl *xl, uint32_t t) {
    xl->load_min = xl->store_min = xl->ordered_min = t + 1;
}

static void place_ordered(struct xl *xl, const struct ir_ins *in, uint32_t v, struct sched_op op) {
    uint32_t t = xl->ordered_min;
    if (op.kind == IRK_CSRR) {
        t = place_result(xl, in, v, op, later(t, xl->csrr_min));
    } else if (op.kind == IRK_RDH) {
        t = place_result(xl, in, v, op, later(t, xl->rdh_min));
    } else if (op.kind == IRK_WRH) {
        t = place_wrh(xl, in, t);
    } else {
        t = place_effect(xl, in, op, t);
        if (op.kind == IRK_CSRW) {
            xl->csrr_min = t + CSR_SETTLE_CYCLES;
            xl->end = later(xl->end, t + CSR_SETTLE_CYCLES - 1);
        }
    }
    note_ordered(xl, t);
}

static void place_div(struct xl *xl, const struct ir_ins *in, uint32_t v, struct sched_op op) {
    const struct ir_ins result = {in->op, in->dst, 0, 0, 0};
    uint32_t t = place_effect(xl, in, op, xl->ordered_min);
    op.latency = UNIT_DIV_RESULT_LATENCY;
    t = place_result(xl, &result, v, op, t + 1);
    xl->ordered_min = t + 1;
}

static void place(struct xl *xl, const struct ir_ins *in, uint32_t v) {
    struct sched_op op = sched_op[in->op];
    uint32_t t;
    switch (op.kind) {
    case IRK_RR:
    case IRK_RI:
        place_result(xl, in, v, op, 1);
        return;
    case IRK_LOAD:
        t = place_result(xl, in, v, op, xl->load_min);
        xl->store_min = later(xl->store_min, t);
        xl->ordered_min = later(xl->ordered_min, t);
        return;
    case IRK_STORE:
        t = place_effect(xl, in, op, xl->store_min);
        xl->load_min = later(xl->load_min, t + 1);
        xl->store_min = t + 1;
        xl->ordered_min = later(xl->ordered_min, t);
        return;
    case IRK_CONST:
    case IRK_ADDR:
        place_const(xl, in, v);
        return;
    case IRK_COPY:
        place_copy(xl, in);
        return;
    case IRK_DIV:
        place_div(xl, in, v, op);
        return;
    case IRK_NONE:
        return;
    default:
        place_ordered(xl, in, v, op);
    }
}

/* An entry value that late_homes is going to overwrite is first moved away, so that its copies may
 * go in any order. */
static uint8_t safe_operand(struct xl *xl, uint32_t v, uint32_t copy) {
    if (v >= IR_FIRST || (xl->late_mask >> v & 1) == 0 || xl->error != NULL)
        return (uint8_t)v;
    move_value(xl, v, copy);
    return (uint8_t)copy;
}

/* Values of registers that somebody still read when they were computed. */
static void late_homes(struct xl *xl, struct ir_ins *last) {
    for (uint32_t i = 0; i < xl->n_late; i++)
        xl->late_value[i] = safe_operand(xl, xl->late_value[i], IR_LATE + i);
    last->a = safe_operand(xl, last->a, IR_LATE + 32);
    last->b = safe_operand(xl, last->b, IR_LATE + 33);
    for (uint32_t i = 0; i < xl->n_late && xl->error == NULL; i++)
        sched_copy(xl, xl->late_value[i], xl->late_dst[i]);
}

static void start(struct xl *xl) {
    const struct xl_abi *abi = xl->abi;
    for (uint32_t i = 0; i < 16; i++)
        xl->last_read_words[i] = 0;
    for (uint32_t i = 0; i < XL_SLOTS * XL_BANK_TEMPS / 4; i++)
        xl->free_temps_words[i] = abi->temps_words[i];
    xl->free_first_word = 0;
    xl->free_count_word = abi->n_temps_word;
    xl->temp_slots = SLOTS_ALL;
    xl->load_min = xl->store_min = xl->ordered_min = xl->csrr_min = 1;
    xl->rdh_min = 1 + CROSS_EXTRA_CYCLES;
    xl->n_late = xl->late_mask = 0;
}

/* Cost: linear; about one search step an operation. */
bool xl_finish(struct xl *xl) {
    opt_dead(xl);
    start(xl);
    const struct ir_ins *in = xl->ir.ins, *last = in + xl->ir.n - 1;
    struct ir_ins closing = *last;
    for (uint32_t v = IR_FIRST; in < last && xl->error == NULL; in++, v++)
        place(xl, in, v);
    if (xl->n_late != 0)
        late_homes(xl, &closing);
    if (xl->error == NULL)
        sched_close(xl, &closing);
    return xl->error == NULL;
}
