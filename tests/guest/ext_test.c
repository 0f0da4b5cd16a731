/* SPDX-License-Identifier: MIT
 * Directed tests of the interpreter for the extensions C, A, Zicsr and for privileged state: values
 * worked out by hand; traps with exact mepc, mcause, mtval; PMP. */
#include <string.h>

#include "tests/guest/one_insn.h"

/* --- compressed instructions: at each half word, alone and before others */
static const struct {
    uint32_t half;
    uint32_t a, b;       /* x8, x9 before */
    uint32_t rd, result; /* register that changes */
} compressed[] = {
    {0x0048, 0, 0, 10, 0x1004},             /* c.addi4spn a0,sp,4 */
    {0x1fe8, 0, 0, 10, 0x1000 + 1020 - 0},  /* c.addi4spn a0,sp,1020 */
    {0x0405, 7, 0, 8, 8},                   /* c.addi s0,1 */
    {0x1401, 7, 0, 8, 0xffffffe7},          /* c.addi s0,-32 */
    {0x0001, 7, 0, 8, 7},                   /* c.nop */
    {0x547d, 7, 0, 8, 0xffffffff},          /* c.li s0,-1 */
    {0x647d, 7, 0, 8, 0x1f000},             /* c.lui s0,0x1f */
    {0x7401, 7, 0, 8, 0xfffe0000},          /* c.lui s0,0xfffe0 */
    {0x6105, 0, 0, 2, 0x1000 + 32},         /* c.addi16sp sp,32 */
    {0x7101, 0, 0, 2, 0x1000 - 512},        /* c.addi16sp sp,-512 */
    {0x807d, 0x80000000, 0, 8, 1},          /* c.srli s0,31 */
    {0x847d, 0x80000000, 0, 8, 0xffffffff}, /* c.srai s0,31 */
    {0x9801, 0x12345678, 0, 8, 0x12345660}, /* c.andi s0,-32 */
    {0x8c05, 5, 7, 8, 0xfffffffe},          /* c.sub s0,s1 */
    {0x8c25, 5, 7, 8, 2},                   /* c.xor s0,s1 */
    {0x8c45, 5, 8, 8, 13},                  /* c.or s0,s1 */
    {0x8c65, 5, 7, 8, 5},                   /* c.and s0,s1 */
    {0x047e, 3, 0, 8, 0x80000000},          /* c.slli s0,31 */
    {0x8426, 3, 9, 8, 9},                   /* c.mv s0,s1 */
    {0x9426, 3, 9, 8, 12},                  /* c.add s0,s1 */
    {0x0026, 3, 9, 0, 0},                   /* hint: slli x0 */
};

static void run_compressed(uint32_t half, uint32_t offset, uint32_t rd, uint32_t result) {
    guest_store16(&g->mem, BASE + CODE + offset, (uint16_t)half);
    guest_store16(&g->mem, BASE + CODE + offset + 2, 0xffff);
    g->in.pc = BASE + CODE + offset;
    const enum interp_event event = golden_step(g);
    check(event == INTERP_LIMIT, "event", half, event, INTERP_LIMIT);
    check(g->gs.x[rd] == result, "result", half, g->gs.x[rd], result);
    check(g->in.pc == BASE + CODE + offset + 2, "next pc", half, g->in.pc, BASE + CODE + 2);
}

static void test_compressed(void) {
    for (uint32_t offset = 0; offset < 4; offset += 2)
        for (unsigned n = 0; n < sizeof compressed / sizeof compressed[0]; n++) {
            g->gs.x[2] = 0x1000;
            g->gs.x[8] = compressed[n].a;
            g->gs.x[9] = compressed[n].b;
            run_compressed(compressed[n].half, offset, compressed[n].rd, compressed[n].result);
        }
    guest_store32(&g->mem, BASE + DATA + 124, 0x55667788);
    g->gs.x[2] = g->gs.x[9] = BASE + DATA;
    run_compressed(0x5ce0, 2, 8, 0x55667788); /* c.lw s0,124(s1) */
    run_compressed(0x5476, 0, 8, 0x55667788); /* c.lwsp s0,124(sp) */
    g->gs.x[8] = 0x1234;
    run_compressed(0xc0c0, 2, 8, 0x1234); /* c.sw s0,4(s1) */
    run_compressed(0xc422, 2, 8, 0x1234); /* c.swsp s0,8(sp) */
    const uint32_t first = guest_load32(&g->mem, BASE + DATA + 4);
    const uint32_t second = guest_load32(&g->mem, BASE + DATA + 8);
    check(first == 0x1234 && second == 0x1234, "stored", 0xc0c0, first, 0x1234);
}

