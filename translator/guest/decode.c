/* SPDX-License-Identifier: MIT
 * Guest instruction decoder (compressed ones: rvc.c). All facts come from rv32.def: the
 * preprocessor spreads each row over the entries of a table that is indexed by the bits which tell
 * operations apart (opcode, funct3, and bits 25 and 30 of funct7). Two rows on one entry do not
 * compile (-Woverride-init). An entry says operation and format; only formats with funct7 compare
 * the word with the row's pattern after it. Atomic operations have a second table by funct5.
 * Whole-word rows (EXACT) share entries with others and are tried first. */
#include "translator/guest/rvc.h"

#define LIKELY(cond) __builtin_expect(!!(cond), 1)
#define UNLIKELY(cond) __builtin_expect(!!(cond), 0)
#define FIELD(word, low, bits) (((word) >> (low)) & ((1u << (bits)) - 1u))
/* Byte offset in a table of words, so that no part of it is shifted twice. */
#define KEY_OFFSET(word)                                                                           \
    (((word)&0x7c) | ((word) >> 5 & 0x380) | ((word) >> 15 & 0x400) | ((word) >> 19 & 0x800))
#define KEY(word) (KEY_OFFSET(word) / 4)
#define AMO_KEY(word) FIELD(word, 27, 5)
_Static_assert(offsetof(struct rv_insn, op) == 0 && offsetof(struct rv_insn, rd) == 1 &&
                   offsetof(struct rv_insn, rs1) == 2 && offsetof(struct rv_insn, rs2) == 3 &&
                   __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
               "rv_decode makes them as one word");
enum { KEY_COUNT = 1024, AMO_KEY_COUNT = 32, ANY_AMO = 0x202f };

/* Entries of a row: funct7 given (1), only funct3 given (4), neither given (32). */
#define ENTRY1(k, e) [(k)] = (e)
#define ENTRY4(k, e)                                                                               \
    ENTRY1(k, e), ENTRY1((k) + 0x100u, e), ENTRY1((k) + 0x200u, e), ENTRY1((k) + 0x300u, e)
#define ENTRY32(k, e)                                                                              \
    ENTRY4(k, e), ENTRY4((k) + 0x20u, e), ENTRY4((k) + 0x40u, e), ENTRY4((k) + 0x60u, e),          \
        ENTRY4((k) + 0x80u, e), ENTRY4((k) + 0xa0u, e), ENTRY4((k) + 0xc0u, e),                    \
        ENTRY4((k) + 0xe0u, e)
#define ENTRIES_R(k, e) ENTRY1(k, e),
#define ENTRIES_SHIFT(k, e) ENTRY1(k, e),
#define ENTRIES_I(k, e) ENTRY4(k, e),
#define ENTRIES_LOAD(k, e) ENTRY4(k, e),
#define ENTRIES_JALR(k, e) ENTRY4(k, e),
#define ENTRIES_S(k, e) ENTRY4(k, e),
#define ENTRIES_B(k, e) ENTRY4(k, e),
#define ENTRIES_CSR(k, e) ENTRY4(k, e),
#define ENTRIES_CSRI(k, e) ENTRY4(k, e),
#define ENTRIES_FENCE(k, e) ENTRY4(k, e),
#define ENTRIES_U(k, e) ENTRY32(k, e),
#define ENTRIES_J(k, e) ENTRY32(k, e),
#define ENTRIES_AMO(k, e)
#define ENTRIES_EXACT(k, e)

/* Low byte: operation; above it: format. Negative: rs1 and a 12-bit immediate, nothing to check. */
#define ENTRY(op, format)                                                                          \
    ((int32_t)((op) | (uint32_t)(format) << 8 | (uint32_t)HAS_RS1_AND_IMM(format) << 31))
#define HAS_RS1_AND_IMM(format) ((format) >= RV_FORMAT_I && (format) <= RV_FORMAT_JALR)
static const int32_t entry_of_key[KEY_COUNT] = {
#define RV(NAME, mnemonic, match, mask, FORMAT, flags)                                             \
    ENTRIES_##FORMAT(KEY(match), ENTRY(RV_##NAME, RV_FORMAT_##FORMAT))
#include "translator/guest/rv32.def"
#undef RV
    ENTRY4(KEY(ANY_AMO), ENTRY(RV_ILLEGAL, RV_FORMAT_AMO)),
};

