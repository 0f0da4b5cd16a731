/* SPDX-License-Identifier: MIT
 * What the firmware's C can say to the native machine: each function is one CUSTOM_0 instruction of
 * rtl/machine/intrinsics.def, which the ahead-of-time translator turns into one native operation.
 *
 *   uint32_t cause = native_csrr(CSR_TRAP_CAUSE);   // numbers must be compile-time constants
 *   native_wrh(10, 0);                              // guest a0 = 0
 *   cause = native_enter(native_address);           // runs translations until something traps
 *
 * Include it as "native.h": hosted tests put a file of the same name and functions in front of it.
 * They keep their order among each other, and all but rdh and wrh (homes are no memory) with memory
 * accesses. A csrr right after a csrw sees the new value: the ahead-of-time translator keeps the
 * distance that the machine asks for.
 */
#ifndef SELKIRK_FIRMWARE_NATIVE_H
#define SELKIRK_FIRMWARE_NATIVE_H

#include <stdint.h>
#include "machine.h"

#define NATIVE_INLINE static inline __attribute__((always_inline))

/* Native control register `number` (CSR_x of machine.h). */
NATIVE_INLINE uint32_t native_csrr(const unsigned number) {
    uint32_t value;
    __asm__ volatile(".insn i 0x0b, %1, %0, x0, %2"
                     : "=r"(value)
                     : "i"(INTRINSIC_CSRR_FUNCT3), "i"(number)
                     : "memory");
    return value;
}

NATIVE_INLINE void native_csrw(const unsigned number, uint32_t value) {
    __asm__ volatile(".insn i 0x0b, %0, x0, %1, %2"
                     :
                     : "i"(INTRINSIC_CSRW_FUNCT3), "r"(value), "i"(number)
                     : "memory");
}

/* Value of guest register x[number], number < 32, at the commit point. */
NATIVE_INLINE uint32_t native_rdh(uint32_t number) {
    uint32_t value;
    __asm__ volatile(".insn r 0x0b, %1, 0, %0, %2, x0"
                     : "=r"(value)
                     : "i"(INTRINSIC_RDH_FUNCT3), "r"(number));
    return value;
}

/* Guest x[number] = value; number 0 does nothing. */
NATIVE_INLINE void native_wrh(uint32_t number, uint32_t value) {
    __asm__ volatile(".insn r 0x0b, %0, 0, x0, %1, %2"
                     :
                     : "i"(INTRINSIC_WRH_FUNCT3), "r"(number), "r"(value));
}

/* Counts `insns` interpreted guest instructions (CSR INSNS_FW); insns < 2048, a constant. */
NATIVE_INLINE void native_commit(const unsigned insns) {
    __asm__ volatile(".insn i 0x0b, %0, x0, x0, %1"
                     :
                     : "i"(INTRINSIC_COMMIT_FUNCT3), "i"(insns)
                     : "memory");
}

/* Stands still until the native timer is due (CSR TIMER_CMP, on or not) or, with NATIVE_WAIT_BYTE,
 * a byte has been received. */
enum { NATIVE_WAIT_TIMER = 0, NATIVE_WAIT_BYTE = 1 };
NATIVE_INLINE void native_wait(const unsigned what) {
    __asm__ volatile(".insn i 0x0b, %0, x0, x0, %1"
                     :
                     : "i"(INTRINSIC_WAIT_FUNCT3), "i"(what)
                     : "memory");
}

/* The interpreter has stored to guest RAM: here the machine sees that by itself. */
NATIVE_INLINE void native_note_store(uint32_t addr) {
    (void)addr;
}

/* A 64-bit event counter by the number of its low word (CSR_CYCLES, ...). */
NATIVE_INLINE uint64_t native_counter(const unsigned number) {
    uint32_t high, low;
    do {
        high = native_csrr(number + 1);
        low = native_csrr(number);
    } while (high != native_csrr(number + 1));
    return (uint64_t)high << 32 | low;
}

/* Stops the machine with this exit status. */
NATIVE_INLINE __attribute__((noreturn)) void native_exit(uint32_t status) {
    for (;;)
        native_csrw(CSR_SYS_EXIT, status);
}

/* Runs the translation at `native_addr` in guest mode. Returns the cause (TRAP_x) of the trap that
 * came back; CSR TRAP_PC and TRAP_ADDR tell the rest. Saves what the C code around it needs.
 * (start.S) */
uint32_t native_enter(uint32_t native_addr);

/* Register 47 as the last guest-mode trap found it: guest pc of an indirect exit. (start.S) */
extern uint32_t native_trap_register;
NATIVE_INLINE uint32_t native_trap_target(void) {
    return native_trap_register;
}

/* Registers x1..x15 of the firmware when it trapped itself, for firmware_panic. (start.S) */
extern uint32_t native_panic_regs[15];

/* Bytes of CODE memory that the firmware image takes; the rest is free for the tcache. Filled in by
 * the ahead-of-time translator, which finds it by its name. */
extern const uint32_t native_image_bytes;

/* Provided by the firmware: */
int main(void); /* its result is the exit status */
__attribute__((noreturn)) void firmware_panic(uint32_t cause, uint32_t native_pc, uint32_t addr);

#endif
