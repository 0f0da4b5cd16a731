/* SPDX-License-Identifier: MIT
 * Intermediate representation of one block: a straight list of instructions, the last one leaves.
 *
 * A value is one byte: 0 is the constant zero, 1..31 the value that register n had on entry of the
 * block, IR_FIRST + i the result of instruction i. An instruction with dst = n (not 0) defines the
 * new value of register n; the last definition of n in the block is what n holds when the block
 * leaves. Operands are always earlier values, so program order is also an order of evaluation.
 *
 *   ir_begin(b, pc);
 *   unsigned v = ir_emit(b, IR_ADDI, 10, b->value[10], 0, 1);     // x10 = x10 + 1
 *   ir_emit(b, IR_SW, 0, b->value[2], v, 8);                      // mem[x2 + 8] = x10
 *   ir_emit(b, IR_JUMP, 0, 0, 0, label);                          // leave
 *
 * A block holds IR_MAX_INS instructions. ir_room() says whether n more fit; who emits asks before.
 */
#ifndef SELKIRK_IR_IR_H
#define SELKIRK_IR_IR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { IR_MAX_INS = 96, IR_FIRST = 32, IR_VALUES = IR_FIRST + IR_MAX_INS };
/* The scheduler numbers copies of values that it makes itself from IR_LATE on. */
enum { IR_LATE = IR_VALUES, XL_VALUES = IR_LATE + 36 };

enum ir_op {
#define IR(NAME, text, NATIVE, KIND, flags) IR_##NAME,
#include "translator/ir/ir.def"
#undef IR
    IR_OP_COUNT,
    IR_NONE = IR_OP_COUNT /* removed instruction */
};

enum ir_kind {
    /* the first three are placed alike (sched/result.h) */
    IRK_RR,
    IRK_RI,
    IRK_LOAD,
    IRK_STORE,
    IRK_DIV,
    IRK_CONST,
    IRK_ADDR,
    IRK_COPY,
    IRK_CSRR,
    IRK_CSRW,
    IRK_RDH,
    IRK_WRH,
    IRK_COMMIT,
    IRK_WAIT,
    IRK_BCC,
    IRK_JUMP,
    IRK_JUMPR,
    IRK_FALL,
    IRK_GOTO,
    IRK_INDIRECT,
    IRK_ENTER,
    IRK_EXIT,
    IRK_NONE
};

enum ir_flags { IRF_RESULT = 1, IRF_EFFECT = 2, IRF_ORDERED = 4, IRF_END = 8 };

struct ir_ins {
    uint8_t op;   /* enum ir_op */
    uint8_t dst;  /* register whose new value this is, 0: none; BCC: prediction */
    uint8_t a, b; /* values; 0 where the kind has none */
    uint32_t imm;
};

struct ir_block {
    union { /* present value of each register, while the block is built */
        uint8_t value[32];
        uint32_t value_words[8];
    };
    union { /* 1 + the instruction that is each register's last definition so far, 0: none */
        uint8_t definition[32];
        uint32_t definition_words[8];
    };
    union { /* how often each value is an operand; the scheduler counts it down */
        uint8_t uses[XL_VALUES];
        uint32_t uses_words[XL_VALUES / 4];
    };
    uint32_t n;   /* instructions */
    uint32_t pc;  /* guest pc (or RISC-V address in firmware) of the block */
    bool no_fold; /* lift emits no copies and evaluates no constants */
    struct ir_ins ins[IR_MAX_INS];
};

/* Property tables (ir.c), IR_OP_COUNT + 1 entries. */
extern const uint8_t ir_kind[IR_OP_COUNT + 1];
extern const uint8_t ir_flags[IR_OP_COUNT + 1];

void ir_begin(struct ir_block *b, uint32_t pc);

static inline bool ir_room(const struct ir_block *b, unsigned n) {
    return b->n + n <= IR_MAX_INS;
}

/* Appends an instruction and returns its value. Requires room. An earlier definition of dst in the
 * block is no longer its last one, so that instruction loses its dst. */
static inline unsigned ir_emit(struct ir_block *b, enum ir_op op, unsigned dst, unsigned a,
                               unsigned b2, uint32_t imm) {
    unsigned n = b->n, v = IR_FIRST + n;
    struct ir_ins *in = &b->ins[n];
    b->n = n + 1;
    in->op = (uint8_t)op;
    in->dst = (uint8_t)dst;
    in->a = (uint8_t)a;
    in->b = (uint8_t)b2;
    in->imm = imm;
    b->uses[v] = 0;
    b->uses[a]++;
    b->uses[b2]++;
    if (dst != 0) {
        unsigned before = b->definition[dst];
        b->value[dst] = (uint8_t)v;
        b->definition[dst] = (uint8_t)(n + 1);
        if (before != 0)
            b->ins[before - 1].dst = 0;
    }
    return v;
}

/* The same for an operation with one operand at most that defines register dst, not 0. Loads before
 * stores, and no branch: this is where lifting takes its time. */
static inline void ir_emit_one(struct ir_block *b, uint32_t op, uint32_t dst, uint32_t a,
                               uint32_t imm) {
    uint32_t n = b->n, uses = b->uses[a], before = b->definition[dst];
    struct ir_ins *in = &b->ins[n];
    b->n = n + 1;
    *in = (struct ir_ins){.op = (uint8_t)op, .dst = (uint8_t)dst, .a = (uint8_t)a, .imm = imm};
    b->uses[IR_FIRST + n] = 0;
    b->uses[a] = (uint8_t)(uses + 1);
    b->value[dst] = (uint8_t)(IR_FIRST + n);
    b->definition[dst] = (uint8_t)(n + 1);
    if (before != 0)
        b->ins[before - 1].dst = 0;
}

/* A conditional branch's dst is its prediction bit, not a register: it must not be emitted with
 * ir_emit. */
static inline void ir_emit_branch(struct ir_block *b, enum ir_op op, unsigned a, unsigned b2,
                                  uint32_t label, bool predict_taken) {
    ir_emit(b, op, 0, a, b2, label);
    b->ins[b->n - 1].dst = predict_taken;
}

/* The branch that is taken exactly when op is not: BEQ/BNE, BLT/BGE, BLTU/BGEU are pairs in this
 * order. */
static inline enum ir_op ir_inverted(enum ir_op op) {
    return (enum ir_op)(((unsigned)op - IR_BEQ) ^ 1u) + IR_BEQ;
}

/* What an operation without effect computes from the values of a and b and from imm (evaluate.c).
 */
uint32_t ir_evaluate(enum ir_op op, uint32_t a, uint32_t b, uint32_t imm);

/* Workstation only (print.c, parse.c, check.c). */
extern const char *const ir_text[IR_OP_COUNT + 1];
/* Text of the block, one instruction a line; always terminated; returns the length it needs. */
size_t ir_print(const struct ir_block *b, char *text, size_t text_bytes);
/* Reads what ir_print writes. False: *error says what is wrong (a static text). */
bool ir_parse(const char *text, struct ir_block *b, const char **error);
/* 0 when the block obeys every rule of this file and ir.def, else what it breaks. */
const char *ir_check(const struct ir_block *b);

#endif
