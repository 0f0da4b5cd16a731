/* SPDX-License-Identifier: MIT
 * Random guest programs: modes, PMP, mstatus (randguest_impl.h).
 *
 * A third of the programs stay in M mode; a third run in U mode, half of those with a PMP entry
 * that makes a part of the data window read-only; a third change their mode, PMP and mstatus all
 * the time. Those get on, whatever they have written and locked, because of this:
 *   - Everything but the playground, 3 KiB of the data window and the island (code that nothing
 *     else needs), is allowed to both modes by entry 15, which comes last and stays.
 *   - No other entry reaches beyond the playground; entry 0 may, but then it allows everything.
 *     Addresses are such that no NAPOT range is larger than 1 KiB (island: 128 bytes).
 *   - The trap handler skips what traps; all of it has 4 bytes, or is alone in 4 bytes.
 *   - Code to change the mode does no harm in the wrong one: it traps, piece by piece.
 *   - ecall leads to M mode.
 * What a processor may choose for itself is not written: mstatus.MPP other than M and U, mtvec
 * modes 2 and 3, pmpcfg with W and not R, misa, menvcfg. docs/guest-csrs.md has the list.
 */
#include "sim/random/randguest_impl.h"

enum {
    CSR_MSTATUS = 0x300,
    CSR_MTVEC = 0x305,
    CSR_MEPC = 0x341,
    CSR_PMPCFG = 0x3a0,
    CSR_PMPADDR = 0x3b0
};
enum { F3_CSRRW = 1, F3_CSRRS = 2, F3_CSRRC = 3, F3_CSRRSI = 6, F3_CSRRCI = 7 };
enum { PMP_ALL = 0x1f, PMP_READ = 0x19, PMP_L = 0x80, PMP_TOR = 1, PMP_NA4 = 2 };
enum { LAST_ENTRY = 15, ISLAND_WORDS = 32, MPP_M = 0x1800, MRET = 0x30200073, ECALL = 0x73 };

static void csr(struct gen *g, uint32_t f3, uint32_t rd, uint32_t number, uint32_t rs1) {
    emit(g, number << 20 | rs1 << 15 | f3 << 12 | rd << 7 | 0x73u);
}

static void csr_constant(struct gen *g, uint32_t f3, uint32_t number, uint32_t value) {
    emit_constant(g, 6, value);
    csr(g, f3, free_reg(g), number, 6);
}

/* --- PMP */
/* Word addresses in the playground, many of them near its middle, where the accesses are. Never
 * eight ones at the end. */
static uint32_t data_address(struct gen *g) {
    uint32_t block = below(g, 3), low = below(g, 256);
    if (below(g, 2) == 0) {
        block = 2;
        low &= 15u;
    }
    if ((low & 0x80u) != 0)
        low &= ~1u;
    return ((WINDOW - 2048) >> 2) + 256 * block + low;
}

/* Never five ones at the end. */
static uint32_t island_address(struct gen *g) {
    uint32_t low = below(g, ISLAND_WORDS);
    if ((low & 16u) != 0)
        low &= ~1u;
    return (BASE >> 2) + g->island_at + low;
}

static bool is_of_island(uint32_t entry) {
    return entry >= 7 && entry <= 10;
}

static uint32_t entry_address(struct gen *g, uint32_t entry) {
    return is_of_island(entry) ? island_address(g) : data_address(g);
}

/* TOR of entry 0 begins at address 0, of entry 7 it is empty, of entry 11 it would begin in the
 * island. */
static uint32_t entry_config(struct gen *g, uint32_t entry) {
    static const uint8_t rights[] = {0, 1, 3, 4, 5, 7};
    uint32_t right = rights[below(g, sizeof rights)], kind = below(g, 4), extra = below(g, 4) << 5;
    bool is_locked = g->may_lock && below(g, 6) == 0;
    if (entry == LAST_ENTRY)
        return PMP_ALL | (is_locked ? PMP_L : 0);
    if (entry == 0 && kind == PMP_TOR)
        right = 7;
    if (entry == 11 && kind == PMP_TOR)
        kind = PMP_NA4;
    return right | kind << 3 | extra | (is_locked ? PMP_L : 0);
}

static uint32_t config_word(struct gen *g, uint32_t word) {
    uint32_t value = 0;
    for (uint32_t k = 0; k < 4; k++)
        value |= entry_config(g, 4 * word + k) << 8 * k;
    return value;
}

