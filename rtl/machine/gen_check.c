/* SPDX-License-Identifier: MIT
 * Rejects inconsistent machine tables: collisions of encodings and numbers, references to things
 * that are not there, operands that do not fit, rows without a description. Every complaint is one
 * line; check_model counts them. tests/gen/bad.txt holds at least one table for each complaint
 * here.
 */
#include <stdarg.h>
#include <string.h>

#include "rtl/machine/gen_model.h"

struct check {
    const struct model *m;
    FILE *err;
    unsigned complaints;
};

__attribute__((format(printf, 2, 3))) static void complain(struct check *c, const char *format,
                                                           ...) {
    va_list args;
    va_start(args, format);
    fputs("gen: ", c->err);
    vfprintf(c->err, format, args);
    fputc('\n', c->err);
    va_end(args);
    c->complaints++;
}

/* Every row needs a description, and a name that its table has only once. */
static void check_row(struct check *c, const char *table, const char *name, const char *text) {
    if (text[0] == 0) {
        complain(c, "%s %s has no description", table, name);
    }
}

static void check_twice(struct check *c, const char *table, const char *a, const char *b) {
    if (strcmp(a, b) == 0) {
        complain(c, "%s %s is there twice", table, a);
    }
}

static void check_names(struct check *c) {
    const struct model *m = c->m;
#define CHECK_NAMES(rows, what)                                                                    \
    for (size_t i = 0; i < m->rows##_count; i++) {                                                 \
        check_row(c, what, m->rows[i].name, m->rows[i].text);                                      \
        for (size_t k = 0; k < i; k++) {                                                           \
            check_twice(c, what, m->rows[i].name, m->rows[k].name);                                \
        }                                                                                          \
    }
    CHECK_NAMES(slots, "slot")
    CHECK_NAMES(units, "unit")
    CHECK_NAMES(flags, "flag")
    CHECK_NAMES(formats, "format")
    CHECK_NAMES(ops, "operation")
    CHECK_NAMES(regs, "registers")
    CHECK_NAMES(traps, "trap")
    CHECK_NAMES(timings, "timing")
    CHECK_NAMES(csrs, "csr")
    CHECK_NAMES(mems, "memory")
    CHECK_NAMES(configs, "configuration")
    CHECK_NAMES(memories, "memory configuration")
    CHECK_NAMES(boots, "boot flag")
    CHECK_NAMES(intrinsics, "intrinsic")
    CHECK_NAMES(reserved, "reserved")
#undef CHECK_NAMES
}

static void check_slots_flags(struct check *c) {
    const struct model *m = c->m;
    for (size_t i = 0; i < m->slots_count; i++) {
        if (m->slots[i].index != i) {
            complain(c, "slot %s has index %u, not its place %zu", m->slots[i].name,
                     m->slots[i].index, i);
        }
    }
    for (size_t i = 0; i < m->flags_count; i++) {
        if (m->flags[i].bit > 15) {
            complain(c, "flag %s: bit %u does not fit", m->flags[i].name, m->flags[i].bit);
        }
        for (size_t k = 0; k < i; k++) {
            if (m->flags[i].bit == m->flags[k].bit) {
                complain(c, "flags %s and %s have the same bit", m->flags[k].name,
                         m->flags[i].name);
            }
        }
    }
}

static uint32_t field_mask(const struct m_field *fd) {
    return (uint32_t)(((1ull << fd->width) - 1) << fd->lsb);
}

/* 0: out of the word. */
static uint32_t reserved_mask(const struct m_reserved *r) {
    return r->lsb + r->width > 32 ? 0 : (uint32_t)(((1ull << r->width) - 1) << r->lsb);
}

static void check_field_pair(struct check *c, const struct m_field *a, const struct m_field *b) {
    if (strcmp(a->format, b->format) != 0) {
        return;
    }
    if (field_mask(a) & field_mask(b)) {
        complain(c, "format %s: fields of %s and %s overlap", a->format, operand_names[a->operand],
                 operand_names[b->operand]);
    }
    if (a->operand == b->operand && a->operand_lsb < b->operand_lsb + b->width &&
        b->operand_lsb < a->operand_lsb + a->width) {
        complain(c, "format %s: two fields hold the same bits of %s", a->format,
                 operand_names[a->operand]);
    }
}

static void check_fields(struct check *c) {
    const struct model *m = c->m;
    for (size_t i = 0; i < m->fields_count; i++) {
        const struct m_field *fd = &m->fields[i];
        if (!model_format(m, fd->format)) {
            complain(c, "field of unknown format %s", fd->format);
        }
        if (fd->lsb < OPCODE_BITS) {
            complain(c, "format %s: a field of %s overlaps the opcode", fd->format,
                     operand_names[fd->operand]);
        }
        if (fd->width == 0 || fd->lsb + fd->width > 32) {
            complain(c, "format %s: a field of %s is out of the word", fd->format,
                     operand_names[fd->operand]);
            continue;
        }
        if (model_kind(m, fd->format, fd->operand) == KIND_NONE) {
            complain(c, "format %s: %s has a field but no kind", fd->format,
                     operand_names[fd->operand]);
        }
        for (size_t k = 0; k < i; k++) {
            check_field_pair(c, &m->fields[k], fd);
        }
    }
}

