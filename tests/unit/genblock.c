/* SPDX-License-Identifier: MIT
 * Random guest blocks, see genblock.h. The mix is near that of compiled code, with a tail of rare
 * shapes: few registers (long dependences, write after read), constants, copies, x0 as source and
 * destination. */
#include "tests/unit/genblock.h"

#include <stdbool.h>
#include <string.h>

#include "translator/guest/rv32.h"

static const struct {
    uint32_t match;
} pattern[RV_OP_COUNT] = {
#define RV(NAME, mnemonic, match, ...) [RV_##NAME] = {match},
#include "translator/guest/rv32.def"
#undef RV
};

uint32_t gen_random(struct genblock *g, uint32_t bound) {
    g->state = g->state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((g->state >> 33) % bound);
}

static uint32_t pick(struct genblock *g, const uint8_t *list, uint32_t n) {
    return list[gen_random(g, n)];
}

static uint32_t any_reg(struct genblock *g, uint32_t window) {
    uint32_t r = gen_random(g, 20) == 0 ? 0 : 1 + gen_random(g, window);
    return r;
}

static uint32_t dest_reg(struct genblock *g, uint32_t window) {
    uint32_t r = any_reg(g, window);
    static const uint8_t instead[] = {[2] = 3, [8] = 5, [9] = 10};
    return r == 2 || r == 8 || r == 9 ? instead[r] : r;
}

static void alu_reg(struct genblock *g, uint32_t w) {
    static const uint8_t ops[] = {RV_ADD, RV_ADD, RV_ADD, RV_SUB, RV_AND,  RV_OR, RV_XOR,
                                  RV_SLL, RV_SRL, RV_SRA, RV_SLT, RV_SLTU, RV_OR};
    g->words[g->n] = pattern[pick(g, ops, sizeof ops)].match | dest_reg(g, w) << 7 |
                     any_reg(g, w) << 15 | any_reg(g, w) << 20;
}

static void alu_imm(struct genblock *g, uint32_t w) {
    static const uint8_t ops[] = {RV_ADDI, RV_ADDI,  RV_ADDI, RV_ANDI, RV_ORI, RV_XORI,
                                  RV_SLTI, RV_SLTIU, RV_SLLI, RV_SRLI, RV_SRAI};
    uint32_t op = pick(g, ops, sizeof ops), imm = gen_random(g, 4096);
    if (op >= RV_SLLI && op <= RV_SRAI)
        imm &= 31;
    if (op == RV_ADDI && gen_random(g, 3) == 0)
        imm = 0; /* mv */
    g->words[g->n] = pattern[op].match | dest_reg(g, w) << 7 | any_reg(g, w) << 15 | imm << 20;
}

static void muldiv(struct genblock *g, uint32_t w) {
    static const uint8_t ops[] = {RV_MUL,   RV_MUL, RV_MUL,  RV_MULH, RV_MULHSU,
                                  RV_MULHU, RV_DIV, RV_DIVU, RV_REM,  RV_REMU};
    g->words[g->n] = pattern[pick(g, ops, sizeof ops)].match | dest_reg(g, w) << 7 |
                     any_reg(g, w) << 15 | any_reg(g, w) << 20;
}

