/* SPDX-License-Identifier: MIT
 * The last instruction of a block: commit, branch or jump, and the stub bundles of guest exits.
 * Everything else is placed; xl->end is the first cycle in which all results are within the
 * boundary rule (docs/architecture.md section 4), so leaving and committing in it or later is
 * legal.
 *
 * Guest exits. A stub is a bundle `exit 0`. The likely way out of a conditional branch is always
 * the branch taken as predicted, with the condition inverted if need be:
 *
 *     ..., bcc (predicted taken) -> B; commit
 *     A:   stub of the unlikely exit
 *     B:   stub of the likely exit
 *
 * A direct exit is a branch that is always taken (beq x0, x0) to the stub behind it. */
#ifndef SELKIRK_SCHED_CLOSE_H
#define SELKIRK_SCHED_CLOSE_H

#include "translator/sched/place.h"

/* First cycle from t on with `slot` free. */
SCHED_INLINE uint32_t free_cycle(const struct xl *xl, uint32_t t, uint32_t slot) {
    while (xl->taken[t] >> slot & 1)
        t++;
    return t;
}

/* First cycle in which the branch's slot may read value v. */
static uint32_t branch_ready(const struct xl *xl, uint32_t v) {
    uint32_t t = xl->ready[v];
    return t != 0 && bank_of(xl->loc[v]) != BRANCH_SLOT ? t + CROSS_EXTRA_CYCLES : t;
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
        t = free_cycle(xl, t, COMMIT_SLOT);
        take_effect(xl, t, COMMIT_SLOT, op_long(VOP_COMMIT_OPCODE, 0, xl->n_insns));
        xl->n_ops++;
    }
    return t;
}

/* The branch or jump in the block's last bundle; its cycle. */
SCHED_INLINE uint32_t leave(struct xl *xl, uint32_t t, native_op op) {
    t = free_cycle(xl, t, BRANCH_SLOT);
    take_effect(xl, t, BRANCH_SLOT, op);
    return t;
}

/* A stub bundle in cycle t, behind all others. */
SCHED_INLINE void stub(struct xl *xl, uint32_t t) {
    put_op(xl, t, BRANCH_SLOT, op_long(VOP_EXIT_OPCODE, 0, XL_EXIT_INDIRECT));
    xl->end = t;
    xl->n_ops++;
}

/* Which homes are written in the last bundle, t. */
static uint32_t homes_written_last(const struct xl *xl, uint32_t t) {
    uint32_t done = xl->taken[XL_CYCLES + t + 1], homes = 0;
    if (XL_LIKELY(done == 0))
        return 0;
    for (uint32_t slot = 0; slot < XL_SLOTS; slot++) {
        uint32_t rd = written_at(xl, t, slot);
        if ((done >> slot & 1) != 0 && rd < xl->temp_first)
            homes |= 1u << rd;
    }
    return homes;
}

/* One of the two ways out of a branch that the block leaves with commit bundle `commit` for. */
SCHED_INLINE void add_exit(struct xl_exit *e, uint32_t late_homes, uint32_t stub_bundle,
                           uint32_t branch_bundle, uint32_t commit, uint32_t likelihood) {
    e->late_homes = late_homes;
    e->bundles = stub_bundle | branch_bundle << 16;
    e->commit_bundle = (uint16_t)commit;
    e->likelihood = (uint8_t)likelihood;
}

/* The two ways out of a branch in cycle t: first if it is taken as the guest's code has it. The
 * likely one is the native branch's, the other falls into its stub, with bubbles before. */
static void add_exits(struct xl *xl, const struct ir_ins *in, uint32_t t, uint32_t commit) {
    struct xl_exit *e = xl->exits, *likely = in->dst != 0 ? &e[0] : &e[1];
    struct xl_exit *other = in->dst != 0 ? &e[1] : &e[0];
    uint32_t late = homes_written_last(xl, t), taken = in->imm, next = xl->next_pc;
    add_exit(likely, late, t + 1, t - 1, commit - 1, XL_LIKELIER);
    add_exit(other, 0, t, t, commit - 1, XL_UNLIKELIER);
    e[0].kind = XL_EXIT_TAKEN;
    e[0].guest_target = taken;
    e[0].pair = 1;
    e[1].kind = XL_EXIT_NEXT;
    e[1].guest_target = next;
    e[1].pair = 0;
    xl->n_exits = 2;
    stub(xl, t + 1);
    stub(xl, t + 2);
}

