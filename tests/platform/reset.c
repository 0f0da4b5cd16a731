/* SPDX-License-Identifier: MIT
 * Every device register that can be stored to is, then the finisher resets the machine: the second
 * start must find what power-on left. QEMU 7.2 says the same (as-qemu.sh), but keeps mtimecmp and
 * mie. RAM outside the ELF file's segments stays. */
#include "notes.h"

enum { UART = 0x10000000, RTC = 0x101000, PLIC = 0x0c000000, CLINT = 0x02000000 };
enum { FINISHER = 0x100000, FW_CFG = 0x10100000, MARK_AT = 0x80300000, MARK = 0x12345678 };

/* The UART's by bytes, without its data; 16 of the PLIC's priorities. */
static const struct {
    const char *what;
    uint32_t first, last, step;
} ranges[] = {
    {"UART", UART + 1, UART + 7, 1},
    {"msip", CLINT, CLINT, 4},
    {"PLIC priority", PLIC, PLIC + 0x3c, 4},
    {"PLIC enable", PLIC + 0x2000, PLIC + 0x2008, 4},
    {"PLIC threshold", PLIC + 0x200000, PLIC + 0x200000, 4},
    {"PLIC pending", PLIC + 0x1000, PLIC + 0x1000, 4},
    {"PLIC claim", PLIC + 0x200004, PLIC + 0x200004, 4},
    {"RTC", RTC + 8, RTC + 0x18, 4},
    {"fw_cfg", FW_CFG, FW_CFG, 1},
};

static void look(void) {
    for (unsigned i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        for (uint32_t at = ranges[i].first; at <= ranges[i].last; at += ranges[i].step)
            note(ranges[i].what, ranges[i].step == 1 ? load8(at) : load32(at));
    store8(UART + 3, 0x80);
    note("divisor", load8(UART) | load8(UART + 1) << 8);
    store8(UART + 3, 0);
    note_as("mtimecmp", load32(CLINT + 0x4000), 0);
    note_as("its high word", load32(CLINT + 0x4004), 0);
    note_as("mip", READ_CSR(mip), 0x80);
    note_as("mie", READ_CSR(mie), 0);
    note("mstatus", READ_CSR(mstatus));
    (void)load32(RTC);
    note("date", load32(RTC + 4) / 1000);
}

static void scribble(void) {
    for (unsigned i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        for (uint32_t at = ranges[i].first; at <= ranges[i].last; at += ranges[i].step)
            if (ranges[i].step == 1)
                store8(at, 0x15);
            else
                store32(at, 0x55555555);
    store8(UART + 3, 0x80);
    store8(UART, 0x77);
    store8(UART + 3, 3);
    store32(RTC + 4, 1);
    store32(CLINT + 0x4000, 0x55555555);
    store32(CLINT + 0x4004, 0x55555555);
    store16(FW_CFG + 8, 0);
    (void)load8(FW_CFG);
    WRITE_CSR(mie, 0x888);
}

int main(void) {
    catch_traps();
    volatile uint32_t *const mark = (volatile uint32_t *)MARK_AT;
    if (*mark != MARK) {
        *mark = MARK;
        scribble();
        store32(FINISHER, 0x7777);
    }
    *mark = 0;
    look();
    print_notes();
    return 0;
}
