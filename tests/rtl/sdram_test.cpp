// SPDX-License-Identifier: MIT
// The SDRAM controller with chips of all kinds (sdram_bench.sv): random lines against an array,
// back to back and with pauses; how many cycles everything takes; no rule of the chip broken. And
// the chip's model alone: each rule broken in turn is noticed.
//   sdram_test [LINES [IDLE]]     lines of each set; cycles of rest at the end
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "Vsdram_bench.h"
#include "verilated.h"
#include "tests/rtl/bench.h"

enum { SETS = 15, ALONE = SETS, WORDS = 16 };

static Vsdram_bench *dut;
static std::string
    rules[SETS + 1]; // that were broken, each once, in the order in which they were noticed

double sc_time_stamp() {
    return 0;
}

extern "C" void sdram_error(unsigned id, const char *rule, unsigned bank, unsigned cycle, int is,
                            int needs) {
    std::string name = std::string(" ") + rule;
    if ((rules[id] + " ").find(name + " ") != std::string::npos) {
        return;
    }
    rules[id] += name;
    if (getenv("VERBOSE") != nullptr) {
        printf("set %u, cycle %u: %s, bank or row %u: %d, needs %d\n", id, cycle, rule, bank, is,
               needs);
    }
}

// What a set takes, in cycles. Requests are counted from the cycle in which they are taken.
struct figures {
    const char *name;
    unsigned first;      // the word that was asked for is there
    unsigned line;       // the last one
    unsigned after_read; // the next request is taken at the earliest
    unsigned after_write;
    unsigned refresh;   // as long is nothing taken because of a refresh
    const char *broken; // rules, for a set that is wrong; nullptr: none
};

static const figures expected[SETS] = {
    {"ULX3S with W9825G6KH-6, 90 MHz, CL2", 7, 37, 36, 37, 6, nullptr},
    {"ULX3S with MT48LC16M16A2-75, 90 MHz, CL3", 8, 38, 36, 37, 6, nullptr},
    {"ULX3S with AS4C32M16SB-7, 90 MHz, CL2", 7, 37, 36, 37, 6, nullptr},
    {"MT48LC16M16A2-75, 100 MHz, CL2", 7, 37, 36, 37, 7, nullptr},
    {"MT48LC16M16A2-75, 125 MHz, CL3", 9, 39, 38, 39, 9, nullptr},
    {"AS4C32M16SB-7, 100 MHz, CL2", 8, 38, 38, 39, 7, nullptr},
    {"W9825G6KH-6, 125 MHz, CL2", 7, 37, 36, 37, 8, nullptr},
    {"M12L64322A-5T, 62.5 MHz, CL2", 6, 21, 19, 20, 4, nullptr},
    {"M12L64322A-5T, 100 MHz, CL3", 7, 22, 20, 21, 6, nullptr},
    {"GW2AR-18, 48 MHz, CL2", 6, 21, 19, 20, 4, nullptr},
    {"iCESugar-pro with IS42S16160B-7, CL2", 7, 37, 36, 37, 5, nullptr},
    {"rows in 2 ms, 90 MHz, CL2", 7, 37, 36, 37, 6, nullptr},
    {"wrong: clock phase 90 degrees, 100 MHz", 0, 0, 0, 0, 0, " capture"},
    {"wrong: captured a cycle late", 0, 0, 0, 0, 0, ""},
    {"wrong: MT48LC16M16A2-75 as W9825G6KH-6, 120 MHz, CL2", 0, 0, 0, 0, 0, " clock tRCD tRP"},
};

// A cache on the line port of one set: asks, checks what it gets, gives what it is asked for.
class master {
  public:
    explicit master(unsigned s) : set(s) {
    }

    void before_edge() {
        bool is_ready = has_bit(dut->ready_o, set);
        bool is_taken = is_asking && is_ready;
        at_rest(is_ready);
        check_data();
        if (is_taken) {
            take();
        }
        next_wdata = data_of(write_line)[dut->wdata_word_o[set]];
        is_taken_now = is_taken;
    }

    // What changes after the edge.
    void after_edge(bool may_ask, bool is_busy) {
        is_asking &= !is_taken_now;
        if (!is_asking && may_ask && has_started && (is_busy || random32() % 64 == 0)) {
            choose();
        }
        dut->wdata_i[set] = next_wdata;
        set_bit(dut->valid_i, set, is_asking);
        set_bit(dut->write_i, set, is_write);
        dut->line_i[set] = is_asking ? line : random32();
        dut->word_i[set] = static_cast<uint8_t>(word);
    }

