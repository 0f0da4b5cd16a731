/* SPDX-License-Identifier: MIT
 * Arithmetic: all comparisons, shifts, multiply and divide with their special cases, 64-bit
 * arithmetic (libgcc). */
#include "tests/aot/port.h"

#define NOINLINE __attribute__((noinline, noipa))

static const uint32_t values[] = {0,          1,          2,          7,          31,
                                  0x7f,       0x80,       0xffff,     0x12345678, 0x7fffffff,
                                  0x80000000, 0x80000001, 0xfffffffe, 0xffffffff};
enum { N_VALUES = sizeof values / sizeof values[0] };

NOINLINE static uint32_t div_raw(uint32_t a, uint32_t b) {
    uint32_t quotient, remainder, uquotient, uremainder;
    __asm__ volatile("div %0, %4, %5\n\trem %1, %4, %5\n\tdivu %2, %4, %5\n\tremu %3, %4, %5"
                     : "=&r"(quotient), "=&r"(remainder), "=&r"(uquotient), "=&r"(uremainder)
                     : "r"(a), "r"(b));
    return quotient ^ remainder << 1 ^ uquotient << 2 ^ uremainder << 3;
}

NOINLINE static uint32_t mul_raw(uint32_t a, uint32_t b) {
    uint32_t low, high, highsu, highu;
    __asm__ volatile("mul %0, %4, %5\n\tmulh %1, %4, %5\n\tmulhsu %2, %4, %5\n\tmulhu %3, %4, %5"
                     : "=&r"(low), "=&r"(high), "=&r"(highsu), "=&r"(highu)
                     : "r"(a), "r"(b));
    return low ^ high << 1 ^ highsu << 2 ^ highu << 3;
}

NOINLINE static unsigned compare(uint32_t a, uint32_t b) {
    int32_t x = (int32_t)a, y = (int32_t)b;
    unsigned r = (a < b) | (a <= b) << 1 | (a == b) << 2 | (a != b) << 3;
    r |= (unsigned)((x < y) << 4 | (x <= y) << 5 | (x > y) << 6 | (x >= y) << 7);
    if (x < y)
        r += 1000;
    if (a >= b)
        r += 2000;
    if (x == 0)
        r += 4000;
    if (y > 0)
        r += 8000;
    return r;
}

NOINLINE static uint32_t shifts(uint32_t a, uint32_t n) {
    n &= 31;
    return (a << n) ^ (a >> n) ^ (uint32_t)((int32_t)a >> n) ^ (a << 5) ^ (a >> 11) ^
           (uint32_t)((int32_t)a >> 3);
}

NOINLINE static uint64_t wide(uint64_t a, uint64_t b, unsigned n) {
    uint64_t r = a * b + (a - b) * 3 + (a << n) + (b >> n) + (uint64_t)((int64_t)a >> n);
    if (a < b)
        r ^= 0x5555;
    if ((int64_t)a < (int64_t)b)
        r ^= 0xaaaa0000;
    if (b)
        r += a / b * 5 + a % b;
    if (b + 1 > 1)
        r +=
            (uint64_t)((int64_t)(a >> 1) / (int64_t)b) + (uint64_t)((int64_t)(a >> 1) % (int64_t)b);
    return r;
}

int main(void) {
    uint32_t sum = 0;
    uint64_t wide_sum = 0;
    for (int i = 0; i < N_VALUES; i++) {
        for (int j = 0; j < N_VALUES; j++) {
            uint32_t a = values[i], b = values[j];
            sum = sum * 31 + div_raw(a, b);
            sum = sum * 31 + mul_raw(a, b);
            sum = sum * 31 + compare(a, b);
            sum = sum * 31 + shifts(a, b);
            wide_sum = wide_sum * 31 + wide((uint64_t)a << 32 | b, (uint64_t)b << 16 ^ a, b & 63);
        }
        print("%x %l\n", sum, wide_sum);
    }
    return (int)(sum & 0x7f);
}
