/* SPDX-License-Identifier: MIT
 * Conversions between cycles and the platform's time (time_base.h), in 32-bit steps: the firmware
 * has no 64-bit division.
 */
#include "firmware/dev/time_base.h"

uint64_t time_divide(uint64_t dividend, uint32_t divisor) {
    uint64_t quotient = 0;
    uint32_t rest = 0;
    for (uint32_t shift = 64; shift > 0; shift -= 16) {
        uint32_t part = rest << 16 | (uint16_t)(dividend >> (shift - 16));
        quotient = quotient << 16 | part / divisor;
        rest = part % divisor;
    }
    return quotient;
}

/* a * 2^32 / b, rounded up; a < b < 65536. */
static uint32_t fraction(uint32_t a, uint32_t b) {
    return (uint32_t)time_divide(((uint64_t)a << 32) + b - 1, b);
}

void time_init(struct time_base *t, uint32_t time_step) {
    t->num = time_step >> 16;
    t->den = time_step & 0xffff;
    t->ticks_per_cycle = fraction(t->num, t->den);
    t->cycles_per_ns = fraction(t->den, t->num * TICK_NS);
}

uint64_t time_cycle_of(const struct time_base *t, uint64_t ticks) {
    uint64_t parts = ticks * t->den;
    /* Clocks that are a multiple of TICK_HZ need none of the eight divisions. */
    return t->num == 1 ? parts : time_divide(parts + t->num - 1, t->num);
}
