/* SPDX-License-Identifier: MIT
 * A small printf for the test programs; itself a test of variable arguments, division and switches.
 */
#include "tests/aot/port.h"

#include <stdarg.h>

static void print_unsigned(uint32_t value, uint32_t base) {
    char digits[12];
    unsigned n = 0;
    do
        digits[n++] = "0123456789abcdef"[value % base];
    while ((value /= base) != 0);
    while (n)
        port_putc(digits[--n]);
}

static void print_string(const char *s) {
    while (*s)
        port_putc(*s++);
}

static void print_signed(int32_t value) {
    if (value < 0)
        port_putc('-');
    print_unsigned(value < 0 ? 0u - (uint32_t)value : (uint32_t)value, 10);
}

static void print_long(uint64_t value) {
    for (int shift = 60; shift >= 0; shift -= 4)
        port_putc("0123456789abcdef"[value >> shift & 15u]);
}

void print(const char *format, ...) {
    va_list ap;
    va_start(ap, format);
    for (; *format; format++) {
        if (*format != '%') {
            port_putc(*format);
            continue;
        }
        switch (*++format) {
        case 'd':
            print_signed(va_arg(ap, int32_t));
            break;
        case 'u':
            print_unsigned(va_arg(ap, uint32_t), 10);
            break;
        case 'x':
            print_unsigned(va_arg(ap, uint32_t), 16);
            break;
        case 's':
            print_string(va_arg(ap, const char *));
            break;
        case 'c':
            port_putc((char)va_arg(ap, int));
            break;
        case 'l':
            print_long(va_arg(ap, uint64_t));
            break;
        default:
            port_putc('%');
        }
    }
    va_end(ap);
}
