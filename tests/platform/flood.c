/* SPDX-License-Identifier: MIT
 * Writes to its console for ever. */
#include <stdint.h>

int main(void) {
    volatile uint8_t *const transmit = (volatile uint8_t *)0x10000000;
    for (;;)
        *transmit = 'x';
}