/* Reserved bits are free, each kept once, and for some slot. */
static void check_reserved(struct check *c) {
    const struct model *m = c->m;
    for (size_t i = 0; i < m->reserved_count; i++) {
        const struct m_reserved *r = &m->reserved[i];
        if (!model_format(m, r->format)) {
            complain(c, "reserved %s of unknown format %s", r->name, r->format);
            continue;
        }
        uint32_t mask = reserved_mask(r);
        if (mask == 0 || (mask & ~model_spare_bits(m, r->format)) != 0 || r->slots == 0) {
            complain(c, "format %s: reserved %s is not free", r->format, r->name);
        }
        for (size_t k = 0; k < i; k++) {
            const struct m_reserved *other = &m->reserved[k];
            if (strcmp(other->format, r->format) == 0 && (reserved_mask(other) & mask) != 0) {
                complain(c, "format %s: reserved %s and %s overlap", r->format, other->name,
                         r->name);
            }
        }
    }
}

/* Width that the kind asks for; 0: any. */
static unsigned kind_bits(const struct model *m, enum operand_kind kind) {
    return kind == KIND_DST ? m->rd_bits : kind == KIND_SRC ? REG_BITS : 0;
}

static void check_kinds(struct check *c) {
    const struct model *m = c->m;
    for (size_t i = 0; i < m->kinds_count; i++) {
        const struct m_kind *k = &m->kinds[i];
        const char *operand = operand_names[k->operand];
        unsigned bits = model_operand_bits(m, k->format, k->operand);
        unsigned asked = kind_bits(m, k->kind);
        uint64_t covered = 0;
        for (size_t n = 0; n < m->fields_count; n++) {
            const struct m_field *fd = &m->fields[n];
            if (fd->operand == k->operand && strcmp(fd->format, k->format) == 0 &&
                fd->width <= 32) {
                covered |= ((1ull << fd->width) - 1) << (fd->operand_lsb & 31);
            }
        }
        if (!model_format(m, k->format)) {
            complain(c, "operand of unknown format %s", k->format);
        }
        if (k->kind == KIND_LIT ? bits != 0 : bits == 0) {
            complain(c, "format %s: %s has %s", k->format, operand,
                     bits ? "a field, but is a literal" : "a kind, but no field");
        }
        if (asked && bits && bits != asked) {
            complain(c, "format %s: %s has %u bits, not %u", k->format, operand, bits, asked);
        }
        if (bits && bits < 32 && covered != (1ull << bits) - 1) {
            complain(c, "format %s: %s has missing bits", k->format, operand);
        }
    }
}

static void check_unit(struct check *c, const struct m_unit *unit) {
    unsigned users = 0, results = 0;
    for (size_t i = 0; i < c->m->ops_count; i++) {
        const struct m_op *op = &c->m->ops[i];
        if (strcmp(op->unit, unit->name) == 0) {
            users++;
            results += model_op_writes(c->m, op) || model_has_flag(c->m, op, "INDEXED");
        }
    }
    if (unit->latency > MAX_LATENCY) {
        complain(c, "unit %s has a latency above %d", unit->name, MAX_LATENCY);
    }
    if (unit->slots == 0) {
        complain(c, "unit %s is in no slot", unit->name);
    }
    if (users == 0) {
        complain(c, "unit %s is used by no operation", unit->name);
    } else if (unit->latency == 0 && results > 0) {
        complain(c, "unit %s has latency 0, but operations with a result", unit->name);
    } else if (unit->latency > 0 && results == 0) {
        complain(c, "unit %s has a latency, but no operation with a result", unit->name);
    }
}

static void check_op_place(struct check *c, const struct m_op *op) {
    const struct m_unit *unit = model_unit(c->m, op->unit);
    unsigned last_slot = 1u << (c->m->n_slots - 1);
    if (!unit) {
        complain(c, "operation %s: unknown unit %s", op->name, op->unit);
    } else if (op->slots & ~unit->slots) {
        complain(c, "operation %s may stand in a slot that has no unit %s", op->name, op->unit);
    }
    if (op->slots == 0) {
        complain(c, "operation %s may stand in no slot", op->name);
    }
    if (model_has_flag(c->m, op, "LITERAL") && (op->slots & last_slot)) {
        complain(c, "operation %s needs a next higher slot, but may stand in the last", op->name);
    }
}

