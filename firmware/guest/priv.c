/* SPDX-License-Identifier: MIT
 * Privileged state of the guest (priv.h): CSRs with their legal values, traps, MRET, interrupts,
 * PMP. */
#include "firmware/guest/priv.h"

enum csr {
    CSR_SCOUNTEREN = 0x106,
    CSR_SATP = 0x180,
    CSR_MSTATUS = 0x300,
    CSR_MISA = 0x301,
    CSR_MEDELEG = 0x302,
    CSR_MIDELEG = 0x303,
    CSR_MIE = 0x304,
    CSR_MTVEC = 0x305,
    CSR_MCOUNTEREN = 0x306,
    CSR_MENVCFG = 0x30a,
    CSR_MSTATUSH = 0x310,
    CSR_MENVCFGH = 0x31a,
    CSR_MCOUNTINHIBIT = 0x320,
    CSR_MHPMEVENT_FIRST = 0x323,
    CSR_MHPMEVENT_LAST = 0x33f,
    CSR_MSCRATCH = 0x340,
    CSR_MEPC = 0x341,
    CSR_MCAUSE = 0x342,
    CSR_MTVAL = 0x343,
    CSR_MIP = 0x344,
    CSR_PMPCFG = 0x3a0,
    CSR_PMPADDR = 0x3b0,
    CSR_TSELECT = 0x7a0,
    CSR_TDATA3 = 0x7a3,
    CSR_MVENDORID = 0xf11,
    CSR_MCONFIGPTR = 0xf15,
    /* counters: cycle, time, instret and event counters; the M-mode ones by themselves */
    CSR_MCYCLE = 0xb00,
    CSR_CYCLE = 0xc00,
    COUNTER_HIGH = 0x80,
    COUNTER_TIME = 1,
    COUNTER_LAST_BASIC = 2,
    COUNTER_LAST = 31
};

enum {
    MISA_RV32IMACU = 0x40101105,
    MSTATUS_MASK = MSTATUS_MIE | MSTATUS_MPIE | MSTATUS_MPP | MSTATUS_MPRV | MSTATUS_TW,
    MIE_MASK = PRIV_MIP_MSIP | PRIV_MIP_MTIP | PRIV_MIP_MEIP,
    MTVEC_MODES = 2,
    PMP_RWX = 7,
    PMP_A = 3 << 3,
    PMP_TOR = 1 << 3,
    PMP_NA4 = 2 << 3,
    PMP_NAPOT = 3 << 3,
    PMP_L = 1 << 7,
    PMP_CFG_MASK = PMP_L | PMP_A | PMP_RWX
};

const char *guest_cause_text(uint32_t cause) {
    switch (cause) {
#define C(NAME, number, text)                                                                      \
    case CAUSE_##NAME:                                                                             \
        return text;
        GUEST_CAUSES(C)
#undef C
    default:
        return (cause & CAUSE_INTERRUPT) != 0 ? "interrupt" : "unknown trap";
    }
}

static uint32_t pmp_cfg(const struct guest_priv *p, uint32_t n) {
    return p->pmpcfg[n / 4] >> (8 * (n % 4)) & 0xffu;
}

static void derive_checks(struct guest_priv *p) {
    p->has_changed |= p->checks_fetch | p->checks_data;
    p->checks_fetch = p->mode == PRIV_M ? p->is_locked : !p->is_open;
    p->checks_data = priv_data_mode(p) == PRIV_M ? p->is_locked : !p->is_open;
    p->has_changed |= p->checks_fetch | p->checks_data;
}

/* Addresses in words: PMP's are of 34 bits. NAPOT: trailing ones and the zero above are the size.
 */
struct priv_pmp_range priv_pmp_range(const struct guest_priv *p, uint32_t n) {
    const uint32_t addr = p->pmpaddr[n], low = n == 0 ? 0 : p->pmpaddr[n - 1];
    const uint32_t below_size = addr ^ (addr + 1);
    switch (pmp_cfg(p, n) & PMP_A) {
    case PMP_TOR:
        return low < addr ? (struct priv_pmp_range){low, addr - 1} : (struct priv_pmp_range){1, 0};
    case PMP_NA4:
        return (struct priv_pmp_range){addr, addr};
    case PMP_NAPOT:
        return (struct priv_pmp_range){addr & ~below_size, addr | below_size};
    default:
        return (struct priv_pmp_range){1, 0};
    }
}

