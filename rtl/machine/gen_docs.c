/* SPDX-License-Identifier: MIT
 * Emits the reference pages: docs/isa.md (formats as drawings, operations by unit, flags,
 * intrinsics) and docs/machine.md (slots, units and timing, registers, traps, control registers,
 * memory map, configurations).
 */
#include <string.h>

#include "rtl/machine/gen_model.h"

static const char isa_head[] =
    "# Native instruction set\n\n"
    "Made by `make docs-gen` from the tables in `rtl/machine/`; `make gen-check` fails when it is "
    "out of date.\n"
    "Timing, registers, traps and control registers: [`machine.md`](machine.md). What bundles "
    "mean: "
    "[`architecture.md`](architecture.md).\n\n"
    "A **bundle** is one 32-bit operation a slot, slot 0 at the lowest address; the all-zero "
    "word is `nop`. This page is of configurations\n"
    "with four slots: bundles of 16 bytes. With fewer, slots are folded (`slots.def`) and `rd` "
    "takes more bits (`formats.def`).\n\n"
    "## Text form\n\n"
    "```\n{ lw r33, 8(r44) | add r5, r1, r2 | nop | beq+ r3, r4, -12 }\n"
    "{ li32 r4, 0x12345678 | lit | csrr r34, cycles_h | jr r63 }\n```\n\n"
    "`translator/support/native_text.h` assembles and prints it. Operands stand in the order rd, "
    "rs1, rs2, "
    "immediate; loads are\n"
    "`lw rd, imm(rs1)`, stores `sw rs2, imm(rs1)`. `+`: predicted taken. Branch offsets count "
    "bundles from the branch's own\n"
    "bundle; `j` and `jl` take a bundle index. `lit` is the place of the literal before it. "
    "`.word` gives any word.\n\n"
    "## Formats\n\n"
    "Bits 6:0 are the opcode; bits without a name must be zero. `rd` is the index in the slot's "
    "bank\n"
    "(register number = 4 x index + slot), `rs1` and `rs2` are register numbers.\n\n";

static const char machine_head[] =
    "# The machine: slots, timing, registers, traps, control registers, memory\n\n"
    "Made by `make docs-gen` from the tables in `rtl/machine/`; `make gen-check` fails when it is "
    "out of date.\n"
    "Encodings: [`isa.md`](isa.md). What it all means: [`architecture.md`](architecture.md).\n\n";

/* Text for a table cell: a bar would end the cell. */
static void put_cell(FILE *f, const char *text) {
    for (; *text; text++) {
        fputs(*text == '|' ? "\\" : "", f);
        fputc(*text, f);
    }
}

static void put_row_end(FILE *f, const char *text) {
    fputs(" | ", f);
    put_cell(f, text);
    fputs(" |\n", f);
}

/* "S0 S2" for a set of slots. */
static void put_slots(const struct model *m, unsigned slots, FILE *f) {
    const char *separator = "";
    for (size_t i = 0; i < m->slots_count; i++) {
        if (slots >> m->slots[i].index & 1) {
            fprintf(f, "%s%s", separator, m->slots[i].name);
            separator = " ";
        }
    }
}

/* --- formats as drawings --- */

struct segment {
    unsigned high, low;
    char label[32];
};

enum { MAX_SEGMENTS = 16 };

static const struct m_field *field_with_top(const struct model *m, const char *format,
                                            unsigned top) {
    for (size_t i = 0; i < m->fields_count; i++) {
        const struct m_field *fd = &m->fields[i];
        if (strcmp(fd->format, format) == 0 && fd->lsb + fd->width - 1 == top) {
            return fd;
        }
    }
    return NULL;
}