static void check_op_operands(struct check *c, const struct m_op *op) {
    const struct model *m = c->m;
    if (!model_format(m, op->format)) {
        complain(c, "operation %s: unknown format %s", op->name, op->format);
        return;
    }
    bool has_literal = model_kind(m, op->format, OPD_imm) == KIND_LIT;
    if (model_has_flag(m, op, "LITERAL") != has_literal) {
        complain(c, "operation %s: flag LITERAL and format %s disagree", op->name, op->format);
    }
    if (model_has_flag(m, op, "LINK") && !model_op_writes(m, op)) {
        complain(c, "operation %s links, but has no rd", op->name);
    }
    bool is_load = model_has_flag(m, op, "LOAD");
    bool is_store = model_has_flag(m, op, "STORE");
    if (is_load && (is_store || !model_op_writes(m, op))) {
        complain(c, "operation %s is a load, but %s", op->name,
                 is_store ? "also a store" : "has no rd");
    }
}

static void check_ops(struct check *c) {
    const struct model *m = c->m;
    for (size_t i = 0; i < m->ops_count; i++) {
        const struct m_op *op = &m->ops[i];
        if (op->opcode >> OPCODE_BITS) {
            complain(c, "operation %s: opcode 0x%x does not fit", op->name, op->opcode);
        }
        for (size_t k = 0; k < i; k++) {
            if (op->opcode == m->ops[k].opcode) {
                complain(c, "operations %s and %s have the same opcode", m->ops[k].name, op->name);
            }
            if (strcmp(op->mnemonic, m->ops[k].mnemonic) == 0) {
                complain(c, "operations %s and %s have the same mnemonic", m->ops[k].name,
                         op->name);
            }
        }
        check_op_place(c, op);
        check_op_operands(c, op);
    }
    for (size_t i = 0; i < m->units_count; i++) {
        check_unit(c, &m->units[i]);
    }
}

/* Two ranges are apart, or one lies within the other. */
static void check_regs(struct check *c) {
    const struct model *m = c->m;
    for (size_t i = 0; i < m->regs_count; i++) {
        const struct m_regs *a = &m->regs[i];
        if (a->count == 0 || a->first >= REG_COUNT || a->count > REG_COUNT - a->first) {
            complain(c, "registers %s are out of range", a->name);
        }
        for (size_t k = 0; k < i; k++) {
            const struct m_regs *b = &m->regs[k];
            unsigned a_end = a->first + a->count, b_end = b->first + b->count;
            bool is_apart = a_end <= b->first || b_end <= a->first;
            bool is_inside = (a->first >= b->first && a_end <= b_end) ||
                             (b->first >= a->first && b_end <= a_end);
            if (!is_apart && !is_inside) {
                complain(c, "registers %s and %s overlap", b->name, a->name);
            }
        }
    }
}

static unsigned csr_words(const struct m_csr *csr) {
    return csr->is_counter ? 2 : 1;
}

static void check_csrs(struct check *c) {
    const struct model *m = c->m;
    for (size_t i = 0; i < m->csrs_count; i++) {
        const struct m_csr *a = &m->csrs[i];
        if (a->number + csr_words(a) > 256) {
            complain(c, "csr %s: number 0x%x does not fit", a->name, a->number);
        }
        if (strcmp(a->access, "RO") && strcmp(a->access, "RW") && strcmp(a->access, "WO")) {
            complain(c, "csr %s: unknown access %s", a->name, a->access);
        }
        for (size_t k = 0; k < i; k++) {
            const struct m_csr *b = &m->csrs[k];
            if (a->number < b->number + csr_words(b) && b->number < a->number + csr_words(a)) {
                complain(c, "csrs %s and %s have the same number", b->name, a->name);
            }
        }
    }
}

static void check_traps(struct check *c) {
    const struct model *m = c->m;
    for (size_t i = 0; i < m->traps_count; i++) {
        if (m->traps[i].code != i) {
            complain(c, "trap %s: code %u is not its place %zu", m->traps[i].name, m->traps[i].code,
                     i);
        }
    }
    if (m->traps_count > 16) {
        complain(c, "more than 16 traps");
    }
}

static bool is_access(const char *text) {
    return !strcmp(text, "NONE") || !strcmp(text, "R") || !strcmp(text, "W") || !strcmp(text, "RW");
}

