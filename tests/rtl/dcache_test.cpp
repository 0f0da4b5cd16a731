// SPDX-License-Identifier: MIT
// The data cache (dcache_bench.sv) under bundles of two accesses, one a cycle as long as all hits,
// as the core will make them: misses are seen a cycle late, writes that should not have been are
// put back, lines are asked for, what is missing is made again. Beside it lines are written to
// memory, and what the memory then has is looked at. First with even times, where a miss takes as
// many cycles as it must.
//   dcache_test [BUNDLES]
#include <algorithm>
#include <cstdlib>
#include <vector>

#include "Vdcache_bench.h"
#include "verilated.h"
#include "tests/rtl/bench.h"

enum { WORDS = 16384, LINE_WORDS = 16, HELD_WORDS = 256 };
// From the cycle in which a line is asked for until the ports may be used again, if the memory is
// at rest.
enum { LINE_CYCLES = 40 };

static Vdcache_bench *dut;
static uint32_t memory[WORDS]; // what has been written, in the order of bundles
static unsigned bundles_done, fetched, cleaned, looked_at;
static bool is_even;

double sc_time_stamp() {
    return 0;
}

struct mem_access {
    bool is_used, is_write;
    uint16_t word;
    uint8_t strobe;
    uint32_t data;
};

struct bundle {
    mem_access port[2];
};

static uint16_t some_word() {
    static uint16_t last;
    switch (random32() % 12) {
    case 0:
        last = static_cast<uint16_t>(random32() % WORDS);
        break;
    case 1: // another line for the same place
        last = static_cast<uint16_t>((last + HELD_WORDS * (1 + random32() % 3)) % WORDS);
        break;
    default:
        last = static_cast<uint16_t>((last / 64 * 64 + random32() % 64) % WORDS);
    }
    return last;
}

static bundle some_bundle() {
    bundle b = {};
    b.port[0].is_used = random32() % 2 != 0;
    b.port[0].word = some_word();
    b.port[1].is_used = random32() % 4 != 0;
    b.port[1].is_write = random32() % 2 != 0;
    b.port[1].word = some_word();
    b.port[1].data = random32();
    b.port[1].strobe = static_cast<uint8_t>(random32() % 2 ? 15 : 1 + random32() % 15);
    // what port 0 reads from the word that is being written is nobody's business
    b.port[0].is_used &=
        !(b.port[1].is_used && b.port[1].is_write && b.port[0].word == b.port[1].word);
    return b;
}

static void step() {
    half_cycle(dut, true);
    half_cycle(dut, false);
    now++;
}

// Presents port accesses for one cycle.
static void present(const mem_access &p0, const mem_access &p1) {
    dut->ce_i = 1;
    dut->read0_i = p0.is_used;
    dut->address0_i = p0.word;
    dut->read1_i = p1.is_used;
    dut->address1_i = p1.word;
    dut->strobe1_i = p1.is_used && p1.is_write ? p1.strobe : 0;
    dut->wdata1_i = p1.data;
    step();
    dut->ce_i = 0;
    dut->read0_i = 0;
    dut->read1_i = 0;
    dut->strobe1_i = 0;
}

static void put_back(const mem_access &a, uint32_t old) {
    mem_access back = {true, true, a.word, 15, old};
    present({}, back);
}

static void do_write(const mem_access &a) {
    for (int b = 0; b < 4; b++) {
        if (a.strobe >> b & 1) {
            uint32_t mask = 0xffu << 8 * b;
            memory[a.word] = (memory[a.word] & ~mask) | (a.data & mask);
        }
    }
}

static void check_read(const mem_access &a, uint32_t data, const char *how) {
    if (data != memory[a.word]) {
        fail("word " + std::to_string(a.word) + how + " is " + std::to_string(data) +
             " instead of " + std::to_string(memory[a.word]));
    }
}

// Asks for a line, or to clean one.
static void line_op(uint16_t word, bool is_clean) {
    if (is_even) {
        for (int i = 0; i < 100; i++) { // the memory has come to rest
            step();
        }
    }
    uint64_t begin = now;
    dut->op_valid_i = 1;
    dut->op_clean_i = is_clean;
    dut->op_address_i = word;
    do {
        step();
        dut->op_valid_i = 0;
    } while (dut->busy_o && now - begin < 2000);
    if (!is_clean && is_even && now - begin != LINE_CYCLES) {
        fail("a line takes " + std::to_string(now - begin) + " cycles");
    }
    (is_clean ? cleaned : fetched)++;
}

