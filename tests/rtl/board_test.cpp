// SPDX-License-Identifier: MIT
// board_test [-a FILE] [-b FILE] [-g FILE] [-l FILE]... [-x CYCLES]: a board with images in its
// flash: firmwares A and B, a guest (`selkirk image` writes them). What it sends over its serial
// line comes out here. When it waits for a firmware, or what came was damaged, it is sent the next
// FILE of -l. The guest's exit status is printed, or after CYCLES what the LEDs show. Every rule of
// the chips that is broken is an error.
#include <cstring>
#include <memory>
#include <string>
#include <unistd.h>
#include <vector>

#include "Vboard_bench.h"
#include "Vboard_bench___024root.h"
#include "machine.h"
#include "tests/rtl/bench.h"
#include "verilated.h"

#ifndef BIT_CYCLES
#define BIT_CYCLES 8
#endif
enum { BIT = BIT_CYCLES, LIMIT = 60000000, TAIL = 1000 + 30 * BIT };

extern "C" void sdram_error(unsigned, const char *rule, unsigned bank, unsigned cycle, int, int) {
    fail(std::string("broken: ") + rule + ", bank " + std::to_string(bank) + ", cycle " +
         std::to_string(cycle));
}

extern "C" void spi_flash_error(unsigned, const char *rule, unsigned cycle) {
    fail(std::string("broken: ") + rule + " of the flash, cycle " + std::to_string(cycle));
}

struct line {
    std::vector<uint8_t> bytes;
    uint64_t from = 0; // cycle
};

static bool read_all(line *l, const char *path) {
    FILE *file = fopen(path, "rb");
    if (file == nullptr) {
        return false;
    }
    for (int byte; (byte = getc(file)) != EOF;) {
        l->bytes.push_back(static_cast<uint8_t>(byte));
    }
    fclose(file);
    return !l->bytes.empty();
}

// What the line is now: of each byte a start bit, eight bits, a stop bit.
static bool rx_bit(const line &l) {
    const uint64_t bits = now < l.from ? UINT64_MAX : (now - l.from) / BIT;
    const uint64_t byte = bits / 10, bit = bits % 10;
    return byte >= l.bytes.size() || bit == 9 ||
           (bit != 0 && (l.bytes[byte] >> (bit - 1) & 1) != 0);
}

// A byte that is sent, at the end of its last bit; else -1.
static int tx_byte(bool level) {
    static unsigned count, bits, byte;
    if (bits == 0) {
        bits = level ? 0 : 10;
        count = BIT / 2;
        return -1;
    }
    if (--count != 0) {
        return -1;
    }
    count = BIT;
    byte = byte >> 1 | static_cast<unsigned>(level) << 9;
    return --bits == 0 ? static_cast<int>(byte >> 1 & 0xff) : -1;
}

struct setup {
    std::vector<uint8_t> flash[3]; // A, B, the guest
    std::vector<line> lines;
    uint64_t limit = LIMIT;
};

static const char letters[] = "abg";

static bool parse(setup *s, int argc, char **argv) {
    for (int option; (option = getopt(argc, argv, "a:b:g:l:x:")) != -1;) {
        const char *which = strchr(letters, option);
        line l;
        if (option == 'x') {
            s->limit = strtoull(optarg, nullptr, 0);
        } else if (option == '?' || !read_all(&l, optarg)) {
            return false;
        } else if (which != nullptr) {
            s->flash[which - letters] = l.bytes;
        } else {
            s->lines.push_back(l);
        }
    }
    return optind == argc;
}

static void fill_flash(Vboard_bench *dut, const setup &s) {
    dut->eval(); // the chip is erased
    static const uint32_t at[3] = {BOOT_FIRMWARE_A, BOOT_FIRMWARE_B, BOOT_GUEST};
    auto &cells = dut->rootp->board_bench__DOT__u_flash__DOT__cells;
    for (unsigned i = 0; i < 3; i++) {
        for (size_t k = 0; k < s.flash[i].size(); k++) {
            cells[at[i] + k] = s.flash[i][k];
        }
    }
}

static bool ends_with(const std::string &text, const char *end) {
    const size_t n = strlen(end);
    return text.size() >= n && text.compare(text.size() - n, n, end) == 0;
}

int main(int argc, char **argv) {
    setup s;
    if (!parse(&s, argc, argv)) {
        fprintf(stderr,
                "usage: board_test [-a FILE] [-b FILE] [-g FILE] [-l FILE]... [-x CYCLES]\n");
        return 2;
    }
    std::unique_ptr<Vboard_bench> dut{new Vboard_bench};
    fill_flash(dut.get(), s);
    uint64_t going = 0, end = s.limit;
    size_t next_line = 0;
    line now_sent;
    std::string text;
    uint32_t status = 0;
    bool has_ended = false;
    for (; now < end; now++) {
        dut->rst_ni = now >= 16;
        dut->uart_rx_i = rx_bit(now_sent);
        half_cycle(dut.get(), 1);
        half_cycle(dut.get(), 0);
        const int byte = tx_byte(now < 160 || dut->uart_tx_o);
        if (byte >= 0) {
            putchar(byte);
            text += static_cast<char>(byte);
            if ((ends_with(text, "waiting for a firmware\r\n") ||
                 ends_with(text, "what came is damaged\r\n")) &&
                next_line < s.lines.size()) {
                now_sent = s.lines[next_line++];
                now_sent.from = now + 100;
            }
        }
        if (going == 0 && (dut->led_o & 2) != 0) {
            going = now;
        }
        if (dut->exit_o && !has_ended) {
            has_ended = true;
            status = dut->io_data_o;
            end = now + TAIL; // what is still being sent
        }
    }
    if (has_ended && (dut->led_o & 0x80) == 0) {
        fail("the machine has not stopped as it should: led " + std::to_string(dut->led_o));
    }
    fprintf(stderr, "board: going after %llu cycles, ", static_cast<unsigned long long>(going));
    if (has_ended) {
        fprintf(stderr, "%llu cycles from there to exit status %u, ",
                static_cast<unsigned long long>(end - TAIL - going), status);
    }
    fprintf(stderr, "led %02x, %d failures\n", dut->led_o, failures);
    return failures != 0;
}
