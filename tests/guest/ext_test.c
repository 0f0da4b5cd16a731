/* SPDX-License-Identifier: MIT
 * Directed tests of the interpreter for the extensions C and A: values worked out by hand. */
#include <string.h>

#include "tests/guest/one_insn.h"

/* --- compressed instructions: at each half word, alone and before others */
static const struct {
    uint32_t half;
    uint32_t a, b;       /* x8, x9 before */
    uint32_t rd, result; /* register that changes */
} compressed[] = {
    {0x0048, 0, 0, 10, 0x1004},             /* c.addi4spn a0,sp,4 */
    {0x1fe8, 0, 0, 10, 0x1000 + 1020 - 0},  /* c.addi4spn a0,sp,1020 */
    {0x0405, 7, 0, 8, 8},                   /* c.addi s0,1 */
    {0x1401, 7, 0, 8, 0xffffffe7},          /* c.addi s0,-32 */
    {0x0001, 7, 0, 8, 7},                   /* c.nop */
    {0x547d, 7, 0, 8, 0xffffffff},          /* c.li s0,-1 */
    {0x647d, 7, 0, 8, 0x1f000},             /* c.lui s0,0x1f */
    {0x7401, 7, 0, 8, 0xfffe0000},          /* c.lui s0,0xfffe0 */
    {0x6105, 0, 0, 2, 0x1000 + 32},         /* c.addi16sp sp,32 */
    {0x7101, 0, 0, 2, 0x1000 - 512},        /* c.addi16sp sp,-512 */
    {0x807d, 0x80000000, 0, 8, 1},          /* c.srli s0,31 */
    {0x847d, 0x80000000, 0, 8, 0xffffffff}, /* c.srai s0,31 */
    {0x9801, 0x12345678, 0, 8, 0x12345660}, /* c.andi s0,-32 */
    {0x8c05, 5, 7, 8, 0xfffffffe},          /* c.sub s0,s1 */
    {0x8c25, 5, 7, 8, 2},                   /* c.xor s0,s1 */
    {0x8c45, 5, 8, 8, 13},                  /* c.or s0,s1 */
    {0x8c65, 5, 7, 8, 5},                   /* c.and s0,s1 */
    {0x047e, 3, 0, 8, 0x80000000},          /* c.slli s0,31 */
    {0x8426, 3, 9, 8, 9},                   /* c.mv s0,s1 */
    {0x9426, 3, 9, 8, 12},                  /* c.add s0,s1 */
    {0x0026, 3, 9, 0, 0},                   /* hint: slli x0 */
};

static void run_compressed(uint32_t half, uint32_t offset, uint32_t rd, uint32_t result) {
    guest_store16(&g->mem, BASE + CODE + offset, (uint16_t)half);
    guest_store16(&g->mem, BASE + CODE + offset + 2, 0xffff);
    g->in.pc = BASE + CODE + offset;
    const enum interp_event event = golden_step(g);
    check(event == INTERP_LIMIT, "event", half, event, INTERP_LIMIT);
    check(g->gs.x[rd] == result, "result", half, g->gs.x[rd], result);
    check(g->in.pc == BASE + CODE + offset + 2, "next pc", half, g->in.pc, BASE + CODE + 2);
}

static void test_compressed(void) {
    for (uint32_t offset = 0; offset < 4; offset += 2)
        for (unsigned n = 0; n < sizeof compressed / sizeof compressed[0]; n++) {
            g->gs.x[2] = 0x1000;
            g->gs.x[8] = compressed[n].a;
            g->gs.x[9] = compressed[n].b;
            run_compressed(compressed[n].half, offset, compressed[n].rd, compressed[n].result);
        }
    guest_store32(&g->mem, BASE + DATA + 124, 0x55667788);
    g->gs.x[2] = g->gs.x[9] = BASE + DATA;
    run_compressed(0x5ce0, 2, 8, 0x55667788); /* c.lw s0,124(s1) */
    run_compressed(0x5476, 0, 8, 0x55667788); /* c.lwsp s0,124(sp) */
    g->gs.x[8] = 0x1234;
    run_compressed(0xc0c0, 2, 8, 0x1234); /* c.sw s0,4(s1) */
    run_compressed(0xc422, 2, 8, 0x1234); /* c.swsp s0,8(sp) */
    const uint32_t first = guest_load32(&g->mem, BASE + DATA + 4);
    const uint32_t second = guest_load32(&g->mem, BASE + DATA + 8);
    check(first == 0x1234 && second == 0x1234, "stored", 0xc0c0, first, 0x1234);
}

static void check_short_jump(uint32_t half, uint32_t target, uint32_t link) {
    guest_store16(&g->mem, BASE + CODE + 2, (uint16_t)half);
    g->in.pc = BASE + CODE + 2;
    g->gs.x[1] = 0;
    const enum interp_event event = golden_step(g);
    check(event == INTERP_BLOCK, "event", half, event, INTERP_BLOCK);
    check(g->in.pc == target, "target", half, g->in.pc, target);
    check(g->gs.x[1] == link, "link", half, g->gs.x[1], link);
}

static void test_short_jumps(void) {
    const uint32_t pc = BASE + CODE + 2;
    g->gs.x[8] = 0;
    check_short_jump(0xa001, pc, 0);          /* c.j . */
    check_short_jump(0xbffd, pc - 2, 0);      /* c.j .-2 */
    check_short_jump(0x3ffd, pc - 2, pc + 2); /* c.jal .-2 */
    check_short_jump(0xc011, pc + 4, 0);      /* c.beqz s0,.+4 */
    check_short_jump(0xe011, pc + 2, 0);      /* c.bnez s0,.+4 */
    g->gs.x[8] = BASE + 0x303;
    check_short_jump(0xc011, pc + 2, 0);            /* not taken */
    check_short_jump(0x8402, BASE + 0x302, 0);      /* c.jr s0 */
    check_short_jump(0x9402, BASE + 0x302, pc + 2); /* c.jalr s0 */
}

