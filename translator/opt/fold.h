/* SPDX-License-Identifier: MIT
 * Rules of folding: what an operation becomes when operands are known constants. Used by the pass
 * (opt/fold.c: IR -> IR) and by gear 1's lifting (front/lift.c), which folds while it lifts.
 *
 * Obligations of a rule:
 *  1. What it gives computes the same as ops.def says of the operation, whatever the operands hold
 *     that are not known. Constants are computed by ir_evaluate, from ops.def.
 *  2. It looks at operations of kind RR and RI alone: no loads, divisions, nothing with an effect.
 *  3. It gives a CONST, a COPY of an operand, or an RR or RI operation of the same operands; an
 *     immediate fits the I format.
 *  4. Where nothing applies it gives the operation itself.
 *  5. Whoever asks keeps the destination: a register's last definition stays one, and a COPY's
 *     readers read what it copies.
 * All slots add, few shift: a shift left by one becomes an addition. */
#ifndef SELKIRK_OPT_FOLD_H
#define SELKIRK_OPT_FOLD_H

#include "machine.h"
#include "translator/ir/ir.h"

/* What is known of an operand. */
struct fold_value {
    bool is_known;
    uint32_t is;
};

static inline struct ir_ins fold_const(uint32_t c) {
    return (struct ir_ins){.op = IR_CONST, .imm = c};
}

static inline bool fold_fits(uint32_t imm) {
    return imm - (uint32_t)FORMAT_I_IMM_MIN <=
           (uint32_t)FORMAT_I_IMM_MAX - (uint32_t)FORMAT_I_IMM_MIN;
}

/* a op 0 is a. */
static inline bool fold_copies_at_0(uint32_t op) {
    return op == IR_ADDI || op == IR_ORI || op == IR_XORI || (op >= IR_SLLI && op <= IR_SRAI);
}

/* a op imm. */
static inline struct ir_ins fold_imm(uint32_t op, uint32_t a, struct fold_value known,
                                     uint32_t imm) {
    if (known.is_known)
        return fold_const(ir_evaluate((enum ir_op)op, known.is, 0, imm));
    if (imm == 0 && fold_copies_at_0(op))
        return (struct ir_ins){.op = IR_COPY, .a = (uint8_t)a};
    if (imm == 1 && op == IR_SLLI)
        return (struct ir_ins){.op = IR_ADD, .a = (uint8_t)a, .b = (uint8_t)a};
    return (struct ir_ins){.op = (uint8_t)op, .a = (uint8_t)a, .imm = imm};
}

/* The operation with an immediate for its second operand; IR_NONE: there is none. */
static inline uint32_t fold_imm_op(uint32_t op) {
    static const uint8_t imm_ops[IR_OP_COUNT] = {
        [IR_ADD] = IR_ADDI, [IR_SUB] = IR_ADDI, [IR_AND] = IR_ANDI,   [IR_OR] = IR_ORI,
        [IR_XOR] = IR_XORI, [IR_SLT] = IR_SLTI, [IR_SLTU] = IR_SLTIU, [IR_SLL] = IR_SLLI,
        [IR_SRL] = IR_SRLI, [IR_SRA] = IR_SRAI};
    return imm_ops[op] != 0 ? imm_ops[op] : IR_NONE;
}

/* a op b, at least one of them known. */
static inline struct ir_ins fold_reg(uint32_t op, uint32_t a, uint32_t b, struct fold_value known_a,
                                     struct fold_value known_b) {
    uint32_t imm_op = fold_imm_op(op), y = known_b.is;
    if (known_a.is_known && known_b.is_known)
        return fold_const(ir_evaluate((enum ir_op)op, known_a.is, known_b.is, 0));
    if (imm_op != IR_NONE && known_b.is_known) {
        if (op == IR_SUB)
            y = 0 - y;
        if (imm_op >= IR_SLLI)
            y &= 31;
        if (fold_fits(y))
            return fold_imm(imm_op, a, known_a, y);
    }
    bool commutes = op == IR_ADD || op == IR_AND || op == IR_OR || op == IR_XOR;
    if (commutes && known_a.is_known && fold_fits(known_a.is))
        return fold_imm(imm_op, b, known_b, known_a.is);
    return (struct ir_ins){.op = (uint8_t)op, .a = (uint8_t)a, .b = (uint8_t)b};
}

#endif
