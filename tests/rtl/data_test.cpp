// SPDX-License-Identifier: MIT
// The core's data side with a small cache (data_bench.sv) under random bundles, with what the core
// does at its ports: answers taken in M and again, a bundle that traps, whose store goes back, the
// machine that stands still for other reasons or for code, when lines are cleaned and fetched. Each
// answer must be what a flat memory has, and with even times each stall as long as the ISS says
// (sim/iss/iss_mem.c).
//   data_test [BUNDLES]
#include <cstdlib>
#include <unordered_map>

#include "Vdata_bench.h"
#include "Vdata_bench___024root.h"
#include "verilated.h"
#include "tests/rtl/bench.h"
extern "C" {
#include "sim/iss/iss_mem.h"
}

enum { CACHE_BYTES = 1024, CHIP_FIRST = 5, CHIP_WORD = 2, LEAST_SEEN = 10 };

static Vdata_bench *dut;
static struct iss_mem *iss;
static std::unordered_map<uint32_t, uint32_t> memory; // word of the chip; in the order of bundles
static bool is_even;

double sc_time_stamp() {
    return 0;
}

static struct {
    unsigned bundles, misses, both_miss, pushed_out, same_word, traps, trapped_misses, chained,
        cleans, lines;
} seen;

struct port_access {
    bool is_used, is_store;
    uint32_t addr, data;
    uint8_t strobe;
};

struct bundle {
    bool traps;
    port_access port[2];
    uint32_t expected[2];
};

// --- where things are
static uint32_t chip_word(uint32_t addr) {
    const struct memory_info &info = memory_info[MEMORY_ULX3S];
    uint32_t at = addr >> 31                           ? info.guest_at + (addr - MEM_GUEST_BASE)
                  : addr >> 28 == MEM_CODE_BASE >> 28  ? info.code_at + (addr - MEM_CODE_BASE)
                  : addr >> 28 == MEM_FLASH_BASE >> 28 ? info.flash_at + (addr - MEM_FLASH_BASE)
                                                       : info.fwram_at + addr;
    return at / 4;
}

// Few lines, for few places of the cache.
static uint32_t some_address(bool is_store) {
    static const uint32_t bases[] = {MEM_FWRAM_BASE, MEM_GUEST_BASE, MEM_FLASH_BASE, MEM_CODE_BASE};
    static uint32_t last = MEM_GUEST_BASE;
    uint32_t set = random32() % 4, tag = random32() % 3, word = random32() % 16;
    if (random32() % 4 == 0 || (!is_store && last >> 28 == MEM_CODE_BASE >> 28)) {
        last = bases[random32() % (is_store ? 4 : 3)] + tag * CACHE_BYTES + set * MEM_LINE_BYTES;
    }
    return (last & ~63u) + word % (random32() % 2 ? 16 : 2) * 4;
}

static bundle some_bundle() {
    bundle b = {};
    if (random32() % 8 == 0) {
        return b; // dead, or none of its business
    }
    b.traps = random32() % 32 == 0;
    for (unsigned p = 0; p < 2; p++) {
        port_access &a = b.port[p];
        a.is_used = random32() % 2 != 0;
        a.is_store = a.is_used && p == 1 && random32() % 2 != 0;
        a.addr = b.traps && random32() % 2 ? random32() : some_address(a.is_store);
        a.data = random32();
        a.strobe = static_cast<uint8_t>(
            a.addr >> 28 == MEM_CODE_BASE >> 28 || random32() % 2 ? 15 : 1 + random32() % 15);
    }
    if (b.port[0].is_used && b.port[1].is_store && b.port[1].addr >> 28 != MEM_CODE_BASE >> 28 &&
        random32() % 8 == 0) {
        b.port[0].addr = b.port[1].addr;
    }
    return b;
}

static bool is_same_word(const bundle &b) {
    return b.port[1].is_store && b.port[0].addr / 4 == b.port[1].addr / 4;
}

// What a bundle has to see, and what it does.
static void execute(bundle &b) {
    for (unsigned p = 0; p < 2; p++) {
        b.expected[p] = memory[chip_word(b.port[p].addr)];
    }
    const port_access &a = b.port[1];
    for (int i = 0; i < 4 && a.is_store; i++) {
        if (a.strobe >> i & 1) {
            uint32_t mask = 0xffu << 8 * i, &word = memory[chip_word(a.addr)];
            word = (word & ~mask) | (a.data & mask);
        }
    }
}

// --- the core
static bundle ex, m, m2;
static bool restores; // in EX: the store of the bundle in M2 goes back
static unsigned dead_left;
static uint32_t raw[2]; // of the bundle in M2
static int64_t step_now;
static uint64_t freeze_end; // the machine stands still before

