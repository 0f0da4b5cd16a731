/* SPDX-License-Identifier: MIT
 * Guest for the planted bug in the order of the undo log: a hot block counts a word up by two stores and then stores a
 * byte, first to RAM, in the end to the UART. The block then faults with both stores done, and
 * must find the word as it was. Exit status 0 if the word has the right value. */
    .section .init, "ax"
    .globl _start
_start:
    la a0, word
    la a2, byte
    li a3, 40
    li a4, '.'
    call count
    lui a2, 0x10000         # the UART
    li a3, 2
    call count
    lw a1, 0(a0)
    li a2, 84
    lui a0, 0x100           # the finisher
    li a3, 0x5555
    beq a1, a2, 1f
    li a3, 0x13333
1:  sw a3, 0(a0)
2:  j 2b

count:
    lw a1, 0(a0)
    addi a1, a1, 1
    sw a1, 0(a0)
    addi a1, a1, 1
    sw a1, 0(a0)
    sb a4, 0(a2)
    addi a3, a3, -1
    bnez a3, count
    ret

    .data
    .balign 4
word: .word 0
byte: .word 0
