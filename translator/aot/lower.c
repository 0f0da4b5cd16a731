/* SPDX-License-Identifier: MIT
 * Firmware blocks -> scheduled bundles (native_code.h). Ordinary instructions go through the translator's
 * own lifting, the way guest code does; here are code addresses, intrinsics, and the ends of blocks.
 * Labels of branches and addresses are rv_addrs until layout.c resolves them.
 *
 * A call makes the return address as a constant in the link register's home and jumps: the link result
 * of a native `jl` would be born in slot 3's bank, where no link register's home is.
 */
#include "translator/aot/native_code.h"

#include <stdlib.h>
#include <string.h>
#include "machine.h"

struct lowering {
    const struct program *program;
    struct native_code *out;
    struct xl *xl;
    uint32_t flags;
};

/* Fields of a CUSTOM_0 instruction. */
static void lower_intrinsic(struct ir_block *ir, uint32_t word)
{
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
static bool lower_insn(struct lowering *lo, uint32_t rv_addr)
{
    const struct aot_insn *insn = program_insn(lo->program, rv_addr);
    struct ir_block *ir = &lo->xl->ir;
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
                program_where(lo->program, rv_addr));
    return lift == LIFT_DONE && ir_room(ir, 3);
}

/* jalr: the target is read before the link register is written. */
static void lower_jump_reg(struct ir_block *ir, const struct rv_insn *rv, uint32_t next)
{
    unsigned target = ir->value[rv->rs1];
    if (rv->imm)
        target = ir_emit(ir, IR_ADDI, 0, target, 0, (uint32_t)rv->imm);
    if (rv->rd)
        ir_emit(ir, IR_ADDR, rv->rd, 0, 0, next);
    ir_emit(ir, IR_JUMPR, 0, target, 0, 0);
}

static void lower_end(struct lowering *lo, const struct block *b)
{
    uint32_t last = b->rv_addr + 4 * (b->n_insns - 1);
    const struct aot_insn *insn = program_insn(lo->program, last);
    struct ir_block *ir = &lo->xl->ir;
    struct rv_insn rv;
    rv_decode(insn->word, &rv);
    switch (b->end) {
    case END_FALL:
        ir_emit(ir, IR_FALL, 0, 0, 0, 0);
        break;
    case END_BRANCH:
        ir_emit_branch(ir, lift_branch_op((enum rv_op)rv.op), ir->value[rv.rs1], ir->value[rv.rs2],
                       b->target, b->target <= last);
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

static void keep_piece(struct lowering *lo, const struct block *b)
{
    const struct xl *xl = lo->xl;
    struct piece *piece = &lo->out->pieces[lo->out->n_pieces++];
    *piece = (struct piece){.rv_addr = b->rv_addr,
                            .n_insns = b->n_insns,
                            .n_bundles = xl->n_bundles,
                            .n_ops = xl->n_ops,
                            .n_fixups = xl->n_fixups};
    piece->words = aot_alloc(xl->n_bundles, 16);
    memcpy(piece->words, xl_code(xl), xl->n_bundles * 16u);
    piece->fixups = aot_alloc(xl->n_fixups, sizeof *piece->fixups);
    memcpy(piece->fixups, xl->fixups, xl->n_fixups * sizeof *piece->fixups);
}

/* False: the block is too large to be scheduled at once. */
static bool lower_block(struct lowering *lo, const struct block *b)
{
    struct xl *xl = lo->xl;
    xl_begin(xl, &xl_abi_firmware, lo->flags, 0);
    xl->dead = (uint16_t)~b->live_out;
    ir_begin(&xl->ir, b->rv_addr);
    uint32_t n_plain = b->n_insns - (b->end != END_FALL);
    for (uint32_t i = 0; i < n_plain; i++) {
        if (!lower_insn(lo, b->rv_addr + 4 * i))
            return false;
    }
    lower_end(lo, b);
    const char *error = ir_check(&xl->ir);
    if (error)
        aot_die("%s at %s", error, program_where(lo->program, b->rv_addr));
    if (!xl_finish(xl))
        return false;
    error = xl_check(xl);
    if (error)
        aot_die("%s at %s", error, program_where(lo->program, b->rv_addr));
    keep_piece(lo, b);
    return true;
}

/* Cuts in half until every part fits. */
static void lower_parts(struct lowering *lo, const struct block *b)
{
    if (lower_block(lo, b))
        return;
    if (b->n_insns < 2)
        aot_die("%s at %s", lo->xl->error ? lo->xl->error : "does not fit",
                program_where(lo->program, b->rv_addr));
    struct block first = *b, rest = *b;
    first.n_insns = b->n_insns / 2;
    first.end = END_FALL;
    rest.n_insns -= first.n_insns;
    rest.rv_addr += 4 * first.n_insns;
    first.live_out = program_insn(lo->program, rest.rv_addr)->live_in;
    lower_parts(lo, &first);
    lower_parts(lo, &rest);
}

void lower_program(struct native_code *nc, const struct program *p, uint32_t flags)
{
    struct lowering lo = {.program = p, .out = nc, .flags = flags};
    lo.xl = aot_alloc(1, sizeof *lo.xl);
    nc->pieces = aot_alloc(p->n_insns, sizeof *nc->pieces);
    for (uint32_t i = 0; i < p->n_blocks; i++)
        lower_parts(&lo, &p->blocks[i]);
    free(lo.xl);
}