    bool is_idle() const {
        return !is_asking && open.empty();
    }

    void check_figures() const;

    unsigned lines = 0;

  private:
    struct request {
        bool is_write;
        uint32_t line;
        unsigned word, given;
        uint64_t taken;
        std::array<uint32_t, WORDS> data; // when it was taken
    };

    std::array<uint32_t, WORDS> &data_of(uint32_t l) {
        return memory[l];
    }

    void choose() {
        uint32_t count = dut->lines_o[set];
        is_asking = true;
        is_write = (random32() & 1) != 0;
        // everywhere; few rows of all banks; the ends
        switch (random32() % 4) {
        case 0:
            line = random32() & (count - 1);
            break;
        case 1:
            line = random32() & 1 ? random32() % 4 : count - 1 - random32() % 4;
            break;
        default:
            line = random32() % 256 + random32() % 2 * (count / 2);
        }
        word = is_write ? 0 : random32() % WORDS;
        asked = now + 1;
    }

    // Nobody asks, and yet it is not ready: a refresh.
    void at_rest(bool is_ready) {
        has_started |= is_ready;
        busy_for =
            is_ready || is_asking || !open.empty() || now < last_done + 16 ? 0 : busy_for + 1;
        if (has_started) {
            refresh = std::max(refresh, busy_for);
        }
    }

    void take() {
        waits.push_back(static_cast<unsigned>(now - asked));
        if (lines != 0 && asked == last_taken + 1) {
            unsigned &least = last_was_write ? least_after_write : least_after_read;
            least = std::min(least, static_cast<unsigned>(now - last_taken));
        }
        last_taken = now;
        last_was_write = is_write;
        if (is_write) {
            write_line = line;
            for (uint32_t &w : data_of(line)) {
                w = random32();
            }
        }
        open.push_back({is_write, line, word, 0, now, data_of(line)});
        lines++;
    }

    void check_data() {
        bool is_done = has_bit(dut->done_o, set);
        if (has_bit(dut->rdata_valid_o, set)) {
            check_word(is_done);
        } else if (is_done) {
            if (open.empty() || !open.front().is_write) {
                bad("done without a write");
                return;
            }
            finish();
        }
    }

    void check_word(bool is_done) {
        if (open.empty() || open.front().is_write) {
            bad("a word that nobody asked for");
            return;
        }
        request &r = open.front();
        unsigned w = (r.word + r.given) % WORDS;
        if (dut->rdata_word_o[set] != w || dut->rdata_o[set] != r.data[w]) {
            bad("a word of a line is wrong");
        }
        unsigned after = static_cast<unsigned>(now - r.taken);
        if (r.given == 0) {
            first = std::max(first, after);
            least_first = std::min(least_first, after);
        }
        if (is_done != (++r.given == WORDS)) {
            bad("done is not with the last word");
        }
        if (r.given == WORDS) {
            last = std::max(last, after);
            finish();
        }
    }

    void finish() {
        open.erase(open.begin());
        last_done = now;
    }

    void bad(const char *text) {
        wrong++;
        if (expected[set].broken == nullptr) {
            fail(std::string(expected[set].name) + ": " + text);
        }
    }

    unsigned set;
    bool is_asking = false, is_write = false, is_taken_now = false, last_was_write = false,
         has_started = false;
    uint32_t line = 0, write_line = 0, next_wdata = 0;
    unsigned word = 0;
    uint64_t asked = 0, last_taken = 0, last_done = 0;
    std::vector<request> open;
    std::unordered_map<uint32_t, std::array<uint32_t, WORDS>> memory;
    std::vector<unsigned> waits;
    unsigned wrong = 0, first = 0, least_first = 1000, last = 0, refresh = 0, busy_for = 0;
    unsigned least_after_read = 1000, least_after_write = 1000;
};

