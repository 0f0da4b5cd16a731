/* SPDX-License-Identifier: MIT
 * Region choice of gear 1 and its lifting: guest instructions from guest_pc on, up to and with a
 * branch or jump, or up to what gear 1 leaves to the interpreter, a site of rq->sites, the end
 * (rq->end, or that of RAM), or max_insns. Compressed instructions are expanded by the decoder; here only lengths count.
 */
#include "translator/front/fetch.h"
#include "translator/front/misaligned.h"
#include "translator/front/sites.h"
#include "translator/xlate_impl.h"

/* Closes the block with the control transfer at pc, which ends at xl->next_pc. */
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
            lift_const(b, i->rd, xl->next_pc);
        if (direct)
            ir_emit(b, IR_GOTO, 0, 0, 0, target);
        else
            ir_emit(b, IR_INDIRECT, 0, a, 0, 0);
        return;
    }
    bool likely = rq->likely_taken < 0 ? i->imm < 0 : rq->likely_taken != 0;
    ir_emit_branch(b, lift_branch_op((enum rv_op)i->op), a, c, target, likely);
}

/* The instruction at pc where it may reach over the end, or some around it are known (for the
 * interpreter, or as misaligned), or what it touches is to be checked. */
static __attribute__((noinline)) enum lift lift_with_care(struct xl *xl,
                                                          const struct xl_request *rq, uint32_t pc,
                                                          const struct rv_insn *insn, uint32_t left,
                                                          uint32_t insns_left) {
    uint32_t first = xl->ir.n;
    if (insn->length > left)
        return LIFT_REFUSED;
    if (rq->sites != NULL && site_has(rq->sites, rq->mem, pc))
        return LIFT_REFUSED;
    bool is_misaligned = rq->misaligned != NULL && misaligned_has(rq->misaligned, pc);
    if (rq->data != NULL && is_misaligned && rq->data->has_seams)
        return LIFT_REFUSED;
    if (rq->data != NULL && !rights_has_room(xl))
        return LIFT_FULL;
    enum lift did = is_misaligned ? lift_bytewise(&xl->ir, insn, pc, insns_left)
                                  : lift_in_room(&xl->ir, insn, pc);
    if (rq->data != NULL && did == LIFT_DONE)
        rights_note(xl, rq->data, first);
    return did;
}

/* How many instructions the block may have, after its n-th has become so many IR instructions: two
 * of these take as long to translate as another instruction. */
static uint32_t max_insns_after(uint32_t max_insns, uint32_t n, uint32_t n_ins) {
    uint32_t others = n_ins / 2;
    return others < max_insns - n ? max_insns - others : n + 1;
}

/* An instruction of several IR instructions, the block's n-th: if it takes as long to translate as
 * all that the block may still have, it begins the next block. */
static __attribute__((noinline)) enum lift lift_in_time(struct xl *xl, const struct rv_insn *insn,
                                                        uint32_t n, uint32_t *max_insns) {
    uint32_t n_ins = lift_ins_of(insn);
    if (n != 0 && n_ins / 2 >= *max_insns - n)
        return LIFT_FULL;
    *max_insns = max_insns_after(*max_insns, n, n_ins);
    return lift_many(&xl->ir, insn);
}

_Static_assert(XL_MAX_INSNS + LIFT_ROOM <= IR_MAX_INS, "each adds one at most, the last LIFT_ROOM");

void lift_begin(struct xl *xl, const struct xl_request *rq, uint32_t max_insns) {
    ir_begin(&xl->ir, rq->guest_pc);
    xl->ir.no_fold = (rq->flags & XL_NO_FOLD) != 0;
    xl->rights.n = xl->rights.n_ins = 0;
    xl->rights.is_denied = false;
    xl->max_insns = max_insns;
    xl->n_insns = 0;
    xl->next_pc = rq->guest_pc;
}

/* Fills xl->ir, n_insns and next_pc. Cost: one decode and nearly always one IR instruction each. */
enum xl_bail lift_some(struct xl *xl, const struct xl_request *rq, uint32_t work) {
    const struct guest_mem *mem = rq->mem;
    /* instructions with fewer bytes than this to the end are lifted with care */
    bool is_careful = rq->sites != NULL || rq->misaligned != NULL || rq->data != NULL;
    uint32_t careful = is_careful ? UINT32_MAX : 4;
    uint32_t pc = xl->next_pc, end = rq->end != 0 ? rq->end : mem->base + mem->bytes;
    uint32_t n = xl->n_insns;
    uint32_t limit = work < xl->max_insns - n ? n + work : xl->max_insns;
    const uint8_t *ram = mem->ram + (pc - mem->base);
    struct rv_insn insn;
    if (XL_UNLIKELY((pc & 1) != 0 || pc - mem->base >= mem->bytes || mem->bytes < 4))
        return XL_BAIL_FETCH;
    enum lift did = LIFT_DONE;
    for (; n < limit && pc != end; n++) {
        rv_decode(fetch_insn(ram, end - pc), &insn);
        if (XL_UNLIKELY(end - pc < careful)) {
            uint32_t before = xl->ir.n + xl->rights.n_ins;
            did = lift_with_care(xl, rq, pc, &insn, end - pc, xl->max_insns - n);
            uint32_t n_ins = xl->ir.n + xl->rights.n_ins - before;
            xl->max_insns = max_insns_after(xl->max_insns, n, n_ins);
            limit = max_insns_after(limit, n, n_ins);
        } else
            did = lift_in_room(&xl->ir, &insn, pc);
        if (XL_UNLIKELY(did != LIFT_DONE)) {
            if (did == LIFT_MANY)
                did = lift_in_time(xl, &insn, n, &limit);
            if (did != LIFT_DONE)
                break;
        }
        pc += insn.length;
        ram += insn.length;
    }
    xl->next_pc = pc;
    if (XL_UNLIKELY(did == LIFT_DONE && n < xl->max_insns && pc != end)) {
        xl->n_insns = n;
        return XL_MORE;
    }
    if (XL_UNLIKELY(rq->data != NULL))
        rights_emit(xl, rq->data);
    if (XL_LIKELY(did == LIFT_CONTROL)) {
        xl->next_pc = pc + insn.length;
        lift_control(xl, rq, &insn, pc);
        n++;
    } else {
        ir_emit(&xl->ir, IR_GOTO, 0, 0, 0, pc);
    }
    xl->n_insns = n;
    return n == 0 ? XL_BAIL_FIRST_INSN : XL_OK;
}

enum xl_bail lift_block(struct xl *xl, const struct xl_request *rq, uint32_t max_insns) {
    lift_begin(xl, rq, max_insns);
    return lift_some(xl, rq, XL_ALL);
}
