/* SPDX-License-Identifier: MIT
 * Directed tests of the interpreter, one instruction at a time: results on edge values, x0 as
 * source and destination, destination equal to a source, memory accesses of each size, branches,
 * jumps, and every fault and event. */
#include <stdio.h>
#include <string.h>

#include "tests/guest/one_insn.h"

static const uint32_t sentinel = 0xdeadbeef;

/* --- arithmetic: values worked out by hand or by the ISA manual, not by C expressions like the
 * interpreter's */
static const struct {
    enum rv_op op;
    uint32_t a, b, result;
} arithmetic[] = {
    {RV_ADD, 0xffffffff, 1, 0},
    {RV_ADD, 0x7fffffff, 1, 0x80000000},
    {RV_SUB, 0, 1, 0xffffffff},
    {RV_SUB, 0x80000000, 1, 0x7fffffff},
    {RV_SLL, 1, 31, 0x80000000},
    {RV_SLL, 0x12345678, 32, 0x12345678},
    {RV_SLL, 0x12345678, 36, 0x23456780},
    {RV_SRL, 0x80000000, 31, 1},
    {RV_SRL, 0xffffffff, 0xffffffe4, 0x0fffffff},
    {RV_SRA, 0x80000000, 31, 0xffffffff},
    {RV_SRA, 0x80000000, 33, 0xc0000000},
    {RV_SRA, 0x7fffffff, 30, 1},
    {RV_SLT, 0x80000000, 0x7fffffff, 1},
    {RV_SLT, 0x7fffffff, 0x80000000, 0},
    {RV_SLT, 5, 5, 0},
    {RV_SLTU, 0x80000000, 0x7fffffff, 0},
    {RV_SLTU, 0, 0xffffffff, 1},
    {RV_XOR, 0xff00ff00, 0x0ff00ff0, 0xf0f0f0f0},
    {RV_OR, 0xff00ff00, 0x0ff00ff0, 0xfff0fff0},
    {RV_AND, 0xff00ff00, 0x0ff00ff0, 0x0f000f00},
    {RV_MUL, 0xffffffff, 0xffffffff, 1},
    {RV_MUL, 0x80000000, 2, 0},
    {RV_MUL, 0x12345678, 0x9abcdef0, 0x242d2080},
    {RV_MULH, 0x80000000, 0x80000000, 0x40000000},
    {RV_MULH, 0xffffffff, 0xffffffff, 0},
    {RV_MULH, 0xffffffff, 1, 0xffffffff},
    {RV_MULHSU, 0xffffffff, 0xffffffff, 0xffffffff},
    {RV_MULHSU, 0x80000000, 0xffffffff, 0x80000000},
    {RV_MULHSU, 1, 0xffffffff, 0},
    {RV_MULHU, 0xffffffff, 0xffffffff, 0xfffffffe},
    {RV_MULHU, 0x80000000, 2, 1},
    {RV_DIV, 7, 0xfffffffe, 0xfffffffd},
    {RV_DIV, 0x80000000, 0xffffffff, 0x80000000},
    {RV_DIV, 5, 0xffffffff, 0xfffffffb},
    {RV_DIV, 5, 0, 0xffffffff},
    {RV_DIV, 0x80000000, 2, 0xc0000000},
    {RV_DIVU, 0x80000000, 0xffffffff, 0},
    {RV_DIVU, 0xffffffff, 2, 0x7fffffff},
    {RV_DIVU, 0, 0, 0xffffffff},
    {RV_REM, 7, 0xfffffffe, 1},
    {RV_REM, 0xfffffff9, 2, 0xffffffff},
    {RV_REM, 0x80000000, 0xffffffff, 0},
    {RV_REM, 0xfffffffb, 0, 0xfffffffb},
    {RV_REMU, 0x80000000, 0xffffffff, 0x80000000},
    {RV_REMU, 0xffffffff, 10, 5},
    {RV_REMU, 77, 0, 77},
    {RV_SH1ADD, 0x80000001, 5, 7},
    {RV_SH2ADD, 0x40000001, 0xffffffff, 3},
    {RV_SH3ADD, 0x12345678, 0x11, 0x91a2b3d1},
    {RV_ANDN, 0xff00ff00, 0x0ff00ff0, 0xf000f000},
    {RV_ORN, 0xff000000, 0x0ff00ff0, 0xff0ff00f},
    {RV_XNOR, 0xff00ff00, 0x0ff00ff0, 0x0f0f0f0f},
    {RV_MIN, 0x80000000, 0x7fffffff, 0x80000000},
    {RV_MINU, 0x80000000, 0x7fffffff, 0x7fffffff},
    {RV_MAX, 0xffffffff, 0, 0},
    {RV_MAXU, 0xffffffff, 0, 0xffffffff},
    {RV_ROL, 0x80000001, 1, 3},
    {RV_ROL, 0x12345678, 32, 0x12345678},
    {RV_ROR, 0x80000001, 33, 0xc0000000},
    {RV_ROR, 0x12345678, 0, 0x12345678},
    {RV_BSET, 0, 63, 0x80000000},
    {RV_BCLR, 0xffffffff, 32, 0xfffffffe},
    {RV_BINV, 0x80000000, 31, 0},
    {RV_BEXT, 0x80000000, 0xffffffff, 1},
    {RV_CZERO_EQZ, 77, 0, 0},
    {RV_CZERO_EQZ, 77, 0x80000000, 77},
    {RV_CZERO_NEZ, 77, 0, 77},
    {RV_CZERO_NEZ, 77, 0x80000000, 0},
};

