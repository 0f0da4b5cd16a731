/* SPDX-License-Identifier: MIT
 * The IR's printer, parser and verifier: random guest blocks go through lift -> print -> parse ->
 * print and stay the same, before and after scheduling; a list of bad texts and bad blocks is
 * rejected, each with the reason it should be. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/genblock.h"
#include "translator/xlate_impl.h"

static struct xl xl;
static unsigned failures;

static void fail(const char *what, const char *text) {
    printf("FAILED: %s\n%s\n", what, text);
    failures++;
}

static void round_trip(const struct ir_block *b) {
    static char first[8192], second[8192];
    static struct ir_block again;
    const char *error = ir_check(b);
    size_t n = ir_print(b, first, sizeof first);
    if (error != NULL || n >= sizeof first)
        fail(error != NULL ? error : "text too long", first);
    if (!ir_parse(first, &again, &error)) {
        fail(error, first);
        return;
    }
    ir_print(&again, second, sizeof second);
    if (strcmp(first, second) != 0 || again.n != b->n || again.pc != b->pc ||
        memcmp(again.ins, b->ins, b->n * sizeof b->ins[0]) != 0)
        fail("print, parse, print differ", first);
}

static void random_blocks(unsigned n) {
    static struct genblock gen;
    static uint32_t ram[64];
    struct guest_mem mem = {(uint8_t *)ram, 0x80000000u, sizeof ram};
    for (unsigned seed = 1; seed <= n; seed++) {
        gen_block(&gen, seed);
        gen_code(&gen, mem.ram);
        struct xl_request rq = {.guest_pc = mem.base,
                                .mem = &mem,
                                .max_insns = gen.n,
                                .flags = seed & XL_NO_FOLD,
                                .likely_taken = -1};
        xl_begin(&xl, &xl_abi_guest, rq.flags, seed);
        if (lift_block(&xl, &rq, gen.n) != XL_OK) {
            fail("lift", "");
            continue;
        }
        round_trip(&xl.ir);
        xl_finish(&xl);
        for (uint32_t i = 0; i < xl.ir.n; i++)
            if (xl.ir.ins[i].op == IR_NONE)
                xl.ir.ins[i] = (struct ir_ins){.op = IR_NONE};
        round_trip(&xl.ir);
    }
}

static const struct {
    const char *error, *text;
} bad[] = {
    {"block expected", "blick 0x0\n"},
    {"no such operation", "block 0x0\nfrob x1\n"},
    {"no such operation", "block 0x0\n%0 = addq x1, x2\n"},
    {"results are numbered in order", "block 0x0\n%1 = add x1, x2\n"},
    {"result needs a name", "block 0x0\nadd x1, x2\n"},
    {"operation has no result", "block 0x0\n%0 = sw x1, x2, 4\n"},
    {"comma expected", "block 0x0\n%0 = add x1 x2\n"},
    {"no such value", "block 0x0\n%0 = add x32, x2\n"},
    {"number expected", "block 0x0\n%0 = addi x1, y\n"},
    {"number too large", "block 0x0\n%0 = const 0x100000000\n"},
    {"end of line expected", "block 0x0\n%0 = add x1, x2 x3\n"},
    {"number of instructions", "block 0x0\n"},
    {"block does not end", "block 0x0\n%0 = add x1, x2 -> x3\n"},
    {"instruction after the end", "block 0x0\nfall\nfall\n"},
    {"operand that is not computed before", "block 0x0\n%0 = add x1, %0\nfall\n"},
    {"operand that is not computed before", "block 0x0\n%0 = add x1, %1\nfall\n"},
    {"operand without a value", "block 0x0\nsw x1, x2, 0\n%1 = add x1, %0\nfall\n"},
    {"operand without a value", "block 0x0\n%0 = copy x1 -> x2\n%1 = add x1, %0\nfall\n"},
    {"operand without a value", "block 0x0\nnone\n%1 = add x1, %0\nfall\n"},
    {"immediate does not fit", "block 0x0\n%0 = addi x1, 16384\nfall\n"},
    {"immediate does not fit", "block 0x0\n%0 = lw x1, -16385\nfall\n"},
    {"immediate does not fit", "block 0x0\nsw x1, x2, 4096\nfall\n"},
    {"immediate does not fit", "block 0x0\n%0 = csrr 0x8000\nfall\n"},
    {"shift by more than 31", "block 0x0\n%0 = slli x1, 32\nfall\n"},
};

static void rejected_texts(void) {
    static struct ir_block b;
    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const char *error;
        if (ir_parse(bad[i].text, &b, &error))
            error = ir_check(&b);
        if (error == NULL || strcmp(error, bad[i].error) != 0) {
            printf("expected: %s, got: %s\n", bad[i].error, error != NULL ? error : "no error");
            fail("bad text", bad[i].text);
        }
    }
}

/* What no text can say. */
static void rejected_blocks(void) {
    static const struct {
        const char *error;
        struct ir_ins in;
    } cases[] = {
        {"no such operation", {IR_NONE + 1, 0, 0, 0, 0}},
        {"no such register", {IR_ADD, 32, 1, 2, 0}},
        {"operand where there is none", {IR_ADDI, 1, 1, 2, 0}},
        {"immediate where there is none", {IR_ADD, 1, 1, 2, 4}},
        {"register for an operation without result", {IR_SW, 1, 1, 2, 4}},
        {"prediction is 0 or 1", {IR_BEQ, 2, 1, 2, 4}},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ir_block b = {.n = 1, .ins = {cases[i].in}};
        const char *error = ir_check(&b);
        if (error == NULL || strcmp(error, cases[i].error) != 0)
            fail("bad block", cases[i].error);
    }
}

int main(void) {
    random_blocks(2000);
    rejected_texts();
    rejected_blocks();
    printf("IR text: 2000 random blocks, %zu bad texts, %u failures\n", sizeof bad / sizeof bad[0],
           failures);
    return failures != 0;
}
