/* SPDX-License-Identifier: MIT
 * What SYS_HEAPINFO gives, beside QEMU: heap from its base to its limit, stack from its base down
 * to its limit. Some of the program is far from the rest (platform.mk), so there are several parts
 * of RAM to choose from; --load or QEMU's loader may put a file between. */
#include "notes.h"
#include "semihost.h"

enum { SYS_HEAPINFO = 0x16, WORDS = 4 };
#define LOADED 0x84000000u

__attribute__((section(".far"))) uint32_t far_away[WORDS] = {1, 1, 1, 1};

int main(void) {
    static const char *const names[WORDS] = {"heap", "to", "stack", "down to"};
    const uint32_t block = (uint32_t)(uintptr_t)far_away;
    note("result", semihost(SYS_HEAPINFO, &block));
    for (unsigned i = 0; i < WORDS; i++)
        note(names[i], far_away[i]);
    note("what is loaded beside the program", *(volatile uint32_t *)LOADED);
    print_notes();
    return 0;
}
