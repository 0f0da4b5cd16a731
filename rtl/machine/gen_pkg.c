/* SPDX-License-Identifier: MIT
 * Emits vliw_pkg.sv: constants of the machine and op_decode(), the decoder of one operation, for the RTL.
 * Written in the part of SystemVerilog that yosys 0.23 and Verilator 5.006 both take (no import, no
 * assignment patterns, no return, no arrays of constants).
 */
#include <string.h>

#include "rtl/machine/gen_model.h"

static void emit_constants(const struct model *m, FILE *f)
{
    fprintf(f, "  localparam int unsigned SLOT_COUNT = %zu;\n", m->slots_count);
    fprintf(f, "  localparam int unsigned REG_COUNT = %d;\n", REG_COUNT);
    fprintf(f, "  localparam int unsigned UNIT_COUNT = %zu;\n", m->units_count);
    fputs("  localparam int unsigned BUNDLE_BYTES = 16;\n", f);
    fprintf(f, "  localparam logic [31:0] MACHINE_ID = 32'h%08x;\n\n", (unsigned)model_id(m));
    for (size_t i = 0; i < m->ops_count; i++) {
        fprintf(f, "  localparam logic [6:0] VOP_%s_OPCODE = 7'h%02x;\n", m->ops[i].name,
                m->ops[i].opcode);
    }
    fputc('\n', f);
    for (size_t i = 0; i < m->units_count; i++) {
        fprintf(f, "  localparam int unsigned UNIT_%s = %zu;\n", m->units[i].name, i);
        fprintf(f, "  localparam int unsigned UNIT_%s_LATENCY = %u;\n", m->units[i].name,
                m->units[i].latency);
    }
    fputc('\n', f);
    for (size_t i = 0; i < m->timings_count; i++) {
        fprintf(f, "  localparam int unsigned %s = %u;\n", m->timings[i].name, m->timings[i].value);
    }
    fputc('\n', f);
    for (size_t i = 0; i < m->traps_count; i++) {
        fprintf(f, "  localparam logic [3:0] TRAP_%s = 4'd%u;\n", m->traps[i].name,
                m->traps[i].code);
    }
    fputc('\n', f);
    for (size_t i = 0; i < m->csrs_count; i++) {
        const struct m_csr *c = &m->csrs[i];
        fprintf(f, "  localparam logic [7:0] CSR_%s = 8'h%02x;\n", c->name, c->number);
        if (c->is_counter) {
            fprintf(f, "  localparam logic [7:0] CSR_%s_H = 8'h%02x;\n", c->name, c->number + 1);
        }
    }
    fputc('\n', f);
}

static void emit_places(const struct model *m, FILE *f)
{
    for (size_t i = 0; i < m->mems_count; i++) {
        const struct m_mem *r = &m->mems[i];
        fprintf(f, "  localparam logic [31:0] MEM_%s_BASE = 32'h%08x;\n", r->name, (unsigned)r->base);
        fprintf(f, "  localparam logic [31:0] MEM_%s_BYTES = 32'h%08x;\n", r->name,
                (unsigned)r->bytes);
        fprintf(f, "  localparam logic [3:0] MEM_%s_TOP = 4'h%x; // address bits 31:28\n", r->name,
                (unsigned)(r->base >> 28));
    }
    fputc('\n', f);
    for (size_t i = 0; i < m->configs_count; i++) {
        for (size_t k = 0; k < CONFIG_SIZES; k++) {
            fprintf(f, "  localparam int unsigned CONFIG_%s_%s = %u;\n", upper(m->configs[i].name),
                    config_size_names[k], (unsigned)m->configs[i].size[k]);
        }
    }
    fputc('\n', f);
    for (size_t i = 0; i < m->regs_count; i++) {
        fprintf(f, "  localparam int unsigned REG_%s_FIRST = %u;\n", m->regs[i].name,
                m->regs[i].first);
        fprintf(f, "  localparam int unsigned REG_%s_COUNT = %u;\n", m->regs[i].name,
                m->regs[i].count);
    }
    fputc('\n', f);
}

