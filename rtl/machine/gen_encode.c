/* SPDX-License-Identifier: MIT
 * Emits machine_encode.h (one inline encoder a format) and machine_decode.c (vop_decode,
 * vop_encode). Encoders take their operands in the order of the OPERAND_KIND rows of formats.def
 * and mask them to the field.
 */
#include <string.h>

#include "rtl/machine/gen_model.h"

static const char encode_head[] =
    "/* Made by rtl/machine/gen from the tables of rtl/machine. Do not edit.\n"
    " * vop_encode_<FORMAT>(op, operands...): the 32-bit word. rd_index is the index in the slot's "
    "bank\n"
    " * (register number / SLOT_COUNT); rs1 and rs2 are register numbers. Operands are cut to "
    "their "
    "fields:\n"
    " * check ranges with FORMAT_<F>_IMM_MIN/MAX before. A format's literal is not part of its "
    "word. */\n"
    "#ifndef SELKIRK_MACHINE_ENCODE_H\n#define SELKIRK_MACHINE_ENCODE_H\n\n"
    "#include \"machine_tables.h\"\n\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n"
    "struct vop_fields {\n    enum vop op;\n"
    "    uint8_t rd; /* register number 0..63 = SLOT_COUNT * index + slot, of operations with a "
    "result; "
    "else 0 */\n"
    "    uint8_t rs1, rs2, pred;\n"
    "    int32_t imm; /* extended; of a LITERAL operation 0: the literal is the next slot's word "
    "*/\n};\n\n"
    "/* False: the word is illegal in this slot (unknown opcode, wrong slot, nonzero spare bits). "
    "*/\n"
    "bool vop_decode(uint32_t word, unsigned slot, struct vop_fields *f);\n"
    "/* The word for fields; the slot is implied by rd. Operands are cut to their fields. */\n"
    "uint32_t vop_encode(const struct vop_fields *f);\n"
    "/* Does the immediate fit the operation's format? */\n"
    "bool vop_imm_fits(enum vop op, int32_t imm);\n\n";

static bool is_field_of(const struct m_field *fd, const char *format, enum operand operand) {
    return fd->operand == operand && strcmp(fd->format, format) == 0;
}

static const char *argument(const struct m_kind *k) {
    return k->operand == OPD_rd ? "rd_index" : operand_names[k->operand];
}

static void emit_encoder(const struct model *m, const char *format, FILE *f) {
    fprintf(f, "static inline uint32_t vop_encode_%s(enum vop op", format);
    for (size_t i = 0; i < m->kinds_count; i++) {
        const struct m_kind *k = &m->kinds[i];
        if (strcmp(k->format, format) == 0 && k->kind != KIND_LIT) {
            fprintf(f, ", %s%s", k->kind == KIND_SIMM ? "int32_t " : "uint32_t ", argument(k));
        }
    }
    fputs(")\n{\n    uint32_t word = vop_opcode[op];\n", f);
    for (size_t i = 0; i < m->kinds_count; i++) {
        const struct m_kind *k = &m->kinds[i];
        for (size_t n = 0; n < m->fields_count; n++) {
            const struct m_field *fd = &m->fields[n];
            if (strcmp(k->format, format) != 0 || !is_field_of(fd, format, k->operand)) {
                continue;
            }
            fprintf(f, "    word |= ((uint32_t)%s >> %u & 0x%xu) << %u;\n", argument(k),
                    fd->operand_lsb, (1u << fd->width) - 1, fd->lsb);
        }
    }
    fputs("    return word;\n}\n\n", f);
}

void emit_encode_h(const struct model *m, FILE *f) {
    fputs(encode_head, f);
    for (size_t i = 0; i < m->formats_count; i++) {
        emit_encoder(m, m->formats[i].name, f);
    }
    fputs("#ifdef __cplusplus\n}\n#endif\n#endif\n", f);
}

/* "(w >> 7 & 0xf) | ..." for all pieces of the operand. */
static void emit_pieces(const struct model *m, const char *format, enum operand operand, FILE *f) {
    const char *separator = "";
    for (size_t n = 0; n < m->fields_count; n++) {
        const struct m_field *fd = &m->fields[n];
        if (is_field_of(fd, format, operand)) {
            fprintf(f, "%s(w >> %u & 0x%xu) << %u", separator, fd->lsb, (1u << fd->width) - 1,
                    fd->operand_lsb);
            separator = " | ";
        }
    }
}

