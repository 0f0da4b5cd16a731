/* SPDX-License-Identifier: MIT
 * Every instruction of Zba, Zbb and Zbs on pairs of edge values and random ones, with destinations
 * that are a source or x0: a sum of the results of each, and how many differ from what C says bit
 * by bit. QEMU 7.2 says the same (as-qemu.sh). With ZICOND: the two of Zicond, which QEMU 7.2 and
 * the assembler do not know. */
#include <stdint.h>
#include <stdio.h>
#include "selkirk_guest.h"

/* For the assembler alone: what C says is to be of other instructions. */
__asm__(".option arch, +zba, +zbb, +zbs");

enum { VALUES = 24, PASSES = 2 };

static uint32_t values[VALUES] = {0,          1,          2,          31,        32,
                                  33,         0x7f,       0x80,       0xff,      0x100,
                                  0x8000,     0xffff,     0x10000,    0xff00ff,  0x7fffffff,
                                  0x80000000, 0x80000001, 0xfffffffe, 0xffffffff};

/* rd apart, rd = rs1, rd = rs2, both sources the same register, rd = x0. */
#define RUN_R(name, instruction)                                                                   \
    static uint32_t run_##name(uint32_t a, uint32_t b, uint32_t form) {                            \
        uint32_t r = 0x5eed;                                                                       \
        if (form == 0)                                                                             \
            __asm__ volatile(instruction("%0", "%1", "%2") : "=&r"(r) : "r"(a), "r"(b));           \
        else if (form == 1)                                                                        \
            __asm__ volatile(instruction("%0", "%0", "%1") : "=&r"(r) : "r"(b), "0"(a));           \
        else if (form == 2)                                                                        \
            __asm__ volatile(instruction("%0", "%1", "%0") : "=&r"(r) : "r"(a), "0"(b));           \
        else                                                                                       \
            __asm__ volatile(instruction("x0", "%1", "%2") : "+r"(r) : "r"(a), "r"(b));            \
        return r;                                                                                  \
    }
#define RUN_UNARY(name, instruction)                                                               \
    static uint32_t run_##name(uint32_t a, uint32_t b, uint32_t form) {                            \
        uint32_t r = 0x5eed;                                                                       \
        (void)b;                                                                                   \
        if (form == 3)                                                                             \
            __asm__ volatile(instruction " x0, %1" : "+r"(r) : "r"(a));                            \
        else if (form == 1)                                                                        \
            __asm__ volatile(instruction " %0, %0" : "=&r"(r) : "0"(a));                           \
        else                                                                                       \
            __asm__ volatile(instruction " %0, %1" : "=r"(r) : "r"(a));                            \
        return r;                                                                                  \
    }
#define RUN_SHIFT1(r, a, instruction, amount)                                                      \
    case amount:                                                                                   \
        __asm__ volatile(instruction " %0, %1, " #amount : "=r"(r) : "r"(a));                      \
        break;
/* Every other amount. */
#define RUN_SHIFT(name, instruction)                                                               \
    static uint32_t run_##name(uint32_t a, uint32_t b, uint32_t form) {                            \
        uint32_t r = 0x5eed;                                                                       \
        if (form == 3)                                                                             \
            __asm__ volatile(instruction " x0, %1, 7" : "+r"(r) : "r"(a));                         \
        else                                                                                       \
            switch (b) {                                                                           \
                RUN_SHIFT1(r, a, instruction, 0)                                                   \
                RUN_SHIFT1(r, a, instruction, 1)                                                   \
                RUN_SHIFT1(r, a, instruction, 7)                                                   \
                RUN_SHIFT1(r, a, instruction, 13)                                                  \
                RUN_SHIFT1(r, a, instruction, 14)                                                  \
                RUN_SHIFT1(r, a, instruction, 15)                                                  \
                RUN_SHIFT1(r, a, instruction, 16)                                                  \
                RUN_SHIFT1(r, a, instruction, 31)                                                  \
            }                                                                                      \
        return r;                                                                                  \
    }

/* --- what they are to compute, bit by bit */
static inline uint32_t bit(uint32_t x, uint32_t n) {
    return x >> (n & 31) & 1;
}

static inline uint32_t count(uint32_t x) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < 32; i++)
        n += bit(x, i);
    return n;
}

static inline uint32_t zeros_from(uint32_t x, int from_top) {
    uint32_t n = 0;
    while (n < 32 && bit(x, from_top ? 31 - n : n) == 0)
        n++;
    return n;
}