// Code that is waited for: a line is cleaned, then fetched; its words come whenever they do.
enum { RUNS, CLEANS, ASKS };
static int code_state;
static uint32_t code_line;
static uint64_t code_due; // cleaned then, or taken
static uint32_t code_words[MEM_LINE_WORDS];
static unsigned code_left;

static void half(bool clk) {
    half_cycle(dut, clk);
}

static bool has_access(const bundle &b) {
    return b.port[0].is_used || b.port[1].is_used;
}

static void drive(bool ce) {
    dut->ce_i = ce;
    dut->read0_i = ex.port[0].is_used;
    dut->address0_i = ex.port[0].addr;
    dut->read1_i = ex.port[1].is_used || restores;
    dut->address1_i = restores ? m2.port[1].addr : ex.port[1].addr;
    dut->strobe1_i = restores ? 15 : ex.port[1].is_store ? ex.port[1].strobe : 0;
    dut->wdata1_i = restores ? raw[1] : ex.port[1].data;
    dut->restore1_i = restores;
    dut->trap_m_i = m.traps;
    dut->old1_m2_i = raw[1];
    dut->clean_valid_i = code_state == CLEANS;
    dut->clean_line_i = code_line;
    dut->i_valid_i = code_state == ASKS;
    dut->i_line_i = code_line;
    dut->eval();
}

static void check_answers() {
    for (unsigned p = 0; p < 2; p++) {
        if (m2.port[p].is_used && !m2.traps && raw[p] != m2.expected[p]) {
            char text[100];
            snprintf(text, sizeof text, "port %u, %s %08x: %08x instead of %08x", p,
                     m2.port[p].is_store ? "old word of" : "load of", m2.port[p].addr, raw[p],
                     m2.expected[p]);
            fail(text);
        }
    }
}

static void tell_iss() {
    struct iss_access access[SLOT_COUNT] = {};
    for (unsigned p = 0; p < 2; p++) {
        const port_access &a = ex.port[p];
        access[p].addr = a.addr;
        access[p].is_there = a.is_used;
        access[p].is_store = a.is_store;
    }
    uint64_t misses = iss->dcache_misses[0];
    if (!has_access(ex)) {
        return;
    }
    iss_mem_data(iss, access, step_now, 0);
    unsigned n = static_cast<unsigned>(iss->dcache_misses[0] - misses);
    seen.misses += n;
    seen.both_miss += n == 2;
    uint32_t line0 = chip_word(ex.port[0].addr) / 16, line1 = chip_word(ex.port[1].addr) / 16;
    seen.pushed_out += n == 2 && line0 != line1 && line0 % 16 == line1 % 16;
    seen.same_word += n != 0 && ex.port[0].is_used && is_same_word(ex);
    seen.chained += iss->freezes == 2;
}

// A step of the machine; its cycle is `now`.
static void advance() {
    check_answers();
    raw[0] = is_same_word(m) ? dut->data1_o : dut->data0_o;
    raw[1] = dut->data1_o;
    if (!ex.traps) {
        execute(ex);
        tell_iss();
    } else {
        seen.traps++;
        seen.trapped_misses += iss->freezes != 0;
        dead_left = 4;
    }
    restores = m.traps && m.port[1].is_store;
    m2 = m;
    m = ex;
    dead_left -= dead_left != 0;
    ex = dead_left != 0 ? bundle{} : some_bundle();
    seen.bundles++;
    step_now++;
    freeze_end = now + 1;
    if (step_now >= iss->due) {
        freeze_end += iss_mem_freeze(iss, now + 1);
    }
}

static void retake() {
    if (dut->retake0_o) {
        raw[0] = is_same_word(m2) ? dut->data1_o : dut->data0_o;
    }
    if (dut->retake1_o) {
        raw[1] = dut->data1_o;
    }
}

static void check_due(const char *what) {
    if (is_even && now != code_due) {
        fail(std::string(what) + " " + std::to_string(static_cast<int64_t>(now - code_due)) +
             " cycles late");
    }
}

