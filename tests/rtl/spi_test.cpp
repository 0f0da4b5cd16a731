// SPDX-License-Identifier: MIT
// SPI masters with flash chips (spi_bench.sv): pages programmed, sectors erased, read against an
// array, power lost in the middle; how many cycles a byte takes; no rule of the chip broken. And
// the chip's model alone: each rule broken in turn is noticed.
//   spi_test [COMMANDS]     of each set
#include <algorithm>
#include <cstdlib>
#include <vector>

#include "Vspi_bench.h"
#include "verilated.h"
#include "tests/rtl/bench.h"

enum { SETS = 4, ALONE = SETS, BYTES = 65536, PAGE = 256, SECTOR = 4096 };
enum { WRITING = 1, ENABLED = 2, BUSY_CYCLES = 5000 };

static Vspi_bench *dut;
static std::string rules[SETS + 1]; // that were broken, each once, in that order

double sc_time_stamp() {
    return 0;
}

extern "C" void spi_flash_error(unsigned id, const char *rule, unsigned cycle) {
    std::string name = std::string(" ") + rule;
    if ((rules[id] + " ").find(name + " ") != std::string::npos) {
        return;
    }
    rules[id] += name;
    if (getenv("VERBOSE") != nullptr) {
        printf("set %u, cycle %u: %s\n", id, cycle, rule);
    }
}

static void step(unsigned cycles = 1) {
    for (unsigned i = 0; i < cycles; i++) {
        half_cycle(dut, true);
        half_cycle(dut, false);
        now++;
    }
}

static void set_power(unsigned set, bool is_on) {
    set_bit(dut->power_i, set, is_on);
    step(2);
}

// --- a chip behind its master
struct flash_set {
    const char *name;
    unsigned byte_cycles;
    bool is_late; // what it answers is wrong
};

static const flash_set sets[SETS] = {
    {"4 cycles a bit, answers after 1", 32, false},
    {"4 cycles a bit, answers after 3", 32, false},
    {"2 cycles a bit, answers after 1", 16, false},
    {"4 cycles a bit, answers after 4", 32, true},
};

class chip {
  public:
    explicit chip(unsigned s) : set(s), cells(BYTES, 0xff) {
    }

    void run(unsigned commands);
    void lose_power();

  private:
    void select(bool is_selected) {
        set_bit(dut->select_i, set, true);
        dut->data_i = is_selected;
        step();
        dut->select_i = 0;
        step(random32() % 4 + (is_selected ? 0 : 4)); // the chip's rest
    }

    uint8_t transfer(uint8_t byte) {
        unsigned cycles = 0;
        set_bit(dut->write_i, set, true);
        dut->data_i = byte;
        step();
        dut->data_i = static_cast<uint8_t>(random32());
        set_bit(dut->write_i, set, random32() % 2 != 0); // it is lost: one is under way
        for (; has_bit(dut->busy_o, set) && cycles < 1000; cycles++) {
            if (dut->data_o[set] != 0) {
                bad("something came before its time");
            }
            if (cycles == sets[set].byte_cycles - 1) {
                dut->write_i = 0;
            }
            step();
        }
        dut->write_i = 0;
        if (cycles != sets[set].byte_cycles) {
            bad("a byte takes " + std::to_string(cycles) + " cycles");
        }
        step(random32() % 4);
        return dut->data_o[set];
    }

    void command(uint8_t code) {
        select(true);
        transfer(code);
    }

    void command_at(uint8_t code, unsigned address) {
        command(code);
        transfer(static_cast<uint8_t>(address >> 16));
        transfer(static_cast<uint8_t>(address >> 8));
        transfer(static_cast<uint8_t>(address));
    }

    void alone(uint8_t code) {
        command(code);
        select(false);
    }

    uint8_t status() {
        command(0x05);
        uint8_t value = transfer(0);
        select(false);
        return value;
    }

    void wait() {
        uint64_t since = now;
        while ((status() & WRITING) != 0) {
            if (now - since > BUSY_CYCLES) {
                bad("busy for ever");
                return;
            }
        }
        if (status() != 0) {
            bad("writing is enabled behind a command that wrote");
        }
    }

    void enable() {
        alone(0x06);
        if (status() != ENABLED) {
            bad("writing is not enabled");
        }
    }

