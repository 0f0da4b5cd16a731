/* SPDX-License-Identifier: MIT
 * Console and exit of a guest program through RISC-V semihosting. Lines go out with SYS_WRITE0,
 * single characters that do not end a line are collected. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include "semihost.h"

enum { SYS_WRITE0 = 0x04, SYS_EXIT_EXTENDED = 0x20, ADP_STOPPED_APPLICATION_EXIT = 0x20026 };

static char line[120];
static size_t line_chars;

static void flush_line(void) {
    line[line_chars] = 0;
    if (line_chars != 0)
        semihost(SYS_WRITE0, line);
    line_chars = 0;
}

static int console_put(char c, FILE *file) {
    (void)file;
    line[line_chars++] = c;
    if (c == '\n' || line_chars == sizeof line - 1)
        flush_line();
    return (unsigned char)c;
}

static FILE console = FDEV_SETUP_STREAM(console_put, NULL, NULL, _FDEV_SETUP_WRITE);
FILE *const stdout = &console;
FILE *const stderr = &console;

void machine_exit(int status);
void machine_exit(int status) {
    const uint32_t block[2] = {ADP_STOPPED_APPLICATION_EXIT, (uint32_t)status};
    flush_line();
    semihost(SYS_EXIT_EXTENDED, block);
    for (;;)
        ;
}
