/* SPDX-License-Identifier: MIT
 * Random guest blocks for the translator's unit tests: straight-line RV32IM that ends in a branch,
 * a jump or nowhere. Registers x2, x8 and x9 are pointers into the data window, and are hardly ever
 * written. */
#ifndef SELKIRK_TESTS_UNIT_GENBLOCK_H
#define SELKIRK_TESTS_UNIT_GENBLOCK_H

#include <stdint.h>

struct genblock {
    uint64_t state; /* random numbers */
    uint32_t n;     /* instructions made */
    uint32_t words[40];
    uint8_t lengths[40]; /* bytes of each */
};

uint32_t gen_random(struct genblock *g, uint32_t bound);
/* 1..32 instructions; a third of the seeds has compressed ones among them. */
void gen_block(struct genblock *g, uint64_t seed);
/* Puts the block's code at `code`; returns its bytes. */
uint32_t gen_code(const struct genblock *g, uint8_t *code);

#endif
