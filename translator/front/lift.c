/* SPDX-License-Identifier: MIT
 * RISC-V instructions to IR, with folding on the way: constants of lui, auipc and what is computed
 * from them, copies, operands that are zero (opt/fold.h). XL_NO_FOLD (ir_block.no_fold) makes it one operation
 * each. Guest registers are renamed: b->value says which value a register has now. Instructions
 * without effect (results to x0, fence, copies of a register to itself) leave nothing. */
#include "translator/opt/fold.h"
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
static COLD enum lift lift_imm(struct ir_block *b, const struct rv_insn *i, uint32_t a,
                               uint32_t op) {
    uint32_t x = 0, imm = (uint32_t)i->imm;
    if (known(b, a, &x))
        return lift_result(b, i->rd, op, x, 0, imm);
    return emit_folded(b, i->rd, fold_imm(op, a, unknown, imm));
}

static COLD enum lift lift_folded(struct ir_block *b, uint32_t rd, struct ir_ins in) {
    return emit_folded(b, rd, in);
}

/* Arithmetic with registers of which at least one is known. */
static COLD enum lift lift_reg(struct ir_block *b, const struct rv_insn *i, uint32_t a, uint32_t c,
                               uint32_t op) {
    struct fold_value x = unknown, y = unknown;
    x.is_known = known(b, a, &x.is);
    y.is_known = known(b, c, &y.is);
    if (x.is_known && y.is_known)
        return lift_result(b, i->rd, op, x.is, y.is, 0);
    return lift_folded(b, i->rd, fold_reg(op, a, c, x, y));
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
                return lift_imm(b, i, a, op_of(how));
        } else if (XL_UNLIKELY(is_known(b, a) || is_known(b, c))) {
            return lift_reg(b, i, a, c, op_of(how));
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
