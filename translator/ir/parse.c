/* SPDX-License-Identifier: MIT
 * Reads the text of an IR block (ir/text.h). What it accepts is then to be checked with ir_check:
 * the parser knows the form only. Workstation only. */
#include <stdlib.h>
#include <string.h>

#include "translator/ir/text.h"

struct in {
    const char *at;
    const char *error;
};

static void skip(struct in *p) {
    while (*p->at == ' ' || *p->at == '\t')
        p->at++;
}

static bool accept(struct in *p, const char *what) {
    skip(p);
    size_t n = strlen(what);
    if (strncmp(p->at, what, n) != 0)
        return false;
    p->at += n;
    return true;
}

static void expect(struct in *p, const char *what, const char *error) {
    if (p->error == NULL && !accept(p, what))
        p->error = error;
}

static uint32_t number(struct in *p) {
    char *end;
    skip(p);
    long long n = strtoll(p->at, &end, 0);
    if (end == p->at && p->error == NULL)
        p->error = "number expected";
    if ((n < INT32_MIN || n > UINT32_MAX) && p->error == NULL)
        p->error = "number too large";
    p->at = end;
    return (uint32_t)n;
}

static uint8_t value(struct in *p) {
    uint32_t n, limit = 32, first = 0;
    if (accept(p, "%"))
        limit = IR_MAX_INS, first = IR_FIRST;
    else if (!accept(p, "x"))
        limit = 1;
    n = number(p);
    if (n >= limit && p->error == NULL)
        p->error = "no such value";
    return (uint8_t)(first + n);
}

static uint8_t operation(struct in *p) {
    skip(p);
    size_t n = strspn(p->at, "abcdefghijklmnopqrstuvwxyz0123456789");
    for (unsigned op = 0; op <= IR_OP_COUNT; op++)
        if (strlen(ir_text[op]) == n && strncmp(p->at, ir_text[op], n) == 0) {
            p->at += n;
            return (uint8_t)op;
        }
    if (p->error == NULL)
        p->error = "no such operation";
    return IR_NONE;
}

static void instruction(struct in *p, struct ir_block *b) {
    struct ir_ins in = {0};
    bool is_result = accept(p, "%");
    if (is_result) {
        if (number(p) != b->n && p->error == NULL)
            p->error = "results are numbered in order";
        expect(p, "=", "= expected");
    }
    in.op = operation(p);
    struct ir_shape s = ir_shapes[ir_kind[in.op]];
    if (is_result != ((ir_flags[in.op] & IRF_RESULT) != 0) && p->error == NULL)
        p->error = is_result ? "operation has no result" : "result needs a name";
    if (s.a)
        in.a = value(p);
    if (s.b) {
        expect(p, ",", "comma expected");
        in.b = value(p);
    }
    if (s.imm) {
        if (s.a)
            expect(p, ",", "comma expected");
        in.imm = number(p);
    }
    if (is_result && accept(p, "->"))
        in.dst = value(p);
    if (ir_kind[in.op] == IRK_BCC && accept(p, "taken"))
        in.dst = 1;
    expect(p, "\n", "end of line expected");
    if (p->error != NULL)
        return;
    ir_emit(b, (enum ir_op)in.op, is_result ? in.dst : 0, in.a, in.b, in.imm);
    b->ins[b->n - 1].dst = in.dst;
    if (in.op == IR_COPY)
        b->value[in.dst] = in.a;
}

bool ir_parse(const char *text, struct ir_block *b, const char **error) {
    struct in p = {text, NULL};
    ir_begin(b, 0);
    expect(&p, "block", "block expected");
    b->pc = number(&p);
    expect(&p, "\n", "end of line expected");
    while (p.error == NULL && *p.at != 0) {
        if (b->n == IR_MAX_INS)
            p.error = "too many instructions";
        else
            instruction(&p, b);
    }
    *error = p.error;
    return p.error == NULL;
}
