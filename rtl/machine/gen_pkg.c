/* SPDX-License-Identifier: MIT
 * Emits vliw_pkg.sv: constants of the machine and op_decode(), the decoder of one operation, for
 * the RTL. Written in the part of SystemVerilog that yosys 0.23 and Verilator 5.006 both take (no
 * import, no assignment patterns, no return, no arrays of constants).
 */
#include <ctype.h>
#include <string.h>

#include "rtl/machine/gen_model.h"

/* Units by latency, which is the stage at whose end a result comes. */
static void emit_stages(const struct model *m, FILE *f) {
    for (unsigned latency = 1; latency <= MAX_LATENCY; latency++) {
        fprintf(f, "  localparam logic [%zu:0] UNITS_LATENCY_%u = %zu'b", m->units_count - 1,
                latency, m->units_count);
        for (size_t i = m->units_count; i-- > 0;) {
            fputc(m->units[i].latency == latency ? '1' : '0', f);
        }
        fputs(";\n", f);
    }
}

/* What follows from the tables, written out here because yosys takes no constant of one package in
 * a constant of another. */
static const char sizes[] =
    "  localparam int unsigned SLOTS = SLOT_COUNT;\n"
    "  localparam int unsigned SLOT_W = SLOT_BITS;\n"
    "  localparam int unsigned RD_W = RD_BITS; // an index in a bank\n"
    "  localparam int unsigned WORDS_W = 32 * SLOTS; // a word of each slot: slot s at [32*s +: "
    "32]\n"
    "  localparam int unsigned INDEXES_W = RD_W * SLOTS; // an index of each slot\n"
    "  localparam int unsigned OPERANDS = 2 * SLOTS; // 2*s: rs1 of slot s, 2*s + 1: rs2\n"
    "  localparam int unsigned MATCHES_W = OPERANDS * SLOTS; // a bit for each operand and slot\n"
    "  // Slots by what they have: loads of port 0; loads and stores of port 1; commit and what "
    "only\n"
    "  // firmware does; branches.\n"
    "  localparam int unsigned PORT0 = UNIT_LOAD_WORD_SLOT;\n"
    "  localparam int unsigned PORT1 = UNIT_STORE_SLOT;\n"
    "  localparam int unsigned SYSTEM = UNIT_COMMIT_SLOT;\n"
    "  localparam int unsigned BRANCH = UNIT_BRANCH_SLOT;\n"
    "  // A bundle's index in code memory; its address is MEM_CODE_BASE | index << PC_LSB.\n"
    "  localparam int unsigned PC_LSB = $clog2(BUNDLE_BYTES);\n"
    "  localparam int unsigned PC_TOP = $clog2(MEM_CODE_BYTES) - 1;\n"
    "  localparam int unsigned PC_W = PC_TOP + 1 - PC_LSB;\n"
    "  // Homes are the indexes 0 to HOMES_PER_BANK - 1 of a bank.\n"
    "  localparam int unsigned HOMES_PER_BANK = 32 / SLOTS;\n"
    "  localparam int unsigned HOME_W = 5 - SLOT_W;\n\n";

static void emit_constants(const struct model *m, FILE *f) {
    fprintf(f, "  localparam int unsigned SLOT_COUNT = %u;\n", m->n_slots);
    fprintf(f, "  localparam int unsigned SLOT_BITS = %u; // of a slot's number\n",
            REG_BITS - m->rd_bits);
    fprintf(f, "  localparam int unsigned REG_COUNT = %d;\n", REG_COUNT);
    fprintf(f, "  localparam int unsigned BUNDLE_BYTES = %u;\n", 4 * m->n_slots);
    for (size_t i = 0; i < m->places_count; i++) {
        fprintf(f, "  localparam int unsigned %s = %u;\n", m->places[i].name, m->places[i].value);
    }
    fprintf(f,
            "  // Where the next higher slot may hold a literal.\n"
            "  localparam logic [%u:0] LITERAL_SLOTS = %u'd%u;\n",
            m->n_slots - 1, m->n_slots, model_literal_slots(m));
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
        fprintf(f, "  localparam logic [%u:0] UNIT_%s_SLOTS = %u'd%u;\n", m->n_slots - 1,
                m->units[i].name, m->n_slots, m->units[i].slots);
        fprintf(f, "  localparam int unsigned UNIT_%s_SLOT = %u; // the only or lowest one\n",
                m->units[i].name, model_lowest(m->units[i].slots));
    }
    emit_stages(m, f);
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

