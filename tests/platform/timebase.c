/* SPDX-License-Identifier: MIT
 * The platform's time against the core's cycles, as a guest sees both: mtime and mcycle before and
 * after some work; and timer interrupts at every phase of a tick, by wfi and in a loop. An
 * interrupt is never early. Prints cycles per 1,000 ticks, and how late the handlers were in parts
 * of a cycle and tick, so that two engines that print the same agree to the cycle.
 */
#include <stdint.h>
#include <stdio.h>

#define MTIMECMP ((volatile uint32_t *)0x02004000)
#define MTIME ((volatile uint32_t *)0x0200bff8)
enum { MTIE = 1 << 7, MIE = 1 << 3, TICKS = 20000, TIMERS = 60 };

static volatile uint32_t handled, at_cycle, at_tick, early;

static inline uint32_t cycle(void) {
    uint32_t value;
    __asm__ volatile("csrr %0, mcycle" : "=r"(value));
    return value;
}

static void set_timer(uint32_t at) {
    MTIMECMP[1] = UINT32_MAX;
    MTIMECMP[0] = at;
    MTIMECMP[1] = 0;
}

__attribute__((interrupt, aligned(4))) static void handler(void) {
    at_cycle = cycle();
    at_tick = MTIME[0];
    early += at_tick < MTIMECMP[0];
    handled++;
    MTIMECMP[1] = UINT32_MAX;
}

/* Cycles in 1,000 ticks, measured over as many as are asked for. Both ends look at time first and
 * then at cycles. */
static uint32_t cycles_of_1000(uint32_t ticks) {
    uint32_t first = MTIME[0], begin = cycle(), last;
    do
        last = MTIME[0];
    while (last - first < ticks);
    return (cycle() - begin) * 100 / ((last - first) / 10);
}

int main(void) {
    uint32_t sum = 0, last = 0;
    cycles_of_1000(200); /* so that the loop is translated */
    printf("%u cycles in 1000 ticks\n", (unsigned)cycles_of_1000(TICKS));
    MTIMECMP[1] = UINT32_MAX;
    __asm__ volatile("csrw mtvec, %0\ncsrs mie, %1\ncsrs mstatus, %2" ::"r"(handler), "r"(MTIE),
                     "r"(MIE));
    for (uint32_t i = 0; i < TIMERS; i++) {
        uint32_t before = handled;
        if (i % 2 == 0) { /* it is taken after the wfi, so it cannot come just before it */
            __asm__ volatile("csrc mstatus, %0" ::"r"(MIE));
            set_timer(MTIME[0] + 100 + 7 * i);
            __asm__ volatile("wfi\n\tcsrs mstatus, %0" ::"r"(MIE));
        } else {
            set_timer(MTIME[0] + 100 + 7 * i);
        }
        while (handled == before) {
        }
        sum = sum * 31 + (at_cycle - last) + at_tick;
        last = at_cycle;
    }
    printf("%u timers, %u early, sum of cycles and ticks %08x\n", (unsigned)handled,
           (unsigned)early, (unsigned)sum);
    return early != 0;
}