// With nothing in EX and M the machine may wait for code.
static void wait_for_code() {
    static bool is_cleaning;
    switch (code_state) {
    case CLEANS:
        if (!is_cleaning && !dut->frozen_o) {
            is_cleaning = true;
            code_due = iss_mem_clean(iss, code_line, now);
            seen.cleans++;
        }
        if (dut->clean_done_o) {
            check_due("a line is clean");
            is_cleaning = false;
            code_state = ASKS;
            code_due = now + 1 > iss->chip_free ? now + 1 : iss->chip_free;
        }
        break;
    case ASKS:
        if (dut->i_ready_o) {
            check_due("a line of code is taken");
            iss->chip_free = now + CHIP_FIRST + CHIP_WORD * MEM_LINE_WORDS - 1;
            for (unsigned i = 0; i < MEM_LINE_WORDS; i++) {
                code_words[i] = memory[code_line * MEM_LINE_WORDS + i];
            }
            code_left = MEM_LINE_WORDS;
            code_state = RUNS;
            seen.lines++;
        }
        break;
    default:
        break;
    }
}

static void take_code() {
    if (!dut->i_rdata_valid_o) {
        return;
    }
    if (code_left == 0 || dut->rdata_o != code_words[dut->rdata_word_o]) {
        fail("a word of code is not the one that was stored");
    }
    code_left -= code_left != 0;
}

static bool may_wait_for_code() {
    return !has_access(ex) && !has_access(m) && !restores && !m.traps && code_left == 0;
}

static void cycle(unsigned stalls) {
    if (code_state == RUNS && may_wait_for_code() && random32() % 8 == 0) {
        code_line = chip_word(some_address(true)) / MEM_LINE_WORDS;
        code_state = CLEANS;
    }
    bool ce = !dut->frozen_o && code_state == RUNS && (stalls == 0 || random32() % stalls != 0);
    drive(ce);
    if (is_even && dut->frozen_o != (now < freeze_end)) {
        fail(dut->frozen_o ? "the machine stands still for too long"
                           : "the machine does not stand still");
        freeze_end = 0;
        is_even = false; // the first difference is the one that counts
    }
    take_code();
    if (ce) {
        advance();
    } else {
        retake();
        wait_for_code();
    }
    half(true);
    half(false);
    now++;
}

// --- begin and end
static void fill_memory() {
    auto &words = dut->rootp->data_bench__DOT__u_memory__DOT__words_q;
    for (unsigned i = 0; i < 4; i++) {
        static const uint32_t bases[] = {MEM_FWRAM_BASE, MEM_GUEST_BASE, MEM_FLASH_BASE,
                                         MEM_CODE_BASE};
        for (uint32_t at = 0; at < 3 * CACHE_BYTES; at += 4) {
            uint32_t word = chip_word(bases[i] + at);
            memory[word] = words[word] = random32();
        }
    }
}

static void run(unsigned bundles, unsigned random, unsigned stalls) {
    dut->random_i = static_cast<uint8_t>(random);
    is_even = random == 0;
    for (unsigned end = seen.bundles + bundles; seen.bundles < end;) {
        cycle(stalls);
    }
}

static void create_iss() {
    uint32_t fields[MEMORY_FIELD_COUNT] = {};
    fields[MEMORY_FIELD_DCACHE] = CACHE_BYTES;
    fields[MEMORY_FIELD_DCACHE_WAITS] = 1;
    fields[MEMORY_FIELD_CHIP_FIRST] = CHIP_FIRST;
    fields[MEMORY_FIELD_CHIP_WORD] = CHIP_WORD;
    if (!iss_mem_create(&iss, MEMORY_ULX3S, fields, 0, nullptr)) {
        exit(1);
    }
}

static void check_seen() {
    for (unsigned n : {seen.both_miss, seen.pushed_out, seen.same_word, seen.trapped_misses,
                       seen.chained, seen.lines}) {
        if (n < LEAST_SEEN) {
            fail("something was hardly ever seen");
        }
    }
}

int main(int argc, char **argv) {
    unsigned bundles = argc > 1 ? static_cast<unsigned>(strtoul(argv[1], nullptr, 0)) : 200000;
    dut = new Vdata_bench;
    create_iss();
    fill_memory();
    dut->rst_ni = 0;
    for (int i = 0; i < 4; i++) {
        half(true);
        half(false);
    }
    dut->rst_ni = 1;
    half(false);
    while (dut->frozen_o) {
        half(true);
        half(false);
        now++;
    }
    run(bundles / 2, 0, 0);
    run(bundles / 4, 0, 5);
    run(bundles / 4, 7, 5);
    check_seen();
    delete dut;
    printf("data: %u bundles, %u misses (%u bundles with two, %u for one place, %u with one word "
           "twice, %u "
           "after another), %u traps (%u behind a miss), %u lines cleaned, %d failures\n",
           seen.bundles, seen.misses, seen.both_miss, seen.pushed_out, seen.same_word, seen.chained,
           seen.traps, seen.trapped_misses, seen.cleans, failures);
    iss_mem_destroy(iss);
    return failures != 0;
}
