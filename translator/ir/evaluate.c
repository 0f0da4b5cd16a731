/* SPDX-License-Identifier: MIT
 * What an IR operation computes: what rtl/machine/ops.def says of the native operation that ir.def
 * makes of it. Semantics are stated there alone. */
#include "machine.h"
#include "translator/ir/ir.h"

#define SIDE 0u /* not computed from the operands */
#define OP(NAME, mnemonic, opcode, format, unit, slots, flags, semantics, description)             \
    static inline uint32_t result_of_##NAME(uint32_t a, uint32_t b, uint32_t imm) {                \
        (void)a, (void)b, (void)imm;                                                               \
        return semantics;                                                                          \
    }
#include "rtl/machine/ops.def"
#undef OP
#undef SIDE

/* Not inlined: who asks does so for rare cases. */
__attribute__((noinline)) uint32_t ir_evaluate(enum ir_op op, uint32_t a, uint32_t b,
                                               uint32_t imm) {
    switch (op) {
#define IR(NAME, text, NATIVE, KIND, flags)                                                        \
    case IR_##NAME:                                                                                \
        return IRK_##KIND == IRK_RR || IRK_##KIND == IRK_RI ? result_of_##NATIVE(a, b, imm) : 0;
#include "translator/ir/ir.def"
#undef IR
    default:
        return 0;
    }
}