static struct segment field_segment(const struct model *m, const struct m_field *fd) {
    struct segment s = {fd->lsb + fd->width - 1, fd->lsb, ""};
    const char *name = operand_names[fd->operand];
    unsigned bits = model_operand_bits(m, fd->format, fd->operand);
    if (fd->operand != OPD_imm) {
        snprintf(s.label, sizeof s.label, "%s", name);
    } else if (bits == fd->width || fd->width > 1) {
        snprintf(s.label, sizeof s.label, "%s[%u:%u]", name, fd->operand_lsb + fd->width - 1,
                 fd->operand_lsb);
    } else {
        snprintf(s.label, sizeof s.label, "%s[%u]", name, fd->operand_lsb);
    }
    return s;
}

/* The word from bit 31 down, spare stretches included. Returns the number of segments. */
static unsigned cut_format(const struct model *m, const char *format,
                           struct segment segments[MAX_SEGMENTS]) {
    unsigned n = 0;
    for (int top = 31; top >= OPCODE_BITS && n < MAX_SEGMENTS - 1; n++) {
        const struct m_field *fd = field_with_top(m, format, (unsigned)top);
        if (fd) {
            segments[n] = field_segment(m, fd);
        } else {
            int low = top;
            while (low > OPCODE_BITS && !field_with_top(m, format, (unsigned)low - 1)) {
                low--;
            }
            segments[n] = (struct segment){(unsigned)top, (unsigned)low, ""};
        }
        top = (int)segments[n].low - 1;
    }
    segments[n++] = (struct segment){OPCODE_BITS - 1, 0, "opcode"};
    return n;
}

static int segment_chars(const struct segment *s) {
    int by_bits = 2 * (int)(s->high - s->low + 1);
    int by_label = (int)strlen(s->label) + 2;
    int by_numbers = s->high == s->low ? 2 : 6;
    int least = by_label > by_numbers ? by_label : by_numbers;
    return by_bits > least ? by_bits : least;
}

static void draw_format(const struct model *m, const struct m_format *format, FILE *f) {
    struct segment segments[MAX_SEGMENTS];
    unsigned n = cut_format(m, format->name, segments);
    fprintf(f, "**%s**: %s\n\n```\n", format->name, format->text);
    for (unsigned i = 0; i < n; i++) {
        int chars = segment_chars(&segments[i]);
        if (segments[i].high == segments[i].low) {
            fprintf(f, " %-*u", chars, segments[i].high);
        } else {
            fprintf(f, " %-*u%*u", chars / 2, segments[i].high, chars - chars / 2, segments[i].low);
        }
    }
    fputc('\n', f);
    for (unsigned i = 0; i < n; i++) {
        int space = segment_chars(&segments[i]) - (int)strlen(segments[i].label);
        fprintf(f, "|%*s%s%*s", space / 2, "", segments[i].label, space - space / 2, "");
    }
    fputs("|\n```\n\n", f);
    for (size_t i = 0; i < m->reserved_count; i++) {
        const struct m_reserved *r = &m->reserved[i];
        if (strcmp(r->format, format->name) == 0) {
            fprintf(f, "Reserved, zero until a machine has it: bits %u:%u `%s` in ",
                    r->lsb + r->width - 1, r->lsb, r->name);
            put_slots(m, r->slots, f);
            fprintf(f, ": %s.\n\n", r->text);
        }
    }
}

/* --- operations --- */

static void put_flags(const struct model *m, unsigned flags, FILE *f) {
    const char *separator = "";
    for (size_t i = 0; i < m->flags_count; i++) {
        if (flags >> m->flags[i].bit & 1) {
            fprintf(f, "%s%s", separator, m->flags[i].name);
            separator = " ";
        }
    }
}