static void close_branch(struct xl *xl, const struct ir_ins *in) {
    uint32_t commit = place_commit(xl), t = commit;
    uint32_t ra = branch_operand(xl, in->a, &t), rb = branch_operand(xl, in->b, &t);
    if (!xl->abi->commits) {
        t = leave(xl, t, op_branch(sched_op_of(in->op).opcode, in->dst, ra, rb, 0));
        sched_fixup(xl, XL_FIX_BRANCH, t, BRANCH_SLOT, in->imm);
        return;
    }
    bool likely = in->dst != 0;
    enum ir_op op = likely ? (enum ir_op)in->op : ir_inverted((enum ir_op)in->op);
    t = leave(xl, t, op_branch(sched_op_of(op).opcode, 1, ra, rb, 2));
    add_exits(xl, in, t, commit);
}

static void close_goto(struct xl *xl, const struct ir_ins *in) {
    uint32_t commit = place_commit(xl);
    uint32_t t = leave(xl, commit, op_branch(VOP_BEQ_OPCODE, 1, 0, 0, 1));
    stub(xl, t + 1);
    struct xl_exit *e = &xl->exits[xl->n_exits++];
    e->kind = in->imm == xl->next_pc ? XL_EXIT_NEXT : XL_EXIT_JUMP;
    e->guest_target = in->imm;
    e->late_homes = homes_written_last(xl, t);
    e->stub_bundle = (uint16_t)t;
    e->branch_bundle = (uint16_t)(t - 1);
    e->commit_bundle = (uint16_t)(commit - 1);
    e->pair = XL_NO_PAIR;
    e->likelihood = XL_ALWAYS;
}

/* The look-up does not wait for bit 0 to be cleared: no translation has an odd guest pc, so that an
 * odd target misses, and then register 47 has the right one. */
static void close_indirect(struct xl *xl, const struct ir_ins *in) {
    uint32_t a = in->a, ra = xl->loc[a], t, r = 0, done = 0;
    if ((xl->flags & XL_NO_JTL) == 0) {
        if ((xl->temp_slots & JUMP_TABLE_SLOTS) == 0) {
            xl->error = "no temporary";
            return;
        }
        t = find_spot1(xl, 1, JUMP_TABLE_SLOTS, UNIT_JUMP_TABLE_LATENCY, a).t;
        r = take_temp(xl, &t, JUMP_TABLE_SLOT, UNIT_JUMP_TABLE_LATENCY);
        take(xl, t, JUMP_TABLE_SLOT, UNIT_JUMP_TABLE_LATENCY, op_plain(VOP_JTL_OPCODE, r, ra));
        done = t + UNIT_JUMP_TABLE_LATENCY;
        xl->n_ops += 2;
    }
    t = find_spot1(xl, 1, INDIRECT_PC_SLOTS, UNIT_ALU_LATENCY, a).t;
    take(xl, t, INDIRECT_PC_SLOT, UNIT_ALU_LATENCY,
         op_with(VOP_ANDI_OPCODE, XL_INDIRECT_PC_REG, ra, third_imm(~1u)));
    t = place_commit(xl);
    if (done == 0)
        stub(xl, t + 1); /* its exit stands for the jump */
    else
        leave(xl, later(t, done), op_plain(VOP_JR_OPCODE, 0, r));
}

/* What ends blocks of the firmware only. */
static __attribute__((noinline)) void close_other(struct xl *xl, const struct ir_ins *in,
                                                  uint32_t kind) {
    uint32_t t;
    switch (kind) {
    case IRK_JUMP:
        t = leave(xl, later(xl->end, 1), op_long(VOP_J_OPCODE, 0, 0));
        sched_fixup(xl, XL_FIX_JUMP, t, BRANCH_SLOT, in->imm);
        break;
    case IRK_JUMPR:
    case IRK_ENTER:
        leave(xl, later(later(xl->end, 1), branch_ready(xl, in->a)),
              op_plain(sched_op_of(in->op).opcode, 0, xl->loc[in->a]));
        break;
    case IRK_EXIT:
        take_effect(xl, xl->end + 1, BRANCH_SLOT, op_long(VOP_EXIT_OPCODE, 0, in->imm));
        break;
    default: /* FALL */
        xl->n_ops--;
        break;
    }
}

static void sched_close(struct xl *xl, const struct ir_ins *in) {
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

#endif
