/* SPDX-License-Identifier: MIT
 * The guest's privileged state: M and U mode, CSRs, traps, interrupts, PMP, LR reservation. Shared
 * by the firmware and the golden model: 32-bit words only, so the layout is the same on both sides,
 * and lock-step compares the whole structure. Behaves as QEMU 7.2 `-M virt -bios none -cpu rv32`
 * without F, D, S and the MMU; docs/guest-csrs.md lists what differs.
 *
 *   struct guest_priv p;
 *   priv_reset(&p);
 *   if (priv_csr_check(&p, csr, true) == PRIV_CSR_PLAIN) priv_csr_write(&p, csr, value);
 *   pc = priv_trap(&p, CAUSE_ILLEGAL, word, pc);       // pc of the handler
 *   cause = priv_pending_interrupt(&p);                // 0: none to be taken now
 *
 * mip: the runtime owns its bits. It sets and clears PRIV_MIP_* as the devices' lines change; the
 * guest can write none of them. */
#ifndef SELKIRK_GUEST_PRIV_H
#define SELKIRK_GUEST_PRIV_H

#include <stdbool.h>
#include <stdint.h>

enum { PRIV_U = 0, PRIV_M = 3 };
enum { PRIV_PMP_ENTRIES = 16 };

/* mcause. Texts are for people. */
#define GUEST_CAUSES(C)                                                                            \
    C(FETCH_MISALIGNED, 0, "jump to a misaligned address")                                         \
    C(FETCH_ACCESS, 1, "instruction fetch outside RAM")                                            \
    C(ILLEGAL, 2, "illegal instruction")                                                           \
    C(BREAKPOINT, 3, "ebreak")                                                                     \
    C(LOAD_MISALIGNED, 4, "misaligned load")                                                       \
    C(LOAD_ACCESS, 5, "load outside RAM and devices")                                              \
    C(STORE_MISALIGNED, 6, "misaligned store")                                                     \
    C(STORE_ACCESS, 7, "store outside RAM and devices")                                            \
    C(ECALL_U, 8, "ecall from U mode")                                                             \
    C(ECALL_M, 11, "ecall from M mode")
enum guest_cause {
#define C(NAME, number, text) CAUSE_##NAME = number,
    GUEST_CAUSES(C)
#undef C
};
#define CAUSE_INTERRUPT 0x80000000u /* mcause of interrupt n: this | n */
enum { IRQ_MSI = 3, IRQ_MTI = 7, IRQ_MEI = 11 };
enum { PRIV_MIP_MSIP = 1 << IRQ_MSI, PRIV_MIP_MTIP = 1 << IRQ_MTI, PRIV_MIP_MEIP = 1 << IRQ_MEI };

enum mstatus_bits {
    MSTATUS_MIE = 1 << 3,
    MSTATUS_MPIE = 1 << 7,
    MSTATUS_MPP = 3 << 11,
    MSTATUS_MPP_SHIFT = 11,
    MSTATUS_MPRV = 1 << 17,
    MSTATUS_TW = 1 << 21
};
enum { MCOUNTINHIBIT_CY = 1 << 0, MCOUNTINHIBIT_IR = 1 << 2 };

/* A counter had this value when the machine's own stood at `since` (low and high words), and has
 * gone on with it unless mcountinhibit stops it. */
struct guest_counter {
    uint32_t value[2], since[2];
};

/* Which modes' semihosting calls are calls; as boot.def numbers its words. */
enum priv_semihosting { PRIV_SEMIHOST_M, PRIV_SEMIHOST_ALL, PRIV_SEMIHOST_OFF };

#define PRIV_STARTED UINT32_MAX

struct guest_priv {
    uint32_t mode; /* PRIV_U, PRIV_M */
    uint32_t mstatus, mtvec, mepc, mcause, mtval, mscratch;
    uint32_t mie;
    uint32_t mcounteren, mcountinhibit;
    uint32_t pmpcfg[PRIV_PMP_ENTRIES / 4];
    uint32_t pmpaddr[PRIV_PMP_ENTRIES];
    /* LR: sc.w succeeds at this address while the word there is still the same */
    uint32_t is_reserved, reserved_addr, reserved_value;
    /* derived from mode, mstatus and PMP: some access may be refused, so the interpreter checks all
     */
    uint32_t checks_data, checks_fetch;
    /* derived from PMP: entries that bind M mode; everything is allowed to U mode */
    uint32_t is_locked, is_open, pmp_used; /* pmp_used: entries up to the last one in use */
    /* a switch: misaligned loads and stores trap instead of being done bytewise (default 0, as
     * QEMU) */
    uint32_t misaligned_traps;
    uint32_t semihosting; /* a switch: enum priv_semihosting */
    struct guest_counter instret;
    /* from here on not compared in lock-step: lines from the devices, the runtime's, mcycle. It
     * starts when the
     * instruction with this number (the machine's count) looks at it, if that is its first one;
     * high word PRIV_STARTED: it has started. */
    uint32_t mip;
    uint32_t has_changed; /* something that checks depend on, since the runtime has set it to 0 */
    struct guest_counter cycle;
    uint32_t cycle_starts_at[2];
};

