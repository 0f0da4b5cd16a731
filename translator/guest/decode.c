/* SPDX-License-Identifier: MIT
 * Guest instruction decoder (compressed ones: rvc.c). All facts come from rv32.def: the
 * preprocessor spreads each row over the entries of a table that is indexed by the bits which tell
 * operations apart (opcode, funct3, and bits 25 and 30 of funct7; funct5 for atomic ones). Two rows
 * on one entry do not compile (-Woverride-init), so a look-up plus one mask comparison decides.
 * Whole-word rows (EXACT) share entries with others and are tried first. */
#include "translator/guest/rvc.h"

#define FIELD(word, low, bits) (((word) >> (low)) & ((1u << (bits)) - 1u))
#define IS_AMO(word) (((word)&0x7fu) == 0x2fu)
#define KEY(word)                                                                                  \
    (IS_AMO(word) ? AMO_KEYS + FIELD(word, 27, 5)                                                  \
                  : (FIELD(word, 2, 5) | FIELD(word, 12, 3) << 5 | FIELD(word, 25, 1) << 8 |       \
                     FIELD(word, 30, 1) << 9))
enum { AMO_KEYS = 1024, KEY_COUNT = AMO_KEYS + 32 };

/* Entries of a row: funct7 given (1), only funct3 given (4), neither given (32). */
#define ENTRY1(k, op) [(k)] = (op)
#define ENTRY4(k, op)                                                                              \
    ENTRY1(k, op), ENTRY1((k) + 0x100u, op), ENTRY1((k) + 0x200u, op), ENTRY1((k) + 0x300u, op)
#define ENTRY32(k, op)                                                                             \
    ENTRY4(k, op), ENTRY4((k) + 0x20u, op), ENTRY4((k) + 0x40u, op), ENTRY4((k) + 0x60u, op),      \
        ENTRY4((k) + 0x80u, op), ENTRY4((k) + 0xa0u, op), ENTRY4((k) + 0xc0u, op),                 \
        ENTRY4((k) + 0xe0u, op)
#define ENTRIES_R(k, op) ENTRY1(k, op),
#define ENTRIES_SHIFT(k, op) ENTRY1(k, op),
#define ENTRIES_I(k, op) ENTRY4(k, op),
#define ENTRIES_LOAD(k, op) ENTRY4(k, op),
#define ENTRIES_JALR(k, op) ENTRY4(k, op),
#define ENTRIES_S(k, op) ENTRY4(k, op),
#define ENTRIES_B(k, op) ENTRY4(k, op),
#define ENTRIES_CSR(k, op) ENTRY4(k, op),
#define ENTRIES_CSRI(k, op) ENTRY4(k, op),
#define ENTRIES_FENCE(k, op) ENTRY4(k, op),
#define ENTRIES_U(k, op) ENTRY32(k, op),
#define ENTRIES_J(k, op) ENTRY32(k, op),
#define ENTRIES_AMO(k, op) ENTRY1(k, op),
#define ENTRIES_EXACT(k, op)

static const uint8_t op_of_key[KEY_COUNT] = {
#define RV(NAME, mnemonic, match, mask, FORMAT, flags) ENTRIES_##FORMAT(KEY(match), RV_##NAME)
#include "translator/guest/rv32.def"
#undef RV
};

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

static enum rv_op find_op(uint32_t word) {
    /* every EXACT row has no registers, so most words skip the loop */
    if ((word & 0x000f8f80u) == 0) {
        for (unsigned n = 0; n < sizeof exact_ops; n++)
            if (pattern[exact_ops[n]].match == word)
                return (enum rv_op)exact_ops[n];
    }
    const enum rv_op op = (enum rv_op)op_of_key[KEY(word)];
    return (word & pattern[op].mask) == pattern[op].match ? op : RV_ILLEGAL;
}

/* The formats that are not one register and an immediate, or two registers. */
static __attribute__((noinline)) enum rv_op decode_other(uint32_t word, struct rv_insn *insn,
                                                         enum rv_format format) {
    const uint8_t rs2 = (uint8_t)FIELD(word, 20, 5);
    uint32_t imm = 0;
    if (format == RV_FORMAT_B || format == RV_FORMAT_S) {
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
    }
    insn->imm = (int32_t)imm;
    return (enum rv_op)insn->op;
}

_Static_assert(RV_FORMAT_SHIFT == RV_FORMAT_I + 1 && RV_FORMAT_LOAD == RV_FORMAT_I + 2 &&
                   RV_FORMAT_JALR == RV_FORMAT_I + 3,
               "ORDER rv_format: those with rs1 and a 12-bit immediate");

enum rv_op rv_decode(uint32_t word, struct rv_insn *insn) {
    if ((word & 3u) != 3u)
        return rvc_decode(word, insn);
    const enum rv_op op = find_op(word);
    const uint32_t format = rv_format[op];

    insn->op = (uint8_t)op;
    insn->rd = (uint8_t)FIELD(word, 7, 5);
    insn->rs1 = (uint8_t)FIELD(word, 15, 5);
    insn->rs2 = 0;
    insn->length = 4;
    if (format - RV_FORMAT_I <= RV_FORMAT_JALR - RV_FORMAT_I) {
        insn->imm = (int32_t)(sign_fill(word, 20) & (format == RV_FORMAT_SHIFT ? 31u : ~0u));
        return op;
    }
    if (format != RV_FORMAT_R && format != RV_FORMAT_AMO)
        return decode_other(word, insn, (enum rv_format)format);
    insn->rs2 = (uint8_t)FIELD(word, 20, 5);
    insn->imm = 0;
    return op;
}
