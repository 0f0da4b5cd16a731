/* SPDX-License-Identifier: MIT
 * The memory test at boot (memory_test.h).
 *
 *   1. Address lines: the words at all powers of two, and word 0, are given values of their own,
 *      then all are looked at: a line that is stuck or tied to another makes two of them one.
 *   2. March: up, write a value made of the address; up, read it and write its complement; down,
 *      read that and write 0. Each cell has held both values, and was read after all cells
 *      before and behind it were written.
 */
#include "firmware/dev/memory_test.h"

#include <stddef.h>

/* Neighbouring words differ in many bits, and no two of 2^30 are equal. */
static uint32_t value_of(uint32_t n) {
    return n * 0x9e3779b1u;
}

static volatile const uint32_t *test_lines(volatile uint32_t *memory, uint32_t n) {
    memory[0] = value_of(n);
    for (uint32_t i = 1; i < n; i <<= 1)
        memory[i] = value_of(i);
    if (memory[0] != value_of(n))
        return memory;
    for (uint32_t i = 1; i < n; i <<= 1)
        if (memory[i] != value_of(i))
            return memory + i;
    for (uint32_t i = 1; i < n; i <<= 1)
        memory[i] = 0;
    return NULL;
}

static volatile const uint32_t *march(volatile uint32_t *memory, uint32_t n) {
    for (uint32_t i = 0; i < n; i++)
        memory[i] = value_of(i);
    for (uint32_t i = 0; i < n; i++) {
        if (memory[i] != value_of(i))
            return memory + i;
        memory[i] = ~value_of(i);
    }
    for (uint32_t i = n; i-- > 0;) {
        if (memory[i] != ~value_of(i))
            return memory + i;
        memory[i] = 0;
    }
    return NULL;
}

volatile const uint32_t *memory_test(volatile uint32_t *memory, uint32_t bytes,
                                     uint32_t all_bytes) {
    volatile const uint32_t *bad = test_lines(memory, all_bytes / 4);
    return bad != NULL ? bad : march(memory, bytes / 4);
}
