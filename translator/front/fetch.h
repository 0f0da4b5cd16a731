/* SPDX-License-Identifier: MIT
 * Reads guest instructions from RAM. */
#ifndef SELKIRK_FRONT_FETCH_H
#define SELKIRK_FRONT_FETCH_H

#include <stdint.h>

/* The instruction at `at`, an even address with at least `left` bytes from it on, 2 or more; when
 * there are only two, the upper half is 0. Loads are aligned. */
static inline uint32_t fetch_insn(const uint8_t *at, uint32_t left) {
    if (__builtin_expect(((uintptr_t)at & 2) == 0, 1))
        return *(const uint32_t *)(const void *)at;
    const uint32_t *words = (const uint32_t *)(const void *)(at - 2);
    uint32_t low = words[0] >> 16;
    return (low & 3) == 3 && left >= 4 ? low | words[1] << 16 : low;
}

#endif
