/* SPDX-License-Identifier: MIT
 * RISC-V instructions to IR, with folding on the way: constants of lui, auipc and what is computed
 * from them, copies, operands that are zero. XL_NO_FOLD (ir_block.no_fold) makes it one operation
 * each. Guest registers are renamed: b->value says which value a register has now. Instructions
 * without effect (results to x0, fence, copies of a register to itself) leave nothing. */
#include "translator/xlate_impl.h"

#define COLD __attribute__((noinline))

/* How an instruction is lifted, and the operation it becomes. Of an arithmetic instruction with two
 * registers, imm_op is the same with an immediate second operand. */
enum how {
    HOW_REFUSE,
    HOW_CONTROL,
    HOW_NOTHING,
    HOW_IMM,  /* x[rs1] and immediate */
    HOW_MOVE, /* the same, a copy when the immediate is 0 */
    HOW_REG,  /* x[rs1] and x[rs2] */
    HOW_MUL,  /* the same, never folded */
    HOW_LOAD,
    HOW_STORE,
    HOW_LUI,
    HOW_AUIPC
};
struct lifting {
    _Alignas(4) uint8_t how;
    uint8_t op, imm_op;
};
static const struct lifting lifting[RV_OP_COUNT] = {
    [RV_LUI] = {HOW_LUI, 0, 0},
    [RV_AUIPC] = {HOW_AUIPC, 0, 0},
    [RV_JAL] = {HOW_CONTROL, 0, 0},
    [RV_JALR] = {HOW_CONTROL, 0, 0},
    [RV_BEQ] = {HOW_CONTROL, IR_BEQ, 0},
    [RV_BNE] = {HOW_CONTROL, IR_BNE, 0},
    [RV_BLT] = {HOW_CONTROL, IR_BLT, 0},
    [RV_BGE] = {HOW_CONTROL, IR_BGE, 0},
    [RV_BLTU] = {HOW_CONTROL, IR_BLTU, 0},
    [RV_BGEU] = {HOW_CONTROL, IR_BGEU, 0},
    [RV_LB] = {HOW_LOAD, IR_LB, 0},
    [RV_LH] = {HOW_LOAD, IR_LH, 0},
    [RV_LW] = {HOW_LOAD, IR_LW, 0},
    [RV_LBU] = {HOW_LOAD, IR_LBU, 0},
    [RV_LHU] = {HOW_LOAD, IR_LHU, 0},
    [RV_SB] = {HOW_STORE, IR_SB, 0},
    [RV_SH] = {HOW_STORE, IR_SH, 0},
    [RV_SW] = {HOW_STORE, IR_SW, 0},
    [RV_ADDI] = {HOW_MOVE, IR_ADD, IR_ADDI},
    [RV_SLTI] = {HOW_IMM, IR_SLT, IR_SLTI},
    [RV_SLTIU] = {HOW_IMM, IR_SLTU, IR_SLTIU},
    [RV_XORI] = {HOW_MOVE, IR_XOR, IR_XORI},
    [RV_ORI] = {HOW_MOVE, IR_OR, IR_ORI},
    [RV_ANDI] = {HOW_IMM, IR_AND, IR_ANDI},
    [RV_SLLI] = {HOW_MOVE, IR_SLL, IR_SLLI},
    [RV_SRLI] = {HOW_MOVE, IR_SRL, IR_SRLI},
    [RV_SRAI] = {HOW_MOVE, IR_SRA, IR_SRAI},
    [RV_ADD] = {HOW_REG, IR_ADD, IR_ADDI},
    [RV_SUB] = {HOW_REG, IR_SUB, IR_ADDI},
    [RV_SLL] = {HOW_REG, IR_SLL, IR_SLLI},
    [RV_SLT] = {HOW_REG, IR_SLT, IR_SLTI},
    [RV_SLTU] = {HOW_REG, IR_SLTU, IR_SLTIU},
    [RV_XOR] = {HOW_REG, IR_XOR, IR_XORI},
    [RV_SRL] = {HOW_REG, IR_SRL, IR_SRLI},
    [RV_SRA] = {HOW_REG, IR_SRA, IR_SRAI},
    [RV_OR] = {HOW_REG, IR_OR, IR_ORI},
    [RV_AND] = {HOW_REG, IR_AND, IR_ANDI},
    [RV_MUL] = {HOW_MUL, IR_MUL, 0},
    [RV_MULH] = {HOW_MUL, IR_MULH, 0},
    [RV_MULHSU] = {HOW_MUL, IR_MULHSU, 0},
    [RV_MULHU] = {HOW_MUL, IR_MULHU, 0},
    [RV_DIV] = {HOW_MUL, IR_DIV, 0},
    [RV_DIVU] = {HOW_MUL, IR_DIVU, 0},
    [RV_REM] = {HOW_MUL, IR_REM, 0},
    [RV_REMU] = {HOW_MUL, IR_REMU, 0},
    [RV_FENCE] = {HOW_NOTHING, 0, 0},
};

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

