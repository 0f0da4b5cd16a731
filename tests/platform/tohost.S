/* SPDX-License-Identifier: MIT
 * Messages to the simulator through the 64-bit word tohost, by every kind of store and in every order; CASE chooses
 * (tohost.sh). s0 tohost, s1 a word beside it in the same granule, s2 the head of a console message. */
#define FUNCTION_INSNS 20
#define FUNCTIONS 24
    .option norelax
    .globl _start, tohost
    .section .text.start, "ax"
_start:
    la s0, tohost
    la s1, beside
    li s2, 0x01010000
    li s3, TURNS
    j test

/* store low half, wait, store high half: how a guest's libraries do it in two blocks; a1 low, a2 high */
low_first:
    sw a1, 0(a0)
    j 1f
1:  sw a2, 4(a0)
    ret
high_first:
    sw a2, 4(a0)
    j 1f
1:  sw a1, 0(a0)
    ret
byte_by_byte:
    mv t0, a1
    .irp n, 0, 1, 2, 3
    sb t0, \n(a0)
    srli t0, t0, 8
    .endr
    mv t0, a2
    .irp n, 4, 5, 6, 7
    sb t0, \n(a0)
    srli t0, t0, 8
    .endr
    ret
from_the_end:
    .irp n, 7, 6
    srli t0, a2, 8 * (\n - 4)
    sb t0, \n(a0)
    .endr
    sh a2, 4(a0)
    srli t0, a1, 16
    sh t0, 2(a0)
    srli t0, a1, 8
    sb t0, 1(a0)
    sb a1, 0(a0)
    ret

/* the function becomes hot on the word beside: its translated stores are nothing special */
.macro warm_up function
    li s4, 100
9:  mv a0, s1
    li a1, 3
    li a2, 0
    call \function
    addi s4, s4, -1
    bnez s4, 9b
.endm

.macro exit_by function
    warm_up \function
    mv a0, s0
    li a1, 11
    li a2, 0
    call \function
.endm

/* TURNS bytes: all values in turn */
.macro print_by function
    warm_up \function
1:  mv a0, s0
    andi a1, s3, 0xff
    mv a2, s2
    call \function
2:  lw t0, 4(s0)
    bnez t0, 2b
    addi s3, s3, -1
    bnez s3, 1b
    li t0, 11
    sw t0, 0(s0)
    sw zero, 4(s0)
.endm

test:
#if CASE == 1
    exit_by low_first
#elif CASE == 2
    exit_by high_first
#elif CASE == 3
    exit_by byte_by_byte
#elif CASE == 4
    exit_by from_the_end
#elif CASE == 5
    li t0, 11
    sw t0, 0(s0)
#elif CASE == 6
    li t0, 11
    sb t0, 0(s0)
#elif CASE == 7
    li t0, 11
    sh t0, 0(s0)
#elif CASE == 8
    li t0, 11
    amoswap.w t1, t0, (s0)
    add t2, t1, t1
#elif CASE == 9
    li t0, 11
    amoor.w zero, t0, (s0)
#elif CASE == 10
    li t0, 11
    lr.w t1, (s0)
    sc.w t1, t0, (s0)
#elif CASE == 11
    li t0, 11 << 8
    sw t0, -1(s0)
#elif CASE == 12 /* as riscv-tests do it */
    li t0, 11
1:  sw t0, 0(s0)
    sw zero, 4(s0)
    j 1b
#elif CASE == 13 /* and older ones */
    li t0, 11
1:  sw t0, 0(s0)
    j 1b
#elif CASE == 14
    print_by low_first
#elif CASE == 15
    print_by high_first
#elif CASE == 16
    print_by byte_by_byte
#elif CASE == 17 /* the low half of the head says nothing */
    li s2, 0x0101ffff
    print_by from_the_end
#elif CASE == 18 /* the halves far apart */
1:  li t0, 'a'
    sw t0, 0(s0)
    li t0, 20000
2:  addi t0, t0, -1
    bnez t0, 2b
    sw s2, 4(s0)
3:  lw t0, 0(s0)
    bnez t0, 3b
    addi s3, s3, -1
    bnez s3, 1b
    li t0, 11
    sw t0, 0(s0)
#elif CASE == 19 /* nothing but a store now and then, which is hot by use on another word */
1:  mv a0, s1
    andi t0, s3, 63
    bnez t0, 2f
    mv a0, s0
2:  li a1, 'a'
    mv a2, s2
    call low_first
3:  lw t0, 4(s0)
    bnez t0, 3b
    addi s3, s3, -1
    bnez s3, 1b
    li t0, 11
    sw t0, 0(s0)
#elif CASE == 20 /* hot data beside it */
1:  lw t0, 0(s1)
    addi t0, t0, 1
    sw t0, 0(s1)
    addi s3, s3, -1
    bnez s3, 1b
    li t0, 11
    sw t0, 0(s0)
#elif CASE == 21 /* late in a run, a wait for the timer between the halves: no exit yet */
    li t0, 3000000
1:  csrr t1, mcycle
    bltu t1, t0, 1b
    li t0, 0x0200bff8
    lw t1, 0(t0)
    addi t1, t1, 1000
    li t0, 0x02004000
    sw t1, 0(t0)
    sw zero, 4(t0)
    li t0, 0x80
    csrw mie, t0
    li t0, 'a'
    sw t0, 0(s0)
    wfi
    sw s2, 4(s0)
2:  lw t0, 0(s0)
    bnez t0, 2b
    csrw mie, zero
    li t0, 11
    sw t0, 0(s0)
#elif CASE == 22 /* a translation is under way, and put aside, when its stores go there for the first time */
    la s5, functions /* the first so many turns use the word beside */
1:  li s6, 3
2:  li s4, 0
3:  mv a0, s1
    blt s4, s6, 4f
    mv a0, s0
4:  jalr s5
5:  lw t0, 4(s0)
    bnez t0, 5b
    addi s4, s4, 1
    blt s4, s3, 3b
    addi s5, s5, 4 * FUNCTION_INSNS
    addi s6, s6, 1
    li t0, 9
    blt s6, t0, 2b
    lw t0, 0(s5)
    bnez t0, 1b
    li t0, 11
    sw t0, 0(s0)
#endif
#if WAIT
1:  wfi
    j 1b
#else
    j .
#endif

functions:
    .rept FUNCTIONS
    li t0, 'a'
    .rept FUNCTION_INSNS - 4
    xor t1, t1, t2
    .endr
    sw t0, 0(a0)
    sw s2, 4(a0)
    ret
    .endr
    .word 0

    .data
    .balign 64
    .word 0
    .balign 8
tohost:
    .dword 0
beside:
    .dword 0
