/* SPDX-License-Identifier: MIT
 * rv32.def as the generator's rows (gen.h). */
#include "translator/guest/gen.h"

#include "translator/guest/values.h"
#include "translator/ir/ir.h"

/* --- EXECUTE: a function for each row */
#define VALUE(x)                                                                                   \
    return (struct gen_executed) {                                                                 \
        KIND_VALUE, false, NULL, (x)                                                               \
    }
#define COMPUTE(x)                                                                                 \
    return (struct gen_executed) {                                                                 \
        KIND_VALUE, false, #x, (x)                                                                 \
    }
#define EXECUTED(kind, is_end)                                                                     \
    return (struct gen_executed) {                                                                 \
        kind, is_end, NULL, 0                                                                      \
    }
#define LOAD(type) EXECUTED(KIND_LOAD, false)
#define STORE(type) EXECUTED(KIND_STORE, false)
#define BRANCH(x) EXECUTED(((void)(x), KIND_BRANCH), true)
#define JUMP(x) EXECUTED(((void)(x), KIND_JUMP), true)
#define NOTHING() EXECUTED(KIND_NOTHING, false)
#define ATOMIC() EXECUTED(KIND_SLOW, false)
#define ACCESS_CSR() EXECUTED(KIND_SLOW, false)
#define SYSTEM() EXECUTED(KIND_SLOW, true)
#define WAIT() EXECUTED(KIND_SLOW, true)
#define EVENT(name) EXECUTED(KIND_SLOW, true)

#define RV(NAME, mnemonic, match, mask, FORMAT, EXECUTE, LIFT)                                     \
    static struct gen_executed execute_##NAME(uint32_t a, uint32_t b, uint32_t imm, uint32_t pc) { \
        (void)a, (void)b, (void)imm, (void)pc;                                                     \
        EXECUTE;                                                                                   \
    }
#include "translator/guest/rv32.def"
#undef RV

/* --- LIFT: a struct for each row */
#define LIFTED(kind_, op_, other_)                                                                 \
    { .kind = (kind_), .op = (op_), .other = (other_) }
#define SAME(OP) LIFTED(LIFTED_SAME, IR_##OP, IR_NONE)
#define RESULT(OP) LIFTED(LIFTED_RESULT, IR_##OP, IR_NONE)
#define WITH_REG(OP, OPI) LIFTED(LIFTED_WITH_REG, IR_##OP, IR_##OPI)
#define WITH_IMM(OPI, OP) LIFTED(LIFTED_WITH_IMM, IR_##OPI, IR_##OP)
#define COPY_IF_0(OPI, OP) WITH_IMM(OPI, OP)
#define CONSTANT LIFTED(LIFTED_CONSTANT, IR_CONST, IR_NONE)
#define PC_CONSTANT CONSTANT
#define CLOSES(OP) LIFTED(LIFTED_CLOSES, IR_##OP, IR_NONE)
#define JUMPS LIFTED(LIFTED_JUMPS, IR_NONE, IR_NONE)
#define NO_CODE LIFTED(LIFTED_NO_CODE, IR_NONE, IR_NONE)
#define INTERPRETED LIFTED(LIFTED_INTERPRETED, IR_NONE, IR_NONE)
#define STEPS(...)                                                                                 \
    {                                                                                              \
        .kind = LIFTED_STEPS, .op = IR_NONE, .other = IR_NONE, .steps = { __VA_ARGS__ }            \
    }
#define RR(OP, x, y) {true, 2, {IR_##OP, (x), (y), STEP_CONST, 0}},
#define RI(OP, x, c) {true, 1, {IR_##OP, (x), 0, STEP_CONST, (uint32_t)(c)}},
#define RX(OP, x, e) {true, 1, {IR_##OP, (x), 0, STEP_##e, 0}},
#define LI(c) {true, 0, {IR_CONST, 0, 0, STEP_CONST, (uint32_t)(c)}},
#define LX(e) {true, 0, {IR_CONST, 0, 0, STEP_##e, 0}},
#define T(n) (STEP_RESULT + (n))
enum { A = STEP_RS1, B = STEP_RS2 };

#define RV(NAME, mnemonic, match, mask, FORMAT, EXECUTE, LIFT)                                     \
    static const struct gen_lift lift_##NAME = LIFT;
#include "translator/guest/rv32.def"
#undef RV

const struct gen_row gen_rows[RV_OP_COUNT] = {
#define RV(NAME, mnemonic, match, mask, FORMAT, EXECUTE, LIFT)                                     \
    [RV_##NAME] = {#NAME, mnemonic, match, mask, RV_FORMAT_##FORMAT, execute_##NAME, &lift_##NAME},
#include "translator/guest/rv32.def"
#undef RV
};
