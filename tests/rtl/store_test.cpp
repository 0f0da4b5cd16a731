// SPDX-License-Identifier: MIT
// The store of packed code: filled with code of all densities as translator/aot/packed.h packs it,
// then its lines against the code.
//   store_test [LINES]     lines read of each code
#include <algorithm>
#include <cstdlib>
#include <vector>

#include "Vstore_bench.h"
#include "verilated.h"
#include "tests/rtl/bench.h"
#include "translator/aot/packed.h"

enum { MAX_LINES = 248, LINE_WORDS = 16 };
// From the cycle in which a request is taken: to the first word, and to the next request.
enum { FIRST_CYCLES = 6, AGAIN_CYCLES = 19 };

static Vstore_bench *dut;
static unsigned lines_read;

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
    dut->load_groups_i = static_cast<uint8_t>(packed_groups(packed_lines(n)));
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

struct request {
    unsigned line, word, given;
    uint64_t taken;
};

// Random lines, back to back or with pauses.
static void read_lines(const std::vector<uint32_t> &code, unsigned count, const std::string &name) {
    std::vector<request> open;
    uint64_t last = 0;
    unsigned least_again = 1000;
    while (count > 0 || !open.empty()) {
        if (!dut->req_valid_i && count > 0 && random32() % 4 != 0) {
            dut->req_valid_i = 1;
            dut->req_line_i = static_cast<uint8_t>(random32() % (code.size() / LINE_WORDS));
            dut->req_word_i = static_cast<uint8_t>(random32() % LINE_WORDS);
            dut->eval();
        }
        if (dut->req_valid_i && dut->req_ready_o) {
            open.push_back({dut->req_line_i, dut->req_word_i, 0, now});
            least_again =
                last != 0 ? std::min(least_again, static_cast<unsigned>(now - last)) : least_again;
            last = now;
            count--;
        }
        bool is_taken = dut->req_valid_i && dut->req_ready_o;
        step();
        dut->req_valid_i = dut->req_valid_i && !is_taken;
        dut->eval();
        if (!dut->rdata_valid_o) {
            if (!open.empty() && now - open.front().taken > 100) {
                fail(name + ": a line does not come");
                return;
            }
            continue;
        }
        if (open.empty()) {
            fail(name + ": a word that nobody asked for");
            return;
        }
        request &r = open.front();
        unsigned word = (r.word + r.given) % LINE_WORDS;
        if (dut->rdata_word_o != word || dut->rdata_o != code[r.line * LINE_WORDS + word]) {
            fail(name + ": a word of line " + std::to_string(r.line) + " is wrong");
        }
        if (now - r.taken != FIRST_CYCLES + r.given) {
            fail(name + ": a word comes after " + std::to_string(now - r.taken) + " cycles");
        }
        if (dut->done_o != (++r.given == LINE_WORDS)) {
            fail(name + ": done is not with the last word");
        }
        if (r.given == LINE_WORDS) {
            open.erase(open.begin());
            lines_read++;
        }
    }
    if (least_again != AGAIN_CYCLES) {
        fail(name + ": the next line after " + std::to_string(least_again) + " cycles");
    }
}

int main(int argc, char **argv) {
    unsigned lines = argc > 1 ? static_cast<unsigned>(strtoul(argv[1], nullptr, 0)) : 2000;
    dut = new Vstore_bench;
    for (unsigned n_lines : {1u, 7u, 8u, 9u, 100u, static_cast<unsigned>(MAX_LINES)}) {
        for (unsigned used : {0u, 300u, 1000u, 1024u}) { // words of 1,024 that are not 0
            std::vector<uint32_t> code(n_lines * LINE_WORDS);
            for (uint32_t &word : code) {
                word = random32() % 1024 < used ? random32() | 1 : 0;
            }
            fill(code);
            read_lines(code, lines,
                       std::to_string(n_lines) + " lines, " + std::to_string(used) +
                           " of 1024 words");
        }
    }
    delete dut;
    printf("store: %u lines read, %d failures\n", lines_read, failures);
    return failures != 0;
}
