/* SPDX-License-Identifier: MIT
 * Random instruction words, one after the other, in U mode on a page that may only be executed and read
 * and with a page of data; system instructions without a CSR in M mode, too. A guest for lock-step with
 * Spike, which says what is right; the guest itself only goes on: whatever the word does, it ends in a
 * trap (ecalls stand around it), at the latest by the timer.
 */
.option norvc
.globl _start
.equ FINISHER, 0x100000
.equ MTIMECMP, 0x02004000
.equ MTIME, 0x0200bff8
#ifndef WORDS
#define WORDS 400000
#endif
.equ LOOP_TICKS, 2000 /* what stops a word that jumps to itself */

/* \to = the next random number; x8 holds the generator's state */
.macro random to
    slli \to, x8, 13
    xor x8, x8, \to
    srli \to, x8, 17
    xor x8, x8, \to
    slli \to, x8, 5
    xor x8, x8, \to
    mv \to, x8
.endm

_start:
    la x1, next
    csrw mtvec, x1
    la x1, code
    srli x1, x1, 2
    ori x1, x1, 0x1ff /* a page */
    csrw pmpaddr0, x1
    la x1, data
    srli x1, x1, 2
    ori x1, x1, 0x1ff
    csrw pmpaddr1, x1
    li x1, 0x1b1d
    csrw pmpcfg0, x1
    li x1, MTIMECMP
    sw x0, 4(x1)
    li x1, 0x80
    csrw mie, x1

.align 2
next: /* the trap handler, too */
    la x31, state
    lw x8, 0(x31)
    lw x9, 4(x31)
    addi x9, x9, -1
    bltz x9, finish
    sw x9, 4(x31)

    random x10 /* the word */
    random x11 /* how it is chosen */
    andi x12, x11, 3
    bnez x12, 1f
    andi x10, x10, -4 /* a compressed one of quadrant 0 to 2 */
    srli x12, x11, 2
    li x13, 3
    remu x12, x12, x13
    or x10, x10, x12
    j 2f
1:  srli x12, x11, 2
    andi x12, x12, 7
    beqz x12, 2f /* any word */
    srli x12, x11, 5
    andi x12, x12, 15
    la x13, opcodes
    add x12, x12, x13
    lbu x12, 0(x12)
    andi x10, x10, -128
    or x10, x10, x12
    srli x12, x11, 9
    andi x12, x12, 1
    bnez x12, 2f
    li x12, 0x41ffffff /* funct7 of the base and of M */
    and x10, x10, x12
    srli x12, x11, 10
    andi x12, x12, 1
    bnez x12, 2f
    li x12, 0x01ffffff /* few bits: ecall, ebreak, fence and the like */
    and x10, x10, x12
    srli x12, x11, 11
    andi x12, x12, 3
    bnez x12, 2f
    li x12, 0x00ff8fff /* funct3 0 */
    and x10, x10, x12

2:  la x14, code + 0x400 /* where it stands: at a word, or across two */
    li x12, 0x73
    sw x12, -4(x14)
    sw x12, 0(x14)
    sw x12, 4(x14)
    sw x12, 8(x14)
    srli x12, x11, 13
    andi x12, x12, 2
    add x14, x14, x12
    sh x10, 0(x14)
    srli x12, x10, 16
    sh x12, 2(x14)
    fence.i
    csrw mepc, x14

    li x15, 0x1880
    csrc mstatus, x15
    li x16, 0x80 /* MPIE; U mode */
    li x12, 0x707f
    and x12, x12, x10
    addi x12, x12, -0x73
    bnez x12, 3f
    srli x12, x11, 20
    andi x12, x12, 1
    beqz x12, 3f
    mv x16, x15
3:  csrs mstatus, x16
    random x12
    sw x8, 0(x31)
    li x15, MTIME
    lw x12, 0(x15)
    addi x12, x12, LOOP_TICKS
    li x15, MTIMECMP
    sw x12, 0(x15)

    /* registers: odd ones anything, even ones addresses in the middle of the page of data */
    la x30, data + 0x400
.irp n, 2, 4, 6, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28
    srli x\n, x8, \n
    andi x\n, x\n, 0x7ff
    add x\n, x\n, x30
.endr
.irp n, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31
    slli x\n, x8, \n
    xor x\n, x\n, x8
.endr
    mret

finish:
    li x1, FINISHER
    li x2, 0x5555
    sw x2, 0(x1)
4:  j 4b

.data
.align 2
state:
    .word 0x2545f491, WORDS
opcodes:
    .byte 0x03, 0x13, 0x33, 0x23, 0x63, 0x67, 0x6f, 0x73, 0x73, 0x0f, 0x2f, 0x2f, 0x37, 0x17, 0x13, 0x33

.align 12
code:
.rept 1024
    ecall
.endr
data:
    .space 4096
