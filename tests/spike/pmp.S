/* SPDX-License-Identifier: MIT
 * Random PMP entries over 64 bytes of data, and random accesses there, aligned and misaligned: in M mode
 * and, by MPRV, with the rights of U mode; then the same with entry 7 locked, all data in it, read-only; at
 * the end with more entries locked. A guest for lock-step with Spike, which says what is right; the guest itself only goes on.
 */
.option norvc
.globl _start
.equ FINISHER, 0x100000
#ifndef SEED
#define SEED 0x1234567
#endif
#define ROUNDS 1500
#define ACCESSES 24
#define LOCKED_ACCESSES 4000

.macro random
    slli x9, x8, 13
    xor x8, x8, x9
    srli x9, x8, 17
    xor x8, x8, x9
    slli x9, x8, 5
    xor x8, x8, x9
.endm

/* pmpaddr \n: a word near the data, or a range of up to 32 bytes */
.macro set_address n
    random
    srli x10, x8, 7
    andi x10, x10, 15
    add x10, x10, x30
    andi x11, x8, 7
    srl x11, x29, x11
    or x10, x10, x11
    csrw pmpaddr\n, x10
.endm

_start:
    la x1, handler
    csrw mtvec, x1
    li x8, SEED
    la x31, data
    srli x30, x31, 2
    li x29, 15
    li x27, 0x7f7f7f7f
    jal x23, rounds
    ori x10, x30, 15
    csrw pmpaddr7, x10
    li x10, 0x99000000
    csrw pmpcfg1, x10
    jal x23, rounds

    jal x26, entries
    random
    csrw pmpcfg0, x8 /* half of them locked; the code is not in them */
    li x25, LOCKED_ACCESSES
    jal x26, accesses
    li x1, FINISHER
    li x2, 0x5555
    sw x2, 0(x1)
1:  j 1b

rounds:
    li x28, ROUNDS
1:  jal x26, entries
    random
    and x10, x8, x27
    csrw pmpcfg0, x10
    random
    and x10, x8, x27
    csrw pmpcfg1, x10
    li x25, ACCESSES
    jal x26, accesses
    addi x28, x28, -1
    bnez x28, 1b
    jr x23

entries:
    csrw pmpcfg0, x0
    csrw pmpcfg1, x0
    csrw pmpaddr0, x0
    set_address 0
    set_address 1
    set_address 2
    set_address 3
    set_address 4
    set_address 5
    set_address 6
    set_address 7
    jr x26

accesses:
    random
    srli x10, x8, 3
    andi x10, x10, 63
    add x10, x10, x31 /* where */
    srli x11, x8, 12
    andi x11, x11, 15
    slli x11, x11, 4
    la x12, operations
    add x12, x12, x11
    li x13, 0x21800 /* MPRV, MPP */
    csrc mstatus, x13
    random
    andi x11, x8, 8
    beqz x11, 1f
    li x13, 0x20000
    csrs mstatus, x13
1:  jalr x24, x12
    li x13, 0x21800
    csrc mstatus, x13
    addi x25, x25, -1
    bnez x25, accesses
    jr x26

.macro operation text:vararg
    \text
    jr x24
    .balign 16
.endm
.balign 16
operations:
    operation lb x14, 0(x10)
    operation lbu x15, 0(x10)
    operation lh x16, 0(x10)
    operation lhu x17, 0(x10)
    operation lw x18, 0(x10)
    operation lw x19, 1(x10)
    operation sb x8, 0(x10)
    operation sh x8, 0(x10)
    operation sw x8, 0(x10)
    operation sw x9, 3(x10)
    operation sh x8, 1(x10)
    operation lr.w x20, (x10)
    operation sc.w x21, x8, (x10)
    operation amoadd.w x22, x8, (x10)
    operation amoswap.w x22, x8, (x10)
    operation lh x16, 3(x10)

/* Skips what trapped. */
.align 2
handler:
    csrw mscratch, x1
    csrr x1, mepc
    addi x1, x1, 4
    csrw mepc, x1
    csrr x2, mcause
    csrr x3, mtval
    csrr x1, mscratch
    mret

.data
.balign 128
data:
    .space 128