uint32_t priv_pmp_rights(const struct guest_priv *p, uint32_t n) {
    return pmp_cfg(p, n) & PMP_RWX;
}

bool priv_pmp_is_locked(const struct guest_priv *p, uint32_t n) {
    return (pmp_cfg(p, n) & PMP_L) != 0;
}

static bool pmp_matches(const struct guest_priv *p, uint32_t n, uint32_t word) {
    const struct priv_pmp_range r = priv_pmp_range(p, n);
    return word >= r.first && word <= r.last;
}

/* Entry n matches all addresses that there are, so those behind it match none. */
static bool pmp_matches_all(const struct guest_priv *p, uint32_t n) {
    return pmp_matches(p, n, 0) && pmp_matches(p, n, UINT32_MAX >> 2);
}

/* Open: the first entry in use covers all addresses and allows all. */
static void derive_pmp(struct guest_priv *p) {
    bool is_first = true;
    p->is_locked = p->is_open = false;
    p->pmp_used = 0;
    for (uint32_t n = 0; n < PRIV_PMP_ENTRIES; n++) {
        const uint32_t cfg = pmp_cfg(p, n);
        if ((cfg & PMP_A) == 0)
            continue;
        const bool is_last = pmp_matches_all(p, n);
        p->is_open = is_first && is_last && (cfg & PMP_RWX) == PMP_RWX;
        is_first = false;
        p->pmp_used = n + 1;
        if ((cfg & PMP_L) != 0)
            p->is_locked = true;
        if (is_last)
            break;
    }
    derive_checks(p);
}

void priv_reset(struct guest_priv *p) {
    *p =
        (struct guest_priv){.mode = PRIV_M, .has_changed = 1, .cycle_starts_at = {0, PRIV_STARTED}};
    derive_pmp(p);
}

static bool is_between(uint32_t value, uint32_t first, uint32_t last) {
    return value - first <= last - first;
}

/* S mode's CSRs that read 0 and ignore writes although there is no S mode: start-up code that was
 * made for a processor with it writes them first of all. */
static bool plain_exists(uint32_t csr) {
    switch (csr) {
    case CSR_SCOUNTEREN:
    case CSR_SATP:
    case CSR_MEDELEG:
    case CSR_MIDELEG:
    case CSR_MSTATUS:
    case CSR_MISA:
    case CSR_MIE:
    case CSR_MTVEC:
    case CSR_MCOUNTEREN:
    case CSR_MENVCFG:
    case CSR_MSTATUSH:
    case CSR_MENVCFGH:
        return true;
    default:
        return is_between(csr, CSR_MHPMEVENT_FIRST, CSR_MHPMEVENT_LAST) ||
               is_between(csr, CSR_MSCRATCH, CSR_MIP) ||
               is_between(csr, CSR_PMPCFG, CSR_PMPCFG + PRIV_PMP_ENTRIES / 4 - 1) ||
               is_between(csr, CSR_PMPADDR, CSR_PMPADDR + PRIV_PMP_ENTRIES - 1) ||
               is_between(csr, CSR_TSELECT, CSR_TDATA3) ||
               is_between(csr, CSR_MVENDORID, CSR_MCONFIGPTR);
    }
}

/* Both blocks of counters, low and high words. There is no mtime CSR; the event counters read 0. */
static enum priv_csr_access check_counter(const struct guest_priv *p, uint32_t csr) {
    const uint32_t n = csr & 0x7fu;
    const bool is_user = (csr & 0xf00u) == CSR_CYCLE;
    if (n > COUNTER_LAST || (n == COUNTER_TIME && !is_user))
        return PRIV_CSR_ILLEGAL;
    if (p->mode == PRIV_U && (p->mcounteren >> n & 1u) == 0)
        return PRIV_CSR_ILLEGAL;
    return n <= COUNTER_LAST_BASIC ? PRIV_CSR_COUNTER : PRIV_CSR_PLAIN;
}