/* One packed struct with a one-hot vector of units; flags as is_*. */
static void emit_struct(const struct model *m, FILE *f)
{
    fputs("  // What one operation asks for. All zero when it is not legal in its slot.\n"
          "  typedef struct packed {\n"
          "    logic        legal;      // known opcode, right slot, spare bits zero\n"
          "    logic        reads_rs1;\n    logic        reads_rs2;\n"
          "    logic        writes_rd;\n", f);
    for (size_t i = 0; i < m->flags_count; i++) {
        char name[64];
        size_t n = 0;
        for (; m->flags[i].name[n] && n + 1 < sizeof name; n++) {
            name[n] = (char)(m->flags[i].name[n] | 0x20);
        }
        name[n] = 0;
        fprintf(f, "    logic        is_%s; // %s\n", name, m->flags[i].text);
    }
    fprintf(f, "    logic [%zu:0] unit;       // one hot, bit UNIT_x\n", m->units_count - 1);
    fputs("    logic [6:0]  opcode;\n    logic [3:0]  rd;         // index in the slot's bank\n"
          "    logic [5:0]  rs1;\n    logic [5:0]  rs2;\n    logic        pred;\n"
          "    logic [31:0] imm;        // extended; 0 when the format has none\n  } op_decode_t;\n", f);
    unsigned bits = 4 + (unsigned)m->flags_count + (unsigned)m->units_count + 7 + 4 + 6 + 6 + 1 + 32;
    fprintf(f, "  localparam int unsigned OP_DECODE_BITS = %u;\n\n", bits);
}

static void emit_pieces(const struct model *m, const char *format, enum operand operand, FILE *f)
{
    unsigned bits = model_operand_bits(m, format, operand);
    const char *separator = "";
    for (unsigned top = bits; top > 0;) {
        unsigned before = top;
        for (size_t n = 0; n < m->fields_count; n++) {
            const struct m_field *fd = &m->fields[n];
            if (fd->operand != operand || strcmp(fd->format, format) != 0 ||
                fd->operand_lsb + fd->width != top) {
                continue;
            }
            fprintf(f, "%sword[%u:%u]", separator, fd->lsb + fd->width - 1, fd->lsb);
            separator = ", ";
            top = fd->operand_lsb;
            break;
        }
        if (top == before) {
            return; /* a hole, which gen_check.c has reported */
        }
    }
}

/* Sign bit's place in the word. */
static unsigned sign_place(const struct model *m, const char *format)
{
    unsigned bits = model_operand_bits(m, format, OPD_imm);
    for (size_t n = 0; n < m->fields_count; n++) {
        const struct m_field *fd = &m->fields[n];
        if (fd->operand == OPD_imm && strcmp(fd->format, format) == 0 &&
            fd->operand_lsb + fd->width == bits) {
            return fd->lsb + fd->width - 1;
        }
    }
    return 31;
}

static void emit_imm(const struct model *m, const char *format, FILE *f)
{
    unsigned bits = model_operand_bits(m, format, OPD_imm);
    fprintf(f, "  function automatic logic [31:0] imm_%s(input logic [31:0] word);\n    imm_%s = {",
            format, format);
    if (model_kind(m, format, OPD_imm) == KIND_SIMM) {
        fprintf(f, "{%u{word[%u]}}, ", 32 - bits, sign_place(m, format));
    } else {
        fprintf(f, "%u'd0, ", 32 - bits);
    }
    emit_pieces(m, format, OPD_imm, f);
    fputs("};\n  endfunction\n\n", f);
}

static bool has_imm(const struct model *m, const char *format)
{
    return model_operand_bits(m, format, OPD_imm) > 0;
}

