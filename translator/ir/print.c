/* SPDX-License-Identifier: MIT
 * Text of an IR block, in the form that ir/text.h shows and parse.c reads. Workstation only. */
#include <stdarg.h>
#include <stdio.h>

#include "translator/ir/text.h"

const char *const ir_text[IR_OP_COUNT + 1] = {
#define IR(NAME, text, NATIVE, KIND, flags) [IR_##NAME] = (text),
#include "translator/ir/ir.def"
#undef IR
    [IR_NONE] = "none",
};

struct out {
    char *text;
    size_t bytes, n;
};

__attribute__((format(printf, 2, 3))) static void put(struct out *o, const char *format, ...) {
    va_list args;
    va_start(args, format);
    size_t room = o->n < o->bytes ? o->bytes - o->n : 0;
    int n = vsnprintf(room != 0 ? o->text + o->n : NULL, room, format, args);
    va_end(args);
    o->n += (size_t)n;
}

static void put_value(struct out *o, const char *before, unsigned v) {
    if (v == 0)
        put(o, "%s0", before);
    else if (v < IR_FIRST)
        put(o, "%sx%u", before, v);
    else
        put(o, "%s%%%u", before, v - IR_FIRST);
}

static void put_ins(struct out *o, const struct ir_ins *in, unsigned i) {
    struct ir_shape s = ir_shapes[ir_kind[in->op]];
    bool has_result = (ir_flags[in->op] & IRF_RESULT) != 0;
    if (has_result)
        put(o, "%%%u = ", i);
    put(o, "%s", ir_text[in->op]);
    if (s.a)
        put_value(o, " ", in->a);
    if (s.b)
        put_value(o, s.a ? ", " : " ", in->b);
    if (s.imm)
        put(o, s.hex ? "%s0x%x" : "%s%d", s.a ? ", " : " ", in->imm);
    if (has_result && in->dst != 0)
        put(o, " -> x%u", in->dst);
    if (!has_result && in->dst != 0)
        put(o, " taken");
    put(o, "\n");
}

size_t ir_print(const struct ir_block *b, char *text, size_t text_bytes) {
    struct out o = {text, text_bytes, 0};
    put(&o, "block 0x%x\n", b->pc);
    for (uint32_t i = 0; i < b->n; i++)
        put_ins(&o, &b->ins[i], i);
    return o.n;
}
