/* SPDX-License-Identifier: MIT
 * Lines on stderr and names in them (sim/cmd/say.h). */
#include "sim/cmd/say.h"
#include "sim/cmd/status.h"
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

enum { LINE_BYTES = 8192 }; /* longer than any path */

/* Bytes of the UTF-8 character at the start of text; 0: there is none. */
static size_t character_bytes(const unsigned char *text) {
    static const struct {
        unsigned char mask, lead;
        uint32_t least;
    } forms[] = {{0x80, 0x00, 0}, {0xe0, 0xc0, 0x80}, {0xf0, 0xe0, 0x800}, {0xf8, 0xf0, 0x10000}};
    for (size_t n = 0; n < sizeof forms / sizeof forms[0]; n++) {
        if ((text[0] & forms[n].mask) != forms[n].lead)
            continue;
        uint32_t code = text[0] & ~(uint32_t)forms[n].mask;
        for (size_t i = 1; i <= n; i++) {
            if ((text[i] & 0xc0) != 0x80)
                return 0;
            code = code << 6 | (text[i] & 0x3fu);
        }
        bool is_surrogate = code >> 11 == 0xd800 >> 11;
        return code >= forms[n].least && code <= 0x10ffff && !is_surrogate ? n + 1 : 0;
    }
    return 0;
}

void print_plain(const char *text, FILE *out) {
    const unsigned char *at = (const unsigned char *)text;
    while (*at != '\0') {
        size_t n = character_bytes(at);
        if (*at == '\n') {
            fputs("\\n", out);
            n = 1;
        } else if (n == 0 || *at < 0x20 || *at == 0x7f) {
            fprintf(out, "\\x%02x", *at);
            n = 1;
        } else {
            fwrite(at, 1, n, out);
        }
        at += n;
    }
}

void print_json_string(const char *text, FILE *out) {
    const unsigned char *at = (const unsigned char *)text;
    fputc('"', out);
    while (*at != '\0') {
        size_t n = character_bytes(at);
        if (n == 0) {
            fputs("\\ufffd", out);
            n = 1;
        } else if (*at < 0x20) {
            fprintf(out, "\\u%04x", (unsigned)*at);
        } else {
            if (*at == '"' || *at == '\\')
                fputc('\\', out);
            fwrite(at, 1, n, out);
        }
        at += n;
    }
    fputc('"', out);
}

static int say(int status, const char *format, va_list args) {
    char line[LINE_BYTES];
    vsnprintf(line, sizeof line, format, args);
    fputs("selkirk: ", stderr);
    print_plain(line, stderr);
    fputc('\n', stderr);
    return status;
}

int complain(int status, const char *format, ...) {
    va_list args;
    va_start(args, format);
    say(status, format, args);
    va_end(args);
    return status;
}

int bad_input(const char *format, ...) {
    va_list args;
    va_start(args, format);
    say(STATUS_BAD_INPUT, format, args);
    va_end(args);
    return STATUS_BAD_INPUT;
}

int stream_status(FILE *stream) {
    errno = 0;
    if (fflush(stream) == 0 && ferror(stream) == 0)
        return 0;
    return complain(STATUS_CANNOT_WRITE, "cannot write standard %s: %s",
                    stream == stdout ? "output" : "error",
                    strerror(errno != 0 ? errno : EIO)); /* an earlier write failed */
}
