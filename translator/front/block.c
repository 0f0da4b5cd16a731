/* SPDX-License-Identifier: MIT
 * Region choice of gear 1 and its lifting: guest instructions from guest_pc on, up to and with a
 * branch or jump, or up to what gear 1 leaves to the interpreter, the end of RAM, or max_insns. */
#include "translator/xlate_impl.h"

/* Jumps to addresses that are no multiple of 4 are left to the interpreter, which refuses them. */
static bool is_misaligned(const struct rv_insn *i) {
    return (i->imm & 2) != 0 && i->op != RV_JALR;
}

/* Closes the block with the control transfer at pc. */
static void lift_control(struct xl *xl, const struct xl_request *rq, const struct rv_insn *i,
                         uint32_t pc) {
    struct ir_block *b = &xl->ir;
    uint32_t target = pc + (uint32_t)i->imm, a = b->value[i->rs1], c = b->value[i->rs2], base;
    if (i->op == RV_JAL || i->op == RV_JALR) {
        bool direct = i->op == RV_JAL;
        if (!direct && !b->no_fold && lift_known(b, a, &base)) {
            target = (base + (uint32_t)i->imm) & ~1u;
            direct = true;
        }
        if (!direct && i->imm != 0)
            a = ir_emit(b, IR_ADDI, 0, a, 0, (uint32_t)i->imm);
        if (i->rd != 0)
            lift_const(b, i->rd, pc + 4);
        if (direct)
            ir_emit(b, IR_GOTO, 0, 0, 0, target);
        else
            ir_emit(b, IR_INDIRECT, 0, a, 0, 0);
        return;
    }
    bool likely = rq->likely_taken < 0 ? i->imm < 0 : rq->likely_taken != 0;
    ir_emit_branch(b, lift_branch_op((enum rv_op)i->op), a, c, target, likely);
}

/* Fills xl->ir, n_insns and next_pc. Cost: one decode and one or two IR instructions each. */
enum xl_bail lift_block(struct xl *xl, const struct xl_request *rq, uint32_t max_insns) {
    uint32_t pc = rq->guest_pc, offset = pc - rq->mem->base, n = 0;
    struct rv_insn insn;
    ir_begin(&xl->ir, pc);
    xl->ir.no_fold = (rq->flags & XL_NO_FOLD) != 0;
    if ((pc & 3) != 0 || offset >= rq->mem->bytes || rq->mem->bytes - offset < 4)
        return XL_BAIL_FETCH;
    if (max_insns > (rq->mem->bytes - offset) / 4)
        max_insns = (rq->mem->bytes - offset) / 4;
    const uint32_t *words = (const uint32_t *)(const void *)(rq->mem->ram + offset);
    enum lift did = LIFT_DONE;
    for (; n < max_insns; n++, pc += 4) {
        rv_decode(words[n], &insn);
        if (insn.length != 4) {
            did = LIFT_REFUSED;
            break;
        }
        did = lift_insn(&xl->ir, &insn, pc);
        if (XL_UNLIKELY(did != LIFT_DONE))
            break;
    }
    xl->next_pc = pc;
    if (did == LIFT_CONTROL && !is_misaligned(&insn)) {
        xl->next_pc = pc + 4;
        lift_control(xl, rq, &insn, pc);
        n++;
    } else {
        ir_emit(&xl->ir, IR_GOTO, 0, 0, 0, pc);
    }
    xl->n_insns = n;
    return n == 0 ? XL_BAIL_FIRST_INSN : XL_OK;
}