static void emit_op_case(const struct model *m, const struct m_op *op, FILE *f)
{
    fprintf(f, "      VOP_%s_OPCODE: begin\n", op->name);
    fprintf(f, "        slots = 4'b%u%u%u%u;\n        spare = 32'h%08x;\n", op->slots >> 3 & 1,
            op->slots >> 2 & 1, op->slots >> 1 & 1, op->slots & 1,
            (unsigned)model_spare_bits(m, op->format));
    fprintf(f, "        d.unit[UNIT_%s] = 1'b1;\n", op->unit);
    for (size_t i = 0; i < m->kinds_count; i++) {
        const struct m_kind *k = &m->kinds[i];
        if (strcmp(k->format, op->format) != 0) {
            continue;
        }
        if (k->kind == KIND_DST || k->kind == KIND_SRC) {
            const char *verb = k->kind == KIND_DST ? "writes" : "reads";
            fprintf(f, "        d.%s_%s = 1'b1;\n", verb, operand_names[k->operand]);
        }
        if (k->operand == OPD_imm && k->kind != KIND_LIT) {
            fprintf(f, "        d.imm = imm_%s(word);\n", op->format);
        } else if (k->kind != KIND_LIT) {
            fprintf(f, "        d.%s = ", operand_names[k->operand]);
            fputs("{", f);
            emit_pieces(m, op->format, k->operand, f);
            fputs("};\n", f);
        }
    }
    for (size_t i = 0; i < m->flags_count; i++) {
        if (op->flags >> m->flags[i].bit & 1) {
            fputs("        d.is_", f);
            for (const char *c = m->flags[i].name; *c; c++) {
                fputc(*c | 0x20, f);
            }
            fputs(" = 1'b1;\n", f);
        }
    }
    fputs("      end\n", f);
}

static void emit_decode(const struct model *m, FILE *f)
{
    fputs("  // Decodes one operation in the given slot (pass a constant: the rest folds away).\n"
          "  function automatic op_decode_t op_decode(input logic [31:0] word,\n"
          "                                           input logic [1:0] slot);\n"
          "    op_decode_t d;\n    logic [3:0] slots;\n    logic [31:0] spare;\n    d = 0;\n"
          "    d.opcode = word[6:0];\n    slots = 4'b0000;\n    spare = 32'h00000000;\n"
          "    case (word[6:0])\n", f);
    for (size_t i = 0; i < m->ops_count; i++) {
        emit_op_case(m, &m->ops[i], f);
    }
    fputs("      default: ;\n    endcase\n"
          "    d.legal = slots[slot] && (word & spare) == 32'd0;\n"
          "    if (!d.legal) d = 0;\n"
          "    op_decode = d;\n  endfunction\n\n"
          "  // Would op_decode say legal?\n"
          "  function automatic logic op_legal(input logic [31:0] word, input logic [1:0] slot);\n"
          "    logic [3:0] slots;\n    logic [31:0] spare;\n"
          "    slots = 4'b0000;\n    spare = 32'h00000000;\n    case (word[6:0])\n", f);
    for (size_t i = 0; i < m->ops_count; i++) {
        const struct m_op *op = &m->ops[i];
        fprintf(f, "      VOP_%s_OPCODE: begin slots = 4'b%u%u%u%u; spare = 32'h%08x; end\n", op->name,
                op->slots >> 3 & 1, op->slots >> 2 & 1, op->slots >> 1 & 1, op->slots & 1,
                (unsigned)model_spare_bits(m, op->format));
    }
    fputs("      default: ;\n    endcase\n"
          "    op_legal = slots[slot] && (word & spare) == 32'd0;\n  endfunction\n", f);
}

void emit_pkg_sv(const struct model *m, FILE *f)
{
    fputs("// Made by rtl/machine/gen from the tables of rtl/machine. Do not edit.\n"
          "/* verilator lint_off UNUSEDPARAM */\n"
          "/* verilator lint_off UNUSEDSIGNAL */\n"
          "package vliw_pkg;\n", f);
    emit_constants(m, f);
    emit_places(m, f);
    emit_struct(m, f);
    for (size_t i = 0; i < m->formats_count; i++) {
        if (has_imm(m, m->formats[i].name)) {
            emit_imm(m, m->formats[i].name, f);
        }
    }
    emit_decode(m, f);
    fputs("endpackage\n"
          "/* verilator lint_on UNUSEDPARAM */\n"
          "/* verilator lint_on UNUSEDSIGNAL */\n", f);
}
