// SPDX-License-Identifier: MIT
// The instruction cache (icache_bench.sv): fetches that go on and jump, with stalls and without,
// against a code memory that has everything; lines are written and dropped meanwhile. First on a
// memory of even times, where a miss takes as many cycles as it must; then on one of random times.
//   icache_test [CYCLES]
#include <algorithm>
#include <cstdlib>

#include "Vicache_bench.h"
#include "verilated.h"
#include "tests/rtl/bench.h"

enum { BUNDLES = 4096, HELD = 64, LINE_BUNDLES = 4, LINE_WORDS = 16, BUNDLE_BYTES = 16 };
// From the cycle in which a miss is seen to that in which its bundle hits, with nothing else under
// way; and to the line's last bundle.
enum { MISS_CYCLES = 19, LINE_CYCLES = 43 };

static Vicache_bench *dut;

double sc_time_stamp() {
    return 0;
}

// Whoever writes code: the line leaves by the data cache's port, then it is dropped.
class writer {
  public:
    void before_edge();
    void after_edge();
    bool may_fetch(unsigned index) const {
        return step == REST || index / LINE_BUNDLES != line;
    }
    // Begins; `busy` is the line that is being fetched.
    void begin(unsigned l) {
        line = l;
        step = EVICT;
    }
    bool is_at_rest() const {
        return step == REST;
    }

    unsigned lines = 0;

  private:
    enum { REST, EVICT, WORDS, SETTLE, DROP, DROP_ALL } step = REST;
    unsigned line = 0, word = 0;
};

void writer::before_edge() {
    switch (step) {
    case EVICT:
        if (dut->evict_valid_i && dut->evict_ready_o) {
            step = WORDS;
            word = 0;
        }
        break;
    case WORDS:
        word += dut->old_valid_i;
        if (word == LINE_WORDS) {
            step = SETTLE;
        }
        break;
    case SETTLE:
        if (++word == LINE_WORDS + 4) {
            step = random32() % 8 == 0 ? DROP_ALL : DROP;
        }
        break;
    case DROP:
        if (dut->inval_valid_i && dut->inval_ready_o) {
            step = REST;
            lines++;
        }
        break;
    case DROP_ALL:
        if (dut->inval_all_i) {
            step = REST;
            lines++;
        }
        break;
    case REST:
        break;
    }
}

void writer::after_edge() {
    dut->evict_valid_i = step == EVICT;
    dut->evict_line_i = static_cast<uint16_t>(line);
    dut->old_valid_i = step == WORDS && random32() % 4 != 0;
    dut->old_word_i = static_cast<uint8_t>(word % LINE_WORDS);
    dut->old_i = random32();
    dut->reference_write_i = dut->old_valid_i;
    dut->reference_address_i = (line * LINE_WORDS + word) * 4;
    dut->inval_valid_i = step == DROP;
    dut->inval_all_i = step == DROP_ALL;
    dut->inval_line_i = static_cast<uint16_t>(line);
}

// --- who fetches
static writer code;
static unsigned wanted, shown; // index on its way into the cache; index whose bundle is out
static bool is_shown;
static uint64_t missed_at;
static bool has_missed;
static unsigned hits, misses, least_miss = 1000, most_miss;

static bool stays_in_line;
static unsigned left_line; // some of its bundles may still be coming

static unsigned next_index(unsigned index) {
    if (stays_in_line) {
        return index / LINE_BUNDLES * LINE_BUNDLES + (index + 1) % LINE_BUNDLES;
    }
    unsigned next = (index + 1) % BUNDLES;
    if (random32() % 16 == 0) {
        left_line = index / LINE_BUNDLES;
        next = random32() % 4 != 0 ? random32() % 96 : random32() % BUNDLES;
    }
    while (!code.may_fetch(next)) {
        next = (next + LINE_BUNDLES) % BUNDLES;
    }
    return next;
}

// Somebody else wants another bundle, often of the line that goes: an interrupt, a branch.
static void give_up() {
    left_line = shown / LINE_BUNDLES;
    unsigned next =
        random32() % 2 ? (shown + HELD * (1 + random32() % 2)) % (3 * HELD) : random32() % 96;
    if (code.may_fetch(next)) {
        wanted = next;
        has_missed = false;
    }
}