/* Destination: another register, either source, x0; sources in various registers. */
static void test_arithmetic(void) {
    static const uint8_t registers[][3] = {{3, 1, 2}, {31, 30, 29}, {7, 7, 8},
                                           {8, 7, 8}, {0, 5, 6},    {16, 17, 15}};
    for (unsigned n = 0; n < sizeof arithmetic / sizeof arithmetic[0]; n++)
        for (unsigned r = 0; r < sizeof registers / sizeof registers[0]; r++) {
            const uint32_t rd = registers[r][0], rs1 = registers[r][1], rs2 = registers[r][2];
            g->gs.x[rd] = rd == 0 ? 0 : sentinel;
            g->gs.x[rs1] = arithmetic[n].a;
            g->gs.x[rs2] = arithmetic[n].b;
            run_alu(enc_r(match_of[arithmetic[n].op], rd, rs1, rs2), rd, arithmetic[n].result);
        }
}

static const struct {
    enum rv_op op;
    uint32_t a;
    int32_t imm;
    uint32_t result;
} immediate[] = {
    {RV_ADDI, 0, -1, 0xffffffff},
    {RV_ADDI, 0xffffffff, 2047, 0x7fe},
    {RV_ADDI, 0, -2048, 0xfffff800},
    {RV_SLTI, 0xfffff800, -2047, 1},
    {RV_SLTI, 0x80000000, -2048, 1},
    {RV_SLTI, 0, -1, 0},
    {RV_SLTIU, 0, -1, 1},
    {RV_SLTIU, 0xffffffff, -1, 0},
    {RV_SLTIU, 0, 1, 1},
    {RV_XORI, 0x12345678, -1, 0xedcba987},
    {RV_ORI, 0x80000000, -2048, 0xfffff800},
    {RV_ANDI, 0xffffffff, -2048, 0xfffff800},
    {RV_ANDI, 0x12345678, 0x7ff, 0x678},
    {RV_SLLI, 0x80000001, 31, 0x80000000},
    {RV_SLLI, 0xabcdef01, 0, 0xabcdef01},
    {RV_SRLI, 0x80000001, 31, 1},
    {RV_SRAI, 0x80000001, 31, 0xffffffff},
    {RV_SRAI, 0xabcdef01, 0, 0xabcdef01},
    {RV_SRAI, 0x80000000, 4, 0xf8000000},
    {RV_RORI, 0x12345678, 4, 0x81234567},
    {RV_RORI, 0x12345678, 0, 0x12345678},
    {RV_BSETI, 0, 31, 0x80000000},
    {RV_BCLRI, 0xffffffff, 0, 0xfffffffe},
    {RV_BINVI, 1, 0, 0},
    {RV_BEXTI, 0x40000000, 30, 1},
    {RV_SEXT_B, 0x12345680, 0, 0xffffff80},
    {RV_SEXT_H, 0x12348000, 0, 0xffff8000},
    {RV_ZEXT_H, 0xffff8001, 0, 0x8001},
    {RV_REV8, 0x12345678, 0, 0x78563412},
    {RV_ORC_B, 0x00010080, 0, 0x00ff00ff},
    {RV_CPOP, 0xffffffff, 0, 32},
    {RV_CPOP, 0x80000001, 0, 2},
    {RV_CTZ, 0, 0, 32},
    {RV_CTZ, 0x80000000, 0, 31},
    {RV_CLZ, 0, 0, 32},
    {RV_CLZ, 1, 0, 31},
    {RV_CLZ, 0x80000000, 0, 0},
};

