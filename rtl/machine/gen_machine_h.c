/* SPDX-License-Identifier: MIT
 * Emits machine.h: every number of the machine description as a C constant. Freestanding, and
 * usable from assembly (there without the enums).
 */
#include "rtl/machine/gen_model.h"

static void emit_head(FILE *f) {
    fputs("/* Made by rtl/machine/gen from the tables of rtl/machine. Do not edit. */\n"
          "#ifndef SELKIRK_MACHINE_H\n#define SELKIRK_MACHINE_H\n\n"
          "#ifdef __ASSEMBLER__\n#define MACHINE_U(x) x\n#else\n#define MACHINE_U(x) "
          "x##u\n#endif\n\n",
          f);
}

static void emit_slots_units(const struct model *m, FILE *f) {
    for (size_t i = 0; i < m->slots_count; i++) {
        fprintf(f, "#define SLOT_%s %u /* %s */\n", m->slots[i].name, 1u << model_slot(m, i),
                m->slots[i].text);
    }
    fprintf(f, "#define SLOTS_ALL %u\n#define SLOT_COUNT %u\n\n", model_all_slots(m), m->n_slots);
    for (size_t i = 0; i < m->flags_count; i++) {
        fprintf(f, "#define OPF_%s 0x%x /* %s */\n", m->flags[i].name, 1u << m->flags[i].bit,
                m->flags[i].text);
    }
    fputc('\n', f);
    for (size_t i = 0; i < m->units_count; i++) {
        fprintf(f, "#define UNIT_%s_LATENCY %u\n", m->units[i].name, m->units[i].latency);
    }
    fputs("\n/* Slots that have the unit, and the only or lowest one's number. */\n", f);
    for (size_t i = 0; i < m->units_count; i++) {
        fprintf(f, "#define UNIT_%s_SLOTS %u\n#define UNIT_%s_SLOT %u\n", m->units[i].name,
                m->units[i].slots, m->units[i].name, model_lowest(m->units[i].slots));
    }
    fprintf(f, "#define LITERAL_SLOTS %u /* where the next higher slot may hold a literal */\n",
            model_literal_slots(m));
    fputc('\n', f);
    for (size_t i = 0; i < m->timings_count; i++) {
        fprintf(f, "#define %s %u /* %s */\n", m->timings[i].name, m->timings[i].value,
                m->timings[i].text);
    }
    fputc('\n', f);
}

static void emit_ops(const struct model *m, FILE *f) {
    fputs("#ifndef __ASSEMBLER__\nenum vop {\n", f);
    for (size_t i = 0; i < m->ops_count; i++) {
        fprintf(f, "    VOP_%s,\n", m->ops[i].name);
    }
    fputs("    VOP_COUNT\n};\n\nenum vop_format {\n", f);
    for (size_t i = 0; i < m->formats_count; i++) {
        fprintf(f, "    FORMAT_%s, /* %s */\n", m->formats[i].name, m->formats[i].text);
    }
    fputs("    FORMAT_COUNT\n};\n\nenum vop_unit {\n", f);
    for (size_t i = 0; i < m->units_count; i++) {
        fprintf(f, "    UNIT_%s, /* %s */\n", m->units[i].name, m->units[i].text);
    }
    fputs("    UNIT_COUNT\n};\n#endif\n\n", f);
    for (size_t i = 0; i < m->ops_count; i++) {
        fprintf(f, "#define VOP_%s_OPCODE 0x%02x\n", m->ops[i].name, m->ops[i].opcode);
    }
    fputc('\n', f);
}

static void emit_imm_ranges(const struct model *m, FILE *f) {
    for (size_t i = 0; i < m->places_count; i++) {
        fprintf(f, "#define %s %u\n", m->places[i].name, m->places[i].value);
    }
    fputc('\n', f);
    for (size_t i = 0; i < m->formats_count; i++) {
        const char *name = m->formats[i].name;
        enum operand_kind kind = model_kind(m, name, OPD_imm);
        unsigned bits = model_operand_bits(m, name, OPD_imm);
        if (kind != KIND_SIMM && kind != KIND_UIMM) {
            continue;
        }
        long min = kind == KIND_SIMM ? -(1l << (bits - 1)) : 0;
        long max = (1l << (kind == KIND_SIMM ? bits - 1 : bits)) - 1;
        fprintf(f, "#define FORMAT_%s_IMM_BITS %u\n", name, bits);
        fprintf(f, "#define FORMAT_%s_IMM_MIN (%ld)\n#define FORMAT_%s_IMM_MAX %ld\n", name, min,
                name, max);
    }
    fputc('\n', f);
}

