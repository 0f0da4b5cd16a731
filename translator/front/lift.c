/* SPDX-License-Identifier: MIT
 * RISC-V instructions to IR, with folding on the way: constants of lui, auipc and what is computed
 * from them, copies, operands that are zero (opt/fold.h). XL_NO_FOLD (ir_block.no_fold) makes it
 * one operation each. Guest registers are renamed: b->value says which value a register has now.
 * Instructions without effect (results to x0, fence, copies of a register to itself) leave nothing.
 */
#include "translator/guest/decode.h"
#include "translator/guest/steps.h"
#include "translator/opt/fold.h"
#include "translator/xlate_impl.h"
#include "rv32_steps.h"

#define COLD __attribute__((noinline))

/* How an instruction is lifted. Bits of a table entry; its low byte is the IR operation to emit. */
enum {
    HOW_NO_X0 = 1 << 16, /* nothing to do when rd is x0 */
    HOW_IMM = 1 << 17,   /* arithmetic of x[rs1] and immediate */
    HOW_REG = 1 << 19,   /* arithmetic of x[rs1] and x[rs2] */
    HOW_CONTROL = 1 << 20,
    HOW_NOTHING = 1 << 21,
    HOW_LUI = 1 << 22,
    HOW_AUIPC = 1 << 23,
    HOW_REFUSED = 0,
    HOW_STEPS = 1 << 24,  /* several IR instructions */
    HOW_EMITTED = 1 << 25 /* the usual way: one IR instruction, if folding has nothing to say */
};
/* rv32.def's column LIFT. */
#define SAME(OP) (HOW_EMITTED | IR_##OP)
#define RESULT(OP) (SAME(OP) | HOW_NO_X0)
#define WITH_IMM(OP) (RESULT(OP) | HOW_IMM)
#define WITH_REG(OP) (RESULT(OP) | HOW_REG)
#define CONSTANT HOW_LUI
#define PC_CONSTANT HOW_AUIPC
#define CLOSES(OP) (HOW_CONTROL | IR_##OP)
#define JUMPS HOW_CONTROL
#define NO_CODE HOW_NOTHING
#define INTERPRETED HOW_REFUSED
#define STEPS(...) HOW_STEPS
static const uint32_t lifting[RV_OP_COUNT] = {
#define RV(NAME, mnemonic, match, mask, FORMAT, EXECUTE, LIFT) [RV_##NAME] = LIFT,
#include "translator/guest/rv32.def"
#undef RV
};

/* The operation of a table entry. */
static inline uint32_t op_of(uint32_t how) {
    return how & 0xff;
}

/* Value v is a known constant, *c. */
static inline bool known(const struct ir_block *b, uint32_t v, uint32_t *c) {
    if (XL_UNLIKELY(v == 0)) {
        *c = 0;
        return true;
    }
    if (v < IR_FIRST || XL_LIKELY(b->ins[v - IR_FIRST].op != IR_CONST))
        return false;
    *c = b->ins[v - IR_FIRST].imm;
    return true;
}

/* The same without the constant; values that the block began with are the usual case. */
static inline bool is_known(const struct ir_block *b, uint32_t v) {
    if (XL_LIKELY(v - 1 < IR_FIRST - 1))
        return false;
    return v == 0 || b->ins[v - IR_FIRST].op == IR_CONST;
}

bool lift_known(const struct ir_block *b, unsigned v, uint32_t *value) {
    return known(b, v, value);
}

unsigned lift_const(struct ir_block *b, unsigned reg, uint32_t value) {
    return ir_emit(b, IR_CONST, reg, 0, 0, value);
}

static void copy(struct ir_block *b, uint32_t rd, uint32_t v) {
    if (b->value[rd] == v)
        return;
    ir_emit(b, IR_COPY, rd, v, 0, 0);
    b->value[rd] = (uint8_t)v;
}

/* x[rd] = what folding gave. */
static inline enum lift emit_folded(struct ir_block *b, uint32_t rd, struct ir_ins in) {
    if (in.op == IR_COPY)
        copy(b, rd, in.a);
    else
        ir_emit(b, (enum ir_op)in.op, rd, in.a, in.b, in.imm);
    return LIFT_DONE;
}

/* x[rd] = x op y, or x op imm, all known. A function of its own: who calls it does so last. */
static COLD enum lift lift_result(struct ir_block *b, uint32_t rd, uint32_t op, uint32_t x,
                                  uint32_t y, uint32_t imm) {
    lift_const(b, rd, ir_evaluate((enum ir_op)op, x, y, imm));
    return LIFT_DONE;
}

static const struct fold_value unknown = {false, 0};

/* Arithmetic with an immediate of which x[rs1] is known or the immediate is 0 or 1. */
static COLD enum lift lift_imm(struct ir_block *b, uint32_t rd, uint32_t a, uint32_t op,
                               uint32_t imm) {
    uint32_t x = 0;
    if (known(b, a, &x))
        return lift_result(b, rd, op, x, 0, imm);
    return emit_folded(b, rd, fold_imm(op, a, unknown, imm));
}

