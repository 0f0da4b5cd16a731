/* SPDX-License-Identifier: MIT
 * Pass fold: constants, copies and operands that are zero, by the rules of fold.h. A copy's readers
 * read what it copies; the copy stays for the register it defines, unless that value is the
 * register's anyway: its entry value, or an instruction's result that defines no register yet. What
 * leaves a guest for a known pc leaves directly. Requires: a checked block. Ensures: a checked
 * block; uses are right; instructions keep their numbers. Cost: linear. */
#include "translator/opt/fold.h"
#include "translator/passes.h"

struct folding {
    struct ir_block *b;
    uint8_t is[IR_VALUES]; /* what to read for each value */
};
_Static_assert(sizeof(struct folding) <= PASS_SCRATCH_BYTES, "memory of a pass");

static struct fold_value known(const struct ir_block *b, uint32_t v) {
    if (v == 0)
        return (struct fold_value){true, 0};
    if (v < IR_FIRST || b->ins[v - IR_FIRST].op != IR_CONST)
        return (struct fold_value){false, 0};
    return (struct fold_value){true, b->ins[v - IR_FIRST].imm};
}

/* Does register dst hold v at the end without a copy? */
static bool becomes(struct ir_block *b, uint32_t v, uint32_t dst) {
    if (v < IR_FIRST)
        return v == dst;
    if (b->ins[v - IR_FIRST].dst != 0)
        return false;
    b->ins[v - IR_FIRST].dst = (uint8_t)dst;
    return true;
}

/* Instruction i becomes a copy of v. */
static void copy(struct folding *f, uint32_t i, uint32_t v) {
    struct ir_ins *in = &f->b->ins[i];
    uint32_t dst = in->dst;
    f->is[IR_FIRST + i] = (uint8_t)v;
    if (dst == 0 || becomes(f->b, v, dst))
        *in = (struct ir_ins){.op = IR_NONE};
    else
        *in = (struct ir_ins){.op = IR_COPY, .dst = (uint8_t)dst, .a = (uint8_t)v};
}

/* What instruction i becomes, but for its dst. */
static struct ir_ins folded(const struct ir_block *b, const struct ir_ins *in) {
    struct fold_value a = known(b, in->a), c = known(b, in->b);
    if (ir_kind[in->op] == IRK_RI)
        return fold_imm(in->op, in->a, a, in->imm);
    if (ir_kind[in->op] == IRK_RR && (a.is_known || c.is_known))
        return fold_reg(in->op, in->a, in->b, a, c);
    if (in->op == IR_INDIRECT && a.is_known)
        return (struct ir_ins){.op = IR_GOTO, .imm = a.is & ~1u};
    return *in;
}

static void count_uses(struct ir_block *b) {
    for (uint32_t v = 0; v < IR_VALUES; v++)
        b->uses[v] = 0;
    for (uint32_t i = 0; i < b->n; i++) {
        b->uses[b->ins[i].a]++;
        b->uses[b->ins[i].b]++;
    }
}

uint32_t pass_fold(struct pass_work *w) {
    struct folding *f = (struct folding *)(void *)w->scratch;
    struct ir_block *b = f->b = &w->xl.ir;
    uint32_t n = 0;
    for (uint32_t v = 0; v < IR_VALUES; v++)
        f->is[v] = (uint8_t)v;
    for (uint32_t i = 0; i < b->n; i++) {
        struct ir_ins *in = &b->ins[i];
        in->a = f->is[in->a];
        in->b = f->is[in->b];
        struct ir_ins out = folded(b, in);
        if (out.op == in->op && out.a == in->a && out.b == in->b)
            continue;
        out.dst = in->dst;
        n++;
        if (out.op == IR_COPY)
            copy(f, i, out.a);
        else
            *in = out;
    }
    count_uses(b);
    return n;
}
