/* SPDX-License-Identifier: MIT
 * The goldfish RTC: the date it starts at, which goes on with mtime, reading and setting the time,
 * the alarm and its interrupt (PLIC source 11). Reading the low word keeps the high one. QEMU 7.2
 * says the same when it is given the date (as-qemu.sh). HOURS: since 1970 at the start. */
#include "notes.h"

enum { RTC = 0x101000, PLIC = 0x0c000000, RTC_IRQ = 11, CLINT = 0x02000000 };
enum {
    LOW = RTC,
    HIGH = RTC + 4,
    ALARM_LOW = RTC + 8,
    ALARM_HIGH = RTC + 0xc,
    ENABLED = RTC + 0x10
};
enum { CLEAR_ALARM = RTC + 0x14, STATUS = RTC + 0x18, CLEAR_INTERRUPT = RTC + 0x1c };
enum { MTIME = CLINT + 0xbff8, MILLISECOND = 1000000, TICKS_OF_MS = 10000 };

static uint64_t now(void) {
    uint32_t low = load32(LOW);
    return (uint64_t)load32(HIGH) << 32 | low;
}

static void set_alarm(uint64_t at) {
    store32(ALARM_HIGH, (uint32_t)(at >> 32));
    store32(ALARM_LOW, (uint32_t)at);
}

static uint32_t pending(void) {
    return load32(PLIC + 0x1000) >> RTC_IRQ & 1;
}

static void rest(void) {
    store32(CLEAR_ALARM, 1);
    store32(CLEAR_INTERRUPT, 1);
    store32(PLIC + 0x2000, 1u << RTC_IRQ);
    store32(PLIC + 4 * RTC_IRQ, 1);
    store32(PLIC + 0x200004, RTC_IRQ);
    (void)load32(PLIC + 0x200004);
    store32(PLIC + 0x200004, RTC_IRQ);
}

static void registers(void) {
    for (uint32_t at = ALARM_LOW; at < RTC + 0x24; at += 4)
        note("reset", load32(at));
    for (uint32_t at = ALARM_LOW; at < RTC + 0x24; at += 4) {
        note("stored", (uint32_t)store32(at, 0xffffffff));
        for (uint32_t other = ALARM_LOW; other < RTC + 0x24; other += 4)
            note("then", load32(other));
    }
    note("behind", load32(RTC + 0x24));
    note("bytes", load8(LOW) + load8(ENABLED));
    note("half words", load16(LOW) + load16(ENABLED + 2));
    note("bytes stored", (uint32_t)store8(ENABLED, 0) + (uint32_t)store16(ENABLED, 0));
    rest();
}

static void time_goes_on(void) {
    uint64_t start = now();
    uint32_t ticks = load32(MTIME);
    while (load32(MTIME) - ticks < 2 * TICKS_OF_MS)
        ;
    uint64_t end = now();
    note("two milliseconds are two here", end - start >= 2 * MILLISECOND);
    note("and not many more", end - start < 200 * MILLISECOND);
    note("the high word is the last low word's", load32(HIGH) == (uint32_t)(end >> 32));
    store32(HIGH, 0x100);
    note("and stays so when it is set", load32(HIGH) == (uint32_t)(end >> 32));
    note("until the next", (uint32_t)(now() >> 32));
    store32(LOW, 0x70000000);
    note("the low word", (uint32_t)now() >> 28);
    store32(CLINT + 0xbffc, 5);
    note("setting mtime does not move it", (uint32_t)(now() >> 32));
}

static void alarm(void) {
    store32(ENABLED, 1);
    note("not pending", pending());
    set_alarm(now() + 20 * MILLISECOND);
    note("waited for", load32(STATUS));
    note("not yet", pending());
    uint64_t start = now();
    while ((READ_CSR(mip) >> 11 & 1) == 0 && now() - start < 1000u * MILLISECOND)
        ;
    note("in time", now() - start < 500u * MILLISECOND);
    note("not too early", now() - start >= 10 * MILLISECOND);
    note("it is over", load32(STATUS));
    note("claim", load32(PLIC + 0x200004));
    store32(CLEAR_INTERRUPT, 0);
    store32(PLIC + 0x200004, RTC_IRQ);
    note("quiet", load32(PLIC + 0x200004));
    store32(ENABLED, 0);
    set_alarm(now() - 1);
    note("past, not enabled", load32(STATUS) << 1 | pending());
    store32(ENABLED, 3);
    note("enabled now", load32(ENABLED) << 1 | pending());
    rest();
    set_alarm(now() + 1000ull * MILLISECOND);
    store32(CLEAR_ALARM, 0);
    note("cleared", load32(STATUS) << 1 | pending());
    set_alarm(now() + 4000ull * MILLISECOND);
    store32(HIGH, 0x200);
    note("setting the time does not end it", load32(STATUS) << 1 | pending());
    store32(ALARM_HIGH, 0);
    note("nor does the high word alone", load32(STATUS) << 1 | pending());
    store32(ALARM_LOW, 0);
    note("the low word does", load32(STATUS) << 1 | pending());
    rest();
}

/* With WFI, and nothing else enabled. */
static void wakes(void) {
    WRITE_CSR(mie, 0x800);
    store32(ENABLED, 1);
    set_alarm(now() + 20 * MILLISECOND);
    __asm__ volatile("wfi");
    note("woken", load32(PLIC + 0x200004));
    WRITE_CSR(mie, 0);
    rest();
}

int main(void) {
    catch_traps();
    note("hours since 1970", (uint32_t)(now() / 1000u / MILLISECOND / 3600));
    registers();
    time_goes_on();
    alarm();
    wakes();
    print_notes();
    return 0;
}
