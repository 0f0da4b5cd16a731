/* SPDX-License-Identifier: MIT
 * What the interpreter's loop (interp.c) leaves to functions of their own (interp_slow.c): accesses
 * that are misaligned, outside RAM or to be checked by PMP, atomic instructions, CSRs, traps. All
 * work on the instruction at in->pc, whose line in the decode cache is filled.
 *
 * Those that return an event mean by INTERP_LIMIT: the instruction's work is done and the loop may
 * go on; a value for rd is in in->slow_result (a local variable with its address taken would live
 * in memory). After INTERP_EXIT, INTERP_TOHOST and INTERP_PRIV it is done as well, but the event
 * goes to the caller. */
#ifndef SELKIRK_GUEST_INTERP_IMPL_H
#define SELKIRK_GUEST_INTERP_IMPL_H

#include "firmware/guest/interp.h"

#define COLD __attribute__((noinline, cold))

enum { INTERP_TOHOST_BYTES = 8 };

/* (pc / 2 % lines) * sizeof(line) with one operation less. */
static inline struct interp_line *interp_line_of(struct interp *in, uint32_t pc) {
    const uint32_t offset =
        (pc & (2u * (INTERP_CACHE_LINES - 1))) * (sizeof(struct interp_line) / 2);
    return (struct interp_line *)((unsigned char *)in->cache + offset);
}

static inline bool interp_is_in_ram(const struct interp *in, uint32_t addr) {
    return addr - in->mem.base < in->mem.bytes;
}

/* The instruction at in->pc has stored to the watched word, at least at addr: INTERP_TOHOST. */
COLD enum interp_event interp_tohost_stored(struct interp *in, uint32_t addr);

COLD enum interp_event interp_slow_load(struct interp *in, uint32_t addr);
COLD enum interp_event interp_slow_store(struct interp *in, uint32_t addr, uint32_t value);
/* b: second operand */
COLD enum interp_event interp_slow_amo(struct interp *in, uint32_t addr, uint32_t b);
/* What rv32.def says by COMPUTE. */
COLD enum interp_event interp_slow_compute(struct interp *in, uint32_t a, uint32_t b);
/* a: x[rs1], not looked at by the immediate forms */
COLD enum interp_event interp_slow_csr(struct interp *in, uint32_t a);
/* mret, ecall, ebreak and what is illegal, here a wfi, too */
COLD enum interp_event interp_slow_system(struct interp *in);

/* The guest trap of the instruction at in->pc: INTERP_TRAP or INTERP_FAULT. */
COLD enum interp_event interp_trap(struct interp *in, uint32_t cause, uint32_t tval);
/* With PMP checks: may the instruction at in->pc be fetched? If not, interp_fetch_fault. */
COLD bool interp_may_fetch(const struct interp *in);
COLD enum interp_event interp_fetch_fault(struct interp *in);

#endif
