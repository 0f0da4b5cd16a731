/* SPDX-License-Identifier: MIT
 * Directed tests of the guest's privileged state: CSRs, counters, interrupts and modes, PMP; values
 * worked out by hand from the manuals, traps with exact mepc, mcause, mtval. */
#include "tests/guest/one_insn.h"

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
        {0x302, 0xffffffff, 0},
        {0x303, 0xffffffff, 0},
        {0x180, 0xffffffff, 0},
        {0x106, 0xffffffff, 0},
        {0x304, 0xffffffff, 0x888},
        {0x304, 0, 0},
        {0x305, 0x80000041, 0x80000041},
        {0x305, 0x80000042, 0x80000041},
        {0x305, 0x80000043, 0x80000041},
        {0x306, 0xffffffff, 0xffffffff},
        {0x306, 0, 0},
        {0x310, 0xffffffff, 0},
        {0x320, 0xffffffff, 5},
        {0x320, 0, 0},
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
    static const uint16_t absent[] = {0x000, 0x100, 0x104, 0x105, 0x10a, 0x140, 0x141, 0x142,
                                      0x143, 0x144, 0x14d, 0x181, 0x312, 0x321, 0x322, 0x345,
                                      0x3a4, 0x3c0, 0x7a4, 0xb01, 0xb81, 0xb20, 0xc20, 0xf16};
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

/* --- counters. The machine counts instructions from INSNS on and 1000 cycles at each look. */
enum { INSNS = 5000, CYCLES_A_LOOK = 1000 };

static uint32_t csr_get(uint32_t csr) {
    step(0x000022f3u | csr << 20); /* csrr t0,csr */
    return g->gs.x[5];
}

static void check_csr(const char *what, uint32_t csr, uint32_t wanted) {
    const uint32_t got = csr_get(csr);
    check(got == wanted, what, 0x000022f3u | csr << 20, got, wanted);
}

static void test_instret(void) {
    g->gs.insns = INSNS;
    check_csr("instret", 0xc02, INSNS);
    check_csr("minstret", 0xb02, INSNS + 1);
    csr_swap(0xb02, 10); /* minstret */
    check_csr("minstret after a write", 0xb02, 10);
    check_csr("instret after that", 0xc02, 11);
    const uint32_t old = csr_swap(0xb02, 3);
    check(old == 12, "swapped minstret", 0, old, 12);
    check_csr("minstret after a swap", 0xb02, 3);
    csr_swap(0xb82, 7); /* minstreth: the low half does not count it either */
    check_csr("minstret after minstreth", 0xb02, 4);
    check_csr("minstreth", 0xb82, 7);
    csr_swap(0xb02, 0xffffffff);
    check_csr("minstret before a carry", 0xb02, 0xffffffff);
    check_csr("instreth after a carry", 0xc82, 8);
    check_csr("instret after a carry", 0xc02, 1);
    csr_swap(0xb02, 0xffffffff);
    csr_swap(0xb82, 0xffffffff); /* at all ones */
    check_csr("minstret at all ones", 0xb02, 0xffffffff);
    check_csr("minstreth after all ones", 0xb82, 0);
    csr_swap(0xb82, 5);
    g->gs.x[6] = 0x10;
    csr_swap(0xb02, 0x100);
    step(0xb02863f3); /* csrrsi t2,minstret,16 */
    check(g->gs.x[7] == 0x100, "csrrsi of minstret", 0xb02863f3, g->gs.x[7], 0x100);
    check_csr("minstret with a bit set", 0xb02, 0x110);
    check_csr("minstreth unchanged", 0xb82, 5);
}

static void test_cycle(void) {
    g->gs.insns = INSNS;
    device.cycles = 0x1ffff0000u;
    check_csr("cycleh", 0xc80, 1);
    csr_swap(0xb80, 7);
    check_csr("mcycleh after a write", 0xb80, 7);
    csr_swap(0xb00, 5);
    check_csr("mcycle after a write", 0xb00, 5);
    const uint32_t later = csr_get(0xc00);
    check(later - 5 >= CYCLES_A_LOOK && later - 5 < 20 * CYCLES_A_LOOK, "cycle goes on", 0xc00,
          later, 5 + CYCLES_A_LOOK);
    csr_swap(0xb00, 5);
    step(0x00000013); /* nop: what the write takes counts now */
    check(csr_get(0xb00) > 5, "mcycle after a nop", 0, 5, 6);
    csr_swap(0xb00, 0xffffffff);
    check_csr("mcycle at all ones", 0xb00, 0xffffffff);
    check_csr("mcycleh after a carry", 0xb80, 8);
    check_csr("time", 0xc01, 0x1c01);
}

