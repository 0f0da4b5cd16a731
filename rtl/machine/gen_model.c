/* SPDX-License-Identifier: MIT
 * Loads the machine tables (*.def) into struct model, and answers simple questions about them.
 * The tables are included in angle brackets: a test of the checks compiles this file with a folder
 * before this one on the include path and so replaces single tables.
 */
#include "rtl/machine/gen_model.h"

#include <ctype.h>
#include <string.h>

/* The configuration that the products are for (make CONFIG=NAME). */
#ifndef MACHINE_CONFIG
#define MACHINE_CONFIG wide
#endif
#define SLOTS_OF_NAME(name) SLOTS_OF_##name
#define SLOTS_OF(name) SLOTS_OF_NAME(name)
enum {
#define CONFIG(name, slots, ...) SLOTS_OF_##name = (slots),
#include <configs.def>
#undef CONFIG
    MACHINE_SLOTS = SLOTS_OF(MACHINE_CONFIG)
};

/* The places that formats.def is written in. */
enum {
    RS_BITS = REG_BITS,
    RD_BITS = RS_BITS - (MACHINE_SLOTS > 1) - (MACHINE_SLOTS > 2),
    RD_AT = OPCODE_BITS,
    RS1_AT = RD_AT + RD_BITS,
    RS2_AT = RS1_AT + RS_BITS,
    TOP_AT = RS2_AT + RS_BITS,
    TOP_BITS = 32 - TOP_AT,
    PRED_BITS = RD_BITS - 1
};
_Static_assert(REG_COUNT == 1 << RS_BITS, "register numbers");
static const struct m_place places[] = {
    {"RD_AT", RD_AT},     {"RD_BITS", RD_BITS}, {"RS1_AT", RS1_AT},     {"RS2_AT", RS2_AT},
    {"RS_BITS", RS_BITS}, {"TOP_AT", TOP_AT},   {"TOP_BITS", TOP_BITS}, {"PRED_BITS", PRED_BITS},
};

/* Masks that the slots columns are written in. Where there are fewer slots, slot s is slot s mod
 * MACHINE_SLOTS: a slot has what those have that fall on it. */
enum {
#define SLOT(index, name, text) SLOT_##name = 1 << (index) % MACHINE_SLOTS,
#include <slots.def>
#undef SLOT
    SLOTS_ALL = 0
#define SLOT(index, name, text) | SLOT_##name
#include <slots.def>
#undef SLOT
};

enum {
#define OPFLAG(name, bit, text) OPF_##name = 1 << (bit),
#include <opflags.def>
#undef OPFLAG
    OPF_NONE = 0
};

static const struct m_slot slots[] = {
#define SLOT(index, name, text) {index, #name, text},
#include <slots.def>
#undef SLOT
};

static const struct m_unit units[] = {
#define UNIT(name, slots, latency, text) {#name, slots, latency, text},
#include <units.def>
#undef UNIT
};

static const struct m_flag flags[] = {
#define OPFLAG(name, bit, text) {#name, bit, text},
#include <opflags.def>
#undef OPFLAG
};

#define FORMAT(name, text)
#define FIELD(format, operand, lsb, width, operand_lsb)
#define OPERAND_KIND(format, operand, kind)
#define RESERVED(format, name, lsb, width, slots, text)

static const struct m_format formats[] = {
#undef FORMAT
#define FORMAT(name, text) {#name, text},
#include <formats.def>
#undef FORMAT
#define FORMAT(name, text)
};

