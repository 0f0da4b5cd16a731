/* SPDX-License-Identifier: MIT
 * Every CSR number in M mode and in U mode: read, written with several values, set, cleared. A guest
 * for lock-step with Spike, which says what is right; the guest itself only goes on.
 *
 * Left out: mtvec in modes and at places that would lose the handler (two legal writes stand apart),
 * and the lock bits of pmpcfg (a run of their own at the end, where nothing is executed behind them).
 */
.option norvc
.globl _start
.equ FINISHER, 0x100000
.equ MTVEC, 0x305
.equ PMPCFG, 0x3a0
.equ PMPADDR, 0x3b0

/* csrrw, set, clear, immediate; x20 to x23 are the values */
.macro probe number
    csrr x5, \number
    csrrw x6, \number, x20
    csrr x7, \number
    csrrs x8, \number, x21
    csrr x9, \number
    csrrc x12, \number, x22
    csrr x13, \number
    csrrw x14, \number, x23
    csrrwi x15, \number, 21
    csrrsi x16, \number, 10
    csrrci x17, \number, 5
    csrr x18, \number
    csrrs x0, \number, x0
    csrrw x0, \number, x5
.endm

_start:
    la x31, handler
    csrw mtvec, x31
    li x1, 0x1801 /* mtvec: direct and vectored, and modes that do not exist */
    csrw mtvec, x1
    csrr x2, mtvec
    ori x1, x31, 2
    csrw mtvec, x1
    csrr x2, mtvec
    ori x1, x31, 3
    csrw mtvec, x1
    csrr x2, mtvec
    ori x1, x31, 1
    csrw mtvec, x1
    csrr x2, mtvec
    csrw mtvec, x31

    li x20, -1
    li x21, 0x55555555
    li x22, 0x0f0f0f0f
    li x23, 0x5a3c8001
    jal x30, all_csrs
    li x20, 0x12345678
    li x21, 0xaaaaaaaa
    li x22, 0xff00ff00
    li x23, 0x80000c10
    jal x30, all_csrs

    csrwi mcountinhibit, 4 /* minstret: stopped, started, written in both states */
    csrr x1, minstret
    csrwi mcountinhibit, 0
    csrr x2, minstret
    csrwi mcountinhibit, 5
    csrw minstret, x20
    csrr x3, minstret
    csrw minstreth, x21
    csrwi mcountinhibit, 0
    csrr x4, minstret
    csrr x5, minstreth
    csrw minstret, x22
    csrr x6, instret

    jal x30, pmp
    li x1, 0x1888
    csrc mstatus, x1 /* MPP: U */
    li x1, -1
    csrw pmpaddr15, x1
    li x1, 0x1f000000
    csrw pmpcfg3, x1
    csrw pmpcfg0, x0
    csrw pmpcfg1, x0
    csrw pmpcfg2, x0
    csrw mcounteren, x0
    la x1, 1f
    csrw mepc, x1
    mret
1:  jal x30, all_csrs
    ecall /* the handler leaves U mode for the next line, for good */
    csrw mcounteren, x20
    csrr x1, mcounteren
    jal x30, locks
    li x1, FINISHER
    li x2, 0x5555
    sw x2, 0(x1)
2:  j 2b

/* four words in x24 to x27: configurations without the lock */
pmp:
    li x24, 0x1f1b0f03
    li x25, 0x12060418
    li x26, 0x7f7f7f7f
    li x27, 0x00020a1a
.irp word, 0, 1, 2, 3
.irp value, x24, x25, x26, x27
    csrrw x5, PMPCFG + \word, \value
    csrrs x6, PMPCFG + \word, x0
    csrrc x7, PMPCFG + \word, \value
.endr
.endr
.set number, 0
.rept 16
    csrrw x5, PMPADDR + number, x20
    csrr x6, PMPADDR + number
    csrrs x7, PMPADDR + number, x21
    csrrc x8, PMPADDR + number, x22
    csrr x9, PMPADDR + number
    .set number, number + 1
.endr
    jr x30

/* Locked entries 5 (TOR, so pmpaddr4 is locked, too), 6 and 15, all of which allow everything; then
 * writes around them. */
locks:
    li x1, -1
    csrw pmpaddr4, x0
    csrw pmpaddr5, x1
    csrw pmpaddr6, x1
    csrw pmpaddr15, x1
    li x1, 0x009f8f07
    csrw pmpcfg1, x1
    csrr x2, pmpcfg1
    li x1, 0x9f000000
    csrw pmpcfg3, x1
    csrr x2, pmpcfg3
.set number, 0
.rept 16
    csrrw x5, PMPADDR + number, x21
    csrr x6, PMPADDR + number
    csrrw x7, PMPADDR + number, x0
    .set number, number + 1
.endr
    csrw pmpcfg1, x0
    csrr x2, pmpcfg1
    li x1, 0x1f1f1f1f
    csrw pmpcfg1, x1
    csrr x2, pmpcfg1
    csrw pmpcfg3, x0
    csrr x2, pmpcfg3
    jr x30

all_csrs:
.set number, 0
.rept 4096
.if number != MTVEC && (number < PMPCFG || number >= PMPADDR + 64)
    probe number
.endif
    .set number, number + 1
.endr
    jr x30

/* Skips what trapped. An ecall from U mode stays in M mode. */
.align 2
handler:
    csrw mscratch, x29
    csrr x29, mepc
    addi x29, x29, 4
    csrw mepc, x29
    csrr x28, mcause
    csrr x27, mtval
    addi x28, x28, -8
    bnez x28, 1f
    li x28, 0x1800
    csrs mstatus, x28
1:  csrr x29, mscratch
    mret
