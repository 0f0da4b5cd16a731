/* SPDX-License-Identifier: MIT
 * No console, exit through tohost: the longest Collatz sequence below a limit decides the exit
 * status. */
#include "selkirk_guest.h"

static int steps(uint32_t n) {
    int count = 0;
    for (; n != 1; count++)
        n = (n & 1) != 0 ? n + (n << 1) + 1 : n >> 1;
    return count;
}

static uint32_t longest_below(uint32_t limit) {
    uint32_t best = 0;
    int best_steps = -1;
    for (uint32_t n = 1; n < limit; n++) {
        const int s = steps(n);
        if (s > best_steps) {
            best_steps = s;
            best = n;
        }
    }
    return best;
}

int main(void) {
    uint32_t best = 0;
    for (int pass = 0; pass < 6; pass++) {
        if (pass == 2)
            roi_begin();
        best = longest_below(300);
    }
    roi_end();
    return (int)(best % 100);
}
