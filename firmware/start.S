/* SPDX-License-Identifier: MIT
 * Reset entry, way into translations, and trap entry of the firmware. Assembled for RV32EM like the rest
 * of the firmware and then translated ahead of time.
 *
 * Translations use the firmware's registers as temporaries, so native_enter keeps what its caller must
 * find again (ra, sp, s0, s1) in a save area that is reached from x0, without any register.
 * gp and tp are like t0 (firmware.mk). The loader has cleared bss.
 */
#define CSR(NAME, number, access, description) .equ CSR_##NAME, number
#define COUNTER(NAME, number, description)
#define MEMORY_COUNTER(NAME, number, description)
#include "rtl/machine/csrs.def"
#define INTRINSIC(NAME, funct3, form, native_op, description) .equ INTRINSIC_##NAME, funct3
#include "rtl/machine/intrinsics.def"

.equ CUSTOM_0, 0x0b

.macro native_csrr rd, number
        .insn i CUSTOM_0, INTRINSIC_CSRR, \rd, x0, \number
.endm
.macro native_csrw number, rs
        .insn i CUSTOM_0, INTRINSIC_CSRW, x0, \rs, \number
.endm

        .section .text.start, "ax"
        .globl  _start
        .type   _start, @function
_start:
        la      sp, firmware_stack_top
        la      t0, trap_entry
        native_csrw CSR_TVEC, t0
        call    main
1:      native_csrw CSR_SYS_EXIT, a0
        j       1b
        .size   _start, . - _start

/* uint32_t native_enter(uint32_t native_addr) */
        .globl  native_enter
        .type   native_enter, @function
native_enter:
        sw      ra, %lo(save_ra)(x0)
        sw      sp, %lo(save_sp)(x0)
        sw      s0, %lo(save_s0)(x0)
        sw      s1, %lo(save_s1)(x0)
        .insn r CUSTOM_0, INTRINSIC_ENTER, 0, x0, a0, x0
        .size   native_enter, . - native_enter

/* Every trap comes here. From guest mode: return from native_enter. */
        .globl  trap_entry
        .type   trap_entry, @function
trap_entry:
        sw      a5, %lo(native_trap_register)(x0)
        native_csrr a5, CSR_TRAP_MODE
        beqz    a5, firmware_trap
        lw      ra, %lo(save_ra)(x0)
        lw      sp, %lo(save_sp)(x0)
        lw      s0, %lo(save_s0)(x0)
        lw      s1, %lo(save_s1)(x0)
        native_csrr a0, CSR_TRAP_CAUSE
        ret
        .size   trap_entry, . - trap_entry

/* A trap of the firmware itself: a bug. Keep the registers for the dump; the old stack is not trusted. */
        .type   firmware_trap, @function
firmware_trap:
        .irp    n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14
        sw      x\n, %lo(native_panic_regs + 4 * (\n - 1))(x0)
        .endr
        lw      a5, %lo(native_trap_register)(x0)
        sw      a5, %lo(native_panic_regs + 56)(x0)
        native_csrr a0, CSR_TRAP_CAUSE
        native_csrr a1, CSR_TRAP_PC
        native_csrr a2, CSR_TRAP_ADDR
        la      sp, firmware_stack_top
        call    firmware_panic
        .size   firmware_trap, . - firmware_trap

        .section .rodata
        .balign 4
        .globl  native_image_bytes
        .type   native_image_bytes, @object
native_image_bytes:
        .word   0
        .size   native_image_bytes, 4

        .section .save, "aw", @nobits
        .balign 4
save_ra: .space 4
save_sp: .space 4
save_s0: .space 4
save_s1: .space 4
        .globl  native_trap_register
native_trap_register: .space 4
        .globl  native_panic_regs
native_panic_regs: .space 60
