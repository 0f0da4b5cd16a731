/* SPDX-License-Identifier: MIT
 * Start of the Linux guest's init: the kernel has set the stack; nothing else is needed. */
    .section .init, "ax"
    .globl _start
_start:
    call init_main
1:  j 1b
