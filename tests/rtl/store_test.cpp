// SPDX-License-Identifier: MIT
// The store of packed code: filled with code of all densities as translator/aot/packed.h packs it,
// then what it sends against the code.
//   store_test [REQUESTS]     of each code
#include <cstdlib>
#include <vector>

#include "Vstore_bench.h"
#include "verilated.h"
#include "tests/rtl/bench.h"
#include "translator/aot/packed.h"

enum { MAX_LINES = 248, LINE_WORDS = 16, LINE_BUNDLES = 4, SLOTS = 4, AHEAD = 3 };
enum { FIRST_CYCLES = 5 }; // from a request to its bundle

static Vstore_bench *dut;
static unsigned bundles_read;

double sc_time_stamp() {
    return 0;
}

static void step() {
    half_cycle(dut, true);
    half_cycle(dut, false);
    now++;
}

// Packs the code and fills the store with it, with pauses.
static void fill(const std::vector<uint32_t> &code) {
    uint32_t n = static_cast<uint32_t>(code.size());
    std::vector<uint8_t> bytes(packed_bytes(code.data(), n));
    packed_write(bytes.data(), code.data(), n);
    dut->load_lines_i = static_cast<uint16_t>(n / LINE_WORDS);
    dut->load_valid_i = 0;
    dut->rst_ni = 0;
    step();
    dut->rst_ni = 1;
    for (size_t at = 0; at < bytes.size();) {
        dut->load_valid_i = random32() % 4 != 0;
        dut->load_data_i = packed_get(bytes.data() + at, PACKED_WORD_BYTES);
        dut->eval();
        at += dut->load_valid_i && dut->load_ready_o ? PACKED_WORD_BYTES : 0;
        step();
    }
    dut->load_valid_i = 0;
}

// Bundles from random ones on, stopped sooner or later; which lines the cache has is a matter of
// their numbers.
static bool has_line(unsigned line) {
    return line % 5 == 3;
}

static void read_bundles(const std::vector<uint32_t> &code, const std::string &name) {
    unsigned lines = static_cast<unsigned>(code.size() / LINE_WORDS);
    unsigned first = random32() % (lines * LINE_BUNDLES), index = first;
    unsigned end = first / LINE_BUNDLES + 1, gap = 0, cycles = random32() % 32;
    while (end < lines && end <= first / LINE_BUNDLES + AHEAD && !has_line(end)) {
        end++;
    }
    dut->look_i = 1;
    dut->look_index_i = static_cast<uint16_t>(first);
    step();
    dut->look_i = 0;
    step();
    dut->start_i = dut->stop_i = 1;
    uint64_t begin = now;
    step();
    dut->start_i = dut->stop_i = 0;
    for (unsigned i = 0; i < cycles; i++) {
        unsigned expected =
            index < end * LINE_BUNDLES && now == begin + FIRST_CYCLES + index - first + gap;
        if (dut->valid_o != expected) {
            fail(name + ": a bundle comes or does not, " + std::to_string(now - begin) +
                 " cycles after bundle " + std::to_string(first) + " was asked for");
        }
        for (unsigned s = 0; s < SLOTS && expected; s++) {
            if (dut->index_o != index || dut->bundle_o[s] != code[index * SLOTS + s]) {
                fail(name + ": bundle " + std::to_string(index) + " is wrong");
            }
        }
        gap += expected && index == first && index % LINE_BUNDLES == LINE_BUNDLES - 1;
        index += expected;
        bundles_read += expected;
        dut->ahead_hit_i = has_line(dut->ahead_line_o);
        step();
    }
    if (random32() % 2) {
        dut->stop_i = 1;
        step();
        dut->stop_i = 0;
        if (dut->valid_o) {
            fail(name + ": it goes on");
        }
    }
}

int main(int argc, char **argv) {
    unsigned requests = argc > 1 ? static_cast<unsigned>(strtoul(argv[1], nullptr, 0)) : 2000;
    dut = new Vstore_bench;
    for (unsigned n_lines : {1u, 7u, 8u, 9u, 100u, static_cast<unsigned>(MAX_LINES)}) {
        for (unsigned used : {0u, 300u, 1000u, 1024u}) { // words of 1,024 that are not 0
            std::vector<uint32_t> code(n_lines * LINE_WORDS);
            for (uint32_t &word : code) {
                word = random32() % 1024 < used ? random32() | 1 : 0;
            }
            fill(code);
            for (unsigned i = 0; i < requests; i++) {
                read_bundles(code, std::to_string(n_lines) + " lines, " + std::to_string(used) +
                                       " of 1024 words");
            }
        }
    }
    delete dut;
    printf("store: %u bundles, %d failures\n", bundles_read, failures);
    return failures != 0;
}
