/* SPDX-License-Identifier: MIT
 * Guest disassembler: the text of objdump with -M no-aliases (tests/guest compares), from rv32.def.
 */
#include "translator/guest/rv32.h"

#include <stdio.h>

const char *const rv_reg_name[32] = {"zero", "ra", "sp",  "gp",  "tp", "t0", "t1", "t2",
                                     "s0",   "s1", "a0",  "a1",  "a2", "a3", "a4", "a5",
                                     "a6",   "a7", "s2",  "s3",  "s4", "s5", "s6", "s7",
                                     "s8",   "s9", "s10", "s11", "t3", "t4", "t5", "t6"};

const char *const rv_mnemonic[RV_OP_COUNT] = {
    [RV_ILLEGAL] = ".word",
#define RV(NAME, mnemonic, match, mask, FORMAT, flags) [RV_##NAME] = mnemonic,
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
    case RV_FORMAT_EXACT:
        return print_exact(word, &insn, text, bytes);
    case RV_FORMAT_NONE:
        break;
    }
    return snprintf(text, bytes, ".word 0x%08x", (unsigned)word);
}

size_t rv_disasm(uint32_t word, uint32_t pc, char *text, size_t text_bytes) {
    const int n = print_insn(word, pc, text, text_bytes);
    if (n < 0 || text_bytes == 0)
        return 0;
    return (size_t)n < text_bytes ? (size_t)n : text_bytes - 1;
}
