/* SPDX-License-Identifier: MIT
 * The functions of <string.h> that exist in the firmware (libc.c), as C defines them. */
#ifndef SELKIRK_FIRMWARE_LIBC_H
#define SELKIRK_FIRMWARE_LIBC_H

#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void *memset(void *to, int byte, size_t n);
int memcmp(const void *a, const void *b, size_t n);

#endif
