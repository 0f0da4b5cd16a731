/* SPDX-License-Identifier: MIT
 * The machine description in memory: the X-macro tables (*.def) of this folder as plain arrays,
 * which the emitters and the checks walk. Names stay strings here, so that a wrong name in a table
 * is reported by gen_check.c and not by the C compiler.
 *
 *   gen_model.c      tables -> struct model
 *   gen_check.c      struct model -> list of complaints
 *   gen_<product>.c  struct model -> one family of products
 */
#ifndef SELKIRK_GEN_MODEL_H
#define SELKIRK_GEN_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum operand { OPD_rd, OPD_rs1, OPD_rs2, OPD_imm, OPD_pred, OPD_COUNT, OPD_BAD };
enum operand_kind { KIND_NONE, KIND_DST, KIND_SRC, KIND_SIMM, KIND_UIMM, KIND_LIT, KIND_BAD };

struct m_slot {
    unsigned index;
    const char *name, *text;
};
struct m_unit {
    const char *name;
    unsigned slots, latency;
    const char *text;
};
struct m_flag {
    const char *name;
    unsigned bit;
    const char *text;
};
struct m_format {
    const char *name, *text;
};
struct m_field {
    const char *format;
    enum operand operand;
    unsigned lsb, width, operand_lsb;
};
struct m_kind {
    const char *format;
    enum operand operand;
    enum operand_kind kind;
};
struct m_place {
    const char *name;
    unsigned value;
};
struct m_reserved {
    const char *name, *format;
    unsigned lsb, width, slots;
    const char *text;
};
struct m_op {
    const char *name, *mnemonic;
    unsigned opcode;
    const char *format, *unit;
    unsigned slots, flags;
    const char *semantics, *text;
};
struct m_regs {
    const char *name;
    unsigned first, count;
    const char *text;
};
struct m_trap {
    const char *name;
    unsigned code;
    const char *text;
};
struct m_timing {
    const char *name;
    unsigned value;
    const char *text;
};
struct m_csr {
    const char *name;
    unsigned number;
    const char *access;
    bool is_counter;
    const char *text;
};
struct m_mem {
    const char *name;
    uint32_t base, bytes;
    const char *firmware, *guest, *text;
};
enum { CONFIG_SIZES = 8 };
struct m_config {
    const char *name, *memory;
    uint32_t size[CONFIG_SIZES];
    const char *text;
};
struct m_memory {
    const char *name;
    uint32_t clock_hz, chip_bytes, ram_default;
    const char *text;
};
struct m_part { /* of a memory configuration */
    const char *memory, *region;
    uint32_t bytes, at;
};
enum memory_kind { MEMORY_POWER, MEMORY_NUMBER };
struct m_memory_field {
    const char *name;
    enum memory_kind kind;
    uint32_t most;
    const char *text;
};
struct m_memory_value {
    const char *memory, *field;
    uint32_t value;
};
struct m_boot {
    const char *name;
    unsigned bit, bits, unit;     /* unit 0: a flag, not a number */
    const char *option, *choices; /* NULL: no words to choose from */
    const char *text;
};
struct m_intrinsic {
    const char *name;
    unsigned funct3;
    const char *form, *op, *text;
};

/* A table and its length, for every table. */
#define TABLE(type, name)                                                                          \
    const struct type *name;                                                                       \
    size_t name##_count
struct model {
    unsigned n_slots; /* of this configuration; slots[]: of all machines */
    unsigned rd_bits; /* of an index in a slot's bank */
    TABLE(m_slot, slots);
    TABLE(m_unit, units);
    TABLE(m_flag, flags);
    TABLE(m_format, formats);
    TABLE(m_field, fields);
    TABLE(m_kind, kinds);
    TABLE(m_place, places);
    TABLE(m_op, ops);
    TABLE(m_regs, regs);
    TABLE(m_trap, traps);
    TABLE(m_timing, timings);
    TABLE(m_csr, csrs);
    TABLE(m_mem, mems);
    TABLE(m_config, configs);
    TABLE(m_memory, memories);
    TABLE(m_part, parts);
    TABLE(m_memory_field, memory_fields);
    TABLE(m_memory_value, memory_values);
    TABLE(m_boot, boots);
    TABLE(m_intrinsic, intrinsics);
    TABLE(m_reserved, reserved);
};

