/* SPDX-License-Identifier: MIT
 * The decision tree of rv32.def (tree.h), its flags, and the checks that every word has one answer:
 * an operation whose pattern fits, the most special of them, or RV_ILLEGAL. */
#include "translator/guest/gen.h"

#include <stdlib.h>

enum { MAX_ENTRIES = 4096, MAX_NODES = 256, MAX_FIELD_BITS = 5 };

static uint32_t entries[MAX_ENTRIES]; /* tree_entries */
static struct tree_node nodes[MAX_NODES];
static uint32_t n_entries = TREE_KEYS, n_nodes;
static int n_complaints;

/* Rows that words of some part of the tree may be, in the table's order. */
struct set {
    uint32_t n;
    uint8_t ops[RV_OP_COUNT];
};

static const struct gen_row *row(const struct set *s, uint32_t i) {
    return &gen_rows[s->ops[i]];
}

static bool overlap(const struct gen_row *x, const struct gen_row *y) {
    return ((x->match ^ y->match) & x->mask & y->mask) == 0;
}

/* Words of x are words of y, too. */
static bool is_special(const struct gen_row *x, const struct gen_row *y) {
    return overlap(x, y) && (y->mask & ~x->mask) == 0 && x->mask != y->mask;
}

static void complain(unsigned op, const char *what, const char *other) {
    fprintf(stderr, "rv32.def: %s: %s%s\n", gen_rows[op].name, what, other);
    n_complaints++;
}

static bool may_be_checked(enum rv_format format) {
    return format == RV_FORMAT_R || format == RV_FORMAT_SHIFT || format == RV_FORMAT_AMO;
}

static bool may_be_below(enum rv_format format) {
    return may_be_checked(format) || format == RV_FORMAT_UNARY || format == RV_FORMAT_EXACT ||
           format == RV_FORMAT_I;
}

/* The row to compare a word with first: the first one that no other is special against. */
static uint32_t first_to_try(const struct set *s) {
    for (uint32_t i = 0; i < s->n; i++) {
        bool is_last = false;
        for (uint32_t k = 0; k < s->n; k++)
            is_last |= is_special(row(s, k), row(s, i));
        if (!is_last)
            return i;
    }
    return 0;
}

static struct set without(const struct set *s, uint32_t i) {
    struct set rest = {0};
    for (uint32_t k = 0; k < s->n; k++)
        if (k != i)
            rest.ops[rest.n++] = s->ops[k];
    return rest;
}

/* Those of s whose words may have this value in the field. */
static struct set with_field(const struct set *s, struct tree_node field, uint32_t value) {
    struct set some = {0};
    for (uint32_t i = 0; i < s->n; i++)
        if (((row(s, i)->match >> field.shift ^ value) & row(s, i)->mask >> field.shift &
             field.mask) == 0)
            some.ops[some.n++] = s->ops[i];
    return some;
}

/* The field that leaves fewest rows to try, the narrowest such. */
static struct tree_node choose_field(const struct set *s) {
    struct tree_node best = {0, 0, 0};
    uint32_t best_most = s->n;
    for (uint32_t bits = 1; bits <= MAX_FIELD_BITS; bits++)
        for (uint32_t shift = 0; shift + bits <= 32; shift++) {
            const struct tree_node field = {0, (uint8_t)shift, (uint8_t)((1u << bits) - 1u)};
            uint32_t most = 0;
            for (uint32_t value = 0; value <= field.mask; value++) {
                const uint32_t n = with_field(s, field, value).n;
                most = n > most ? n : most;
            }
            if (most < best_most) {
                best_most = most;
                best = field;
            }
        }
    return best;
}

static uint32_t entry_of(const struct set *s);

/* The node that chooses among the rows of s; 0 for none. */
static uint32_t node_of(const struct set *s) {
    if (s->n == 0)
        return 0;
    struct tree_node node = choose_field(s);
    const uint32_t number = n_nodes++;
    node.first = (uint16_t)n_entries;
    n_entries += node.mask + 1u;
    if (n_nodes > MAX_NODES || n_entries > MAX_ENTRIES) {
        fputs("gen: the decision tree is too large\n", stderr);
        exit(EXIT_FAILURE);
    }
    nodes[number] = node;
    for (uint32_t value = 0; value <= node.mask; value++) {
        const struct set some = with_field(s, node, value);
        entries[node.first + value] = entry_of(&some);
    }
    return number;
}

/* Below the root. */
static uint32_t entry_of(const struct set *s) {
    if (s->n == 0)
        return TREE_ENTRY(RV_ILLEGAL, RV_FORMAT_NONE, 0);
    const uint32_t i = first_to_try(s);
    const struct set rest = without(s, i);
    if (!may_be_below(row(s, i)->format))
        complain(s->ops[i], "its format cannot share an entry of the root", "");
    return TREE_ENTRY(s->ops[i], row(s, i)->format, node_of(&rest));
}

static uint32_t how_lifted(const struct gen_lift *lift) {
    static const uint32_t how[] = {[LIFTED_SAME] = TREE_LIFTED,
                                   [LIFTED_WITH_IMM] = TREE_LIFTED | TREE_FOLDS,
                                   [LIFTED_CLOSES] = TREE_CLOSES,
                                   [LIFTED_STEPS] = 0};
    return how[lift->kind];
}