/* A stopped counter stands, can be written, and goes on from where it stood. */
static void test_inhibit(void) {
    g->gs.insns = INSNS;
    csr_swap(0xb82, 0);
    csr_swap(0xb02, 100);
    csr_swap(0x320, 4); /* the 100th: counts */
    check_csr("mcountinhibit", 0x320, 4);
    check_csr("stopped minstret", 0xb02, 101);
    check_csr("stopped instret", 0xc02, 101);
    csr_swap(0xb02, 50);
    check_csr("stopped minstret after a write", 0xb02, 50);
    csr_swap(0xb82, 9);
    check_csr("stopped minstret after minstreth", 0xb02, 50);
    csr_swap(0x320, 0);
    check_csr("minstret that goes on", 0xb02, 50);
    check_csr("minstreth that goes on", 0xb82, 9);
    check_csr("minstret that went on", 0xb02, 52);
    csr_swap(0xb80, 0);
    csr_swap(0xb00, 30);
    csr_swap(0x320, 0xffffffff);
    check_csr("mcountinhibit of all ones", 0x320, 5);
    const uint32_t cycle = csr_get(0xb00);
    check(cycle >= 30 && cycle < 30 + 20 * CYCLES_A_LOOK, "stopped mcycle", 0, cycle, 30);
    check_csr("mcycle still stopped", 0xc00, cycle);
    csr_swap(0x320, 0xffffffff); /* no change */
    check_csr("mcycle stopped again", 0xc00, cycle);
    csr_swap(0x320, 4);
    check_csr("mcycle that goes on", 0xb00, cycle);
    check(csr_get(0xb00) > cycle, "mcycle that went on", 0, cycle, cycle + 1);
    csr_swap(0xb00, 3);
    csr_swap(0x320, 5);
    csr_swap(0xb80, 4);
    check_csr("stopped mcycleh after a write", 0xc80, 4);
    csr_swap(0x320, 0);
}

/* Bit n of mcounteren lets U mode read counter n and its high half; none may be written there. */
static void test_counteren(void) {
    static const uint32_t patterns[] = {0, 0xffffffff, 0x55555555, 0xaaaaaaaa, 1, 0x80000000};
    struct guest_priv *const p = &g->in.priv;
    for (unsigned k = 0; k < sizeof patterns / sizeof patterns[0]; k++) {
        p->mode = PRIV_M;
        csr_swap(0x306, patterns[k]);
        for (uint32_t n = 0; n < 32; n++)
            for (uint32_t csr = 0xc00 + n; csr <= 0xc80 + n; csr += 0x80) {
                const bool may = (patterns[k] >> n & 1u) != 0;
                p->mode = PRIV_M;
                check(priv_csr_check(p, csr, false) != PRIV_CSR_ILLEGAL, "counter in M", csr, 0, 1);
                check(priv_csr_check(p, csr, true) == PRIV_CSR_ILLEGAL, "write in M", csr, 1, 0);
                p->mode = PRIV_U;
                check((priv_csr_check(p, csr, false) != PRIV_CSR_ILLEGAL) == may, "counter in U",
                      csr, !may, may);
                check(priv_csr_check(p, csr - 0x100, false) == PRIV_CSR_ILLEGAL, "M's in U", csr, 1,
                      0);
            }
    }
    priv_reset(p);
    for (uint32_t n = 3; n < 32; n++) {
        csr_swap(0xb00 + n, 0xffffffff);
        csr_swap(0xb80 + n, 0xffffffff);
        check_csr("mhpmcounter", 0xb00 + n, 0);
        check_csr("mhpmcounterh", 0xb80 + n, 0);
        check_csr("hpmcounter", 0xc00 + n, 0);
        check_csr("hpmcounterh", 0xc80 + n, 0);
        csr_swap(0x320 + n, 0xffffffff);
        check_csr("mhpmevent", 0x320 + n, 0);
    }
}

/* mstatus.TW: wfi is illegal in U mode. */
static void test_wfi(void) {
    enum { WFI = 0x10500073 };
    struct guest_priv *const p = &g->in.priv;
    for (uint32_t k = 0; k < 4; k++) {
        const bool is_user = (k & 1u) != 0, is_illegal = k == 3;
        priv_reset(p);
        p->mtvec = BASE + 0x40;
        csr_swap(0x300, (k & 2u) != 0 ? MSTATUS_TW : 0);
        p->mode = is_user ? PRIV_U : PRIV_M;
        const enum interp_event event = step(WFI), wanted = is_illegal ? INTERP_TRAP : INTERP_WFI;
        check(event == wanted, "wfi by mode and TW", WFI, event, wanted);
        check(!is_illegal || (p->mcause == CAUSE_ILLEGAL && p->mtval == WFI), "its trap", WFI,
              p->mtval, WFI);
    }
    priv_reset(p);
}

