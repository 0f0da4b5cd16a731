/* SPDX-License-Identifier: MIT
 * Random guest programs. Layout: prologue, outer loop { main body }, finish; then leaf and middle
 * functions. Register roles keep the program going whatever the random code computes:
 *   x1, x5  links of first- and second-level calls     x2  middle of the data window
 *   x3, x4  counters of the outer and inner loops      x6  scratch of address computations
 *   x7..x31 random values
 * Instructions that trap (on purpose) take 4 bytes with what they are paired with; the trap handler
 * folds mcause, mtval and mepc into x31, x30 and x29 and skips them. Two thirds have interrupts.
 * Modes and PMP: randguest_priv.c. Compressed instructions come in pairs, or as two around an
 * instruction that lies across the words, so everything stays a whole number of words. The
 * generator works twice: the first pass learns where functions lie, the second emits the calls.
 */
#include "sim/random/randguest.h"
#include "sim/random/randguest_impl.h"
#include "translator/guest/rv32.h"
#include <stdlib.h>
#include <string.h>

static uint32_t interesting_value(struct gen *g) {
    static const uint32_t edge[] = {0,  1,  0xffffffff, 0x80000000, 0x7fffffff,
                                    31, 32, 0xffff,     0x8000};
    return below(g, 3) == 0 ? edge[below(g, sizeof edge / sizeof edge[0])] : next_random(g);
}

/* Any of the instructions of two registers, of one, or of one and a shift amount. */
static void emit_of_the_table(struct gen *g, uint32_t rd) {
    static const struct {
        uint32_t match, mask;
        enum rv_format format;
    } rows[] = {
#define RV(NAME, mnemonic, match, mask, FORMAT, ...) {match, mask, RV_FORMAT_##FORMAT},
#include "translator/guest/rv32.def"
#undef RV
    };
    uint32_t row;
    do
        row = below(g, RV_OP_COUNT - 1);
    while (rows[row].format != RV_FORMAT_R && rows[row].format != RV_FORMAT_UNARY &&
           rows[row].format != RV_FORMAT_SHIFT);
    emit(g, rows[row].match | (r_type(0, any_reg(g), any_reg(g), 0, rd, 0) & ~rows[row].mask));
}

void emit_alu(struct gen *g) {
    uint32_t f3 = below(g, 8), rd = free_reg(g);
    switch (below(g, 9)) {
    case 0: /* M extension */
        emit(g, r_type(1, any_reg(g), any_reg(g), f3, rd, 0x33));
        break;
    case 1:
        emit(g, (next_random(g) & 0xfffff000u) | rd << 7 | (below(g, 2) ? 0x37u : 0x17u));
        break;
    case 2:
        emit_of_the_table(g, rd);
        break;
    case 3:
    case 4:
    case 5:
        if (f3 == 1 || f3 == 5)
            emit(g,
                 r_type(f3 == 5 && below(g, 2) ? 0x20 : 0, below(g, 32), any_reg(g), f3, rd, 0x13));
        else if (f3 == 2) /* slti x0 is the region-of-interest hint */
            emit(g,
                 i_type((int32_t)below(g, 4096), any_reg(g), f3, rd == 0 ? FIRST_FREE : rd, 0x13));
        else
            emit(g, i_type((int32_t)below(g, 4096), any_reg(g), f3, rd, 0x13));
        break;
    default:
        emit(g, r_type((f3 == 0 || f3 == 5) && below(g, 2) ? 0x20 : 0, any_reg(g), any_reg(g), f3,
                       rd, 0x33));
        break;
    }
}

