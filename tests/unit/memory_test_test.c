/* SPDX-License-Identifier: MIT
 * The memory test (firmware/dev/memory_test.h) on memory that is good, and on memory with
 * address lines that do nothing: pages of one file that stand at several addresses.
 */
#define _GNU_SOURCE
#include "firmware/dev/memory_test.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PAGE = 4096, PAGES = 64 };

static void check(int is_good, const char *what, unsigned line) {
    if (is_good)
        return;
    printf("memory test: %s (address line %u)\n", what, line);
    exit(1);
}

/* PAGES pages of which those that differ in `line` alone are one; 0: all differ. */
static uint32_t *make_memory(int file, unsigned line) {
    uint8_t *at =
        mmap(NULL, PAGE * PAGES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (unsigned i = 0; i < PAGES; i++) {
        off_t page = (off_t)(line != 0 ? i & ~(1u << (line - 12)) : i) * PAGE;
        if (mmap(at + i * PAGE, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, file, page) ==
            MAP_FAILED)
            exit(2);
    }
    return (uint32_t *)(void *)at;
}

int main(void) {
    int file = memfd_create("memory", 0);
    if (file < 0 || ftruncate(file, PAGE * PAGES) != 0)
        return 2;
    for (unsigned line = 0; line < 18; line = line == 0 ? 12 : line + 1) {
        uint32_t *memory = make_memory(file, line);
        for (uint32_t bytes = 0; bytes <= PAGE * PAGES; bytes = bytes == 0 ? 4 : 4 * bytes) {
            memset(memory, 0x5a, PAGE * PAGES);
            const volatile uint32_t *bad = memory_test(memory, bytes, PAGE * PAGES);
            check((bad == NULL) == (line == 0),
                  line == 0 ? "good memory is bad" : "bad memory is good", line);
            if (line == 0)
                for (uint32_t i = 0; i < bytes / 4; i++)
                    check(memory[i] == 0, "what was tested is not zero", i);
        }
        munmap(memory, PAGE * PAGES);
    }
    printf("memory test: good memory is good, and a dead line of 6 is found\n");
    return 0;
}
