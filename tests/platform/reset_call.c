/* SPDX-License-Identifier: MIT
 * A timer interrupt comes into a long semihosting call and resets the machine; the second start
 * makes the same call again, which must write all of the text. */
#include "notes.h"
#include "semihost.h"

enum { MTIMECMP = 0x02004000, MTIME = 0x0200bff8, FINISHER = 0x100000 };
enum { MARK_AT = 0x80300000, MARK = 0x12345678, LATER_TICKS = 2000 };
enum { SYS_WRITE = 5, HANDLE_OUT = 2, TEXT_BYTES = 4000 };

static uint32_t *word_at(uintptr_t address) {
    return (uint32_t *)address;
}

__attribute__((interrupt, aligned(4))) static void reset(void) {
    *(volatile uint32_t *)word_at(FINISHER) = 0x7777;
}

int main(void) {
    static char text[TEXT_BYTES];
    volatile uint32_t *const mark = word_at(MARK_AT);
    for (unsigned i = 0; i < TEXT_BYTES; i++)
        text[i] = i % 64 == 63 ? '\n' : (char)('0' + i / 64 % 10);
    const uintptr_t block[3] = {HANDLE_OUT, (uintptr_t)text, TEXT_BYTES};
    if (*mark != MARK) {
        *mark = MARK;
        WRITE_CSR(mtvec, (uintptr_t)reset);
        *(volatile uint32_t *)word_at(MTIMECMP + 4) = 0;
        *(volatile uint32_t *)word_at(MTIMECMP) =
            *(volatile uint32_t *)word_at(MTIME) + LATER_TICKS;
        WRITE_CSR(mie, 0x80);
        WRITE_CSR(mstatus, 0x8);
    }
    const uintptr_t left = semihost(SYS_WRITE, block);
    *mark = 0;
    return (int)left;
}
