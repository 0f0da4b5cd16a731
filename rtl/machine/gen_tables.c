/* SPDX-License-Identifier: MIT
 * Emits machine_tables.h/.c: the operations, control registers, intrinsics, boot flags as C arrays.
 * The byte arrays are for the translator in the firmware; vop_info is for the workstation's tools.
 */
#include <string.h>

#include "rtl/machine/gen_model.h"

static const char tables_head[] =
    "/* Made by rtl/machine/gen from the tables of rtl/machine. Do not edit. */\n"
    "#ifndef SELKIRK_MACHINE_TABLES_H\n#define SELKIRK_MACHINE_TABLES_H\n\n"
    "#include <stdbool.h>\n#include <stdint.h>\n\n#include \"machine.h\"\n\n"
    "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n"
    "/* Indexed by enum vop. */\n"
    "extern const uint8_t vop_opcode[VOP_COUNT];\n"
    "extern const uint8_t vop_format[VOP_COUNT];\n"
    "extern const uint8_t vop_unit[VOP_COUNT];\n"
    "extern const uint8_t vop_slots[VOP_COUNT];\n"
    "extern const uint8_t vop_latency[VOP_COUNT];\n"
    "extern const uint16_t vop_flags[VOP_COUNT];\n\n"
    "/* enum vop of an opcode; VOP_COUNT: there is no such operation. */\n"
    "extern const uint8_t opcode_to_vop[128];\n"
    "/* Bits that must be zero, by enum vop_format. */\n"
    "extern const uint32_t format_spare_bits[FORMAT_COUNT];\n\n"
    "struct vop_info {\n    const char *mnemonic;\n"
    "    uint8_t opcode, format, unit, slots, latency;\n    uint16_t flags;\n"
    "    bool reads_rs1, reads_rs2, writes_rd, has_imm; /* a literal is no imm */\n};\n"
    "extern const struct vop_info vop_info[VOP_COUNT];\n\n"
    "struct csr_info {\n    const char *name;\n    uint8_t number;\n"
    "    bool may_read, may_write, is_counter; /* a counter's high word is number + 1 */\n"
    "    const char *text;\n};\n"
    "enum { CSR_INFO_COUNT = %zu };\n"
    "extern const struct csr_info csr_info[CSR_INFO_COUNT];\n\n"
    "enum intrinsic_form {\n    INTRINSIC_FORM_RD_IMM,\n    INTRINSIC_FORM_RS1_IMM,\n"
    "    INTRINSIC_FORM_RD_RS1,\n    INTRINSIC_FORM_RS1_RS2,\n    INTRINSIC_FORM_IMM,\n"
    "    INTRINSIC_FORM_RS1\n};\n"
    "struct intrinsic_info {\n    const char *name;\n    uint8_t funct3, form, op; /* op: enum vop "
    "*/\n};\n"
    "enum { INTRINSIC_COUNT = %zu };\n"
    "extern const struct intrinsic_info intrinsic_info[INTRINSIC_COUNT];\n\n"
    "struct boot_flag_info {\n    const char *option;\n    uint32_t mask;\n    const char "
    "*text;\n};\n"
    "enum { BOOT_FLAG_COUNT = %zu };\n"
    "extern const struct boot_flag_info boot_flag_info[BOOT_FLAG_COUNT];\n\n"
    "/* By enum memory. Sizes in bytes; a cycle of the clock is tick_num / tick_den of a tick. */\n"
    "/* Field `firmware`: where its code is. */\n"
    "enum memory_firmware { FIRMWARE_IN_CHIP, FIRMWARE_IN_CHIP_PACKED, FIRMWARE_IN_STORE };\n\n"
    "struct memory_info {\n    const char *name;\n"
    "    uint32_t clock_hz, tick_num, tick_den, chip_bytes, ram_default;\n"
    "    uint32_t guest_bytes, fwram_bytes, code_bytes, flash_bytes;\n"
    "    uint32_t guest_at, fwram_at, code_at, flash_at; /* in the chip */\n"
    "    uint32_t field[MEMORY_FIELD_COUNT];\n};\n"
    "extern const struct memory_info memory_info[MEMORY_COUNT];\n"
    "struct memory_field_info {\n    const char *name;\n    uint32_t most;\n    bool "
    "is_power;\n};\n"
    "extern const struct memory_field_info memory_field_info[MEMORY_FIELD_COUNT];\n\n"
    "/* By trap code. */\nextern const char *const trap_name[TRAP_COUNT];\n\n"
    "#ifdef __cplusplus\n}\n#endif\n#endif\n";

void emit_tables_h(const struct model *m, FILE *f) {
    fprintf(f, tables_head, m->csrs_count, m->intrinsics_count, m->boots_count);
}

