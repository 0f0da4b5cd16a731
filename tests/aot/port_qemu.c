/* SPDX-License-Identifier: MIT
 * Test programs on QEMU's `virt` machine: entry, 16550 output, test finisher. */
#include "tests/aot/port.h"

void port_start(void);
__attribute__((noreturn)) void port_main(void);

__attribute__((naked, section(".text.start"))) void port_start(void) {
    __asm__("la sp, port_stack_top\n\tj port_main");
}

void port_main(void) {
    uint32_t status = (uint32_t)main();
    volatile uint32_t *finisher = (volatile uint32_t *)0x100000u;
    for (;;)
        *finisher = status ? status << 16 | 0x3333u : 0x5555u;
}

void port_putc(char c) {
    *(volatile char *)0x10000000u = c;
}