static void emit_pmp(struct gen *g) {
    uint32_t entry = below(g, LAST_ENTRY);
    if (below(g, 3) == 0)
        csr_constant(g, F3_CSRRW, CSR_PMPCFG + entry / 4, config_word(g, entry / 4));
    else if (below(g, 4) == 0)
        csr(g, F3_CSRRS, free_reg(g), CSR_PMPADDR + entry, 0);
    else
        csr_constant(g, F3_CSRRW, CSR_PMPADDR + entry, entry_address(g, entry));
}

static void start_pmp(struct gen *g) {
    for (uint32_t entry = 0; entry < LAST_ENTRY; entry++)
        csr_constant(g, F3_CSRRW, CSR_PMPADDR + entry, entry_address(g, entry));
    csr_constant(g, F3_CSRRW, CSR_PMPADDR + LAST_ENTRY, UINT32_MAX);
    csr_constant(g, F3_CSRRW, CSR_PMPCFG + 3, (uint32_t)PMP_ALL << 24);
    for (uint32_t word = 0; word < 4; word++)
        if (below(g, 2) == 0)
            csr_constant(g, F3_CSRRW, CSR_PMPCFG + word, config_word(g, word));
}

/* --- code that PMP may deny: when it does, it is a trap an instruction until its end */
void emit_island(struct gen *g) {
    while (g->n % ISLAND_WORDS != 0)
        emit(g, 0x00000013u);
    g->island_at = g->n;
    while (g->n < g->island_at + ISLAND_WORDS) {
        uint32_t first = compressed_alu(g), second = compressed_alu(g);
        if (below(g, 4) == 0)
            emit(g, second << 16 | first);
        else
            emit_alu(g);
    }
    emit(g, i_type(0, 1, 0, 0, 0x67)); /* ret */
}

void emit_island_call(struct gen *g) {
    enum { AVERAGE = 100 }; /* executed, with those of the handler */
    emit(g, jal((int32_t)(4 * g->island_at) - (int32_t)(4 * g->n), 1));
    g->executed += AVERAGE;
}

/* --- mstatus and modes */
/* MPP becomes M or U, or stays. */
static void emit_mstatus(struct gen *g) {
    static const uint32_t fields[] = {0x8, 0x80, 0x20000, 0x20000, 0x200000, 0xffffe7ff};
    uint32_t value = below(g, 2) == 0 ? MPP_M : 0;
    for (uint32_t n = 1 + below(g, 3); n > 0; n--)
        value |= fields[below(g, sizeof fields / sizeof fields[0])] & next_random(g);
    csr_constant(g, F3_CSRRW + below(g, 3), CSR_MSTATUS, value);
}

void emit_to_user(struct gen *g) {
    emit(g, 0x30047073u); /* csrci mstatus, MIE: mepc is to stay */
    csr_constant(g, F3_CSRRC, CSR_MSTATUS, MPP_M);
    emit(g, 6u << 7 | 0x17u);           /* auipc x6, 0 */
    emit(g, i_type(16, 6, 0, 6, 0x13)); /* to what follows mret */
    csr(g, F3_CSRRW, 0, CSR_MEPC, 6);
    emit(g, MRET);
}

void emit_privilege(struct gen *g) {
    switch (below(g, 8)) {
    case 0:
        emit_to_user(g);
        break;
    case 1:
        emit(g, ECALL);
        g->executed += 16;
        break;
    case 2:
        csr(g, below(g, 2) == 0 ? F3_CSRRSI : F3_CSRRCI, free_reg(g), CSR_MTVEC, 1);
        break;
    case 3:
    case 4:
        emit_mstatus(g);
        break;
    default:
        emit_pmp(g);
        break;
    }
}

void choose_modes(struct gen *g) {
    uint32_t which = below(g, 3);
    g->is_user = which == 0;
    g->has_modes = which == 1;
    g->may_lock = below(g, 2) == 0;
}

static void start_user(struct gen *g) {
    bool is_restricted = below(g, 2) == 0;
    csr_constant(g, F3_CSRRW, CSR_PMPADDR, (WINDOW + 64) >> 2 | 7); /* 64 bytes */
    csr_constant(g, F3_CSRRW, CSR_PMPADDR + 1, UINT32_MAX);
    if (!is_restricted)
        csr_constant(g, F3_CSRRW, CSR_PMPADDR, UINT32_MAX);
    csr_constant(g, F3_CSRRW, CSR_PMPCFG, PMP_ALL << 8 | (is_restricted ? PMP_READ : PMP_ALL));
    emit_to_user(g);
}

void emit_mode(struct gen *g) {
    if (g->has_modes)
        start_pmp(g);
    else if (g->is_user)
        start_user(g);
}