/* Any of the instructions of two registers, of one, or of one and a shift amount. */
static void of_the_table(struct genblock *g, uint32_t w) {
    static const struct {
        uint32_t match, mask;
        bool is_one;
    } rows[] = {
#define RV(NAME, mnemonic, match, mask, FORMAT, ...)                                               \
    {match, mask,                                                                                  \
     RV_FORMAT_##FORMAT == RV_FORMAT_R || RV_FORMAT_##FORMAT == RV_FORMAT_UNARY ||                 \
         RV_FORMAT_##FORMAT == RV_FORMAT_SHIFT},
#include "translator/guest/rv32.def"
#undef RV
    };
    uint32_t row;
    do
        row = gen_random(g, RV_OP_COUNT - 1);
    while (!rows[row].is_one);
    uint32_t operands = dest_reg(g, w) << 7 | any_reg(g, w) << 15 | any_reg(g, w) << 20;
    g->words[g->n] = rows[row].match | (operands & ~rows[row].mask);
}

static void upper(struct genblock *g, uint32_t w) {
    uint32_t op = gen_random(g, 3) == 0 ? RV_AUIPC : RV_LUI;
    g->words[g->n] = pattern[op].match | dest_reg(g, w) << 7 | gen_random(g, 1 << 20) << 12;
}

static uint32_t pointer(struct genblock *g) {
    static const uint8_t bases[] = {2, 2, 8, 9};
    return pick(g, bases, sizeof bases);
}

/* Mostly aligned and inside the window; now and then neither, so that blocks fault and roll back.
 */
static uint32_t offset(struct genblock *g, uint32_t size) {
    uint32_t o = gen_random(g, 24) * 4 + (size < 4 ? gen_random(g, 4) & ~(size - 1) : 0);
    if (gen_random(g, 300) == 0)
        o = gen_random(g, 4096);
    return o & 0xfff;
}

static void load(struct genblock *g, uint32_t w) {
    static const uint8_t ops[] = {RV_LW, RV_LW, RV_LW, RV_LB, RV_LBU, RV_LH, RV_LHU};
    uint32_t op = pick(g, ops, sizeof ops);
    uint32_t size = op == RV_LW ? 4 : op == RV_LB || op == RV_LBU ? 1 : 2;
    g->words[g->n] =
        pattern[op].match | dest_reg(g, w) << 7 | pointer(g) << 15 | offset(g, size) << 20;
}

static void store(struct genblock *g, uint32_t w) {
    static const uint8_t ops[] = {RV_SW, RV_SW, RV_SB, RV_SH};
    uint32_t op = pick(g, ops, sizeof ops);
    uint32_t o = offset(g, op == RV_SW ? 4 : op == RV_SH ? 2 : 1);
    g->words[g->n] =
        pattern[op].match | pointer(g) << 15 | any_reg(g, w) << 20 | (o & 31) << 7 | (o >> 5) << 25;
}

static void last(struct genblock *g, uint32_t w) {
    static const uint8_t ops[] = {RV_BEQ, RV_BNE, RV_BLT, RV_BGE, RV_BLTU, RV_BGEU};
    uint32_t kind = gen_random(g, 10);
    if (kind < 6) { /* offset -64..+62 */
        uint32_t o = gen_random(g, 64) * 2 - 64;
        g->words[g->n] = pattern[pick(g, ops, sizeof ops)].match | any_reg(g, w) << 15 |
                         any_reg(g, w) << 20 | (o >> 11 & 1) << 7 | (o >> 1 & 15) << 8 |
                         (o >> 5 & 63) << 25 | (o >> 12 & 1) << 31;
    } else if (kind < 8) { /* offset +4..+66 */
        uint32_t o = gen_random(g, 32) * 2 + 4;
        g->words[g->n] = pattern[RV_JAL].match | any_reg(g, w) << 7 | (o >> 1) << 21;
    } else if (kind < 9) { /* through a pointer, bit 0 sometimes set */
        g->words[g->n] = pattern[RV_JALR].match | any_reg(g, w) << 7 | pointer(g) << 15 |
                         gen_random(g, 32) << 20;
    } else {
        return;
    }
    g->n++;
}

static bool is_pointer(uint32_t r) {
    return r == 2 || r == 8 || r == 9;
}

/* A random compressed instruction, expanded, that keeps to the rules of the others; false: none
 * found, or one that ends a block. */
static bool compressed(struct genblock *g, bool is_last) {
    for (uint32_t tries = 0; tries < 200; tries++) {
        struct rv_insn i;
        uint32_t half = gen_random(g, 0x10000);
        if ((half & 3) == 3 || rv_decode(half, &i) == RV_ILLEGAL || (rv_flags[i.op] & RVF_SLOW))
            continue;
        uint32_t flags = rv_flags[i.op];
        bool ends = (flags & RVF_END) != 0;
        if (ends != is_last || is_pointer(i.rd) ||
            ((flags & (RVF_LOAD | RVF_STORE)) != 0 && !is_pointer(i.rs1)) ||
            (i.op == RV_JALR && !is_pointer(i.rs1)))
            continue;
        g->words[g->n] = half;
        g->lengths[g->n] = 2;
        return true;
    }
    return false;
}

uint32_t gen_code(const struct genblock *g, uint8_t *code) {
    uint32_t at = 0;
    for (uint32_t i = 0; i < g->n; at += g->lengths[i++])
        memcpy(code + at, &g->words[i], g->lengths[i]);
    return at;
}

void gen_block(struct genblock *g, uint64_t seed) {
    static const uint32_t windows[] = {31, 31, 15, 6, 3};
    g->state = seed * 0x9e3779b97f4a7c15u + 1;
    gen_random(g, 2);
    uint32_t w = windows[gen_random(g, 5)];
    uint32_t n = 1 + gen_random(g, gen_random(g, 3) == 0 ? 31 : 8);
    memset(g->lengths, 4, sizeof g->lengths);
    uint32_t share = gen_random(g, 3) == 0 ? 1 + gen_random(g, 9) : 0;
    for (g->n = 0; g->n + 1 < n; g->n++) {
        if (gen_random(g, 10) < share && compressed(g, false))
            continue;
        uint32_t kind = gen_random(g, 110);
        if (kind < 28)
            alu_imm(g, w);
        else if (kind < 50)
            alu_reg(g, w);
        else if (kind < 72)
            load(g, w);
        else if (kind < 87)
            store(g, w);
        else if (kind < 94)
            upper(g, w);
        else if (kind < 100)
            muldiv(g, w);
        else
            of_the_table(g, w);
    }
    if (gen_random(g, 10) < share && compressed(g, true))
        g->n++;
    else
        last(g, w);
    if (g->n == 0) {
        alu_imm(g, w);
        g->n = 1;
    }
}
