// SPDX-License-Identifier: MIT
// The core's code side (code_bench.sv) under a core's front end: bundles follow each other, jump,
// take wrong paths, stand still, and store code. Each bundle that executes must be what a memory
// has that holds all of them; with even times it must be there when the ISS says, and come in the
// cycle that the ISS says (sim/iss/iss_mem.c).
//   code_test [CYCLES]
#include <cstdlib>
#include <deque>
#include <vector>

#include "Vcode_bench.h"
#include "Vcode_bench___024root.h"
#include "verilated.h"
#include "tests/rtl/bench.h"
#include "translator/aot/packed.h"
extern "C" {
#include "sim/iss/iss_mem.h"
}

enum { BUNDLES = 4096, HELD = 64, IMAGE_LINES = 250, LINE_BUNDLES = 4, SLOTS = 4, LEAST_SEEN = 50 };

static Vcode_bench *dut;
static struct iss_mem *iss;
static std::vector<uint32_t> code(BUNDLES *SLOTS);
static std::vector<unsigned> jumps(BUNDLES); // the predicted successor
static bool is_even;

double sc_time_stamp() {
    return 0;
}

static struct { unsigned bundles, misses, asked, second, on_way, stores, frozen; } seen;

// --- the core's front end: steps are the cycles in which it advances
struct stage {
    bool is_valid, is_missing, is_same;
    unsigned index;
};
static stage f, d, ex;
static bool has_redirect; // in M
static unsigned redirect, want_index;
static bool wants; // the redirect is that of a bundle that was not there
static uint64_t steps, come_due, frozen_until;
static uint64_t cycle_of[4]; // of the last steps
static bool stores;          // the bundle in M
static uint32_t store_addr, store_data;

struct stored {
    unsigned index;
    uint64_t step;
};
static std::deque<stored> recent; // bundles that may not run yet
static unsigned words_left, store_index;
enum { LAST = 32 };
static unsigned last[LAST];         // bundles that executed
static std::vector<unsigned> dirty; // words that the memory does not have yet

// Does what follows `from` run into bundle `index` too soon?
static bool runs_into(unsigned from, unsigned index) {
    for (unsigned i = 0; i < CODE_SETTLE_CYCLES + 4; i++, from = jumps[from]) {
        if (from == index) {
            return true;
        }
    }
    return false;
}

static bool may_go_to(unsigned target) {
    for (const stored &s : recent) {
        if (runs_into(target, s.index)) {
            return false;
        }
    }
    return words_left == 0 || !runs_into(target, store_index);
}

static unsigned some_target(unsigned from) {
    unsigned target;
    do {
        switch (random32() % 8) {
        case 0:
            target = random32() % BUNDLES; // anything
            break;
        case 1:
            target = IMAGE_LINES * LINE_BUNDLES + random32() % 128; // a part of the second level
            break;
        case 2:
            target = (from + HELD * (1 + random32() % 3)) % BUNDLES; // the same place
            break;
        case 3:
            target = store_index;
            break;
        case 4:
            target = (from + BUNDLES - random32() % 16) % BUNDLES;
            break;
        default:
            target = (from + random32() % 24) % BUNDLES;
        }
    } while (!may_go_to(target));
    return target;
}

static uint32_t some_word() {
    return random32() % 3 != 0 ? random32() : 0;
}

// A bundle to store: of a part of the second level, of the same line, of the next one's, or one
// that executed not long ago.
static unsigned somewhere_near(unsigned index) {
    switch (random32() % 4) {
    case 0:
        return IMAGE_LINES * LINE_BUNDLES + random32() % 128;
    case 1:
        return index / LINE_BUNDLES * LINE_BUNDLES + random32() % 4;
    case 2:
        return jumps[index] / LINE_BUNDLES * LINE_BUNDLES + random32() % 4;
    default:
        return last[random32() % LAST];
    }
}

