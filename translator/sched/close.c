/* SPDX-License-Identifier: MIT
 * The last instruction of a block: commit, branch or jump, and the stub bundles of guest exits.
 * Everything else is placed; xl->end is the first cycle in which all results are within the
 * boundary rule (docs/architecture.md section 4), so leaving and committing in it or later is
 * legal.
 *
 * Guest exits. A stub is a bundle `exit 0`. The likely way out of a conditional branch is always
 * the branch taken as predicted, with the condition inverted if need be: bcc (predicted taken) ->
 * stub of the likely exit; commit stub of the unlikely exit stub of the likely exit A direct exit
 * is a branch that is always taken (beq x0, x0) to the stub behind it. */
#include "translator/sched/place.h"

static uint32_t word_b(uint32_t opcode, uint32_t predicted, uint32_t rs1, uint32_t rs2,
                       uint32_t offset) {
    return opcode | predicted << LSB_B_pred_0 | rs1 << LSB_B_rs1_0 | rs2 << LSB_B_rs2_0 |
           (offset & ((1u << PRED_BITS) - 1)) << LSB_B_imm_0 |
           offset >> PRED_BITS << LSB_B_imm_PRED_BITS;
}

/* First cycle from t on with `slot` free. */
SCHED_INLINE uint32_t free_cycle(const struct xl *xl, uint32_t t, uint32_t slot) {
    while (xl->taken[t] >> slot & 1)
        t++;
    return t;
}

/* First cycle in which slot 3 may read value v. */
static uint32_t branch_ready(const struct xl *xl, uint32_t v) {
    uint32_t t = xl->ready[v];
    return t != 0 && (xl->loc[v] & 3) != 3 ? t + CROSS_EXTRA_CYCLES : t;
}

/* Register that the closing branch reads value v from; *t: not before its cycle. */
static uint32_t branch_operand(const struct xl *xl, uint32_t v, uint32_t *t) {
    if (v == xl->twin_value) {
        *t = later(*t, xl->twin_ready);
        return xl->twin_reg;
    }
    *t = later(*t, branch_ready(xl, v));
    return xl->loc[v];
}

/* Commits; returns the cycle, before which the block must not leave. */
SCHED_INLINE uint32_t place_commit(struct xl *xl) {
    uint32_t t = later(xl->end, 1);
    if (xl->abi->commits) {
        t = free_cycle(xl, t, 2);
        take_effect(xl, t, 2, word_u(VOP_COMMIT_OPCODE, 0, xl->n_insns));
        xl->n_ops++;
    }
    return t;
}

/* Slot 3's word in the block's last bundle; its cycle. */
SCHED_INLINE uint32_t leave(struct xl *xl, uint32_t t, uint32_t word) {
    t = free_cycle(xl, t, 3);
    take_effect(xl, t, 3, word);
    return t;
}

void xl_stub(uint32_t *code, uint32_t number) {
    code[3] = word_u(VOP_EXIT_OPCODE, 0, number);
}

/* A stub bundle in cycle t, behind all others. */
SCHED_INLINE void stub(struct xl *xl, uint32_t t) {
    xl_stub(&xl->code[t * XL_SLOTS], XL_EXIT_INDIRECT);
    xl->end = t;
    xl->n_ops++;
}

static void add_exit(struct xl *xl, enum xl_exit_kind kind, uint32_t target, uint32_t stub_cycle,
                     uint32_t branch_cycle) {
    xl->exits[xl->n_exits++] =
        (struct xl_exit){kind, target, (uint16_t)(stub_cycle - 1), (uint16_t)(branch_cycle - 1)};
}

/* Notes which homes are written in the last bundle, t. */
static void note_late_homes(struct xl *xl, uint32_t t) {
    uint32_t done = xl->taken[XL_CYCLES + t + 1], homes = 0;
    if (XL_LIKELY(done == 0))
        return;
    for (uint32_t slot = 0; slot < XL_SLOTS; slot++) {
        uint32_t rd = (xl->code[t * XL_SLOTS + slot] >> LSB_R_rd_0 & 15) * 4 + slot;
        if ((done >> slot & 1) != 0 && rd < xl->temp_first)
            homes |= 1u << rd;
    }
    xl->late_homes = homes;
}

