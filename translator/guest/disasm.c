/* SPDX-License-Identifier: MIT
 * Guest disassembler: the text of objdump with -M no-aliases (tests/guest compares), from rv32.def.
 */
#include "translator/guest/rv32.h"

#include <stdbool.h>
#include <stdio.h>

const char *const rv_reg_name[32] = {"zero", "ra", "sp",  "gp",  "tp", "t0", "t1", "t2",
                                     "s0",   "s1", "a0",  "a1",  "a2", "a3", "a4", "a5",
                                     "a6",   "a7", "s2",  "s3",  "s4", "s5", "s6", "s7",
                                     "s8",   "s9", "s10", "s11", "t3", "t4", "t5", "t6"};

const char *const rv_mnemonic[RV_OP_COUNT] = {
    [RV_ILLEGAL] = ".word",
#define RV(NAME, mnemonic, ...) [RV_##NAME] = mnemonic,
#include "translator/guest/rv32.def"
#undef RV
};

static const char *csr_name(uint32_t csr, char *buffer, size_t bytes) {
    switch (csr) {
    case RV_CSR_CYCLE:
        return "cycle";
    case RV_CSR_TIME:
        return "time";
    case RV_CSR_INSTRET:
        return "instret";
    case RV_CSR_CYCLEH:
        return "cycleh";
    case RV_CSR_TIMEH:
        return "timeh";
    case RV_CSR_INSTRETH:
        return "instreth";
    default:
        snprintf(buffer, bytes, "0x%x", (unsigned)csr);
        return buffer;
    }
}

/* "iorw", "rw", ...; objdump writes "unknown" for none. */
static const char *fence_set(uint32_t bits, char *buffer) {
    char *p = buffer;
    for (unsigned n = 0; n < 4; n++)
        if ((bits & (8u >> n)) != 0)
            *p++ = "iorw"[n];
    *p = 0;
    return p == buffer ? "unknown" : buffer;
}

static int print_fence(const struct rv_insn *insn, char *text, size_t bytes) {
    char before[5], after[5];
    const uint32_t imm = (uint32_t)insn->imm;
    if (insn->op == RV_FENCE_I)
        return snprintf(text, bytes, "fence.i");
    if (imm >> 8 == 8 && (imm & 0xff) == 0x33)
        return snprintf(text, bytes, "fence.tso");
    return snprintf(text, bytes, "fence %s,%s", fence_set(imm >> 4 & 15u, before),
                    fence_set(imm & 15u, after));
}

static int print_csr(const struct rv_insn *insn, char *text, size_t bytes) {
    char number[8], operand[8];
    if (rv_format[insn->op] == RV_FORMAT_CSRI)
        snprintf(operand, sizeof operand, "%u", insn->rs1);
    return snprintf(text, bytes, "%s %s,%s,%s", rv_mnemonic[insn->op], rv_reg_name[insn->rd],
                    csr_name((uint32_t)insn->imm, number, sizeof number),
                    rv_format[insn->op] == RV_FORMAT_CSRI ? operand : rv_reg_name[insn->rs1]);
}

static int print_exact(uint32_t word, const struct rv_insn *insn, char *text, size_t bytes) {
    if (insn->op == RV_ROI_BEGIN || insn->op == RV_ROI_END)
        return snprintf(text, bytes, "slti zero,zero,%u", (unsigned)(word >> 20));
    return snprintf(text, bytes, "%s", rv_mnemonic[insn->op]);
}

/* Compressed instructions: the first row with (half & mask) == match. In the operands d is rd, 1
 * and 2 are rs1 and rs2, i x u the immediate (decimal, hexadecimal, upper), t the target. */
static const struct {
    uint16_t match, mask;
    const char *name, *operands;
} compressed[] = {
    {0x0000, 0xe003, "c.addi4spn", "d,1,i"}, {0x4000, 0xe003, "c.lw", "d,i(1)"},
    {0xc000, 0xe003, "c.sw", "2,i(1)"},      {0x0001, 0xe003, "c.addi", "d,i"},
    {0x2001, 0xe003, "c.jal", "t"},          {0x4001, 0xe003, "c.li", "d,i"},
    {0x6101, 0xef83, "c.addi16sp", "d,i"},   {0x6001, 0xe003, "c.lui", "d,u"},
    {0x8001, 0xfc7f, "c.srli64", "d"},       {0x8401, 0xfc7f, "c.srai64", "d"},
    {0x8001, 0xec03, "c.srli", "d,x"},       {0x8401, 0xec03, "c.srai", "d,x"},
    {0x8801, 0xec03, "c.andi", "d,i"},       {0x8c01, 0xfc63, "c.sub", "d,2"},
    {0x8c21, 0xfc63, "c.xor", "d,2"},        {0x8c41, 0xfc63, "c.or", "d,2"},
    {0x8c61, 0xfc63, "c.and", "d,2"},        {0xa001, 0xe003, "c.j", "t"},
    {0xc001, 0xe003, "c.beqz", "1,t"},       {0xe001, 0xe003, "c.bnez", "1,t"},
    {0x0002, 0xf07f, "c.slli64", "d"},       {0x0002, 0xe003, "c.slli", "d,x"},
    {0x4002, 0xe003, "c.lwsp", "d,i(1)"},    {0x8002, 0xf07f, "c.jr", "1"},
    {0x8002, 0xf003, "c.mv", "d,1"},         {0x9002, 0xffff, "c.ebreak", ""},
    {0x9002, 0xf07f, "c.jalr", "1"},         {0x9002, 0xf003, "c.add", "d,2"},
    {0xc002, 0xe003, "c.swsp", "2,i(1)"},
};

