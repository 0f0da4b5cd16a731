/* SPDX-License-Identifier: MIT
 * The PLIC as drivers see it: which bits its registers keep, pending, enable, threshold, priority,
 * claim and completion, with the UART's transmitter (source 10) and the RTC's alarm (source 11) for
 * lines; and mip, which must follow at once while mie is 0. QEMU 7.2 says the same (as-qemu.sh) but
 * for what its PLIC does late: it looks at a line again only when the device moves it, and at an
 * enable bit only with the next change of something else. */
#include "notes.h"

enum { UART = 0x10000000, PLIC = 0x0c000000, RTC = 0x101000, UART_IRQ = 10, RTC_IRQ = 11 };
enum { PRIORITY = PLIC, PENDING = PLIC + 0x1000, ENABLE = PLIC + 0x2000 };
enum { THRESHOLD = PLIC + 0x200000, CLAIM = PLIC + 0x200004 };
enum { UART_BIT = 1 << UART_IRQ, RTC_BIT = 1 << RTC_IRQ };

static uint32_t meip(void) {
    return READ_CSR(mip) >> 11 & 1;
}

/* The UART's transmitter is empty: its line is high from when the interrupt is enabled until IIR is
 * read. */
static void uart_line(int is_high) {
    store8(UART + 1, is_high ? 2 : 0);
    if (!is_high)
        (void)load8(UART + 2);
}

/* An alarm long ago. */
static void rtc_line(int is_high) {
    store32(RTC + 0x10, 1);
    if (is_high) {
        store32(RTC + 0x0c, 0);
        store32(RTC + 0x08, 0);
    } else {
        store32(RTC + 0x1c, 1);
    }
}

static void rest(void) {
    store32(THRESHOLD, 0);
    uart_line(0);
    rtc_line(0);
    for (unsigned source = UART_IRQ; source <= RTC_IRQ; source++)
        store32(PRIORITY + 4 * source, 1);
    store32(ENABLE, UART_BIT | RTC_BIT);
    store32(CLAIM, UART_IRQ);
    store32(CLAIM, RTC_IRQ);
    for (uint32_t source; (source = load32(CLAIM)) != 0;)
        store32(CLAIM, source);
}

/* Every word that answers with something, before and after all ones were stored there. */
static void registers(void) {
    static const uint32_t ranges[][2] = {{PRIORITY, PRIORITY + 0x1a0},
                                         {PENDING, PENDING + 0x20},
                                         {ENABLE, ENABLE + 0x180},
                                         {THRESHOLD, THRESHOLD + 0x10},
                                         {THRESHOLD + 0xff8, THRESHOLD + 0x1010},
                                         {THRESHOLD + 0x1ff8, THRESHOLD + 0x2010}};
    for (unsigned r = 0; r < sizeof ranges / sizeof ranges[0]; r++) {
        uint32_t kept = 0, sum = 0, n = 0;
        for (uint32_t at = ranges[r][0]; at < ranges[r][1]; at += 4) {
            sum += load32(at);
            n += (uint32_t)store32(at, 0xffffffff);
            kept = kept * 31 + load32(at);
            store32(at, 0);
            sum += load32(at);
        }
        note("words that can be stored to", n);
        note("0 before and after", sum);
        note("what they keep, hashed", kept);
    }
    store32(PRIORITY + 4 * UART_IRQ, 0xfffffffe);
    note("a priority keeps", load32(PRIORITY + 4 * UART_IRQ));
    store32(ENABLE, 0xffffffff);
    store32(ENABLE + 12, 0xffffffff);
    store32(ENABLE + 16, 0xffffffff);
    note("enable keeps", load32(ENABLE));
    note("the last word", load32(ENABLE + 12));
    note("behind it", load32(ENABLE + 16));
    store32(ENABLE + 12, 0);
    note("bytes", load8(PRIORITY + 40) + load8(CLAIM) + load8(PLIC + 0x5ffffc));
    note("half words", load16(PRIORITY + 40) + load16(ENABLE) + load16(PENDING + 2));
    note("bytes stored", (uint32_t)store8(ENABLE, 0));
    note("half words stored", (uint32_t)store16(THRESHOLD, 0));
    note("the last word of all", load32(PLIC + 0x5ffffc));
    note("behind", load32(PLIC + 0x600000));
    note("in front", load32(PLIC - 4));
}

