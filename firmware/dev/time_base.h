/* SPDX-License-Identifier: MIT
 * The platform's time against the core's cycles. Time runs at TICK_HZ whatever the core's clock is:
 * a counter of its own divides the board's clock by a fraction (CSR TIME_STEP), and the native
 * timer counts cycles, so deadlines have to be converted. In cycle c since the start TIME_TICKS is
 * c * num / den, rounded down.
 *
 *   struct time_base t;
 *   time_init(&t, native_csrr(CSR_TIME_STEP));
 *   uint64_t cycle = time_cycle_of(&t, ticks); // the first in which TIME_TICKS is `ticks` or more
 */
#ifndef SELKIRK_DEV_TIME_BASE_H
#define SELKIRK_DEV_TIME_BASE_H

#include <stdint.h>
#include "machine.h"

enum { NS_PER_SECOND = 1000000000, TICK_NS = NS_PER_SECOND / TICK_HZ };

struct time_base {
    uint32_t num, den;        /* a cycle is num / den of a tick; both are small (memories.def) */
    uint32_t ticks_per_cycle; /* in units of 2^-32, rounded up */
    uint32_t cycles_per_ns;   /* the same */
};

void time_init(struct time_base *t, uint32_t time_step);
uint64_t time_cycle_of(const struct time_base *t, uint64_t ticks);
/* dividend / divisor, the divisor less than 65536. */
uint64_t time_divide(uint64_t dividend, uint32_t divisor);

static inline uint32_t time_high_product(uint32_t a, uint32_t b) {
    return (uint32_t)((uint64_t)a * b >> 32);
}

/* Ticks in so many cycles, 2^30 at most: rounded down, or one more. */
static inline uint32_t time_ticks_in(const struct time_base *t, uint32_t cycles) {
    return time_high_product(cycles, t->ticks_per_cycle);
}

/* Cycles after which so many nanoseconds have passed. */
static inline uint32_t time_cycles_in(const struct time_base *t, uint32_t ns) {
    return time_high_product(ns, t->cycles_per_ns) + 1;
}

#endif
