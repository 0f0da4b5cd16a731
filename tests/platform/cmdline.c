/* SPDX-License-Identifier: MIT
 * Prints what the operator gave the machine: the command line by the firmware configuration, its
 * size first, the RTC's seconds, and whether SYS_TIME says the same. */
#include <stdint.h>
#include <stdio.h>
#include "semihost.h"

static volatile uint8_t *const data = (volatile uint8_t *)0x10100000;
static volatile uint16_t *const selector = (volatile uint16_t *)0x10100008;
static volatile uint32_t *const rtc = (volatile uint32_t *)0x00101000;
enum { COMMAND_LINE_SIZE = 0x14, COMMAND_LINE = 0x15, SYS_TIME = 0x11 };

static void choose(unsigned key) {
    *selector = (uint16_t)(key << 8);
}

int main(void) {
    uint32_t size = 0;
    choose(COMMAND_LINE_SIZE);
    for (unsigned n = 0; n < 4; n++)
        size |= (uint32_t)*data << (8 * n);
    printf("%lu '", (unsigned long)size);
    choose(COMMAND_LINE);
    for (uint32_t n = 1; n < size; n++)
        putchar(*data);
    uint32_t end = *data, low = rtc[0];
    uint64_t seconds = ((uint64_t)rtc[1] << 32 | low) / 1000000000u;
    printf("' %u, %lu%s\n", (unsigned)end, (unsigned long)seconds,
           semihost(SYS_TIME, 0) == seconds ? "" : ", but not SYS_TIME");
    return 0;
}
