/* SPDX-License-Identifier: MIT
 * Random guest programs: the trap handler, interrupts, accesses to devices (randguest_impl.h).
 *
 * When an interrupt comes is the engine's business, and the program does not care: the handler
 * changes x29 to x31 by mcause, mtval and mepc, so all that follows depends on where each one was
 * taken, but the counters of the loops do not. It makes the line low that interrupted it (the timer
 * is set a random time ahead), so the program always goes on.
 */
#include "sim/random/randguest_impl.h"

enum {
    FINISHER = 0x00100000,
    CLINT = 0x02000000,
    MTIMECMP = CLINT + 0x4000,
    MTIME = CLINT + 0xbff8,
    PLIC = 0x0c000000,
    PLIC_UART = 10, /* the UART's source */
    PLIC_ENABLE = PLIC + 0x2000,
    PLIC_CLAIM = PLIC + 0x200004,
    UART = 0x10000000,
    UART_IER = UART + 1,
    UART_IIR = UART + 2,
    UART_LCR = UART + 3,
    UART_LSR = UART + 5,
};
enum { F3_BYTE = 0, F3_WORD = 2, F3_BYTE_UNSIGNED = 4 };
enum { MSIE = 1 << 3, MTIE = 1 << 7, MEIE = 1 << 11 };
enum {
    CSR_MSTATUS = 0x300,
    CSR_MIE = 0x304,
    CSR_MTVEC = 0x305,
    CSR_MSCRATCH = 0x340,
    CSR_MEPC = 0x341,
    CSR_MCAUSE = 0x342,
    CSR_MTVAL = 0x343
};
enum { SAVED = 2044, VECTORS = 12 }; /* SAVED: where the handler keeps x7, from x2 */

static void csr_read(struct gen *g, uint32_t rd, uint32_t csr) {
    emit(g, csr << 20 | 2u << 12 | rd << 7 | 0x73u);
}

static void csr_write(struct gen *g, uint32_t csr, uint32_t rs1) {
    emit(g, csr << 20 | rs1 << 15 | 1u << 12 | 0x73u);
}

static void csr_set(struct gen *g, uint32_t csr, uint32_t rs1) {
    emit(g, csr << 20 | rs1 << 15 | 2u << 12 | 0x73u);
}

/* mstatus.MIE on or off, the old value to rd. */
static void toggle_interrupts(struct gen *g, bool is_on, uint32_t rd) {
    emit(g, (uint32_t)CSR_MSTATUS << 20 | 8u << 15 | (is_on ? 6u : 7u) << 12 | rd << 7 | 0x73u);
}

/* x6 becomes the page of addr; its offset there. */
static int32_t device_page(struct gen *g, uint32_t addr) {
    uint32_t page = (addr + 0x800u) & 0xfffff000u;
    emit(g, page | 6u << 7 | 0x37u);
    return (int32_t)(addr - page);
}

static void device_load(struct gen *g, uint32_t f3, uint32_t rd, uint32_t addr) {
    int32_t offset = device_page(g, addr);
    emit(g, i_type(offset, 6, f3, rd, 0x03));
}

static void device_store(struct gen *g, uint32_t f3, uint32_t rs2, uint32_t addr) {
    int32_t offset = device_page(g, addr);
    emit(g, s_type(offset, rs2, 6, f3));
}

/* mtimecmp = mtime + x7. Changes x6 and x7. */
static void set_timer_from_x7(struct gen *g) {
    device_load(g, F3_WORD, 6, MTIME);
    emit(g, r_type(0, 6, 7, 0, 7, 0x33));
    device_store(g, F3_WORD, 7, MTIMECMP);
    device_load(g, F3_WORD, 7, MTIME + 4);
    device_store(g, F3_WORD, 7, MTIMECMP + 4);
}

static void set_timer(struct gen *g, uint32_t ticks) {
    emit(g, i_type((int32_t)ticks, 0, 0, 7, 0x13));
    set_timer_from_x7(g);
}

/* --- the handler */
/* The time to the next interrupt goes up and down, and slowly up: the program gets on however slow
 * the machine is. A word beyond the window counts the turns. */
static void handle_timer(struct gen *g) {
    enum { STEP = 37, MASK = 0x3ff, SHIFT = 3 };
    emit(g, i_type(0x7f0, 2, 0, 6, 0x13));
    emit(g, i_type(0x30, 6, 2, 7, 0x03));
    emit(g, i_type(STEP, 7, 0, 7, 0x13));
    emit(g, s_type(0x30, 7, 6, 2));
    emit(g, r_type(0, SHIFT, 7, 5, 6, 0x13)); /* srli x6, x7, SHIFT */
    emit(g, i_type(MASK, 7, 7, 7, 0x13));
    emit(g, r_type(0, 6, 7, 0, 7, 0x33));
    emit(g, i_type((int32_t)g->timer_least, 7, 0, 7, 0x13));
    set_timer_from_x7(g);
}