static void one_source(void) {
    rest();
    note("quiet", meip());
    store32(ENABLE, 0);
    uart_line(1);
    note("not enabled: pending", load32(PENDING));
    note("mip", meip());
    note("claim", load32(CLAIM));
    store32(ENABLE, UART_BIT);
    note_as("enabled", meip(), 1);
    store32(THRESHOLD, 1);
    note("threshold 1", meip());
    note("claim at it", load32(CLAIM));
    store32(THRESHOLD, 0);
    note("threshold 0", meip());
    store32(PRIORITY + 4 * UART_IRQ, 0);
    note("priority 0", meip());
    note("claim at it", load32(CLAIM));
    store32(PRIORITY + 4 * UART_IRQ, 7);
    store32(THRESHOLD, 7);
    note("priority 7, threshold 7", meip());
    store32(THRESHOLD, 6);
    note("threshold 6", meip());
    store32(PENDING, 0);
    note("pending is read only", load32(PENDING));
    note("claim", load32(CLAIM));
    note("mip falls with it", meip());
    note("pending, too", load32(PENDING));
    note("once", load32(CLAIM));
    store32(CLAIM, 9);
    note("completion of another", meip());
    store32(CLAIM, 0);
    store32(CLAIM, 1000);
    store32(CLAIM, 0x80000000u | UART_IRQ);
    note("of none", meip());
    store32(CLAIM, UART_IRQ);
    note_as("completed, its line is high", meip(), 1);
    note_as("claim", load32(CLAIM), UART_IRQ);
}

static void falling_line(void) {
    rest();
    uart_line(1);
    (void)load32(CLAIM);
    uart_line(0);
    store32(CLAIM, UART_IRQ);
    note("completed, its line is low", meip());
    uart_line(1);
    note("high", meip());
    (void)load8(UART + 2);
    note("fell before the claim", meip());
    note("claim", load32(CLAIM));
    store32(CLAIM, UART_IRQ);
    note("completed", meip());
    uart_line(0);
    uart_line(1);
    uart_line(0);
    note("fell at the source", meip());
    note("claim", load32(CLAIM));
    note("mip falls with it", meip());
    store32(CLAIM, UART_IRQ);
    note("completed", meip());
    uart_line(1);
    store32(CLAIM, UART_IRQ);
    note("completion without a claim", meip());
    note("claim", load32(CLAIM));
    store32(ENABLE, 0);
    store32(CLAIM, UART_IRQ);
    note("completion while not enabled", meip());
    store32(ENABLE, UART_BIT);
    note_as("enabled again", meip(), 1);
}

static void two_sources(void) {
    rest();
    uart_line(1);
    rtc_line(1);
    note("both: pending", load32(PENDING));
    note("equal priorities: the lower number", load32(CLAIM));
    note("the other still asks", meip());
    note("the other", load32(CLAIM));
    note("no more", meip());
    rest();
    store32(PRIORITY + 4 * RTC_IRQ, 2);
    uart_line(1);
    rtc_line(1);
    note("the higher priority", load32(CLAIM));
    store32(THRESHOLD, 1);
    note("the other is masked", meip());
    note("claim", load32(CLAIM));
    store32(THRESHOLD, 0);
    note("and not masked", load32(CLAIM));
    rest();
    store32(ENABLE, RTC_BIT);
    uart_line(1);
    note("the other is not enabled", meip());
    rtc_line(1);
    note("it is", meip());
    note("claim", load32(CLAIM));
    note("claim", load32(CLAIM));
    rest();
}

int main(void) {
    catch_traps();
    WRITE_CSR(mie, 0);
    note("reset priority", load32(PRIORITY + 4 * UART_IRQ));
    note("reset enable", load32(ENABLE));
    note("reset threshold", load32(THRESHOLD));
    note("reset pending", load32(PENDING));
    note("reset claim", load32(CLAIM));
    registers();
    one_source();
    falling_line();
    two_sources();
    print_notes();
    return 0;
}