static bool fits15(uint32_t y) {
    return (y + (1u << 14)) >> 15 == 0;
}

/* x[rd] = x op y, both known. */
static COLD enum lift fold_both(struct ir_block *b, const struct rv_insn *i, uint32_t x,
                                uint32_t y) {
    lift_const(b, i->rd, evaluate((enum ir_op)lifting[i->op].op, x, y));
    return LIFT_DONE;
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
static COLD enum lift fold_reg(struct ir_block *b, const struct rv_insn *i, uint32_t a,
                               uint32_t c) {
    struct lifting how = lifting[i->op];
    uint32_t x = 0, y = 0;
    bool is_a = known(b, a, &x), is_c = known(b, c, &y);
    if (is_a && is_c)
        return fold_both(b, i, x, y);
    if (is_c) {
        if (how.op == IR_SUB)
            y = 0 - y;
        if (how.imm_op >= IR_SLLI)
            y &= 31;
        if (fits15(y))
            return with_imm(b, i->rd, how.imm_op, a, y);
    } else if (fits15(x) &&
               (how.op == IR_ADD || how.op == IR_AND || how.op == IR_OR || how.op == IR_XOR)) {
        return with_imm(b, i->rd, how.imm_op, c, x);
    }
    ir_emit(b, (enum ir_op)how.op, i->rd, a, c, 0);
    return LIFT_DONE;
}

static COLD enum lift lift_copy(struct ir_block *b, const struct rv_insn *i, uint32_t a) {
    copy(b, i->rd, a);
    return LIFT_DONE;
}

static COLD enum lift lift_rare(struct ir_block *b, const struct rv_insn *i, uint32_t pc) {
    switch (lifting[i->op].how) {
    case HOW_LUI:
    case HOW_AUIPC:
        if (i->rd != 0)
            lift_const(b, i->rd, (uint32_t)i->imm + (i->op == RV_AUIPC ? pc : 0));
        return LIFT_DONE;
    case HOW_NOTHING:
        return LIFT_DONE;
    case HOW_CONTROL:
        return LIFT_CONTROL;
    default:
        return LIFT_REFUSED;
    }
}

enum lift lift_insn(struct ir_block *b, const struct rv_insn *i, uint32_t pc) {
    struct lifting how = lifting[i->op];
    uint32_t rd = i->rd, a = b->value[i->rs1], c = 0, op = how.op, x;
    if (XL_UNLIKELY(!ir_room(b, LIFT_ROOM)))
        return LIFT_FULL;
    if (how.how == HOW_MOVE || how.how == HOW_IMM) {
        if (XL_UNLIKELY(rd == 0))
            return LIFT_DONE;
        op = how.imm_op;
        if (XL_LIKELY(!b->no_fold)) {
            if (XL_UNLIKELY(known(b, a, &x)))
                return fold_both(b, i, x, (uint32_t)i->imm);
            if (i->imm == 0 && how.how == HOW_MOVE)
                return lift_copy(b, i, a);
            if (op == IR_SLLI && i->imm == 1) { /* all slots add, few shift */
                ir_emit(b, IR_ADD, rd, a, a, 0);
                return LIFT_DONE;
            }
        }
    } else if (how.how == HOW_REG) {
        if (XL_UNLIKELY(rd == 0))
            return LIFT_DONE;
        c = b->value[i->rs2];
        if (XL_UNLIKELY(!b->no_fold && (known(b, a, &x) || known(b, c, &x))))
            return fold_reg(b, i, a, c);
    } else if (how.how == HOW_STORE || how.how == HOW_MUL) {
        if (how.how == HOW_MUL && rd == 0)
            return LIFT_DONE;
        c = b->value[i->rs2];
    } else if (how.how != HOW_LOAD) {
        return lift_rare(b, i, pc);
    }
    ir_emit(b, (enum ir_op)op, rd, a, c, (uint32_t)i->imm);
    return LIFT_DONE;
}

enum ir_op lift_branch_op(enum rv_op op) {
    return (enum ir_op)lifting[op].op;
}
