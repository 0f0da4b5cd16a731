/* SPDX-License-Identifier: MIT
 * Disassembler and assembler of native bundles; the syntax is in native_text.h.
 * Which operands an operation has comes from its format, how they are arranged from its flags.
 */
#include "translator/support/native_text.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine_encode.h"

/* --- printing --- */

struct printer {
    char *text;
    size_t used;
};

__attribute__((format(printf, 2, 3))) static void put(struct printer *p, const char *format, ...) {
    va_list args;
    va_start(args, format);
    int n = vsnprintf(p->text + p->used, NATIVE_TEXT_BYTES - p->used, format, args);
    va_end(args);
    if (n > 0) {
        p->used += (size_t)n;
        if (p->used >= NATIVE_TEXT_BYTES) {
            p->used = NATIVE_TEXT_BYTES - 1;
        }
    }
}

static bool has_flag(enum vop op, unsigned flag) {
    return (vop_flags[op] & flag) != 0;
}

/* The control register with this number, or NULL; *is_high: it is the high word of a counter. */
static const struct csr_info *find_csr(uint32_t number, bool *is_high) {
    for (unsigned i = 0; i < CSR_INFO_COUNT; i++) {
        *is_high = csr_info[i].is_counter && csr_info[i].number + 1u == number;
        if (*is_high || csr_info[i].number == number) {
            return &csr_info[i];
        }
    }
    return NULL;
}

static void put_csr(struct printer *p, uint32_t number) {
    bool is_high = false;
    const struct csr_info *csr = find_csr(number, &is_high);
    if (!csr) {
        put(p, "0x%x", (unsigned)number);
        return;
    }
    for (const char *c = csr->name; *c; c++) {
        put(p, "%c", tolower((unsigned char)*c));
    }
    put(p, "%s", is_high ? "_h" : "");
}

static bool is_csr_op(enum vop op) {
    return vop_unit[op] == UNIT_CSR;
}

static void put_operands(struct printer *p, const struct vop_fields *f, uint32_t literal) {
    const struct vop_info *info = &vop_info[f->op];
    const char *separator = " ";
    if (has_flag(f->op, OPF_LOAD | OPF_STORE)) {
        put(p, " r%u, %d(r%u)", has_flag(f->op, OPF_LOAD) ? f->rd : f->rs2, (int)f->imm, f->rs1);
        return;
    }
#define OPERAND(condition, ...)                                                                    \
    if (condition) {                                                                               \
        put(p, "%s", separator);                                                                   \
        put(p, __VA_ARGS__);                                                                       \
        separator = ", ";                                                                          \
    }
    OPERAND(info->writes_rd, "r%u", f->rd)
    OPERAND(info->reads_rs1, "r%u", f->rs1)
    OPERAND(info->reads_rs2, "r%u", f->rs2)
    OPERAND(has_flag(f->op, OPF_LITERAL), "0x%08x", (unsigned)literal)
    OPERAND(info->has_imm && !is_csr_op(f->op), "%d", (int)f->imm)
#undef OPERAND
    if (is_csr_op(f->op)) {
        put(p, "%s", separator);
        put_csr(p, (uint32_t)f->imm);
    }
}

static void put_op(struct printer *p, uint32_t word, unsigned slot, uint32_t literal) {
    struct vop_fields f;
    if (!vop_decode(word, slot, &f)) {
        put(p, ".word 0x%08x", (unsigned)word);
        return;
    }
    put(p, "%s%s", vop_info[f.op].mnemonic, f.pred ? "+" : "");
    put_operands(p, &f, literal);
}

static bool takes_literal(uint32_t word, unsigned slot) {
    struct vop_fields f;
    return vop_decode(word, slot, &f) && has_flag(f.op, OPF_LITERAL);
}

void native_print_op(uint32_t word, unsigned slot, uint32_t literal, char text[NATIVE_TEXT_BYTES]) {
    struct printer p = {text, 0};
    put_op(&p, word, slot, literal);
}

