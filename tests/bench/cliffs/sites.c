/* SPDX-License-Identifier: MIT
 * SITES loads from a device (msip of the CLINT) in a row, two additions between them. */
#include "cliff.h"

enum { SITE_WORDS = 3, BASE = 31 /* t6 */, INSNS = 100000 };

static uint32_t code[SITES * SITE_WORDS + 2];

int main(void) {
    uint32_t *to = code;
    *to++ = 0x02000000u | BASE << 7 | 0x37; /* lui t6, 0x2000: the CLINT */
    for (uint32_t i = 0; i < SITES; i++) {
        *to++ = make_lw(A0 + 1, BASE, 0);
        *to++ = make_addi(A0, A0, 1);
        *to++ = make_addi(A0 + 2, A0 + 2, 1);
    }
    *to = make_jalr(0, RA);
    fence_i();
    measure((cliff_function)(uintptr_t)code, 30, INSNS / (SITES * SITE_WORDS));
    return 0;
}
