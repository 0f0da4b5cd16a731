/* SPDX-License-Identifier: MIT
 * Every pass of the list from IR to IR (passes.def): random blocks are evaluated before and after
 * it with the same random registers and memory. What the block leaves must be the same: registers
 * that are wanted, stores and control operations in their order, loads, the way out. The passes run
 * alone, and one after the other as in the list. ir_check must say yes, and uses must be exact.
 *
 *   ir_passes FIRST_SEED BLOCKS */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "translator/passes.h"

static uint64_t state;

static uint32_t random_below(uint32_t bound) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((state >> 33) % bound);
}

/* Numbers at which rules change their minds are more likely than others. */
static uint32_t random_number(void) {
    static const uint32_t edges[] = {0,           1,          2,         31,         32,
                                     33,          0x3fff,     0x4000,    0x7ff,      0xffffffff,
                                     0xffffc000,  0xffffbfff, 0x8000,    0x7fffffff, 0x4001,
                                     0x80000000u, 12,         0xfffffff4};
    uint32_t n = sizeof edges / sizeof edges[0], i = random_below(2 * n);
    return i < n ? edges[i] : random_below(1u << 31) << 1 ^ random_below(4);
}

/* --- random blocks */

static uint32_t random_value(const struct ir_block *b) {
    return random_below(3) == 0 ? random_below(12) : b->value[random_below(12)];
}

static enum ir_op random_op(enum ir_kind kind) {
    uint32_t op;
    do
        op = random_below(IR_OP_COUNT);
    while (ir_kind[op] != kind);
    return (enum ir_op)op;
}

static uint32_t random_imm(enum ir_op op) {
    if (op >= IR_SLLI && op <= IR_SRAI)
        return random_below(32);
    uint32_t imm = random_below(3) == 0 ? random_below(2) : random_below(0x8000) - 0x4000;
    return ir_kind[op] == IRK_STORE ? (imm & 0x1fff) - 0x1000 : imm;
}

static void add_random(struct ir_block *b) {
    static const uint8_t kinds[] = {IRK_RR,    IRK_RR,    IRK_RR,    IRK_RR,   IRK_RI,
                                    IRK_RI,    IRK_RI,    IRK_LOAD,  IRK_LOAD, IRK_STORE,
                                    IRK_STORE, IRK_CONST, IRK_CONST, IRK_DIV,  IRK_COPY,
                                    IRK_CSRR,  IRK_CSRW,  IRK_RDH,   IRK_WRH};
    enum ir_kind kind = (enum ir_kind)kinds[random_below(sizeof kinds)];
    enum ir_op op = random_op(kind);
    uint32_t dst = ir_flags[op] & IRF_RESULT ? random_below(12) : 0;
    uint32_t a = random_value(b), c = random_value(b);
    switch (kind) {
    case IRK_CONST:
        ir_emit(b, op, dst, 0, 0, random_number());
        break;
    case IRK_COPY:
        if (dst == 0 || b->value[dst] == a)
            break;
        ir_emit(b, op, dst, a, 0, 0);
        b->value[dst] = (uint8_t)a;
        break;
    case IRK_CSRR:
        ir_emit(b, op, dst, 0, 0, random_below(8));
        break;
    case IRK_CSRW:
        ir_emit(b, op, 0, a, 0, random_below(8));
        break;
    case IRK_RDH:
        ir_emit(b, op, dst, a, 0, 0);
        break;
    case IRK_RI:
    case IRK_LOAD:
        ir_emit(b, op, dst, a, 0, random_imm(op));
        break;
    case IRK_STORE:
        ir_emit(b, op, 0, a, c, random_imm(op));
        break;
    default: /* RR, DIV, WRH */
        ir_emit(b, op, dst, a, c, 0);
        break;
    }
}

static void random_block(struct ir_block *b) {
    ir_begin(b, 0x80000000u);
    for (uint32_t n = 1 + random_below(40); n > 0; n--)
        add_random(b);
    uint32_t a = random_value(b);
    switch (random_below(4)) {
    case 0:
        ir_emit(b, IR_INDIRECT, 0, a, 0, 0);
        break;
    case 1:
        ir_emit(b, IR_JUMPR, 0, a, 0, 0);
        break;
    case 2:
        ir_emit(b, IR_FALL, 0, 0, 0, 0);
        break;
    default:
        ir_emit_branch(b, random_op(IRK_BCC), a, random_value(b), random_number(),
                       random_below(2) != 0);
        break;
    }
}

/* --- evaluation */