static void check_short_jump(uint32_t half, uint32_t target, uint32_t link) {
    guest_store16(&g->mem, BASE + CODE + 2, (uint16_t)half);
    g->in.pc = BASE + CODE + 2;
    g->gs.x[1] = 0;
    const enum interp_event event = golden_step(g);
    check(event == INTERP_BLOCK, "event", half, event, INTERP_BLOCK);
    check(g->in.pc == target, "target", half, g->in.pc, target);
    check(g->gs.x[1] == link, "link", half, g->gs.x[1], link);
}

static void test_short_jumps(void) {
    const uint32_t pc = BASE + CODE + 2;
    g->gs.x[8] = 0;
    check_short_jump(0xa001, pc, 0);          /* c.j . */
    check_short_jump(0xbffd, pc - 2, 0);      /* c.j .-2 */
    check_short_jump(0x3ffd, pc - 2, pc + 2); /* c.jal .-2 */
    check_short_jump(0xc011, pc + 4, 0);      /* c.beqz s0,.+4 */
    check_short_jump(0xe011, pc + 2, 0);      /* c.bnez s0,.+4 */
    g->gs.x[8] = BASE + 0x303;
    check_short_jump(0xc011, pc + 2, 0);            /* not taken */
    check_short_jump(0x8402, BASE + 0x302, 0);      /* c.jr s0 */
    check_short_jump(0x9402, BASE + 0x302, pc + 2); /* c.jalr s0 */
}

/* A 32-bit instruction across a word boundary; its second half changes; it lies across the end of
 * RAM. */
static void test_straddle(void) {
    const uint32_t addi = enc_i(match_of[RV_ADDI], 5, 0, 0x123), other = addi + (1u << 20);
    const uint32_t pc = BASE + CODE + 2, end = BASE + RAM - 2;
    for (int turn = 0; turn < 2; turn++) {
        const uint32_t word = turn == 0 ? addi : other;
        guest_store16(&g->mem, pc, (uint16_t)word);
        guest_store16(&g->mem, pc + 2, (uint16_t)(word >> 16));
        g->in.pc = pc;
        golden_step(g);
        check(g->gs.x[5] == word >> 20, "straddling", word, g->gs.x[5], word >> 20);
        check(g->in.pc == pc + 4, "next pc", word, g->in.pc, pc + 4);
    }
    guest_store16(&g->mem, end, (uint16_t)addi);
    g->in.pc = end;
    g->in.priv.mtvec = BASE + 0x40;
    const enum interp_event event = golden_step(g);
    check(event == INTERP_TRAP && g->in.priv.mcause == CAUSE_FETCH_ACCESS, "half outside", addi,
          event, INTERP_TRAP);
    check(g->in.priv.mepc == end && g->in.priv.mtval == end + 2, "mtval", addi, g->in.priv.mtval,
          end + 2);
    guest_store16(&g->mem, end, 0x0405); /* c.addi s0,1: the last half word alone is good */
    g->in.pc = end;
    check(golden_step(g) == INTERP_LIMIT && g->in.pc == end + 2, "last half word", 0x0405, g->in.pc,
          end + 2);
}

/* --- atomic instructions */
static const struct {
    enum rv_op op;
    uint32_t old, b, stored;
} atomics[] = {
    {RV_AMOSWAP_W, 1, 2, 2},
    {RV_AMOADD_W, 0xffffffff, 2, 1},
    {RV_AMOXOR_W, 0xff00, 0x0ff0, 0xf0f0},
    {RV_AMOAND_W, 0xff00, 0x0ff0, 0x0f00},
    {RV_AMOOR_W, 0xff00, 0x0ff0, 0xfff0},
    {RV_AMOMIN_W, 0xffffffff, 1, 0xffffffff},
    {RV_AMOMIN_W, 5, 0x80000000, 0x80000000},
    {RV_AMOMAX_W, 0xffffffff, 1, 1},
    {RV_AMOMAX_W, 5, 0x80000000, 5},
    {RV_AMOMINU_W, 0xffffffff, 1, 1},
    {RV_AMOMAXU_W, 0xffffffff, 1, 0xffffffff},
    {RV_AMOMAXU_W, 5, 0x80000000, 0x80000000},
};