static COLD enum lift lift_folded(struct ir_block *b, uint32_t rd, struct ir_ins in) {
    return emit_folded(b, rd, in);
}

/* Arithmetic with registers of which at least one is known. */
static COLD enum lift lift_reg(struct ir_block *b, uint32_t rd, uint32_t a, uint32_t c,
                               uint32_t op) {
    struct fold_value x = unknown, y = unknown;
    x.is_known = known(b, a, &x.is);
    y.is_known = known(b, c, &y.is);
    if (x.is_known && y.is_known)
        return lift_result(b, rd, op, x.is, y.is, 0);
    return lift_folded(b, rd, fold_reg(op, a, c, x, y));
}

static COLD enum lift lift_rare(struct ir_block *b, uint32_t rd, uint32_t imm, uint32_t pc,
                                uint32_t how) {
    if ((how & (HOW_LUI | HOW_AUIPC)) != 0) {
        if (rd != 0)
            lift_const(b, rd, imm + ((how & HOW_AUIPC) != 0 ? pc : 0));
        return LIFT_DONE;
    }
    if ((how & HOW_STEPS) != 0)
        return rd != 0 ? LIFT_MANY : LIFT_DONE;
    return (how & HOW_NOTHING) != 0 ? LIFT_DONE : LIFT_REFUSED;
}

/* Operands that the format lacks are x0, whose value is 0. What it calls, it calls last. */
static inline __attribute__((always_inline)) enum lift lift_one(struct ir_block *b,
                                                                struct rv_fields f, uint32_t pc) {
    uint32_t how = lifting[f.head & 0xff], rd = f.head >> 8 & 0xff, imm = (uint32_t)f.imm;
    uint32_t a = b->value[f.head >> 16 & 0xff], c = b->value[f.head >> 24];
    if ((how & HOW_EMITTED) == 0)
        return (how & HOW_CONTROL) != 0 ? LIFT_CONTROL : lift_rare(b, rd, imm, pc, how);
    if (XL_UNLIKELY(rd == 0 && (how & HOW_NO_X0) != 0))
        return LIFT_DONE;
    if ((how & (HOW_IMM | HOW_REG)) != 0 && XL_LIKELY(!b->no_fold)) {
        if ((how & HOW_IMM) != 0) {
            if (imm <= 1 || XL_UNLIKELY(is_known(b, a)))
                return lift_imm(b, rd, a, op_of(how), imm);
        } else if (XL_UNLIKELY(is_known(b, a) || is_known(b, c))) {
            return lift_reg(b, rd, a, c, op_of(how));
        }
    }
    ir_emit(b, (enum ir_op)op_of(how), rd, a, c, imm);
    return LIFT_DONE;
}

enum lift lift_in_room(struct ir_block *b, struct rv_fields f, uint32_t pc) {
    return lift_one(b, f, pc);
}

enum lift lift_word(struct ir_block *b, uint32_t word, uint32_t pc) {
    return lift_one(b, rv_decode_inline(word), pc);
}

uint32_t lift_ins_of(const struct rv_insn *i) {
    return (uint32_t)lift_first_step[i->op + 1] - lift_first_step[i->op];
}

_Static_assert(LIFT_MOST_STEPS + XL_MAX_INSNS + LIFT_ROOM <= IR_MAX_INS, "first of a block");

enum lift lift_many(struct ir_block *b, const struct rv_insn *i) {
    const uint32_t n = lift_ins_of(i), first = IR_FIRST + b->n;
    const struct lift_step *step = &lift_steps[lift_first_step[i->op]], *last = step + n - 1;
    const uint32_t given[STEP_RESULT] = {0, b->value[i->rs1], b->value[i->rs2]};
    if (!ir_room(b, n + XL_MAX_INSNS + LIFT_ROOM))
        return LIFT_FULL;
    for (;; step++) {
        uint32_t x = step->a < STEP_RESULT ? given[step->a] : first + step->a - STEP_RESULT;
        uint32_t y = step->b < STEP_RESULT ? given[step->b] : first + step->b - STEP_RESULT;
        uint32_t imm = step_imm(step, (uint32_t)i->imm);
        ir_emit(b, (enum ir_op)step->op, step == last ? i->rd : 0, x, y, imm);
        if (step == last)
            return LIFT_DONE;
    }
}

enum lift lift_insn(struct ir_block *b, const struct rv_insn *i, uint32_t pc) {
    enum lift did = ir_room(b, LIFT_ROOM) ? lift_in_room(b, rv_fields_of(i), pc) : LIFT_FULL;
    return did == LIFT_MANY ? lift_many(b, i) : did;
}

enum ir_op lift_branch_op(enum rv_op op) {
    return (enum ir_op)op_of(lifting[op]);
}