static const uint8_t op_of_amo_key[AMO_KEY_COUNT] = {
#define AMO_R(NAME, match)
#define AMO_I(NAME, match)
#define AMO_SHIFT(NAME, match)
#define AMO_LOAD(NAME, match)
#define AMO_JALR(NAME, match)
#define AMO_S(NAME, match)
#define AMO_B(NAME, match)
#define AMO_CSR(NAME, match)
#define AMO_CSRI(NAME, match)
#define AMO_FENCE(NAME, match)
#define AMO_U(NAME, match)
#define AMO_J(NAME, match)
#define AMO_EXACT(NAME, match)
#define AMO_AMO(NAME, match) [AMO_KEY(match)] = RV_##NAME,
#define RV(NAME, mnemonic, match, mask, FORMAT, flags) AMO_##FORMAT(NAME, match)
#include "translator/guest/rv32.def"
#undef RV
};

/* The table alone decides about rows of most formats: their masks say no more than its index. */
#define BY_KEY(mask, key_mask) _Static_assert((mask) == (key_mask), "decided by KEY");
#define MASK_R(mask)
#define MASK_SHIFT(mask)
#define MASK_AMO(mask)
#define MASK_EXACT(mask)
#define MASK_I(mask) BY_KEY(mask, 0x707f)
#define MASK_LOAD(mask) BY_KEY(mask, 0x707f)
#define MASK_JALR(mask) BY_KEY(mask, 0x707f)
#define MASK_S(mask) BY_KEY(mask, 0x707f)
#define MASK_B(mask) BY_KEY(mask, 0x707f)
#define MASK_CSR(mask) BY_KEY(mask, 0x707f)
#define MASK_CSRI(mask) BY_KEY(mask, 0x707f)
#define MASK_FENCE(mask) BY_KEY(mask, 0x707f)
#define MASK_U(mask) BY_KEY(mask, 0x7f)
#define MASK_J(mask) BY_KEY(mask, 0x7f)
#define RV(NAME, mnemonic, match, mask, FORMAT, flags) MASK_##FORMAT(mask)
#include "translator/guest/rv32.def"
#undef RV

static const struct {
    uint32_t match, mask;
} pattern[RV_OP_COUNT] = {
    [RV_ILLEGAL] = {1, 0}, /* matches nothing */
#define RV(NAME, mnemonic, match, mask, FORMAT, flags) [RV_##NAME] = {match, mask},
#include "translator/guest/rv32.def"
#undef RV
};

const uint8_t rv_format[RV_OP_COUNT] = {
#define RV(NAME, mnemonic, match, mask, FORMAT, flags) [RV_##NAME] = RV_FORMAT_##FORMAT,
#include "translator/guest/rv32.def"
#undef RV
};

enum {
    OPERANDS_R = RVF_RD | RVF_RS1 | RVF_RS2,
    OPERANDS_AMO = OPERANDS_R,
    OPERANDS_I = RVF_RD | RVF_RS1,
    OPERANDS_SHIFT = OPERANDS_I,
    OPERANDS_LOAD = OPERANDS_I,
    OPERANDS_JALR = OPERANDS_I,
    OPERANDS_CSR = OPERANDS_I,
    OPERANDS_CSRI = RVF_RD,
    OPERANDS_S = RVF_RS1 | RVF_RS2,
    OPERANDS_B = RVF_RS1 | RVF_RS2,
    OPERANDS_U = RVF_RD,
    OPERANDS_J = RVF_RD,
    OPERANDS_FENCE = 0,
    OPERANDS_EXACT = 0
};

const uint16_t rv_flags[RV_OP_COUNT] = {
#define RV(NAME, mnemonic, match, mask, FORMAT, flags) [RV_##NAME] = (flags) | OPERANDS_##FORMAT,
#include "translator/guest/rv32.def"
#undef RV
};

