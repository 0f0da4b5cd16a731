/* SPDX-License-Identifier: MIT
 * Dates on the command line: `2026-01-31`, `2026-01-31T12:30:00`, both UTC, or seconds since 1970.
 */
#ifndef SELKIRK_SIM_CMD_DATE_H
#define SELKIRK_SIM_CMD_DATE_H

#include <stdbool.h>
#include <stdint.h>

enum { DATE_FIRST_YEAR = 1970, DATE_LAST_YEAR = 2499 }; /* nanoseconds of it fit into 64 bits */

/* Seconds since 1970; false: no such date, or not of these years. */
bool date_parse(const char *text, uint64_t *seconds);

#endif
