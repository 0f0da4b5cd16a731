/* SPDX-License-Identifier: MIT
 * RISC-V instructions to IR, with folding on the way: constants of lui, auipc and what is computed
 * from them, copies, operands that are zero. XL_NO_FOLD (ir_block.no_fold) makes it one operation
 * each. Guest registers are renamed: b->value says which value a register has now. Instructions
 * without effect (results to x0, fence, copies of a register to itself) leave nothing. */
#include "translator/xlate_impl.h"

#define COLD __attribute__((noinline))

/* How an instruction is lifted. Bits of a table entry; its low bytes are the IR operation to emit,
 * and of arithmetic the same operation in its other form (register for immediate and vice versa).
 */
enum {
    HOW_NO_X0 = 1 << 16, /* nothing to do when rd is x0 */
    HOW_IMM = 1 << 17,   /* arithmetic of x[rs1] and immediate */
    HOW_COPY0 = 1 << 18, /* the same, a copy when the immediate is 0 */
    HOW_REG = 1 << 19,   /* arithmetic of x[rs1] and x[rs2] */
    HOW_CONTROL = 1 << 20,
    HOW_NOTHING = 1 << 21,
    HOW_LUI = 1 << 22,
    HOW_AUIPC = 1 << 23,
    HOW_REFUSED = 0,
    HOW_EMITTED = 1 << 24 /* the usual way: one IR instruction, if folding has nothing to say */
};
#define EMIT(op) (HOW_EMITTED | (op))
#define RESULT(op) (HOW_EMITTED | HOW_NO_X0 | (op))
#define IMM(imm_op, op) (RESULT(imm_op) | HOW_IMM | (op) << 8)
#define REG(op, imm_op) (RESULT(op) | HOW_REG | (imm_op) << 8)
static const uint32_t lifting[RV_OP_COUNT] = {
    [RV_LUI] = HOW_LUI,
    [RV_AUIPC] = HOW_AUIPC,
    [RV_JAL] = HOW_CONTROL,
    [RV_JALR] = HOW_CONTROL,
    [RV_BEQ] = HOW_CONTROL | IR_BEQ,
    [RV_BNE] = HOW_CONTROL | IR_BNE,
    [RV_BLT] = HOW_CONTROL | IR_BLT,
    [RV_BGE] = HOW_CONTROL | IR_BGE,
    [RV_BLTU] = HOW_CONTROL | IR_BLTU,
    [RV_BGEU] = HOW_CONTROL | IR_BGEU,
    [RV_LB] = EMIT(IR_LB),
    [RV_LH] = EMIT(IR_LH),
    [RV_LW] = EMIT(IR_LW),
    [RV_LBU] = EMIT(IR_LBU),
    [RV_LHU] = EMIT(IR_LHU),
    [RV_SB] = EMIT(IR_SB),
    [RV_SH] = EMIT(IR_SH),
    [RV_SW] = EMIT(IR_SW),
    [RV_ADDI] = IMM(IR_ADDI, IR_ADD) | HOW_COPY0,
    [RV_SLTI] = IMM(IR_SLTI, IR_SLT),
    [RV_SLTIU] = IMM(IR_SLTIU, IR_SLTU),
    [RV_XORI] = IMM(IR_XORI, IR_XOR) | HOW_COPY0,
    [RV_ORI] = IMM(IR_ORI, IR_OR) | HOW_COPY0,
    [RV_ANDI] = IMM(IR_ANDI, IR_AND),
    [RV_SLLI] = IMM(IR_SLLI, IR_SLL) | HOW_COPY0,
    [RV_SRLI] = IMM(IR_SRLI, IR_SRL) | HOW_COPY0,
    [RV_SRAI] = IMM(IR_SRAI, IR_SRA) | HOW_COPY0,
    [RV_ADD] = REG(IR_ADD, IR_ADDI),
    [RV_SUB] = REG(IR_SUB, IR_ADDI),
    [RV_SLL] = REG(IR_SLL, IR_SLLI),
    [RV_SLT] = REG(IR_SLT, IR_SLTI),
    [RV_SLTU] = REG(IR_SLTU, IR_SLTIU),
    [RV_XOR] = REG(IR_XOR, IR_XORI),
    [RV_SRL] = REG(IR_SRL, IR_SRLI),
    [RV_SRA] = REG(IR_SRA, IR_SRAI),
    [RV_OR] = REG(IR_OR, IR_ORI),
    [RV_AND] = REG(IR_AND, IR_ANDI),
    [RV_MUL] = RESULT(IR_MUL),
    [RV_MULH] = RESULT(IR_MULH),
    [RV_MULHSU] = RESULT(IR_MULHSU),
    [RV_MULHU] = RESULT(IR_MULHU),
    [RV_DIV] = RESULT(IR_DIV),
    [RV_DIVU] = RESULT(IR_DIVU),
    [RV_REM] = RESULT(IR_REM),
    [RV_REMU] = RESULT(IR_REMU),
    [RV_FENCE] = HOW_NOTHING,
};