static void test_atomics(void) {
    static const uint8_t registers[][3] = {{3, 1, 2}, {1, 1, 2}, {2, 1, 2}, {0, 1, 2}};
    for (unsigned n = 0; n < sizeof atomics / sizeof atomics[0]; n++)
        for (unsigned r = 0; r < sizeof registers / sizeof registers[0]; r++) {
            const uint32_t rd = registers[r][0];
            const uint32_t word =
                enc_r(match_of[atomics[n].op], rd, registers[r][1], registers[r][2]) | r << 25;
            guest_store32(&g->mem, BASE + DATA, atomics[n].old);
            g->gs.x[1] = BASE + DATA;
            g->gs.x[2] = atomics[n].b;
            run_alu(word, rd, atomics[n].old);
            const uint32_t stored = guest_load32(&g->mem, BASE + DATA);
            check(stored == atomics[n].stored, "stored", word, stored, atomics[n].stored);
            check(g->log.n == 1 && g->entries[0].value == stored, "log", word, g->log.n, 1);
        }
}

static void test_reservation(void) {
    const uint32_t lr = 0x1000a1afu | 0x4000000u,
                   sc = 0x1820a22f; /* lr.w.aq x3,(x1); sc.w x4,x2,(x1) */
    g->gs.x[1] = BASE + DATA;
    g->gs.x[2] = 77;
    guest_store32(&g->mem, BASE + DATA, 5);
    g->in.priv.is_reserved = false;
    run_alu(sc, 4, 1);
    run_alu(lr, 3, 5);
    run_alu(sc, 4, 0);
    check(guest_load32(&g->mem, BASE + DATA) == 77, "sc.w stores", sc, 0, 77);
    run_alu(sc, 4, 1); /* the reservation is used up */
    run_alu(lr, 3, 77);
    guest_store32(&g->mem, BASE + DATA, 78);
    run_alu(sc, 4, 1); /* the word has changed */
    run_alu(lr, 3, 78);
    g->gs.x[1] = BASE + DATA + 4;
    run_alu(sc, 4, 1); /* another address */
    g->gs.x[1] = BASE + DATA;
    run_alu(lr, 3, 78);
    g->in.priv.mtvec = BASE + 0x40;
    check(step(0x73) == INTERP_TRAP, "ecall", 0x73, 0, 1);
    run_alu(sc, 4, 1); /* a trap clears it */
}

/* --- CSRs: what reads after a write. Keeps its own enumeration, worked out from the manuals. */
static uint32_t csr_swap(uint32_t csr, uint32_t value) {
    g->gs.x[6] = value;
    const enum interp_event event = step(0x000312f3u | csr << 20); /* csrrw t0,csr,t1 */
    check(event == INTERP_LIMIT || event == INTERP_PRIV, "event", csr, event, INTERP_LIMIT);
    return g->gs.x[5];
}

static void test_csrs(void) {
    static const struct {
        uint32_t csr, write, read;
    } cases[] = {
        {0x300, 0xffffffff, 0x00221888},
        {0x300, 0x00001000, 0x00001800}, /* MPP 2: stays */
        {0x300, 0x00000800, 0x00001800},
        {0x300, 0, 0},
        {0x301, 0xffffffff, 0x40101105},
        {0x304, 0xffffffff, 0x888},
        {0x304, 0, 0},
        {0x305, 0x80000041, 0x80000041},
        {0x305, 0x80000042, 0x80000041},
        {0x305, 0x80000043, 0x80000041},
        {0x306, 0xffffffff, 0xffffffff},
        {0x306, 0, 0},
        {0x310, 0xffffffff, 0},
        {0x320, 0xffffffff, 0},
        {0x33f, 0xffffffff, 0},
        {0x340, 0x12345678, 0x12345678},
        {0x341, 0xffffffff, 0xfffffffe},
        {0x342, 0x8000000b, 0x8000000b},
        {0x343, 0xffffffff, 0xffffffff},
        {0x344, 0xffffffff, 0},
        {0x3a1, 0x1f1f1f1f, 0x1f1f1f1f},
        {0x3a1, 0x60606060, 0},
        {0x3bf, 0xffffffff, 0xffffffff},
        {0xb03, 0xffffffff, 0},
        {0x7a0, 0xffffffff, 0},
        {0x3bf, 0, 0},
        {0x305, 0, 0},
    };
    for (unsigned n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        csr_swap(cases[n].csr, cases[n].write);
        const uint32_t read = csr_swap(cases[n].csr, cases[n].read);
        check(read == cases[n].read, "CSR", cases[n].csr, read, cases[n].read);
    }
    static const uint16_t absent[] = {0x000, 0x100, 0x180, 0x302, 0x303, 0x321, 0x322,
                                      0x345, 0x3a4, 0x3c0, 0xb01, 0xb13, 0xc13, 0xf16};
    for (unsigned n = 0; n < sizeof absent / sizeof absent[0]; n++)
        check(step(0x000022f3u | (uint32_t)absent[n] << 20) == INTERP_FAULT, "absent CSR",
              absent[n], 0, 1);
}

