/* SPDX-License-Identifier: MIT
 * Harness of the directed interpreter tests (one_insn.h). */
#include "tests/guest/one_insn.h"

#include <stdio.h>

static int n_checks, n_bad;

void check(bool is_right, const char *what, uint32_t word, uint32_t got, uint32_t wanted) {
    char text[80];
    n_checks++;
    if (is_right)
        return;
    rv_disasm(word, BASE + CODE, text, sizeof text);
    printf("interpreter: %s of '%s': got %08x, wanted %08x\n", what, text, got, wanted);
    n_bad++;
}

struct device device;
struct golden *g;

/* --- a machine with one device word at 0x10000000 */
static enum interp_dev_result dev_load(void *ctx, uint32_t addr, uint32_t bytes, uint32_t *value) {
    struct device *d = ctx;
    d->last_addr = addr;
    d->last_bytes = bytes;
    *value = 0x8192a3b4;
    return d->result;
}

static enum interp_dev_result dev_store(void *ctx, uint32_t addr, uint32_t bytes, uint32_t value) {
    struct device *d = ctx;
    d->last_addr = addr;
    d->last_bytes = bytes;
    d->last_value = value;
    return d->result;
}

static uint32_t dev_csr(void *ctx, enum rv_csr csr) {
    struct device *d = ctx;
    switch (csr) {
    case RV_CSR_CYCLE:
        return (uint32_t)(d->cycles += 1000);
    case RV_CSR_CYCLEH:
        return (uint32_t)(d->cycles >> 32);
    case RV_CSR_INSTRET:
        return (uint32_t)g->gs.insns;
    case RV_CSR_INSTRETH:
        return (uint32_t)(g->gs.insns >> 32);
    default:
        return 0x1000u + (uint32_t)csr;
    }
}

static const struct interp_dev dev = {&device, dev_load, dev_store, dev_csr, NULL};

/* Runs one instruction at CODE. */
enum interp_event step(uint32_t word) {
    guest_store32(&g->mem, BASE + CODE, word);
    g->in.pc = BASE + CODE;
    golden_clear_log(g);
    return golden_step(g);
}

/* --- encodings */
uint32_t enc_r(uint32_t match, uint32_t rd, uint32_t rs1, uint32_t rs2) {
    return match | rd << 7 | rs1 << 15 | rs2 << 20;
}

uint32_t enc_i(uint32_t match, uint32_t rd, uint32_t rs1, int32_t imm) {
    return match | rd << 7 | rs1 << 15 | (uint32_t)imm << 20;
}

uint32_t enc_s(uint32_t match, uint32_t rs1, uint32_t rs2, int32_t imm) {
    const uint32_t u = (uint32_t)imm;
    return match | (u & 31u) << 7 | rs1 << 15 | rs2 << 20 | (u >> 5 & 127u) << 25;
}

uint32_t enc_b(uint32_t match, uint32_t rs1, uint32_t rs2, int32_t imm) {
    const uint32_t u = (uint32_t)imm;
    return match | (u >> 11 & 1u) << 7 | (u >> 1 & 15u) << 8 | rs1 << 15 | rs2 << 20 |
           (u >> 5 & 63u) << 25 | (u >> 12 & 1u) << 31;
}

uint32_t enc_j(uint32_t rd, int32_t imm) {
    const uint32_t u = (uint32_t)imm;
    return 0x6fu | rd << 7 | (u & 0xff000u) | (u >> 11 & 1u) << 20 | (u >> 1 & 0x3ffu) << 21 |
           (u >> 20 & 1u) << 31;
}

const uint32_t match_of[RV_OP_COUNT] = {
#define RV(NAME, mnemonic, match, ...) [RV_##NAME] = match,
#include "translator/guest/rv32.def"
#undef RV
};

void run_alu(uint32_t word, uint32_t rd, uint32_t result) {
    const enum interp_event event = step(word);
    check(event == INTERP_LIMIT, "event", word, event, INTERP_LIMIT);
    check(g->gs.x[rd] == (rd == 0 ? 0 : result), "result", word, g->gs.x[rd], result);
    check(g->gs.x[0] == 0, "x0", word, g->gs.x[0], 0);
    check(g->in.pc == BASE + CODE + 4, "next pc", word, g->in.pc, BASE + CODE + 4);
}

void one_insn_start(void) {
    g = golden_create(&dev, BASE, RAM);
}

int one_insn_finish(const char *name) {
    golden_destroy(g);
    printf("%s: %d checks of the interpreter, %d wrong\n", name, n_checks, n_bad);
    return n_bad == 0 ? 0 : 1;
}
