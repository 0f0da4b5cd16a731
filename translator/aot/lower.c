/* SPDX-License-Identifier: MIT
 * Pass lift of the ahead-of-time translator: firmware instructions to IR. Ordinary instructions go
 * through the translator's own lifting, the way guest code does; here are code addresses,
 * intrinsics, and the ends of blocks. Labels of branches and addresses are rv_addrs until link.c
 * resolves them.
 *
 * A call makes the return address as a constant in the link register's home and jumps: the link
 * result of a native `jl` would be born in the branch's bank, where no link register's home is.
 */
#include "translator/aot/aot.h"

#include "machine.h"

/* Fields of a CUSTOM_0 instruction. */
static void lower_intrinsic(struct ir_block *ir, uint32_t word) {
    unsigned rd = word >> 7 & 31u, rs1 = word >> 15 & 31u, rs2 = word >> 20 & 31u;
    uint32_t imm = word >> 20;
    switch (word >> 12 & 7u) {
    case INTRINSIC_CSRR_FUNCT3:
        ir_emit(ir, IR_CSRR, rd, 0, 0, imm);
        break;
    case INTRINSIC_CSRW_FUNCT3:
        ir_emit(ir, IR_CSRW, 0, ir->value[rs1], 0, imm);
        break;
    case INTRINSIC_RDH_FUNCT3:
        ir_emit(ir, IR_RDH, rd, ir->value[rs1], 0, 0);
        break;
    case INTRINSIC_WRH_FUNCT3:
        ir_emit(ir, IR_WRH, 0, ir->value[rs1], ir->value[rs2], 0);
        break;
    case INTRINSIC_COMMIT_FUNCT3:
        ir_emit(ir, IR_COMMIT, 0, 0, 0, imm);
        break;
    case INTRINSIC_WAIT_FUNCT3:
        ir_emit(ir, IR_WAIT, 0, 0, 0, imm);
        break;
    case INTRINSIC_ENTER_FUNCT3:
        ir_emit(ir, IR_ENTER, 0, ir->value[rs1], 0, 0);
        break;
    case INTRINSIC_EXIT_FUNCT3:
        ir_emit(ir, IR_EXIT, 0, 0, 0, imm);
        break;
    default:
        aot_die("intrinsic 0x%08x is not known", word);
    }
}

/* An instruction that does not end the block. False: no room. */
static bool lower_insn(const struct segment *s, uint32_t rv_addr) {
    const struct aot_insn *insn = program_insn(s->program, rv_addr);
    struct ir_block *ir = s->ir;
    struct rv_insn rv;
    if (!ir_room(ir, 4)) /* the end needs up to three */
        return false;
    if (insn->ref == REF_CALL) /* done by its second half */
        return true;
    if ((insn->word & 0x7fu) == AOT_CUSTOM_0) {
        lower_intrinsic(ir, insn->word);
        return true;
    }
    rv_decode(insn->word, &rv);
    if (insn->ref == REF_ADDR_HI) {
        ir_emit(ir, IR_ADDR, rv.rd, 0, 0, insn->target);
        return true;
    }
    if (insn->ref == REF_ADDR_LO)
        rv.imm = 0;
    enum lift lift = lift_insn(ir, &rv, rv_addr);
    if (lift != LIFT_DONE && lift != LIFT_FULL)
        aot_die("instruction 0x%08x at %s cannot be lifted", insn->word,
                program_where(s->program, rv_addr));
    return lift == LIFT_DONE && ir_room(ir, 3);
}

/* jalr: the target is read before the link register is written. */
static void lower_jump_reg(struct ir_block *ir, const struct rv_insn *rv, uint32_t next) {
    unsigned target = ir->value[rv->rs1];
    if (rv->imm)
        target = ir_emit(ir, IR_ADDI, 0, target, 0, (uint32_t)rv->imm);
    if (rv->rd)
        ir_emit(ir, IR_ADDR, rv->rd, 0, 0, next);
    ir_emit(ir, IR_JUMPR, 0, target, 0, 0);
}

/* Without a profile: backwards. */
static bool is_likely_taken(enum likely likely, const struct block *b) {
    return likely == LIKELY_UNKNOWN ? b->target < b->rv_addr + 4 * b->n_insns
                                    : likely == LIKELY_TAKEN;
}

