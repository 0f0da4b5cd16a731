/* SPDX-License-Identifier: MIT
 * Column LIFT of rv32.def: checks, and the table of steps that front/lift.c reads.
 *
 * What the translator makes must compute what the interpreter does: VALUE is compared with the IR's
 * operations (their semantics are those of rtl/machine/ops.def) on many operands. */
#include "translator/guest/gen.h"

#include "machine.h"
#include "translator/ir/ir.h"

enum { IMM15_HALF = 1 << 14 };

/* --- the IR's operations as functions */
static bool is_side_effect; /* the function called last has no value of its own */

static uint32_t side_effect(void) {
    is_side_effect = true;
    return 0;
}

typedef uint32_t semantics(uint32_t a, uint32_t b, uint32_t imm);
#define SIDE side_effect()
#define OP(NAME, mnemonic, opcode, format, unit, slots, flags, semantics, description)             \
    static inline uint32_t native_##NAME(uint32_t a, uint32_t b, uint32_t imm) {                   \
        (void)a, (void)b, (void)imm;                                                               \
        return semantics;                                                                          \
    }
#include "rtl/machine/ops.def"
#undef OP
#undef SIDE

static const struct {
    semantics *compute;
    enum ir_kind kind;
    const char *name;
} ir[IR_OP_COUNT + 1] = {
#define IR(NAME, text, NATIVE, KIND, flags) [IR_##NAME] = {native_##NATIVE, IRK_##KIND, #NAME},
#include "translator/ir/ir.def"
#undef IR
    [IR_NONE] = {native_NOP, IRK_NONE, "NONE"},
};

/* What the translator's code computes. False: an operation of it has a side effect. */
static bool lifted_value(const struct gen_lift *l, uint32_t a, uint32_t b, uint32_t imm,
                         uint32_t *value) {
    uint32_t values[STEP_RESULT + LIFT_MAX_STEPS] = {0, a, b}, n = STEP_RESULT;
    is_side_effect = false;
    *value = ir[l->op].compute(a, b, imm);
    for (const struct gen_step *s = l->steps; s->is_there; s++, n++)
        *value = values[n] =
            ir[s->step.op].compute(values[s->step.a], values[s->step.b], step_imm(&s->step, imm));
    return !is_side_effect;
}

/* The other form of an operation of two registers, or of one and an immediate. */
static uint32_t other_value(const struct gen_row *r, uint32_t a, uint32_t b, uint32_t imm) {
    const uint32_t y = r->lift->kind == LIFTED_WITH_IMM ? imm : b;
    return ir[r->lift->other].compute(a, y, r->lift->op == IR_SUB ? 0u - y : y);
}

/* --- checks of a row */
static int complain(const struct gen_row *r, const char *what) {
    fprintf(stderr, "rv32.def: %s: %s\n", r->name, what);
    return 1;
}

static bool fit_together(enum gen_kind executed, enum gen_lifting lifted) {
    switch (lifted) {
    case LIFTED_SAME:
        return executed == KIND_LOAD || executed == KIND_STORE;
    case LIFTED_RESULT:
    case LIFTED_WITH_REG:
    case LIFTED_WITH_IMM:
    case LIFTED_CONSTANT:
    case LIFTED_STEPS:
        return executed == KIND_VALUE;
    case LIFTED_CLOSES:
        return executed == KIND_BRANCH;
    case LIFTED_JUMPS:
        return executed == KIND_JUMP;
    case LIFTED_NO_CODE:
        return executed == KIND_NOTHING;
    case LIFTED_INTERPRETED:
        return executed == KIND_VALUE || executed == KIND_SLOW;
    }
    return false;
}

static const char *check_step(const struct gen_row *r, const struct gen_step *g, uint32_t results) {
    static const enum ir_kind kinds[] = {IRK_CONST, IRK_RI, IRK_RR};
    const struct lift_step *s = &g->step;
    if (ir[s->op].kind != kinds[g->n_operands])
        return "a step's operation has other operands";
    if (s->a >= STEP_RESULT + results || s->b >= STEP_RESULT + results)
        return "a step has an operand that is computed later";
    if (s->how != STEP_CONST && r->format != RV_FORMAT_SHIFT)
        return "a step uses an immediate that the format has not";
    if (ir[s->op].kind != IRK_RI || s->how != STEP_CONST)
        return NULL;
    if (s->op >= IR_SLLI && s->op <= IR_SRAI)
        return s->imm > 31 ? "a step shifts by more than 31" : NULL;
    return s->imm + IMM15_HALF >= 2u * IMM15_HALF ? "a step's immediate does not fit" : NULL;
}

