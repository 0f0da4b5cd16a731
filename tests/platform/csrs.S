/* SPDX-License-Identifier: MIT
 * Every CSR number: what can be read in U mode with mcounteren 0 and all ones, then in M mode what it reads, and
 * reads after a write of all ones and of zeros. One line a CSR that exists: number, which of the five accesses
 * trapped (or 0x100, 0x200: read in U mode), the three values. What counts or is the place of the handler has 0
 * for values. csrs.sh compares with QEMU. */
    .option norelax
    .option norvc
    .equ MPP, 0x1800

    .macro CSR f3, number, rd, rs1
    .word \number << 20 | \rs1 << 15 | \f3 << 12 | \rd << 7 | 0x73
    .endm
    .macro IN_USER number
    li s4, 1
    li s3, 0
    CSR 2, \number, 0, 0
    li a0, \number
    jal show_user
    .endm
    .macro IN_MACHINE number
    li t1, -1
    li s3, 0                                /* what has trapped; s4: the bit of the next access */
    li s4, 1
    CSR 2, \number, 11, 0
    li s4, 2
    CSR 1, \number, 0, 6
    li s4, 4
    CSR 2, \number, 12, 0
    li s4, 8
    CSR 1, \number, 0, 0
    li s4, 16
    CSR 2, \number, 13, 0
    li a0, \number
    jal show
    .endm

    .text
    .globl main
main:
    addi sp, sp, -16
    sw ra, 12(sp)
    la t0, trap
    csrw mtvec, t0
    li t0, 0x02004000                       /* mtimecmp: no timer interrupt */
    li t1, -1
    sw t1, 4(t0)
    csrw pmpaddr0, t1
    li t1, 0x1f
    csrw pmpcfg0, t1
    li s5, 0x100
    csrw mcounteren, zero
    jal user
    li s5, 0x200
    li t1, -1
    csrw mcounteren, t1
    jal user
    /* downwards: pmpcfg locks the pmpaddr */
    .set n, 4095
    .rept 4096
    .if n != 0x305
    IN_MACHINE n
    .endif
    .set n, n - 1
    .endr
    lw ra, 12(sp)
    addi sp, sp, 16
    li a0, 0
    ret

user:                                       /* returns in M mode, by ecall */
    mv s6, ra
    li t0, MPP
    csrc mstatus, t0
    la t0, 1f
    csrw mepc, t0
    mret
1:  .set n, 0
    .rept 4096
    IN_USER n
    .set n, n + 1
    .endr
    ecall
    jr s6

    .balign 4
trap:                                       /* on behind it; an ecall from U mode in M mode */
    or s3, s3, s4
    csrr t5, mepc
    addi t5, t5, 4
    csrw mepc, t5
    csrr t5, mcause
    addi t5, t5, -8
    bnez t5, 1f
    li t5, MPP
    csrs mstatus, t5
1:  mret

show_user:
    bnez s3, 1f
    mv s8, ra
    mv s3, s5
    li a1, 0
    li a2, 0
    li a3, 0
    jal line
    mv ra, s8
1:  ret

show:
    mv s8, ra
    csrw mie, zero
    csrw mstatus, zero
    li t0, 31
    beq s3, t0, 2f
    srli t1, a0, 8                          /* cycle, time, instret and their like change all the time */
    addi t1, t1, -0xb
    sltiu t1, t1, 2
    andi t2, a0, 0x7f
    sltiu t2, t2, 3
    and t1, t1, t2
    beqz t1, 1f
    li a1, 0
    li a2, 0
    li a3, 0
1:  jal line
2:  jr s8

line:                                       /* a0, s3, a1 to a3 */
    mv s9, ra
    jal print_hex
    mv a0, s3
    jal print_hex
    mv a0, a1
    jal print_hex
    mv a0, a2
    jal print_hex
    mv a0, a3
    jal print_hex
    li t0, 0x10000000
    li t1, '\n'
    sb t1, 0(t0)
    jr s9

#include "print_hex.inc"