/* Set and clear; x0 and immediate 0 do not write; rd = rs1. */
static void test_csr_forms(void) {
    csr_swap(0x340, 0xf0);
    g->gs.x[6] = 0x1f;
    run_alu(0x340322f3, 5, 0xf0); /* csrrs t0,mscratch,t1 */
    run_alu(0x3408f2f3, 5, 0xff); /* csrrci t0,mscratch,17 */
    run_alu(0x340362f3, 5, 0xee); /* csrrsi t0,mscratch,6 */
    run_alu(0x34033373, 6, 0xee); /* csrrc t1,mscratch,t1: t1 was 0x1f */
    run_alu(0x340fd073, 0, 0);    /* csrwi mscratch,31 */
    run_alu(0x340022f3, 5, 31);   /* csrr t0,mscratch */
    run_alu(0xf14022f3, 5, 0);    /* csrrs t0,mhartid,x0 */
    run_alu(0xf14072f3, 5, 0);    /* csrrci t0,mhartid,0 */
    check(step(0x30005073) == INTERP_PRIV, "mstatus is looked at", 0x30005073, 0, INTERP_PRIV);
}

/* The device gives 0x1000 + CSR for every counter. */
static void test_counters(void) {
    const uint32_t old_cycle = csr_swap(0xb00, 5);
    check(old_cycle == 0x1c00, "mcycle", 0xb00, old_cycle, 0x1c00);
    run_alu(0xb00022f3, 5, 5);      /* csrr t0,mcycle */
    run_alu(0xc00022f3, 5, 5);      /* rdcycle t0 */
    run_alu(0xc80022f3, 5, 0x1c80); /* rdcycleh t0 */
    csr_swap(0xb80, 7);
    run_alu(0xc80022f3, 5, 7);
    run_alu(0xc00022f3, 5, 5);
    csr_swap(0xb02, 0xffffffff);
    run_alu(0xc02022f3, 5, 0xffffffff); /* rdinstret t0 */
    run_alu(0xc01022f3, 5, 0x1c01);     /* rdtime t0 */
}

/* --- interrupts and modes */
static void check_interrupt(uint32_t mip, uint32_t mie, uint32_t mstatus, uint32_t mode,
                            uint32_t wanted) {
    g->in.priv.mip = mip;
    g->in.priv.mie = mie;
    g->in.priv.mstatus = mstatus;
    g->in.priv.mode = mode;
    const uint32_t cause = priv_pending_interrupt(&g->in.priv);
    check(cause == wanted, "pending interrupt", mip, cause, wanted);
}