static void test_immediate(void) {
    for (unsigned n = 0; n < sizeof immediate / sizeof immediate[0]; n++)
        for (uint32_t rd = 0; rd < 32; rd += 5) {
            g->gs.x[10] = immediate[n].a;
            g->gs.x[20] = rd == 20 ? immediate[n].a : sentinel;
            const uint32_t rs1 = rd == 20 ? 20 : 10;
            run_alu(enc_i(match_of[immediate[n].op], rd, rs1, immediate[n].imm), rd,
                    immediate[n].result);
        }
    g->gs.x[5] = sentinel;
    run_alu(0xfffff0b7u, 1, 0xfffff000);              /* lui ra,0xfffff */
    run_alu(0x80000297u, 5, CODE);                    /* auipc t0,0x80000 */
    run_alu(enc_i(match_of[RV_ADDI], 5, 0, 7), 5, 7); /* x0 as source */
    run_alu(enc_i(match_of[RV_FENCE], 0, 0, 0xff), 0, 0);
}

/* --- memory */
static void test_loads(void) {
    static const struct {
        enum rv_op op;
        uint32_t offset, result;
    } loads[] = {{RV_LW, 0, 0xf1e2d3c4}, {RV_LH, 0, 0xffffd3c4}, {RV_LH, 2, 0xfffff1e2},
                 {RV_LHU, 0, 0xd3c4},    {RV_LHU, 2, 0xf1e2},    {RV_LB, 0, 0xffffffc4},
                 {RV_LB, 3, 0xfffffff1}, {RV_LBU, 1, 0xd3},      {RV_LBU, 2, 0xe2},
                 {RV_LW, 4, 0x7f6e5d4c}, {RV_LB, 7, 0x7f},       {RV_LH, 4, 0x5d4c}};
    guest_store32(&g->mem, BASE + DATA, 0xf1e2d3c4);
    guest_store32(&g->mem, BASE + DATA + 4, 0x7f6e5d4c);
    for (unsigned n = 0; n < sizeof loads / sizeof loads[0]; n++) {
        g->gs.x[9] = BASE + DATA + 100;
        run_alu(enc_i(match_of[loads[n].op], 4, 9, (int32_t)loads[n].offset - 100), 4,
                loads[n].result);
        run_alu(enc_i(match_of[loads[n].op], 0, 9, (int32_t)loads[n].offset - 100), 0, 0);
        run_alu(enc_i(match_of[loads[n].op], 9, 9, (int32_t)loads[n].offset - 100), 9,
                loads[n].result);
    }
}

static void test_stores(void) {
    static const struct {
        enum rv_op op;
        uint32_t offset, value, bytes, word;
    } stores[] = {{RV_SW, 0, 0x89abcdef, 4, 0x89abcdef}, {RV_SH, 0, 0xcdef, 2, 0x1111cdef},
                  {RV_SH, 2, 0xcdef, 2, 0xcdef1111},     {RV_SB, 0, 0xef, 1, 0x111111ef},
                  {RV_SB, 1, 0xef, 1, 0x1111ef11},       {RV_SB, 3, 0xef, 1, 0xef111111}};
    for (unsigned n = 0; n < sizeof stores / sizeof stores[0]; n++) {
        const uint32_t word = enc_s(match_of[stores[n].op], 9, 4, (int32_t)stores[n].offset - 2000);
        guest_store32(&g->mem, BASE + DATA, 0x11111111);
        g->gs.x[9] = BASE + DATA + 2000;
        g->gs.x[4] = 0x89abcdef;
        const enum interp_event event = step(word);
        const uint32_t memory = guest_load32(&g->mem, BASE + DATA);
        const struct guest_store *s = &g->entries[0];
        check(event == INTERP_LIMIT, "event", word, event, INTERP_LIMIT);
        check(memory == stores[n].word, "memory", word, memory, stores[n].word);
        check(g->log.n == 1 && s->addr == BASE + DATA + stores[n].offset, "logged address", word,
              s->addr, BASE + DATA);
        check(s->value == stores[n].value, "logged value", word, s->value, stores[n].value);
        check(s->bytes == stores[n].bytes, "logged size", word, s->bytes, stores[n].bytes);
    }
}

