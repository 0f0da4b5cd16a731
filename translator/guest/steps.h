/* SPDX-License-Identifier: MIT
 * Steps of the guest instructions that become several IR operations: form of the table that gen.c
 * makes of rv32.def's column LIFT and front/lift.c reads. */
#ifndef SELKIRK_GUEST_STEPS_H
#define SELKIRK_GUEST_STEPS_H

#include <stdint.h>

enum { LIFT_MAX_STEPS = 32 };

/* Operands: 0, x[rs1], x[rs2], and the results of the steps before, from STEP_RESULT on. */
enum { STEP_ZERO, STEP_RS1, STEP_RS2, STEP_RESULT };

/* What the immediate is made of. */
enum step_imm { STEP_CONST, STEP_IMM, STEP_MINUS_IMM, STEP_BIT_IMM, STEP_NOT_BIT_IMM };

struct lift_step {
    uint8_t op;   /* enum ir_op */
    uint8_t a, b; /* operands */
    uint8_t how;  /* enum step_imm */
    uint32_t imm; /* of STEP_CONST */
};

static inline uint32_t step_imm(const struct lift_step *s, uint32_t insn_imm) {
    switch ((enum step_imm)s->how) {
    case STEP_CONST:
        break;
    case STEP_IMM:
        return insn_imm;
    case STEP_MINUS_IMM:
        return (0u - insn_imm) & 31u;
    case STEP_BIT_IMM:
        return 1u << (insn_imm & 31u);
    case STEP_NOT_BIT_IMM:
        return ~(1u << (insn_imm & 31u));
    }
    return s->imm;
}

#endif