// A bundle that executes may store the next word of a bundle: all of them, in ascending order.
static void store(unsigned index) {
    while (!recent.empty() && recent.front().step + CODE_SETTLE_CYCLES <= steps) {
        recent.pop_front();
    }
    if (words_left == 0 && random32() % 8 == 0) {
        store_index = somewhere_near(index);
        bool is_image = store_index < IMAGE_LINES * LINE_BUNDLES;
        words_left = is_image || runs_into(index, store_index) ? 0 : SLOTS;
    }
    if (words_left == 0 || runs_into(index, store_index)) {
        return;
    }
    unsigned word = store_index * SLOTS + SLOTS - words_left--;
    stores = true;
    store_addr = MEM_CODE_BASE + word * 4;
    store_data = code[word] = some_word();
    dirty.push_back(word);
    recent.push_back({store_index, steps});
    iss_mem_drop(iss, store_addr);
    seen.stores++;
}

// The bundle in EX is not killed: whether it is there, and what it does.
static void execute() {
    uint64_t looked = cycle_of[(steps - FETCH_STEPS) % 4];
    bool is_there = ex.index / LINE_BUNDLES == iss->line || iss_mem_fetch(iss, ex.index, looked);
    if (is_even && is_there != !ex.is_missing) {
        fail("bundle " + std::to_string(ex.index) + (ex.is_missing ? " is not" : " is") + " there");
    }
    if (!ex.is_missing) {
        seen.bundles++;
        if (!ex.is_same) {
            fail("bundle " + std::to_string(ex.index) + " is not the one that was written");
        }
        last[seen.bundles % LAST] = ex.index;
        store(ex.index);
        has_redirect = random32() % 8 == 0;
        redirect = has_redirect ? some_target(ex.index) : 0;
        return;
    }
    seen.misses++;
    wants = has_redirect = true;
    redirect = want_index = ex.index;
    uint64_t frozen = random32() % 8 == 0 ? random32() % 50 : 0;
    seen.frozen += frozen != 0;
    frozen_until = now + frozen;
    uint64_t misses = iss->icache_misses[0];
    come_due = frozen_until + iss_mem_code(iss, ex.index, frozen_until, 0);
    seen.on_way += iss->icache_misses[0] == misses;
}

static void step() {
    bool was_redirect = has_redirect;
    unsigned target = redirect;
    cycle_of[steps % 4] = now;
    stores = has_redirect = false;
    if (ex.is_valid && !was_redirect) {
        execute();
    }
    ex = d;
    d = {f.is_valid, dut->miss_o != 0, dut->same_o != 0, f.index};
    f = {f.is_valid, false, false, jumps[f.index]};
    if (was_redirect) {
        ex.is_valid = d.is_valid = false;
        f = {true, false, false, target};
    }
    steps++;
}

static void cycle() {
    bool ce = dut->ready_o && !wants && random32() % 8 != 0;
    if (ce) {
        dut->index_i = static_cast<uint16_t>(has_redirect ? redirect : jumps[f.index]);
        dut->write_i = stores;
        dut->address_i = store_addr;
        dut->data_i = store_data;
    }
    dut->ce_i = ce;
    dut->want_i = wants;
    dut->want_index_i = static_cast<uint16_t>(want_index);
    dut->frozen_i = now <= frozen_until;
    dut->eval();
    for (unsigned i = 0; i < dirty.size() && dut->clean_o; i++) {
        dut->rootp->code_bench__DOT__u_memory__DOT__words_q[dirty[i]] = code[dirty[i]];
    }
    dirty.resize(dut->clean_o ? 0 : dirty.size());
    seen.asked += dut->asks_o;
    seen.second += dut->second_o;
    if (dut->come_o && !wants) {
        fail("a bundle comes that nobody wants");
    }
    if (wants && dut->come_o) {
        wants = false;
        if (is_even && now != come_due) {
            fail("bundle " + std::to_string(want_index) + " comes " +
                 std::to_string(static_cast<int64_t>(now - come_due)) + " cycles late");
        }
    }
    if (wants && now == come_due + 500) {
        fail("bundle " + std::to_string(want_index) + " never comes");
    }
    if (ce) {
        step();
    }
    half_cycle(dut, true);
    half_cycle(dut, false);
    dut->write_i = 0;
    now++;
}

