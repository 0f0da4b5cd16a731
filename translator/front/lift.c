/* SPDX-License-Identifier: MIT
 * RISC-V instructions to IR, with folding on the way: constants of lui, auipc and what is computed
 * from them, copies, operands that are zero. XL_NO_FOLD (ir_block.no_fold) makes it one operation
 * each. Guest registers are renamed: b->value says which value a register has now. Instructions
 * without effect (results to x0, fence, copies of a register to itself) leave nothing. */
#include "translator/xlate_impl.h"

enum { IMM15_MIN = -(1 << 14), IMM15_MAX = (1 << 14) - 1 };

/* How an instruction is lifted, and the operation it becomes. Of a register operation, `imm_op` is
 * the same with an immediate second operand. */
enum how { HOW_REFUSE, HOW_ALU, HOW_MUL, HOW_LOAD, HOW_STORE, HOW_UPPER, HOW_CONTROL, HOW_NOTHING };
struct lifting {
    uint8_t how, op, imm_op;
};
static const struct lifting lifting[RV_OP_COUNT] = {
    [RV_LUI] = {HOW_UPPER, 0, 0},
    [RV_AUIPC] = {HOW_UPPER, 1, 0},
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
    [RV_ADDI] = {HOW_ALU, IR_ADD, IR_ADDI},
    [RV_SLTI] = {HOW_ALU, IR_SLT, IR_SLTI},
    [RV_SLTIU] = {HOW_ALU, IR_SLTU, IR_SLTIU},
    [RV_XORI] = {HOW_ALU, IR_XOR, IR_XORI},
    [RV_ORI] = {HOW_ALU, IR_OR, IR_ORI},
    [RV_ANDI] = {HOW_ALU, IR_AND, IR_ANDI},
    [RV_SLLI] = {HOW_ALU, IR_SLL, IR_SLLI},
    [RV_SRLI] = {HOW_ALU, IR_SRL, IR_SRLI},
    [RV_SRAI] = {HOW_ALU, IR_SRA, IR_SRAI},
    [RV_ADD] = {HOW_ALU, IR_ADD, IR_ADDI},
    [RV_SUB] = {HOW_ALU, IR_SUB, IR_ADDI},
    [RV_SLL] = {HOW_ALU, IR_SLL, IR_SLLI},
    [RV_SLT] = {HOW_ALU, IR_SLT, IR_SLTI},
    [RV_SLTU] = {HOW_ALU, IR_SLTU, IR_SLTIU},
    [RV_XOR] = {HOW_ALU, IR_XOR, IR_XORI},
    [RV_SRL] = {HOW_ALU, IR_SRL, IR_SRLI},
    [RV_SRA] = {HOW_ALU, IR_SRA, IR_SRAI},
    [RV_OR] = {HOW_ALU, IR_OR, IR_ORI},
    [RV_AND] = {HOW_ALU, IR_AND, IR_ANDI},
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
    if (v == 0) {
        *c = 0;
        return true;
    }
    if (v < IR_FIRST || b->ins[v - IR_FIRST].op != IR_CONST)
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

/* a op (constant y), which fits an immediate. SUB comes as ADD of -y. */
static void lift_imm(struct ir_block *b, uint32_t rd, struct lifting how, uint32_t a, uint32_t y) {
    if (y == 0 && !b->no_fold && how.imm_op != IR_ANDI && how.imm_op != IR_SLTI &&
        how.imm_op != IR_SLTIU)
        copy(b, rd, a);
    else
        ir_emit(b, (enum ir_op)how.imm_op, rd, a, 0, y);
}

static bool fits15(uint32_t y) {
    return (y + (1u << 14)) >> 15 == 0;
}

/* Of an arithmetic instruction the second operand is x[rs2] + imm, one of them 0. */
static void lift_alu(struct ir_block *b, const struct rv_insn *i, struct lifting how) {
    uint32_t a = b->value[i->rs1], c = b->value[i->rs2], x, y = (uint32_t)i->imm;
    bool is_imm = rv_format[i->op] != RV_FORMAT_R;
    if (b->no_fold) {
        if (is_imm)
            ir_emit(b, (enum ir_op)how.imm_op, i->rd, a, 0, y);
        else
            ir_emit(b, (enum ir_op)how.op, i->rd, a, c, 0);
        return;
    }
    if (!is_imm)
        is_imm = known(b, c, &y);
    if (is_imm) {
        if (known(b, a, &x)) {
            lift_const(b, i->rd, evaluate((enum ir_op)how.op, x, y));
            return;
        }
        if (how.op == IR_SUB)
            y = 0 - y;
        if (how.imm_op >= IR_SLLI)
            y &= 31;
        if (fits15(y)) {
            lift_imm(b, i->rd, how, a, y);
            return;
        }
    } else if (known(b, a, &x) && fits15(x) &&
               (how.op == IR_ADD || how.op == IR_AND || how.op == IR_OR || how.op == IR_XOR)) {
        lift_imm(b, i->rd, how, c, x);
        return;
    }
    ir_emit(b, (enum ir_op)how.op, i->rd, a, c, 0);
}

enum lift lift_insn(struct ir_block *b, const struct rv_insn *i, uint32_t pc) {
    struct lifting how = lifting[i->op];
    uint32_t rd = i->rd;
    if (how.how == HOW_REFUSE)
        return LIFT_REFUSED;
    if (how.how == HOW_CONTROL)
        return LIFT_CONTROL;
    if (!ir_room(b, LIFT_ROOM))
        return LIFT_FULL;
    switch (how.how) {
    case HOW_ALU:
        if (rd != 0)
            lift_alu(b, i, how);
        break;
    case HOW_MUL:
        if (rd != 0)
            ir_emit(b, (enum ir_op)how.op, rd, b->value[i->rs1], b->value[i->rs2], 0);
        break;
    case HOW_LOAD:
        ir_emit(b, (enum ir_op)how.op, rd, b->value[i->rs1], 0, (uint32_t)i->imm);
        break;
    case HOW_STORE:
        ir_emit(b, (enum ir_op)how.op, 0, b->value[i->rs1], b->value[i->rs2], (uint32_t)i->imm);
        break;
    case HOW_UPPER:
        if (rd != 0)
            lift_const(b, rd, (uint32_t)i->imm + (how.op ? pc : 0));
        break;
    default: /* HOW_NOTHING */
        break;
    }
    return LIFT_DONE;
}

enum ir_op lift_branch_op(enum rv_op op) {
    return (enum ir_op)lifting[op].op;
}