static void emit_csrs_traps(const struct model *m, FILE *f) {
    for (size_t i = 0; i < m->csrs_count; i++) {
        const struct m_csr *c = &m->csrs[i];
        fprintf(f, "#define CSR_%s 0x%02x /* %s: %s */\n", c->name, c->number, c->access, c->text);
        if (c->is_counter) {
            fprintf(f, "#define CSR_%s_H 0x%02x\n", c->name, c->number + 1);
        }
    }
    fputc('\n', f);
    for (size_t i = 0; i < m->traps_count; i++) {
        fprintf(f, "#define TRAP_%s %u /* %s */\n", m->traps[i].name, m->traps[i].code,
                m->traps[i].text);
    }
    fprintf(f, "#define TRAP_COUNT %zu\n\n", m->traps_count);
}

static void emit_memory(const struct model *m, FILE *f) {
    for (size_t i = 0; i < m->mems_count; i++) {
        const struct m_mem *r = &m->mems[i];
        fprintf(f, "#define MEM_%s_BASE MACHINE_U(0x%08x) /* %s */\n", r->name, (unsigned)r->base,
                r->text);
        fprintf(f, "#define MEM_%s_BYTES MACHINE_U(0x%08x)\n", r->name, (unsigned)r->bytes);
    }
    fprintf(f, "#define BUNDLE_BYTES %u\n\n", 4 * m->n_slots);
    for (size_t i = 0; i < m->configs_count; i++) {
        for (size_t k = 0; k < CONFIG_SIZES; k++) {
            fprintf(f, "#define CONFIG_%s_%s MACHINE_U(%u)\n", upper(m->configs[i].name),
                    config_size_names[k], (unsigned)m->configs[i].size[k]);
        }
    }
    fputc('\n', f);
    emit_memories_h(m, f);
}

static void emit_regs_boot(const struct model *m, FILE *f) {
    for (size_t i = 0; i < m->regs_count; i++) {
        const struct m_regs *r = &m->regs[i];
        fprintf(f, "#define REG_%s_FIRST %u /* %s */\n#define REG_%s_COUNT %u\n", r->name, r->first,
                r->text, r->name, r->count);
    }
    fprintf(f, "#define REG_COUNT %d\n\n", REG_COUNT);
    for (size_t i = 0; i < m->boots_count; i++) {
        const struct m_boot *b = &m->boots[i];
        fprintf(f, "#define BOOT_%s MACHINE_U(0x%x) /* %s */\n", b->name,
                ((1u << b->bits) - 1) << b->bit, b->text);
        if (b->unit != 0) {
            fprintf(f, "#define BOOT_%s_SHIFT %u\n#define BOOT_%s_UNIT %u\n", b->name, b->bit,
                    b->name, b->unit);
        }
    }
    fprintf(f, "#define BOOT_GEAR_MASK MACHINE_U(%u) /* highest gear allowed */\n\n",
            (1u << BOOT_GEAR_BITS) - 1);
    fputs("#define INTRINSIC_OPCODE 0x0b /* RISC-V CUSTOM_0 */\n", f);
    for (size_t i = 0; i < m->intrinsics_count; i++) {
        fprintf(f, "#define INTRINSIC_%s_FUNCT3 %u /* %s: %s */\n", m->intrinsics[i].name,
                m->intrinsics[i].funct3, m->intrinsics[i].form, m->intrinsics[i].text);
    }
    fprintf(f, "\n#define MACHINE_ID MACHINE_U(0x%08x) /* CSR CONFIG_ID */\n#endif\n",
            (unsigned)model_id(m));
}

void emit_machine_h(const struct model *m, FILE *f) {
    emit_head(f);
    emit_slots_units(m, f);
    emit_ops(m, f);
    emit_imm_ranges(m, f);
    emit_csrs_traps(m, f);
    emit_memory(m, f);
    emit_regs_boot(m, f);
}

void emit_memory_ld(const struct model *m, FILE *f) {
    fputs("/* Made by rtl/machine/gen. Do not edit. */\n", f);
    for (size_t i = 0; i < m->mems_count; i++) {
        const struct m_mem *r = &m->mems[i];
        fprintf(f, "MEM_%s_BASE = 0x%08x;\nMEM_%s_BYTES = 0x%08x;\n", r->name, (unsigned)r->base,
                r->name, (unsigned)r->bytes);
    }
    for (size_t i = 0; i < m->configs_count; i++) {
        for (size_t k = 0; k < CONFIG_SIZES; k++) {
            fprintf(f, "CONFIG_%s_%s = %u;\n", upper(m->configs[i].name), config_size_names[k],
                    (unsigned)m->configs[i].size[k]);
        }
    }
}