/* --- branches and jumps */
static void test_branches(void) {
    static const uint32_t values[] = {0, 1, 0x7fffffff, 0x80000000, 0xffffffff};
    /* taken? for all pairs of values, row by row; eq, signed less, unsigned less */
    static const char *const taken[3] = {"10000"
                                         "01000"
                                         "00100"
                                         "00010"
                                         "00001",
                                         "01100"
                                         "00100"
                                         "00000"
                                         "11101"
                                         "11100",
                                         "01111"
                                         "00111"
                                         "00011"
                                         "00001"
                                         "00000"};
    static const enum rv_op ops[3][2] = {{RV_BEQ, RV_BNE}, {RV_BLT, RV_BGE}, {RV_BLTU, RV_BGEU}};
    for (unsigned n = 0; n < 3 * 2 * 25 * 2; n++) {
        const unsigned kind = n % 3, is_inverse = n / 3 % 2, pair = n / 6 % 25;
        const int32_t offset = n / 150 == 0 ? -64 : 0x7fc;
        const uint32_t word = enc_b(match_of[ops[kind][is_inverse]], 11, 12, offset);
        const bool is_taken = (taken[kind][pair] == '1') != (is_inverse == 1);
        const uint32_t wanted = BASE + CODE + (is_taken ? (uint32_t)offset : 4u);
        g->gs.x[11] = values[pair / 5];
        g->gs.x[12] = values[pair % 5];
        const enum interp_event event = step(word);
        check(event == INTERP_BLOCK, "event", word, event, INTERP_BLOCK);
        check(g->in.pc == wanted, "target", word, g->in.pc, wanted);
    }
}

static void check_jump(uint32_t word, uint32_t rd, uint32_t target) {
    const enum interp_event event = step(word);
    check(event == INTERP_BLOCK, "event", word, event, INTERP_BLOCK);
    check(g->in.pc == target, "target", word, g->in.pc, target);
    check(g->gs.x[rd] == (rd == 0 ? 0 : BASE + CODE + 4), "link", word, g->gs.x[rd],
          BASE + CODE + 4);
}

static void test_jumps(void) {
    check_jump(enc_j(1, 0x400), 1, BASE + CODE + 0x400);
    check_jump(enc_j(0, -0x100), 0, BASE);
    check_jump(enc_j(5, 0xffffc), 5,
               BASE + CODE + 0xffffc); /* the fetch there fails, not the jump */
    check_jump(enc_j(31, -0x100000), 31, BASE + CODE - 0x100000);
    g->gs.x[6] = BASE + 0x301;
    check_jump(enc_i(match_of[RV_JALR], 1, 6, 0), 1, BASE + 0x300); /* bit 0 is dropped */
    check_jump(enc_i(match_of[RV_JALR], 6, 6, -1), 6, BASE + 0x300);
    check_jump(enc_i(match_of[RV_JALR], 0, 0, 8), 0, 8);
}

/* --- events and faults */
static void check_event(uint32_t word, enum interp_event wanted, bool is_done) {
    const uint64_t before = g->gs.insns;
    const enum interp_event event = step(word);
    check(event == wanted, "event", word, event, wanted);
    check(g->in.pc == BASE + CODE + (is_done ? 4u : 0u), "pc after event", word, g->in.pc,
          BASE + CODE);
    check(g->gs.insns == before + is_done, "count", word, (uint32_t)(g->gs.insns - before),
          is_done);
}