void priv_reset(struct guest_priv *p);

/* The mode that loads and stores count for. */
static inline uint32_t priv_data_mode(const struct guest_priv *p) {
    return (p->mstatus & MSTATUS_MPRV) != 0 ? (p->mstatus & MSTATUS_MPP) >> MSTATUS_MPP_SHIFT
                                            : p->mode;
}

enum priv_csr_access {
    PRIV_CSR_ILLEGAL, /* no such CSR, read only, or not in this mode */
    PRIV_CSR_PLAIN,   /* priv_csr_read, priv_csr_write */
    PRIV_CSR_COUNTER, /* cycle, time, instret, mcycle, minstret: the value comes from outside */
    PRIV_CSR_INHIBIT  /* mcountinhibit: a write stops or starts counters */
};
enum priv_csr_access priv_csr_check(const struct guest_priv *p, uint32_t csr, bool is_write);
/* Both for PRIV_CSR_PLAIN; other CSRs read 0 and ignore writes. */
uint32_t priv_csr_read(const struct guest_priv *p, uint32_t csr);
void priv_csr_write(struct guest_priv *p, uint32_t csr, uint32_t value); /* WARL */

/* Text of mcause for people. */
const char *guest_cause_text(uint32_t cause);

/* Takes a trap or interrupt (cause has CAUSE_INTERRUPT) at pc; the pc of the handler. */
uint32_t priv_trap(struct guest_priv *p, uint32_t cause, uint32_t tval, uint32_t pc);
/* It would find the state that it leaves: the handler's first instruction traps, for ever. */
bool priv_trap_recurs(const struct guest_priv *p, uint32_t cause, uint32_t tval, uint32_t pc);
/* The pc to go on at. Requires: mode M. */
uint32_t priv_mret(struct guest_priv *p);

/* mcause of the interrupt that is to be taken now, 0 if none: pending, enabled, highest priority.
 */
uint32_t priv_pending_interrupt(const struct guest_priv *p);
/* WFI is refused: mstatus.TW in U mode. (A timeout of 0, as QEMU does it.) */
static inline bool priv_wfi_is_illegal(const struct guest_priv *p) {
    return p->mode == PRIV_U && (p->mstatus & MSTATUS_TW) != 0;
}
/* WFI may go on: something enabled in mie is pending, whatever mstatus says. */
static inline bool priv_wfi_is_over(const struct guest_priv *p) {
    return (p->mip & p->mie) != 0;
}

/* An entry's addresses in words, from first to last; first > last: none. */
struct priv_pmp_range {
    uint32_t first, last;
};
struct priv_pmp_range priv_pmp_range(const struct guest_priv *p, uint32_t entry);
/* An entry's rights, enum priv_access; does it bind M mode? */
uint32_t priv_pmp_rights(const struct guest_priv *p, uint32_t entry);
bool priv_pmp_is_locked(const struct guest_priv *p, uint32_t entry);

enum priv_access { PRIV_READ = 1, PRIV_WRITE = 2, PRIV_READ_WRITE = 3, PRIV_EXECUTE = 4 };
/* PMP: who denies the current mode (data: MPRV looked at) the access of bytes from addr on? */
enum priv_denial {
    PRIV_MAY = -1, /* nobody */
    /* 0 to PRIV_PMP_ENTRIES - 1: that entry matches and does not allow it */
    PRIV_NO_ENTRY = PRIV_PMP_ENTRIES,  /* no entry matches, and the mode is U */
    PRIV_PARTLY = 2 * PRIV_PMP_ENTRIES /* plus an entry: it matches only some of the bytes */
};
int32_t priv_denied_by(const struct guest_priv *p, uint32_t addr, uint32_t bytes,
                       enum priv_access access);
static inline bool priv_may_access(const struct guest_priv *p, uint32_t addr, uint32_t bytes,
                                   enum priv_access access) {
    return priv_denied_by(p, addr, bytes, access) == PRIV_MAY;
}

#endif
