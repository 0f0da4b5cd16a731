/* SPDX-License-Identifier: MIT
 * Sums with constants. What adds a constant to a sum of a value and a constant, and
 * loads and stores whose base is such a sum, take the value itself and both constants at once, when
 * their immediate field has room: native immediates are wider than RISC-V's, so that the addresses
 * of most tables fit into the access. Nothing waits for the first sum then.
 */
#include "machine.h"
#include "translator/passes.h"

static bool fits(uint32_t imm, uint32_t bits) {
    return (imm + (1u << (bits - 1))) >> bits == 0;
}

/* Bits of the signed immediate of an instruction that adds it to operand a; 0: it does not. */
static uint32_t imm_bits(const struct ir_ins *in) {
    if (ir_kind[in->op] == IRK_STORE)
        return FORMAT_S_IMM_BITS;
    return ir_kind[in->op] == IRK_LOAD || in->op == IR_ADDI ? FORMAT_I_IMM_BITS : 0;
}

/* Is v the sum of *base, which may be 0, and *sum? */
static bool is_sum(const struct ir_block *b, uint32_t v, uint32_t *base, uint32_t *sum) {
    if (v < IR_FIRST)
        return false;
    const struct ir_ins *in = &b->ins[v - IR_FIRST];
    *base = in->a;
    *sum = in->imm;
    return in->op == IR_ADDI || in->op == IR_CONST;
}

uint32_t pass_address(struct pass_work *w) {
    struct ir_block *b = &w->xl.ir;
    uint32_t n = 0;
    for (uint32_t i = 0; i < b->n; i++) {
        struct ir_ins *in = &b->ins[i];
        uint32_t bits = imm_bits(in), base, sum;
        while (bits != 0 && is_sum(b, in->a, &base, &sum) && fits(in->imm + sum, bits)) {
            b->uses[in->a]--;
            b->uses[base]++;
            in->a = (uint8_t)base;
            in->imm += sum;
            n++;
        }
    }
    return n;
}