static void emit_return(struct gen *g) {
    emit(g, i_type(SAVED, 2, 2, 7, 0x03));
    csr_read(g, 6, CSR_MSCRATCH);
    emit(g, 0x30200073u); /* mret */
}

static void handle_external(struct gen *g) {
    device_store(g, F3_BYTE, 0, UART_LCR); /* DATA and IER are not the divisor */
    device_load(g, F3_BYTE_UNSIGNED, 7, UART_IIR);
    device_load(g, F3_BYTE_UNSIGNED, 7, UART_LSR);
    device_load(g, F3_BYTE_UNSIGNED, 7, UART);
    emit(g, r_type(0, 7, 30, 4, 30, 0x33));
    device_store(g, F3_BYTE, 0, UART_IER);
    device_load(g, F3_WORD, 7, PLIC_CLAIM);
    device_store(g, F3_WORD, 7, PLIC_CLAIM);
    emit_return(g);
}

/* A branch on x6 and rs2 to what end_branch finds next. */
static uint32_t begin_branch(struct gen *g, uint32_t rs2, uint32_t f3) {
    emit(g, b_type(0, rs2, 6, f3));
    return g->n - 1;
}

static void end_branch(struct gen *g, uint32_t at) {
    g->words[at] |= b_type((int32_t)(4 * (g->n - at)), 0, 0, 0);
}

static void handle_interrupts(struct gen *g) {
    emit(g, r_type(0, 1, 6, 1, 6, 0x13)); /* slli x6, x6, 1: without the interrupt bit */
    emit(g, i_type(2 * 3, 0, 0, 7, 0x13));
    uint32_t not_software = begin_branch(g, 7, 1);
    device_store(g, F3_WORD, 0, CLINT);
    emit_return(g);
    end_branch(g, not_software);
    emit(g, i_type(2 * 7, 0, 0, 7, 0x13));
    uint32_t not_timer = begin_branch(g, 7, 1);
    handle_timer(g);
    emit_return(g);
    end_branch(g, not_timer);
    handle_external(g);
}

/* An ecall goes on in M mode, from U mode, too. */
static void handle_ecall(struct gen *g) {
    enum { ECALL_U = 8, MPP_M = 0x1800 };
    emit(g, i_type(ECALL_U, 0, 0, 7, 0x13));
    uint32_t other = begin_branch(g, 7, 1);
    emit_constant(g, 7, MPP_M);
    csr_set(g, CSR_MSTATUS, 7);
    end_branch(g, other);
}

/* After a trap it skips 4 bytes at mepc. */
static void emit_handler_body(struct gen *g) {
    csr_write(g, CSR_MSCRATCH, 6);
    emit(g, s_type(SAVED, 7, 2, 2));
    csr_read(g, 6, CSR_MCAUSE);
    emit(g, r_type(0, 6, 31, 4, 31, 0x33)); /* xor x31, x31, x6 */
    csr_read(g, 7, CSR_MTVAL);
    emit(g, r_type(0, 7, 30, 4, 30, 0x33));
    csr_read(g, 7, CSR_MEPC);
    emit(g, r_type(0, 7, 29, 0, 29, 0x33)); /* add x29, x29, x7 */
    uint32_t interrupt = begin_branch(g, 0, 4);
    emit(g, i_type(4, 7, 0, 7, 0x13));
    csr_write(g, CSR_MEPC, 7);
    if (g->has_modes)
        handle_ecall(g);
    emit_return(g);
    end_branch(g, interrupt);
    handle_interrupts(g);
}

/* mtvec, direct or vectored, and the code it leads to; the table is there if mtvec may become
 * vectored later. */
void emit_handler(struct gen *g) {
    bool is_vectored = below(g, 2) == 0, has_table = is_vectored || g->has_modes;
    g->timer_least = 1 + below(g, 300);
    emit(g, 6u << 7 | 0x17u); /* auipc x6, 0 */
    emit(g, i_type(16 + is_vectored, 6, 0, 6, 0x13));
    csr_write(g, CSR_MTVEC, 6);
    uint32_t over = g->n;
    emit(g, 0);
    for (uint32_t k = 0; has_table && k < VECTORS; k++)
        emit(g, jal((int32_t)(4 * (VECTORS - k)), 0));
    emit_handler_body(g);
    if (over < MAX_WORDS)
        g->words[over] = jal((int32_t)(4 * (g->n - over)), 0);
}