enum priv_csr_access priv_csr_check(const struct guest_priv *p, uint32_t csr, bool is_write) {
    const bool is_read_only = (csr >> 10 & 3u) == 3;
    if ((is_read_only && is_write) || (csr >> 8 & 3u) > p->mode)
        return PRIV_CSR_ILLEGAL;
    if ((csr & 0xf00u) == CSR_CYCLE || (csr & 0xf00u) == CSR_MCYCLE)
        return check_counter(p, csr);
    if (csr == CSR_MCOUNTINHIBIT)
        return PRIV_CSR_INHIBIT;
    return plain_exists(csr) ? PRIV_CSR_PLAIN : PRIV_CSR_ILLEGAL;
}

uint32_t priv_csr_read(const struct guest_priv *p, uint32_t csr) {
    switch (csr) {
    case CSR_MSTATUS:
        return p->mstatus;
    case CSR_MISA:
        return MISA_RV32IMACU;
    case CSR_MIE:
        return p->mie;
    case CSR_MTVEC:
        return p->mtvec;
    case CSR_MCOUNTEREN:
        return p->mcounteren;
    case CSR_MSCRATCH:
        return p->mscratch;
    case CSR_MEPC:
        return p->mepc;
    case CSR_MCAUSE:
        return p->mcause;
    case CSR_MTVAL:
        return p->mtval;
    case CSR_MIP:
        return p->mip;
    default:
        if (is_between(csr, CSR_PMPCFG, CSR_PMPCFG + PRIV_PMP_ENTRIES / 4 - 1))
            return p->pmpcfg[csr - CSR_PMPCFG];
        if (is_between(csr, CSR_PMPADDR, CSR_PMPADDR + PRIV_PMP_ENTRIES - 1))
            return p->pmpaddr[csr - CSR_PMPADDR];
        return 0;
    }
}

/* MPP holds M or U; another value leaves what was there. */
static uint32_t legal_mstatus(const struct guest_priv *p, uint32_t value) {
    const uint32_t new_mpp = value & MSTATUS_MPP;
    value &= MSTATUS_MASK;
    if (new_mpp != 0 && new_mpp != MSTATUS_MPP)
        value = (value & ~(uint32_t)MSTATUS_MPP) | (p->mstatus & MSTATUS_MPP);
    return value;
}

/* Four entries; locked ones stay. */
static void write_pmpcfg(struct guest_priv *p, uint32_t word, uint32_t value) {
    uint32_t keep = 0;
    for (uint32_t shift = 0; shift < 32; shift += 8)
        if ((p->pmpcfg[word] >> shift & PMP_L) != 0)
            keep |= 0xffu << shift;
    p->pmpcfg[word] = (p->pmpcfg[word] & keep) | (value & ~keep & PMP_CFG_MASK * 0x01010101u);
    derive_pmp(p);
}

/* An entry's address is locked with the entry, and with the next one if that is TOR. */
static void write_pmpaddr(struct guest_priv *p, uint32_t n, uint32_t value) {
    const uint32_t next = n + 1 < PRIV_PMP_ENTRIES ? pmp_cfg(p, n + 1) : 0;
    const bool is_base = (next & PMP_L) != 0 && (next & PMP_A) == PMP_TOR;
    if ((pmp_cfg(p, n) & PMP_L) != 0 || is_base)
        return;
    p->pmpaddr[n] = value;
    derive_pmp(p);
}

void priv_csr_write(struct guest_priv *p, uint32_t csr, uint32_t value) {
    switch (csr) {
    case CSR_MSTATUS:
        p->mstatus = legal_mstatus(p, value);
        derive_checks(p);
        break;
    case CSR_MIE:
        p->mie = value & MIE_MASK;
        break;
    case CSR_MTVEC:
        if ((value & 3u) < MTVEC_MODES)
            p->mtvec = value;
        break;
    case CSR_MCOUNTEREN:
        p->mcounteren = value;
        break;
    case CSR_MSCRATCH:
        p->mscratch = value;
        break;
    case CSR_MEPC:
        p->mepc = value & ~1u;
        break;
    case CSR_MCAUSE:
        p->mcause = value;
        break;
    case CSR_MTVAL:
        p->mtval = value;
        break;
    default:
        if (is_between(csr, CSR_PMPCFG, CSR_PMPCFG + PRIV_PMP_ENTRIES / 4 - 1))
            write_pmpcfg(p, csr - CSR_PMPCFG, value);
        else if (is_between(csr, CSR_PMPADDR, CSR_PMPADDR + PRIV_PMP_ENTRIES - 1))
            write_pmpaddr(p, csr - CSR_PMPADDR, value);
    }
}