/* A 32-bit instruction across a word boundary; its second half changes; it lies across the end of
 * RAM. */
static void test_straddle(void) {
    const uint32_t addi = enc_i(match_of[RV_ADDI], 5, 0, 0x123), other = addi + (1u << 20);
    const uint32_t pc = BASE + CODE + 2, end = BASE + RAM - 2;
    for (int turn = 0; turn < 2; turn++) {
        const uint32_t word = turn == 0 ? addi : other;
        guest_store16(&g->mem, pc, (uint16_t)word);
        guest_store16(&g->mem, pc + 2, (uint16_t)(word >> 16));
        g->in.pc = pc;
        golden_step(g);
        check(g->gs.x[5] == word >> 20, "straddling", word, g->gs.x[5], word >> 20);
        check(g->in.pc == pc + 4, "next pc", word, g->in.pc, pc + 4);
    }
    guest_store16(&g->mem, end, (uint16_t)addi);
    g->in.pc = end;
    g->in.priv.mtvec = BASE + 0x40;
    const enum interp_event event = golden_step(g);
    check(event == INTERP_TRAP && g->in.priv.mcause == CAUSE_FETCH_ACCESS, "half outside", addi,
          event, INTERP_TRAP);
    check(g->in.priv.mepc == end && g->in.priv.mtval == end + 2, "mtval", addi, g->in.priv.mtval,
          end + 2);
    guest_store16(&g->mem, end, 0x0405); /* c.addi s0,1: the last half word alone is good */
    g->in.pc = end;
    check(golden_step(g) == INTERP_LIMIT && g->in.pc == end + 2, "last half word", 0x0405, g->in.pc,
          end + 2);
}

/* --- atomic instructions */
static const struct {
    enum rv_op op;
    uint32_t old, b, stored;
} atomics[] = {
    {RV_AMOSWAP_W, 1, 2, 2},
    {RV_AMOADD_W, 0xffffffff, 2, 1},
    {RV_AMOXOR_W, 0xff00, 0x0ff0, 0xf0f0},
    {RV_AMOAND_W, 0xff00, 0x0ff0, 0x0f00},
    {RV_AMOOR_W, 0xff00, 0x0ff0, 0xfff0},
    {RV_AMOMIN_W, 0xffffffff, 1, 0xffffffff},
    {RV_AMOMIN_W, 5, 0x80000000, 0x80000000},
    {RV_AMOMAX_W, 0xffffffff, 1, 1},
    {RV_AMOMAX_W, 5, 0x80000000, 5},
    {RV_AMOMINU_W, 0xffffffff, 1, 1},
    {RV_AMOMAXU_W, 0xffffffff, 1, 0xffffffff},
    {RV_AMOMAXU_W, 5, 0x80000000, 0x80000000},
};

static void test_atomics(void) {
    static const uint8_t registers[][3] = {{3, 1, 2}, {1, 1, 2}, {2, 1, 2}, {0, 1, 2}};
    for (unsigned n = 0; n < sizeof atomics / sizeof atomics[0]; n++)
        for (unsigned r = 0; r < sizeof registers / sizeof registers[0]; r++) {
            const uint32_t rd = registers[r][0];
            const uint32_t word =
                enc_r(match_of[atomics[n].op], rd, registers[r][1], registers[r][2]) | r << 25;
            guest_store32(&g->mem, BASE + DATA, atomics[n].old);
            g->gs.x[1] = BASE + DATA;
            g->gs.x[2] = atomics[n].b;
            run_alu(word, rd, atomics[n].old);
            const uint32_t stored = guest_load32(&g->mem, BASE + DATA);
            check(stored == atomics[n].stored, "stored", word, stored, atomics[n].stored);
            check(g->log.n == 1 && g->entries[0].value == stored, "log", word, g->log.n, 1);
        }
}

static void test_reservation(void) {
    const uint32_t lr = 0x1000a1afu | 0x4000000u,
                   sc = 0x1820a22f; /* lr.w.aq x3,(x1); sc.w x4,x2,(x1) */
    g->gs.x[1] = BASE + DATA;
    g->gs.x[2] = 77;
    guest_store32(&g->mem, BASE + DATA, 5);
    g->in.priv.is_reserved = false;
    run_alu(sc, 4, 1);
    run_alu(lr, 3, 5);
    run_alu(sc, 4, 0);
    check(guest_load32(&g->mem, BASE + DATA) == 77, "sc.w stores", sc, 0, 77);
    run_alu(sc, 4, 1); /* the reservation is used up */
    run_alu(lr, 3, 77);
    guest_store32(&g->mem, BASE + DATA, 78);
    run_alu(sc, 4, 1); /* the word has changed */
    run_alu(lr, 3, 78);
    g->gs.x[1] = BASE + DATA + 4;
    run_alu(sc, 4, 1); /* another address */
    g->gs.x[1] = BASE + DATA;
    run_alu(lr, 3, 78);
    g->in.priv.mtvec = BASE + 0x40;
    check(step(0x73) == INTERP_TRAP, "ecall", 0x73, 0, 1);
    run_alu(sc, 4, 1); /* a trap clears it */
}

int main(void) {
    one_insn_start();
    test_compressed();
    test_short_jumps();
    test_straddle();
    test_atomics();
    test_reservation();
    return one_insn_finish("ext_test");
}
