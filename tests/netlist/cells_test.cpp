// SPDX-License-Identifier: MIT
// Models of ECP5's cells (boards/ecp5/cells, and those that come with yosys): the samples of
// cells.sv as RTL and synthesised must answer the same in each cycle (cells_bench.sv).
//   cells_test [CYCLES]
#include <cstdlib>

#include "Vcells_bench.h"
#include "verilated.h"
#include "tests/rtl/bench.h"

static const char *const NAMES[] = {
    "flip-flops",
    "wide multiplexer",
    "comparison",
    "sum",
    "distributed RAM",
    "product, mixed",
    "product, unsigned",
    "product, signed",
    "RAM of 1 bit",
    "RAM of 2 bits",
    "RAM of 4 bits",
    "RAM of 9 bits",
    "RAM, output cleared",
    "RAM, output kept",
    "RAM, new word",
    "RAM, old word",
    "RAM of two ports, bytes",
    "RAM of two ports",
};
enum { OUTPUTS = sizeof(NAMES) / sizeof(NAMES[0]), FEW = 16 };

double sc_time_stamp() {
    return 0;
}

static uint64_t random64() {
    return static_cast<uint64_t>(random32()) << 32 | random32();
}

// Addresses of the first words only in one half of the time, so that words are read after they were
// written; the two ports of a RAM never meet, which the chip leaves undefined.
static void choose_inputs(Vcells_bench *dut) {
    uint32_t few = (random32() & 1) != 0 ? FEW - 1 : 0x3fffu;
    dut->on_i = static_cast<uint8_t>(random32() | random32());
    dut->rare_i = static_cast<uint8_t>(random32() & random32() & random32() & 15u);
    dut->address0_i = static_cast<uint16_t>(random32() & few);
    dut->address1_i = static_cast<uint16_t>(random32() & few);
    if (((dut->address0_i ^ dut->address1_i) & 0x1ffu) == 0) {
        dut->address1_i ^= 1;
    }
    dut->data_i = random64();
}

static void compare(const Vcells_bench *dut) {
    for (unsigned i = 0; i < OUTPUTS; i++) {
        if (has_bit(dut->bad_o, i)) {
            fail(std::string(NAMES[i]) + ": the netlist answers otherwise than the RTL");
        }
    }
}

int main(int argc, char **argv) {
    uint64_t cycles = argc > 1 ? strtoull(argv[1], nullptr, 0) : 200000;
    auto *dut = new Vcells_bench;
    for (now = 0; now < cycles; now++) {
        half_cycle(dut, false);
        choose_inputs(dut);
        dut->eval();
        compare(dut);
        half_cycle(dut, true);
        compare(dut);
    }
    dut->final();
    delete dut;
    printf("cells: %llu cycles, %u kinds of outputs, %d differences\n",
           static_cast<unsigned long long>(cycles), static_cast<unsigned>(OUTPUTS), failures);
    return failures != 0;
}
