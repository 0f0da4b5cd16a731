/* SPDX-License-Identifier: MIT
 * A hot loop that counts in memory at every turn and sums a table. The counter lies GAP bytes after the loop's code: with a small gap code and
 * data share a protected granule, and every turn stores into it. The exit status says whether the counter and the sum are right. */
#ifndef GAP
#define GAP 4
#endif
    .equ TURNS, 100000
    .option norvc
    .text
    .balign 512
    .globl main
main:
    li a0, TURNS
    la a1, counter
    la a2, table
    li a3, 0
1:  andi t0, a0, 7
    slli t0, t0, 2
    add t0, t0, a2
    lw t1, 0(t0)
    xor t1, t1, a0
    add a3, a3, t1
    lw t2, 0(a1)
    addi t2, t2, 1
    sw t2, 0(a1)
    addi a0, a0, -1
    bnez a0, 1b

    lw t2, 0(a1)
    li t0, TURNS
    sub a0, t2, t0
    snez a0, a0
    li t0, 0xc16c86c4
    sub t0, a3, t0
    snez t0, t0
    or a0, a0, t0
    ret
table:
    .word 1, 20, 300, 4000, 50000, 600000, 7000000, 80000000
    .balign 4
    .space GAP
counter:
    .word 0
