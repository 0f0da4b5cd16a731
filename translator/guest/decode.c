/* SPDX-License-Identifier: MIT
 * Guest instruction decoder (compressed ones: rvc.c): walks the decision tree (tree.h) that gen.c
 * makes of rv32.def. For nearly all words that is one look-up; only formats with funct7 compare the
 * word with the operation's pattern after it. */
#include "translator/guest/rvc.h"
#include "translator/guest/tree.h"
#include "rv32_tree.h"

#define LIKELY(cond) __builtin_expect(!!(cond), 1)
#define UNLIKELY(cond) __builtin_expect(!!(cond), 0)
#define FIELD(word, low, bits) (((word) >> (low)) & ((1u << (bits)) - 1u))
_Static_assert(offsetof(struct rv_insn, op) == 0 && offsetof(struct rv_insn, rd) == 1 &&
                   offsetof(struct rv_insn, rs1) == 2 && offsetof(struct rv_insn, rs2) == 3 &&
                   __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
               "rv_decode makes them as one word");

static inline uint32_t sign_fill(uint32_t word, unsigned shift) {
    return (uint32_t)((int32_t)word >> shift);
}

static uint32_t imm_s(uint32_t word) {
    return (sign_fill(word, 20) & ~31u) | FIELD(word, 7, 5);
}

static uint32_t imm_b(uint32_t word) {
    return (sign_fill(word, 19) & ~0xfffu) | FIELD(word, 7, 1) << 11 | FIELD(word, 25, 6) << 5 |
           FIELD(word, 8, 4) << 1;
}

static uint32_t imm_j(uint32_t word) {
    return (sign_fill(word, 11) & ~0xfffffu) | (word & 0xff000u) | FIELD(word, 20, 1) << 11 |
           FIELD(word, 21, 10) << 1;
}

static inline uint32_t op_of(uint32_t entry) {
    return entry & 0xff;
}

static inline enum rv_format format_of(uint32_t entry) {
    return (enum rv_format)(entry >> 8 & 0xff);
}

static inline uint32_t node_of(uint32_t entry) {
    return entry >> 16 & 0xff;
}

static bool matches(uint32_t word, uint32_t op) {
    return (word & tree_pattern[op].mask) == tree_pattern[op].match;
}

/* Below the root. */
static __attribute__((noinline)) enum rv_op decode_deeper(uint32_t word, struct rv_insn *insn,
                                                          uint32_t entry) {
    do {
        const struct tree_node *node = &tree_nodes[node_of(entry)];
        entry = tree_entries[node->first + (word >> node->shift & node->mask)];
    } while (!matches(word, op_of(entry)));
    *insn = (struct rv_insn){.op = (uint8_t)op_of(entry), .length = 4};
    const enum rv_format format = format_of(entry);
    if (format != RV_FORMAT_EXACT && format != RV_FORMAT_NONE) {
        insn->rd = (uint8_t)FIELD(word, 7, 5);
        insn->rs1 = (uint8_t)FIELD(word, 15, 5);
    }
    if (format == RV_FORMAT_R || format == RV_FORMAT_AMO)
        insn->rs2 = (uint8_t)FIELD(word, 20, 5);
    else if (format == RV_FORMAT_SHIFT)
        insn->imm = (int32_t)FIELD(word, 20, 5);
    else if (format == RV_FORMAT_I)
        insn->imm = (int32_t)sign_fill(word, 20);
    return (enum rv_op)insn->op;
}

/* The formats with nothing to check that are not one register and an immediate. */
static __attribute__((noinline)) enum rv_op decode_other(uint32_t word, struct rv_insn *insn,
                                                         uint32_t entry) {
    const enum rv_format format = format_of(entry);
    const uint8_t rs2 = (uint8_t)FIELD(word, 20, 5);
    uint32_t imm = 0;
    if (LIKELY(format == RV_FORMAT_B || format == RV_FORMAT_S)) {
        insn->rd = 0;
        insn->rs2 = rs2;
        imm = format == RV_FORMAT_B ? imm_b(word) : imm_s(word);
    } else if (format == RV_FORMAT_U || format == RV_FORMAT_J) {
        insn->rs1 = 0;
        imm = format == RV_FORMAT_U ? word & 0xfffff000u : imm_j(word);
    } else if (format == RV_FORMAT_CSR || format == RV_FORMAT_CSRI) {
        imm = word >> 20;
    } else if (format == RV_FORMAT_FENCE) {
        insn->rd = 0;
        insn->rs1 = 0;
        imm = word >> 20;
    } else {
        return decode_deeper(word, insn, entry);
    }
    insn->imm = (int32_t)imm;
    return (enum rv_op)insn->op;
}

/* The formats with funct7: the pattern decides. */
static __attribute__((noinline)) enum rv_op decode_checked(uint32_t word, struct rv_insn *insn,
                                                           uint32_t entry) {
    if (UNLIKELY(!matches(word, op_of(entry))))
        return decode_deeper(word, insn, entry);
    insn->imm = 0;
    if (format_of(entry) == RV_FORMAT_SHIFT)
        insn->imm = (int32_t)FIELD(word, 20, 5);
    else
        insn->rs2 = (uint8_t)FIELD(word, 20, 5);
    return (enum rv_op)op_of(entry);
}

/* What it calls, it calls last: no stack frame on the usual way. */
enum rv_op rv_decode(uint32_t word, struct rv_insn *insn) {
    if (UNLIKELY((word & 3u) != 3u))
        return rvc_decode(word, insn);
    const uint32_t entry = *(const uint32_t *)((const char *)tree_entries + TREE_KEY_OFFSET(word));
    insn->head = op_of(entry) | (word << 1 & (31u << 8 | 31u << 16)); /* rs2 is 0 */
    insn->imm = (int32_t)sign_fill(word, 20);
    insn->length = 4;
    if (LIKELY((entry & TREE_PLAIN) != 0))
        return (enum rv_op)op_of(entry);
    if ((entry & TREE_CHECKED) != 0)
        return decode_checked(word, insn, entry);
    return decode_other(word, insn, entry);
}
