/* SPDX-License-Identifier: MIT
 * Values in rv32.def's column EXECUTE that are no one expression of C. */
#ifndef SELKIRK_GUEST_VALUES_H
#define SELKIRK_GUEST_VALUES_H

#include <stdint.h>

/* Division by RISC-V's rules: no traps. */
static inline uint32_t rv_div(uint32_t a, uint32_t b) {
    if (b == 0)
        return UINT32_MAX;
    if (b == UINT32_MAX)
        return 0u - a; /* also the overflow case */
    return (uint32_t)((int32_t)a / (int32_t)b);
}

static inline uint32_t rv_rem(uint32_t a, uint32_t b) {
    if (b == 0)
        return a;
    if (b == UINT32_MAX)
        return 0;
    return (uint32_t)((int32_t)a % (int32_t)b);
}

/* How many bits are 1. */
static inline uint32_t rv_cpop(uint32_t a) {
    uint32_t n = 0;
    for (; a != 0; a &= a - 1)
        n++;
    return n;
}

/* How many bits are 0 above the highest 1. */
static inline uint32_t rv_clz(uint32_t a) {
    uint32_t n = 32;
    for (; a != 0; a >>= 1)
        n--;
    return n;
}

/* Bytes in the other order. */
static inline uint32_t rv_rev8(uint32_t a) {
    return a << 24 | (a & 0xff00u) << 8 | (a >> 8 & 0xff00u) | a >> 24;
}

/* Bytes that are not 0 become 255. */
static inline uint32_t rv_orc_b(uint32_t a) {
    uint32_t all = 0;
    for (uint32_t byte = 0xff; byte != 0; byte <<= 8)
        all |= (a & byte) != 0 ? byte : 0;
    return all;
}

#endif
