/* SPDX-License-Identifier: MIT
 * Guest instruction decoder (compressed ones: rvc.c): walks the decision tree (tree.h) that gen.c
 * makes of rv32.def. For nearly all words that is one look-up (decode.h); only formats with funct7
 * compare the word with the operation's pattern after it. */
#include "translator/guest/decode.h"
#include "rv32_tree.h"

_Static_assert(offsetof(struct rv_insn, op) == 0 && offsetof(struct rv_insn, rd) == 1 &&
                   offsetof(struct rv_insn, rs1) == 2 && offsetof(struct rv_insn, rs2) == 3 &&
                   __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
               "they are made as one word");

static uint32_t imm_j(uint32_t word) {
    return (rv_sign_fill(word, 11) & ~0xfffffu) | (word & 0xff000u) | RV_FIELD(word, 20, 1) << 11 |
           RV_FIELD(word, 21, 10) << 1;
}

static bool matches(uint32_t word, uint32_t op) {
    return (word & tree_pattern[op].mask) == tree_pattern[op].match;
}

/* Below the root. */
static __attribute__((noinline)) struct rv_fields decode_deeper(uint32_t word, uint32_t entry) {
    do {
        const struct tree_node *node = &tree_nodes[tree_node_of(entry)];
        entry = tree_entries[node->first + (word >> node->shift & node->mask)];
    } while (!matches(word, tree_op(entry)));
    switch (tree_format(entry)) {
    case RV_FORMAT_EXACT:
    case RV_FORMAT_NONE:
        return rv_fields(tree_op(entry), 0);
    case RV_FORMAT_R:
    case RV_FORMAT_AMO:
        return rv_fields(rv_head_all(word, entry), 0);
    case RV_FORMAT_SHIFT:
        return rv_fields(rv_head_rd_rs1(word, entry), RV_FIELD(word, 20, 5));
    case RV_FORMAT_I:
        return rv_fields(rv_head_rd_rs1(word, entry), rv_sign_fill(word, 20));
    default: /* UNARY */
        return rv_fields(rv_head_rd_rs1(word, entry), 0);
    }
}

/* The formats with nothing to check that are not one register and an immediate. */
struct rv_fields rv_decode_other(uint32_t word, uint32_t entry) {
    const enum rv_format format = tree_format(entry);
    const uint32_t rd = word << 1 & 31u << 8;
    switch (format) {
    case RV_FORMAT_B:
        return rv_fields(rv_head_rs1_rs2(word, entry), rv_imm_b(word));
    case RV_FORMAT_S:
        return rv_fields(rv_head_rs1_rs2(word, entry), rv_imm_s(word));
    case RV_FORMAT_U:
        return rv_fields(tree_op(entry) | rd, word & 0xfffff000u);
    case RV_FORMAT_J:
        return rv_fields(tree_op(entry) | rd, imm_j(word));
    case RV_FORMAT_CSR:
    case RV_FORMAT_CSRI:
        return rv_fields(rv_head_rd_rs1(word, entry), word >> 20);
    case RV_FORMAT_FENCE:
        return rv_fields(tree_op(entry), word >> 20);
    default:
        return decode_deeper(word, entry);
    }
}

/* The formats with funct7: the pattern decides. */
struct rv_fields rv_decode_checked(uint32_t word, uint32_t entry) {
    if (__builtin_expect(!matches(word, tree_op(entry)), 0))
        return decode_deeper(word, entry);
    if (tree_format(entry) == RV_FORMAT_SHIFT)
        return rv_fields(rv_head_rd_rs1(word, entry), RV_FIELD(word, 20, 5));
    return rv_fields(rv_head_all(word, entry), 0);
}

struct rv_fields rv_decode_fields(uint32_t word) {
    return rv_decode_inline(word);
}

enum rv_op rv_decode(uint32_t word, struct rv_insn *insn) {
    const struct rv_fields f = rv_decode_inline(word);
    insn->head = f.head;
    insn->imm = f.imm;
    insn->length = (uint8_t)rv_length(word);
    return (enum rv_op)insn->op;
}
