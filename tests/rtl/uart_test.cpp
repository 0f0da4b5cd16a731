// SPDX-License-Identifier: MIT
// UARTs (uart_bench.sv) at both ends of a line: what is sent is a frame of the right length, what
// is received is right with a clock that is off by 3 %, a broken frame and a spike are no byte, a
// full queue keeps what it has.
//   uart_test [BYTES]     of each set
#include <cmath>
#include <cstdlib>
#include <vector>

#include "Vuart_bench.h"
#include "verilated.h"
#include "tests/rtl/bench.h"

enum { SETS = 3, DEPTH = 16 };

static Vuart_bench *dut;
static const unsigned bit_cycles[SETS] = {8, 30, 90};

double sc_time_stamp() {
    return 0;
}

static void step(unsigned cycles = 1) {
    for (unsigned i = 0; i < cycles; i++) {
        half_cycle(dut, true);
        half_cycle(dut, false);
        now++;
    }
}

class line {
  public:
    explicit line(unsigned s) : set(s), cycles(bit_cycles[s]) {
    }

    void send(unsigned bytes, bool is_busy);
    void receive(unsigned bytes, double off);
    void receive_trouble();

  private:
    void bad(const std::string &text) {
        fail(std::to_string(cycles) + " cycles a bit: " + text);
    }

    // Frames on a wire of which each cycle is known; whether one follows the other at once.
    void check_frames(const std::vector<bool> &wire, const std::vector<uint8_t> &bytes,
                      bool is_busy) {
        size_t at = 0;
        for (size_t n = 0; n < bytes.size(); n++) {
            size_t from = at;
            while (at < wire.size() && wire[at]) {
                at++;
            }
            if (is_busy && n != 0 && at != from) {
                bad("a gap between two bytes");
            }
            if (at + 10 * cycles > wire.size()) {
                return bad("a byte is not sent");
            }
            unsigned bits = static_cast<unsigned>(bytes[n]) << 1 | 0x200;
            for (unsigned i = 0; i < 10 * cycles; i++) {
                if (wire[at + i] != has_bit(bits, i / cycles)) {
                    return bad("a frame is wrong");
                }
            }
            at += 10 * cycles;
        }
    }

    // Bits of a frame with a clock that is off: 1.03 is slow.
    void put(uint8_t byte, double off, bool stop = true) {
        unsigned bits = static_cast<unsigned>(byte) << 1 | static_cast<unsigned>(stop) << 9;
        double from = static_cast<double>(now);
        for (unsigned bit = 0; bit < 10; bit++) {
            set_bit(dut->rx_i, set, has_bit(bits, bit));
            while (static_cast<double>(now) < from + std::round((bit + 1) * cycles * off)) {
                step();
            }
        }
        set_bit(dut->rx_i, set, true);
    }

    int take() {
        if (!has_bit(dut->rx_valid_o, set)) {
            return -1;
        }
        int byte = dut->rx_data_o[set];
        set_bit(dut->rx_take_i, set, true);
        step();
        dut->rx_take_i = 0;
        step(2);
        return byte;
    }

    unsigned set, cycles;
};

// Now and then a byte comes when there is no room: it is lost.
void line::send(unsigned count, bool is_busy) {
    std::vector<bool> wire;
    std::vector<uint8_t> bytes;
    unsigned rest = 0;
    while (rest < 30 * cycles) {
        bool has_room = has_bit(dut->tx_ready_o, set);
        bool is_given = bytes.size() < count &&
                        (has_room ? is_busy || random32() % 500 == 0 : random32() % 50 == 0);
        set_bit(dut->tx_valid_i, set, is_given);
        dut->tx_data_i = static_cast<uint8_t>(random32());
        if (is_given && has_room) {
            bytes.push_back(dut->tx_data_i);
        }
        step();
        wire.push_back(has_bit(dut->tx_o, set));
        rest = bytes.size() < count ? 0 : rest + 1;
    }
    check_frames(wire, bytes, is_busy);
}

void line::receive(unsigned count, double off) {
    for (unsigned n = 0; n < count; n++) {
        uint8_t byte = static_cast<uint8_t>(random32());
        put(byte, off);
        bool is_followed = random32() % 2 != 0; // without a gap
        uint8_t second = static_cast<uint8_t>(random32());
        if (is_followed) {
            put(second, off);
        }
        step(cycles + random32() % (3 * cycles));
        if (take() != byte || (is_followed && take() != second) || take() != -1) {
            bad("received something else, clock off by " + std::to_string(off));
        }
    }
}

// No byte: without a stop bit, a spike. A queue that is full keeps what it has.
void line::receive_trouble() {
    put(0x55, 1, false);
    step(12 * cycles);
    set_bit(dut->rx_i, set, false);
    step(cycles / 4);
    set_bit(dut->rx_i, set, true);
    step(12 * cycles);
    if (take() != -1) {
        bad("a broken frame or a spike is a byte");
    }
    for (unsigned n = 0; n < DEPTH + 5; n++) {
        put(static_cast<uint8_t>(n), 1);
    }
    step(cycles);
    for (int n = 0; n < DEPTH + 1; n++) { // one is at the front
        if (take() != n) {
            bad("the queue has lost a byte");
        }
    }
    if (take() != -1) {
        bad("the queue has more than it can have");
    }
    receive(10, 1);
}

int main(int argc, char **argv) {
    unsigned bytes = argc > 1 ? static_cast<unsigned>(strtoul(argv[1], nullptr, 0)) : 100;
    dut = new Vuart_bench;
    dut->rx_i = (1u << SETS) - 1;
    dut->rst_ni = 0;
    step(4);
    dut->rst_ni = 1;
    step(4);
    for (unsigned s = 0; s < SETS; s++) {
        line l(s);
        l.send(bytes, true);
        l.send(bytes, false);
        for (double off : {1.0, 0.97, 1.03}) {
            l.receive(bytes, off);
        }
        l.receive_trouble();
    }
    delete dut;
    printf("uart: %u bytes each way at %d speeds, %d failures\n", bytes, SETS, failures);
    return failures != 0;
}
