// SPDX-License-Identifier: MIT
// Two caches' worth of requests on mem_port (mem_bench.sv): lines of the instruction cache, lines
// and evictions of the data cache, alone and together, against a memory that takes them in the
// order in which they were taken: nothing is read before what was evicted has gone there. What is
// taken at once, and how many cycles it takes.
//   mem_test [CYCLES]     of random requests
#include <algorithm>
#include <array>
#include <cstdlib>
#include <deque>
#include <memory>
#include <unordered_map>
#include <vector>

#include "Vmem_bench.h"
#include "verilated.h"
#include "tests/rtl/bench.h"

enum { SETS = 3, WORDS = 16 };
enum { SDRAM, EVEN, RANDOM };

using line_data = std::array<uint32_t, WORDS>;

static Vmem_bench *dut;

double sc_time_stamp() {
    return 0;
}

extern "C" void sdram_error(unsigned, const char *rule, unsigned bank, unsigned cycle, int, int) {
    fail("SDRAM, bank " + std::to_string(bank) + ", cycle " + std::to_string(cycle) + ": " + rule);
}

// What is asked for: chances in 1,024, each cycle in which nothing is asked for yet.
struct load {
    const char *name;
    unsigned instructions, data, evict, evict_alone;
    // least cycles from one request to the next of the same cache, with times that are even
    unsigned period_instructions, period_data;
};

static const load loads[] = {
    {"instructions", 1024, 0, 0, 0, 36, 0},
    {"data", 0, 1024, 0, 0, 0, 38},
    {"data, each evicts", 0, 1024, 1024, 0, 0, 76},
    {"evictions alone", 0, 0, 0, 1024, 0, 0},
    {"all", 300, 300, 512, 20, 0, 0},
    {"all, seldom", 12, 12, 512, 2, 0, 0},
};

// A line that is on its way.
struct reading {
    unsigned word, given;
    uint64_t taken;
    line_data data;
};

class set {
  public:
    explicit set(unsigned n) : number(n) {
    }

    void begin(const load &l) {
        chances = &l;
        least_i = least_d = 1000;
        last_i = last_d = 0;
        waits_i.clear();
        waits_d.clear();
    }

    void before_edge();
    void after_edge();
    void check_figures() const;

    bool is_idle() const {
        return !asks_i && !asks_d && reads_i.empty() && reads_d.empty() &&
               !has_bit(dut->evicting_o, number);
    }

    bool may_ask = true;
    unsigned taken_i = 0, taken_d = 0, taken_evict = 0;

  private:
    static uint32_t some_line() {
        return random32() % 4 == 0 ? random32() % 0x80000 : random32() % 24;
    }

    void check_words(std::deque<reading> &reads, bool has_word, bool is_done);
    void take_i();
    void take_d();
    void check_order() const;
    void choose();

    unsigned number;
    const load *chances = nullptr;
    std::unordered_map<uint32_t, line_data> memory;
    std::deque<reading> reads_i, reads_d;
    bool asks_i = false, asks_d = false, reads = false, evicts = false;
    uint32_t line_i = 0, line_d = 0, evict_line = 0;
    unsigned word_i = 0, word_d = 0;
    uint64_t asked_i = 0, asked_d = 0, last_i = 0, last_d = 0;
    line_data old = {};
    std::vector<unsigned> old_words; // to leave the cache
    bool is_owed = false;            // a line that was evicted has not gone to the memory
    bool is_old_next = false;
    bool is_old_alone = false; // at their own pace, not at a refill's
    unsigned least_i = 1000, least_d = 1000;
    std::vector<unsigned> waits_i, waits_d;
};

void set::check_words(std::deque<reading> &reads_of, bool has_word, bool is_done) {
    if (!has_word) {
        if (is_done) {
            fail("set " + std::to_string(number) + ": done without a word");
        }
        return;
    }
    if (reads_of.empty()) {
        fail("set " + std::to_string(number) + ": a word that nobody asked for");
        return;
    }
    reading &r = reads_of.front();
    unsigned w = (r.word + r.given++) % WORDS;
    if (dut->rdata_word_o[number] != w || dut->rdata_o[number] != r.data[w]) {
        fail("set " + std::to_string(number) + ": a word of a line is wrong");
    }
    if (r.given == 1 && number != RANDOM && now - r.taken != 7) {
        fail("set " + std::to_string(number) + ": the first word comes after " +
             std::to_string(now - r.taken) + " cycles");
    }
    if (is_done != (r.given == WORDS)) {
        fail("set " + std::to_string(number) + ": done is not with the last word");
    }
    if (r.given == WORDS) {
        reads_of.pop_front();
    }
}

void set::check_order() const {
    if (is_owed) {
        fail("set " + std::to_string(number) + ": a line is read before the evicted one has gone");
    }
}

void set::take_i() {
    check_order();
    waits_i.push_back(static_cast<unsigned>(now - asked_i));
    if (last_i != 0) {
        least_i = std::min(least_i, static_cast<unsigned>(now - last_i));
    }
    reads_i.push_back({word_i, 0, now, memory[line_i]});
    last_i = now;
    taken_i++;
    asks_i = false;
}

void set::take_d() {
    waits_d.push_back(static_cast<unsigned>(now - asked_d));
    if (last_d != 0) {
        least_d = std::min(least_d, static_cast<unsigned>(now - last_d));
    }
    if (reads) {
        check_order();
        reads_d.push_back({word_d, 0, now, memory[line_d]});
    }
    if (evicts) {
        old_words.clear();
        for (unsigned i = 0; i < WORDS; i++) {
            old[i] = random32();
            old_words.push_back((word_d + i) % WORDS);
        }
        is_old_alone = !reads;
        memory[evict_line] = old;
        is_owed = true;
        taken_evict++;
    }
    last_d = now;
    taken_d++;
    asks_d = false;
}

