/* SPDX-License-Identifier: MIT
 * Guest for the planted bug in the choice between translation and interpreter: a hot loop stores to one word in U mode, first
 * with PMP open to it, then with the word's 16 bytes read only. Exit status 0 if the first store of the second time traps. */
    .option arch, +zicsr
    .section .init, "ax"
    .globl _start
_start:
    la t0, trap
    csrw mtvec, t0
    la s0, word
    srli t0, s0, 2
    ori t0, t0, 1           # NAPOT, 16 bytes
    csrw pmpaddr0, t0
    li t0, -1
    csrw pmpaddr1, t0
    li t0, 0x1f1f           # both entries: all rights
    csrw pmpcfg0, t0
    li s1, 100
    la t0, loop
    csrw mepc, t0
    mret

loop:
    sw s1, 0(s0)
    addi s1, s1, -1
    bnez s1, loop
    ecall

    .balign 4
trap:
    csrr t0, mcause
    li t1, 8
    bne t0, t1, 1f          # not the ecall
    bnez s2, fail           # the second one: no store has trapped
    li s2, 1
    li t0, 0x1f19           # entry 0: read only
    csrw pmpcfg0, t0
    li s1, 100
    la t0, loop
    csrw mepc, t0
    mret
1:  li t1, 7
    bne t0, t1, fail
    li t0, 100
    bne s1, t0, fail
    lw t0, 0(s0)
    li t1, 1
    bne t0, t1, fail
    li t0, 0x5555
    j stop
fail:
    li t0, 0x13333
stop:
    lui t1, 0x100           # the finisher
    sw t0, 0(t1)
1:  j 1b

    .data
    .balign 16
word: .space 16
