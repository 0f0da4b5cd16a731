/* SPDX-License-Identifier: MIT
 * How the scheduler writes what it has placed. The same scheduler (schedule.h, close.h) is compiled
 * twice: gear 1 encodes at once (fused.c), the list of passes stores the scheduled form (list.c,
 * which defines SCHED_TO_FORM). Only this file knows the difference:
 *
 *   native_op     an operation: a word, or a struct vop_fields
 *   third         what an operation has besides opcode, rd and rs1: its bits, or numbers
 *   put_op ...    to its cycle and slot
 *
 * opcode is a constant or a byte of sched_word, rd a register of the slot's own bank, or 0. */
#ifndef SELKIRK_SCHED_WRITE_H
#define SELKIRK_SCHED_WRITE_H

#include "machine.h"
#include "translator/xlate_impl.h"

#define SCHED_INLINE static inline __attribute__((always_inline))

#ifdef SCHED_TO_FORM

#include "translator/sched/form.h"

typedef struct vop_fields native_op;
typedef struct {
    uint8_t rs2;
    int32_t imm;
} third;

SCHED_INLINE third third_reg(uint32_t rs2) {
    return (third){(uint8_t)rs2, 0};
}
SCHED_INLINE third third_imm(uint32_t imm) {
    return (third){0, (int32_t)imm};
}
SCHED_INLINE third third_and_reg(third c, uint32_t rs2) {
    return (third){(uint8_t)rs2, c.imm};
}
SCHED_INLINE third third_long(uint32_t imm) {
    return third_imm(imm);
}
SCHED_INLINE third third_csr(uint32_t csr) {
    return third_imm(csr);
}

SCHED_INLINE native_op op_with(uint32_t opcode, uint32_t rd, uint32_t rs1, third c) {
    return (native_op){(enum vop)opcode_to_vop[opcode], (uint8_t)rd, (uint8_t)rs1, c.rs2, 0, c.imm};
}
SCHED_INLINE native_op op_store(uint32_t opcode, uint32_t rs1, uint32_t rs2, uint32_t imm) {
    return op_with(opcode, 0, rs1, (third){(uint8_t)rs2, (int32_t)imm});
}
SCHED_INLINE native_op op_branch(uint32_t opcode, uint32_t predicted, uint32_t rs1, uint32_t rs2,
                                 uint32_t offset) {
    native_op op = op_store(opcode, rs1, rs2, offset);
    op.pred = (uint8_t)predicted;
    return op;
}

SCHED_INLINE void put_op(struct xl *xl, uint32_t t, uint32_t slot, native_op op) {
    *form_at(xl->form, t, slot) = op;
}
/* The literal of the li32 that is there. */
SCHED_INLINE void put_literal(struct xl *xl, uint32_t t, uint32_t slot, uint32_t literal) {
    form_at(xl->form, t, slot)->imm = (int32_t)literal;
}
/* Register that the operation there writes. */
SCHED_INLINE uint32_t written_at(const struct xl *xl, uint32_t t, uint32_t slot) {
    return form_at(xl->form, t, slot)->rd;
}

#else

/* Fields of the formats that are written here, by the tables: LSB_<format>_<operand>_<lowest bit>.
 */
enum {
#define FORMAT(NAME, text)
#define FIELD(format, operand, lsb, width, operand_lsb)                                            \
    LSB_##format##_##operand##_##operand_lsb = (lsb),                                              \
    WIDTH_##format##_##operand##_##operand_lsb = (width),
#define OPERAND_KIND(format, operand, kind)
#define RESERVED(format, name, lsb, width, slots, text)
#include "rtl/machine/formats.def"
#undef RESERVED
#undef FORMAT
#undef FIELD
#undef OPERAND_KIND
};
_Static_assert(LSB_U_rd_0 == LSB_R_rd_0 && LSB_CR_rd_0 == LSB_R_rd_0 && LSB_D_rd_0 == LSB_R_rd_0,
               "one place for rd");
_Static_assert(LSB_I_rd_0 == LSB_R_rd_0 && LSB_I_rs1_0 == LSB_R_rs1_0, "one place for rd and rs1");
_Static_assert(LSB_I_imm_0 + WIDTH_I_imm_0 == 32, "the shift cuts the immediate");
_Static_assert(LSB_S_imm_RD_BITS + WIDTH_S_imm_RD_BITS == 32 && LSB_S_rs1_0 == LSB_R_rs1_0,
               "store");
_Static_assert(LSB_U_imm_0 + WIDTH_U_imm_0 == 32 && LSB_X_imm_0 == LSB_U_imm_0, "long immediates");
_Static_assert(LSB_CR_imm_0 == LSB_CW_imm_0, "control registers");

typedef uint32_t native_op;
typedef uint32_t third;

SCHED_INLINE third third_reg(uint32_t rs2) {
    return rs2 << LSB_R_rs2_0;
}
SCHED_INLINE third third_imm(uint32_t imm) {
    return imm << LSB_I_imm_0;
}
/* c of an operation that has registers alone, or rs2 is 0. */
SCHED_INLINE third third_and_reg(third c, uint32_t rs2) {
    return c | third_reg(rs2);
}
SCHED_INLINE third third_long(uint32_t imm) {
    return imm << LSB_U_imm_0;
}
SCHED_INLINE third third_csr(uint32_t csr) {
    return csr << LSB_CR_imm_0;
}

/* rd's bank is the slot. */
SCHED_INLINE native_op op_with(uint32_t opcode, uint32_t rd, uint32_t rs1, third c) {
    return opcode | rd / SLOT_COUNT << LSB_R_rd_0 | rs1 << LSB_R_rs1_0 | c;
}
SCHED_INLINE native_op op_store(uint32_t opcode, uint32_t rs1, uint32_t rs2, uint32_t imm) {
    return opcode | rs1 << LSB_S_rs1_0 | rs2 << LSB_S_rs2_0 |
           (imm & ((1u << WIDTH_S_imm_0) - 1)) << LSB_S_imm_0 | imm >> RD_BITS << LSB_S_imm_RD_BITS;
}
SCHED_INLINE native_op op_branch(uint32_t opcode, uint32_t predicted, uint32_t rs1, uint32_t rs2,
                                 uint32_t offset) {
    return opcode | predicted << LSB_B_pred_0 | rs1 << LSB_B_rs1_0 | rs2 << LSB_B_rs2_0 |
           (offset & ((1u << WIDTH_B_imm_0) - 1)) << LSB_B_imm_0 |
           offset >> PRED_BITS << LSB_B_imm_PRED_BITS;
}

SCHED_INLINE void put_op(struct xl *xl, uint32_t t, uint32_t slot, native_op op) {
    xl->code[t * XL_SLOTS + slot] = op;
}
SCHED_INLINE void put_literal(struct xl *xl, uint32_t t, uint32_t slot, uint32_t literal) {
    xl->code[t * XL_SLOTS + slot + 1] = literal;
}
SCHED_INLINE uint32_t written_at(const struct xl *xl, uint32_t t, uint32_t slot) {
    return (xl->code[t * XL_SLOTS + slot] >> LSB_R_rd_0 & ((1u << RD_BITS) - 1)) * XL_SLOTS + slot;
}

#endif

/* Operations without third, and those with a long immediate, which have no rs1. */
SCHED_INLINE native_op op_plain(uint32_t opcode, uint32_t rd, uint32_t rs1) {
    return op_with(opcode, rd, rs1, third_reg(0));
}
SCHED_INLINE native_op op_long(uint32_t opcode, uint32_t rd, uint32_t imm) {
    return op_with(opcode, rd, 0, third_long(imm));
}

#endif