// What missed of a bundle is made again.
static void make_good(const bundle &b, bool is_missed0, bool is_missed1) {
    if (is_missed0) {
        line_op(b.port[0].word, false);
        present(b.port[0], {});
        check_read(b.port[0], dut->data0_o, ", made again,");
    }
    if (!is_missed1) {
        return;
    }
    const mem_access &a = b.port[1];
    present({}, a); // port 0's line may have been the same
    if (!a.is_write && dut->hit1_o) {
        check_read(a, dut->data1_o, ", which has come for port 0,");
    }
    if (dut->hit1_o) {
        return;
    }
    if (a.is_write) {
        put_back(a, dut->data1_o);
    }
    line_op(a.word, false);
    present({}, a);
    if (!dut->hit1_o) {
        fail("a line that has come does not hit");
    }
    if (!a.is_write) {
        check_read(a, dut->data1_o, ", made again,");
    }
}

// Bundles one after the other. A bundle's hits are known when the next is made already.
static void run(unsigned count) {
    bundle b = some_bundle();
    present(b.port[0], b.port[1]);
    while (count > 0) {
        bool is_missed0 = b.port[0].is_used && !dut->hit0_o;
        bool is_missed1 = b.port[1].is_used && !dut->hit1_o;
        uint32_t data0 = dut->data0_o, data1 = dut->data1_o;
        bundle next = some_bundle();
        present(next.port[0], next.port[1]);
        bool is_missed = is_missed0 || is_missed1;
        if (is_missed && next.port[1].is_used && next.port[1].is_write) {
            put_back(next.port[1], dut->data1_o);
        }
        if (is_missed1 && b.port[1].is_write) {
            put_back(b.port[1], data1);
        }
        if (b.port[0].is_used && !is_missed0) {
            check_read(b.port[0], data0, "");
        }
        if (b.port[1].is_used && !b.port[1].is_write && !is_missed1) {
            check_read(b.port[1], data1, "");
        }
        if (is_missed) {
            make_good(b, is_missed0, is_missed1);
        }
        if (b.port[1].is_used && b.port[1].is_write) {
            do_write(b.port[1]);
        }
        if (is_missed) {
            present(next.port[0], next.port[1]);
        }
        b = next;
        count--;
        bundles_done++;
    }
    // the last one is not looked at: as if it had trapped
    if (b.port[1].is_used && b.port[1].is_write) {
        put_back(b.port[1], dut->data1_o);
    }
}

// Cleans a line and reads it by the instruction cache's port.
static void look_at(uint16_t line) {
    line_op(static_cast<uint16_t>(line * LINE_WORDS), true);
    dut->i_valid_i = 1;
    dut->i_line_i = line;
    uint64_t begin = now;
    unsigned words = 0;
    dut->eval();
    while (words < LINE_WORDS && now - begin < 2000) {
        bool is_taken = dut->i_valid_i && dut->i_ready_o;
        step();
        dut->i_valid_i = dut->i_valid_i && !is_taken;
        dut->eval();
        if (dut->i_rdata_valid_o) {
            if (dut->rdata_word_o != words || dut->rdata_o != memory[line * LINE_WORDS + words]) {
                fail("line " + std::to_string(line) + " did not get to memory as it was written");
            }
            words++;
        }
    }
    if (words != LINE_WORDS) {
        fail("line " + std::to_string(line) + " does not come");
    }
    looked_at++;
}

int main(int argc, char **argv) {
    unsigned bundles = argc > 1 ? static_cast<unsigned>(strtoul(argv[1], nullptr, 0)) : 100000;
    dut = new Vdcache_bench;
    dut->rst_ni = 0;
    for (int i = 0; i < 4; i++) {
        step();
    }
    dut->rst_ni = 1;
    do {
        step();
    } while (dut->busy_o);
    for (unsigned random : {0u, 7u}) {
        dut->random_i = static_cast<uint8_t>(random);
        is_even = random == 0;
        for (unsigned done = 0; done < bundles / 2; done += 40) {
            run(is_even ? 4 : 40);
            look_at(
                static_cast<uint16_t>(random32() % 2 ? some_word() / LINE_WORDS : random32() % 16));
        }
    }
    for (unsigned line = 0; line < WORDS / LINE_WORDS; line++) {
        look_at(static_cast<uint16_t>(line));
    }
    delete dut;
    printf(
        "dcache: %u bundles, %u lines fetched, %u cleaned, %u looked at in memory, %d failures\n",
        bundles_done, fetched, cleaned, looked_at, failures);
    return failures != 0;
}