/* A trap that leaves the state as it was would come for ever. */
static void test_endless(void) {
    struct guest_priv *const p = &g->in.priv;
    const uint32_t ecall = 0x73;
    uint32_t n;
    priv_reset(p);
    csr_swap(0x305, BASE + CODE);
    csr_swap(0x300, MSTATUS_MIE | MSTATUS_MPIE);
    for (n = 0; n < 9 && step(ecall) == INTERP_TRAP; n++)
        ;
    check(n == 2, "traps until nothing changes", ecall, n, 2);
    check(g->in.pc == BASE + CODE && p->mepc == BASE + CODE, "state", ecall, g->in.pc, BASE + CODE);
    priv_reset(p);
    csr_swap(0x305, BASE + CODE);
    csr_swap(0x3b0, (BASE + CODE) >> 2);
    csr_swap(0x3a0, 0x90); /* locked NA4 without X: the handler cannot be fetched */
    g->in.pc = BASE + CODE;
    for (n = 0; n < 9 && golden_step(g) == INTERP_TRAP; n++)
        ;
    check(n == 1 || n == 2, "fetch faults until nothing changes", 0, n, 2);
    check(g->in.fault.cause == CAUSE_FETCH_ACCESS && g->in.fault.reason == INTERP_BECAUSE_PMP,
          "denied by entry 0", 0, g->in.fault.reason, INTERP_BECAUSE_PMP);
    priv_reset(p);
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
}

/* An entry's address is locked by the entry, and by the next one if that is TOR; its configuration
 * by itself alone. */
static void test_locks(void) {
    enum { L = 0x80, NA4 = 0x10, TOR = 8 };
    static const struct {
        uint32_t cfg, addr[3]; /* entries 0 to 2, and what their addresses are after two writes */
    } cases[] = {
        {0, {6, 6, 6}},
        {L, {5, 6, 6}}, /* locked although off */
        {L | NA4, {5, 6, 6}},
        {(L | NA4) << 8, {6, 5, 6}},
        {(L | TOR) << 8, {5, 5, 6}},
        {TOR << 8, {6, 6, 6}},
        {(L | TOR) << 16, {6, 5, 5}},
        {(L | 0x18) << 16, {6, 6, 5}},
    };
    struct guest_priv p;
    for (unsigned n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        priv_reset(&p);
        for (uint32_t k = 0; k < 3; k++)
            priv_csr_write(&p, 0x3b0 + k, 5);
        priv_csr_write(&p, 0x3a0, cases[n].cfg);
        for (uint32_t k = 0; k < 3; k++) {
            priv_csr_write(&p, 0x3b0 + k, 6);
            check(p.pmpaddr[k] == cases[n].addr[k], "pmpaddr of lock case", n, p.pmpaddr[k],
                  cases[n].addr[k]);
        }
    }
    priv_csr_write(&p, 0x3bf, 5); /* entry 15 has no next one */
    check(p.pmpaddr[15] == 5, "pmpaddr15", 15, p.pmpaddr[15], 5);
}

/* --- PMP against a model that looks at every byte and knows addresses as ranges. */
struct pmp_model {
    uint8_t cfg[PRIV_PMP_ENTRIES];
    uint32_t addr[PRIV_PMP_ENTRIES];
};

static uint32_t random_word(uint32_t *state) {
    *state ^= *state << 13; /* Marsaglia, "Xorshift RNGs", 2003 */
    *state ^= *state >> 17;
    return *state ^= *state << 5;
}

static void model_range(const struct pmp_model *m, uint32_t n, uint64_t *from, uint64_t *to) {
    const uint64_t a = m->addr[n];
    uint64_t size = 8;
    switch (m->cfg[n] >> 3 & 3) {
    case 0:
        *from = *to = 0;
        return;
    case 1:
        *from = n == 0 ? 0 : (uint64_t)m->addr[n - 1] * 4;
        *to = a * 4;
        return;
    case 2:
        *from = a * 4;
        *to = *from + 4;
        return;
    default:
        while ((a & size / 8) != 0)
            size *= 2;
        *from = a * 4 / size * size;
        *to = *from + size;
    }
}

