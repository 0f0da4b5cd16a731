/* SPDX-License-Identifier: MIT
 * Exit of a guest program through HTIF: an odd value in `tohost` ends the run with status value
 * >> 1. No console. QEMU's spike board does the same. */
#include <stdint.h>

__attribute__((section(".tohost"), aligned(64))) volatile uint32_t tohost[2];
__attribute__((section(".tohost"), aligned(64))) volatile uint32_t fromhost[2];

void machine_exit(int status);
void machine_exit(int status) {
    for (;;) {
        tohost[0] = (uint32_t)status << 1 | 1u;
        tohost[1] = 0;
    }
}