static inline uint32_t rotate(uint32_t x, uint32_t left) {
    uint32_t r = 0;
    for (uint32_t i = 0; i < 32; i++)
        r |= bit(x, i) << ((i + left) & 31);
    return r;
}

static inline uint32_t with_bit(uint32_t x, uint32_t n, uint32_t value) {
    uint32_t r = 0;
    for (uint32_t i = 0; i < 32; i++)
        r |= (i == (n & 31) ? value : bit(x, i)) << i;
    return r;
}

static inline uint32_t bytewise(uint32_t x, int is_reversal) {
    uint32_t r = 0;
    for (uint32_t i = 0; i < 4; i++) {
        const uint32_t byte = x >> (8 * i) & 255;
        r |= is_reversal ? byte << (24 - 8 * i) : (byte != 0 ? 255u : 0) << (8 * i);
    }
    return r;
}

static inline uint32_t extend(uint32_t x, uint32_t bits, int is_signed) {
    const uint32_t low = x % (1u << bits);
    return is_signed && bit(x, bits - 1) ? low - (1u << bits) : low;
}

static inline int is_less(uint32_t a, uint32_t b, int is_signed) {
    const uint32_t flip = is_signed ? 0x80000000u : 0;
    return (a ^ flip) < (b ^ flip);
}

#define TWO(rd, rs1, rs2) rd ", " rs1 ", " rs2
#ifdef ZICOND
#define CZERO_EQZ(rd, rs1, rs2) ".insn r 0x33, 5, 7, " TWO(rd, rs1, rs2)
#define CZERO_NEZ(rd, rs1, rs2) ".insn r 0x33, 7, 7, " TWO(rd, rs1, rs2)
#define ALL(R, UNARY, SHIFT)                                                                       \
    R(czero_eqz, CZERO_EQZ, b == 0 ? 0 : a)                                                        \
    R(czero_nez, CZERO_NEZ, b != 0 ? 0 : a)
#else
#define SH1ADD(rd, rs1, rs2) "sh1add " TWO(rd, rs1, rs2)
#define SH2ADD(rd, rs1, rs2) "sh2add " TWO(rd, rs1, rs2)
#define SH3ADD(rd, rs1, rs2) "sh3add " TWO(rd, rs1, rs2)
#define ANDN(rd, rs1, rs2) "andn " TWO(rd, rs1, rs2)
#define ORN(rd, rs1, rs2) "orn " TWO(rd, rs1, rs2)
#define XNOR(rd, rs1, rs2) "xnor " TWO(rd, rs1, rs2)
#define MIN(rd, rs1, rs2) "min " TWO(rd, rs1, rs2)
#define MINU(rd, rs1, rs2) "minu " TWO(rd, rs1, rs2)
#define MAX(rd, rs1, rs2) "max " TWO(rd, rs1, rs2)
#define MAXU(rd, rs1, rs2) "maxu " TWO(rd, rs1, rs2)
#define ROL(rd, rs1, rs2) "rol " TWO(rd, rs1, rs2)
#define ROR(rd, rs1, rs2) "ror " TWO(rd, rs1, rs2)
#define BSET(rd, rs1, rs2) "bset " TWO(rd, rs1, rs2)
#define BCLR(rd, rs1, rs2) "bclr " TWO(rd, rs1, rs2)
#define BINV(rd, rs1, rs2) "binv " TWO(rd, rs1, rs2)
#define BEXT(rd, rs1, rs2) "bext " TWO(rd, rs1, rs2)
#define ALL(R, UNARY, SHIFT)                                                                       \
    R(sh1add, SH1ADD, 2 * a + b)                                                                   \
    R(sh2add, SH2ADD, 4 * a + b)                                                                   \
    R(sh3add, SH3ADD, 8 * a + b)                                                                   \
    R(andn, ANDN, a &(b ^ 0xffffffff))                                                             \
    R(orn, ORN, a | (b ^ 0xffffffff))                                                              \
    R(xnor, XNOR, a ^ b ^ 0xffffffff)                                                              \
    R(min, MIN, is_less(b, a, 1) ? b : a)                                                          \
    R(minu, MINU, is_less(b, a, 0) ? b : a)                                                        \
    R(max, MAX, is_less(b, a, 1) ? a : b)                                                          \
    R(maxu, MAXU, is_less(b, a, 0) ? a : b)                                                        \
    R(rol, ROL, rotate(a, b))                                                                      \
    R(ror, ROR, rotate(a, 0 - b))                                                                  \
    SHIFT(rori, "rori", rotate(a, 0 - b))                                                          \
    UNARY(sext_b, "sext.b", extend(a, 8, 1))                                                       \
    UNARY(sext_h, "sext.h", extend(a, 16, 1))                                                      \
    UNARY(zext_h, "zext.h", extend(a, 16, 0))                                                      \
    UNARY(rev8, "rev8", bytewise(a, 1))                                                            \
    UNARY(orc_b, "orc.b", bytewise(a, 0))                                                          \
    UNARY(cpop, "cpop", count(a))                                                                  \
    UNARY(ctz, "ctz", zeros_from(a, 0))                                                            \
    UNARY(clz, "clz", zeros_from(a, 1))                                                            \
    R(bset, BSET, with_bit(a, b, 1))                                                               \
    R(bclr, BCLR, with_bit(a, b, 0))                                                               \
    R(binv, BINV, with_bit(a, b, !bit(a, b)))                                                      \
    R(bext, BEXT, bit(a, b))                                                                       \
    SHIFT(bseti, "bseti", with_bit(a, b, 1))                                                       \
    SHIFT(bclri, "bclri", with_bit(a, b, 0))                                                       \
    SHIFT(binvi, "binvi", with_bit(a, b, !bit(a, b)))                                              \
    SHIFT(bexti, "bexti", bit(a, b))
