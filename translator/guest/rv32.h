/* SPDX-License-Identifier: MIT
 * Guest instructions: operation numbers, operands, decoder, all from rv32.def.
 *
 *   struct rv_insn i;
 *   if (rv_decode(word, &i) == RV_ILLEGAL) ...;
 *   if (rv_flags[i.op] & RVF_END) ...;
 *
 * Normal form: an operand that the format does not have is 0. So of an arithmetic instruction of
 * either format the second operand is x[rs2] + imm, and lui is an add of x0, x0 and imm. */
#ifndef SELKIRK_GUEST_RV32_H
#define SELKIRK_GUEST_RV32_H

#include <stddef.h>
#include <stdint.h>

enum rv_op {
    RV_ILLEGAL, /* 0, so that a cleared decode cache says: word 0 is illegal */
#define RV(NAME, ...) RV_##NAME,
#include "translator/guest/rv32.def"
#undef RV
    RV_OP_COUNT
};

/* LOAD and JALR are encoded as I, SHIFT as I with a 5-bit immediate, UNARY as R without rs2. AMO is
 * encoded as R with ordering bits that mean nothing here. imm of CSR is the CSR's number (0..4095),
 * of CSRI the same with rs1 = the 5-bit operand; imm of U is already shifted. */
enum rv_format {
    RV_FORMAT_NONE,
    RV_FORMAT_R,
    RV_FORMAT_SHIFT,
    RV_FORMAT_AMO,
    RV_FORMAT_UNARY,
    RV_FORMAT_I,
    RV_FORMAT_LOAD,
    RV_FORMAT_JALR,
    RV_FORMAT_S,
    RV_FORMAT_B,
    RV_FORMAT_U,
    RV_FORMAT_J,
    RV_FORMAT_CSR,
    RV_FORMAT_CSRI,
    RV_FORMAT_FENCE,
    RV_FORMAT_EXACT
};

/* Of an operation; the generator derives them from the columns of rv32.def. */
enum rv_flags {
    RVF_END = 1, /* a guest block ends after it */
    RVF_LOAD = 2,
    RVF_STORE = 4,
    RVF_BRANCH = 8, /* conditional */
    RVF_SLOW = 16,  /* only the interpreter executes it */
    RVF_RD = 32,    /* writes x[rd] (when rd is not 0) */
    RVF_RS1 = 64,   /* reads x[rs1] */
    RVF_RS2 = 128   /* reads x[rs2] */
};

struct rv_insn {
    union {
        struct {
            uint8_t op; /* enum rv_op */
            uint8_t rd, rs1, rs2;
        };
        uint32_t head; /* the four of them, op lowest */
    };
    int32_t imm;
    uint8_t length; /* 2 or 4: where the next instruction is, and what a call leaves in its link
                       register */
};

/* What of it fits into two registers. */
struct rv_fields {
    uint32_t head;
    int32_t imm;
};

static inline struct rv_fields rv_fields_of(const struct rv_insn *insn) {
    return (struct rv_fields){insn->head, insn->imm};
}

extern const uint16_t rv_flags[RV_OP_COUNT];
extern const uint8_t rv_format[RV_OP_COUNT];

/* Words of a semihosting call: slli x0,x0,0x1f; ebreak; srai x0,x0,7. */
enum {
    RV_SEMIHOST_ENTRY = 0x01f01013,
    RV_SEMIHOST_BREAK = 0x00100073,
    RV_SEMIHOST_EXIT = 0x40705013
};

enum rv_csr {
    RV_CSR_CYCLE = 0xc00,
    RV_CSR_TIME = 0xc01,
    RV_CSR_INSTRET = 0xc02,
    RV_CSR_CYCLEH = 0xc80,
    RV_CSR_TIMEH = 0xc81,
    RV_CSR_INSTRETH = 0xc82
};

/* Fills *insn from an instruction word and returns its op; RV_ILLEGAL for anything that is not in
 * rv32.def. When the low two bits are not 11 the low half is a compressed instruction: the upper
 * half is ignored, insn->length is 2, and op and operands are those of the instruction it stands
 * for. Cost: one table look-up, no search. */
enum rv_op rv_decode(uint32_t word, struct rv_insn *insn);

/* The same in registers alone; length: rv_length. */
struct rv_fields rv_decode_fields(uint32_t word);

static inline uint32_t rv_length(uint32_t word) {
    return (word & 3u) == 3u ? 4 : 2;
}

/* disasm.c: text like objdump's with -M no-aliases, e.g. "addi a0,a0,1", "beq a0,zero,80000010".
 * Always terminates the text; returns its length. Not part of the firmware. */
size_t rv_disasm(uint32_t word, uint32_t pc, char *text, size_t text_bytes);
extern const char *const rv_reg_name[32]; /* zero ra sp ... t6 */
extern const char *const rv_mnemonic[RV_OP_COUNT];

#endif