void native_print_bundle(const uint32_t words[SLOT_COUNT], char text[NATIVE_TEXT_BYTES]) {
    struct printer p = {text, 0};
    bool is_literal = false;
    for (unsigned slot = 0; slot < SLOT_COUNT; slot++) {
        put(&p, slot ? " | " : "{ ");
        if (is_literal) {
            put(&p, "lit");
            is_literal = false;
            continue;
        }
        put_op(&p, words[slot], slot, words[(slot + 1) % SLOT_COUNT]);
        is_literal = takes_literal(words[slot], slot);
    }
    put(&p, " }");
}

/* --- parsing --- */

struct parser {
    const char *at;
    char *error; /* filled by the first failure */
    unsigned slot;
    bool has_failed;
};

__attribute__((format(printf, 2, 3))) static void fail(struct parser *p, const char *format, ...) {
    if (p->has_failed) {
        return;
    }
    p->has_failed = true;
    int n = snprintf(p->error, NATIVE_TEXT_BYTES, "slot %u: ", p->slot);
    va_list args;
    va_start(args, format);
    vsnprintf(p->error + n, (size_t)(NATIVE_TEXT_BYTES - n), format, args);
    va_end(args);
}

static void skip_spaces(struct parser *p) {
    while (isspace((unsigned char)*p->at)) {
        p->at++;
    }
}

static bool accept(struct parser *p, char c) {
    skip_spaces(p);
    if (*p->at != c) {
        return false;
    }
    p->at++;
    return true;
}

static void expect(struct parser *p, char c) {
    if (!accept(p, c)) {
        fail(p, "expected '%c' at '%.12s'", c, p->at);
    }
}

enum { WORD_BYTES = 32 };

/* A name: letters, digits, '_', and '.' in front. */
static void parse_name(struct parser *p, char name[WORD_BYTES]) {
    size_t n = 0;
    skip_spaces(p);
    while (isalnum((unsigned char)*p->at) || *p->at == '_' || (n == 0 && *p->at == '.')) {
        if (n + 1 < WORD_BYTES) {
            name[n++] = *p->at;
        }
        p->at++;
    }
    name[n] = 0;
    if (n == 0) {
        fail(p, "expected a name at '%.12s'", p->at);
    }
}

static int64_t parse_number(struct parser *p, int64_t min, int64_t max) {
    skip_spaces(p);
    bool is_number =
        isdigit((unsigned char)*p->at) || (*p->at == '-' && isdigit((unsigned char)p->at[1]));
    char *end = NULL;
    int64_t value = is_number ? strtoll(p->at, &end, 0) : 0;
    if (!is_number) {
        fail(p, "expected a number at '%.12s'", p->at);
        return 0;
    }
    p->at = end;
    if (value < min || value > max) {
        fail(p, "number %lld is not in %lld..%lld", (long long)value, (long long)min,
             (long long)max);
        return 0;
    }
    return value;
}

static uint8_t parse_reg(struct parser *p) {
    if (!accept(p, 'r')) {
        fail(p, "expected a register at '%.12s'", p->at);
        return 0;
    }
    return (uint8_t)parse_number(p, 0, REG_COUNT - 1);
}

static uint8_t parse_rd(struct parser *p) {
    uint8_t rd = parse_reg(p);
    if (!p->has_failed && rd % SLOT_COUNT != p->slot) {
        fail(p, "r%u is not in the slot's bank", rd);
    }
    return rd;
}

static int32_t parse_csr(struct parser *p) {
    skip_spaces(p);
    if (isdigit((unsigned char)*p->at)) {
        return (int32_t)parse_number(p, 0, FORMAT_CR_IMM_MAX);
    }
    char name[WORD_BYTES];
    parse_name(p, name);
    size_t length = strlen(name);
    for (unsigned i = 0; i < CSR_INFO_COUNT && !p->has_failed; i++) {
        size_t n = 0;
        while (csr_info[i].name[n] && tolower((unsigned char)csr_info[i].name[n]) == name[n]) {
            n++;
        }
        if (csr_info[i].name[n] == 0 && n == length) {
            return csr_info[i].number;
        }
        if (csr_info[i].name[n] == 0 && csr_info[i].is_counter && strcmp(name + n, "_h") == 0) {
            return csr_info[i].number + 1;
        }
    }
    fail(p, "unknown control register %s", name);
    return 0;
}

