/* SPDX-License-Identifier: MIT
 * Random guest programs. Layout: prologue, outer loop { main body }, finish; then leaf and middle
 * functions. Register roles keep the program going whatever the random code computes:
 *   x1, x5  links of first- and second-level calls     x2  middle of the data window
 *   x3, x4  counters of the outer and inner loops      x6  scratch of address computations
 *   x7..x31 random values
 * Instructions that trap (on purpose) take 4 bytes with what they are paired with; the trap handler folds
 * mcause and mtval into x31 and x30 and skips them. A third of the programs run in U mode, half of those with
 * a PMP entry that makes a part of the data window read-only. Compressed instructions come in pairs, or as
 * two around an instruction that lies across the words, so everything stays a whole number of words.
 * The generator works twice: the first pass learns where functions lie, the second emits the calls.
 */
#include "sim/randguest.h"
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    BASE = 0x80000000,
    WINDOW = 0x80080000, /* data window: 2 KiB to either side of x2 */
    MAX_WORDS = 8192,
    FUNCTIONS = 6,       /* the first MIDDLE call the others */
    MIDDLE = 2,
    FIRST_FREE = 7,
};

struct gen {
    uint32_t rng;
    uint32_t words[MAX_WORDS];
    uint32_t n;
    uint32_t function_at[FUNCTIONS];
    uint32_t executed; /* estimate for one pass of what is being generated */
};

static uint32_t next_random(struct gen *g)
{
    g->rng ^= g->rng << 13; /* Marsaglia, "Xorshift RNGs", 2003 */
    g->rng ^= g->rng >> 17;
    g->rng ^= g->rng << 5;
    return g->rng;
}

static uint32_t below(struct gen *g, uint32_t n)
{
    return next_random(g) % n;
}

static uint32_t any_reg(struct gen *g)
{
    static const uint8_t special[] = {0, 1, 2, 3};
    return below(g, 12) == 0 ? special[below(g, sizeof special)] : FIRST_FREE + below(g, 32 - FIRST_FREE);
}

static uint32_t free_reg(struct gen *g)
{
    return below(g, 24) == 0 ? 0 : FIRST_FREE + below(g, 32 - FIRST_FREE);
}

static void emit(struct gen *g, uint32_t word)
{
    if (g->n < MAX_WORDS)
        g->words[g->n++] = word;
    g->executed++;
}

static uint32_t r_type(uint32_t f7, uint32_t rs2, uint32_t rs1, uint32_t f3, uint32_t rd, uint32_t opcode)
{
    return f7 << 25 | rs2 << 20 | rs1 << 15 | f3 << 12 | rd << 7 | opcode;
}

static uint32_t i_type(int32_t imm, uint32_t rs1, uint32_t f3, uint32_t rd, uint32_t opcode)
{
    return ((uint32_t)imm & 0xfffu) << 20 | rs1 << 15 | f3 << 12 | rd << 7 | opcode;
}

static uint32_t s_type(int32_t imm, uint32_t rs2, uint32_t rs1, uint32_t f3)
{
    uint32_t u = (uint32_t)imm;
    return (u >> 5 & 0x7fu) << 25 | rs2 << 20 | rs1 << 15 | f3 << 12 | (u & 0x1fu) << 7 | 0x23u;
}

static uint32_t b_type(int32_t offset, uint32_t rs2, uint32_t rs1, uint32_t f3)
{
    uint32_t u = (uint32_t)offset;
    return (u >> 12 & 1u) << 31 | (u >> 5 & 0x3fu) << 25 | rs2 << 20 | rs1 << 15 | f3 << 12 |
           (u >> 1 & 0xfu) << 8 | (u >> 11 & 1u) << 7 | 0x63u;
}

static uint32_t jal(int32_t offset, uint32_t rd)
{
    uint32_t u = (uint32_t)offset;
    return (u >> 20 & 1u) << 31 | (u >> 1 & 0x3ffu) << 21 | (u >> 11 & 1u) << 20 |
           (u >> 12 & 0xffu) << 12 | rd << 7 | 0x6fu;
}

static void emit_constant(struct gen *g, uint32_t rd, uint32_t value)
{
    uint32_t low = value & 0xfffu;
    emit(g, ((value + 0x800u) & 0xfffff000u) | rd << 7 | 0x37u);
    emit(g, i_type((int32_t)low, rd, 0, rd, 0x13));
}

