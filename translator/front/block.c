/* SPDX-License-Identifier: MIT
 * Region choice of gear 1 and its lifting: guest instructions from guest_pc on, up to and with a
 * branch or jump, or up to what gear 1 leaves to the interpreter, a site of rq->sites, the end
 * (rq->end, or that of RAM), or max_insns. Compressed instructions are expanded by the decoder;
 * here only lengths count.
 */
#include "translator/front/fetch.h"
#include "translator/front/misaligned.h"
#include "translator/front/sites.h"
#include "translator/xlate_impl.h"

/* Closes the block with the control transfer at pc, which ends at xl->next_pc. */
static void lift_control(struct xl *xl, const struct xl_request *rq, struct rv_fields f,
                         uint32_t pc) {
    struct ir_block *b = &xl->ir;
    const enum rv_op op = (enum rv_op)(f.head & 0xff);
    uint32_t target = pc + (uint32_t)f.imm, base;
    uint32_t a = b->value[f.head >> 16 & 0xff], rd = f.head >> 8 & 0xff;
    if (op == RV_JAL || op == RV_JALR) {
        bool direct = op == RV_JAL;
        if (!direct && !b->no_fold && lift_known(b, a, &base)) {
            target = (base + (uint32_t)f.imm) & ~1u;
            direct = true;
        }
        if (!direct && f.imm != 0)
            a = ir_emit(b, IR_ADDI, 0, a, 0, (uint32_t)f.imm);
        if (rd != 0)
            lift_const(b, rd, xl->next_pc);
        if (direct)
            ir_emit(b, IR_GOTO, 0, 0, 0, target);
        else
            ir_emit(b, IR_INDIRECT, 0, a, 0, 0);
        return;
    }
    bool likely = rq->likely_taken < 0 ? f.imm < 0 : rq->likely_taken != 0;
    ir_emit_branch(b, lift_branch_op(op), a, b->value[f.head >> 24], target, likely);
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
                                  : lift_in_room(&xl->ir, rv_fields_of(insn), pc);
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
 * all that the block may still have, it begins the next block. limit: the slice's. */
static __attribute__((noinline)) enum lift lift_in_time(struct xl *xl, const struct rv_insn *insn,
                                                        uint32_t n, uint32_t *limit) {
    uint32_t n_ins = lift_ins_of(insn);
    if (n != 0 && n_ins / 2 >= xl->max_insns - n)
        return LIFT_FULL;
    xl->max_insns = max_insns_after(xl->max_insns, n, n_ins);
    *limit = max_insns_after(*limit, n, n_ins);
    return lift_many(&xl->ir, insn);
}

_Static_assert(XL_MAX_INSNS + LIFT_ROOM <= IR_MAX_INS, "each adds one at most, the last LIFT_ROOM");

void lift_begin(struct xl *xl, const struct xl_request *rq, uint32_t max_insns) {
    ir_begin(&xl->ir, rq->guest_pc);
    xl->ir.no_fold = (rq->flags & XL_NO_FOLD) != 0;
    xl->max_insns = max_insns;
    if (XL_UNLIKELY(rq->data != NULL))
        rights_begin(xl, rq->n_tried);
    xl->n_insns = 0;
    xl->next_pc = rq->guest_pc;
}

/* With care. Instructions with fewer bytes than `careful` to the end are looked at one by one. */
static __attribute__((noinline)) enum lift lift_slowly(struct xl *xl, const struct xl_request *rq,
                                                       uint32_t end, uint32_t limit,
                                                       struct lift_stop *at) {
    bool is_careful = rq->sites != NULL || rq->misaligned != NULL || rq->data != NULL;
    uint32_t careful = is_careful ? UINT32_MAX : 4, pc = xl->next_pc, n = xl->n_insns;
    const uint8_t *ram = rq->mem->ram + (pc - rq->mem->base);
    enum lift did = LIFT_DONE;
    struct rv_insn insn;
    for (; n < limit && pc != end; n++) {
        rv_decode(fetch_insn(ram, end - pc), &insn);
        uint32_t n_ir = xl->ir.n, a = xl->ir.value[insn.rs1], c = xl->ir.value[insn.rs2];
        if (end - pc < careful) {
            uint32_t before = xl->ir.n + xl->rights.n_ins;
            did = lift_with_care(xl, rq, pc, &insn, end - pc, xl->max_insns - n);
            uint32_t n_ins = xl->ir.n + xl->rights.n_ins - before;
            xl->max_insns = max_insns_after(xl->max_insns, n, n_ins);
            limit = max_insns_after(limit, n, n_ins);
        } else
            did = lift_in_room(&xl->ir, rv_fields_of(&insn), pc);
        if (did == LIFT_MANY)
            did = lift_in_time(xl, &insn, n, &limit);
        if (did != LIFT_DONE) {
            *at = (struct lift_stop){rv_fields_of(&insn), insn.length};
            break;
        }
        if ((rq->flags & XL_NOTE_PCS) != 0)
            baked_lifted(xl, &insn, n_ir, a, c);
        pc += insn.length;
        ram += insn.length;
    }
    xl->next_pc = pc;
    xl->n_insns = n;
    return did;
}

/* The rest of the block is lifted, up to what stopped it. */
static enum xl_bail close_block(struct xl *xl, const struct xl_request *rq, enum lift did,
                                const struct lift_stop *at) {
    if (XL_LIKELY(did == LIFT_CONTROL)) {
        uint32_t pc = xl->next_pc;
        xl->next_pc = pc + at->length;
        lift_control(xl, rq, at->insn, pc);
        xl->n_insns++;
        return XL_OK;
    }
    ir_emit(&xl->ir, IR_GOTO, 0, 0, 0, xl->next_pc);
    return xl->n_insns == 0 ? XL_BAIL_FIRST_INSN : XL_OK;
}

/* When not all is as usual. */
static __attribute__((noinline)) enum xl_bail
lift_unusual(struct xl *xl, const struct xl_request *rq, uint32_t end, uint32_t left) {
    const struct guest_mem *mem = rq->mem;
    struct lift_stop at;
    if ((xl->next_pc & 1) != 0 || xl->next_pc - mem->base >= mem->bytes || mem->bytes < 4)
        return XL_BAIL_FETCH;
    if ((rq->flags & XL_NOTE_PCS) != 0 && xl->n_insns == 0)
        baked_begin(xl);
    enum lift did = lift_slowly(xl, rq, end, xl->n_insns + left, &at);
    if (did == LIFT_DONE && xl->n_insns < xl->max_insns && xl->next_pc != end)
        return XL_MORE;
    if (rq->data != NULL)
        rights_emit(xl, rq->data);
    enum xl_bail why = close_block(xl, rq, did, &at);
    if ((rq->flags & XL_NOTE_PCS) != 0 && did == LIFT_CONTROL && (at.insn.head >> 8 & 0xff) != 0)
        baked_mark(xl, xl->ir.n - 2); /* the link */
    return why;
}

/* Fills xl->ir, n_insns and next_pc. Cost: one decode and nearly always one IR instruction each.
 * All questions are asked at once, since a branch of the firmware's waits for its load. */
enum xl_bail lift_some(struct xl *xl, const struct xl_request *rq, uint32_t work) {
    const struct guest_mem *mem = rq->mem;
    uintptr_t care = (uintptr_t)rq->sites | (uintptr_t)rq->misaligned | (uintptr_t)rq->data;
    uint32_t pc = xl->next_pc, base = mem->base, bytes = mem->bytes;
    uint32_t end = rq->end != 0 ? rq->end : base + bytes, left = xl->max_insns - xl->n_insns;
    struct lift_stop at;
    left = work < left ? work : left;
    bool is_usual = (care == 0) & ((pc & 1) == 0) & (pc - base < bytes) & !xl->ir.no_fold &
                    (end - pc >= 4 * left) & (bytes >= 4) & ((rq->flags & XL_NOTE_PCS) == 0);
    if (XL_UNLIKELY(!is_usual))
        return lift_unusual(xl, rq, end, left);
    enum lift did = lift_quickly(xl, mem, left, &at);
    if (XL_UNLIKELY(did == LIFT_MANY))
        return lift_unusual(
            xl, rq, end, work < xl->max_insns - xl->n_insns ? work : xl->max_insns - xl->n_insns);
    if (XL_UNLIKELY(did == LIFT_DONE && xl->n_insns < xl->max_insns && xl->next_pc != end))
        return XL_MORE;
    return close_block(xl, rq, did, &at);
}

enum xl_bail lift_block(struct xl *xl, const struct xl_request *rq, uint32_t max_insns) {
    lift_begin(xl, rq, max_insns);
    return lift_some(xl, rq, XL_ALL);
}
