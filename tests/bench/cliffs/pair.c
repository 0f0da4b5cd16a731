/* SPDX-License-Identifier: MIT
 * Two functions, STEP bytes apart, called in turn through a pointer. Bit 17 of a guest pc is
 * outside both fields of the jump-target table's index. */
#include "cliff.h"

enum { TURNS = 30000 };

static uint32_t pool[STEP / 4 + 2] __attribute__((aligned(4096)));

static uint32_t turn(uint32_t a) {
    for (volatile uint32_t *f = pool; f <= pool + STEP / 4; f += STEP / 4)
        a = ((cliff_function)(uintptr_t)f)(a);
    return a;
}

int main(void) {
    for (uint32_t i = 0; i < 2; i++) {
        pool[i * STEP / 4] = make_addi(A0, A0, i + 1);
        pool[i * STEP / 4 + 1] = make_jalr(0, RA);
    }
    fence_i();
    measure(turn, 100, TURNS);
    return 0;
}
