/* SPDX-License-Identifier: MIT
 * What the command says to a person: lines on stderr, each one line whatever a file's name holds.
 */
#ifndef SELKIRK_SIM_CMD_SAY_H
#define SELKIRK_SIM_CMD_SAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* One line on stderr, `selkirk: ` in front; returns the status given (STATUS_BAD_INPUT). */
int complain(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));
int bad_input(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The text with control characters and what is not UTF-8 escaped as in C. */
void print_plain(const char *text, FILE *out);
/* The text as a JSON string; a byte that is not UTF-8 becomes U+FFFD. */
void print_json_string(const char *text, FILE *out);

/* Flushes stdout or stderr at the end of a command. 0, or STATUS_CANNOT_WRITE after a line on
 * stderr (which is lost with a stderr that cannot be written; the status is not). */
int stream_status(FILE *stream);

#endif