static int check_steps(const struct gen_row *r) {
    uint32_t n = 0;
    for (; n <= LIFT_MAX_STEPS && r->lift->steps[n].is_there; n++) {
        const char *what = check_step(r, &r->lift->steps[n], n);
        if (what != NULL)
            return complain(r, what);
    }
    if ((n != 0) != (r->lift->kind == LIFTED_STEPS))
        return complain(r, "no steps");
    return n > LIFT_MAX_STEPS ? complain(r, "too many steps") : 0;
}

static bool is_same(const struct gen_row *r, uint32_t a, uint32_t b, uint32_t imm) {
    const uint32_t wanted = r->execute(a, b, imm, 0).value;
    uint32_t value;
    if (!lifted_value(r->lift, a, b, imm, &value))
        return true; /* division: tests/guest compares */
    return value == wanted && (r->lift->other == IR_NONE || other_value(r, a, b, imm) == wanted);
}

static int check_value(const struct gen_row *r) {
    static const uint32_t edges[] = {0,          1,          2,          3,          5,
                                     31,         32,         33,         0x7f,       0x80,
                                     0xff,       0x8000,     0xffff,     0x10000,    0x00ff00ff,
                                     0x01020408, 0x12345678, 0x7fffffff, 0x80000000, 0x80000001,
                                     0xaaaaaaaa, 0xdeadbeef, 0xff00ff00, 0xfffffffe, 0xffffffff};
    enum { EDGES = sizeof edges / sizeof edges[0] };
    for (uint32_t i = 0; i < EDGES * EDGES; i++) {
        const uint32_t a = edges[i / EDGES], b = edges[i % EDGES];
        const uint32_t imm = r->format == RV_FORMAT_SHIFT ? b & 31u
                             : r->format == RV_FORMAT_I   ? (uint32_t)((int32_t)(b << 20) >> 20)
                                                          : 0;
        if (!is_same(r, a, b, imm)) {
            fprintf(stderr,
                    "rv32.def: %s: the translation of 0x%08x and 0x%08x computes something else\n",
                    r->name, (unsigned)a, (unsigned)(r->format == RV_FORMAT_R ? b : imm));
            return 1;
        }
    }
    return 0;
}

int gen_check_lift(void) {
    int bad = 0;
    for (unsigned op = RV_ILLEGAL + 1; op < RV_OP_COUNT; op++) {
        const struct gen_row *r = &gen_rows[op];
        const enum gen_kind executed = r->execute(0, 0, 0, 0).kind;
        const enum gen_lifting lifted = r->lift->kind;
        if (!fit_together(executed, lifted))
            bad += complain(r, "its two columns EXECUTE and LIFT do not fit together");
        else if (check_steps(r) != 0)
            bad++;
        else if (executed == KIND_VALUE && lifted != LIFTED_CONSTANT &&
                 lifted != LIFTED_INTERPRETED)
            bad += check_value(r);
    }
    return bad;
}

/* --- product */
static uint32_t count_steps(unsigned op) {
    uint32_t n = 0;
    while (op != RV_ILLEGAL && gen_rows[op].lift->steps[n].is_there)
        n++;
    return n;
}

void gen_emit_steps(FILE *f) {
    uint32_t first = 0, most = 0;
    fputs("static const struct lift_step lift_steps[] = {\n", f);
    for (unsigned op = RV_ILLEGAL + 1; op < RV_OP_COUNT; op++)
        for (const struct gen_step *s = gen_rows[op].lift->steps; s->is_there; s++)
            fprintf(f, "    {IR_%s, %u, %u, %u, 0x%xu}, /* %s */\n", ir[s->step.op].name, s->step.a,
                    s->step.b, s->step.how, (unsigned)s->step.imm, gen_rows[op].name);
    fputs("};\n\n/* An instruction's are those up to the next one's. */\n"
          "static const uint16_t lift_first_step[RV_OP_COUNT + 1] = {\n",
          f);
    for (unsigned op = RV_ILLEGAL; op < RV_OP_COUNT; op++) {
        fprintf(f, "    [RV_%s] = %u,\n", gen_name(op), (unsigned)first);
        first += count_steps(op);
        most = most < count_steps(op) ? count_steps(op) : most;
    }
    fprintf(f, "    [RV_OP_COUNT] = %u,\n};\n\nenum { LIFT_MOST_STEPS = %u };\n", (unsigned)first,
            (unsigned)most);
}
