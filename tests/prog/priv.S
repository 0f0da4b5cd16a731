/* SPDX-License-Identifier: MIT
 * Traps and CSRs: every kind of trap that a program can cause, with mcause, mtval, where mepc points (bytes before
 * the end of the case) and mstatus; CSRs after writes; M and U mode; PMP; LR/SC; misaligned accesses. One line
 * each: number of the case and what was seen. Needs an RV32IMAC core with U mode and without S, F, D (QEMU:
 * qemu-check.sh says how). Only what QEMU does by the book is here. */
    .option arch, rv32imac_zicsr_zifencei
    .option norelax

    .equ NOWHERE, 0x12000000            /* no RAM, no device */
    .equ MPP, 0x1800
    .equ MPRV, 0x20000

    .macro CASE number                  /* a trap in it goes on at its END */
    li s7, \number
    la s6, 9f
    .endm
    .macro END
    .balign 4
9:
    .endm
    .macro SHOW reg
    mv a0, \reg
    jal print_hex
    .endm
    .macro SHOW_CSR name
    csrr a0, \name
    jal print_hex
    .endm
    .macro NEWLINE
    li a0, '\n'
    jal print_char
    .endm
    .macro TO_USER                      /* what follows runs in U mode */
    la t0, 8f
    csrw mepc, t0
    li t0, MPP
    csrc mstatus, t0
    mret
    .balign 4
8:
    .endm

    .text
    .globl main