#endif

#define RIGHT(name, value)                                                                         \
    static uint32_t right_##name(uint32_t a, uint32_t b) {                                         \
        (void)b;                                                                                   \
        return value;                                                                              \
    }
#define DEFINE_R(name, instruction, value) RUN_R(name, instruction) RIGHT(name, value)
#define DEFINE_UNARY(name, instruction, value) RUN_UNARY(name, instruction) RIGHT(name, value)
#define DEFINE_SHIFT(name, instruction, value) RUN_SHIFT(name, instruction) RIGHT(name, value)
ALL(DEFINE_R, DEFINE_UNARY, DEFINE_SHIFT)

enum kind { KIND_R, KIND_UNARY, KIND_SHIFT };
static const struct {
    const char *name;
    enum kind kind;
    uint32_t (*run)(uint32_t a, uint32_t b, uint32_t form);
    uint32_t (*right)(uint32_t a, uint32_t b);
} instructions[] = {
#define ROW_R(name, instruction, value) {#name, KIND_R, run_##name, right_##name},
#define ROW_UNARY(name, instruction, value) {#name, KIND_UNARY, run_##name, right_##name},
#define ROW_SHIFT(name, instruction, value) {#name, KIND_SHIFT, run_##name, right_##name},
    ALL(ROW_R, ROW_UNARY, ROW_SHIFT)};
enum { COUNT = sizeof instructions / sizeof instructions[0] };

static unsigned wrong;

static uint32_t all_pairs(unsigned i, int is_compared) {
    static const uint8_t amounts[8] = {0, 1, 7, 13, 14, 15, 16, 31};
    uint32_t sum = 0;
    for (unsigned k = 0; k < VALUES * VALUES; k++) {
        const uint32_t a = values[k / VALUES];
        const uint32_t b = instructions[i].kind == KIND_SHIFT ? amounts[k % 8] : values[k % VALUES];
        const uint32_t form = k % 7 == 6 ? 3 : k % 3, r = instructions[i].run(a, b, form);
        if (is_compared)
            wrong += r != (form == 3 ? 0x5eed : instructions[i].right(a, b));
        sum = (sum << 5 | sum >> 27) ^ (sum + r);
    }
    return sum;
}

int main(void) {
    uint32_t sums[COUNT] = {0}, state = 12345;
    for (unsigned n = 19; n < VALUES; n++)
        values[n] = next_random(&state);
    for (unsigned pass = 0; pass < PASSES; pass++)
        for (unsigned i = 0; i < COUNT; i++)
            sums[i] += all_pairs(i, pass == 0);
    for (unsigned i = 0; i < COUNT; i++)
        printf("%s: %08lx\n", instructions[i].name, (unsigned long)sums[i]);
    printf("%u instructions, %u results wrong\n", (unsigned)COUNT, wrong);
    return wrong == 0 ? 0 : 1;
}