/* Without a handler: nothing changes. With one: the trap is taken, exactly. */
static void check_fault(uint32_t word, uint32_t cause, uint32_t tval) {
    const uint32_t handler = BASE + 0x40;
    struct guest_priv *const p = &g->in.priv;
    uint32_t x[32];
    memcpy(x, g->gs.x, sizeof x);
    p->mtvec = 0;
    check_event(word, INTERP_FAULT, false);
    check(g->in.fault.cause == cause, guest_cause_text(cause), word, g->in.fault.cause, cause);
    check(g->in.fault.pc == BASE + CODE, "fault pc", word, g->in.fault.pc, BASE + CODE);
    check(g->in.fault.tval == tval, "fault value", word, g->in.fault.tval, tval);
    p->mtvec = handler | 1; /* vectored: exceptions all go to the base */
    p->mstatus = MSTATUS_MIE;
    const enum interp_event event = step(word);
    check(event == INTERP_TRAP, "event", word, event, INTERP_TRAP);
    check(g->in.pc == handler, "handler", word, g->in.pc, handler);
    check(p->mepc == BASE + CODE, "mepc", word, p->mepc, BASE + CODE);
    check(p->mcause == cause, "mcause", word, p->mcause, cause);
    check(p->mtval == tval, "mtval", word, p->mtval, tval);
    check(p->mstatus == (MSTATUS_MPIE | MSTATUS_MPP), "mstatus", word, p->mstatus, MSTATUS_MPIE);
    check(memcmp(x, g->gs.x, sizeof x) == 0, "registers after a fault", word, 1, 0);
    check(g->log.n == 0, "stores after a fault", word, g->log.n, 0);
}

static void test_faults(void) {
    device.result = INTERP_DEV_NONE;
    g->gs.x[6] = BASE + DATA + 1;
    g->gs.x[7] = BASE + RAM - 2;
    g->gs.x[8] = 0x40000000;
    check_fault(enc_i(match_of[RV_LW], 4, 7, 0), CAUSE_LOAD_ACCESS, BASE + RAM - 2);
    check_fault(enc_s(match_of[RV_SW], 7, 4, 0), CAUSE_STORE_ACCESS, BASE + RAM - 2);
    check_fault(enc_i(match_of[RV_LW], 4, 7, 2), CAUSE_LOAD_ACCESS, BASE + RAM);
    check_fault(enc_i(match_of[RV_LW], 4, 8, 1), CAUSE_LOAD_ACCESS, 0x40000001);
    check_fault(enc_s(match_of[RV_SW], 8, 4, 2), CAUSE_STORE_ACCESS, 0x40000002);
    check_fault(enc_i(match_of[RV_LB], 4, 8, -1), CAUSE_LOAD_ACCESS, 0x3fffffff);
    check_fault(enc_s(match_of[RV_SB], 8, 4, 0), CAUSE_STORE_ACCESS, 0x40000000);
    check_fault(enc_s(match_of[RV_SW], 7, 4, 2), CAUSE_STORE_ACCESS, BASE + RAM);
    g->gs.x[7] = BASE; /* half of it before RAM */
    check_fault(enc_i(match_of[RV_LW], 4, 7, -1), CAUSE_LOAD_ACCESS, BASE - 1);
    check_fault(enc_s(match_of[RV_SH], 7, 4, -1), CAUSE_STORE_ACCESS, BASE - 1);
    check_fault(0x00000000, CAUSE_ILLEGAL, 0);
    check_fault(0x00012000, CAUSE_ILLEGAL, 0x2000); /* c.fld */
    check_fault(0x00014002, CAUSE_ILLEGAL, 0x4002); /* c.lwsp x0 */
    check_fault(0xffffffff, CAUSE_ILLEGAL, 0xffffffff);
    check_fault(0x10200073, CAUSE_ILLEGAL, 0x10200073); /* sret */
    check_fault(0x123022f3, CAUSE_ILLEGAL, 0x123022f3); /* no such CSR */
    check_fault(0xc00312f3, CAUSE_ILLEGAL, 0xc00312f3); /* csrrw t0,cycle,t1 */
    check_fault(0xc000d2f3, CAUSE_ILLEGAL, 0xc000d2f3); /* csrrwi t0,cycle,1 */
    check_fault(0xc00322f3, CAUSE_ILLEGAL, 0xc00322f3); /* csrrs t0,cycle,t1 */
    check_fault(0xf1401073, CAUSE_ILLEGAL, 0xf1401073); /* csrw mhartid,x0 */
    check_fault(0x00000073, CAUSE_ECALL_M, 0);
    check_fault(0x00100073, CAUSE_BREAKPOINT, 0);
    check_fault(0x00019002, CAUSE_BREAKPOINT, 0);                     /* c.ebreak */
    check_fault(0x1003222f, CAUSE_LOAD_MISALIGNED, BASE + DATA + 1);  /* lr.w x4,(x6) */
    check_fault(0x1843222f, CAUSE_STORE_MISALIGNED, BASE + DATA + 1); /* sc.w x4,x4,(x6) */
    check_fault(0x0043222f, CAUSE_STORE_MISALIGNED, BASE + DATA + 1); /* amoadd.w x4,x4,(x6) */
    check_fault(0x1004222f, CAUSE_LOAD_ACCESS, 0x40000000);           /* lr.w x4,(x8) */
    check_fault(0x0044222f, CAUSE_STORE_ACCESS, 0x40000000);          /* amoadd.w x4,x4,(x8) */
    g->in.priv.misaligned_traps = true;
    check_fault(enc_i(match_of[RV_LW], 4, 6, 0), CAUSE_LOAD_MISALIGNED, BASE + DATA + 1);
    check_fault(enc_i(match_of[RV_LHU], 4, 6, 2), CAUSE_LOAD_MISALIGNED, BASE + DATA + 3);
    check_fault(enc_s(match_of[RV_SW], 6, 4, 1), CAUSE_STORE_MISALIGNED, BASE + DATA + 2);
    check_fault(enc_s(match_of[RV_SH], 6, 4, 0), CAUSE_STORE_MISALIGNED, BASE + DATA + 1);
    g->in.priv.misaligned_traps = false;
}

