// SPDX-License-Identifier: MIT
// board_test FILE: a board is filled over its serial line with what tests/rtl/board_load has
// written, and goes. What the guest writes comes out of the serial line, its exit status is
// printed. Every rule of the SDRAM chip that is broken is an error.
#include <memory>
#include <vector>

#include "Vboard_bench.h"
#include "tests/rtl/bench.h"
#include "verilated.h"

enum { BIT = 8, LIMIT = 60000000 };

extern "C" void sdram_error(unsigned, const char *rule, unsigned bank, unsigned cycle, int, int) {
    fail(std::string("broken: ") + rule + ", bank " + std::to_string(bank) + ", cycle " +
         std::to_string(cycle));
}

struct line {
    std::vector<uint8_t> bytes;
    size_t at = 0;
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

// What a bit of the line is now: start bit, eight bits, stop bit.
static bool rx_bit(line *l) {
    const uint64_t bit = now / BIT % 10;
    const bool level = l->at >= l->bytes.size() || bit == 9 ||
                       (bit != 0 && (l->bytes[l->at] >> (bit - 1) & 1) != 0);
    l->at += now % (10 * BIT) == 10 * BIT - 1;
    return level;
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

int main(int argc, char **argv) {
    line l;
    if (argc != 2 || !read_all(&l, argv[1])) {
        fprintf(stderr, "usage: board_test FILE (of tests/rtl/board_load)\n");
        return 2;
    }
    std::unique_ptr<Vboard_bench> dut{new Vboard_bench};
    uint64_t going = 0, end = LIMIT;
    uint32_t status = 0;
    for (; now < end; now++) {
        dut->rst_ni = now >= 16;
        dut->uart_rx_i = now < 160 || rx_bit(&l);
        half_cycle(dut.get(), 1);
        half_cycle(dut.get(), 0);
        const int byte = tx_byte(now < 160 || dut->uart_tx_o);
        if (byte >= 0) {
            putchar(byte);
        }
        if (going == 0 && (dut->led_o & 2) != 0) {
            going = now;
        }
        if (dut->exit_o && end == LIMIT) {
            status = dut->io_data_o;
            end = now + 1000; // what is still being sent
        }
    }
    if (end == LIMIT || (dut->led_o & 0xc0) != 0x80) {
        fail("the machine has not stopped as it should: led " + std::to_string(dut->led_o));
    }
    fprintf(stderr,
            "board: %zu bytes loaded, %llu cycles from there to exit status %u, %d failures\n",
            l.bytes.size(), static_cast<unsigned long long>(end - 1000 - going), status, failures);
    return failures != 0;
}
