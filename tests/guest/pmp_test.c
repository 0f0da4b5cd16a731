/* SPDX-License-Identifier: MIT
 * Directed tests of PMP, and random ones against a model: what it allows, its locks, and the
 * interpreter's accesses and fetches in U mode. */
#include "tests/guest/one_insn.h"

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
        /* half in an entry that does not bind M mode, half in one that does */
        {BASE >> 2, 0xffffffff, NA4 | (L | NAPOT | R) << 8, BASE + 2, 4, W, false, false},
        {BASE >> 2, 0xffffffff, NA4 | (L | NAPOT | R) << 8, BASE - 2, 4, W, false, false},
        {BASE >> 2, 0xffffffff, NA4 | (L | NAPOT | R) << 8, BASE + 2, 4, R, true, false},
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

/* Nothing is checked in U mode only if the first entry in use allows all of everything. */
static void test_open(void) {
    enum { NA4 = 0x10, NAPOT = 0x18, TOR = 8, RWX = 7 };
    static const struct {
        uint32_t addr[3], cfg;
        bool is_open;
    } cases[] = {
        {{UINT32_MAX, 0, 0}, NAPOT | RWX, true},
        {{0, 0, UINT32_MAX}, (NAPOT | RWX) << 16, true},
        {{UINT32_MAX, UINT32_MAX, 0}, NAPOT | RWX | (NAPOT | 1) << 8, true},
        {{BASE >> 2, UINT32_MAX, 0}, NA4 | (NAPOT | RWX) << 8, false},
        {{UINT32_MAX, UINT32_MAX, 0}, NAPOT | 3 | (NAPOT | RWX) << 8, false},
        {{BASE >> 2, UINT32_MAX, 0}, (TOR | RWX) << 8, false},
        {{UINT32_MAX, 0, 0}, NA4 | RWX, false},
        {{UINT32_MAX >> 9, 0, 0}, NAPOT | RWX, false},
        {{UINT32_MAX, 0, 0}, TOR | RWX, true},
        {{1u << 30, 0, 0}, TOR | RWX, true},
        {{UINT32_MAX >> 2, 0, 0}, TOR | RWX, false},
        {{0, 0, UINT32_MAX}, (TOR | RWX) << 16, true},
        {{0, 1, UINT32_MAX}, (TOR | RWX) << 16, false},
        {{UINT32_MAX >> 1, 0, 0}, NAPOT | RWX, true},
        {{UINT32_MAX >> 3, 0, 0}, NAPOT | RWX, true},
        {{UINT32_MAX >> 4, 0, 0}, NAPOT | RWX, false},
    };
    for (unsigned n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        struct guest_priv p;
        priv_reset(&p);
        priv_csr_write(&p, 0x3a0, cases[n].cfg); /* before the addresses: these count, too */
        for (uint32_t k = 0; k < 3; k++)
            priv_csr_write(&p, 0x3b0 + k, cases[n].addr[k]);
        priv_mret(&p);
        check((p.checks_data == 0) == cases[n].is_open, "open in case", n, p.checks_data, n);
        check((p.checks_fetch == 0) == cases[n].is_open, "open in case", n, p.checks_fetch, n);
        (void)priv_trap(&p, CAUSE_ECALL_U, 0, 0);
        priv_csr_write(&p, 0x3b0 + (cases[n].addr[2] != 0 ? 2 : 0), 4);
        priv_mret(&p);
        check(p.checks_data != 0, "no longer open in case", n, p.checks_data, n);
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
        if (is_machine && m->cfg[n] < 0x80) {
            if (inside == bytes)
                return true;
            at += at >= from ? inside : 0; /* the other part is an access of its own */
            bytes -= inside;
            continue;
        }
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

/* The interpreter's accesses in U mode: RIGHTS of the word at DATA + 16, all else may be read,
 * written and executed. */
static void check_access(uint32_t word, uint32_t rights, uint32_t at, uint32_t cause) {
    struct guest_priv *const p = &g->in.priv;
    priv_reset(p);
    p->mtvec = BASE + 0x40;
    priv_csr_write(p, 0x3b0, (BASE + DATA + 16) >> 2);
    priv_csr_write(p, 0x3b1, UINT32_MAX);
    priv_csr_write(p, 0x3a0, 0x1f10 | rights);
    (void)priv_mret(p);
    g->gs.x[1] = BASE + at;
    guest_store32(&g->mem, BASE + DATA + 16, 0);
    const enum interp_event event = step(word), wanted = cause == 0 ? INTERP_LIMIT : INTERP_TRAP;
    check(event == wanted, "event in U mode", word, event, wanted);
    if (cause == 0)
        return;
    check(p->mcause == cause, "mcause", word, p->mcause, cause);
    check(p->mtval == BASE + at, "mtval", word, p->mtval, BASE + at);
}

static void test_user_accesses(void) {
    enum { LW = 0x0000a183, SW = 0x0020a023, LR = 0x1000a1af, SC = 0x1820a1af, AMO = 0x0020a1af };
    enum { IN = DATA + 16, R = 1, W = 2, LOAD = CAUSE_LOAD_ACCESS, STORE = CAUSE_STORE_ACCESS };
    check_access(LW, R, IN, 0);
    check_access(LW, W, IN, LOAD);
    check_access(SW, W, IN, 0);
    check_access(SW, R, IN, STORE);
    check_access(LR, R, IN, 0);
    check_access(LR, W, IN, LOAD);
    check_access(SC, W, IN, 0);
    check_access(SC, R, IN, STORE);
    check_access(AMO, R | W, IN, 0);
    check_access(AMO, R, IN, STORE);
    check_access(AMO, W, IN, STORE);
    for (uint32_t k = 1; k < 4; k++) { /* half in it: refused whatever it allows */
        check_access(LW, R | W, IN - k, LOAD);
        check_access(LW, R | W, IN + k, LOAD);
        check_access(SW, R | W, IN - k, STORE);
        check_access(SW, R | W, IN + k, STORE);
        check_access(LW, 0, IN + 4 + k, 0);
        check_access(SW, 0, IN - 4 - k, 0);
    }
    priv_reset(&g->in.priv);
}

/* An instruction is fetched in halves, each checked; several are not run at once. */
static void test_user_fetch(void) {
    enum { ADDI = 0x00118193, NOPS = 0x00010001 }; /* addi gp,gp,1; c.nop, c.nop */
    struct guest_priv *const p = &g->in.priv;
    for (uint32_t k = 0; k < 3; k++) {
        priv_reset(p);
        p->mtvec = BASE + 0x40;
        priv_csr_write(p, 0x3b0, (BASE + CODE + 4) >> 2); /* not to be executed */
        priv_csr_write(p, 0x3b1, UINT32_MAX);
        priv_csr_write(p, 0x3a0, 0x1f13);
        (void)priv_mret(p);
        guest_store32(&g->mem, BASE + CODE, ADDI);
        guest_store32(&g->mem, BASE + CODE + 4, ADDI);
        if (k == 1) /* lies across: its second half is denied */
            guest_store32(&g->mem, BASE + CODE, (uint32_t)ADDI << 16 | (NOPS & 0xffffu));
        if (k == 2) /* a short one is not */
            guest_store32(&g->mem, BASE + CODE, NOPS);
        g->in.pc = BASE + CODE + (k == 0 ? 0 : 2);
        enum interp_event event = interp_run_blocks(&g->in, 10, 10);
        check(event == (k == 1 ? INTERP_TRAP : INTERP_LIMIT), "one at a time, case", k, event, k);
        if (k != 1)
            event = interp_run_blocks(&g->in, 10, 10);
        check(event == INTERP_TRAP && p->mcause == CAUSE_FETCH_ACCESS, "fetch, case", k, event, k);
        check(p->mtval == BASE + CODE + 4, "mtval", k, p->mtval, BASE + CODE + 4);
        const uint32_t pc = BASE + CODE + (k == 1 ? 2 : 4);
        check(p->mepc == pc, "mepc", k, p->mepc, pc);
    }
    priv_reset(p);
}

int main(void) {
    one_insn_start();
    test_pmp();
    test_open();
    test_locks();
    test_pmp_model();
    test_user();
    test_user_accesses();
    test_user_fetch();
    return one_insn_finish("pmp_test");
}