/* Bytewise: all offsets, sizes, extensions. */
static void test_misaligned(void) {
    for (uint32_t n = 0; n < 16; n++)
        guest_store8(&g->mem, BASE + DATA + n, (uint8_t)(0x81 + 0x11 * n));
    g->gs.x[9] = BASE + DATA;
    run_alu(enc_i(match_of[RV_LW], 4, 9, 1), 4, 0xc5b4a392 + 0);
    run_alu(enc_i(match_of[RV_LW], 4, 9, 2), 4, 0xd6c5b4a3);
    run_alu(enc_i(match_of[RV_LW], 0, 9, 3), 0, 0);
    run_alu(enc_i(match_of[RV_LH], 4, 9, 3), 4, 0xffffc5b4);
    run_alu(enc_i(match_of[RV_LHU], 4, 9, 1), 4, 0xa392);
    g->gs.x[4] = 0x01020304;
    run_alu(enc_s(match_of[RV_SW], 9, 4, 3), 0, 0);
    check(g->log.n == 4, "bytes stored", 0, g->log.n, 4);
    run_alu(enc_i(match_of[RV_LW], 5, 9, 3), 5, 0x01020304);
    run_alu(enc_i(match_of[RV_LB], 5, 9, 2), 5, 0xffffffa3);
    run_alu(enc_i(match_of[RV_LB], 5, 9, 7), 5, 0xfffffff8);
    run_alu(enc_s(match_of[RV_SH], 9, 4, 5), 0, 0);
    run_alu(enc_i(match_of[RV_LHU], 5, 9, 5), 5, 0x0304);
}

