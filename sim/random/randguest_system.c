/* SPDX-License-Identifier: MIT
 * Random guest programs: compressed and atomic instructions, CSRs, traps, misaligned accesses, code
 * that changes (randguest_impl.h).
 */
#include "sim/random/randguest_impl.h"

/* --- compressed instructions */
static uint32_t c_type(uint32_t funct3, uint32_t bit12, uint32_t rd, uint32_t low5,
                       uint32_t quadrant) {
    return funct3 << 13 | bit12 << 12 | rd << 7 | low5 << 2 | quadrant;
}

/* A half word that computes; never writes x1 to x6. */
uint32_t compressed_alu(struct gen *g) {
    uint32_t rd = FIRST_FREE + below(g, 32 - FIRST_FREE),
             rs = FIRST_FREE + below(g, 32 - FIRST_FREE);
    uint32_t bit = below(g, 2), low = 1 + below(g, 31);
    switch (below(g, 8)) {
    case 0:
        return c_type(0, bit, rd, low, 1); /* c.addi */
    case 1:
        return c_type(2, bit, rd, low, 1); /* c.li */
    case 2:
        return c_type(3, bit, rd, low, 1); /* c.lui */
    case 3:
        return c_type(0, 0, rd, low, 2); /* c.slli */
    case 4:
        return c_type(4, bit, rd, rs, 2); /* c.mv, c.add */
    case 5:
        return c_type(4, 0, below(g, 2) << 3 | below(g, 8), low, 1); /* c.srli, c.srai of x8..x15 */
    case 6:
        return c_type(4, bit, 2u << 3 | below(g, 8), low, 1); /* c.andi */
    default:
        return c_type(4, 0, 3u << 3 | below(g, 8), below(g, 4) << 3 | below(g, 8),
                      1); /* c.sub ... c.and */
    }
}

/* Loads and stores must not trap, being short. */
static uint32_t compressed(struct gen *g) {
    uint32_t rd = FIRST_FREE + below(g, 32 - FIRST_FREE), any = below(g, 32);
    switch (g->has_modes ? 5 : below(g, 6)) {
    case 0:
        return c_type(2, below(g, 2), rd, any, 2); /* c.lwsp */
    case 1:
        any = below(g, 64);
        any = (any & 3u) == 1 ? any + 1 : any;     /* not to offsets 64 to 127 */
        return 6u << 13 | any << 7 | rd << 2 | 2u; /* c.swsp */
    case 2:
        return c_type(0, 0, 0, 0, 1); /* c.nop */
    default:
        return compressed_alu(g);
    }
}

/* Two halves; or the first jumps over the second; or an instruction across words between two. */
void emit_compressed(struct gen *g) {
    uint32_t first = compressed(g), second = compressed(g), at = g->n;
    switch (below(g, 4)) {
    case 0: /* c.beqz, c.bnez: 4 bytes on */
        first = (6u + below(g, 2)) << 13 | below(g, 8) << 7 | 2u << 3 | 1u;
        break;
    case 1:
        emit_alu(g);
        if (at < MAX_WORDS) {
            uint32_t middle = g->words[at];
            g->words[at] = middle << 16 | first;
            emit(g, second << 16 | middle >> 16);
        }
        g->executed++;
        return;
    default:
        break;
    }
    emit(g, second << 16 | first);
    g->executed++;
}

/* --- atomic instructions, CSRs, traps, code that changes */
static void emit_atomic(struct gen *g) {
    static const uint8_t funct5[] = {0, 1, 4, 8, 12, 16, 20, 24, 28, 3, 3};
    uint32_t f5 = funct5[below(g, sizeof funct5)];
    emit(g, i_type((int32_t)(4 * below(g, 8)), 2, 0, 6, 0x13));
    if (f5 == 3 && below(g, 3) != 0) { /* lr.w; sometimes a store before sc.w */
        emit(g, r_type(2u << 2, 0, 6, 2, free_reg(g), 0x2f));
        if (below(g, 2) == 0)
            emit(g, s_type((int32_t)(4 * below(g, 8)), any_reg(g), 2, 2));
    }
    emit(g, r_type(f5 << 2 | below(g, 4), any_reg(g), 6, 2, free_reg(g), 0x2f));
}