    void read(unsigned at, unsigned count) {
        bool is_fast = random32() % 2 != 0;
        command_at(is_fast ? 0x0b : 0x03, at);
        if (is_fast) {
            transfer(0);
        }
        for (unsigned i = 0; i < count; i++) {
            if (transfer(0) != cells[(at + i) % BYTES]) {
                bad("a byte that was read is wrong");
            }
        }
        select(false);
    }

    // Only where there is nothing yet.
    unsigned program(unsigned at, unsigned count) {
        unsigned done = 0;
        enable();
        command_at(0x02, at);
        for (; done < count && (done == 0 || (at + done) % PAGE != 0); done++) {
            uint8_t byte = static_cast<uint8_t>(random32()) & cells[at + done];
            transfer(byte);
            cells[at + done] = byte;
        }
        select(false);
        return done;
    }

    void erase(unsigned at) {
        enable();
        command_at(0x20, at);
        select(false);
        for (unsigned i = 0; i < SECTOR; i++) {
            cells[at / SECTOR * SECTOR + i] = 0xff;
        }
    }

    void bad(const std::string &text) {
        wrong++;
        if (!sets[set].is_late) {
            fail(std::string(sets[set].name) + ": " + text);
        }
    }

    unsigned set, wrong = 0;
    std::vector<uint8_t> cells;
};

void chip::run(unsigned commands) {
    command(0x9f);
    uint8_t first = transfer(0), second = transfer(0), third = transfer(0);
    if (first != 0xef || second != 0x40 || third != 0x18) {
        bad("another chip's identification");
    }
    select(false);
    for (unsigned i = 0; i < commands; i++) {
        unsigned at = random32() % 8 * SECTOR + random32() % 600;
        switch (random32() % 8) {
        case 0:
            erase(at);
            wait();
            break;
        case 1:
        case 2:
        case 3:
            program(at, 1 + random32() % 256);
            wait();
            break;
        case 4:
            alone(0x06);
            alone(0x04);
            if (status() != 0) {
                bad("writing is still enabled");
            }
            break;
        default:
            read(random32() % 16 == 0 ? BYTES - 4 : at, 1 + random32() % 300);
            break;
        }
    }
    if (sets[set].is_late ? wrong == 0 : !rules[set].empty()) {
        fail(std::string(sets[set].name) + ": broken:" + rules[set] + ", " + std::to_string(wrong) +
             " wrong");
    }
}

// In the middle of an erase and of a program: neither the old nor the new, and all else is as it
// was.
void chip::lose_power() {
    unsigned at = 9 * SECTOR, page = 10 * SECTOR + PAGE;
    for (unsigned i = 0; i < SECTOR; i += PAGE) {
        program(at + i, PAGE);
        wait();
    }
    std::vector<uint8_t> before = cells;
    erase(at);
    set_power(set, false);
    set_power(set, true);
    unsigned old = 0, fresh = 0;
    command_at(0x03, at);
    for (unsigned i = 0; i < SECTOR; i++) {
        cells[at + i] = transfer(0);
        old += cells[at + i] == before[at + i];
        fresh += cells[at + i] == 0xff;
    }
    select(false);
    if (old == SECTOR || fresh == SECTOR) {
        bad("an erase that was cut off changed all or nothing");
    }
    unsigned given = program(page, PAGE);
    std::vector<uint8_t> wanted = cells;
    set_power(set, false);
    set_power(set, true);
    unsigned done = 0;
    command_at(0x03, page);
    for (unsigned i = 0; i < given; i++) {
        cells[page + i] = transfer(0);
        done += cells[page + i] == wanted[page + i];
        if ((wanted[page + i] & ~cells[page + i]) != 0) {
            bad("more was programmed than was asked for");
        }
    }
    select(false);
    if (done == given || status() != 0) {
        bad("a program that was cut off went through, or is under way");
    }
    read(at - SECTOR, SECTOR);
    read(page - PAGE, 3 * PAGE);
}

// --- the chip alone. A case is a row of:
//   XX  a byte, hexadecimal   [ ]  selected, not selected, with rest   <  not selected for a cycle
//   .N  N cycles              /    one bit                             q  a byte with a quick clock
//   m   a bit with MOSI changed while SCK is high                      !  CS changes with SCK high
#define ENABLE "[ 06 ] "

