/* SPDX-License-Identifier: MIT
 * Guest instruction decoder, the part that is inlined where time counts: one look-up at the root of
 * the decision tree (tree.h) that gen.c makes of rv32.def, and the fields of the usual formats. */
#ifndef SELKIRK_GUEST_DECODE_H
#define SELKIRK_GUEST_DECODE_H

#include "translator/guest/rvc.h"
#include "translator/guest/tree.h"

#define RV_FIELD(word, low, bits) (((word) >> (low)) & ((1u << (bits)) - 1u))

static inline uint32_t rv_sign_fill(uint32_t word, unsigned shift) {
    return (uint32_t)((int32_t)word >> shift);
}

static inline uint32_t rv_imm_s(uint32_t word) {
    return (rv_sign_fill(word, 20) & ~31u) | RV_FIELD(word, 7, 5);
}

static inline uint32_t rv_imm_b(uint32_t word) {
    return (rv_sign_fill(word, 19) & ~0xfffu) | RV_FIELD(word, 7, 1) << 11 |
           RV_FIELD(word, 25, 6) << 5 | RV_FIELD(word, 8, 4) << 1;
}

/* Head of an instruction: its operation with the registers it has. */
static inline uint32_t rv_head_rd_rs1(uint32_t word, uint32_t entry) {
    return tree_op(entry) | (word << 1 & (31u << 8 | 31u << 16));
}
static inline uint32_t rv_head_rs1_rs2(uint32_t word, uint32_t entry) {
    return tree_op(entry) | (word << 1 & 31u << 16) | (word << 4 & 31u << 24);
}
static inline uint32_t rv_head_all(uint32_t word, uint32_t entry) {
    return rv_head_rd_rs1(word, entry) | (word << 4 & 31u << 24);
}

static inline struct rv_fields rv_fields(uint32_t head, uint32_t imm) {
    return (struct rv_fields){head, (int32_t)imm};
}

/* Formats with a pattern to compare, and those without that are not PLAIN (decode.c). */
struct rv_fields rv_decode_checked(uint32_t word, uint32_t entry);
struct rv_fields rv_decode_other(uint32_t word, uint32_t entry);

/* rv_decode_fields. What it calls, it calls last: no stack frame on the usual way. */
static inline __attribute__((always_inline)) struct rv_fields rv_decode_inline(uint32_t word) {
    if (__builtin_expect((word & 3u) != 3u, 0))
        return rvc_decode(word);
    const uint32_t entry = tree_root(word);
    if (__builtin_expect((entry & TREE_PLAIN) != 0, 1))
        return rv_fields(rv_head_rd_rs1(word, entry), rv_sign_fill(word, 20));
    return (entry & TREE_CHECKED) != 0 ? rv_decode_checked(word, entry)
                                       : rv_decode_other(word, entry);
}

#endif
