/* SPDX-License-Identifier: MIT
 * Inside the generator of random guest programs: its state, encoders, and what its files call of
 * each other (randguest.c: computation, memory, control; randguest_system.c: everything else of
 * RV32IMAC; randguest_priv.c: modes, PMP, mstatus; randguest_irq.c: traps' handler, interrupts,
 * devices).
 */
#ifndef SELKIRK_SIM_RANDOM_RANDGUEST_IMPL_H
#define SELKIRK_SIM_RANDOM_RANDGUEST_IMPL_H

#include <stdbool.h>
#include <stdint.h>

enum {
    BASE = 0x80000000,
    WINDOW = 0x80080000, /* data window: 2 KiB to either side of x2 */
    MAX_WORDS = 8192,
    FUNCTIONS = 6, /* the first MIDDLE call the others */
    MIDDLE = 2,
    FIRST_FREE = 7,
};

struct gen {
    uint32_t rng;
    uint32_t words[MAX_WORDS];
    uint32_t n;
    uint32_t function_at[FUNCTIONS];
    uint32_t executed;    /* estimate for one pass of what is being generated */
    bool is_user;         /* the main program runs in U mode */
    bool has_modes;       /* the main program changes modes, PMP and mstatus as it goes */
    bool may_lock;        /* it locks PMP entries */
    uint32_t island_at;   /* its code that PMP may deny */
    uint32_t mie;         /* at its start */
    uint32_t timer_least; /* ticks from one timer interrupt to the next, at least */
};

static inline uint32_t next_random(struct gen *g) {
    g->rng ^= g->rng << 13; /* Marsaglia, "Xorshift RNGs", 2003 */
    g->rng ^= g->rng >> 17;
    g->rng ^= g->rng << 5;
    return g->rng;
}

static inline uint32_t below(struct gen *g, uint32_t n) {
    return next_random(g) % n;
}

static inline uint32_t any_reg(struct gen *g) {
    static const uint8_t special[] = {0, 1, 2, 3};
    return below(g, 12) == 0 ? special[below(g, sizeof special)]
                             : FIRST_FREE + below(g, 32 - FIRST_FREE);
}

static inline uint32_t free_reg(struct gen *g) {
    return below(g, 24) == 0 ? 0 : FIRST_FREE + below(g, 32 - FIRST_FREE);
}

static inline void emit(struct gen *g, uint32_t word) {
    if (g->n < MAX_WORDS)
        g->words[g->n++] = word;
    g->executed++;
}

static inline uint32_t r_type(uint32_t f7, uint32_t rs2, uint32_t rs1, uint32_t f3, uint32_t rd,
                              uint32_t opcode) {
    return f7 << 25 | rs2 << 20 | rs1 << 15 | f3 << 12 | rd << 7 | opcode;
}

static inline uint32_t i_type(int32_t imm, uint32_t rs1, uint32_t f3, uint32_t rd,
                              uint32_t opcode) {
    return ((uint32_t)imm & 0xfffu) << 20 | rs1 << 15 | f3 << 12 | rd << 7 | opcode;
}

static inline uint32_t s_type(int32_t imm, uint32_t rs2, uint32_t rs1, uint32_t f3) {
    uint32_t u = (uint32_t)imm;
    return (u >> 5 & 0x7fu) << 25 | rs2 << 20 | rs1 << 15 | f3 << 12 | (u & 0x1fu) << 7 | 0x23u;
}

static inline uint32_t b_type(int32_t offset, uint32_t rs2, uint32_t rs1, uint32_t f3) {
    uint32_t u = (uint32_t)offset;
    return (u >> 12 & 1u) << 31 | (u >> 5 & 0x3fu) << 25 | rs2 << 20 | rs1 << 15 | f3 << 12 |
           (u >> 1 & 0xfu) << 8 | (u >> 11 & 1u) << 7 | 0x63u;
}

static inline uint32_t jal(int32_t offset, uint32_t rd) {
    uint32_t u = (uint32_t)offset;
    return (u >> 20 & 1u) << 31 | (u >> 1 & 0x3ffu) << 21 | (u >> 11 & 1u) << 20 |
           (u >> 12 & 0xffu) << 12 | rd << 7 | 0x6fu;
}

static inline void emit_constant(struct gen *g, uint32_t rd, uint32_t value) {
    uint32_t low = value & 0xfffu;
    emit(g, ((value + 0x800u) & 0xfffff000u) | rd << 7 | 0x37u);
    emit(g, i_type((int32_t)low, rd, 0, rd, 0x13));
}

void emit_alu(struct gen *g); /* one word that does not trap */
uint32_t compressed_alu(struct gen *g);
void emit_compressed(struct gen *g); /* one or two words of compressed and other instructions */
void emit_system(struct gen *g);     /* atomic, CSR, trap, misaligned access, code that changes */
void emit_device(struct gen *g);     /* access to a device, wfi, interrupts on or off, mret */
void emit_handler(struct gen *g);    /* the trap handler, and mtvec */
void emit_interrupts(struct gen *g); /* perhaps on, with devices that interrupt */
void choose_modes(struct gen *g);    /* M, U or both? */
void emit_mode(struct gen *g);       /* PMP, perhaps into U mode */
void emit_privilege(struct gen *g);  /* has_modes: a change of PMP, mstatus or mode */
void emit_to_user(struct gen *g);    /* has_modes: U mode for what follows */
void emit_island(struct gen *g);
void emit_island_call(struct gen *g);

#endif