static void look() {
    if (!is_shown || !dut->fetch_i || !code.may_fetch(shown)) {
        return;
    }
    if (!dut->hit_o) {
        if (!has_missed) {
            has_missed = true;
            missed_at = now;
            misses++;
        }
        if (now - missed_at == 2000) {
            fail("a bundle that never comes");
        }
        if (!stays_in_line && random32() % 128 == 0) {
            give_up();
        }
        return;
    }
    if (!dut->same_o) {
        fail("bundle " + std::to_string(shown) + " is not the one that was written");
    }
    if (has_missed) {
        least_miss = std::min(least_miss, static_cast<unsigned>(now - missed_at));
        most_miss = std::max(most_miss, static_cast<unsigned>(now - missed_at));
    }
    has_missed = false;
    hits++;
    if (wanted == shown) {
        wanted = next_index(shown);
    }
}

static void cycle(bool may_stall) {
    look();
    code.before_edge();
    dut->index_i = static_cast<uint16_t>(wanted);
    dut->ce_i = !may_stall || random32() % 8 != 0;
    dut->eval();
    bool is_read = dut->ce_i;
    unsigned index = wanted;
    half_cycle(dut, true);
    if (is_read) {
        shown = index;
        is_shown = true;
    }
    code.after_edge();
    dut->fetch_i = !may_stall || random32() % 8 != 0;
    half_cycle(dut, false);
    now++;
}

// All lines once, so that memory and reference are the same.
static void write_all() {
    for (unsigned l = 0; l < BUNDLES / LINE_BUNDLES; l++) {
        code.begin(l);
        while (!code.is_at_rest()) {
            dut->fetch_i = 0;
            is_shown = false;
            cycle(false);
        }
    }
}

// Cold lines from one of their bundles on, with nothing else under way.
static void check_miss() {
    stays_in_line = true;
    is_shown = false;
    for (int i = 0; i < 200; i++) {
        cycle(false);
    }
    for (unsigned l = 512; l < 520; l++) {
        wanted = l * LINE_BUNDLES + l % LINE_BUNDLES;
        is_shown = false;
        unsigned had = hits, had_missed = misses;
        uint64_t begin = 0, first = 0;
        while (hits < had + LINE_BUNDLES) {
            cycle(false);
            if (misses == had_missed + 1 && begin == 0) {
                begin = missed_at;
            }
            if (hits == had + 1 && first == 0) {
                first = now - 1;
            }
        }
        if (first - begin != MISS_CYCLES || now - 1 - begin != LINE_CYCLES) {
            fail("a miss takes " + std::to_string(first - begin) + " cycles, its line " +
                 std::to_string(now - 1 - begin));
        }
        for (int i = 0; i < 50; i++) {
            cycle(false);
        }
    }
    stays_in_line = false;
}

int main(int argc, char **argv) {
    unsigned cycles = argc > 1 ? static_cast<unsigned>(strtoul(argv[1], nullptr, 0)) : 800000;
    dut = new Vicache_bench;
    dut->rst_ni = 0;
    for (int i = 0; i < 4; i++) {
        half_cycle(dut, true);
        half_cycle(dut, false);
    }
    dut->rst_ni = 1;
    half_cycle(dut, false);
    write_all();
    check_miss();
    for (unsigned random : {0u, 0u, 7u}) {
        dut->random_i = static_cast<uint8_t>(random);
        for (unsigned i = 0; i < cycles / 3; i++) {
            if (code.is_at_rest() && random32() % 64 == 0) {
                unsigned l = random32() % 2 ? left_line : random32() % 48;
                if (l != shown / LINE_BUNDLES && l != wanted / LINE_BUNDLES) {
                    code.begin(l);
                }
            }
            cycle(random != 0 || i % 2 != 0);
        }
    }
    delete dut;
    printf("icache: %u hits, %u misses of %u to %u cycles, %u lines written, %d failures\n", hits,
           misses, least_miss, most_miss, code.lines, failures);
    return failures != 0 || hits < cycles / 40 || misses < cycles / 1000;
}
