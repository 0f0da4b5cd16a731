/* SPDX-License-Identifier: MIT
 * Start of a guest program on a bare machine with RAM at 0x80000000: stack, thread pointer (picolibc keeps errno
 * in thread-local storage), cleared bss, main, then exit() of the program's console (uart.c, semihost.c
 * or tohost.c). */
    .section .init, "ax"
    .globl _start
_start:
    .option push
    .option norelax
    la gp, __global_pointer$
    .option pop
    la sp, __stack_top
    la tp, __tls_base
    la t0, __bss_start
    la t1, __bss_end
1:  bgeu t0, t1, 2f
    sw zero, 0(t0)
    addi t0, t0, 4
    j 1b
2:  li a0, 0
    li a1, 0
    call main
    call machine_exit
3:  j 3b