struct outcome {
    uint32_t x[32];
    uint64_t effects; /* stores and control operations, in their order */
    uint64_t homes;   /* rdh, wrh and control operations, in theirs */
    uint64_t loads;   /* whose order does not count */
    uint32_t way_out;
};

struct byte {
    uint32_t addr;
    uint8_t is;
};
struct scratch {
    struct byte bytes[4 * IR_MAX_INS];
    uint32_t n;
};

static uint64_t mix(uint64_t hash, uint64_t x) {
    x = (x ^ hash) * 0x9e3779b97f4a7c15u;
    return (x ^ x >> 29) * 0xbf58476d1ce4e5b9u + hash;
}

static uint8_t load_byte(const struct scratch *m, uint32_t addr) {
    for (uint32_t i = m->n; i-- > 0;)
        if (m->bytes[i].addr == addr)
            return m->bytes[i].is;
    return (uint8_t)mix(77, addr);
}

static uint32_t bytes_of(uint32_t op) {
    return op == IR_LW || op == IR_SW ? 4 : op == IR_LH || op == IR_LHU || op == IR_SH ? 2 : 1;
}

static uint32_t load(const struct scratch *m, uint32_t op, uint32_t addr) {
    uint32_t n = bytes_of(op), is = 0;
    for (uint32_t i = 0; i < n; i++)
        is |= (uint32_t)load_byte(m, addr + i) << 8 * i;
    return op == IR_LH ? (uint32_t)(int16_t)is : op == IR_LB ? (uint32_t)(int8_t)is : is;
}

static uint32_t divide(uint32_t op, uint32_t a, uint32_t b) {
    bool is_signed = op == IR_DIV || op == IR_REM, is_quotient = op == IR_DIV || op == IR_DIVU;
    if (b == 0)
        return is_quotient ? 0xffffffffu : a;
    if (is_signed && a == 0x80000000u && b == 0xffffffffu)
        return is_quotient ? a : 0;
    if (!is_signed)
        return is_quotient ? a / b : a % b;
    return (uint32_t)(is_quotient ? (int32_t)a / (int32_t)b : (int32_t)a % (int32_t)b);
}

static bool is_taken(uint32_t op, uint32_t a, uint32_t b) {
    int32_t x = (int32_t)a, y = (int32_t)b;
    return op == IR_BEQ    ? a == b
           : op == IR_BNE  ? a != b
           : op == IR_BLT  ? x < y
           : op == IR_BGE  ? x >= y
           : op == IR_BLTU ? a < b
                           : a >= b;
}

/* Value of an instruction; its effects go to o and m. */
static uint32_t step(struct outcome *o, struct scratch *m, const struct ir_ins *in, uint32_t a,
                     uint32_t b) {
    uint64_t operands = mix(mix(in->op, a), b) + in->imm;
    switch ((enum ir_kind)ir_kind[in->op]) {
    case IRK_RR:
    case IRK_RI:
        return ir_evaluate((enum ir_op)in->op, a, b, in->imm);
    case IRK_CONST:
        return in->imm;
    case IRK_COPY:
        return a;
    case IRK_DIV:
        return divide(in->op, a, b);
    case IRK_LOAD:
        o->loads += mix(in->op, a + in->imm);
        return load(m, in->op, a + in->imm);
    case IRK_STORE:
        o->effects = mix(o->effects, mix(mix(in->op, a + in->imm), b));
        for (uint32_t i = 0; i < bytes_of(in->op); i++)
            m->bytes[m->n++] = (struct byte){a + in->imm + i, (uint8_t)(b >> 8 * i)};
        return 0;
    case IRK_CSRR:
    case IRK_CSRW:
        o->effects = mix(o->effects, operands);
        o->homes = mix(o->homes, operands);
        return (uint32_t)(o->effects >> 7);
    case IRK_RDH:
    case IRK_WRH:
        o->homes = mix(o->homes, operands);
        return (uint32_t)(o->homes >> 7);
    case IRK_BCC:
        o->way_out = is_taken(in->op, a, b) ? in->imm : 1;
        return 0;
    case IRK_GOTO:
        o->way_out = in->imm;
        return 0;
    case IRK_INDIRECT:
        o->way_out = a & ~1u;
        return 0;
    default: /* JUMPR, FALL */
        o->way_out = a;
        return 0;
    }
}