static const uint8_t exact_ops[] = {
#define EXACT_R(op)
#define EXACT_I(op)
#define EXACT_AMO(op)
#define EXACT_SHIFT(op)
#define EXACT_LOAD(op)
#define EXACT_JALR(op)
#define EXACT_S(op)
#define EXACT_B(op)
#define EXACT_CSR(op)
#define EXACT_CSRI(op)
#define EXACT_FENCE(op)
#define EXACT_U(op)
#define EXACT_J(op)
#define EXACT_EXACT(op) op,
#define RV(NAME, mnemonic, match, mask, FORMAT, flags) EXACT_##FORMAT(RV_##NAME)
#include "translator/guest/rv32.def"
#undef RV
};

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

static bool matches(uint32_t word, uint32_t op) {
    return (word & pattern[op].mask) == pattern[op].match;
}

/* The formats that are not one register and an immediate, or two registers. */
static __attribute__((noinline)) enum rv_op decode_other(uint32_t word, struct rv_insn *insn,
                                                         enum rv_format format) {
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
    } else {
        insn->rd = 0;
        insn->rs1 = 0;
        imm = format == RV_FORMAT_FENCE ? word >> 20 : 0;
    }
    insn->imm = (int32_t)imm;
    return (enum rv_op)insn->op;
}

/* The formats with funct7, and words that have no entry: the pattern decides. */
static __attribute__((noinline)) enum rv_op decode_checked(uint32_t word, struct rv_insn *insn,
                                                           uint32_t format) {
    const uint32_t op = format == RV_FORMAT_AMO ? op_of_amo_key[AMO_KEY(word)] : insn->op;
    if (UNLIKELY(!matches(word, op))) {
        *insn = (struct rv_insn){.op = RV_ILLEGAL, .length = 4};
        return RV_ILLEGAL;
    }
    insn->op = (uint8_t)op;
    insn->imm = 0;
    if (format == RV_FORMAT_SHIFT)
        insn->imm = (int32_t)FIELD(word, 20, 5);
    else
        insn->rs2 = (uint8_t)FIELD(word, 20, 5);
    return (enum rv_op)op;
}

_Static_assert(RV_FORMAT_NONE < RV_FORMAT_I && RV_FORMAT_R < RV_FORMAT_I &&
                   RV_FORMAT_SHIFT < RV_FORMAT_I && RV_FORMAT_AMO < RV_FORMAT_I &&
                   RV_FORMAT_LOAD == RV_FORMAT_I + 1 && RV_FORMAT_JALR == RV_FORMAT_I + 2,
               "ORDER rv_format: first those to be checked, then rs1 and a 12-bit immediate");

static inline uint32_t format_of(int32_t entry) {
    return (uint32_t)entry >> 8 & 0xff;
}

/* Words without registers: may be one of the EXACT rows. */
static __attribute__((noinline)) enum rv_op decode_exact(uint32_t word, struct rv_insn *insn,
                                                         int32_t entry) {
    uint32_t format = format_of(entry);
    for (unsigned n = 0; n < sizeof exact_ops; n++)
        if (pattern[exact_ops[n]].match == word) {
            *insn = (struct rv_insn){.op = exact_ops[n], .length = 4};
            return (enum rv_op)exact_ops[n];
        }
    if (entry < 0)
        return (enum rv_op)insn->op;
    if (format < RV_FORMAT_I)
        return decode_checked(word, insn, format);
    return decode_other(word, insn, (enum rv_format)format);
}

/* What it calls, it calls last: no stack frame on the usual way. */
enum rv_op rv_decode(uint32_t word, struct rv_insn *insn) {
    if (UNLIKELY((word & 3u) != 3u))
        return rvc_decode(word, insn);
    int32_t entry = *(const int32_t *)((const char *)entry_of_key + KEY_OFFSET(word));
    insn->head = ((uint32_t)entry & 0xff) | (word << 1 & (31u << 8 | 31u << 16)); /* rs2 is 0 */
    insn->imm = (int32_t)sign_fill(word, 20);
    insn->length = 4;
    if (UNLIKELY((word & 0x000f8f80u) == 0))
        return decode_exact(word, insn, entry);
    if (LIKELY(entry < 0))
        return (enum rv_op)(uint8_t)entry;
    if (format_of(entry) < RV_FORMAT_I)
        return decode_checked(word, insn, format_of(entry));
    return decode_other(word, insn, (enum rv_format)format_of(entry));
}
