/* SPDX-License-Identifier: MIT
 * One piece of code calls FUNCTIONS functions in turn from PLACES places; between two calls and in
 * a function are a few additions. */
#include "cliff.h"

enum { PLACE_WORDS = 4, FUNCTION_WORDS = 4, SAVED = 31 /* t6 */, INSNS = 500000 };
enum { TURN_INSNS = PLACES * (PLACE_WORDS + FUNCTION_WORDS) };

static uint32_t functions[FUNCTIONS * FUNCTION_WORDS + 1], code[PLACES * PLACE_WORDS + 4];

static void write_functions(void) {
    for (uint32_t i = 0; i < FUNCTIONS; i++) {
        uint32_t *to = &functions[i * FUNCTION_WORDS];
        for (uint32_t k = 0; k < FUNCTION_WORDS - 1; k++)
            *to++ = make_addi(A0 + k, A0 + k, i + 1);
        *to = make_jalr(0, RA);
    }
}

static void write_places(void) {
    uint32_t *to = code;
    *to++ = make_addi(SAVED, RA, 0);
    for (uint32_t i = 0; i < PLACES; i++) {
        for (uint32_t k = 0; k < PLACE_WORDS - 1; k++)
            *to++ = make_addi(A0 + k, A0 + k, i & 63);
        uint32_t target = (uint32_t)(uintptr_t)&functions[i % FUNCTIONS * FUNCTION_WORDS];
        *to = make_jal(RA, target - (uint32_t)(uintptr_t)to);
        to++;
    }
    *to = make_jalr(0, SAVED);
}

int main(void) {
    write_functions();
    write_places();
    fence_i();
    measure((cliff_function)(uintptr_t)code, 40, INSNS / TURN_INSNS);
    return 0;
}
