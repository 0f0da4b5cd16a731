/* SPDX-License-Identifier: MIT
 * A guest that has nothing to do, in the ways there are (idle.sh, terminal.py). The first byte from
 * the console says which:
 *   a digit n   sleeps for 3 * 10^n ticks of the timer, by wfi
 *   k           wfi until the UART's interrupt line says that a key was pressed; says which
 *   c           sleeps for hours; says whether the clocks of semihosting go as the timer does
 *   none        SYS_READC, while a timer interrupt is due after a million ticks; says when it came
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include "semihost.h"

static volatile uint8_t *const uart = (volatile uint8_t *)0x10000000;
static volatile uint32_t *const mtimecmp = (volatile uint32_t *)0x02004000;
static volatile uint32_t *const mtime = (volatile uint32_t *)0x0200bff8;
static volatile uint32_t *const plic = (volatile uint32_t *)0x0c000000;
enum { UART_DATA = 0, UART_IER = 1, UART_LSR = 5, LSR_READY = 1, UART_SOURCE = 10 };
enum { SYS_READC = 0x07, SYS_CLOCK = 0x10, SYS_TIME = 0x11, SYS_ELAPSED = 0x30 };
enum { TICKS_PER_SECOND = 10000000, CENTISECOND = TICKS_PER_SECOND / 100 };
enum { MIE_TIMER = 1 << 7, MIE_EXTERNAL = 1 << 11, DELAY = 1000000, LATE_TICKS = 3000 };

static volatile uint32_t interrupts;
static volatile uint64_t taken;

static uint64_t now(void) {
    uint32_t high, low;
    do {
        high = mtime[1];
        low = mtime[0];
    } while (high != mtime[1]);
    return (uint64_t)high << 32 | low;
}

__attribute__((interrupt, aligned(4))) static void handler(void) {
    interrupts++;
    taken = now();
    mtimecmp[1] = UINT32_MAX;
}

static uint64_t set_timer(uint64_t ticks) {
    uint64_t due = now() + ticks;
    mtimecmp[0] = UINT32_MAX;
    mtimecmp[1] = (uint32_t)(due >> 32);
    mtimecmp[0] = (uint32_t)due;
    return due;
}

static void sleep_by_wfi(uint64_t ticks) {
    uint64_t due = set_timer(ticks);
    __asm__ volatile("csrw mie, %0" ::"r"(MIE_TIMER));
    while (now() < due)
        __asm__ volatile("wfi");
}

static int sleep_once(uint32_t ticks) {
    puts("asleep");
    sleep_by_wfi(ticks);
    puts("awake");
    return 0;
}

/* From one reading of the timer to the next, in units of it. */
static int is_between(uint64_t before, uint64_t after, uint32_t unit, uint32_t value) {
    return before / unit <= value && value <= after / unit;
}

/* Nobody has set the timer: it has counted since the machine's start. */
static int compare_clocks(void) {
    uint32_t start = semihost(SYS_TIME, 0) - (uint32_t)(now() / TICKS_PER_SECOND);
    for (uint32_t minutes = 0; minutes < 500; minutes += 7) {
        uint64_t elapsed = 0, before = now();
        uint32_t centiseconds = semihost(SYS_CLOCK, 0), seconds = semihost(SYS_TIME, 0) - start;
        uint32_t failed = semihost(SYS_ELAPSED, &elapsed);
        uint64_t after = now();
        if (failed != 0 || elapsed < before || elapsed > after ||
            !is_between(before, after, CENTISECOND, centiseconds) ||
            !is_between(before, after, TICKS_PER_SECOND, seconds)) {
            printf("after %u minutes: %u centiseconds, %u seconds, %u ticks in the high word\n",
                   (unsigned)minutes, (unsigned)centiseconds, (unsigned)seconds,
                   (unsigned)(elapsed >> 32));
            return 1;
        }
        sleep_by_wfi((uint64_t)7 * 60 * TICKS_PER_SECOND);
    }
    puts("clocks agree");
    return 0;
}

static int wait_for_key(void) {
    uart[UART_IER] = 1;
    plic[UART_SOURCE] = 1;
    plic[0x2000 / 4] = 1u << UART_SOURCE;
    __asm__ volatile("csrw mie, %0" ::"r"(MIE_EXTERNAL));
    puts("ready");
    while ((uart[UART_LSR] & LSR_READY) == 0)
        __asm__ volatile("wfi");
    printf("key %c\n", uart[UART_DATA]);
    return 0;
}

static int read_by_semihosting(void) {
    uint64_t due = set_timer(DELAY);
    __asm__ volatile("csrw mtvec, %0\ncsrw mie, %1\ncsrsi mstatus, 8" ::"r"(handler),
                     "r"(MIE_TIMER));
    uint32_t byte = semihost(SYS_READC, 0);
    while (interrupts == 0) /* the byte was there before the interrupt was due */
        __asm__ volatile("wfi");
    bool is_in_time = interrupts == 1 && taken >= due && taken - due < LATE_TICKS;
    printf("read %c, %u interrupt, %s\n", (int)byte, (unsigned)interrupts,
           is_in_time ? "in time" : "late");
    return is_in_time ? 0 : 1;
}

int main(void) {
    if ((uart[UART_LSR] & LSR_READY) == 0)
        return read_by_semihosting();
    uint8_t what = uart[UART_DATA];
    if (what == 'k')
        return wait_for_key();
    if (what == 'c')
        return compare_clocks();
    uint32_t ticks = 3;
    for (; what > '0' && what <= '9'; what--)
        ticks *= 10;
    return sleep_once(ticks);
}