enum { BOOT_GEAR_BITS = 3 }; /* of BOOT_FLAGS, lowest: the highest gear allowed */
enum { OPCODE_BITS = 7, MAX_LATENCY = 3, REG_BITS = 6, REG_COUNT = 64, GUEST_REGS = 32 };

/* What the columns of configs.def are called, in their order. */
extern const char *const config_size_names[CONFIG_SIZES];
enum {
    CONFIG_SLOTS,
    CONFIG_CODE,
    CONFIG_FWRAM,
    CONFIG_FLASH,
    CONFIG_GUEST,
    CONFIG_UNDO,
    CONFIG_JT,
    CONFIG_GRANULES
};
extern const char *const operand_names[OPD_COUNT];

const struct model *model_load(void);

/* The slot that slots[i] is in this configuration. */
unsigned model_slot(const struct model *m, size_t i);
unsigned model_all_slots(const struct model *m);     /* mask */
unsigned model_lowest(unsigned mask);                /* number of the lowest slot of a mask */
unsigned model_literal_slots(const struct model *m); /* where operations with a literal may stand */
const struct m_unit *model_unit(const struct model *m, const char *name);
const struct m_format *model_format(const struct model *m, const char *name);
const struct m_op *model_op(const struct model *m, const char *name);
const struct m_mem *model_mem(const struct model *m, const char *name);
unsigned model_timing(const struct model *m, const char *name);
unsigned model_flag(const struct model *m, const char *name); /* mask; 0 when there is none */
bool model_has_flag(const struct model *m, const struct m_op *op, const char *name);
enum operand_kind model_kind(const struct model *m, const char *format, enum operand operand);
unsigned model_operand_bits(const struct model *m, const char *format, enum operand operand);
uint32_t model_spare_bits(const struct model *m, const char *format);
bool model_op_writes(const struct model *m, const struct m_op *op); /* has rd */
uint32_t
model_id(const struct model *m); /* a hash of everything that code for the machine relies on */

/* gen_memory.c. The part of a memory configuration that is fitted for a region; NULL: none. */
const struct m_part *model_part(const struct model *m, const char *memory, const char *region);
/* A cycle of the clock is num / den of a tick of the platform's time, in lowest terms. */
struct tick_step {
    uint32_t num, den;
};
struct tick_step model_tick_step(const struct model *m, uint32_t clock_hz);
/* Calls say for each complaint about the memory configurations. */
void check_memories(const struct model *m, void (*say)(void *ctx, const char *text), void *ctx);
void emit_memories_h(const struct model *m, FILE *f);
void emit_memories_c(const struct model *m, FILE *f);
void emit_memories_sv(const struct model *m, FILE *f);
void emit_boards_sv(const struct model *m, FILE *f);
void emit_memories_md(const struct model *m, FILE *f);

/* Prints every complaint to err; returns how many. */
unsigned check_model(const struct model *m, FILE *err);

void emit_machine_h(const struct model *m, FILE *f);
void emit_tables_h(const struct model *m, FILE *f);
void emit_tables_c(const struct model *m, FILE *f);
void emit_encode_h(const struct model *m, FILE *f);
void emit_decode_c(const struct model *m, FILE *f);
void emit_pkg_sv(const struct model *m, FILE *f);
void emit_memory_ld(const struct model *m, FILE *f);
void emit_isa_md(const struct model *m, FILE *f);
void emit_machine_md(const struct model *m, FILE *f);

/* The upper-case form of a name, in a static buffer (one at a time). */
const char *upper(const char *name);

#endif