static const struct {
    const char *text, *broken;
} cases[] = {
    {ENABLE "[ 02 00 00 00 12 ] [ 05 00 ] .500 [ 03 00 00 00 00 ]", ""},
    {ENABLE "[ 20 00 00 00 ] .4100 " ENABLE "[ 04 ]", ""},
    {"[ 77 ]", " command"},
    {"[ 02 00 00 00 12 ]", " enable"},
    {"[ 20 00 00 00 ]", " enable"},
    {ENABLE "[ 02 00 00 00 12 ] .500 [ 02 00 00 00 12 ]", " enable"},
    {ENABLE "[ 04 ] [ 20 00 00 00 ]", " enable"},
    {ENABLE "[ 02 00 00 00 12 ] .300 [ 03 00 00 00 00 ]", " busy"},
    {ENABLE "[ 20 00 00 00 ] .3000 [ 06 ]", " busy"},
    {"[ 03 00 00 ]", " cut"},
    {"[ 03 00 00 00 / / ]", " cut"},
    {ENABLE "[ 02 00 00 00 ]", " cut"},
    {"[ 06 00 ] [ 05 00 ]", " long"},
    {ENABLE "[ 20 00 00 00 00 ]", " long"},
    {ENABLE "[ 02 00 01 ff 12 34 ]", " wrap"},
    {"[ 03 01 00 00 00 ]", " address"},
    {ENABLE "[ 02 00 00 07 0f ] .500 " ENABLE "[ 02 00 00 07 1f ]", " erased"},
    {"[ q ]", " clock"},
    {"[ 05 00 < [ 05 00 ]", " rest"},
    {"[ 05 m / / / / / / / ]", " steady"},
    {"[ 05 00 ! ]", " steady cut"},
};

static void send_bit(bool value, unsigned half) {
    dut->mosi_i = value;
    step(half);
    dut->sck_i = 1;
    step(half);
    dut->sck_i = 0;
}

static void send_byte(unsigned byte, unsigned half) {
    for (unsigned i = 0; i < 8; i++) {
        send_bit(has_bit(byte, 7 - i), half);
    }
    step(half);
}

static void select_alone(bool is_selected, unsigned rest) {
    dut->cs_ni = !is_selected;
    step(rest);
}

static void change_with_clock_high() {
    dut->sck_i = 1;
    step(2);
    dut->mosi_i = !dut->mosi_i;
    step(2);
    dut->sck_i = 0;
}

static void do_item(const std::string &item) {
    switch (item[0]) {
    case '[':
        return select_alone(true, 2);
    case ']':
        return select_alone(false, 10);
    case '<':
        return select_alone(false, 1);
    case '.':
        return step(static_cast<unsigned>(strtoul(item.c_str() + 1, nullptr, 10)));
    case '/':
        send_bit(true, 2);
        return step();
    case 'q':
        return send_byte(0x05, 1);
    case 'm':
        return change_with_clock_high();
    case '!':
        dut->sck_i = 1;
        step(2);
        select_alone(false, 4);
        dut->sck_i = 0;
        return step();
    default:
        return send_byte(static_cast<unsigned>(strtoul(item.c_str(), nullptr, 16)), 2);
    }
}

static void run_cases() {
    for (const auto &c : cases) {
        set_power(ALONE, false);
        set_power(ALONE, true);
        rules[ALONE].clear();
        std::string text = c.text;
        for (size_t at = 0; at < text.size();) {
            size_t end = std::min(text.find(' ', at), text.size());
            do_item(text.substr(at, end - at));
            at = end + 1;
        }
        if (rules[ALONE] != c.broken) {
            fail(std::string(c.text) + ": broken:" + rules[ALONE] + ", not" + c.broken);
        }
    }
}

int main(int argc, char **argv) {
    unsigned commands = argc > 1 ? static_cast<unsigned>(strtoul(argv[1], nullptr, 0)) : 200;
    dut = new Vspi_bench;
    dut->cs_ni = 1;
    dut->rst_ni = 0;
    step(4);
    dut->rst_ni = 1;
    dut->power_i = static_cast<uint8_t>((1u << (SETS + 1)) - 1);
    step(4);
    for (unsigned s = 0; s < SETS; s++) {
        chip c(s);
        c.run(commands);
        if (!sets[s].is_late) {
            c.lose_power();
        }
        printf("%-34s %u cycles a byte\n", sets[s].name, sets[s].byte_cycles);
    }
    run_cases();
    delete dut;
    printf("spi: %u commands of each set, %u rules broken one by one, %d failures\n", commands,
           static_cast<unsigned>(sizeof cases / sizeof cases[0]), failures);
    return failures != 0;
}
