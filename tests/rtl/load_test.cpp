// SPDX-License-Identifier: MIT
// load_test [runs]: what fills a board's memories. Random records, byte by byte with gaps, into a
// chip and a store that are not always ready; then what they hold, the facts, and that bytes after
// the end are left for the machine. Heads that are damage: nothing is taken after them.
#include <cstdlib>
#include <memory>
#include <vector>

#include "Vload_bench.h"
#include "tests/rtl/bench.h"
#include "verilated.h"

enum { LINES = 1024, WORDS = 16, LINE = 1, STORE = 2, FACT = 3, GO = 4 };

struct image {
    std::vector<uint32_t> chip = std::vector<uint32_t>(LINES * WORDS);
    std::vector<uint32_t> store;
    uint32_t facts[3] = {};
};

struct bench {
    std::unique_ptr<Vload_bench> dut{new Vload_bench};
    std::vector<uint8_t> bytes; // to be sent
    size_t sent = 0;
    image got;
    int writing = -1; // words of the line that have been asked for
    uint32_t line = 0, first = 0;
};

static void put(bench *b, uint32_t word) {
    for (unsigned i = 0; i < 4; i++) {
        b->bytes.push_back(static_cast<uint8_t>(word >> (8 * i)));
    }
}

static void head(bench *b, uint32_t kind, uint32_t value) {
    put(b, kind << 28 | value);
}

// The chip asks for a word in one cycle and has it in the next, in its own order.
static void serve_chip(bench *b) {
    Vload_bench *dut = b->dut.get();
    dut->mem_ready_i = b->writing < 0 && random32() % 4 == 0;
    dut->mem_done_i = b->writing == WORDS;
    if (b->writing >= 0) {
        dut->mem_wdata_word_i = (b->first + static_cast<uint32_t>(b->writing)) % WORDS;
    }
    dut->eval();
    if (b->writing > 0) {
        const uint32_t word = (b->first + static_cast<uint32_t>(b->writing) - 1) % WORDS;
        b->got.chip[b->line * WORDS + word] = dut->mem_wdata_o;
    }
    if (b->writing >= 0) {
        b->writing = b->writing == WORDS ? -1 : b->writing + 1;
    } else if (dut->mem_valid_o && dut->mem_ready_i) {
        b->writing = 0;
        b->line = dut->mem_line_o;
        b->first = random32() % WORDS;
    }
}

static void cycle(bench *b) {
    Vload_bench *dut = b->dut.get();
    dut->byte_valid_i = b->sent < b->bytes.size() && random32() % 3 != 0;
    dut->byte_i = dut->byte_valid_i ? b->bytes[b->sent] : static_cast<uint8_t>(random32());
    dut->load_ready_i = random32() % 2;
    serve_chip(b);
    if (dut->byte_take_o && !dut->byte_valid_i) {
        fail("a byte is taken that is not there");
    }
    b->sent += dut->byte_take_o;
    if (dut->load_valid_o && dut->load_ready_i) {
        b->got.store.push_back(dut->load_data_o);
    }
    half_cycle(dut, 1);
    half_cycle(dut, 0);
    now++;
}

static void reset(bench *b) {
    b->dut->rst_ni = 0;
    cycle(b);
    b->dut->rst_ni = 1;
    b->sent = 0;
    b->bytes.clear();
    b->got = image();
    b->writing = -1;
}

// Until nothing has been taken for some time.
static void run(bench *b) {
    size_t before = b->sent;
    for (int quiet = 0; quiet < 400; quiet++, cycle(b)) {
        if (b->sent != before) {
            before = b->sent;
            quiet = 0;
        }
    }
}

static void put_record(bench *b, image *want) {
    const uint32_t kind = 1 + random32() % 3, n = kind == LINE ? +WORDS : 1 + random32() % 40;
    const uint32_t to = kind == LINE ? random32() % LINES : kind == FACT ? random32() % 3 : n;
    head(b, kind, to);
    for (uint32_t i = 0; i < (kind == FACT ? 1 : n); i++) {
        const uint32_t word = random32();
        put(b, word);
        if (kind == LINE) {
            want->chip[to * WORDS + i] = word;
        } else if (kind == STORE) {
            want->store.push_back(word);
        } else {
            want->facts[to] = word;
        }
    }
}

static void check_records(bench *b) {
    image want;
    reset(b);
    for (uint32_t n = random32() % 30; n != 0; n--) {
        put_record(b, &want);
    }
    head(b, GO, 0);
    const size_t all = b->bytes.size();
    b->bytes.push_back(0x55);
    run(b);
    if (!b->dut->going_o || b->dut->damaged_o) {
        fail("the machine does not go");
    }
    if (b->sent != all) {
        fail("a byte for the machine is taken, or one of a record is not");
    }
    if (b->got.chip != want.chip) {
        fail("a line of the chip is wrong");
    }
    if (b->got.store != want.store) {
        fail("the store's words are wrong");
    }
    if (b->dut->load_lines_o != want.facts[0] || b->dut->boot_flash_o != want.facts[1] ||
        b->dut->boot_flags_o != want.facts[2]) {
        fail("a fact is wrong");
    }
}

static void check_damage(bench *b, uint32_t word) {
    reset(b);
    put(b, word);
    head(b, GO, 0);
    run(b);
    if (b->dut->going_o || !b->dut->damaged_o || b->sent != 4) {
        fail("head " + std::to_string(word) + " is no damage");
    }
}

int main(int argc, char **argv) {
    const long runs = argc > 1 ? atol(argv[1]) : 300;
    bench b;
    for (long i = 0; i < runs; i++) {
        check_records(&b);
    }
    for (uint32_t kind = 0; kind < 16; kind++) {
        if (kind < LINE || kind > GO) {
            check_damage(&b, kind << 28 | random32() >> 4);
        }
    }
    check_damage(&b, static_cast<uint32_t>(LINE) << 28 | LINES);
    check_damage(&b, static_cast<uint32_t>(STORE) << 28);
    check_damage(&b, static_cast<uint32_t>(FACT) << 28 | 3);
    check_damage(&b, static_cast<uint32_t>(GO) << 28 | 1);
    printf("load: %ld images, %llu cycles, %s\n", runs, static_cast<unsigned long long>(now),
           failures == 0 ? "no difference" : "FAILED");
    return failures != 0;
}