static void test_devices(void) {
    const uint32_t sh = enc_s(match_of[RV_SH], 8, 4, 2), lb = enc_i(match_of[RV_LB], 4, 8, 5);
    g->gs.x[8] = 0x10000000;
    g->gs.x[4] = 0x12345678;
    device.result = INTERP_DEV_OK;
    check_event(sh, INTERP_LIMIT, true);
    check(device.last_addr == 0x10000002 && device.last_bytes == 2, "device store", sh,
          device.last_addr, 0x10000002);
    check(device.last_value == 0x5678, "device store value", sh, device.last_value, 0x5678);
    check(g->log.n == 0, "device store in the log", sh, g->log.n, 0);
    run_alu(lb, 4, 0xffffffb4);
    check(device.last_addr == 0x10000005 && device.last_bytes == 1, "device load", lb,
          device.last_addr, 0x10000005);
    run_alu(enc_i(match_of[RV_LBU], 4, 8, 5), 4, 0xb4);
    run_alu(enc_i(match_of[RV_LH], 4, 8, 2), 4, 0xffffa3b4);
    run_alu(enc_i(match_of[RV_LHU], 4, 8, 2), 4, 0xa3b4);
    run_alu(enc_i(match_of[RV_LW], 4, 8, 0), 4, 0x8192a3b4);
    device.cycles = 5000;
    run_alu(0xc00022f3, 5, 6000);                  /* csrr t0,cycle */
    run_alu(0xc8103373, 6, 0x1c81);                /* csrrc t1,timeh,x0 */
    run_alu(0xc02063f3, 7, (uint32_t)g->gs.insns); /* csrrsi t2,instret,0 */
    device.result = INTERP_DEV_EXIT;
    check_event(sh, INTERP_EXIT, true);
}

static void test_events(void) {
    check_event(0x05102013, INTERP_ROI_BEGIN, true);
    check_event(0x05202013, INTERP_ROI_END, true);
    check_event(0x0000100f, INTERP_FENCE_I, true);
    check_event(0x05302013, INTERP_LIMIT, true); /* some other hint */
    guest_store32(&g->mem, BASE + CODE - 4, RV_SEMIHOST_ENTRY);
    guest_store32(&g->mem, BASE + CODE + 4, RV_SEMIHOST_EXIT);
    check_event(0x00100073, INTERP_SEMIHOST, false);
    interp_complete(&g->in);
    check(g->in.pc == BASE + CODE + 4, "semihosting completes", 0x00100073, g->in.pc,
          BASE + CODE + 4);
    g->in.tohost = BASE + DATA;
    g->gs.x[9] = BASE + DATA;
    check_event(enc_s(match_of[RV_SW], 9, 4, 0), INTERP_TOHOST, true);
    check_event(enc_s(match_of[RV_SW], 9, 4, 4), INTERP_TOHOST, true);
    check_event(enc_s(match_of[RV_SW], 9, 4, 8), INTERP_LIMIT, true);
    check(g->in.tohost_bytes == 0xff, "bytes of tohost", 0, g->in.tohost_bytes, 0xff);
    g->in.tohost_bytes = 0;
    check_event(enc_s(match_of[RV_SB], 9, 4, 7), INTERP_TOHOST, true);
    check_event(enc_s(match_of[RV_SH], 9, 4, 2), INTERP_TOHOST, true);
    check_event(enc_s(match_of[RV_SW], 9, 4, -2), INTERP_TOHOST, true); /* two bytes of it */
    check_event(enc_s(match_of[RV_SH], 9, 4, -2), INTERP_LIMIT, true);
    check(g->in.tohost_bytes == 0x8f, "bytes of tohost", 0, g->in.tohost_bytes, 0x8f);
    g->in.tohost_bytes = 0;
    g->in.tohost = 1;
}

/* Falling off the end of RAM, and a limit on the number of instructions. */
static void test_limits(void) {
    const uint32_t nop = 0x13;
    for (uint32_t a = RAM - 16; a < RAM; a += 4)
        guest_store32(&g->mem, BASE + a, nop);
    g->in.pc = BASE + RAM - 16;
    enum interp_event event = interp_run(&g->in, 3);
    check(event == INTERP_LIMIT && g->in.pc == BASE + RAM - 4, "limit", nop, g->in.pc,
          BASE + RAM - 4);
    event = interp_run(&g->in, 100);
    check(event == INTERP_LIMIT && g->in.pc == BASE + RAM, "end of RAM", nop, g->in.pc, BASE + RAM);
    g->in.priv.mtvec = 0;
    event = interp_run(&g->in, 100);
    check(event == INTERP_FAULT && g->in.fault.cause == CAUSE_FETCH_ACCESS, "fetch fault", nop,
          event, INTERP_FAULT);
}

int main(void) {
    one_insn_start();
    test_arithmetic();
    test_immediate();
    test_loads();
    test_stores();
    test_branches();
    test_jumps();
    test_faults();
    test_devices();
    test_events();
    test_limits();
    test_misaligned();
    return one_insn_finish("value_test");
}
