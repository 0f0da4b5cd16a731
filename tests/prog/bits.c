/* SPDX-License-Identifier: MIT
 * Bit tricks: population count in four ways, reversal, leading zeros, Gray code, Morton order, a
 * linear feedback shift register, bit matrix transpose, integer square root, 64-bit shifts. */
#include <stdio.h>
#include "selkirk_guest.h"

static unsigned count_loop(uint32_t x) {
    unsigned n = 0;
    for (; x != 0; x &= x - 1)
        n++;
    return n;
}

static unsigned count_parallel(uint32_t x) {
    x = x - (x >> 1 & 0x55555555);
    x = (x & 0x33333333) + (x >> 2 & 0x33333333);
    x = (x + (x >> 4)) & 0x0f0f0f0f;
    x += x >> 8;
    return (x + (x >> 16)) & 63;
}

static uint32_t reverse(uint32_t x) {
    x = (x & 0x55555555) << 1 | (x >> 1 & 0x55555555);
    x = (x & 0x33333333) << 2 | (x >> 2 & 0x33333333);
    x = (x & 0x0f0f0f0f) << 4 | (x >> 4 & 0x0f0f0f0f);
    x = (x & 0x00ff00ff) << 8 | (x >> 8 & 0x00ff00ff);
    return x << 16 | x >> 16;
}

static int leading_zeros(uint32_t x) {
    int n = 32;
    for (int step = 16; step != 0; step /= 2)
        if (x >> step != 0) {
            n -= step;
            x >>= step;
        }
    return n - (int)x;
}

static uint32_t from_gray(uint32_t x) {
    for (int step = 1; step < 32; step *= 2)
        x ^= x >> step;
    return x;
}

static uint32_t spread(uint32_t x) {
    x = (x | x << 8) & 0x00ff00ff;
    x = (x | x << 4) & 0x0f0f0f0f;
    x = (x | x << 2) & 0x33333333;
    return (x | x << 1) & 0x55555555;
}

static uint32_t square_root(uint32_t x) {
    uint32_t root = 0;
    for (uint32_t bit = 1u << 30; bit != 0; bit >>= 2) {
        if (x >= root + bit) {
            x -= root + bit;
            root = (root >> 1) + bit;
        } else {
            root >>= 1;
        }
    }
    return root;
}

static uint64_t mix64(uint64_t x, unsigned n) {
    x ^= x << (n & 63);
    x ^= x >> (~n & 63);
    return x + (x << 3);
}

static int period_of_lfsr(void) {
    uint32_t state = 1;
    int n = 0;
    do {
        state = state >> 1 ^ ((0u - (state & 1)) & 0xb8);
        n++;
    } while (state != 1);
    return n;
}

static int bad;
static uint32_t sum;
static uint64_t wide = 1;

static void work(uint32_t seed, int rounds) {
    for (int i = 0; i < rounds; i++) {
        const uint32_t x = next_random(&seed) >> (i & 31);
        const uint32_t root = square_root(x);
        bad += count_loop(x) != count_parallel(x);
        bad += reverse(reverse(x)) != x;
        bad += from_gray(x ^ x >> 1) != x;
        sum = sum * 5 + (uint32_t)leading_zeros(x) + (spread(x & 0xffff) | spread(x >> 16) << 1) +
              root;
        wide = mix64(wide + x, (unsigned)i);
        bad += (int32_t)(x << (i & 15)) >> 31 != ((x << (i & 15)) >> 31 ? -1 : 0);
    }
}

int main(void) {
    int period = 0;
    for (uint32_t pass = 0; pass < 10; pass++) {
        if (pass == 4)
            roi_begin();
        work(pass + 1, 90);
        period += period_of_lfsr();
    }
    roi_end();
    printf("sum %08lx wide %08lx%08lx\nperiod %d\nbad %d\n", (unsigned long)sum,
           (unsigned long)(wide >> 32), (unsigned long)wide, period / 10, bad);
    return bad == 0 ? (int)(sum & 15) : 99;
}