static void emit_places(const struct model *m, FILE *f) {
    for (size_t i = 0; i < m->mems_count; i++) {
        const struct m_mem *r = &m->mems[i];
        fprintf(f, "  localparam logic [31:0] MEM_%s_BASE = 32'h%08x;\n", r->name,
                (unsigned)r->base);
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
    emit_memories_sv(m, f);
    emit_boards_sv(m, f);
    fputc('\n', f);
    for (size_t i = 0; i < m->regs_count; i++) {
        fprintf(f, "  localparam int unsigned REG_%s_FIRST = %u;\n", m->regs[i].name,
                m->regs[i].first);
        fprintf(f, "  localparam int unsigned REG_%s_COUNT = %u;\n", m->regs[i].name,
                m->regs[i].count);
    }
    fputc('\n', f);
}

static const char *lower(const char *name) {
    static char text[64];
    size_t n = 0;
    for (; name[n] && n + 1 < sizeof text; n++) {
        text[n] = (char)tolower((unsigned char)name[n]);
    }
    text[n] = 0;
    return text;
}

/* The members of op_decode_t from the top; then one is_<flag> for each flag between head and tail.
 */
enum width { UNIT_WIDTH = 100, RD_WIDTH }; /* known from the model only */
struct member {
    const char *name;
    unsigned bits; /* or enum width */
    const char *text;
};

static const struct member head_members[] = {
    {"legal", 1, "known opcode, right slot, spare bits zero"},
    {"reads_rs1", 1, "rs1 is a source"},
    {"reads_rs2", 1, "rs2 is a source"},
    {"writes_rd", 1, "rd is written"},
};

static const struct member tail_members[] = {
    {"unit", UNIT_WIDTH, "one hot, bit UNIT_x"},
    {"opcode", 7, "bits 6:0"},
    {"rd", RD_WIDTH, "index in the slot's bank"},
    {"rs1", REG_BITS, "register number"},
    {"rs2", REG_BITS, "register number"},
    {"pred", 1, "predicted taken"},
    {"imm", 32, "extended; 0 when the format has none"},
};

enum {
    HEAD_MEMBERS = sizeof head_members / sizeof head_members[0],
    TAIL_MEMBERS = sizeof tail_members / sizeof tail_members[0]
};

static unsigned member_bits(const struct model *m, const struct member *member) {
    switch (member->bits) {
    case UNIT_WIDTH:
        return (unsigned)m->units_count;
    case RD_WIDTH:
        return m->rd_bits;
    default:
        return member->bits;
    }
}

static unsigned emit_member(const struct model *m, const struct member *member, FILE *f) {
    unsigned bits = member_bits(m, member);
    fprintf(f, "    logic [%u:0] %s; // %s\n", bits - 1, member->name, member->text);
    return bits;
}

static void emit_struct(const struct model *m, FILE *f) {
    unsigned bits = (unsigned)m->flags_count;
    fputs("  // What one operation asks for. Illegal in its slot: legal to unit are zero. opcode, "
          "rd, rs1, rs2 and\n"
          "  // pred are plain bits of the word, whatever the operation.\n"
          "  typedef struct packed {\n",
          f);
    for (size_t i = 0; i < HEAD_MEMBERS; i++) {
        bits += emit_member(m, &head_members[i], f);
    }
    for (size_t i = 0; i < m->flags_count; i++) {
        fprintf(f, "    logic [0:0] is_%s; // %s\n", lower(m->flags[i].name), m->flags[i].text);
    }
    for (size_t i = 0; i < TAIL_MEMBERS; i++) {
        bits += emit_member(m, &tail_members[i], f);
    }
    fprintf(f, "  } op_decode_t;\n  localparam int unsigned OP_DECODE_BITS = %u;\n\n", bits);
}

static void emit_pieces(const struct model *m, const char *format, enum operand operand, FILE *f) {
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
static unsigned sign_place(const struct model *m, const char *format) {
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

static void emit_imm(const struct model *m, const char *format, FILE *f) {
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

static bool has_imm(const struct model *m, const char *format) {
    return model_operand_bits(m, format, OPD_imm) > 0;
}

/* The operand's field when it is one piece at the same place in all formats that have it; else
 * NULL. */
static const struct m_field *fixed_field(const struct model *m, enum operand operand) {
    const struct m_field *first = NULL;
    for (size_t n = 0; n < m->fields_count; n++) {
        const struct m_field *fd = &m->fields[n];
        if (fd->operand != operand) {
            continue;
        }
        if (first && (fd->lsb != first->lsb || fd->width != first->width || fd->operand_lsb != 0)) {
            return NULL;
        }
        first = first ? first : fd;
    }
    return first;
}

/* So that register numbers reach the register file without passing the opcode's logic. */
static void emit_fixed_operands(const struct model *m, FILE *f) {
    for (enum operand o = 0; o < OPD_COUNT; o++) {
        const struct m_field *fd = fixed_field(m, o);
        if (fd) {
            fprintf(f, "    %s = word[%u:%u];\n", operand_names[o], fd->lsb + fd->width - 1,
                    fd->lsb);
        }
    }
}

static void emit_op_case(const struct model *m, const struct m_op *op, FILE *f) {
    fprintf(f, "      VOP_%s_OPCODE: begin\n", op->name);
    fprintf(f, "        slots = %u'd%u;\n        spare = 32'h%08x;\n", m->n_slots, op->slots,
            (unsigned)model_spare_bits(m, op->format));
    fprintf(f, "        unit[UNIT_%s] = 1'b1;\n", op->unit);
    for (size_t i = 0; i < m->kinds_count; i++) {
        const struct m_kind *k = &m->kinds[i];
        if (strcmp(k->format, op->format) != 0) {
            continue;
        }
        if (k->kind == KIND_DST || k->kind == KIND_SRC) {
            const char *verb = k->kind == KIND_DST ? "writes" : "reads";
            fprintf(f, "        %s_%s = 1'b1;\n", verb, operand_names[k->operand]);
        }
        if (k->operand == OPD_imm && k->kind != KIND_LIT) {
            fprintf(f, "        imm = imm_%s(word);\n", op->format);
        } else if (k->kind != KIND_LIT && !fixed_field(m, k->operand)) {
            fprintf(f, "        %s = ", operand_names[k->operand]);
            emit_pieces(m, op->format, k->operand, f);
            fputs(";\n", f);
        }
    }
    for (size_t i = 0; i < m->flags_count; i++) {
        if (op->flags >> m->flags[i].bit & 1) {
            fprintf(f, "        is_%s = 1'b1;\n", lower(m->flags[i].name));
        }
    }
    fputs("      end\n", f);
}

/* The members as variables (yosys 0.23 has no structs in functions), all cleared. */
static void emit_locals(const struct model *m, FILE *f) {
    for (size_t i = 0; i < TAIL_MEMBERS; i++) {
        fprintf(f, "    logic [%u:0] %s;\n", member_bits(m, &tail_members[i]) - 1,
                tail_members[i].name);
    }
    for (size_t i = 0; i < HEAD_MEMBERS; i++) {
        fprintf(f, "    logic %s;\n", head_members[i].name);
    }
    for (size_t i = 0; i < m->flags_count; i++) {
        fprintf(f, "    logic is_%s;\n", lower(m->flags[i].name));
    }
    fputs("    logic [SLOT_COUNT-1:0] slots;\n    logic [31:0] spare;\n", f);
    for (size_t i = 0; i < HEAD_MEMBERS; i++) {
        fprintf(f, "    %s = 0;\n", head_members[i].name);
    }
    for (size_t i = 0; i < m->flags_count; i++) {
        fprintf(f, "    is_%s = 0;\n", lower(m->flags[i].name));
    }
    for (size_t i = 0; i < TAIL_MEMBERS; i++) {
        fprintf(f, "    %s = 0;\n", tail_members[i].name);
    }
}

/* The word's decoder. Strict: an illegal word asks for nothing. Early: what a word asks for does
 * not wait for the check of its spare bits, which is in `legal` only. */
static void emit_decode(const struct model *m, const char *name, bool is_early, FILE *f) {
    fprintf(f,
            "  function automatic logic [OP_DECODE_BITS-1:0] %s(input logic [31:0] word,\n"
            "      input logic [SLOT_BITS-1:0] slot);\n",
            name);
    emit_locals(m, f);
    fputs("    opcode = word[6:0];\n    slots = 0;\n    spare = 32'h00000000;\n", f);
    emit_fixed_operands(m, f);
    fputs("    case (word[6:0])\n", f);
    for (size_t i = 0; i < m->ops_count; i++) {
        emit_op_case(m, &m->ops[i], f);
    }
    fprintf(f,
            "      default: ;\n    endcase\n"
            "    legal = slots[slot] && (word & spare) == 32'd0;\n    %s = {{",
            name);
    for (size_t i = 0; i < HEAD_MEMBERS; i++) {
        fprintf(f, "%s, ", head_members[i].name);
    }
    for (size_t i = 0; i < m->flags_count; i++) {
        fprintf(f, "is_%s, ", lower(m->flags[i].name));
    }
    fprintf(f, "unit} & {legal, {%zu{%s}}}", HEAD_MEMBERS - 1 + m->flags_count + m->units_count,
            is_early ? "slots[slot]" : "legal");
    for (size_t i = 1; i < TAIL_MEMBERS; i++) {
        fprintf(f, ", %s", tail_members[i].name);
    }
    fputs("};\n  endfunction\n\n", f);
}

static void emit_legal(const struct model *m, FILE *f) {
    fputs("  // Would op_decode say legal?\n"
          "  function automatic logic op_legal(input logic [31:0] word,\n"
          "      input logic [SLOT_BITS-1:0] slot);\n"
          "    logic [SLOT_COUNT-1:0] slots;\n    logic [31:0] spare;\n"
          "    slots = 0;\n    spare = 32'h00000000;\n    case (word[6:0])\n",
          f);
    for (size_t i = 0; i < m->ops_count; i++) {
        const struct m_op *op = &m->ops[i];
        fprintf(f, "      VOP_%s_OPCODE: begin slots = %u'd%u; spare = 32'h%08x; end\n", op->name,
                m->n_slots, op->slots, (unsigned)model_spare_bits(m, op->format));
    }
    fputs("      default: ;\n    endcase\n"
          "    op_legal = slots[slot] && (word & spare) == 32'd0;\n  endfunction\n",
          f);
}

void emit_pkg_sv(const struct model *m, FILE *f) {
    fputs("// Made by rtl/machine/gen from the tables of rtl/machine. Do not edit.\n"
          "/* verilator lint_off UNUSEDPARAM */\n"
          "/* verilator lint_off UNUSEDSIGNAL */\n"
          "package vliw_pkg;\n",
          f);
    emit_constants(m, f);
    emit_places(m, f);
    fputs(sizes, f);
    emit_struct(m, f);
    for (size_t i = 0; i < m->formats_count; i++) {
        if (has_imm(m, m->formats[i].name)) {
            emit_imm(m, m->formats[i].name, f);
        }
    }
    fputs("  // Decodes one operation in the given slot (pass a constant: the rest folds away).\n"
          "  // The result is an op_decode_t: assign it to a variable of that type.\n",
          f);
    emit_decode(m, "op_decode", false, f);
    fputs("  // The same, but spare bits are looked at in `legal` only: shallower logic.\n", f);
    emit_decode(m, "op_decode_early", true, f);
    emit_legal(m, f);
    fputs("endpackage\n"
          "/* verilator lint_on UNUSEDPARAM */\n"
          "/* verilator lint_on UNUSEDSIGNAL */\n",
          f);
}
