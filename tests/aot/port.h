/* SPDX-License-Identifier: MIT
 * What the test programs of the ahead-of-time translator know of the machine under them. Two
 * machines: the native one (port_native.c: log channel, exit) and QEMU's (port_qemu.c: UART, test
 * finisher). The rest of a program is compiled alike for both, so both must print the same.
 */
#ifndef SELKIRK_TESTS_AOT_PORT_H
#define SELKIRK_TESTS_AOT_PORT_H

#include <stddef.h>
#include <stdint.h>

void port_putc(char c);
int main(void);

/* print.c: %d %u %x %s %c %l (64-bit, hexadecimal) */
void print(const char *format, ...);

#endif
