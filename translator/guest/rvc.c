/* SPDX-License-Identifier: MIT
 * Compressed guest instructions (RV32C without floating point): each becomes the 32-bit instruction
 * it stands for, in normal form (rv32.h), with length 2. One switch on quadrant and funct3. Hints
 * (results to x0, shifts by 0) are what they stand for; reserved encodings are illegal, as in QEMU.
 */
#include "translator/guest/rvc.h"

#define BIT(half, from, to) (((half) >> (from)&1u) << (to))
#define BITS(half, from, n, to) (((half) >> (from) & ((1u << (n)) - 1u)) << (to))

enum { REG_RA = 1, REG_SP = 2, SHIFT_TOO_LONG = 1 << 12 };

/* Quadrant and funct3. */
#define KEY(quadrant, funct3) ((funct3) << 2 | (quadrant))

static struct rv_fields put(enum rv_op op, uint32_t rd, uint32_t rs1, uint32_t rs2, uint32_t imm) {
    return (struct rv_fields){op | rd << 8 | rs1 << 16 | rs2 << 24, (int32_t)imm};
}

static struct rv_fields put_illegal(void) {
    return put(RV_ILLEGAL, 0, 0, 0, 0);
}

static uint32_t sign_extend(uint32_t value, unsigned bits) {
    const uint32_t sign = 1u << (bits - 1);
    return (value ^ sign) - sign;
}

static uint32_t imm6(uint32_t half) {
    return sign_extend(BIT(half, 12, 5) | BITS(half, 2, 5, 0), 6);
}

static uint32_t imm_word(uint32_t half) {
    return BITS(half, 10, 3, 3) | BIT(half, 6, 2) | BIT(half, 5, 6);
}

static uint32_t imm_jump(uint32_t half) {
    return sign_extend(BIT(half, 12, 11) | BIT(half, 11, 4) | BITS(half, 9, 2, 8) |
                           BIT(half, 8, 10) | BIT(half, 7, 6) | BIT(half, 6, 7) |
                           BITS(half, 3, 3, 1) | BIT(half, 2, 5),
                       12);
}

static uint32_t imm_branch(uint32_t half) {
    return sign_extend(BIT(half, 12, 8) | BITS(half, 10, 2, 3) | BITS(half, 5, 2, 6) |
                           BITS(half, 3, 2, 1) | BIT(half, 2, 5),
                       9);
}

static struct rv_fields decode_addi4spn(uint32_t half, uint32_t rd) {
    const uint32_t imm =
        BITS(half, 11, 2, 4) | BITS(half, 7, 4, 6) | BIT(half, 6, 2) | BIT(half, 5, 3);
    return imm == 0 ? put_illegal() : put(RV_ADDI, rd, REG_SP, 0, imm);
}

/* c.lui, and c.addi16sp in its place for sp. */
static struct rv_fields decode_lui(uint32_t half, uint32_t rd) {
    const uint32_t imm = imm6(half);
    if (imm == 0)
        return put_illegal();
    if (rd != REG_SP)
        return put(RV_LUI, rd, 0, 0, imm << 12);
    return put(RV_ADDI, REG_SP, REG_SP, 0,
               sign_extend(BIT(half, 12, 9) | BIT(half, 6, 4) | BIT(half, 5, 6) |
                               BITS(half, 3, 2, 7) | BIT(half, 2, 5),
                           10));
}

static struct rv_fields decode_arithmetic(uint32_t half, uint32_t rd, uint32_t rs2) {
    static const uint8_t register_ops[4] = {RV_SUB, RV_XOR, RV_OR, RV_AND};
    const bool is_bit_12 = (half & SHIFT_TOO_LONG) != 0;
    switch (half >> 10 & 3u) {
    case 0:
        return is_bit_12 ? put_illegal() : put(RV_SRLI, rd, rd, 0, BITS(half, 2, 5, 0));
    case 1:
        return is_bit_12 ? put_illegal() : put(RV_SRAI, rd, rd, 0, BITS(half, 2, 5, 0));
    case 2:
        return put(RV_ANDI, rd, rd, 0, imm6(half));
    default:
        return is_bit_12 ? put_illegal()
                         : put((enum rv_op)register_ops[half >> 5 & 3u], rd, rd, rs2, 0);
    }
}

/* c.jr c.mv c.ebreak c.jalr c.add. A move is addi rd,rs,0. */
static struct rv_fields decode_register(uint32_t half, uint32_t rd, uint32_t rs2) {
    const bool is_second = (half & 1u << 12) != 0;
    if (rs2 != 0)
        return is_second ? put(RV_ADD, rd, rd, rs2, 0) : put(RV_ADDI, rd, rs2, 0, 0);
    if (rd != 0)
        return put(RV_JALR, is_second ? REG_RA : 0, rd, 0, 0);
    return is_second ? put(RV_EBREAK, 0, 0, 0, 0) : put_illegal();
}

struct rv_fields rvc_decode(uint32_t half) {
    const uint32_t rd = BITS(half, 7, 5, 0), rs2 = BITS(half, 2, 5, 0);
    const uint32_t rd_short = BITS(half, 7, 3, 0) + 8u, rs2_short = BITS(half, 2, 3, 0) + 8u;

    switch (KEY(half & 3u, half >> 13 & 7u)) {
    case KEY(0, 0):
        return decode_addi4spn(half, rs2_short);
    case KEY(0, 2):
        return put(RV_LW, rs2_short, rd_short, 0, imm_word(half));
    case KEY(0, 6):
        return put(RV_SW, 0, rd_short, rs2_short, imm_word(half));
    case KEY(1, 0):
        return put(RV_ADDI, rd, rd, 0, imm6(half));
    case KEY(1, 1):
        return put(RV_JAL, REG_RA, 0, 0, imm_jump(half));
    case KEY(1, 2):
        return put(RV_ADDI, rd, 0, 0, imm6(half));
    case KEY(1, 3):
        return decode_lui(half, rd);
    case KEY(1, 4):
        return decode_arithmetic(half, rd_short, rs2_short);
    case KEY(1, 5):
        return put(RV_JAL, 0, 0, 0, imm_jump(half));
    case KEY(1, 6):
        return put(RV_BEQ, 0, rd_short, 0, imm_branch(half));
    case KEY(1, 7):
        return put(RV_BNE, 0, rd_short, 0, imm_branch(half));
    case KEY(2, 0):
        return (half & SHIFT_TOO_LONG) != 0 ? put_illegal() : put(RV_SLLI, rd, rd, 0, rs2);
    case KEY(2, 2):
        return rd == 0 ? put_illegal()
                       : put(RV_LW, rd, REG_SP, 0,
                             BIT(half, 12, 5) | BITS(half, 4, 3, 2) | BITS(half, 2, 2, 6));
    case KEY(2, 4):
        return decode_register(half, rd, rs2);
    case KEY(2, 6):
        return put(RV_SW, 0, REG_SP, rs2, BITS(half, 9, 4, 2) | BITS(half, 7, 2, 6));
    default:
        return put_illegal();
    }
}