static void close_branch(struct xl *xl, const struct ir_ins *in) {
    uint32_t t = place_commit(xl);
    uint32_t ra = branch_operand(xl, in->a, &t), rb = branch_operand(xl, in->b, &t);
    if (!xl->abi->commits) {
        t = leave(xl, t, word_b(sched_op_of(in->op).opcode, in->dst, ra, rb, 0));
        sched_fixup(xl, XL_FIX_BRANCH, t, 3, in->imm);
        return;
    }
    bool likely = in->dst != 0;
    enum ir_op op = likely ? (enum ir_op)in->op : ir_inverted((enum ir_op)in->op);
    t = leave(xl, t, word_b(sched_op_of(op).opcode, 1, ra, rb, 2));
    note_late_homes(xl, t);
    stub(xl, t + 1);
    stub(xl, t + 2);
    uint32_t taken_stub = likely ? t + 2 : t + 1, next_stub = likely ? t + 1 : t + 2;
    add_exit(xl, XL_EXIT_TAKEN, in->imm, taken_stub, likely ? t : taken_stub);
    add_exit(xl, XL_EXIT_NEXT, xl->next_pc, next_stub, likely ? next_stub : t);
}

static void close_goto(struct xl *xl, const struct ir_ins *in) {
    uint32_t t = leave(xl, place_commit(xl), word_b(VOP_BEQ_OPCODE, 1, 0, 0, 1));
    note_late_homes(xl, t);
    stub(xl, t + 1);
    add_exit(xl, in->imm == xl->next_pc ? XL_EXIT_NEXT : XL_EXIT_JUMP, in->imm, t + 1, t);
}

/* The look-up does not wait for bit 0 to be cleared: no translation has an odd guest pc, so that an
 * odd target misses, and then register 47 has the right one. */
static void close_indirect(struct xl *xl, const struct ir_ins *in) {
    uint32_t a = in->a, ra = xl->loc[a], t, r = 0, done = 0;
    if ((xl->flags & XL_NO_JTL) == 0) {
        if ((xl->temp_slots & SLOT_S3) == 0) {
            xl->error = "no temporary";
            return;
        }
        t = find_spot1(xl, 1, SLOT_S3, UNIT_JUMP_TABLE_LATENCY, a).t;
        r = take_temp(xl, &t, 3, UNIT_JUMP_TABLE_LATENCY);
        take(xl, t, 3, UNIT_JUMP_TABLE_LATENCY, word_ri(VOP_JTL_OPCODE, r, ra, 0));
        done = t + UNIT_JUMP_TABLE_LATENCY;
        xl->n_ops += 2;
    }
    t = find_spot1(xl, 1, SLOT_S3, UNIT_ALU_LATENCY, a).t;
    take(xl, t, 3, UNIT_ALU_LATENCY,
         word_ri(VOP_ANDI_OPCODE, XL_INDIRECT_PC_REG, ra, ~1u << LSB_I_imm_0));
    t = place_commit(xl);
    if (done == 0)
        stub(xl, t + 1); /* its exit stands for the jump */
    else
        leave(xl, later(t, done), word_ri(VOP_JR_OPCODE, 0, r, 0));
}

/* What ends blocks of the firmware only. */
static __attribute__((noinline)) void close_other(struct xl *xl, const struct ir_ins *in,
                                                  uint32_t kind) {
    uint32_t t;
    switch (kind) {
    case IRK_JUMP:
        t = leave(xl, later(xl->end, 1), word_u(VOP_J_OPCODE, 0, 0));
        sched_fixup(xl, XL_FIX_JUMP, t, 3, in->imm);
        break;
    case IRK_JUMPR:
    case IRK_ENTER:
        leave(xl, later(later(xl->end, 1), branch_ready(xl, in->a)),
              word_ri(sched_op_of(in->op).opcode, 0, xl->loc[in->a], 0));
        break;
    case IRK_EXIT:
        take_effect(xl, xl->end + 1, 3, word_u(VOP_EXIT_OPCODE, 0, in->imm));
        break;
    default: /* FALL */
        xl->n_ops--;
        break;
    }
}

void sched_close(struct xl *xl, const struct ir_ins *in) {
    const uint32_t kind = sched_op_of(in->op).kind;
    if (XL_LIKELY(kind == IRK_BCC))
        close_branch(xl, in);
    else if (kind == IRK_GOTO)
        close_goto(xl, in);
    else if (kind == IRK_INDIRECT)
        close_indirect(xl, in);
    else
        close_other(xl, in, kind);
    xl->n_bundles = xl->end;
}
