/* SPDX-License-Identifier: MIT
 * Form of the decision tree that gen.c makes of rv32.def and decode.c walks.
 *
 * The root is a table indexed by the bits that tell most operations apart (opcode, funct3, bits 25
 * and 30). An entry names an operation that the word may be, its format, and the node to go on with
 * when it is not; a node is a bit field of the word that chooses among entries once more. Entries
 * below the root, and those of the root that say so, compare the word with the operation's
 * pattern. Node 0 leads to RV_ILLEGAL, which fits every word.
 *
 *   entry:   bit 31 TREE_PLAIN   bit 30 TREE_CHECKED   node << 16   format << 8   op
 *
 * Entries of the root with nothing to check have no node, but, for gear 1's lifting
 * (front/quick.c), what column LIFT says:
 *
 *   entry:   bits 29 to 27 TREE_LIFTED, TREE_FOLDS, TREE_CLOSES    IR operation << 16 */
#ifndef SELKIRK_GUEST_TREE_H
#define SELKIRK_GUEST_TREE_H

#include "translator/guest/rv32.h"

/* Byte offset in a table of words, so that no part of it is shifted twice. */
#define TREE_KEY_OFFSET(word)                                                                      \
    (((word)&0x7c) | ((word) >> 5 & 0x380) | ((word) >> 15 & 0x400) | ((word) >> 19 & 0x800))
#define TREE_KEY(word) (TREE_KEY_OFFSET(word) / 4)
#define TREE_KEY_BITS 0x4200707cu
enum { TREE_KEYS = 1024 };

/* PLAIN: rs1 and a 12-bit immediate, nothing to check. CHECKED: two registers, or one and a shift
 * amount, if the pattern fits. Neither, at the root: format NONE goes on with the node, and the
 * others have nothing to check. */
#define TREE_PLAIN (1u << 31)
#define TREE_CHECKED (1u << 30)
/* LIFTED: one IR operation of the same operands; FOLDS: if folding has nothing to say. CLOSES: a
 * conditional branch. */
#define TREE_LIFTED (1u << 29)
#define TREE_FOLDS (1u << 28)
#define TREE_CLOSES (1u << 27)
#define TREE_ENTRY(op, format, node)                                                               \
    ((uint32_t)(op) | (uint32_t)(format) << 8 | (uint32_t)(node) << 16)

extern const uint32_t tree_entries[]; /* the first TREE_KEYS are the root */

static inline uint32_t tree_root(uint32_t word) {
    return *(const uint32_t *)((const char *)tree_entries + TREE_KEY_OFFSET(word));
}

static inline uint32_t tree_op(uint32_t entry) {
    return entry & 0xff;
}

static inline enum rv_format tree_format(uint32_t entry) {
    return (enum rv_format)(entry >> 8 & 0xff);
}

static inline uint32_t tree_node_of(uint32_t entry) {
    return entry >> 16 & 0xff;
}

static inline uint32_t tree_ir_op(uint32_t entry) {
    return entry >> 16 & 0xff;
}

struct tree_node {
    uint16_t first; /* entry, of a field that is 0 */
    uint8_t shift, mask;
};

struct tree_pattern {
    uint32_t match, mask;
};

#endif