uint32_t priv_trap(struct guest_priv *p, uint32_t cause, uint32_t tval, uint32_t pc) {
    const uint32_t mpie = (p->mstatus & MSTATUS_MIE) != 0 ? MSTATUS_MPIE : 0;
    const uint32_t base = p->mtvec & ~3u;
    p->mepc = pc;
    p->mcause = cause;
    p->mtval = tval;
    p->mstatus = (p->mstatus & ~(uint32_t)(MSTATUS_MIE | MSTATUS_MPIE | MSTATUS_MPP)) | mpie |
                 p->mode << MSTATUS_MPP_SHIFT;
    p->mode = PRIV_M;
    p->is_reserved = false;
    derive_checks(p);
    if ((cause & CAUSE_INTERRUPT) != 0 && (p->mtvec & 1u) != 0)
        return base + 4 * (cause & ~CAUSE_INTERRUPT);
    return base;
}

bool priv_trap_recurs(const struct guest_priv *p, uint32_t cause, uint32_t tval, uint32_t pc) {
    const uint32_t status = MSTATUS_MIE | MSTATUS_MPIE | MSTATUS_MPP;
    return (p->mtvec & ~3u) == pc && p->mode == PRIV_M && p->mepc == pc && p->mcause == cause &&
           p->mtval == tval && (p->mstatus & status) == MSTATUS_MPP;
}

uint32_t priv_mret(struct guest_priv *p) {
    const uint32_t mie = (p->mstatus & MSTATUS_MPIE) != 0 ? MSTATUS_MIE : 0;
    p->mode = (p->mstatus & MSTATUS_MPP) >> MSTATUS_MPP_SHIFT;
    p->mstatus = (p->mstatus & ~(uint32_t)(MSTATUS_MIE | MSTATUS_MPP)) | mie | MSTATUS_MPIE;
    if (p->mode != PRIV_M)
        p->mstatus &= ~(uint32_t)MSTATUS_MPRV;
    p->is_reserved = false;
    derive_checks(p);
    return p->mepc;
}

uint32_t priv_pending_interrupt(const struct guest_priv *p) {
    const uint32_t pending = p->mip & p->mie;
    if (pending == 0 || (p->mode == PRIV_M && (p->mstatus & MSTATUS_MIE) == 0))
        return 0;
    if ((pending & PRIV_MIP_MEIP) != 0)
        return CAUSE_INTERRUPT | IRQ_MEI;
    return CAUSE_INTERRUPT | ((pending & PRIV_MIP_MSIP) != 0 ? IRQ_MSI : IRQ_MTI);
}

int32_t priv_denied_by(const struct guest_priv *p, uint32_t addr, uint32_t bytes,
                       enum priv_access access) {
    const uint32_t mode = access == PRIV_EXECUTE ? p->mode : priv_data_mode(p);
    uint32_t first = addr >> 2, last = (addr + bytes - 1) >> 2;
    for (uint32_t n = 0; n < p->pmp_used; n++) {
        const bool has_first = pmp_matches(p, n, first), has_last = pmp_matches(p, n, last);
        if (!has_first && !has_last)
            continue;
        const uint32_t cfg = pmp_cfg(p, n);
        const bool has_all = has_first && has_last;
        if (mode == PRIV_M && (cfg & PMP_L) == 0) { /* does not bind M mode */
            if (has_all)
                return PRIV_MAY;
            /* of a misaligned access each part is one of its own: who denies the other? */
            if (has_first)
                first = last;
            else
                last = first;
            continue;
        }
        if (!has_all)
            return PRIV_PARTLY + (int32_t)n;
        return (cfg & (uint32_t)access) == (uint32_t)access ? PRIV_MAY : (int32_t)n;
    }
    return mode == PRIV_M ? PRIV_MAY : PRIV_NO_ENTRY;
}
