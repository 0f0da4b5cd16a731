/* SPDX-License-Identifier: MIT
 * Directed tests of the guest's privileged state: CSRs, counters, modes, interrupts; values worked
 * out by hand from the manuals, traps with exact mepc, mcause, mtval. */
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

/* A trap that leaves the state as it was would come for ever: at the handler's first instruction,
 * in M mode without interrupts, and the same again. */
static void test_endless(void) {
    struct guest_priv p, q;
    priv_reset(&p);
    priv_csr_write(&p, 0x305, BASE + CODE);
    (void)priv_mret(&p);
    (void)priv_trap(&p, CAUSE_LOAD_ACCESS, 4, BASE + CODE);
    check(!priv_trap_recurs(&p, CAUSE_LOAD_ACCESS, 4, BASE + CODE), "MPP is U", 0, 1, 0);
    (void)priv_trap(&p, CAUSE_LOAD_ACCESS, 4, BASE + CODE);
    check(priv_trap_recurs(&p, CAUSE_LOAD_ACCESS, 4, BASE + CODE), "the same trap", 0, 0, 1);
    check(!priv_trap_recurs(&p, CAUSE_STORE_ACCESS, 4, BASE + CODE), "another cause", 0, 1, 0);
    check(!priv_trap_recurs(&p, CAUSE_LOAD_ACCESS, 8, BASE + CODE), "another mtval", 0, 1, 0);
    check(!priv_trap_recurs(&p, CAUSE_LOAD_ACCESS, 4, BASE), "another pc", 0, 1, 0);
    q = p;
    q.mepc = BASE;
    check(!priv_trap_recurs(&q, CAUSE_LOAD_ACCESS, 4, BASE + CODE), "another mepc", 0, 1, 0);
    q = p;
    q.mtvec = BASE;
    check(!priv_trap_recurs(&q, CAUSE_LOAD_ACCESS, 4, BASE + CODE), "another handler", 0, 1, 0);
    q = p;
    q.mode = PRIV_U;
    check(!priv_trap_recurs(&q, CAUSE_LOAD_ACCESS, 4, BASE + CODE), "U mode", 0, 1, 0);
    for (uint32_t bit = MSTATUS_MIE; bit <= MSTATUS_MPIE; bit *= MSTATUS_MPIE / MSTATUS_MIE) {
        q = p;
        q.mstatus |= bit;
        check(!priv_trap_recurs(&q, CAUSE_LOAD_ACCESS, 4, BASE + CODE), "mstatus", bit, 1, 0);
    }
}

/* The interpreter ends with INTERP_FAULT then. */
static void test_endless_run(void) {
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
    check(n == 1, "fetch faults until nothing changes", 0, n, 1);
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

/* mret: mode and MIE from MPP and MPIE; MPP becomes U; MPRV stays only in M mode. */
static void test_mret(void) {
    enum { STATUS = MSTATUS_MPRV | MSTATUS_TW };
    static const struct {
        uint32_t before, mode, after;
    } cases[] = {
        {STATUS | MSTATUS_MPP | MSTATUS_MPIE, PRIV_M, STATUS | MSTATUS_MIE | MSTATUS_MPIE},
        {STATUS | MSTATUS_MPP | MSTATUS_MIE, PRIV_M, STATUS | MSTATUS_MPIE},
        {STATUS | MSTATUS_MPIE, PRIV_U, MSTATUS_TW | MSTATUS_MIE | MSTATUS_MPIE},
        {STATUS | MSTATUS_MIE, PRIV_U, MSTATUS_TW | MSTATUS_MPIE},
    };
    for (unsigned n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        struct guest_priv p;
        priv_reset(&p);
        p.mepc = BASE + 2;
        p.is_reserved = true;
        priv_csr_write(&p, 0x300, cases[n].before);
        check(priv_mret(&p) == BASE + 2, "pc after mret", n, 0, BASE + 2);
        check(p.mode == cases[n].mode, "mode after mret", n, p.mode, cases[n].mode);
        check(p.mstatus == cases[n].after, "mstatus after mret", n, p.mstatus, cases[n].after);
        check(!p.is_reserved, "reservation after mret", n, 1, 0);
        const bool is_user = p.mode == PRIV_U;
        check((p.checks_fetch != 0) == is_user, "checks after mret", n, p.checks_fetch, is_user);
        (void)priv_trap(&p, CAUSE_ECALL_U, 0, BASE);
        check(p.checks_fetch == 0, "checks after a trap", n, p.checks_fetch, 0);
        /* MPRV is left in M mode only, and MPP says where the trap came from */
        check(p.checks_data == 0, "data checks after a trap", n, p.checks_data, 0);
    }
}

/* After what decides about interrupts and checks the runtime is to look. */
static void test_events(void) {
    static const uint16_t looked_at[] = {0x300, 0x304, 0x344, 0x3a0, 0x3a3, 0x3b0, 0x3bf},
                          others[] = {0x305, 0x306, 0x320, 0x340, 0x341, 0xb02, 0x301};
    priv_reset(&g->in.priv);
    g->gs.x[6] = 0;
    for (unsigned n = 0; n < sizeof looked_at / sizeof looked_at[0]; n++) {
        const uint32_t csr = looked_at[n];
        check(step(0x000312f3u | csr << 20) == INTERP_PRIV, "event of CSR", csr, 0, INTERP_PRIV);
        check(step(0x000022f3u | csr << 20) == INTERP_LIMIT, "event of a read", csr, 1, 0);
    }
    for (unsigned n = 0; n < sizeof others / sizeof others[0]; n++)
        check(step(0x000312f3u | (uint32_t)others[n] << 20) == INTERP_LIMIT, "event of CSR",
              others[n], 1, 0);
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
    test_endless_run();
    test_events();
    test_mret();
    test_interrupts();
    return one_insn_finish("priv_test");
}
