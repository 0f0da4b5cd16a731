/* SPDX-License-Identifier: MIT
 * The IR's verifier: every rule of ir.h and ir.def, and the operands each kind of operation has,
 * which printer and parser share. Workstation only. */
#include "translator/ir/text.h"

const struct ir_shape ir_shapes[IRK_NONE + 1] = {
    [IRK_RR] = {.a = 1, .b = 1},
    [IRK_RI] = {.a = 1, .imm = 1, .imm_bits = 15},
    [IRK_LOAD] = {.a = 1, .imm = 1, .imm_bits = 15},
    [IRK_STORE] = {.a = 1, .b = 1, .imm = 1, .imm_bits = 13},
    [IRK_DIV] = {.a = 1, .b = 1},
    [IRK_CONST] = {.imm = 1, .hex = 1},
    [IRK_ADDR] = {.imm = 1, .hex = 1},
    [IRK_COPY] = {.a = 1},
    [IRK_CSRR] = {.imm = 1, .hex = 1, .imm_max = 0x7fff},
    [IRK_CSRW] = {.a = 1, .imm = 1, .hex = 1, .imm_max = 0x7fff},
    [IRK_RDH] = {.a = 1},
    [IRK_WRH] = {.a = 1, .b = 1},
    [IRK_COMMIT] = {.imm = 1, .hex = 1, .imm_max = 0x1fffff},
    [IRK_WAIT] = {.imm = 1, .hex = 1, .imm_max = 0x1fffff},
    [IRK_BCC] = {.a = 1, .b = 1, .imm = 1, .hex = 1},
    [IRK_JUMP] = {.imm = 1, .hex = 1},
    [IRK_JUMPR] = {.a = 1},
    [IRK_GOTO] = {.imm = 1, .hex = 1},
    [IRK_INDIRECT] = {.a = 1},
    [IRK_ENTER] = {.a = 1},
    [IRK_EXIT] = {.imm = 1, .hex = 1, .imm_max = 0x1fffff},
};

static const char *check_operand(const struct ir_block *b, uint32_t at, uint32_t v) {
    if (v < IR_FIRST)
        return NULL;
    if (v - IR_FIRST >= at)
        return "operand that is not computed before";
    uint32_t op = b->ins[v - IR_FIRST].op;
    if (!(ir_flags[op] & IRF_RESULT) || op == IR_COPY)
        return "operand without a value";
    return NULL;
}

static const char *check_imm(const struct ir_ins *in, struct ir_shape s) {
    uint32_t half = s.imm_bits != 0 ? 1u << (s.imm_bits - 1) : 0;
    if (!s.imm && in->imm != 0)
        return "immediate where there is none";
    if (half != 0 && in->imm + half >= 2 * half)
        return "immediate does not fit";
    if (s.imm_max != 0 && in->imm > s.imm_max)
        return "immediate does not fit";
    if (in->op >= IR_SLLI && in->op <= IR_SRAI && in->imm > 31)
        return "shift by more than 31";
    return NULL;
}

static const char *check_dst(const struct ir_ins *in) {
    if (ir_kind[in->op] == IRK_BCC)
        return in->dst > 1 ? "prediction is 0 or 1" : NULL;
    if (in->dst > 31)
        return "no such register";
    if (in->dst != 0 && !(ir_flags[in->op] & IRF_RESULT))
        return "register for an operation without result";
    return NULL;
}

const char *ir_check(const struct ir_block *b) {
    if (b->n == 0 || b->n > IR_MAX_INS)
        return "number of instructions";
    for (uint32_t i = 0; i < b->n; i++) {
        const struct ir_ins *in = &b->ins[i];
        if (in->op > IR_NONE)
            return "no such operation";
        struct ir_shape s = ir_shapes[ir_kind[in->op]];
        if (in->op == IR_NONE)
            continue;
        if ((!s.a && in->a != 0) || (!s.b && in->b != 0))
            return "operand where there is none";
        const char *bad = check_operand(b, i, in->a);
        if (bad == NULL)
            bad = check_operand(b, i, in->b);
        if (bad == NULL)
            bad = check_imm(in, s);
        if (bad == NULL)
            bad = check_dst(in);
        if (bad != NULL)
            return bad;
        if (((ir_flags[in->op] & IRF_END) != 0) != (i == b->n - 1))
            return i == b->n - 1 ? "block does not end" : "instruction after the end";
    }
    return NULL;
}
