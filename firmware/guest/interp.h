/* SPDX-License-Identifier: MIT
 * The guest interpreter: gear 0 in the firmware, golden model on the workstation.
 *
 *   struct interp in = {0};                      // large (decode cache); static in the firmware
 *   interp_init(&in, &guest_state, &mem, &dev, entry_pc);
 *   switch (interp_run(&in, 64)) { case INTERP_BLOCK: ... }
 *
 * An instruction either completes (registers, memory, in->pc, then one commit), or has no effect
 * but the guest trap that it causes (in->priv, in->pc, then a commit of 0 instructions), or none at
 * all and is described by an event. Interrupts are the caller's business: whenever
 * interp_run_blocks is not running it may ask priv_pending_interrupt and call interp_interrupt.
 * While in->priv.checks_data or checks_fetch is set (PMP entries bind the present mode), each
 * access is checked. */
#ifndef SELKIRK_GUEST_INTERP_H
#define SELKIRK_GUEST_INTERP_H

#include <stdbool.h>
#include <stdint.h>

#include "firmware/guest/greg.h"
#include "translator/front/misaligned.h"
#include "firmware/guest/priv.h"
#include "translator/guest/rv32.h"
#include "translator/xlate.h"

/* Half of them for pcs that are multiples of 4. Code that is hot but has no room in the tcache is
 * decoded once, not in each turn. */
enum { INTERP_CACHE_LINES = 65536 };

/* Why interp_run returned. */
enum interp_event {
    /* the instruction is complete, in->pc is the next one */
    INTERP_LIMIT,     /* max_insns done, no block boundary */
    INTERP_BLOCK,     /* branch (taken or not) or jump done */
    INTERP_FENCE_I,   /* instruction memory may have changed */
    INTERP_ROI_BEGIN, /* region-of-interest markers */
    INTERP_ROI_END,
    INTERP_WFI,  /* wfi done: the runtime may let time pass until priv_wfi_is_over() */
    INTERP_PRIV, /* mret, a CSR write or a device store done: an interrupt may be deliverable now */
    INTERP_EXIT, /* a device wants the machine to stop (finisher); the device knows the status */
    INTERP_TOHOST, /* a store to the 64-bit word at in->tohost, by whatever instruction */
    /* the instruction at in->pc is NOT complete */
    INTERP_SEMIHOST, /* semihosting call: x10 operation, x11 parameter. Serve it, write x10,
                        interp_complete() */
    INTERP_TRAP,     /* the guest has taken the trap in->fault: in->pc is its handler */
    INTERP_FAULT /* the guest would take the trap in->fault for ever: mtvec is outside RAM, or the
                    handler's first instruction traps. Nothing has changed */
};

/* Why the guest trap came, beside its cause, for people. */
enum interp_reason {
    INTERP_BECAUSE_CAUSE,      /* nothing to add */
    INTERP_BECAUSE_MISALIGNED, /* a misaligned access that is not all in RAM */
    INTERP_BECAUSE_ATOMIC,     /* an atomic instruction outside RAM */
    INTERP_BECAUSE_PMP         /* + enum priv_denial */
};

/* The guest trap that INTERP_TRAP has taken and INTERP_FAULT could not take. */
struct interp_fault {
    uint32_t cause; /* enum guest_cause */
    uint32_t pc;    /* of the instruction */
    uint32_t word;  /* the instruction; 0 when it could not be fetched */
    uint32_t tval;
    uint32_t reason; /* enum interp_reason */
};

enum interp_dev_result {
    INTERP_DEV_OK,
    INTERP_DEV_NONE,  /* nothing at this address, or not with this size: access fault */
    INTERP_DEV_EVENT, /* done (stores only), and an interrupt may be deliverable now */
    INTERP_DEV_EXIT   /* done, and the machine is to stop */
};

/* What is outside RAM. bytes is 1, 2 or 4 and the address is a multiple of it. A device load
 * returns the bytes in the low bits of *value; the interpreter extends the sign. */
struct interp_dev {
    void *ctx;
    enum interp_dev_result (*load)(void *ctx, uint32_t addr, uint32_t bytes, uint32_t *value);
    enum interp_dev_result (*store)(void *ctx, uint32_t addr, uint32_t bytes, uint32_t value);
    uint32_t (*read_csr)(void *ctx,
                         enum rv_csr csr); /* cycle, time, instret and their high words */
    uint32_t (*read_mip)(void *ctx);       /* mip as the devices' lines are now; NULL: as it is */
};

/* One line of the decode cache, for a pc that is a multiple of 2. The aligned word of RAM that the
 * instruction begins in is compared at each use, so self-modifying code is right. A line of all
 * zero bytes is right, too: word 0 is illegal. */
struct interp_line {
    _Alignas(16) uint32_t raw;
    uint32_t imm;    /* of branches: minus the length */
    int32_t handler; /* of interp_run_blocks; relative to that of illegal instructions */
    uint32_t packed; /* length << 25 | rs2 << 20 | rs1 << 15 | rd << 7 | op */
};

/* For the instructions of 4 bytes at odd multiples of 2: what else is to be compared. */
struct interp_straddle {
    uint32_t high; /* second half of the instruction */
    int32_t handler;
};

struct interp {
    uint32_t pc;     /* guest pc; exact whenever interp_run is not running, and at every commit */
    uint32_t tohost; /* guest address of 8 bytes that are watched for stores; 1 = none */
    uint32_t tohost_bytes; /* those stored to; the user sets it to 0 */
    uint32_t tohost_pc;    /* of the last instruction that did */
    struct guest_state *gs;
    struct guest_mem mem;
    const struct interp_dev *dev;
    struct guest_priv priv;
    uint32_t
        device_touches; /* instructions that accessed a device; lets a profiler see MMIO sites */
    struct misaligned *misaligned; /* instructions that tried such an access; NULL: not wanted */
    struct interp_fault fault;
    /* While fetches are checked: these may be, as the user knows (bytes 0: he does not, then
     * each instruction is asked for) */
    struct xl_window code;
    uint32_t slow_result; /* internal: value read by a device, atomic or CSR access */
    struct interp_line cache[INTERP_CACHE_LINES];
    struct interp_straddle straddles[INTERP_CACHE_LINES / 2];
};

void interp_init(struct interp *in, struct guest_state *gs, const struct guest_mem *mem,
                 const struct interp_dev *dev, uint32_t pc);

/* Runs from in->pc until one of the events above; passes max_blocks - 1 block boundaries, and does
 * at most max_insns instructions in a block. Requires: in->mem.base
 * and .bytes are multiples of 4. Ensures: in->pc and guest state are exact. */
enum interp_event interp_run_blocks(struct interp *in, uint32_t max_insns, uint32_t max_blocks);

/* To the end of the block. */
static inline enum interp_event interp_run(struct interp *in, uint32_t max_insns) {
    return interp_run_blocks(in, max_insns, 1);
}

/* Delivers an interrupt (priv_pending_interrupt's cause) before the instruction at in->pc, and
 * announces it by a commit of 0 instructions. False, nothing changed: mtvec is outside RAM
 * (in->fault). */
bool interp_interrupt(struct interp *in, uint32_t cause);

/* Finishes the instruction of an INTERP_SEMIHOST event after it was served. */
static inline void interp_complete(struct interp *in) {
    in->pc += 4;
    guest_commit(in->gs);
}

#endif