static void put_unit_ops(const struct model *m, const struct m_unit *unit, FILE *f) {
    fprintf(f, "### %s\n\n%s. ", unit->name, unit->text);
    if (unit->latency) {
        fprintf(f, "Latency %u in its own slot, %u in the others.\n\n", unit->latency,
                unit->latency + model_timing(m, "CROSS_EXTRA_CYCLES"));
    } else {
        fputs("No result.\n\n", f);
    }
    fputs("| operation | opcode | format | slots | flags | result | meaning |\n"
          "|---|---|---|---|---|---|---|\n",
          f);
    for (size_t i = 0; i < m->ops_count; i++) {
        const struct m_op *op = &m->ops[i];
        if (strcmp(op->unit, unit->name) != 0) {
            continue;
        }
        fprintf(f, "| `%s` | 0x%02x | %s | ", op->mnemonic, op->opcode, op->format);
        put_slots(m, op->slots, f);
        fputs(" | ", f);
        put_flags(m, op->flags, f);
        fputs(" | ", f);
        if (strcmp(op->semantics, "SIDE") != 0) {
            fputc('`', f);
            put_cell(f, op->semantics);
            fputc('`', f);
        }
        put_row_end(f, op->text);
    }
    fputc('\n', f);
}

void emit_isa_md(const struct model *m, FILE *f) {
    fputs(isa_head, f);
    for (size_t i = 0; i < m->formats_count; i++) {
        draw_format(m, &m->formats[i], f);
    }
    fputs("## Operations\n\n`a` is rs1, `b` is rs2; the result is a C expression on 32-bit "
          "unsigned values. "
          "An empty result: see the meaning.\n\n",
          f);
    for (size_t i = 0; i < m->units_count; i++) {
        put_unit_ops(m, &m->units[i], f);
    }
    fputs("## Flags\n\n| flag | meaning |\n|---|---|\n", f);
    for (size_t i = 0; i < m->flags_count; i++) {
        fprintf(f, "| %s", m->flags[i].name);
        put_row_end(f, m->flags[i].text);
    }
    fputs("\n## Intrinsics\n\nRISC-V instructions of opcode 0x0b (CUSTOM_0) in the firmware's C, "
          "which the "
          "ahead-of-time translator turns into operations.\n\n"
          "| intrinsic | funct3 | form | operation | meaning |\n|---|---|---|---|---|\n",
          f);
    for (size_t i = 0; i < m->intrinsics_count; i++) {
        const struct m_intrinsic *in = &m->intrinsics[i];
        const struct m_op *op = model_op(m, in->op);
        fprintf(f, "| %s | %u | %s | `%s`", in->name, in->funct3, in->form,
                op ? op->mnemonic : "?");
        put_row_end(f, in->text);
    }
}

/* --- the machine's page --- */

static void put_slots_units(const struct model *m, FILE *f) {
    fputs("## Slots\n\n| slot | what it has |\n|---|---|\n", f);
    for (size_t i = 0; i < m->slots_count; i++) {
        fprintf(f, "| %s", m->slots[i].name);
        put_row_end(f, m->slots[i].text);
    }
    fputs("\n## Units and latencies\n\n"
          "Cycles from issue to the first bundle that may read the result. Nothing interlocks.\n\n"
          "| unit | slots | own slot | other slots | what it does |\n|---|---|---|---|---|\n",
          f);
    for (size_t i = 0; i < m->units_count; i++) {
        const struct m_unit *u = &m->units[i];
        fprintf(f, "| %s | ", u->name);
        put_slots(m, u->slots, f);
        if (u->latency) {
            fprintf(f, " | %u | %u", u->latency,
                    u->latency + model_timing(m, "CROSS_EXTRA_CYCLES"));
        } else {
            fputs(" | - | -", f);
        }
        put_row_end(f, u->text);
    }
    fputs("\n| name | value | meaning |\n|---|---|---|\n", f);
    for (size_t i = 0; i < m->timings_count; i++) {
        fprintf(f, "| %s | %u", m->timings[i].name, m->timings[i].value);
        put_row_end(f, m->timings[i].text);
    }
}

static void put_regs_traps(const struct model *m, FILE *f) {
    fputs("\n## Registers\n\nRegister n lives in bank n mod 4, index n / 4 (for 4 the number of "
          "slots); slot s writes bank s.\n\n"
          "| name | registers | what for |\n|---|---|---|\n",
          f);
    for (size_t i = 0; i < m->regs_count; i++) {
        const struct m_regs *r = &m->regs[i];
        fprintf(f, "| %s | %u", r->name, r->first);
        if (r->count > 1) {
            fprintf(f, "-%u", r->first + r->count - 1);
        }
        put_row_end(f, r->text);
    }
    fputs("\n## Traps\n\nThe lowest number wins when one bundle has several causes.\n\n"
          "| code | trap | meaning |\n|---|---|---|\n",
          f);
    for (size_t i = 0; i < m->traps_count; i++) {
        fprintf(f, "| %u | %s", m->traps[i].code, m->traps[i].name);
        put_row_end(f, m->traps[i].text);
    }
}

