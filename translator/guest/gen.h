/* SPDX-License-Identifier: MIT
 * The rows of rv32.def as data, for the generator beside it.
 *
 *   gen_model.c  rows from rv32.def     gen_tree.c   decision tree
 *   gen_lift.c   checks of column LIFT, lists of steps     gen.c  the command */
#ifndef SELKIRK_GUEST_GEN_H
#define SELKIRK_GUEST_GEN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "translator/guest/steps.h"
#include "translator/guest/tree.h"

/* By column EXECUTE. */
enum gen_kind {
    KIND_VALUE,
    KIND_LOAD,
    KIND_STORE,
    KIND_BRANCH,
    KIND_JUMP,
    KIND_NOTHING,
    KIND_SLOW /* what is over when the interpreter has done it, or ends the block */
};

struct gen_executed {
    enum gen_kind kind;
    bool is_end;
    const char *text; /* of COMPUTE */
    uint32_t value;   /* of VALUE and COMPUTE */
};

/* By column LIFT; op, other: IR operations. */
enum gen_lifting {
    LIFTED_SAME,
    LIFTED_RESULT,
    LIFTED_WITH_REG,
    LIFTED_WITH_IMM,
    LIFTED_CONSTANT,
    LIFTED_CLOSES,
    LIFTED_JUMPS,
    LIFTED_NO_CODE,
    LIFTED_INTERPRETED,
    LIFTED_STEPS
};

struct gen_step {
    bool is_there;
    uint8_t n_operands;
    struct lift_step step;
};

struct gen_lift {
    enum gen_lifting kind;
    uint8_t op, other;
    struct gen_step steps[LIFT_MAX_STEPS + 1];
};

struct gen_row {
    const char *name, *mnemonic;
    uint32_t match, mask;
    enum rv_format format;
    struct gen_executed (*execute)(uint32_t a, uint32_t b, uint32_t imm, uint32_t pc);
    const struct gen_lift *lift;
};

/* By enum rv_op; RV_ILLEGAL has no row. */
extern const struct gen_row gen_rows[RV_OP_COUNT];

/* Complaints, one line each on stderr; how many. */
int gen_check_tree(void);
int gen_check_lift(void);

void gen_emit_tree(FILE *f);
void gen_emit_steps(FILE *f);
void gen_emit_values(FILE *f);

static inline const char *gen_name(unsigned op) {
    return op == RV_ILLEGAL ? "ILLEGAL" : gen_rows[op].name;
}

#endif
