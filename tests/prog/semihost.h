/* SPDX-License-Identifier: MIT
 * For guest programs: a RISC-V semihosting call. */
#ifndef SEMIHOST_H
#define SEMIHOST_H

#include <stdint.h>

static inline uintptr_t semihost(uintptr_t operation, const void *parameter) {
    register uintptr_t a0 __asm__("a0") = operation;
    register uintptr_t a1 __asm__("a1") = (uintptr_t)parameter;
    __asm__ volatile(".option push\n"
                     ".option norvc\n"
                     ".balign 16\n"
                     "slli x0, x0, 0x1f\n"
                     "ebreak\n"
                     "srai x0, x0, 7\n"
                     ".option pop"
                     : "+r"(a0)
                     : "r"(a1)
                     : "memory");
    return a0;
}

#endif