static uint32_t interesting_value(struct gen *g)
{
    static const uint32_t edge[] = {0, 1, 0xffffffff, 0x80000000, 0x7fffffff, 31, 32, 0xffff, 0x8000};
    return below(g, 3) == 0 ? edge[below(g, sizeof edge / sizeof edge[0])] : next_random(g);
}

static void emit_alu(struct gen *g)
{
    uint32_t f3 = below(g, 8), rd = free_reg(g);
    switch (below(g, 8)) {
    case 0: /* M extension */
        emit(g, r_type(1, any_reg(g), any_reg(g), f3, rd, 0x33));
        break;
    case 1:
        emit(g, (next_random(g) & 0xfffff000u) | rd << 7 | (below(g, 2) ? 0x37u : 0x17u));
        break;
    case 2:
    case 3:
    case 4:
        if (f3 == 1 || f3 == 5)
            emit(g, r_type(f3 == 5 && below(g, 2) ? 0x20 : 0, below(g, 32), any_reg(g), f3, rd, 0x13));
        else if (f3 == 2) /* slti x0 is the region-of-interest hint */
            emit(g, i_type((int32_t)below(g, 4096), any_reg(g), f3, rd == 0 ? FIRST_FREE : rd, 0x13));
        else
            emit(g, i_type((int32_t)below(g, 4096), any_reg(g), f3, rd, 0x13));
        break;
    default:
        emit(g, r_type((f3 == 0 || f3 == 5) && below(g, 2) ? 0x20 : 0, any_reg(g), any_reg(g), f3, rd, 0x33));
        break;
    }
}

static void emit_memory(struct gen *g)
{
    static const uint8_t load_f3[] = {0, 1, 2, 2, 2, 4, 5};
    uint32_t base = 2;
    bool is_store = below(g, 2) != 0;
    uint32_t f3 = is_store ? below(g, 3) : load_f3[below(g, sizeof load_f3)];
    uint32_t align = ~((1u << (f3 & 3u)) - 1u);
    int32_t offset = (int32_t)(below(g, 4096) & align) - 2048;
    if (below(g, 3) == 0) { /* address computed from data */
        emit(g, i_type((int32_t)(0x7f0), any_reg(g), 7, 6, 0x13));
        emit(g, r_type(0, 6, 2, 0, 6, 0x33));
        base = 6;
        offset = (int32_t)(below(g, 16) & align);
    } else if (below(g, 2) == 0) { /* a small area, so that loads meet stores */
        offset = (int32_t)(below(g, 16) & align);
    }
    if (is_store)
        emit(g, s_type(offset, any_reg(g), base, f3));
    else
        emit(g, i_type(offset, base, f3, free_reg(g), 0x03));
}

/* --- compressed instructions */
static uint32_t c_type(uint32_t funct3, uint32_t bit12, uint32_t rd, uint32_t low5, uint32_t quadrant)
{
    return funct3 << 13 | bit12 << 12 | rd << 7 | low5 << 2 | quadrant;
}

/* A half word that computes; never writes x1 to x6. */
static uint32_t compressed_alu(struct gen *g)
{
    uint32_t rd = FIRST_FREE + below(g, 32 - FIRST_FREE), rs = FIRST_FREE + below(g, 32 - FIRST_FREE);
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
        return c_type(4, 0, 3u << 3 | below(g, 8), below(g, 4) << 3 | below(g, 8), 1); /* c.sub ... c.and */
    }
}

static uint32_t compressed(struct gen *g)
{
    uint32_t rd = FIRST_FREE + below(g, 32 - FIRST_FREE), any = below(g, 32);
    switch (below(g, 6)) {
    case 0:
        return c_type(2, below(g, 2), rd, any, 2); /* c.lwsp */
    case 1:
        return 6u << 13 | below(g, 64) << 7 | rd << 2 | 2u; /* c.swsp */
    case 2:
        return c_type(0, 0, 0, 0, 1); /* c.nop */
    default:
        return compressed_alu(g);
    }
}

