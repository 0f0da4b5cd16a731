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

/* First cycle from t on with `slot` free. */
static uint32_t free_cycle(const struct xl *xl, uint32_t t, uint32_t slot) {
    while (xl->busy[t] >> slot & 1)
        t++;
    return t;
}

/* First cycle in which slot 3 may read value v. */
static uint32_t branch_ready(const struct xl *xl, uint32_t v) {
    uint32_t t = xl->ready[v];
    return t != 0 && (xl->loc[v] & 3) != 3 ? t + CROSS_EXTRA_CYCLES : t;
}

/* Commits; returns the cycle, before which the block must not leave. */
static uint32_t place_commit(struct xl *xl) {
    uint32_t t = later(xl->end, 1);
    if (xl->abi->commits) {
        t = free_cycle(xl, t, 2);
        take(xl, t, 2, 0, vop_encode_X(VOP_COMMIT, xl->n_insns));
    }
    return t;
}

/* Slot 3's word in the block's last bundle; its cycle. */
static uint32_t leave(struct xl *xl, uint32_t t, uint32_t word) {
    t = free_cycle(xl, t, 3);
    take(xl, t, 3, 0, word);
    return t;
}

static void stub(struct xl *xl, uint32_t t) {
    take(xl, t, 3, 0, vop_encode_X(VOP_EXIT, XL_EXIT_INDIRECT));
}

static void add_exit(struct xl *xl, enum xl_exit_kind kind, uint32_t target, uint32_t stub_cycle,
                     uint32_t branch_cycle) {
    xl->exits[xl->n_exits++] =
        (struct xl_exit){kind, target, (uint16_t)(stub_cycle - 1), (uint16_t)(branch_cycle - 1)};
}

static void close_branch(struct xl *xl, const struct ir_ins *in) {
    uint32_t a = in->a, b = in->b, ra = xl->loc[a], rb = xl->loc[b];
    uint32_t t = later(place_commit(xl), later(branch_ready(xl, a), branch_ready(xl, b)));
    if (!xl->abi->commits) {
        t = leave(xl, t, vop_encode_B((enum vop)sched_op[in->op].native, in->dst, ra, rb, 0));
        sched_fixup(xl, XL_FIX_BRANCH, t, 3, in->imm);
        return;
    }
    bool likely = in->dst != 0;
    enum ir_op op = likely ? (enum ir_op)in->op : ir_inverted((enum ir_op)in->op);
    t = leave(xl, t, vop_encode_B((enum vop)sched_op[op].native, 1, ra, rb, 2));
    stub(xl, t + 1);
    stub(xl, t + 2);
    uint32_t taken_stub = likely ? t + 2 : t + 1, next_stub = likely ? t + 1 : t + 2;
    add_exit(xl, XL_EXIT_TAKEN, in->imm, taken_stub, likely ? t : taken_stub);
    add_exit(xl, XL_EXIT_NEXT, xl->next_pc, next_stub, likely ? next_stub : t);
}

static void close_goto(struct xl *xl, const struct ir_ins *in) {
    uint32_t t = leave(xl, place_commit(xl), vop_encode_B(VOP_BEQ, 1, 0, 0, 1));
    stub(xl, t + 1);
    add_exit(xl, in->imm == xl->next_pc ? XL_EXIT_NEXT : XL_EXIT_JUMP, in->imm, t + 1, t);
}

static void close_indirect(struct xl *xl, const struct ir_ins *in) {
    struct spot s = find_spot(xl, 1, SLOT_S3, UNIT_ALU_LATENCY, in->a, 0);
    take(xl, s.t, 3, UNIT_ALU_LATENCY,
         vop_encode_I(VOP_ANDI, XL_INDIRECT_PC_REG >> 2, xl->loc[in->a], -2));
    uint32_t t = s.t + UNIT_ALU_LATENCY;
    if (xl->flags & XL_NO_JTL) {
        stub(xl, place_commit(xl) + 1);
        return;
    }
    if ((xl->temp_slots & SLOT_S3) == 0) {
        xl->error = "no temporary";
        return;
    }
    uint32_t v = IR_FIRST + xl->ir.n - 1;
    while (free_slots(xl, t, SLOT_S3, UNIT_JUMP_TABLE_LATENCY) == 0)
        t++;
    t = define_temp(xl, v, t, 3, UNIT_JUMP_TABLE_LATENCY);
    take(xl, t, 3, UNIT_JUMP_TABLE_LATENCY,
         vop_encode_D(VOP_JTL, xl->loc[v] >> 2, XL_INDIRECT_PC_REG));
    t = place_commit(xl);
    leave(xl, later(t, xl->ready[v]), vop_encode_V(VOP_JR, xl->loc[v]));
}

void sched_close(struct xl *xl, const struct ir_ins *in) {
    uint32_t t;
    switch (sched_op[in->op].kind) {
    case IRK_BCC:
        close_branch(xl, in);
        break;
    case IRK_GOTO:
        close_goto(xl, in);
        break;
    case IRK_INDIRECT:
        close_indirect(xl, in);
        break;
    case IRK_JUMP:
        t = leave(xl, later(xl->end, 1), vop_encode_X(VOP_J, 0));
        sched_fixup(xl, XL_FIX_JUMP, t, 3, in->imm);
        break;
    case IRK_JUMPR:
    case IRK_ENTER:
        leave(xl, later(later(xl->end, 1), branch_ready(xl, in->a)),
              vop_encode_V((enum vop)sched_op[in->op].native, xl->loc[in->a]));
        break;
    case IRK_EXIT:
        take(xl, xl->end + 1, 3, 0, vop_encode_X(VOP_EXIT, in->imm));
        break;
    default: /* FALL */
        break;
    }
    xl->n_bundles = xl->end;
}