void set::before_edge() {
    // the word that is written into the cache lets the old one out a cycle later
    bool has_word = has_bit(dut->d_rdata_valid_o, number);
    is_old_next = !old_words.empty() && (is_old_alone ? random32() % 4 != 0 : has_word);
    check_words(reads_i, has_bit(dut->i_rdata_valid_o, number), has_bit(dut->i_done_o, number));
    check_words(reads_d, has_word, has_bit(dut->d_done_o, number));
    if (has_bit(dut->written_o, number)) {
        is_owed = false;
    }
    // taken in the same cycle: the instruction cache sees the memory before the eviction
    if (asks_i && has_bit(dut->i_ready_o, number)) {
        take_i();
    }
    if (asks_d && has_bit(dut->d_ready_o, number)) {
        take_d();
    }
}

void set::choose() {
    auto happens = [](unsigned chance) { return random32() % 1024 < chance; };
    if (!asks_i && may_ask && happens(chances->instructions)) {
        asks_i = true;
        line_i = some_line();
        word_i = random32() % WORDS;
        asked_i = now + 1;
    }
    // a data cache has one miss at a time
    if (!asks_d && may_ask && reads_d.empty() && old_words.empty()) {
        bool is_alone = happens(chances->evict_alone);
        asks_d = is_alone || happens(chances->data);
        reads = !is_alone;
        evicts = is_alone || happens(chances->evict);
        line_d = some_line();
        word_d = random32() % WORDS;
        do {
            evict_line = some_line();
        } while (evict_line == line_d);
        asked_d = now + 1;
    }
}

void set::after_edge() {
    set_bit(dut->d_old_valid_i, number, is_old_next);
    if (is_old_next) {
        dut->d_old_word_i[number] = static_cast<uint8_t>(old_words.front());
        dut->d_old_i[number] = old[old_words.front()];
        old_words.erase(old_words.begin());
    }
    choose();
    set_bit(dut->i_valid_i, number, asks_i);
    set_bit(dut->d_valid_i, number, asks_d);
    set_bit(dut->d_read_i, number, asks_d ? reads : random32() & 1);
    set_bit(dut->d_evict_i, number, asks_d ? evicts : random32() & 1);
    dut->i_line_i[number] = asks_i ? line_i : random32();
    dut->d_line_i[number] = asks_d ? line_d : random32();
    dut->d_evict_line_i[number] = asks_d ? evict_line : random32();
    dut->i_word_i[number] = static_cast<uint8_t>(word_i);
    dut->d_word_i[number] = static_cast<uint8_t>(word_d);
}

void set::check_figures() const {
    static const char *const names[] = {"SDRAM", "even", "random"};
    auto waits = [](std::vector<unsigned> of) {
        std::sort(of.begin(), of.end());
        return of.empty()
                   ? std::string("-")
                   : std::to_string(of[of.size() / 2]) + ", at most " + std::to_string(of.back());
    };
    printf("%-18s %-6s least from one to the next: instructions %u, data %u; waits: %s; %s\n",
           chances->name, names[number], least_i % 1000, least_d % 1000, waits(waits_i).c_str(),
           waits(waits_d).c_str());
    if (number != RANDOM &&
        ((chances->period_instructions != 0 && least_i != chances->period_instructions) ||
         (chances->period_data != 0 && least_d != chances->period_data))) {
        fail(std::string(chances->name) + ": other cycles than expected");
    }
}

static void cycle(std::vector<std::unique_ptr<set>> &sets) {
    for (auto &s : sets) {
        s->before_edge();
    }
    half_cycle(dut, true);
    for (auto &s : sets) {
        s->after_edge();
    }
    half_cycle(dut, false);
    now++;
}

// Random requests for so many cycles, then until all have come to an end.
static void run_load(std::vector<std::unique_ptr<set>> &sets, const load &l, unsigned cycles) {
    uint64_t end = now + cycles;
    for (auto &s : sets) {
        s->begin(l);
        s->may_ask = true;
    }
    while (now < end) {
        cycle(sets);
    }
    auto is_busy = [](const std::unique_ptr<set> &s) { return !s->is_idle(); };
    for (auto &s : sets) {
        s->may_ask = false;
    }
    while (std::any_of(sets.begin(), sets.end(), is_busy) && now < end + 10000) {
        cycle(sets);
    }
    for (auto &s : sets) {
        if (is_busy(s)) {
            fail(std::string(l.name) + ": a request that never comes to an end");
        }
        s->check_figures();
    }
}

int main(int argc, char **argv) {
    unsigned cycles = argc > 1 ? static_cast<unsigned>(strtoul(argv[1], nullptr, 0)) : 50000;
    dut = new Vmem_bench;
    std::vector<std::unique_ptr<set>> sets;
    for (unsigned n = 0; n < SETS; n++) {
        sets.push_back(std::make_unique<set>(n));
    }
    dut->rst_ni = 0;
    for (int i = 0; i < 4; i++) {
        half_cycle(dut, true);
        half_cycle(dut, false);
    }
    dut->rst_ni = 1;
    half_cycle(dut, false);
    // a start's worth of cycles
    for (auto &s : sets) {
        s->begin(loads[0]);
        s->may_ask = false;
    }
    for (int i = 0; i < 12000; i++) {
        cycle(sets);
    }
    for (const load &l : loads) {
        run_load(sets, l, cycles);
    }
    unsigned lines = 0, evicted = 0;
    for (auto &s : sets) {
        lines += s->taken_i + s->taken_d;
        evicted += s->taken_evict;
    }
    delete dut;
    printf("mem: %u requests, %u evictions, %d failures\n", lines, evicted, failures);
    return failures != 0;
}