static const struct m_field fields[] = {
#undef FIELD
#define FIELD(format, operand, lsb, width, operand_lsb)                                            \
    {#format, OPD_##operand, lsb, width, operand_lsb},
#include <formats.def>
#undef FIELD
#define FIELD(format, operand, lsb, width, operand_lsb)
};

static const struct m_kind kinds[] = {
#undef OPERAND_KIND
#define OPERAND_KIND(format, operand, kind) {#format, OPD_##operand, KIND_##kind},
#include <formats.def>
#undef OPERAND_KIND
#define OPERAND_KIND(format, operand, kind)
};

static const struct m_reserved reserved[] = {
#undef RESERVED
#define RESERVED(format, name, lsb, width, slots, text) {#name, #format, lsb, width, slots, text},
#include <formats.def>
};
#undef FORMAT
#undef FIELD
#undef OPERAND_KIND
#undef RESERVED

static const struct m_op ops[] = {
#define OP(name, mnemonic, opcode, format, unit, slots, flags, semantics, text)                    \
    {#name, mnemonic, opcode, #format, #unit, slots, flags, #semantics, text},
#include <ops.def>
#undef OP
};

static const struct m_regs regs[] = {
#define REGS(name, first, count, text) {#name, first, count, text},
#include <regs.def>
#undef REGS
};

static const struct m_trap traps[] = {
#define TRAP(name, code, text) {#name, code, text},
#include <traps.def>
#undef TRAP
};

static const struct m_timing timings[] = {
#define TIMING(name, value, text) {#name, value, text},
#include <timing.def>
#undef TIMING
};

static const struct m_csr csrs[] = {
#define CSR(name, number, access, text) {#name, number, #access, false, text},
#define COUNTER(name, number, text) {#name, number, "RO", true, text},
#define MEMORY_COUNTER COUNTER
#include <csrs.def>
#undef CSR
#undef COUNTER
#undef MEMORY_COUNTER
};

static const struct m_mem mems[] = {
#define MEM(name, base, bytes, firmware, guest, text) {#name, base, bytes, #firmware, #guest, text},
#include <memmap.def>
#undef MEM
};

#define MEMORY(name, clock_hz, chip, ram_default, text)
#define MEMORY_PART(memory, region, bytes, at)
#define MEMORY_FIELD(field, kind, most, text)
#define MEMORY_HAS(memory, field, value)

static const struct m_memory memories[] = {
#undef MEMORY
#define MEMORY(name, clock_hz, chip, ram_default, text) {#name, clock_hz, chip, ram_default, text},
#include <memories.def>
#undef MEMORY
#define MEMORY(name, clock_hz, chip, ram_default, text)
};

static const struct m_part parts[] = {
#undef MEMORY_PART
#define MEMORY_PART(memory, region, bytes, at) {#memory, #region, bytes, at},
#include <memories.def>
#undef MEMORY_PART
#define MEMORY_PART(memory, region, bytes, at)
};

static const struct m_memory_field memory_fields[] = {
#undef MEMORY_FIELD
#define MEMORY_FIELD(field, kind, most, text) {#field, MEMORY_##kind, most, text},
#include <memories.def>
#undef MEMORY_FIELD
#define MEMORY_FIELD(field, kind, most, text)
};

static const struct m_memory_value memory_values[] = {
#undef MEMORY_HAS
#define MEMORY_HAS(memory, field, value) {#memory, #field, value},
#include <memories.def>
#undef MEMORY_HAS
#define MEMORY_HAS(memory, field, value)
};

enum {
#undef MEMORY_PART
#define MEMORY_PART(memory, region, bytes, at) BYTES_##memory##_##region = (bytes),
#include <memories.def>
#undef MEMORY
#undef MEMORY_PART
#undef MEMORY_FIELD
#undef MEMORY_HAS
    CODE_BUNDLE_BYTES = 16
};

static const struct m_config configs[] = {
#define CONFIG(name, slots, memory, undo, jt, granules, text)                                      \
    {#name,                                                                                        \
     #memory,                                                                                      \
     {slots, BYTES_##memory##_CODE / CODE_BUNDLE_BYTES, BYTES_##memory##_FWRAM,                    \
      BYTES_##memory##_FLASH, BYTES_##memory##_GUEST, undo, jt, granules},                         \
     text},
#include <configs.def>
#undef CONFIG
};

static const struct m_boot boots[] = {
#define BOOT_FLAG(name, bit, option, text) {#name, bit, 1, 0, option, NULL, text},
#define BOOT_NUMBER(name, bit, bits, unit, option, text)                                           \
    {#name, bit, bits, unit, option, NULL, text},
#define BOOT_CHOICE(name, bit, bits, option, words, text)                                          \
    {#name, bit, bits, 1, option, words, text},
#include <boot.def>
#undef BOOT_FLAG
#undef BOOT_NUMBER
#undef BOOT_CHOICE
};

static const struct m_intrinsic intrinsics[] = {
#define INTRINSIC(name, funct3, form, op, text) {#name, funct3, #form, #op, text},
#include <intrinsics.def>
#undef INTRINSIC
};

const char *const config_size_names[CONFIG_SIZES] = {
    "SLOTS",       "CODE_BUNDLES", "FWRAM_BYTES", "FLASH_BYTES",
    "GUEST_BYTES", "UNDO_ENTRIES", "JT_ENTRIES",  "GRANULES",
};

const char *const operand_names[OPD_COUNT] = {"rd", "rs1", "rs2", "imm", "pred"};

#define LOADED(name) .name = name, .name##_count = sizeof name / sizeof name[0]
static const struct model model = {
    .n_slots = MACHINE_SLOTS,
    .rd_bits = RD_BITS,
    LOADED(slots),
    LOADED(units),
    LOADED(flags),
    LOADED(formats),
    LOADED(fields),
    LOADED(kinds),
    LOADED(ops),
    LOADED(regs),
    LOADED(traps),
    LOADED(timings),
    LOADED(csrs),
    LOADED(mems),
    LOADED(configs),
    LOADED(memories),
    LOADED(parts),
    LOADED(memory_fields),
    LOADED(memory_values),
    LOADED(boots),
    LOADED(intrinsics),
    LOADED(reserved),
    LOADED(places),
};

const struct model *model_load(void) {
    return &model;
}

unsigned model_slot(const struct model *m, size_t i) {
    return m->slots[i].index % m->n_slots;
}

unsigned model_all_slots(const struct model *m) {
    return (1u << m->n_slots) - 1;
}

unsigned model_lowest(unsigned mask) {
    unsigned slot = 0;
    while (mask != 0 && (mask >> slot & 1) == 0) {
        slot++;
    }
    return slot;
}

unsigned model_literal_slots(const struct model *m) {
    unsigned mask = 0;
    for (size_t i = 0; i < m->ops_count; i++) {
        if (model_has_flag(m, &m->ops[i], "LITERAL")) {
            mask |= m->ops[i].slots;
        }
    }
    return mask;
}

#define FIND(table, key)                                                                           \
    for (size_t i = 0; i < m->table##_count; i++) {                                                \
        if (strcmp(m->table[i].name, key) == 0) {                                                  \
            return &m->table[i];                                                                   \
        }                                                                                          \
    }                                                                                              \
    return NULL

const struct m_unit *model_unit(const struct model *m, const char *name) {
    FIND(units, name);
}

const struct m_format *model_format(const struct model *m, const char *name) {
    FIND(formats, name);
}

const struct m_op *model_op(const struct model *m, const char *name) {
    FIND(ops, name);
}

const struct m_mem *model_mem(const struct model *m, const char *name) {
    FIND(mems, name);
}

unsigned model_timing(const struct model *m, const char *name) {
    for (size_t i = 0; i < m->timings_count; i++) {
        if (strcmp(m->timings[i].name, name) == 0) {
            return m->timings[i].value;
        }
    }
    return 0;
}

unsigned model_flag(const struct model *m, const char *name) {
    for (size_t i = 0; i < m->flags_count; i++) {
        if (strcmp(m->flags[i].name, name) == 0) {
            return 1u << m->flags[i].bit;
        }
    }
    return 0;
}

bool model_has_flag(const struct model *m, const struct m_op *op, const char *name) {
    return (op->flags & model_flag(m, name)) != 0;
}

enum operand_kind model_kind(const struct model *m, const char *format, enum operand operand) {
    for (size_t i = 0; i < m->kinds_count; i++) {
        if (m->kinds[i].operand == operand && strcmp(m->kinds[i].format, format) == 0) {
            return m->kinds[i].kind;
        }
    }
    return KIND_NONE;
}

unsigned model_operand_bits(const struct model *m, const char *format, enum operand operand) {
    unsigned bits = 0;
    for (size_t i = 0; i < m->fields_count; i++) {
        if (m->fields[i].operand == operand && strcmp(m->fields[i].format, format) == 0) {
            bits += m->fields[i].width;
        }
    }
    return bits;
}

uint32_t model_spare_bits(const struct model *m, const char *format) {
    uint32_t used = (1u << OPCODE_BITS) - 1;
    for (size_t i = 0; i < m->fields_count; i++) {
        if (strcmp(m->fields[i].format, format) == 0) {
            used |= (uint32_t)(((1ull << m->fields[i].width) - 1) << m->fields[i].lsb);
        }
    }
    return ~used;
}

bool model_op_writes(const struct model *m, const struct m_op *op) {
    return model_kind(m, op->format, OPD_rd) == KIND_DST;
}

/* FNV-1a over the text of what native code depends on. */
static uint32_t hash_text(uint32_t h, const char *text) {
    for (; *text; text++) {
        h = (h ^ (uint8_t)*text) * 16777619u;
    }
    return (h ^ 0xffu) * 16777619u;
}

static uint32_t hash_number(uint32_t h, uint32_t value) {
    char text[16];
    snprintf(text, sizeof text, "%u", (unsigned)value);
    return hash_text(h, text);
}

uint32_t model_id(const struct model *m) {
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < m->ops_count; i++) {
        const struct m_op *op = &m->ops[i];
        h = hash_text(hash_number(hash_text(h, op->name), op->opcode), op->format);
        h = hash_number(hash_number(hash_text(h, op->unit), op->slots), op->flags);
    }
    for (size_t i = 0; i < m->fields_count; i++) {
        const struct m_field *fd = &m->fields[i];
        h = hash_number(hash_number(hash_text(h, fd->format), fd->operand), fd->lsb);
        h = hash_number(hash_number(h, fd->width), fd->operand_lsb);
    }
    for (size_t i = 0; i < m->units_count; i++) {
        h = hash_number(hash_text(h, m->units[i].name), m->units[i].latency);
    }
    for (size_t i = 0; i < m->timings_count; i++) {
        h = hash_number(hash_text(h, m->timings[i].name), m->timings[i].value);
    }
    for (size_t i = 0; i < m->csrs_count; i++) {
        h = hash_number(hash_text(h, m->csrs[i].name), m->csrs[i].number);
    }
    for (size_t i = 0; i < m->mems_count; i++) {
        h = hash_number(hash_text(h, m->mems[i].name), m->mems[i].base);
    }
    for (size_t i = 0; i < m->traps_count; i++) {
        h = hash_number(hash_text(h, m->traps[i].name), m->traps[i].code);
    }
    return h;
}

const char *upper(const char *name) {
    static char text[64];
    size_t n = 0;
    for (; name[n] && n + 1 < sizeof text; n++) {
        text[n] = (char)toupper((unsigned char)name[n]);
    }
    text[n] = 0;
    return text;
}
