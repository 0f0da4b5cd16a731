// SPDX-License-Identifier: MIT
// The RTL's decoder (vliw_pkg::op_decode, verilated) against the C one (vop_decode and the tables):
// random words, half of them with a known opcode and spare bits cleared, in all four slots.
#include <cinttypes>
#include <cstdio>

#include "Vdecode_bench.h"
#include "machine_encode.h"
#include "verilated.h"

double sc_time_stamp() {
    return 0;
}

static uint64_t random_state = 0x5e1c0de5u;

static uint32_t random32() {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return static_cast<uint32_t>(random_state >> 16);
}

static uint32_t random_word() {
    uint32_t word = random32();
    uint32_t op = random32() % VOP_COUNT;
    if (random32() & 1) {
        word = (word & ~0x7fu) | vop_opcode[op];
    }
    if (random32() & 1) {
        word &= ~format_spare_bits[vop_format[op]];
    }
    return word;
}

// What is wrong in the slot, or nullptr.
static const char *compare(const Vdecode_bench &dut, uint32_t word, unsigned slot) {
    struct vop_fields f;
    bool is_legal = vop_decode(word, slot, &f);
    if ((dut.legal_o >> slot & 1) != is_legal || (dut.op_legal_o >> slot & 1) != is_legal) {
        return "legal";
    }
    uint32_t unit = static_cast<uint16_t>(dut.unit_o >> 16 * slot);
    uint32_t flags = static_cast<uint16_t>(dut.flags_o >> 16 * slot);
    uint32_t operands = dut.operands_o >> 4 * slot & 15;
    if (!is_legal) {
        return unit == 0 && flags == 0 && operands >> 1 == 0 ? nullptr : "illegal, but not zero";
    }
    const struct vop_info &info = vop_info[f.op];
    if (unit != 1u << info.unit) {
        return "unit";
    }
    if (flags != info.flags) {
        return "flags";
    }
    if (operands >> 1 != (info.reads_rs1 * 4u + info.reads_rs2 * 2u + info.writes_rd)) {
        return "operands";
    }
    if ((info.flags & OPF_BRANCH) && (operands & 1) != f.pred) {
        return "pred";
    }
    if (info.has_imm && dut.imm_o[slot] != static_cast<uint32_t>(f.imm)) {
        return "imm";
    }
    bool same = (!info.writes_rd || dut.rd_o * SLOT_COUNT + slot == f.rd) &&
                (!info.reads_rs1 || dut.rs1_o == f.rs1) && (!info.reads_rs2 || dut.rs2_o == f.rs2);
    return same ? nullptr : "register";
}

int main() {
    const unsigned words = 300000;
    unsigned failures = 0;
    unsigned legal = 0;
    Vdecode_bench dut;
    for (unsigned i = 0; i < words; i++) {
        uint32_t word = random_word();
        dut.word_i = word;
        dut.eval();
        for (unsigned slot = 0; slot < SLOT_COUNT; slot++) {
            legal += dut.legal_o >> slot & 1;
            const char *what = compare(dut, word, slot);
            if (what && failures++ < 20) {
                std::printf("FAIL slot %u word 0x%08" PRIx32 ": %s differs\n", slot, word, what);
            }
        }
    }
    std::printf("%u words in %u slots, %u legal: %u differences\n", words, SLOT_COUNT, legal,
                failures);
    return failures != 0;
}
