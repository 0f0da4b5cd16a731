/* SPDX-License-Identifier: MIT
 * A guest that has nothing to do, in the ways there are (idle.sh, terminal.py). The first byte from
 * the console says which:
 *   a digit n   sleeps for 3 * 10^n ticks of the timer, by wfi
 *   k           wfi until the UART's interrupt line says that a key was pressed; says which
 *   none        SYS_READC, while a timer interrupt is due after a million ticks; says when it came
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static volatile uint8_t *const uart = (volatile uint8_t *)0x10000000;
static volatile uint32_t *const mtimecmp = (volatile uint32_t *)0x02004000;
static volatile uint32_t *const mtime = (volatile uint32_t *)0x0200bff8;
static volatile uint32_t *const plic = (volatile uint32_t *)0x0c000000;
enum { UART_DATA = 0, UART_IER = 1, UART_LSR = 5, LSR_READY = 1, UART_SOURCE = 10 };
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

static uint64_t set_timer(uint32_t ticks) {
    uint64_t due = now() + ticks;
    mtimecmp[0] = UINT32_MAX;
    mtimecmp[1] = (uint32_t)(due >> 32);
    mtimecmp[0] = (uint32_t)due;
    return due;
}

static int sleep_by_wfi(uint32_t ticks) {
    uint64_t due = set_timer(ticks);
    puts("asleep");
    __asm__ volatile("csrw mie, %0" ::"r"(MIE_TIMER));
    while (now() < due)
        __asm__ volatile("wfi");
    puts("awake");
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
    register uint32_t a0 __asm__("a0") = 7, a1 __asm__("a1") = 0;
    __asm__ volatile(".option push\n.option norvc\n.balign 16\nslli x0, x0, 0x1f\nebreak\n"
                     "srai x0, x0, 7\n.option pop"
                     : "+r"(a0)
                     : "r"(a1)
                     : "memory");
    uint32_t byte = a0;
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
    uint32_t ticks = 3;
    for (; what > '0' && what <= '9'; what--)
        ticks *= 10;
    return sleep_by_wfi(ticks);
}