/* Two halves; or the first jumps over the second; or an instruction across words between two. */
static void emit_compressed(struct gen *g)
{
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
static void emit_atomic(struct gen *g)
{
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

static void emit_csr(struct gen *g)
{
    static const uint16_t numbers[] = {0x340, 0x340, 0x305, 0x341, 0x342, 0x343, 0x304, 0x306, 0x301, 0x3b5};
    static const uint8_t f3[] = {1, 2, 3, 5, 6, 7};
    uint32_t csr = numbers[below(g, sizeof numbers / sizeof numbers[0])], kind = f3[below(g, sizeof f3)];
    uint32_t rs1 = any_reg(g);
    if (csr == 0x305) { /* mtvec is only read */
        kind = 2;
        rs1 = 0;
    }
    emit(g, csr << 20 | rs1 << 15 | kind << 12 | free_reg(g) << 7 | 0x73u);
}

static void emit_trap(struct gen *g)
{
    static const uint32_t words[] = {
        0x00000073, /* ecall */
        0x00100073, /* ebreak */
        0x00019002, /* c.ebreak, c.nop */
        0x00010000, /* illegal half, c.nop */
        0xffffffff, 0x0000002b, 0x10200073,
        0x12302373, /* csrr x6, 0x123 */
        0x00002383, /* lw x7, 0(x0): no RAM there */
        0x00701223, /* sh x7, 4(x0) */
        0xffc02383, /* lw x7, -4(x0) */
    };
    uint32_t word = words[below(g, sizeof words / sizeof words[0])];
    if (below(g, 4) == 0 && (word & 3u) == 3u) { /* across words */
        emit(g, word << 16 | 1u);
        word = 0x00010000u | word >> 16;
    }
    emit(g, word);
    g->executed += 12;
}

static void emit_misaligned(struct gen *g)
{
    int32_t offset = (int32_t)below(g, 32);
    if (below(g, 2) == 0)
        emit(g, s_type(offset, any_reg(g), 2, 1 + below(g, 2)));
    else
        emit(g, i_type(offset, 2, below(g, 2) == 0 ? 2 : 1 + 4 * below(g, 2), free_reg(g), 0x03));
}

/* addi r, r, n, where n is rewritten each time with the outer loop's counter. */
static void emit_patch(struct gen *g)
{
    uint32_t r = FIRST_FREE + 1 + below(g, 31 - FIRST_FREE);
    emit_constant(g, FIRST_FREE, i_type(0, r, 0, r, 0x13));
    emit(g, i_type(7, 3, 7, 6, 0x13));                 /* andi x6, x3, 7 */
    emit(g, r_type(0, 20, 6, 1, 6, 0x13));             /* slli x6, x6, 20 */
    emit(g, r_type(0, 6, FIRST_FREE, 0, FIRST_FREE, 0x33));
    emit(g, 6u << 7 | 0x17u);                          /* auipc x6, 0 */
    emit(g, s_type(12, FIRST_FREE, 6, 2));
    emit(g, 0x0000100fu);                              /* fence.i */
    emit(g, i_type(1, r, 0, r, 0x13));
}

static void emit_system(struct gen *g)
{
    switch (below(g, 10)) {
    case 0:
    case 1:
    case 2:
        emit_atomic(g);
        break;
    case 3:
    case 4:
        emit_csr(g);
        break;
    case 5:
        emit_trap(g);
        break;
    case 6:
        if (below(g, 8) == 0)
            emit_patch(g);
        break;
    default:
        emit_misaligned(g);
        break;
    }
}

static void emit_straight(struct gen *g, uint32_t n)
{
    while (n-- > 0) {
        if (below(g, 3) == 0)
            emit_memory(g);
        else if (below(g, 5) == 0)
            emit_compressed(g);
        else if (below(g, 16) == 0)
            emit_system(g);
        else
            emit_alu(g);
    }
}

static void emit_forward_branch(struct gen *g)
{
    static const uint8_t f3[] = {0, 1, 4, 5, 6, 7};
    uint32_t at = g->n, kind = f3[below(g, sizeof f3)], rs1 = any_reg(g), rs2 = any_reg(g);
    emit(g, 0);
    emit_straight(g, 1 + below(g, 6));
    if (at < MAX_WORDS)
        g->words[at] = b_type((int32_t)(4 * (g->n - at)), rs2, rs1, kind);
}

/* Skips 4 bytes at mepc. Sets mtvec before it. */
static void emit_handler(struct gen *g)
{
    enum { LENGTH = 10 };
    emit(g, 6u << 7 | 0x17u);                    /* auipc x6, 0 */
    emit(g, i_type(16, 6, 0, 6, 0x13));          /* addi x6, x6, 16 */
    emit(g, 0x30531073u);                        /* csrw mtvec, x6 */
    emit(g, jal(4 * LENGTH, 0));                 /* over it */
    emit(g, 0x34202373u);                        /* csrr x6, mcause */
    emit(g, r_type(0, 6, 31, 4, 31, 0x33));      /* xor x31, x31, x6 */
    emit(g, 0x34302373u);                        /* csrr x6, mtval */
    emit(g, r_type(0, 6, 30, 4, 30, 0x33));
    emit(g, 0x34102373u);                        /* csrr x6, mepc */
    emit(g, i_type(4, 6, 0, 6, 0x13));
    emit(g, 0x34131073u);                        /* csrw mepc, x6 */
    emit(g, 0x00000013u);
    emit(g, 0x30200073u);                        /* mret */
}

/* Some programs go on in U mode; some of those may not write all of the window. */
static void emit_mode(struct gen *g)
{
    enum { PMP_ALL = 0x1f, PMP_READ = 0x19 };
    if (below(g, 3) != 0)
        return;
    bool is_restricted = below(g, 2) == 0;
    emit_constant(g, 6, (WINDOW + 64) >> 2 | 7); /* 64 bytes */
    emit(g, 0x3b031073u);                        /* csrw pmpaddr0, x6 */
    emit(g, i_type(-1, 0, 0, 6, 0x13));
    emit(g, 0x3b131073u); /* csrw pmpaddr1, x6 */
    if (!is_restricted)
        emit(g, 0x3b031073u);
    emit_constant(g, 6, PMP_ALL << 8 | (is_restricted ? PMP_READ : PMP_ALL));
    emit(g, 0x3a031073u);               /* csrw pmpcfg0, x6 */
    emit(g, 6u << 7 | 0x17u);           /* auipc x6, 0 */
    emit(g, i_type(16, 6, 0, 6, 0x13)); /* to what follows mret */
    emit(g, 0x34131073u);               /* csrw mepc, x6 */
    emit(g, 0x30200073u);               /* mret: MPP is U after reset */
}

static void emit_indirect(struct gen *g)
{
    uint32_t ways = 2u << below(g, 2), step = 3;
    uint32_t r = any_reg(g);
    emit(g, i_type((int32_t)(ways - 1), r, 7, 6, 0x13));      /* andi x6, r, ways-1 */
    emit(g, r_type(0, 2, 6, 1, 7, 0x13));                     /* slli x7, x6, 2 */
    emit(g, r_type(0, 3, 6, 1, 6, 0x13));                     /* slli x6, x6, 3 */
    emit(g, r_type(0, 7, 6, 0, 6, 0x33));                     /* add x6, x6, x7: 12 bytes a way */
    emit(g, 7u << 7 | 0x17u);                                 /* auipc x7, 0 */
    emit(g, r_type(0, 7, 6, 0, 7, 0x33));
    emit(g, i_type(12 + (int32_t)below(g, 2), 7, 0, 0, 0x67)); /* bit 0 of the target is dropped */
    for (uint32_t k = 0; k < ways; k++) {
        emit_alu(g);
        emit_alu(g);
        emit(g, jal((int32_t)(4 * (step * (ways - k) - 2)), 0));
    }
    g->executed -= 3 * (ways - 1);
}

static void emit_loop(struct gen *g)
{
    uint32_t turns = 2 + below(g, 12);
    emit(g, i_type((int32_t)turns, 0, 0, 4, 0x13));
    uint32_t at = g->n, before = g->executed;
    emit_straight(g, 1 + below(g, 10));
    if (below(g, 2) == 0)
        emit_forward_branch(g);
    emit(g, i_type(-1, 4, 0, 4, 0x13));
    emit(g, b_type((int32_t)(4 * at) - (int32_t)(4 * g->n), 0, 4, 1));
    g->executed = before + turns * (g->executed - before);
}

static uint32_t link_of(uint32_t function)
{
    return function < MIDDLE ? 1 : 5;
}

static void emit_call(struct gen *g, uint32_t first)
{
    uint32_t f = first + below(g, FUNCTIONS - first);
    emit(g, jal((int32_t)(4 * g->function_at[f]) - (int32_t)(4 * g->n), link_of(f)));
    g->executed += 20;
}

static void emit_body(struct gen *g, uint32_t chunks, bool may_call)
{
    while (chunks-- > 0) {
        switch (below(g, 6)) {
        case 0:
            emit_forward_branch(g);
            break;
        case 1:
            emit_loop(g);
            break;
        case 2:
            if (may_call)
                emit_call(g, 0);
            break;
        case 3:
            if (below(g, 2) == 0)
                emit_indirect(g);
            break;
        default:
            emit_straight(g, 1 + below(g, 12));
            break;
        }
    }
}

static void emit_functions(struct gen *g)
{
    for (uint32_t f = 0; f < FUNCTIONS; f++) {
        g->function_at[f] = g->n;
        emit_straight(g, 2 + below(g, 8));
        if (f < MIDDLE)
            emit_call(g, MIDDLE);
        if (below(g, 2) == 0)
            emit_forward_branch(g);
        emit(g, i_type(0, link_of(f), 0, 0, 0x67));
    }
}

static void generate(struct gen *g, uint32_t seed, uint32_t insns)
{
    g->rng = seed * 2654435761u + 1u;
    if (g->rng == 0)
        g->rng = 1;
    g->n = 0;
    emit_constant(g, 2, WINDOW);
    for (uint32_t r = FIRST_FREE; r < 32; r++)
        emit_constant(g, r, interesting_value(g));
    emit_handler(g);
    emit_mode(g);
    uint32_t turns_at = g->n;
    emit_constant(g, 3, 0);
    uint32_t loop_at = g->n;
    g->executed = 0;
    emit_body(g, 8 + below(g, 24), true);
    uint32_t turns = insns / (g->executed + 2) + 1;
    emit(g, i_type(-1, 3, 0, 3, 0x13));
    emit(g, b_type(8, 0, 3, 0));
    emit(g, jal((int32_t)(4 * loop_at) - (int32_t)(4 * g->n), 0));
    emit_constant(g, 6, 0x00100000); /* test finisher */
    emit_constant(g, 7, 0x5555);
    emit(g, s_type(0, 7, 6, 2));
    emit(g, jal(0, 0));
    emit_functions(g);
    uint32_t end = g->n;
    g->n = turns_at;
    emit_constant(g, 3, turns);
    g->n = end;
}

static void put16(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)value;
    at[1] = (uint8_t)(value >> 8);
}

static void put32(uint8_t *at, uint32_t value)
{
    put16(at, value);
    put16(at + 2, value >> 16);
}

static uint8_t *wrap_in_elf(const uint32_t *words, uint32_t n, size_t *bytes)
{
    enum { HEADER = 52, SEGMENT = 32 };
    static const uint8_t ident[16] = {0x7f, 'E', 'L', 'F', 1, 1, 1};
    uint8_t *elf = calloc(1, HEADER + SEGMENT + 4u * (size_t)n);
    if (elf == NULL)
        return NULL;
    memcpy(elf, ident, sizeof ident);
    put16(elf + 16, 2);       /* ET_EXEC */
    put16(elf + 18, 243);     /* EM_RISCV */
    put32(elf + 20, 1);
    put32(elf + 24, BASE);    /* entry */
    put32(elf + 28, HEADER);  /* program headers */
    put16(elf + 40, HEADER);
    put16(elf + 42, SEGMENT);
    put16(elf + 44, 1);
    uint8_t *ph = elf + HEADER;
    put32(ph, 1); /* PT_LOAD */
    put32(ph + 4, HEADER + SEGMENT);
    put32(ph + 8, BASE);
    put32(ph + 12, BASE);
    put32(ph + 16, 4 * n);
    put32(ph + 20, 4 * n);
    put32(ph + 24, 7);
    put32(ph + 28, 4);
    for (uint32_t i = 0; i < n; i++)
        put32(ph + SEGMENT + 4 * i, words[i]);
    *bytes = HEADER + SEGMENT + 4u * (size_t)n;
    return elf;
}

uint8_t *randguest_make(uint32_t seed, uint32_t insns, size_t *bytes)
{
    struct gen *g = calloc(1, sizeof *g);
    if (g == NULL)
        return NULL;
    generate(g, seed, insns);
    generate(g, seed, insns); /* now with the functions' places known */
    uint8_t *elf = wrap_in_elf(g->words, g->n, bytes);
    free(g);
    return elf;
}
