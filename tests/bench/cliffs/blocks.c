/* SPDX-License-Identifier: MIT
 * PIECES of code, APART bytes from one to the next, each of BLOCKS blocks in a row: ADDS additions
 * (compressed ones with SHORT) and a jump to the next block. One turn runs all of them. */
#include "cliff.h"

#ifndef PIECES
#define PIECES 1
#endif
#ifndef APART
#define APART 0
#endif
#ifndef SHORT
#define SHORT 0
#endif

enum { BLOCK_BYTES = (ADDS + 1) * (SHORT ? 2 : 4), INSNS = 1000000, WARM = 60000 };
enum { TURN_INSNS = PIECES * BLOCKS * (ADDS + 1), MIN_TURNS = 16 };

static uint16_t pool[((PIECES - 1) * APART + BLOCKS * BLOCK_BYTES + 4) / 2]
    __attribute__((aligned(4096)));

static uint16_t *put(uint16_t *to, uint32_t word) {
    *to++ = (uint16_t)word;
    if (!SHORT)
        *to++ = (uint16_t)(word >> 16);
    return to;
}

static void write_piece(uint16_t *to) {
    for (uint32_t i = 0; i < BLOCKS; i++) {
        for (uint32_t k = 0; k < ADDS; k++)
            to = put(to, SHORT ? C_ADDI_A0 : make_addi(A0 + k % 4, A0 + k % 4, i % 512));
        to = put(to, SHORT ? C_J_NEXT : make_jal(0, 4));
    }
    *to++ = C_RET;
}

static uint32_t turn(uint32_t a) {
    for (uint32_t i = 0; i < PIECES; i++)
        a = ((cliff_function)(uintptr_t)(pool + i * APART / 2))(a);
    return a;
}

int main(void) {
    for (uint32_t i = 0; i < PIECES; i++)
        write_piece(pool + i * APART / 2);
    fence_i();
    measure(turn, MIN_TURNS + WARM / TURN_INSNS, MIN_TURNS + INSNS / TURN_INSNS);
    return 0;
}