main:
    la t0, saved
    sw ra, 0(t0)
    la t0, trap
    csrw mtvec, t0

    /* CSRs */
    SHOW_CSR misa
    SHOW_CSR mhartid
    li t1, 0x89abcdef
    csrw mscratch, t1
    SHOW_CSR mscratch
    csrrsi a0, mscratch, 16
    jal print_hex
    csrrci a0, mscratch, 15
    jal print_hex
    SHOW_CSR mscratch
    NEWLINE
    csrr s1, mtvec
    li t1, -1                           /* reserved mode: no change */
    csrw mtvec, t1
    csrr a0, mtvec
    sub a0, a0, s1
    jal print_hex
    li t1, 0xfffffffd                   /* vectored */
    csrw mtvec, t1
    SHOW_CSR mtvec
    csrw mtvec, s1
    li t1, 0x80000006
    csrw mepc, t1
    SHOW_CSR mepc
    li t1, 0x8000000b
    csrw mcause, t1
    SHOW_CSR mcause
    csrw mtval, t1
    SHOW_CSR mtval
    NEWLINE
    li t1, 0x888
    csrw mie, t1
    SHOW_CSR mie
    csrw mie, zero
    li t1, MPP | MPRV | 0x80
    csrw mstatus, t1
    SHOW_CSR mstatus
    csrw mstatus, zero
    SHOW_CSR mstatus
    csrwi mcounteren, 7
    SHOW_CSR mcounteren
    csrwi mcounteren, 0
    li t1, -1
    csrw pmpaddr3, t1
    SHOW_CSR pmpaddr3
    csrw pmpaddr3, zero
    SHOW_CSR pmpcfg0
    SHOW_CSR mhpmcounter3
    NEWLINE

    /* traps in M mode */
    CASE 1
    ecall
    END
    CASE 2
    ebreak
    END
    CASE 3
    .half 0                             /* defined illegal */
    END
    CASE 4
    .word 0xffffffff
    END
    CASE 5
    c.ebreak
    END
    CASE 6
    c.nop                               /* an illegal instruction across words */
    .half 0x202b, 0x1234
    END
    li s2, NOWHERE
    CASE 7
    lr.w a0, (s2)
    END
    CASE 8
    lw a0, 4(s2)
    END
    CASE 9
    sw a0, 8(s2)
    END
    CASE 10
    lbu a0, 3(s2)
    END
    CASE 11
    sh a0, 0(s2)
    END
    CASE 12
    jr s2
    END
    CASE 13
    .word 0x10200073                    /* sret */
    END
    CASE 14
    .word 0x00200073                    /* uret */
    END
    CASE 15
    csrr a0, 0x123
    END
    CASE 16
    csrw mhartid, a0
    END
    CASE 17
    csrwi cycle, 1
    END
    CASE 18
    li a1, -1
    csrrs a0, cycle, a1
    END
    CASE 19
    .half 0x4002                        /* c.lwsp x0 */
    END
    CASE 20
    .half 0x2000                        /* c.fld */
    END
    CASE 21
    .half 0x6101                        /* c.addi16sp of 0 */
    END
    CASE 22
    .half 0x6281                        /* c.lui of 0 */
    END
    CASE 23
    .half 0x1102                        /* c.slli by 32 */
    END
    CASE 24
    .word 0x0000002b                    /* custom-1 */
    END
    CASE 25
    .word 0x003130af                    /* an atomic instruction of 64 bits */
    END
    CASE 26
    .half 0x8002                        /* c.jr x0 */
    END
    CASE 27
    .half 0x9c61 & 0xfffe | 1           /* c.subw and friends: RV64 */
    END

    /* U mode; PMP entry 0 allows all */
    li t1, -1
    csrw pmpaddr0, t1
    li t1, 0x1f
    csrw pmpcfg0, t1
    CASE 28
    TO_USER
    ecall
    END
    CASE 29
    TO_USER
    csrr a0, mstatus
    END
    CASE 30
    TO_USER
    mret
    END
    CASE 31
    TO_USER
    rdcycle a0
    END
    csrwi mcounteren, 1
    CASE 32
    TO_USER
    rdcycle a0
    c.ebreak
    END
    CASE 33
    TO_USER
    rdinstret a0
    END
    CASE 34
    TO_USER
    sw a0, 0(s2)
    END
    CASE 35
    TO_USER
    jr s2
    END

    /* entry 0: a page that U mode may only read; entry 1: all. With MPRV it binds M mode's data. */
    la s3, page
    srli t1, s3, 2
    ori t1, t1, 0x1ff
    csrw pmpaddr0, t1
    li t1, -1
    csrw pmpaddr1, t1
    li t1, 0x1f19
    csrw pmpcfg0, t1
    SHOW_CSR pmpcfg0
    NEWLINE
    CASE 36
    TO_USER
    lw a0, 16(s3)
    lh a0, 2045(s3)
    ecall
    END
    CASE 37
    TO_USER
    li a1, -1
    sw a1, 16(s3)
    END
    CASE 38
    TO_USER
    amoor.w a0, s3, (s3)
    .balign 4
    END
    CASE 39
    li t1, MPP
    csrc mstatus, t1
    li t1, MPRV
    csrs mstatus, t1
    lw a0, 4(s3)
    sb a0, 5(s3)
    END
    CASE 40
    sw zero, 4(s3)                      /* M mode may */
    lw s4, 4(s3)
    ecall
    END
    /* locked: M mode is bound, and the entry stays */
    li t1, 0x1f99
    csrw pmpcfg0, t1
    CASE 41
    sw zero, 8(s3)
    END
    li t1, 0
    csrw pmpcfg0, t1
    csrw pmpaddr0, t1
    SHOW_CSR pmpcfg0
    NEWLINE

    /* reservations: each line the results of four sc.w */
    la s3, word
    sc.w s5, s3, (s3)                   /* none */
    SHOW s5
    lr.w t1, (s3)
    sc.w s5, t1, (s3)                   /* good */
    SHOW s5
    sc.w s5, t1, (s3)                   /* used up */
    SHOW s5
    lr.w t1, (s3)
    addi t2, t1, 1
    sw t2, 0(s3)
    sc.w s5, t1, (s3)                   /* the word has changed */
    SHOW s5
    NEWLINE
    CASE 42
    lr.w t1, (s3)
    ecall
    END
    sc.w s5, t1, (s3)                   /* a trap came in between */
    SHOW s5
    li t1, 5
    li t2, -7
    sw t1, 0(s3)
    amoadd.w s5, t2, (s3)
    SHOW s5
    amomin.w s5, t1, (s3)
    SHOW s5
    amomaxu.w s5, t1, (s3)
    SHOW s5
    amoswap.w.aqrl s3, s3, (s3)
    SHOW s3
    NEWLINE

    /* misaligned */
    la s3, word
    li t1, 0x81828384
    sw t1, 1(s3)
    lw s5, 1(s3)
    SHOW s5
    lh s5, 3(s3)
    SHOW s5
    sh t1, 3(s3)
    lw s5, 0(s3)
    la t2, word
    andi t2, t2, 0xff                   /* byte 0 holds part of an address */
    xor s5, s5, t2
    SHOW s5
    lhu s5, 1(s3)
    SHOW s5
    NEWLINE
    la t0, saved
    lw ra, 0(t0)
    li a0, 0
    ret

print_char:
    li t0, 0x10000000
    sb a0, 0(t0)
    ret

#include "print_hex.inc"

    .balign 4
trap:
    csrr s8, mstatus
    li t0, MPRV
    csrc mstatus, t0
    SHOW s7
    SHOW_CSR mcause
    csrr a0, mtval
    la t0, page                         /* an address of ours: relative to page */
    sub t1, a0, t0
    srli t2, t1, 12
    bnez t2, 1f
    mv a0, t1
1:  jal print_hex
    csrr a0, mepc
    beq a0, s2, 2f
    sub a0, s6, a0
2:  jal print_hex
    SHOW s8
    NEWLINE
    csrw mepc, s6
    li t0, MPP
    csrs mstatus, t0
    mret

    .bss
    .balign 4096
page: .space 4096
    .balign 256
word: .space 8
saved: .space 4