static void evaluate(const struct ir_block *b, const uint32_t x[32], struct outcome *o) {
    static struct scratch m;
    uint32_t values[IR_VALUES];
    m.n = 0;
    *o = (struct outcome){0};
    memcpy(values, x, 32 * sizeof x[0]);
    memcpy(o->x, x, sizeof o->x);
    for (uint32_t i = 0; i < b->n; i++) {
        const struct ir_ins *in = &b->ins[i];
        if (in->op == IR_NONE)
            continue;
        values[IR_FIRST + i] = step(o, &m, in, values[in->a], values[in->b]);
        if (ir_flags[in->op] & IRF_RESULT && in->dst != 0)
            o->x[in->dst] = values[IR_FIRST + i];
    }
}

/* --- the passes */

static const char *compare(const struct ir_block *before, const struct ir_block *after,
                           uint32_t dead) {
    for (uint32_t k = 0; k < 4; k++) {
        struct outcome is, was;
        uint32_t x[32] = {0};
        for (uint32_t i = 1; i < 32; i++)
            x[i] = random_number();
        evaluate(before, x, &was);
        evaluate(after, x, &is);
        for (uint32_t i = 1; i < 32; i++)
            if (is.x[i] != was.x[i] && (dead >> i & 1) == 0)
                return "a register has another value";
        if (is.effects != was.effects || is.homes != was.homes || is.loads != was.loads)
            return "other effects";
        if (is.way_out != was.way_out)
            return "another way out";
    }
    return NULL;
}

static const char *check_uses(const struct ir_block *b) {
    uint8_t uses[IR_VALUES] = {0};
    for (uint32_t i = 0; i < b->n; i++) {
        uses[b->ins[i].a]++;
        uses[b->ins[i].b]++;
    }
    for (uint32_t v = 1; v < IR_FIRST + b->n; v++)
        if (uses[v] != b->uses[v])
            return "uses are wrong";
    return NULL;
}

static struct pass_work w;
static unsigned failures;

static const char *const names[PASS_COUNT] = {
#define PROGRAM_PASS(NAME, name, takes, gives, off, counted, text) [PASS_##NAME] = #name,
#define REGION_PASS PROGRAM_PASS
#include "translator/passes.def"
#undef PROGRAM_PASS
#undef REGION_PASS
};

static void run(enum pass pass, unsigned long seed) {
    static struct ir_block before;
    static char text[8192];
    before = w.xl.ir;
    passes_run(&w, pass, pass);
    const char *bad = ir_check(&w.xl.ir);
    if (bad == NULL)
        bad = check_uses(&w.xl.ir);
    if (bad == NULL)
        bad = compare(&before, &w.xl.ir, w.xl.dead);
    if (bad == NULL)
        return;
    printf("FAILED: seed %lu, pass %s: %s\n", seed, names[pass], bad);
    ir_print(&before, text, sizeof text);
    printf("%s", text);
    ir_print(&w.xl.ir, text, sizeof text);
    printf("becomes\n%s", text);
    failures++;
}

static bool is_tested[PASS_COUNT];

int main(int argc, char **argv) {
    static struct ir_block random;
    if (argc != 3) {
        fprintf(stderr, "usage: ir_passes FIRST_SEED BLOCKS\n");
        return 2;
    }
    unsigned long first = strtoul(argv[1], NULL, 0), n = strtoul(argv[2], NULL, 0);
    unsigned n_passes = 0;
    enum { IR = 1, PROGRAM = 0, FORM = 0, WORDS = 0 };
#define PROGRAM_PASS(NAME, name, takes, gives, off, counted, text)
#define REGION_PASS(NAME, name, takes, gives, off, counted, text)                                  \
    is_tested[PASS_##NAME] = (takes) && (gives);
#include "translator/passes.def"
#undef PROGRAM_PASS
#undef REGION_PASS
    passes_begin(&w, &xl_abi_firmware, 0, 1);
    for (unsigned long seed = first; seed < first + n && failures < 5; seed++) {
        state = seed;
        random_block(&random);
        for (uint32_t alone = 0; alone < 2; alone++) {
            w.xl.ir = random;
            w.xl.dead = random_below(2) != 0 ? random_below(1u << 16) : 0;
            for (uint32_t i = 0; i < PASS_COUNT; i++) {
                if (!is_tested[i])
                    continue;
                run((enum pass)i, seed);
                if (alone)
                    w.xl.ir = random;
            }
        }
    }
    for (uint32_t i = 0; i < PASS_COUNT; i++) {
        n_passes += is_tested[i];
        if (is_tested[i])
            printf("pass %s: %u\n", names[i], w.counts[i]);
        if (is_tested[i] && w.counts[i] == 0) {
            printf("FAILED: pass %s did nothing\n", names[i]);
            failures++;
        }
    }
    printf("IR passes: %u passes, %lu random blocks, evaluated before and after; %u failures\n",
           n_passes, n, failures);
    return failures != 0;
}