static void check_mems(struct check *c) {
    const struct model *m = c->m;
    for (size_t i = 0; i < m->mems_count; i++) {
        const struct m_mem *a = &m->mems[i];
        uint64_t a_end = (uint64_t)a->base + a->bytes;
        if (a->bytes == 0 || a_end > 1ull << 32) {
            complain(c, "memory %s is empty or ends past the address space", a->name);
        }
        if (a->base & 0x0fffffff) {
            complain(c, "memory %s is not told by the top four address bits", a->name);
        }
        if (!is_access(a->firmware) || !is_access(a->guest)) {
            complain(c, "memory %s: unknown access", a->name);
        }
        for (size_t k = 0; k < i; k++) {
            const struct m_mem *b = &m->mems[k];
            if (a->base < (uint64_t)b->base + b->bytes && b->base < a_end) {
                complain(c, "memories %s and %s overlap", b->name, a->name);
            } else if (a->base >> 28 <= (b->base + (uint64_t)b->bytes - 1) >> 28 &&
                       b->base >> 28 <= (a_end - 1) >> 28) {
                complain(c, "memories %s and %s share top four address bits", b->name, a->name);
            }
        }
    }
}

static void check_configs(struct check *c) {
    for (size_t i = 0; i < c->m->configs_count; i++) {
        const struct m_config *config = &c->m->configs[i];
        for (size_t k = 0; k < CONFIG_SIZES; k++) {
            uint32_t size = config->size[k];
            bool is_of_memory = k >= CONFIG_CODE && k <= CONFIG_GUEST; /* check_memories */
            if (!is_of_memory && ((size & (size - 1)) != 0 || size == 0)) {
                complain(c, "configuration %s: %s is not a power of two", config->name,
                         config_size_names[k]);
            }
        }
        if (config->size[CONFIG_SLOTS] > c->m->slots_count) {
            complain(c, "configuration %s has more slots than the machine", config->name);
        }
    }
}

static void say(void *ctx, const char *text) {
    complain(ctx, "%s", text);
}

static void check_boots(struct check *c) {
    const struct model *m = c->m;
    for (size_t i = 0; i < m->boots_count; i++) {
        const struct m_boot *b = &m->boots[i];
        if (b->bit < BOOT_GEAR_BITS || b->bits == 0 || b->bits > 32 - BOOT_GEAR_BITS ||
            b->bit + b->bits > 32) {
            complain(c, "boot flag %s: bit %u is not in %d..31", b->name, b->bit + b->bits - 1,
                     BOOT_GEAR_BITS);
        }
        for (size_t k = 0; k < i; k++) {
            if (b->bit < m->boots[k].bit + m->boots[k].bits && m->boots[k].bit < b->bit + b->bits) {
                complain(c, "boot flags %s and %s have the same bit", m->boots[k].name, b->name);
            }
        }
    }
}

/* Operands of the native operation that each form of intrinsic supplies. */
static const struct {
    const char *name;
    bool has_rd, has_rs1, has_rs2, has_imm;
} forms[] = {
    {"RD_IMM", true, false, false, true}, {"RS1_IMM", false, true, false, true},
    {"RD_RS1", true, true, false, false}, {"RS1_RS2", false, true, true, false},
    {"IMM", false, false, false, true},   {"RS1", false, true, false, false},
};

static bool form_suits(const struct model *m, const char *form, const struct m_op *op) {
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (strcmp(forms[i].name, form) == 0) {
            return forms[i].has_rd == (model_kind(m, op->format, OPD_rd) != KIND_NONE) &&
                   forms[i].has_rs1 == (model_kind(m, op->format, OPD_rs1) != KIND_NONE) &&
                   forms[i].has_rs2 == (model_kind(m, op->format, OPD_rs2) != KIND_NONE) &&
                   forms[i].has_imm == (model_kind(m, op->format, OPD_imm) != KIND_NONE);
        }
    }
    return false;
}

static void check_intrinsics(struct check *c) {
    const struct model *m = c->m;
    for (size_t i = 0; i < m->intrinsics_count; i++) {
        const struct m_intrinsic *in = &m->intrinsics[i];
        const struct m_op *op = model_op(m, in->op);
        if (in->funct3 > 7) {
            complain(c, "intrinsic %s: funct3 %u does not fit", in->name, in->funct3);
        }
        if (!op) {
            complain(c, "intrinsic %s: unknown operation %s", in->name, in->op);
        } else if (!form_suits(m, in->form, op)) {
            complain(c, "intrinsic %s: form %s does not suit operation %s", in->name, in->form,
                     in->op);
        }
        for (size_t k = 0; k < i; k++) {
            if (in->funct3 == m->intrinsics[k].funct3) {
                complain(c, "intrinsics %s and %s have the same funct3", m->intrinsics[k].name,
                         in->name);
            }
        }
    }
}

unsigned check_model(const struct model *m, FILE *err) {
    struct check c = {m, err, 0};
    check_names(&c);
    check_slots_flags(&c);
    check_fields(&c);
    check_kinds(&c);
    check_reserved(&c);
    check_ops(&c);
    check_regs(&c);
    check_csrs(&c);
    check_traps(&c);
    check_mems(&c);
    check_configs(&c);
    check_memories(m, say, &c);
    check_boots(&c);
    check_intrinsics(&c);
    return c.complaints;
}