/* The two operations of a table entry. */
static inline uint32_t op_of(uint32_t how) {
    return how & 0xff;
}
static inline uint32_t other_op_of(uint32_t how) {
    return how >> 8 & 0xff;
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

static uint32_t evaluate(enum ir_op op, uint32_t x, uint32_t y) {
    switch (op) {
    case IR_ADD:
        return x + y;
    case IR_SUB:
        return x - y;
    case IR_AND:
        return x & y;
    case IR_OR:
        return x | y;
    case IR_XOR:
        return x ^ y;
    case IR_SLT:
        return (uint32_t)((int32_t)x < (int32_t)y);
    case IR_SLTU:
        return (uint32_t)(x < y);
    case IR_SLL:
        return x << (y & 31);
    case IR_SRL:
        return x >> (y & 31);
    default: /* IR_SRA */
        return (uint32_t)((int32_t)x >> (y & 31));
    }
}

/* As an operation's short immediate. */
static bool fits_imm(uint32_t y) {
    return (y + (1u << (FORMAT_I_IMM_BITS - 1))) >> FORMAT_I_IMM_BITS == 0;
}

static enum lift emit(struct ir_block *b, uint32_t op, uint32_t rd, uint32_t a, uint32_t c,
                      uint32_t imm) {
    ir_emit(b, (enum ir_op)op, rd, a, c, imm);
    return LIFT_DONE;
}

/* x[rd] = x op y, both known. */
static enum lift fold_both(struct ir_block *b, uint32_t rd, uint32_t op, uint32_t x, uint32_t y) {
    return emit(b, IR_CONST, rd, 0, 0, evaluate((enum ir_op)op, x, y));
}

/* Arithmetic with an immediate of which x[rs1] is known or the immediate is 0 or 1. All slots add,
 * few shift. */
static COLD enum lift fold_imm(struct ir_block *b, const struct rv_insn *i, uint32_t a,
                               uint32_t how) {
    uint32_t x = 0, y = (uint32_t)i->imm, op = op_of(how);
    if (known(b, a, &x))
        return fold_both(b, i->rd, other_op_of(how), x, y);
    if (y == 0 && (how & HOW_COPY0) != 0) {
        copy(b, i->rd, a);
        return LIFT_DONE;
    }
    return op == IR_SLLI && y == 1 ? emit(b, IR_ADD, i->rd, a, a, 0) : emit(b, op, i->rd, a, 0, y);
}

/* x[rd] = a op y, y known and not what makes it a copy. */
static enum lift with_imm(struct ir_block *b, uint32_t rd, uint32_t imm_op, uint32_t a,
                          uint32_t y) {
    if (y == 0 && imm_op != IR_ANDI && imm_op != IR_SLTI && imm_op != IR_SLTIU)
        copy(b, rd, a);
    else
        ir_emit(b, (enum ir_op)imm_op, rd, a, 0, y);
    return LIFT_DONE;
}

/* Arithmetic with registers of which at least one is known. SUB of y is ADDI of -y. */
static COLD enum lift fold_reg(struct ir_block *b, const struct rv_insn *i, uint32_t a, uint32_t c,
                               uint32_t how) {
    uint32_t x = 0, y = 0, op = op_of(how), imm_op = other_op_of(how);
    bool is_a = known(b, a, &x), is_c = known(b, c, &y);
    if (is_a && is_c)
        return fold_both(b, i->rd, op, x, y);
    if (is_c) {
        if (op == IR_SUB)
            y = 0 - y;
        if (imm_op >= IR_SLLI)
            y &= 31;
        if (fits_imm(y))
            return with_imm(b, i->rd, imm_op, a, y);
    } else if (fits_imm(x) && (op == IR_ADD || op == IR_AND || op == IR_OR || op == IR_XOR)) {
        return with_imm(b, i->rd, imm_op, c, x);
    }
    return emit(b, op, i->rd, a, c, 0);
}

static COLD enum lift lift_rare(struct ir_block *b, const struct rv_insn *i, uint32_t pc,
                                uint32_t how) {
    if ((how & HOW_CONTROL) != 0)
        return LIFT_CONTROL;
    if ((how & (HOW_LUI | HOW_AUIPC)) != 0) {
        if (i->rd != 0)
            lift_const(b, i->rd, (uint32_t)i->imm + ((how & HOW_AUIPC) != 0 ? pc : 0));
        return LIFT_DONE;
    }
    return (how & HOW_NOTHING) != 0 ? LIFT_DONE : LIFT_REFUSED;
}

/* Operands that the format lacks are x0, whose value is 0. What it calls, it calls last. */
enum lift lift_in_room(struct ir_block *b, const struct rv_insn *i, uint32_t pc) {
    uint32_t how = lifting[i->op], rd = i->rd, a = b->value[i->rs1], c = b->value[i->rs2];
    uint32_t imm = (uint32_t)i->imm;
    if ((how & HOW_EMITTED) == 0)
        return lift_rare(b, i, pc, how);
    if (XL_UNLIKELY(rd == 0 && (how & HOW_NO_X0) != 0))
        return LIFT_DONE;
    if ((how & (HOW_IMM | HOW_REG)) != 0 && XL_LIKELY(!b->no_fold)) {
        if ((how & HOW_IMM) != 0) {
            if (imm <= 1 || XL_UNLIKELY(is_known(b, a)))
                return fold_imm(b, i, a, how);
        } else if (XL_UNLIKELY(is_known(b, a) || is_known(b, c))) {
            return fold_reg(b, i, a, c, how);
        }
    }
    ir_emit(b, (enum ir_op)op_of(how), rd, a, c, imm);
    return LIFT_DONE;
}

enum lift lift_insn(struct ir_block *b, const struct rv_insn *i, uint32_t pc) {
    return ir_room(b, LIFT_ROOM) ? lift_in_room(b, i, pc) : LIFT_FULL;
}

enum ir_op lift_branch_op(enum rv_op op) {
    return (enum ir_op)op_of(lifting[op]);
}