/* Some do not exist. Those whose fields decide whether the program gets on are only read here. */
static void emit_csr(struct gen *g) {
    static const uint16_t numbers[] = {
        0x340, 0x340, 0x305, 0x341, 0x342, 0x343, 0x304, 0x306, 0x306, 0x301, 0x3b5, 0x300, 0x344,
        0xb00, 0xb80, 0xb02, 0xb02, 0xb82, 0x320, 0x320, 0xc00, 0xc80, 0xc01, 0xc81, 0xc02, 0xc82,
        0xb03, 0xb83, 0xb1f, 0xc03, 0xc9f, 0x323, 0x33f, 0xf14, 0x106, 0x180, 0x302, 0x303, 0x100,
        0x104, 0x105, 0x140, 0x141, 0x142, 0x143, 0x144, 0x7b0, 0x800, 0xb01, 0xcc0};
    static const uint8_t f3[] = {1, 2, 3, 5, 6, 7};
    uint32_t csr = numbers[below(g, sizeof numbers / sizeof numbers[0])],
             kind = f3[below(g, sizeof f3)];
    uint32_t rs1 = any_reg(g);
    if (csr == 0x305 || csr == 0x300 || csr == 0x301 || csr == 0x3b5) {
        kind = 2;
        rs1 = 0;
    }
    emit(g, csr << 20 | rs1 << 15 | kind << 12 | free_reg(g) << 7 | 0x73u);
}

static void emit_trap(struct gen *g) {
    static const uint32_t words[] = {
        0x00000073,                                     /* ecall */
        0x00100073,                                     /* ebreak */
        0x00019002,                                     /* c.ebreak, c.nop */
        0x00010000,                                     /* illegal half, c.nop */
        0xffffffff, 0x0000002b, 0x10200073, 0x12302373, /* csrr x6, 0x123 */
        0x00002383,                                     /* lw x7, 0(x0): no RAM there */
        0x00701223,                                     /* sh x7, 4(x0) */
        0xffc02383,                                     /* lw x7, -4(x0) */
    };
    uint32_t word = words[below(g, sizeof words / sizeof words[0])];
    if (below(g, 4) == 0 && (word & 3u) == 3u) { /* across words */
        emit(g, word << 16 | 1u);
        word = 0x00010000u | word >> 16;
    }
    emit(g, word);
    g->executed += 12;
}

static void emit_misaligned(struct gen *g) {
    int32_t offset = (int32_t)below(g, 32);
    if (below(g, 2) == 0)
        emit(g, s_type(offset, any_reg(g), 2, 1 + below(g, 2)));
    else
        emit(g, i_type(offset, 2, below(g, 2) == 0 ? 2 : 1 + 4 * below(g, 2), free_reg(g), 0x03));
}

/* addi r, r, n, where n is rewritten each time with the outer loop's counter; up to three
 * instructions of its block stand before it. A jump and two multiplications do as well as fence.i
 * here: the block that stores has then ended, and the next one commits late enough to see the hit
 * (PROT_HIT_CYCLES); without the wait it may run stale once, as the ISA allows. */
static void emit_patch(struct gen *g) {
    uint32_t r = FIRST_FREE + 1 + below(g, 31 - FIRST_FREE), before = below(g, 4);
    bool is_fenced = below(g, 2) != 0;
    emit_constant(g, FIRST_FREE, i_type(0, r, 0, r, 0x13));
    emit(g, i_type(7, 3, 7, 6, 0x13));     /* andi x6, x3, 7 */
    emit(g, r_type(0, 20, 6, 1, 6, 0x13)); /* slli x6, x6, 20 */
    emit(g, r_type(0, 6, FIRST_FREE, 0, FIRST_FREE, 0x33));
    emit(g, 6u << 7 | 0x17u); /* auipc x6, 0 */
    emit(g, s_type((int32_t)(12 + 4 * before) + (is_fenced ? 0 : 8), FIRST_FREE, 6, 2));
    emit(g, is_fenced ? 0x0000100fu /* fence.i */ : jal(4, 0));
    for (int k = 0; k < 2 && !is_fenced; k++)
        emit(g, r_type(1, 6, 6, 0, 6, 0x33)); /* mul x6, x6, x6 */
    while (before-- > 0)
        emit_alu(g);
    emit(g, i_type(1, r, 0, r, 0x13));
}

void emit_system(struct gen *g) {
    switch (below(g, 13)) {
    case 10:
    case 11:
    case 12:
        emit_device(g);
        break;
    case 0:
    case 1:
    case 2:
        emit_atomic(g);
        break;
    case 3:
    case 4:
        emit_csr(g);
        emit_csr(g);
        break;
    case 5:
        emit_trap(g);
        break;
    case 6:
        if (below(g, 2) == 0)
            emit_patch(g);
        break;
    default:
        emit_misaligned(g);
        break;
    }
}