static void emit_decode_case(const struct model *m, const char *format, FILE *f) {
    fprintf(f, "    case FORMAT_%s:\n", format);
    for (size_t i = 0; i < m->kinds_count; i++) {
        const struct m_kind *k = &m->kinds[i];
        if (strcmp(k->format, format) != 0 || k->kind == KIND_LIT) {
            continue;
        }
        fprintf(f, "        f->%s = (", operand_names[k->operand]);
        if (k->kind == KIND_SIMM) {
            unsigned bits = model_operand_bits(m, format, k->operand);
            fputs("int32_t)(((", f);
            emit_pieces(m, format, k->operand, f);
            fprintf(f, ") ^ 0x%xu) - 0x%xu);\n", 1u << (bits - 1), 1u << (bits - 1));
            continue;
        }
        fputs(k->operand == OPD_imm ? "int32_t)(" : "uint8_t)(", f);
        fputs(k->kind == KIND_DST ? "SLOT_COUNT * (" : "(", f);
        emit_pieces(m, format, k->operand, f);
        fputs(k->kind == KIND_DST ? ") + slot);\n" : "));\n", f);
    }
    fputs("        break;\n", f);
}

static void emit_encode_case(const struct model *m, const char *format, FILE *f) {
    fprintf(f, "    case FORMAT_%s:\n        return vop_encode_%s(f->op", format, format);
    for (size_t i = 0; i < m->kinds_count; i++) {
        const struct m_kind *k = &m->kinds[i];
        if (strcmp(k->format, format) != 0 || k->kind == KIND_LIT) {
            continue;
        }
        bool cast = k->operand == OPD_imm && k->kind == KIND_UIMM;
        fprintf(f, ", %sf->%s%s", cast ? "(uint32_t)" : "", operand_names[k->operand],
                k->kind == KIND_DST ? " / SLOT_COUNT" : "");
    }
    fputs(");\n", f);
}

static void emit_fits(const struct model *m, FILE *f) {
    fputs("bool vop_imm_fits(enum vop op, int32_t imm)\n{\n"
          "    switch ((enum vop_format)vop_format[op]) {\n",
          f);
    for (size_t i = 0; i < m->formats_count; i++) {
        const char *format = m->formats[i].name;
        enum operand_kind kind = model_kind(m, format, OPD_imm);
        fprintf(f, "    case FORMAT_%s:\n        return ", format);
        if (kind == KIND_SIMM || kind == KIND_UIMM) {
            fprintf(f, "imm >= FORMAT_%s_IMM_MIN && imm <= FORMAT_%s_IMM_MAX;\n", format, format);
        } else {
            fputs(kind == KIND_LIT ? "true;\n" : "imm == 0;\n", f);
        }
    }
    fputs("    case FORMAT_COUNT:\n        break;\n    }\n    return false;\n}\n", f);
}

void emit_decode_c(const struct model *m, FILE *f) {
    fputs("/* Made by rtl/machine/gen. Do not edit. */\n#include \"machine_encode.h\"\n\n"
          "static void decode_operands(uint32_t w, unsigned slot, struct vop_fields *f)\n{\n"
          "    switch ((enum vop_format)vop_format[f->op]) {\n",
          f);
    for (size_t i = 0; i < m->formats_count; i++) {
        emit_decode_case(m, m->formats[i].name, f);
    }
    fputs(
        "    case FORMAT_COUNT:\n        break;\n    }\n}\n\n"
        "bool vop_decode(uint32_t word, unsigned slot, struct vop_fields *f)\n{\n"
        "    unsigned op = opcode_to_vop[word & 0x7fu];\n"
        "    *f = (struct vop_fields){VOP_NOP, 0, 0, 0, 0, 0};\n"
        "    if (op >= VOP_COUNT || (vop_slots[op] >> slot & 1u) == 0 ||\n"
        "        (word & format_spare_bits[vop_format[op]]) != 0) {\n        return false;\n    }\n"
        "    f->op = (enum vop)op;\n    decode_operands(word, slot, f);\n    return true;\n}\n\n"
        "uint32_t vop_encode(const struct vop_fields *f)\n{\n"
        "    switch ((enum vop_format)vop_format[f->op]) {\n",
        f);
    for (size_t i = 0; i < m->formats_count; i++) {
        emit_encode_case(m, m->formats[i].name, f);
    }
    fputs("    case FORMAT_COUNT:\n        break;\n    }\n    return 0;\n}\n\n", f);
    emit_fits(m, f);
}