static uint32_t root_entry(const struct set *s) {
    if (s->n == 0)
        return TREE_ENTRY(RV_ILLEGAL, RV_FORMAT_NONE, 0);
    const uint32_t i = first_to_try(s);
    const enum rv_format format = row(s, i)->format;
    if (may_be_checked(format)) {
        const struct set rest = without(s, i);
        return TREE_ENTRY(s->ops[i], format, node_of(&rest)) | TREE_CHECKED;
    }
    if (s->n > 1 || (row(s, i)->mask & ~(TREE_KEY_BITS | 3u)) != 0)
        return TREE_ENTRY(RV_ILLEGAL, RV_FORMAT_NONE, node_of(s));
    return TREE_ENTRY(s->ops[i], format, row(s, i)->lift->op) | how_lifted(row(s, i)->lift) |
           (format >= RV_FORMAT_I && format <= RV_FORMAT_JALR ? TREE_PLAIN : 0);
}

/* The rows whose words may have this key. */
static struct set with_key(uint32_t key) {
    struct set s = {0};
    for (unsigned op = RV_ILLEGAL + 1; op < RV_OP_COUNT; op++)
        if (((TREE_KEY(gen_rows[op].match) ^ key) & TREE_KEY(gen_rows[op].mask)) == 0)
            s.ops[s.n++] = (uint8_t)op;
    return s;
}

static void check_pair(unsigned op, unsigned other) {
    const struct gen_row *x = &gen_rows[op], *y = &gen_rows[other];
    if (overlap(x, y) && !is_special(x, y) && !is_special(y, x))
        complain(other, "has words in common with ", x->name);
}

int gen_check_tree(void) {
    for (unsigned op = RV_ILLEGAL + 1; op < RV_OP_COUNT; op++) {
        const struct gen_row *r = &gen_rows[op];
        if ((r->match & ~r->mask) != 0)
            complain(op, "its match has bits outside its mask", "");
        if ((r->match & r->mask & 3u) != 3u)
            complain(op, "is no 32-bit instruction", "");
        for (unsigned other = op + 1; other < RV_OP_COUNT; other++)
            check_pair(op, other);
    }
    if (n_complaints != 0)
        return n_complaints;
    const struct set none = {0};
    nodes[n_nodes++] = (struct tree_node){(uint16_t)n_entries, 0, 0};
    entries[n_entries++] = entry_of(&none);
    for (uint32_t key = 0; key < TREE_KEYS; key++) {
        const struct set s = with_key(key);
        entries[key] = root_entry(&s);
    }
    return n_complaints;
}

/* --- product */
static unsigned operands_of(enum rv_format format) {
    switch (format) {
    case RV_FORMAT_R:
    case RV_FORMAT_AMO:
        return RVF_RD | RVF_RS1 | RVF_RS2;
    case RV_FORMAT_UNARY:
    case RV_FORMAT_SHIFT:
    case RV_FORMAT_I:
    case RV_FORMAT_LOAD:
    case RV_FORMAT_JALR:
    case RV_FORMAT_CSR:
        return RVF_RD | RVF_RS1;
    case RV_FORMAT_S:
    case RV_FORMAT_B:
        return RVF_RS1 | RVF_RS2;
    case RV_FORMAT_U:
    case RV_FORMAT_J:
    case RV_FORMAT_CSRI:
        return RVF_RD;
    case RV_FORMAT_FENCE:
    case RV_FORMAT_EXACT:
    case RV_FORMAT_NONE:
        break;
    }
    return 0;
}

static unsigned flags_of(unsigned op) {
    static const uint8_t by_kind[] = {[KIND_LOAD] = RVF_LOAD,
                                      [KIND_STORE] = RVF_STORE,
                                      [KIND_BRANCH] = RVF_BRANCH,
                                      [KIND_SLOW] = 0};
    if (op == RV_ILLEGAL)
        return 0;
    const struct gen_executed e = gen_rows[op].execute(0, 0, 0, 0);
    return by_kind[e.kind] | (e.is_end ? RVF_END : 0u) |
           (gen_rows[op].lift->kind == LIFTED_INTERPRETED ? RVF_SLOW : 0u) |
           operands_of(gen_rows[op].format);
}

static void emit_by_op(FILE *f) {
    fputs("const uint16_t rv_flags[RV_OP_COUNT] = {\n", f);
    for (unsigned op = 0; op < RV_OP_COUNT; op++)
        fprintf(f, "    [RV_%s] = 0x%x,\n", gen_name(op), flags_of(op));
    fputs("};\n\nconst uint8_t rv_format[RV_OP_COUNT] = {\n", f);
    for (unsigned op = 0; op < RV_OP_COUNT; op++)
        fprintf(f, "    [RV_%s] = %u,\n", gen_name(op), (unsigned)gen_rows[op].format);
    fputs("};\n\nstatic const struct tree_pattern tree_pattern[RV_OP_COUNT] = {\n", f);
    for (unsigned op = 0; op < RV_OP_COUNT; op++)
        fprintf(f, "    [RV_%s] = {0x%08xu, 0x%08xu},\n", gen_name(op),
                (unsigned)gen_rows[op].match, (unsigned)gen_rows[op].mask);
    fputs("};\n", f);
}

void gen_emit_tree(FILE *f) {
    emit_by_op(f);
    fputs("\nconst uint32_t tree_entries[] = {\n", f);
    for (uint32_t i = 0; i < n_entries; i++)
        fprintf(f, "    0x%08xu, /* %u: %s */\n", (unsigned)entries[i], (unsigned)i,
                gen_name(entries[i] & 0xff));
    fputs("};\n\nstatic const struct tree_node tree_nodes[] = {\n", f);
    for (uint32_t i = 0; i < n_nodes; i++)
        fprintf(f, "    {%u, %u, 0x%x},\n", nodes[i].first, nodes[i].shift, nodes[i].mask);
    fputs("};\n", f);
}