/* The closing branch goes to the unlikely way, which is not predicted; the trace goes on with the
 * likely one. */
static void lower_side_exit(const struct segment *s, const struct block *b, enum likely likely) {
    uint32_t last = b->rv_addr + 4 * (b->n_insns - 1);
    struct ir_block *ir = s->ir;
    struct rv_insn rv;
    enum ir_op op =
        lift_branch_op((enum rv_op)rv_decode(program_insn(s->program, last)->word, &rv));
    bool is_taken = likely == LIKELY_TAKEN;
    ir_emit_branch(ir, is_taken ? ir_inverted(op) : op, ir->value[rv.rs1], ir->value[rv.rs2],
                   is_taken ? last + 4 : b->target, false);
}

static void lower_end(const struct segment *s, const struct block *b, enum likely likely) {
    uint32_t last = b->rv_addr + 4 * (b->n_insns - 1);
    const struct aot_insn *insn = program_insn(s->program, last);
    struct ir_block *ir = s->ir;
    struct rv_insn rv;
    rv_decode(insn->word, &rv);
    switch (b->end) {
    case END_FALL:
        ir_emit(ir, IR_FALL, 0, 0, 0, 0);
        break;
    case END_BRANCH:
        ir_emit_branch(ir, lift_branch_op((enum rv_op)rv.op), ir->value[rv.rs1], ir->value[rv.rs2],
                       b->target, is_likely_taken(likely, b));
        break;
    case END_CALL:
        ir_emit(ir, IR_ADDR, rv.rd, 0, 0, last + 4);
        ir_emit(ir, IR_JUMP, 0, 0, 0, b->target);
        break;
    case END_JUMP:
        ir_emit(ir, IR_JUMP, 0, 0, 0, b->target);
        break;
    case END_CALL_REG:
    case END_JUMP_REG:
        lower_jump_reg(ir, &rv, last + 4);
        break;
    case END_ENTER:
        lower_intrinsic(ir, insn->word);
        break;
    case END_STOP: /* intrinsic with its immediate, or ebreak */
        ir_emit(ir, IR_EXIT, 0, 0, 0, insn->word >> 20);
        break;
    }
}

/* False: no room. */
static bool lower_plain(const struct segment *s, const struct block *b) {
    uint32_t n_plain = b->n_insns - (b->end != END_FALL);
    for (uint32_t i = 0; i < n_plain; i++) {
        if (!lower_insn(s, b->rv_addr + 4 * i))
            return false;
    }
    return true;
}

/* Cycles by which results may complete after the last bundle. Bubbles behind a jump through a
 * register are for them, so that the next block finds every home ready for all slots. */
static uint32_t over_end(enum block_end end) {
    return end == END_JUMP_REG || end == END_CALL_REG ? 1 + JUMP_REG_CYCLES - CROSS_EXTRA_CYCLES
                                                      : 1;
}

/* Registers that are wanted where the branch of a part goes when the trace does not go on. */
static uint16_t live_at_side_exit(const struct segment *s, uint32_t part) {
    const struct block *b = s->trace->parts[part];
    uint32_t exit =
        s->trace->likely[part] == LIKELY_TAKEN ? b->rv_addr + 4 * b->n_insns : b->target;
    return program_insn(s->program, exit)->live_in;
}

bool lower_segment(struct pass_work *w, struct segment *s) {
    const struct trace *tr = s->trace;
    uint32_t first = s->next, k = first;
    w->is_behind_branch = first != 0;
    w->live_at_exit = first != 0 ? live_at_side_exit(s, first - 1) : 0;
    s->ir = &w->xl.ir;
    ir_begin(s->ir, tr->parts[first]->rv_addr);
    s->ir->no_fold = true;
    for (;; k++) {
        if (!lower_plain(s, tr->parts[k]))
            return false;
        if (k + 1 == tr->n_parts || tr->parts[k]->end == END_BRANCH)
            break;
    }
    const struct block *last = tr->parts[k];
    s->next = k + 1;
    bool is_last = s->next == tr->n_parts;
    w->xl.dead = (uint16_t)~last->live_out;
    xl_set_over_end(&w->xl, is_last ? over_end(last->end) : XL_LOOK_AHEAD);
    if (is_last)
        lower_end(s, last, tr->likely[k]);
    else
        lower_side_exit(s, last, tr->likely[k]);
    return true;
}