void master::check_figures() const {
    const figures &e = expected[set];
    if (e.broken != nullptr) {
        bool is_noticed = wrong != 0 || e.broken[0] != 0;
        for (const char *at = e.broken; *at != 0;) {
            size_t length = strcspn(at + 1, " ") + 1;
            is_noticed &=
                (rules[set] + " ").find(std::string(at, length) + " ") != std::string::npos;
            at += length;
        }
        if (!is_noticed) {
            fail(std::string(e.name) + ": not noticed");
        }
        return;
    }
    std::vector<unsigned> sorted = waits;
    std::sort(sorted.begin(), sorted.end());
    printf("%-46s first word %u, line %u, next after read %u, write %u, refresh %u; waits %u, %u "
           "at most\n",
           e.name, first, last, least_after_read, least_after_write, refresh,
           sorted[sorted.size() / 2], sorted.back());
    if (first != e.first || least_first != e.first || last != e.line ||
        least_after_read != e.after_read || least_after_write != e.after_write ||
        refresh != e.refresh) {
        fail(std::string(e.name) + ": other cycles than expected");
    }
    if (sorted.back() > std::max(e.after_read, e.after_write) + e.refresh) {
        fail(std::string(e.name) + ": a request waits longer than for a line and a refresh");
    }
    if (!rules[set].empty()) {
        fail(std::string(e.name) + ": broken:" + rules[set]);
    }
}

// All sets at once: first without pauses, then with, then at rest.
static void run_sets(unsigned lines, unsigned idle) {
    std::vector<std::unique_ptr<master>> masters;
    for (unsigned s = 0; s < SETS; s++) {
        masters.push_back(std::make_unique<master>(s));
    }
    dut->rst_ni = 0;
    for (int i = 0; i < 4; i++) {
        half_cycle(dut, true);
        half_cycle(dut, false);
    }
    dut->rst_ni = 1;
    half_cycle(dut, false);
    uint64_t rest_from = UINT64_MAX;
    for (now = 0; rest_from == UINT64_MAX || now < rest_from + idle; now++) {
        bool are_done = true;
        for (auto &m : masters) {
            m->before_edge();
            are_done &= m->lines >= lines && m->is_idle();
        }
        if (are_done && rest_from == UINT64_MAX) {
            rest_from = now;
        }
        if (now > 400ull * (lines + 100)) {
            fail("lines that never come");
            break;
        }
        half_cycle(dut, true);
        for (auto &m : masters) {
            m->after_edge(m->lines < lines, m->lines < lines / 2);
        }
        half_cycle(dut, false);
    }
    for (auto &m : masters) {
        m->check_figures();
    }
}

// --- the chip alone. A case is a row of cycles:
//   .N  N cycles without a command    A ACTIVE    R READ    W WRITE with data    w without
//   P   PRECHARGE, all banks with *   F REFRESH   M LOAD MODE, burst length 1    B burst length 4
//   N   a mode there is not           X no command there is  C READ of a column there is not
//   D   data are driven
// with the bank behind it, and `a` before the bank for precharge afterwards. Times of the chip in
// cycles: tRCD 2, tRP 2, tRAS 4, tRC 6, tRFC 6, tRRD 2, tWR 2, tMRD 2, power up 270, tRAS-max 9000,
// refresh 182340.
#define START ".300 P* . F .5 F .5 F .5 F .5 F .5 F .5 F .5 F .5 M . "

static const struct {
    const char *text, *broken;
} cases[] = {
    {START "A0 . R0 .2 P0 . A0 .9", ""},
    {START "A0 . A1 . R0 R1 R0 .3 W0 W1 . P* . F .5 F .5 A3 .9", ""},
    {START "A0 . Wa0 .3 A0 .1 R0 P1 .9", ""},
    {START "B . A0 . W0 D D D . P0 .9", ""},
    {".10 P*", " power-up"},
    {".300 F", " init-precharge"},
    {".300 P* . F .5 F .5 M . A0", " init-refresh"},
    {".300 P* . F .5 F .5 F .5 F .5 F .5 F .5 F .5 F .5 A0", " init-mode"},
    {START "X", " command"},
    {START "N", " mode"},
    {START "A0 .5 A0", " open"},
    {START "R0", " closed"},
    {START "A0 .3 Ra0 . R0", " closed"},
    {START "A0 .5 F", " precharged"},
    {START "A0 .5 M", " precharged"},
    {START "A0 . C0", " column"},
    {START "M A0", " tMRD"},
    {START "F .4 A0", " tRFC"},
    {START "F .4 F", " tRFC"},
    {START "A0 .5 P0 A0", " tRP"},
    {START "A0 .5 P0 F", " tRP"},
    {START "A0 .5 Ra0 . A0", " tRP"},
    {START "A0 .5 Wa0 .2 A0", " tRP"},
    {START "A0 R0", " tRCD"},
    {START "A0 W0", " tRCD"},
    {START "A0 .2 P0", " tRAS"},
    {START "A0 . Ra0 .9", " tRAS"},
    {START "A0 .2 P0 . A0", " tRAS tRC"},
    {START "A0 A1", " tRRD"},
    {START "A0 .3 W0 P0", " tWR"},
    {START "A0 .9000 P0", " tRAS-max"},
    {START "B . A0 . A1 . Ra0 R1", " cut"},
    {START ".182400", " refresh"},
    {START "A0 . w0", " no-data"},
    {START "A0 . R0 . D", " contention"},
    {START "A0 . R0 .2 D", " turnaround"},
};

