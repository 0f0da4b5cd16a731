/* SPDX-License-Identifier: MIT
 * Reads its console by polling the 16550 and writes each line back in capitals, up to an empty
 * line; then powers off with a status that says how many lines there were. */
#include <stdint.h>

static volatile uint8_t *const uart = (volatile uint8_t *)0x10000000;
enum { DATA = 0, LINE_STATUS = 5, LSR_HAS_BYTE = 1, LSR_THR_EMPTY = 0x20 };

static uint8_t get(void) {
    while ((uart[LINE_STATUS] & LSR_HAS_BYTE) == 0)
        ;
    return uart[DATA];
}

static void put(uint8_t c) {
    while ((uart[LINE_STATUS] & LSR_THR_EMPTY) == 0)
        ;
    uart[DATA] = c;
}

int main(void) {
    int lines = 0;
    for (;;) {
        uint8_t c = get();
        if (c == '\n')
            return lines;
        for (; c != '\n'; c = get())
            put(c >= 'a' && c <= 'z' ? (uint8_t)(c - 'a' + 'A') : c);
        put('\n');
        lines++;
    }
}
