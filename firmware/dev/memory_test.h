/* SPDX-License-Identifier: MIT
 * The memory test at boot: does RAM keep what is written, each word its own? */
#ifndef SELKIRK_DEV_MEMORY_TEST_H
#define SELKIRK_DEV_MEMORY_TEST_H

#include <stdint.h>

/* Address lines over all of `all_bytes`, then every bit of the first `bytes` (both multiples of
 * 4, bytes no more than all_bytes); leaves zeros. Result: the first word found bad, or NULL. */
volatile const uint32_t *memory_test(volatile uint32_t *memory, uint32_t bytes, uint32_t all_bytes);

#endif
