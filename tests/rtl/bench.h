// SPDX-License-Identifier: MIT
// What the benches of single modules (Verilated tops with clk_i) have in common.
#ifndef TESTS_RTL_BENCH_H
#define TESTS_RTL_BENCH_H

#include <cstdint>
#include <cstdio>
#include <string>

static uint64_t now;
static int failures;

inline uint32_t random32() {
    static uint64_t state = 0x5e1c0de5u;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return static_cast<uint32_t>(state >> 16);
}

inline void fail(const std::string &text) {
    if (failures++ < 20) {
        printf("cycle %llu: %s\n", static_cast<unsigned long long>(now), text.c_str());
    }
}

template <typename T> void half_cycle(T *dut, bool clk) {
    dut->clk_i = clk;
    dut->eval();
}

// One bit a set.
template <typename T> void set_bit(T &word, unsigned bit, bool value) {
    word = static_cast<T>(value ? word | 1u << bit : word & ~(1u << bit));
}

template <typename T> bool has_bit(T word, unsigned bit) {
    return (word >> bit & 1) != 0;
}

#endif