static bool model_may(const struct pmp_model *m, bool is_machine, uint32_t at, uint32_t bytes,
                      uint32_t access) {
    for (uint32_t n = 0; n < PRIV_PMP_ENTRIES; n++) {
        uint64_t from, to;
        uint32_t inside = 0;
        model_range(m, n, &from, &to);
        for (uint32_t k = 0; k < bytes; k++)
            inside += at + k >= from && at + k < to;
        if (inside == 0)
            continue;
        if (is_machine && m->cfg[n] < 0x80)
            return true;
        return inside == bytes && (access & ~(uint32_t)m->cfg[n]) == 0;
    }
    return is_machine;
}

/* A few addresses, so that entries meet; now and then any. */
static uint32_t random_pmpaddr(uint32_t *state) {
    const uint32_t r = random_word(state), ones = (1u << (r >> 8 & 7u)) - 1u;
    if ((r & 15u) == 0)
        return random_word(state);
    return (r & 15u) == 1 ? UINT32_MAX : (((BASE >> 2) + (r >> 16 & 15u)) & ~ones) | ones >> 1;
}

static void model_writes(struct pmp_model *m, struct guest_priv *p, uint32_t *state) {
    for (uint32_t k = 0; k < 12; k++) {
        const uint32_t n = random_word(state) % PRIV_PMP_ENTRIES, value = random_pmpaddr(state);
        const bool is_base = n < PRIV_PMP_ENTRIES - 1 && (m->cfg[n + 1] & 0x98) == 0x88;
        if (m->cfg[n] < 0x80 && !is_base)
            m->addr[n] = value;
        priv_csr_write(p, 0x3b0 + n, value);
        if (k % 3 != 0)
            continue;
        uint32_t word = random_word(state);
        if ((word & 1u) == 0) /* most are not locked */
            word &= 0x7f7f7f7f;
        for (uint32_t b = 0; b < 4; b++)
            if (m->cfg[n / 4 * 4 + b] < 0x80)
                m->cfg[n / 4 * 4 + b] = (uint8_t)(word >> 8 * b & 0x9fu);
        priv_csr_write(p, 0x3a0 + n / 4, word);
    }
}

static void check_model_csrs(const struct pmp_model *m, const struct guest_priv *p) {
    for (uint32_t n = 0; n < PRIV_PMP_ENTRIES; n++) {
        const uint32_t cfg = priv_csr_read(p, 0x3a0 + n / 4) >> 8 * (n % 4) & 0xffu;
        const uint32_t addr = priv_csr_read(p, 0x3b0 + n);
        check(cfg == m->cfg[n], "model's pmpcfg, entry", n, cfg, m->cfg[n]);
        check(addr == m->addr[n], "model's pmpaddr, entry", n, addr, m->addr[n]);
    }
}

static void test_pmp_model(void) {
    static const uint8_t accesses[] = {PRIV_READ, PRIV_WRITE, PRIV_READ_WRITE, PRIV_EXECUTE};
    uint32_t state = 1;
    for (uint32_t round = 0; round < 400; round++) {
        struct pmp_model m = {{0}, {0}};
        struct guest_priv p;
        priv_reset(&p);
        model_writes(&m, &p, &state);
        check_model_csrs(&m, &p);
        for (uint32_t k = 0; k < 300; k++) {
            const uint32_t r = random_word(&state), bytes = 1u << (r & 3u) % 3;
            const uint32_t access = accesses[r >> 2 & 3u];
            const uint32_t at = (r & 0xf0u) == 0 ? random_word(&state) : BASE - 8 + (r >> 8 & 127u);
            p.mode = (r >> 16 & 1u) != 0 ? PRIV_M : PRIV_U;
            priv_csr_write(&p, 0x300, r >> 4 & (MSTATUS_MPRV | MSTATUS_MPP)); /* any but S */
            const bool is_fetch = access == PRIV_EXECUTE;
            const bool is_lent = (p.mstatus & MSTATUS_MPRV) != 0 && !is_fetch;
            const uint32_t mode = is_lent ? p.mstatus >> MSTATUS_MPP_SHIFT & 3u : p.mode;
            const bool may = model_may(&m, mode == PRIV_M, at, bytes, access);
            const bool got = priv_may_access(&p, at, bytes, (enum priv_access)access);
            check(got == may, "model's access in mode", mode, at, bytes);
            check(may || (is_fetch ? p.checks_fetch : p.checks_data), "model's checks in mode",
                  mode, at, bytes);
        }
    }
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
    priv_reset(&g->in.priv);
    test_csrs();
    test_csr_forms();
    priv_reset(&g->in.priv);
    test_instret();
    test_cycle();
    test_inhibit();
    test_counteren();
    test_wfi();
    test_endless();
    test_interrupts();
    test_pmp();
    test_locks();
    test_pmp_model();
    test_user();
    return one_insn_finish("priv_test");
}