static void put_csrs(const struct model *m, FILE *f) {
    fputs("\n## Control and status registers\n\nFirmware mode only.\n\n"
          "| number | name | access | meaning |\n|---|---|---|---|\n",
          f);
    for (size_t i = 0; i < m->csrs_count; i++) {
        const struct m_csr *c = &m->csrs[i];
        if (!c->is_counter) {
            fprintf(f, "| 0x%02x | %s | %s", c->number, c->name, c->access);
            put_row_end(f, c->text);
        }
    }
    fputs("\n### Counters\n\n64 bits each, zero at reset, read only: low word at the number, high "
          "word (`_H`) at the next.\n\n"
          "| number | name | counts |\n|---|---|---|\n",
          f);
    for (size_t i = 0; i < m->csrs_count; i++) {
        const struct m_csr *c = &m->csrs[i];
        if (c->is_counter) {
            fprintf(f, "| 0x%02x, 0x%02x | %s", c->number, c->number + 1, c->name);
            put_row_end(f, c->text);
        }
    }
    fprintf(f, "\nCONFIG_ID reads 0x%08x: a hash of these tables.\n", (unsigned)model_id(m));
}

static void put_memory(const struct model *m, FILE *f) {
    fputs("\n## Memory map\n\nThe top four address bits select the region.\n\n"
          "| region | base | at most | firmware | guest | what it holds "
          "|\n|---|---|---|---|---|---|\n",
          f);
    for (size_t i = 0; i < m->mems_count; i++) {
        const struct m_mem *r = &m->mems[i];
        fprintf(f, "| %s | 0x%08x | %u KiB | %s | %s", r->name, (unsigned)r->base,
                (unsigned)(r->bytes >> 10), r->firmware, r->guest);
        put_row_end(f, r->text);
    }
    fputs("\n## Configurations of the core\n\n| name | memory |", f);
    for (size_t k = 0; k < CONFIG_SIZES; k++) {
        fprintf(f, " %s |", config_size_names[k]);
    }
    fputs(" description |\n|---|---|---|---|---|---|---|---|---|---|\n", f);
    for (size_t i = 0; i < m->configs_count; i++) {
        fprintf(f, "| %s | %s", m->configs[i].name, m->configs[i].memory);
        for (size_t k = 0; k < CONFIG_SIZES; k++) {
            fprintf(f, " | %u", (unsigned)m->configs[i].size[k]);
        }
        put_row_end(f, m->configs[i].text);
    }
    emit_memories_md(m, f);
    fprintf(f, "\n## Boot flags\n\nBits of BOOT_FLAGS; bits %d:0 are the highest gear allowed.\n\n",
            BOOT_GEAR_BITS - 1);
    fputs("| bit | flag | option of `selkirk` | meaning |\n|---|---|---|---|\n", f);
    for (size_t i = 0; i < m->boots_count; i++) {
        const struct m_boot *b = &m->boots[i];
        fprintf(f, "| %u", b->bit);
        if (b->bits > 1) {
            fprintf(f, "–%u", b->bit + b->bits - 1);
        }
        fprintf(f, " | %s | `--%s%s`", b->name, b->option,
                b->choices != NULL ? " WORD"
                : b->unit != 0     ? " N"
                                   : "");
        put_row_end(f, b->text);
    }
}

void emit_machine_md(const struct model *m, FILE *f) {
    fputs(machine_head, f);
    put_slots_units(m, f);
    put_regs_traps(m, f);
    put_csrs(m, f);
    put_memory(m, f);
}