static void edge() {
    half_cycle(dut, true);
    half_cycle(dut, false);
}

// Fills chip, reference and store.
static void fill() {
    uint32_t n = IMAGE_LINES * LINE_BUNDLES * SLOTS;
    std::vector<uint8_t> bytes(packed_bytes(code.data(), n));
    packed_write(bytes.data(), code.data(), n);
    dut->load_lines_i = IMAGE_LINES;
    dut->rst_ni = 0;
    edge();
    edge();
    dut->rst_ni = 1;
    for (size_t at = 0; at < bytes.size(); edge()) {
        dut->load_valid_i = 1;
        dut->load_data_i = packed_get(bytes.data() + at, PACKED_WORD_BYTES);
        dut->eval();
        at += dut->load_ready_o ? PACKED_WORD_BYTES : 0;
    }
    dut->load_valid_i = 0;
    for (uint32_t i = 0; i < BUNDLES * SLOTS; i++) {
        dut->rootp->code_bench__DOT__u_memory__DOT__words_q[i] = code[i];
        dut->write_reference_i = 1;
        dut->address_i = i * 4;
        dut->data_i = code[i];
        edge();
    }
    dut->write_reference_i = 0;
}

static void make_code() {
    for (uint32_t i = 0; i < BUNDLES; i++) {
        for (uint32_t s = 0; s < SLOTS; s++) {
            code[i * SLOTS + s] = some_word();
        }
        jumps[i] = random32() % 16 == 0 ? random32() % BUNDLES : (i + 1) % BUNDLES;
    }
}

int main(int argc, char **argv) {
    unsigned cycles = argc > 1 ? static_cast<unsigned>(strtoul(argv[1], nullptr, 0)) : 4000000;
    uint32_t fields[MEMORY_FIELD_COUNT] = {};
    dut = new Vcode_bench;
    make_code();
    fill();
    fields[MEMORY_FIELD_ICACHE] = HELD * BUNDLE_BYTES;
    fields[MEMORY_FIELD_CODE_SECOND] = 256 * BUNDLE_BYTES;
    fields[MEMORY_FIELD_DCACHE_WAITS] = 1;
    fields[MEMORY_FIELD_FIRMWARE] = 2;
    fields[MEMORY_FIELD_CHIP_FIRST] = 5;
    fields[MEMORY_FIELD_CHIP_WORD] = 2;
    fields[MEMORY_FIELD_STORE_FIRST] = 3;
    fields[MEMORY_FIELD_STORE_WORDS] = 4;
    fields[MEMORY_FIELD_STORE_AHEAD] = 7;
    if (!iss_mem_create(&iss, MEMORY_ULX3S, fields, IMAGE_LINES * MEM_LINE_BYTES,
                        reinterpret_cast<const uint8_t *>(code.data()))) {
        return 1;
    }
    has_redirect = true;
    redirect = HELD - 1;
    for (unsigned random : {0u, 3u}) {
        is_even = random == 0;
        dut->random_i = static_cast<uint8_t>(random);
        for (unsigned i = 0; i < cycles / 2 && failures == 0; i++) {
            cycle();
        }
    }
    bool is_seen = seen.second > LEAST_SEEN && seen.on_way > LEAST_SEEN && seen.frozen > LEAST_SEEN;
    printf("code: %u bundles, %u misses, %u asked, %u of the second level, %u on their way, %u "
           "stores, %d failures\n",
           seen.bundles, seen.misses, seen.asked, seen.second, seen.on_way, seen.stores, failures);
    iss_mem_destroy(iss);
    delete dut;
    return failures != 0 || !is_seen || seen.stores < LEAST_SEEN;
}