static void emit_memory(struct gen *g) {
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

static void emit_straight(struct gen *g, uint32_t n) {
    while (n-- > 0) {
        if (below(g, 3) == 0)
            emit_memory(g);
        else if (below(g, 5) == 0)
            emit_compressed(g);
        else if (g->has_modes && below(g, 6) == 0)
            emit_privilege(g);
        else if (below(g, 16) == 0)
            emit_system(g);
        else
            emit_alu(g);
    }
}

static void emit_forward_branch(struct gen *g) {
    static const uint8_t f3[] = {0, 1, 4, 5, 6, 7};
    uint32_t at = g->n, kind = f3[below(g, sizeof f3)], rs1 = any_reg(g), rs2 = any_reg(g);
    emit(g, 0);
    emit_straight(g, 1 + below(g, 6));
    if (at < MAX_WORDS)
        g->words[at] = b_type((int32_t)(4 * (g->n - at)), rs2, rs1, kind);
}

static void emit_indirect(struct gen *g) {
    uint32_t ways = 2u << below(g, 2), step = 3;
    uint32_t r = any_reg(g);
    emit(g, i_type((int32_t)(ways - 1), r, 7, 6, 0x13)); /* andi x6, r, ways-1 */
    emit(g, r_type(0, 2, 6, 1, 7, 0x13));                /* slli x7, x6, 2 */
    emit(g, r_type(0, 3, 6, 1, 6, 0x13));                /* slli x6, x6, 3 */
    emit(g, r_type(0, 7, 6, 0, 6, 0x33));                /* add x6, x6, x7: 12 bytes a way */
    emit(g, 7u << 7 | 0x17u);                            /* auipc x7, 0 */
    emit(g, r_type(0, 7, 6, 0, 7, 0x33));
    emit(g, i_type(12 + (int32_t)below(g, 2), 7, 0, 0, 0x67)); /* bit 0 of the target is dropped */
    for (uint32_t k = 0; k < ways; k++) {
        emit_alu(g);
        emit_alu(g);
        emit(g, jal((int32_t)(4 * (step * (ways - k) - 2)), 0));
    }
    g->executed -= 3 * (ways - 1);
}

static void emit_loop(struct gen *g) {
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

static uint32_t link_of(uint32_t function) {
    return function < MIDDLE ? 1 : 5;
}

static void emit_call(struct gen *g, uint32_t first) {
    uint32_t f = first + below(g, FUNCTIONS - first);
    emit(g, jal((int32_t)(4 * g->function_at[f]) - (int32_t)(4 * g->n), link_of(f)));
    g->executed += 20;
}

static void emit_body(struct gen *g, uint32_t chunks, bool may_call) {
    while (chunks-- > 0) {
        switch (below(g, 6)) {
        case 0:
            emit_forward_branch(g);
            break;
        case 1:
            emit_loop(g);
            break;
        case 2:
            if (may_call && g->has_modes && below(g, 2) == 0)
                emit_island_call(g);
            else if (may_call)
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

static void emit_functions(struct gen *g) {
    for (uint32_t f = 0; f < FUNCTIONS; f++) {
        g->function_at[f] = g->n;
        emit_straight(g, 2 + below(g, 8));
        if (f < MIDDLE)
            emit_call(g, MIDDLE);
        if (below(g, 2) == 0)
            emit_forward_branch(g);
        emit(g, i_type(0, link_of(f), 0, 0, 0x67));
    }
    if (g->has_modes)
        emit_island(g);
}

static void generate(struct gen *g, uint32_t seed, uint32_t insns) {
    g->rng = seed * 2654435761u + 1u;
    if (g->rng == 0)
        g->rng = 1;
    g->n = 0;
    emit_constant(g, 2, WINDOW);
    for (uint32_t r = FIRST_FREE; r < 32; r++)
        emit_constant(g, r, interesting_value(g));
    choose_modes(g);
    emit_handler(g);
    emit_interrupts(g);
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

static void put16(uint8_t *at, uint32_t value) {
    at[0] = (uint8_t)value;
    at[1] = (uint8_t)(value >> 8);
}

static void put32(uint8_t *at, uint32_t value) {
    put16(at, value);
    put16(at + 2, value >> 16);
}

static uint8_t *wrap_in_elf(const uint32_t *words, uint32_t n, size_t *bytes) {
    enum { HEADER = 52, SEGMENT = 32 };
    static const uint8_t ident[16] = {0x7f, 'E', 'L', 'F', 1, 1, 1};
    uint8_t *elf = calloc(1, HEADER + SEGMENT + 4u * (size_t)n);
    if (elf == NULL)
        return NULL;
    memcpy(elf, ident, sizeof ident);
    put16(elf + 16, 2);   /* ET_EXEC */
    put16(elf + 18, 243); /* EM_RISCV */
    put32(elf + 20, 1);
    put32(elf + 24, BASE);   /* entry */
    put32(elf + 28, HEADER); /* program headers */
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

uint8_t *randguest_make(uint32_t seed, uint32_t insns, size_t *bytes) {
    struct gen *g = calloc(1, sizeof *g);
    if (g == NULL)
        return NULL;
    generate(g, seed, insns);
    generate(g, seed, insns); /* now with the functions' places known */
    uint8_t *elf = wrap_in_elf(g->words, g->n, bytes);
    free(g);
    return elf;
}
