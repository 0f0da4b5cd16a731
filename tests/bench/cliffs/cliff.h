/* SPDX-License-Identifier: MIT
 * For the guests of `make cliffs` (tests/bench/cliffs.py): each writes code of the shape that its
 * -D options ask for, runs it until everything is translated that ever will be, and then some more
 * between the markers of the region of interest. */
#ifndef SELKIRK_CLIFF_H
#define SELKIRK_CLIFF_H

#include <stdint.h>
#include "tests/prog/selkirk_guest.h"

typedef uint32_t (*cliff_function)(uint32_t);

enum { A0 = 10, RA = 1 };

static inline uint32_t make_addi(uint32_t rd, uint32_t rs, uint32_t imm) {
    return imm << 20 | rs << 15 | rd << 7 | 0x13;
}

static inline uint32_t make_lw(uint32_t rd, uint32_t rs, uint32_t imm) {
    return imm << 20 | rs << 15 | 2 << 12 | rd << 7 | 0x03;
}

static inline uint32_t make_jalr(uint32_t rd, uint32_t rs) {
    return rs << 15 | rd << 7 | 0x67;
}

static inline uint32_t make_jal(uint32_t rd, uint32_t offset) {
    return (offset >> 20 & 1) << 31 | (offset >> 1 & 0x3ff) << 21 | (offset >> 11 & 1) << 20 |
           (offset >> 12 & 0xff) << 12 | rd << 7 | 0x6f;
}

enum { C_ADDI_A0 = 0x0505, C_RET = 0x8082, C_J_NEXT = 0xa009 }; /* c.j to what follows */

static inline void fence_i(void) {
    __asm__ volatile("fence.i" ::: "memory");
}

/* Calls f `warm` times, then `turns` times in the region of interest. */
static inline uint32_t measure(cliff_function f, uint32_t warm, uint32_t turns) {
    uint32_t a = 1;
    while (warm-- > 0)
        a = f(a);
    roi_begin();
    while (turns-- > 0)
        a = f(a);
    roi_end();
    return a;
}

void machine_exit(int status) {
    *(volatile uint32_t *)0x100000u = status == 0 ? 0x5555 : (uint32_t)status << 16 | 0x3333;
    for (;;)
        ;
}

#endif