static void test_interrupts(void) {
    const uint32_t all = 0x888;
    struct guest_priv *const p = &g->in.priv;
    check_interrupt(all, all, MSTATUS_MIE, PRIV_M, 0x8000000b);
    check_interrupt(0x088, all, MSTATUS_MIE, PRIV_M, 0x80000003);
    check_interrupt(0x080, all, MSTATUS_MIE, PRIV_M, 0x80000007);
    check_interrupt(all, 0x080, MSTATUS_MIE, PRIV_M, 0x80000007);
    check_interrupt(all, 0, MSTATUS_MIE, PRIV_M, 0);
    check_interrupt(0, all, MSTATUS_MIE, PRIV_M, 0);
    check_interrupt(all, all, 0, PRIV_M, 0);
    check(priv_wfi_is_over(p), "wfi without MIE", 0, 0, 1);
    check_interrupt(all, all, 0, PRIV_U, 0x8000000b);
    p->mtvec = BASE + 0x41;
    g->in.pc = BASE + 0x202;
    check(interp_interrupt(&g->in, 0x80000007), "delivered", 7, 0, 1);
    check(g->in.pc == BASE + 0x40 + 28, "vector", 7, g->in.pc, BASE + 0x40 + 28);
    check(p->mepc == BASE + 0x202 && p->mtval == 0, "mepc", 7, p->mepc, BASE + 0x202);
    check(p->mode == PRIV_M && p->mstatus == 0, "mstatus: MPP is U", 7, p->mstatus, 0);
    p->mstatus = MSTATUS_MPIE | MSTATUS_MPRV;
    const enum interp_event event = step(0x30200073); /* mret to U */
    check(event == INTERP_PRIV, "mret", 0x30200073, event, INTERP_PRIV);
    check(g->in.pc == BASE + 0x202 && p->mode == PRIV_U, "mret", 0, g->in.pc, BASE + 0x202);
    check(p->mstatus == (MSTATUS_MIE | MSTATUS_MPIE), "mret clears MPP and MPRV", 0, p->mstatus, 0);
    priv_reset(p);
    p->mtvec = 0x1000;
    g->in.pc = BASE + CODE;
    check(!interp_interrupt(&g->in, 0x80000007) && g->in.pc == BASE + CODE, "no handler", 7, 1, 0);
    check(step(0x10500073) == INTERP_WFI && g->in.pc == BASE + CODE + 4, "wfi", 0x10500073, 0, 0);
}

/* --- PMP. Entries 0 to 2; the access; what M and U mode may. */
static void test_pmp(void) {
    enum { L = 0x80, NA4 = 0x10, NAPOT = 0x18, TOR = 8, R = 1, W = 2, X = 4 };
    static const struct {
        uint32_t addr0, addr1, cfg, at, bytes, access;
        bool m_may, u_may;
    } cases[] = {
        {0, 0, 0, BASE, 4, R, true, false},
        {0xffffffff, 0, NAPOT | R | W | X, 0xfffffffc, 4, W, true, true},
        {0xffffffff, 0, NAPOT | R, BASE, 4, W, true, false},
        {0xffffffff, 0, L | NAPOT | R, BASE, 4, W, false, false},
        {0xffffffff, 0, L | NAPOT | R, BASE, 4, R, true, true},
        {BASE >> 2 | 1, 0, NAPOT | R, BASE + 12, 4, R, true, true}, /* 16 bytes */
        {BASE >> 2 | 1, 0, NAPOT | R, BASE + 16, 4, R, true, false},
        {BASE >> 2 | 1, 0, NAPOT | R, BASE + 14, 4, R, true, false}, /* half in it */
        {BASE >> 2, 0, NA4 | R | W, BASE + 3, 1, W, true, true},
        {BASE >> 2, 0, NA4 | R | W, BASE + 4, 1, W, true, false},
        {BASE >> 2, (BASE + 64) >> 2, (TOR | X) << 8, BASE + 60, 4, X, true, true},
        {BASE >> 2, (BASE + 64) >> 2, (TOR | X) << 8, BASE + 64, 4, X, true, false},
        {BASE >> 2, (BASE + 64) >> 2, (TOR | X) << 8, BASE - 4, 4, X, true, false},
        {BASE >> 2, 0, TOR | R, 0, 4, R, true, true},                             /* from 0 */
        {BASE >> 2, 0xffffffff, NA4 | (NAPOT | R) << 8, BASE, 4, R, true, false}, /* first wins */
        {BASE >> 2, 0xffffffff, NA4 | (NAPOT | R) << 8, BASE + 4, 4, R, true, true},
    };
    struct guest_priv p;
    for (unsigned n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        priv_reset(&p);
        priv_csr_write(&p, 0x3b0, cases[n].addr0);
        priv_csr_write(&p, 0x3b1, cases[n].addr1);
        priv_csr_write(&p, 0x3a0, cases[n].cfg);
        const enum priv_access access = (enum priv_access)cases[n].access;
        const bool m_may = priv_may_access(&p, cases[n].at, cases[n].bytes, access);
        check(m_may == cases[n].m_may, "PMP in M mode, case", n, m_may, cases[n].m_may);
        check(m_may || p.checks_data, "checks in M mode, case", n, p.checks_data, 1);
        priv_mret(&p);
        const bool u_may = priv_may_access(&p, cases[n].at, cases[n].bytes, access);
        check(u_may == cases[n].u_may, "PMP in U mode, case", n, u_may, cases[n].u_may);
        check(u_may || p.checks_data, "checks in U mode, case", n, p.checks_data, 1);
    }
    priv_reset(&p);
    priv_csr_write(&p, 0x3b0, 5);
    priv_csr_write(&p, 0x3a0, (L | TOR) << 8);
    priv_csr_write(&p, 0x3b0, 6);
    priv_csr_write(&p, 0x3b1, 6);
    check(p.pmpaddr[0] == 5 && p.pmpaddr[1] == 0, "locked addresses", 0, p.pmpaddr[0], 5);
}