static void chip_cycle(uint8_t command, unsigned bank, unsigned address, bool is_driven) {
    dut->command_i = command;
    dut->bank_i = static_cast<uint8_t>(bank);
    dut->address_i = static_cast<uint16_t>(address);
    dut->dq_oe_i = is_driven;
    dut->dq_i = static_cast<uint16_t>(random32());
    half_cycle(dut, true);
    half_cycle(dut, false);
}

// One word of a case.
static void chip_word(const std::string &word) {
    static const struct {
        char letter;
        uint8_t command;
        uint16_t address;
        bool is_driven;
    } letters[] = {
        {'A', 3, 5, false},    {'R', 5, 4, false}, {'W', 4, 4, true},     {'w', 4, 4, false},
        {'P', 2, 0, false},    {'F', 1, 0, false}, {'M', 0, 0x20, false}, {'B', 0, 0x22, false},
        {'N', 0, 0x27, false}, {'D', 7, 0, true},  {'X', 6, 0, false},    {'C', 5, 0x200, false},
    };
    if (word[0] == '.') {
        for (int n = std::max(1, atoi(word.c_str() + 1)); n > 0; n--) {
            chip_cycle(7, 0, 0, false);
        }
    }
    for (const auto &l : letters) {
        if (word[0] == l.letter) {
            bool has_a10 = word.find_first_of("a*") != std::string::npos;
            chip_cycle(l.command, static_cast<unsigned>(word.back() & 3),
                       l.address | (has_a10 ? 1u << 10 : 0u), l.is_driven);
        }
    }
}

static void run_cases() {
    for (const auto &c : cases) {
        rules[ALONE].clear();
        dut->power_i = 0;
        chip_cycle(7, 0, 0, false);
        dut->power_i = 1;
        for (const char *at = c.text; *at != 0;) {
            size_t length = strcspn(at, " ");
            chip_word(std::string(at, length));
            at += length + (at[length] != 0);
        }
        if (rules[ALONE] != c.broken) {
            fail(std::string("chip alone, ") + c.text + ": broken:" + rules[ALONE] + " instead of" +
                 c.broken);
        }
    }
}

// A burst of four wraps within its four columns, in both directions.
static void run_burst() {
    uint16_t written[4];
    chip_word("P*");
    chip_word(".5");
    chip_word("B");
    chip_word(".1");
    chip_word("A2");
    chip_word(".3");
    for (int i = 0; i < 4; i++) {
        chip_cycle(i == 0 ? 4 : 7, 2, 10, true);
        written[(10 + i) % 4] = dut->dq_i;
    }
    for (int i = 0; i < 6; i++) {
        chip_cycle(i == 0 ? 5 : 7, 2, 9, false);
        if (i >= 1 && i < 5 && dut->dq_o != written[(9 + i - 1) % 4]) {
            fail("chip alone: a burst does not come back as it was written");
        }
    }
}

int main(int argc, char **argv) {
    unsigned lines = argc > 1 ? static_cast<unsigned>(strtoul(argv[1], nullptr, 0)) : 4000;
    unsigned idle = argc > 2 ? static_cast<unsigned>(strtoul(argv[2], nullptr, 0)) : 400000;
    dut = new Vsdram_bench;
    dut->power_i = 0;
    run_sets(lines, idle);
    run_cases();
    run_burst();
    delete dut;
    if (failures != 0) {
        printf("sdram: %d failures\n", failures);
        return 1;
    }
    printf("sdram: %d sets, %u lines each, then %u cycles of rest; %zu cases of the chip alone\n",
           SETS, lines, idle, sizeof cases / sizeof cases[0]);
    return 0;
}
