/* SPDX-License-Identifier: MIT
 * Guest for the planted bugs in the watch over changed code: rewrites an instruction in the middle of each of two hot functions,
 * in granules of their own, every eighth turn, one store right after the other, without fence.i, which takes effect at once here
 * and in QEMU. Exit status 0 if all results were right. */
    .option norelax
    .section .init, "ax"
    .globl _start
_start:
    la s0, patched
    la s5, patched_too
    lw s1, 0(s0)
    lw s6, 0(s5)
    li s2, 1 << 20          # one more in the immediate
    li s3, 200
    li s4, 1                # result to expect, less 15 or 7
1:  call function
    addi t0, s4, 15
    bne a0, t0, 2f
    call function_too
    addi t0, s4, 7
    bne a0, t0, 2f
    addi s3, s3, -1
    andi t0, s3, 7
    bnez t0, 1b
    add s1, s1, s2
    add s6, s6, s2
    sw s1, 0(s0)
    sw s6, 0(s5)
    addi s4, s4, 1
    bnez s3, 1b
2:  lui a0, 0x100           # the finisher
    li a3, 0x5555
    beqz s3, 3f
    li a3, 0x13333
3:  sw a3, 0(a0)
4:  j 4b

    .balign 512
function:
    li a0, 1
    slli a0, a0, 3
    addi a0, a0, 3
    addi a0, a0, 4
patched:
    addi a0, a0, 1
    ret

    .balign 512
function_too:
    li a0, 3
    addi a0, a0, 4
patched_too:
    addi a0, a0, 1
    ret
