/* SPDX-License-Identifier: MIT
 * Code that changes in its last half word only, in granules where data that is stored all the time
 * has made regions check themselves (front/recheck.c). The last half word is an instruction of its
 * own, or the upper half of a longer one; it lies in a word of its own, or does not; the code in
 * front of it has several lengths. Each change must take effect at once. */
#include <stdint.h>
#include <stdio.h>

enum { GRANULE = 512, GRANULES = 8, LEADS = 6, WARM = 12, HEAT = 60, CALLS = 4 };
enum { C_NOP = 0x0001, C_LI_A0_1 = 0x4505, C_ADDI_A0_1 = 0x0505, C_RET = 0x8082 };
enum { SW_LOW = 0xa023, SW_A0 = 0x00a5, SW_A2 = 0x00c5 }; /* sw a0 or a2, 0(a1) */

static uint8_t area[GRANULE * GRANULES] __attribute__((aligned(GRANULE)));
static uint32_t stored;
static unsigned wrong, changes;

static void put(uint8_t *at, uint16_t half) {
    *(volatile uint16_t *)(void *)at = half;
}

static void fence_i(void) {
    __asm__ volatile("fence.i" ::: "memory");
}

/* What the code returns in a0; a1 is &stored, a2 is 7. */
static __attribute__((noinline)) uint32_t call(const uint8_t *code) {
    register uint32_t a0 __asm__("a0") = 3;
    register uint32_t *a1 __asm__("a1") = &stored;
    register uint32_t a2 __asm__("a2") = 7;
    __asm__ volatile("jalr ra, %3" : "+r"(a0), "+r"(a1), "+r"(a2) : "r"(code) : "ra", "memory");
    return a0;
}

/* Code with `leads` half words of nothing in front; returns where that ends. */
static uint8_t *put_leads(uint8_t *at, unsigned leads) {
    for (unsigned i = 0; i < leads; i++, at += 2)
        put(at, C_NOP);
    return at;
}

static void change(uint8_t *last, uint16_t half) {
    put(last, half);
    fence_i();
    changes++;
}

/* li a0, 1; ret, whose ret becomes addi a0, 1 (a ret is behind it). */
static void short_last(uint8_t *at, unsigned leads) {
    uint8_t *end = put_leads(at, leads);
    put(end, C_LI_A0_1);
    put(end + 2, C_RET);
    put(end + 4, C_RET);
    fence_i();
    for (unsigned i = 0; i < WARM; i++)
        wrong += call(at) != 1;
    change(end + 2, C_ADDI_A0_1);
    for (unsigned i = 0; i < CALLS; i++)
        wrong += call(at) != 2;
}

/* A store ends a region that checks itself; its upper half says what is stored. */
static void long_last(uint8_t *at, unsigned leads) {
    uint8_t *end = put_leads(at, leads);
    put(end, SW_LOW);
    put(end + 2, SW_A0);
    put(end + 4, C_RET);
    fence_i();
    for (unsigned i = 0; i < WARM; i++)
        wrong += (call(at), stored != 3);
    change(end + 2, SW_A2);
    for (unsigned i = 0; i < CALLS; i++)
        wrong += (call(at), stored != 7);
}

/* Stores beside code that is run between them, until its granule is not protected any more. */
static void heat(uint8_t *granule) {
    put(granule, C_LI_A0_1);
    put(granule + 2, C_RET);
    fence_i();
    for (unsigned i = 0; i < HEAT; i++) {
        wrong += call(granule) != 1;
        put(granule + GRANULE - 2, (uint16_t)i);
    }
}

int main(void) {
    for (unsigned g = 0; g < GRANULES; g++) {
        uint8_t *granule = area + g * GRANULE, *at = granule + 8 + g % 2 * 2;
        heat(granule);
        for (unsigned leads = 0; leads < LEADS; leads++, at += 64) {
            short_last(at, leads);
            long_last(at + 24 + g / 2 % 2 * 2, leads);
        }
    }
    printf("%u last half words changed, %u wrong\n", changes, wrong);
    return wrong != 0;
}