static int32_t parse_imm(struct parser *p, enum vop op) {
    int32_t imm = (int32_t)parse_number(p, INT32_MIN, INT32_MAX);
    if (!p->has_failed && !vop_imm_fits(op, imm)) {
        fail(p, "immediate %d does not fit %s", (int)imm, vop_info[op].mnemonic);
    }
    return imm;
}

static void parse_memory(struct parser *p, struct vop_fields *f) {
    if (has_flag(f->op, OPF_LOAD)) {
        f->rd = parse_rd(p);
    } else {
        f->rs2 = parse_reg(p);
    }
    expect(p, ',');
    f->imm = parse_imm(p, f->op);
    expect(p, '(');
    f->rs1 = parse_reg(p);
    expect(p, ')');
}

static void parse_operands(struct parser *p, struct vop_fields *f, uint32_t *literal) {
    const struct vop_info *info = &vop_info[f->op];
    bool is_first = true;
    if (has_flag(f->op, OPF_LOAD | OPF_STORE)) {
        parse_memory(p, f);
        return;
    }
#define OPERAND(condition, target, value)                                                          \
    if (condition) {                                                                               \
        if (!is_first) {                                                                           \
            expect(p, ',');                                                                        \
        }                                                                                          \
        is_first = false;                                                                          \
        target = value;                                                                            \
    }
    OPERAND(info->writes_rd, f->rd, parse_rd(p))
    OPERAND(info->reads_rs1, f->rs1, parse_reg(p))
    OPERAND(info->reads_rs2, f->rs2, parse_reg(p))
    OPERAND(has_flag(f->op, OPF_LITERAL), *literal,
            (uint32_t)parse_number(p, INT32_MIN, UINT32_MAX))
    OPERAND(info->has_imm, f->imm, is_csr_op(f->op) ? parse_csr(p) : parse_imm(p, f->op))
#undef OPERAND
}

/* VOP_COUNT: there is no such mnemonic. */
static enum vop find_op(const char *mnemonic) {
    for (unsigned i = 0; i < VOP_COUNT; i++) {
        if (strcmp(vop_info[i].mnemonic, mnemonic) == 0) {
            return (enum vop)i;
        }
    }
    return VOP_COUNT;
}

/* One slot's word; true: the next slot is taken by *literal. */
static bool parse_op(struct parser *p, uint32_t *word, uint32_t *literal) {
    char name[WORD_BYTES];
    parse_name(p, name);
    if (strcmp(name, ".word") == 0) {
        *word = (uint32_t)parse_number(p, 0, UINT32_MAX);
        return false;
    }
    struct vop_fields f = {.op = find_op(name)};
    if (f.op == VOP_COUNT) {
        fail(p, "unknown operation %s", name);
        return false;
    }
    if ((vop_slots[f.op] >> p->slot & 1) == 0) {
        fail(p, "%s may not stand in this slot", name);
    }
    if (*p->at == '+') {
        p->at++;
        f.pred = 1;
        if (!has_flag(f.op, OPF_BRANCH)) {
            fail(p, "%s has no prediction", name);
        }
    }
    parse_operands(p, &f, literal);
    *word = vop_encode(&f);
    return has_flag(f.op, OPF_LITERAL);
}

static void parse_literal_mark(struct parser *p) {
    char name[WORD_BYTES];
    parse_name(p, name);
    if (strcmp(name, "lit") != 0) {
        fail(p, "expected lit, the place of the literal before, not %s", name);
    }
}

bool native_parse_bundle(const char *text, uint32_t words[SLOT_COUNT],
                         char error[NATIVE_TEXT_BYTES]) {
    struct parser p = {text, error, 0, false};
    bool is_literal = false;
    uint32_t literal = 0;
    for (; p.slot < SLOT_COUNT && !p.has_failed; p.slot++) {
        expect(&p, p.slot ? '|' : '{');
        if (is_literal) {
            parse_literal_mark(&p);
            words[p.slot] = literal;
            is_literal = false;
            continue;
        }
        is_literal = parse_op(&p, &words[p.slot], &literal);
    }
    if (!p.has_failed) {
        p.slot = SLOT_COUNT - 1;
        expect(&p, '}');
        skip_spaces(&p);
        if (*p.at != 0) {
            fail(&p, "more text after the bundle: '%.12s'", p.at);
        }
    }
    return !p.has_failed;
}
