/* SPDX-License-Identifier: MIT
 * For directed tests of the interpreter, one instruction at a time: a golden model with RAM bytes
 * at BASE, one device that answers everywhere outside (with `device.result`), and encoders.
 *
 *   g->gs.x[2] = 5;
 *   run_alu(enc_i(match_of[RV_ADDI], 1, 2, 3), 1, 8);      // x1 becomes 8
 *   return one_insn_finish("value_test");                  // prints the counts; the exit status */
#ifndef SELKIRK_TESTS_GUEST_ONE_INSN_H
#define SELKIRK_TESTS_GUEST_ONE_INSN_H

#include "firmware/guest/golden.h"

#define BASE 0x80000000u
enum { RAM = 4096, CODE = 0x100, DATA = 0x800 };

struct device {
    uint32_t last_addr, last_bytes, last_value;
    enum interp_dev_result result;
    uint64_t cycles; /* 1000 more at each look */
};
extern struct device device;
extern struct golden *g;
extern const uint32_t match_of[RV_OP_COUNT];

void one_insn_start(void);
int one_insn_finish(const char *name);

/* Counts a check; when it is wrong prints what, of which instruction. */
void check(bool is_right, const char *what, uint32_t word, uint32_t got, uint32_t wanted);
/* Runs one instruction at CODE. */
enum interp_event step(uint32_t word);
/* The same, which must write only rd. */
void run_alu(uint32_t word, uint32_t rd, uint32_t result);

uint32_t enc_r(uint32_t match, uint32_t rd, uint32_t rs1, uint32_t rs2);
uint32_t enc_i(uint32_t match, uint32_t rd, uint32_t rs1, int32_t imm);
uint32_t enc_s(uint32_t match, uint32_t rs1, uint32_t rs2, int32_t imm);
uint32_t enc_b(uint32_t match, uint32_t rs1, uint32_t rs2, int32_t imm);
uint32_t enc_j(uint32_t rd, int32_t imm);

#endif