static int print_operand(char kind, const struct rv_insn *insn, uint32_t pc, char *text,
                         size_t bytes) {
    const uint32_t imm = (uint32_t)insn->imm;
    switch (kind) {
    case 'd':
        return snprintf(text, bytes, "%s", rv_reg_name[insn->rd]);
    case '1':
        return snprintf(text, bytes, "%s", rv_reg_name[insn->rs1]);
    case '2':
        return snprintf(text, bytes, "%s", rv_reg_name[insn->rs2]);
    case 'i':
        return snprintf(text, bytes, "%d", (int)insn->imm);
    case 'x':
        return snprintf(text, bytes, "0x%x", (unsigned)imm);
    case 'u':
        return snprintf(text, bytes, "0x%x", (unsigned)(imm >> 12));
    case 't':
        return snprintf(text, bytes, "%x", (unsigned)(pc + imm));
    default:
        return snprintf(text, bytes, "%c", kind);
    }
}

static int print_compressed(uint32_t half, uint32_t pc, char *text, size_t bytes) {
    enum { LINE = 48 };
    char line[LINE];
    struct rv_insn insn;
    size_t row = 0;
    if (rv_decode(half, &insn) == RV_ILLEGAL)
        return snprintf(text, bytes, ".2byte 0x%x", (unsigned)half);
    while ((half & compressed[row].mask) != compressed[row].match)
        row++;
    const char *operand = compressed[row].operands;
    int n = snprintf(line, sizeof line, "%s%s", compressed[row].name, *operand != 0 ? " " : "");
    for (; *operand != 0; operand++)
        n += print_operand(*operand, &insn, pc, line + n, sizeof line - (size_t)n);
    return snprintf(text, bytes, "%s", line);
}

/* Ordering of an atomic instruction, and lr.w has one operand less. */
static int print_amo(uint32_t word, const struct rv_insn *insn, char *text, size_t bytes) {
    static const char *const order[4] = {"", ".rl", ".aq", ".aqrl"};
    const bool is_lr = insn->op == RV_LR_W;
    return snprintf(text, bytes, "%s%s %s%s%s,(%s)", rv_mnemonic[insn->op], order[word >> 25 & 3u],
                    rv_reg_name[insn->rd], is_lr ? "" : ",", is_lr ? "" : rv_reg_name[insn->rs2],
                    rv_reg_name[insn->rs1]);
}

static int print_insn(uint32_t word, uint32_t pc, char *text, size_t bytes) {
    struct rv_insn insn;
    const enum rv_op op = rv_decode(word, &insn);
    const char *const name = rv_mnemonic[op];
    const char *const rd = rv_reg_name[insn.rd];
    const char *const rs1 = rv_reg_name[insn.rs1];
    const char *const rs2 = rv_reg_name[insn.rs2];
    const uint32_t imm = (uint32_t)insn.imm;

    switch ((enum rv_format)rv_format[op]) {
    case RV_FORMAT_R:
        return snprintf(text, bytes, "%s %s,%s,%s", name, rd, rs1, rs2);
    case RV_FORMAT_UNARY:
        return snprintf(text, bytes, "%s %s,%s", name, rd, rs1);
    case RV_FORMAT_I:
        return snprintf(text, bytes, "%s %s,%s,%d", name, rd, rs1, (int)insn.imm);
    case RV_FORMAT_SHIFT:
        return snprintf(text, bytes, "%s %s,%s,0x%x", name, rd, rs1, (unsigned)imm);
    case RV_FORMAT_LOAD:
    case RV_FORMAT_JALR:
        return snprintf(text, bytes, "%s %s,%d(%s)", name, rd, (int)insn.imm, rs1);
    case RV_FORMAT_S:
        return snprintf(text, bytes, "%s %s,%d(%s)", name, rs2, (int)insn.imm, rs1);
    case RV_FORMAT_B:
        return snprintf(text, bytes, "%s %s,%s,%x", name, rs1, rs2, (unsigned)(pc + imm));
    case RV_FORMAT_U:
        return snprintf(text, bytes, "%s %s,0x%x", name, rd, (unsigned)(imm >> 12));
    case RV_FORMAT_J:
        return snprintf(text, bytes, "%s %s,%x", name, rd, (unsigned)(pc + imm));
    case RV_FORMAT_CSR:
    case RV_FORMAT_CSRI:
        return print_csr(&insn, text, bytes);
    case RV_FORMAT_FENCE:
        return print_fence(&insn, text, bytes);
    case RV_FORMAT_AMO:
        return print_amo(word, &insn, text, bytes);
    case RV_FORMAT_EXACT:
        return print_exact(word, &insn, text, bytes);
    case RV_FORMAT_NONE:
        break;
    }
    return snprintf(text, bytes, ".word 0x%08x", (unsigned)word);
}

size_t rv_disasm(uint32_t word, uint32_t pc, char *text, size_t text_bytes) {
    const int n = (word & 3u) == 3u ? print_insn(word, pc, text, text_bytes)
                                    : print_compressed(word & 0xffffu, pc, text, text_bytes);
    if (n < 0 || text_bytes == 0)
        return 0;
    return (size_t)n < text_bytes ? (size_t)n : text_bytes - 1;
}
