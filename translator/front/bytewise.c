/* SPDX-License-Identifier: MIT
 * Loads and stores that have been misaligned before (front/misaligned.h), byte by byte: right at
 * every address, at the price of a few cycles where it is aligned. What leaves RAM half-way traps
 * as any access does: the stores before it are in the undo log.
 */
#include "translator/xlate_impl.h"

enum { BYTEWISE_INS = 10 }; /* IR instructions, at most: four loads, three shifts, three ors */

static void load(struct ir_block *b, const struct rv_insn *i, uint32_t bytes) {
    uint32_t a = b->value[i->rs1], imm = (uint32_t)i->imm;
    uint32_t sum = ir_emit(b, IR_LBU, 0, a, 0, imm);
    for (uint32_t n = 1; n < bytes; n++) {
        bool is_last = n == bytes - 1;
        uint32_t byte = ir_emit(b, is_last && i->op == RV_LH ? IR_LB : IR_LBU, 0, a, 0, imm + n);
        if (i->rd == 0) /* for its traps alone */
            continue;
        uint32_t part = ir_emit(b, IR_SLLI, 0, byte, 0, 8 * n);
        sum = ir_emit(b, IR_OR, is_last ? i->rd : 0, sum, part, 0);
    }
}

static void store(struct ir_block *b, const struct rv_insn *i, uint32_t bytes) {
    uint32_t a = b->value[i->rs1], v = b->value[i->rs2], imm = (uint32_t)i->imm;
    ir_emit(b, IR_SB, 0, a, v, imm);
    for (uint32_t n = 1; n < bytes; n++) {
        uint32_t part = v != 0 ? ir_emit(b, IR_SRLI, 0, v, 0, 8 * n) : 0;
        ir_emit(b, IR_SB, 0, a, part, imm + n);
    }
}

enum lift lift_bytewise(struct ir_block *b, const struct rv_insn *i, uint32_t pc,
                        uint32_t insns_left) {
    uint32_t bytes = i->op == RV_LW || i->op == RV_SW ? 4 : 2;
    bool is_load = i->op == RV_LW || i->op == RV_LH || i->op == RV_LHU;
    if (!is_load && i->op != RV_SW && i->op != RV_SH) /* the code has changed since */
        return lift_in_room(b, rv_fields_of(i), pc);
    if (!ir_room(b, BYTEWISE_INS + insns_left + LIFT_ROOM))
        return LIFT_FULL;
    if (is_load)
        load(b, i, bytes);
    else
        store(b, i, bytes);
    return LIFT_DONE;
}
