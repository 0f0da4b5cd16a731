/* SPDX-License-Identifier: MIT
 * Text for the developer, on the native log channel: a very small printf (%x eight hex digits, %u
 * decimal, %s text, %c character), and our own bugs.
 */
#include <stdarg.h>
#include <stddef.h>
#include "firmware/log.h"
#include "firmware/dev/line.h"
#include "firmware/native.h"

static struct line *linked; /* whoever has to say something need not know where it goes */

void log_to(struct line *line) {
    linked = line;
}

void log_end(uint32_t status) {
    if (linked != NULL)
        line_end(linked, status);
}

static void log_char(char c) {
    native_csrw(CSR_LOG_TX, (uint8_t)c);
    if (linked != NULL)
        line_log(linked, (uint8_t)c);
}

static void log_text(const char *text) {
    while (*text != 0)
        log_char(*text++);
}

static void log_hex(uint32_t value) {
    for (int shift = 28; shift >= 0; shift -= 4)
        log_char("0123456789abcdef"[value >> shift & 15u]);
}

static void log_decimal(uint32_t value) {
    char digits[10];
    uint32_t n = 0;
    do {
        digits[n++] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    while (n > 0)
        log_char(digits[--n]);
}

void cms_log(const char *format, ...) {
    va_list args;
    va_start(args, format);
    for (const char *p = format; *p != 0; p++) {
        if (*p != '%') {
            log_char(*p);
            continue;
        }
        switch (*++p) {
        case 'x':
            log_hex(va_arg(args, uint32_t));
            break;
        case 'u':
            log_decimal(va_arg(args, uint32_t));
            break;
        case 's':
            log_text(va_arg(args, const char *));
            break;
        default:
            log_char((char)va_arg(args, int));
        }
    }
    va_end(args);
}

_Noreturn void cms_bug(const char *file, int line, const char *what) {
    cms_log("selkirk: bug: %s:%u: %s\n", file, (uint32_t)line, what);
    bug_dump();
    log_end(CMS_STATUS_BUG);
    native_exit(CMS_STATUS_BUG);
}