static void emit_op_arrays(const struct model *m, FILE *f) {
#define ARRAY(declaration, ...)                                                                    \
    fputs("const " declaration "[VOP_COUNT] = {\n", f);                                            \
    for (size_t i = 0; i < m->ops_count; i++) {                                                    \
        const struct m_op *op = &m->ops[i];                                                        \
        fprintf(f, "    [VOP_%s] = ", op->name);                                                   \
        fprintf(f, __VA_ARGS__);                                                                   \
        fputs(",\n", f);                                                                           \
    }                                                                                              \
    fputs("};\n\n", f)
    ARRAY("uint8_t vop_opcode", "0x%02x", op->opcode);
    ARRAY("uint8_t vop_format", "FORMAT_%s", op->format);
    ARRAY("uint8_t vop_unit", "UNIT_%s", op->unit);
    ARRAY("uint8_t vop_slots", "%u", op->slots);
    ARRAY("uint8_t vop_latency", "UNIT_%s_LATENCY", op->unit);
    ARRAY("uint16_t vop_flags", "0x%x", op->flags);
#undef ARRAY
}

static void emit_opcode_map(const struct model *m, FILE *f) {
    fputs("const uint8_t opcode_to_vop[128] = {\n", f);
    for (unsigned opcode = 0; opcode < 1u << OPCODE_BITS; opcode++) {
        const char *name = "COUNT";
        for (size_t i = 0; i < m->ops_count; i++) {
            if (m->ops[i].opcode == opcode) {
                name = m->ops[i].name;
            }
        }
        fprintf(f, "    [0x%02x] = VOP_%s,\n", opcode, name);
    }
    fputs("};\n\nconst uint32_t format_spare_bits[FORMAT_COUNT] = {\n", f);
    for (size_t i = 0; i < m->formats_count; i++) {
        fprintf(f, "    [FORMAT_%s] = 0x%08xu,\n", m->formats[i].name,
                (unsigned)model_spare_bits(m, m->formats[i].name));
    }
    fputs("};\n\n", f);
}

static const char *truth(bool value) {
    return value ? "true" : "false";
}

static void emit_op_info(const struct model *m, FILE *f) {
    fputs("const struct vop_info vop_info[VOP_COUNT] = {\n", f);
    for (size_t i = 0; i < m->ops_count; i++) {
        const struct m_op *op = &m->ops[i];
        fprintf(f,
                "    [VOP_%s] = {\"%s\", 0x%02x, FORMAT_%s, UNIT_%s, %u, UNIT_%s_LATENCY, 0x%x, ",
                op->name, op->mnemonic, op->opcode, op->format, op->unit, op->slots, op->unit,
                op->flags);
        fprintf(f, "%s, %s, %s, %s},\n", truth(model_kind(m, op->format, OPD_rs1) == KIND_SRC),
                truth(model_kind(m, op->format, OPD_rs2) == KIND_SRC),
                truth(model_op_writes(m, op)),
                truth(model_operand_bits(m, op->format, OPD_imm) > 0));
    }
    fputs("};\n\n", f);
}

void emit_tables_c(const struct model *m, FILE *f) {
    fputs("/* Made by rtl/machine/gen. Do not edit. */\n#include \"machine_tables.h\"\n\n", f);
    emit_op_arrays(m, f);
    emit_opcode_map(m, f);
    emit_op_info(m, f);
    fputs("const struct csr_info csr_info[CSR_INFO_COUNT] = {\n", f);
    for (size_t i = 0; i < m->csrs_count; i++) {
        const struct m_csr *c = &m->csrs[i];
        fprintf(f, "    {\"%s\", 0x%02x, %s, %s, %s, \"%s\"},\n", c->name, c->number,
                truth(strchr(c->access, 'R') != NULL), truth(strchr(c->access, 'W') != NULL),
                truth(c->is_counter), c->text);
    }
    fputs("};\n\nconst struct intrinsic_info intrinsic_info[INTRINSIC_COUNT] = {\n", f);
    for (size_t i = 0; i < m->intrinsics_count; i++) {
        const struct m_intrinsic *in = &m->intrinsics[i];
        fprintf(f, "    {\"%s\", %u, INTRINSIC_FORM_%s, VOP_%s},\n", in->name, in->funct3, in->form,
                in->op);
    }
    fputs("};\n\nconst struct boot_flag_info boot_flag_info[BOOT_FLAG_COUNT] = {\n", f);
    for (size_t i = 0; i < m->boots_count; i++) {
        fprintf(f, "    {\"%s\", BOOT_%s, \"%s\"},\n", m->boots[i].option, m->boots[i].name,
                m->boots[i].text);
    }
    fputs("};\n\n", f);
    emit_memories_c(m, f);
    fputs("const char *const trap_name[TRAP_COUNT] = {\n", f);
    for (size_t i = 0; i < m->traps_count; i++) {
        fprintf(f, "    [TRAP_%s] = \"%s\",\n", m->traps[i].name, m->traps[i].name);
    }
    fputs("};\n", f);
}
