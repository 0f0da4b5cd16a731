/* SPDX-License-Identifier: MIT
 * Hot loops with misaligned accesses of every kind (misaligned.sh looks at their cycles), and
 * accesses of the same instructions that leave RAM half-way: they trap with nothing stored. */
#include <stdint.h>
#include <stdio.h>
#include "selkirk_guest.h"

enum { TURNS = 5000, CAUSE_LOAD_ACCESS = 5, CAUSE_STORE_ACCESS = 7 };
#define RAM_END ((uint8_t *)(0x80000000u + RAM_BYTES))

static uint8_t buffer[64] __attribute__((aligned(8)));
static volatile uint32_t trap_cause, trap_value;

__attribute__((naked, aligned(4))) static void handler(void) {
    __asm__ volatile("csrr t5, mcause\nlui t6, %hi(trap_cause)\nsw t5, %lo(trap_cause)(t6)\n"
                     "csrr t5, mtval\nlui t6, %hi(trap_value)\nsw t5, %lo(trap_value)(t6)\n"
                     "csrr t5, mepc\naddi t5, t5, 4\ncsrw mepc, t5\nmret");
}

#define LOAD(op)                                                                                   \
    __attribute__((noinline)) static uint32_t do_##op(const uint8_t *p) {                          \
        uint32_t v;                                                                                \
        __asm__ volatile(".option push\n.option norvc\n" #op " %0, 1(%1)\n.option pop"             \
                         : "=&r"(v)                                                                \
                         : "r"(p)                                                                  \
                         : "memory", "t5", "t6");                                                  \
        return v;                                                                                  \
    }
#define STORE(op)                                                                                  \
    __attribute__((noinline)) static void do_##op(uint8_t *p, uint32_t v) {                        \
        __asm__ volatile(".option push\n.option norvc\n" #op " %0, 1(%1)\n.option pop"             \
                         :                                                                         \
                         : "r"(v), "r"(p)                                                          \
                         : "memory", "t5", "t6");                                                  \
    }
LOAD(lw)
LOAD(lh)
LOAD(lhu)
STORE(sw)
STORE(sh)

/* Fills the buffer and reads it, at all offsets: p + 1 is aligned once in four (two) turns. */
static uint32_t turns(void) {
    uint32_t sum = 0;
    for (uint32_t i = 0; i < TURNS; i++) {
        uint8_t *p = buffer + i % 16;
        do_sw(p, sum + i * 0x01234567u);
        do_sh(p + 5, sum ^ i);
        sum += do_lw(p + 1);
        sum ^= do_lh(p + 2);
        sum += do_lhu(p + 4);
    }
    return sum;
}

static unsigned wrong(uint32_t cause, const uint8_t *address) {
    unsigned is_wrong = trap_cause != cause || trap_value != (uintptr_t)address;
    trap_cause = trap_value = 0;
    return is_wrong;
}

static unsigned leave_ram(void) {
    unsigned n_wrong = 0;
    uint32_t before = 0x5a5aa5a5;
    *(uint32_t *)(void *)(RAM_END - 4) = before;
    for (uint32_t i = 0; i < 50; i++) {
        uint8_t *p = RAM_END - 3 + i % 3; /* p + 1, and one to three bytes of it, in RAM */
        do_sw(p - 1, i);
        n_wrong += wrong(CAUSE_STORE_ACCESS, p);
        do_lw(p - 1);
        n_wrong += wrong(CAUSE_LOAD_ACCESS, p);
        do_sh(RAM_END - 2, i);
        n_wrong += wrong(CAUSE_STORE_ACCESS, RAM_END - 1);
        do_lhu(RAM_END - 2);
        n_wrong += wrong(CAUSE_LOAD_ACCESS, RAM_END - 1);
        n_wrong += *(uint32_t *)(void *)(RAM_END - 4) != before;
    }
    return n_wrong;
}

int main(void) {
    __asm__ volatile("csrw mtvec, %0" ::"r"(handler));
    uint32_t sum = turns();
    roi_begin();
    sum += turns();
    roi_end();
    unsigned n_wrong = leave_ram();
    printf("sum %u, %u wrong\n", (unsigned)sum, n_wrong);
    return n_wrong != 0;
}