/* U mode with checks in the interpreter: only what PMP allows is fetched, read, written. */
static void test_user(void) {
    struct guest_priv *const p = &g->in.priv;
    priv_reset(p);
    p->mtvec = BASE + 0x40;
    priv_csr_write(p, 0x3b0, (BASE + CODE) >> 2);
    priv_csr_write(p, 0x3b1, (BASE + CODE + 8) >> 2);
    priv_csr_write(p, 0x3b2, (BASE + DATA) >> 2 | 1); /* 16 bytes */
    priv_csr_write(p, 0x3a0, 0x190c00);
    p->mepc = BASE + CODE;
    g->gs.x[1] = BASE + DATA;
    g->gs.x[2] = 9;
    guest_store32(&g->mem, BASE + DATA, 0x88776655);
    guest_store32(&g->mem, BASE + CODE + 4, 0x00a08123); /* sb a0,2(ra) */
    step(0x30200073);                                    /* mret */
    check(p->mode == PRIV_U && p->checks_data && p->checks_fetch, "U mode", 0, p->mode, PRIV_U);
    run_alu(0x00208183, 3, 0x77);   /* lb gp,2(ra) */
    run_alu(0x0010d183, 3, 0x7766); /* lhu gp,1(ra) */
    check(step(0x0100a183) == INTERP_TRAP && p->mcause == CAUSE_LOAD_ACCESS, "load refused",
          0x0100a183, p->mcause, CAUSE_LOAD_ACCESS);
    step(0x30200073);
    g->in.pc = BASE + CODE + 4;
    check(golden_step(g) == INTERP_TRAP && p->mcause == CAUSE_STORE_ACCESS, "store refused", 0,
          p->mcause, CAUSE_STORE_ACCESS);
    check(p->mtval == BASE + DATA + 2, "mtval", 0, p->mtval, BASE + DATA + 2);
    const uint32_t amo = enc_r(match_of[RV_AMOADD_W], 3, 1, 2);
    p->mepc = BASE + CODE;
    step(0x30200073);
    g->gs.x[3] = 1;
    check(step(amo) == INTERP_TRAP && p->mcause == CAUSE_STORE_ACCESS, "amo refused", amo,
          p->mcause, CAUSE_STORE_ACCESS);
    const uint32_t word = guest_load32(&g->mem, BASE + DATA);
    check(word == 0x88776655, "word after an amo that traps", amo, word, 0x88776655);
    check(g->gs.x[3] == 1, "rd after an amo that traps", amo, g->gs.x[3], 1);
    p->mepc = BASE + CODE + 8;
    step(0x30200073);
    check(golden_step(g) == INTERP_TRAP && p->mcause == CAUSE_FETCH_ACCESS, "fetch refused", 0,
          p->mcause, CAUSE_FETCH_ACCESS);
    check(p->mtval == BASE + CODE + 8, "mtval", 0, p->mtval, BASE + CODE + 8);
    priv_reset(p);
}

int main(void) {
    one_insn_start();
    test_compressed();
    test_short_jumps();
    test_straddle();
    test_atomics();
    test_reservation();
    priv_reset(&g->in.priv);
    test_csrs();
    test_csr_forms();
    test_counters();
    test_interrupts();
    test_pmp();
    test_user();
    return one_insn_finish("ext_test");
}