/* --- what is ready before the main program */
void emit_interrupts(struct gen *g) {
    static const uint16_t sets[] = {MTIE, MTIE | MSIE, MTIE | MEIE, MTIE | MSIE | MEIE,
                                    MSIE | MEIE};
    g->mie = 0;
    if (below(g, 3) == 0)
        return;
    g->mie = sets[below(g, sizeof sets / sizeof sets[0])];
    emit(g, i_type((int32_t)(1 + below(g, 7)), 0, 0, 7, 0x13));
    device_store(g, F3_WORD, 7, PLIC + 4 * PLIC_UART);
    emit(g, i_type(1 << PLIC_UART, 0, 0, 7, 0x13));
    device_store(g, F3_WORD, 7, PLIC_ENABLE);
    emit(g, i_type((int32_t)below(g, 4), 0, 0, 7, 0x13));
    device_store(g, F3_BYTE, 7, UART_IER);
    set_timer(g, g->timer_least);
    emit_constant(g, 7, g->mie);
    csr_write(g, CSR_MIE, 7);
    toggle_interrupts(g, true, 0);
}

/* --- in random code */
static void emit_access(struct gen *g) {
    static const uint32_t words[] = {
        CLINT,      CLINT,         CLINT,       MTIMECMP,        MTIMECMP + 4,
        MTIME,      MTIME + 4,     CLINT + 4,   CLINT + 0x10000, PLIC + 4 * PLIC_UART,
        PLIC,       PLIC + 0x1000, PLIC_ENABLE, PLIC_ENABLE + 4, PLIC + 0x200000,
        PLIC_CLAIM, PLIC_CLAIM,    FINISHER,
    };
    static const uint8_t load_f3[] = {0, 1, 2, 4, 5};
    uint32_t addr = words[below(g, sizeof words / sizeof words[0])],
             f3 = below(g, 8) == 0 ? below(g, 2) : F3_WORD;
    bool is_load = below(g, 2) == 0;
    if (below(g, 2) == 0) {
        addr = UART + below(g, below(g, 8) == 0 ? 16 : 8); /* at times past its end */
        f3 = below(g, 8) == 0 ? below(g, 3) : F3_BYTE;
        addr &= ~((1u << f3) - 1u);
    }
    if (is_load)
        device_load(g, f3 == 2 ? f3 : load_f3[f3 + 3 * below(g, 2)], free_reg(g), addr);
    else
        device_store(g, f3, addr == FINISHER ? 0 : any_reg(g), addr);
    g->executed += 4;
}

static void emit_wfi(struct gen *g) {
    if (g->has_modes)
        emit(g, 0x00000073u); /* ecall: into M mode, where mie can be written */
    if (g->is_user && (g->mie & MTIE) == 0)
        return; /* nothing would end it */
    if (!g->is_user) {
        emit(g, i_type(MTIE, 0, 0, 7, 0x13));
        csr_set(g, CSR_MIE, 7);
    }
    set_timer(g, below(g, 100));
    if (g->has_modes && below(g, 2) == 0)
        emit_to_user(g);
    emit(g, 0x10500073u); /* wfi: with mstatus.TW illegal in U mode */
}

/* mret in M mode, to what follows it; interrupts off before, and on or off after it. */
static void emit_mret(struct gen *g) {
    enum { MPP_M = 0x1800, MPIE = 0x80 };
    toggle_interrupts(g, false, free_reg(g));
    emit_constant(g, 7, MPP_M | (below(g, 2) == 0 ? MPIE : 0));
    csr_set(g, CSR_MSTATUS, 7);
    emit(g, 6u << 7 | 0x17u);           /* auipc x6, 0 */
    emit(g, i_type(16, 6, 0, 6, 0x13)); /* to what follows mret */
    csr_write(g, CSR_MEPC, 6);
    emit(g, 0x30200073u);
}

void emit_device(struct gen *g) {
    switch (below(g, 10)) {
    case 0:
        emit_wfi(g);
        break;
    case 1:
        if (!g->is_user)
            emit_mret(g);
        break;
    case 2:
    case 3:
        toggle_interrupts(g, below(g, 3) != 0, free_reg(g)); /* a trap in U mode */
        break;
    case 4:
        device_store(g, F3_WORD, any_reg(g), CLINT);
        break;
    case 5:
        set_timer(g, below(g, 60));
        break;
    default:
        emit_access(g);
        break;
    }
}
