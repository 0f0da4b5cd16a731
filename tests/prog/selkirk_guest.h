/* SPDX-License-Identifier: MIT
 * For guest programs: the region-of-interest markers of Selkirk (docs/architecture.md section 8).
 * They are SLTI instructions with rd = x0, which RISC-V keeps for custom hints: other machines do
 * nothing.
 *
 *   work();               // warm-up: everything hot gets translated
 *   roi_begin();
 *   for (...) work();     // the report shows this part by itself
 *   roi_end(); */
#ifndef SELKIRK_GUEST_H
#define SELKIRK_GUEST_H

#include <stdint.h>

static inline void roi_begin(void) {
    __asm__ volatile("slti x0, x0, 0x51" ::: "memory");
}

static inline void roi_end(void) {
    __asm__ volatile("slti x0, x0, 0x52" ::: "memory");
}

/* A small generator, so that every run and machine sees the same "random" data (xorshift32). */
static inline uint32_t next_random(uint32_t *state) {
    uint32_t x = *state;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    return *state = x;
}

#endif
