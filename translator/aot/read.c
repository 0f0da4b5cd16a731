/* SPDX-License-Identifier: MIT
 * Instructions of the firmware and what its relocations say about code addresses (program.h).
 *
 * The link kept all relocations and moved nothing after it resolved them, so each still describes
 * the instruction or word it stands at. Relocations against data need nothing: data keeps its
 * address. Against text they are the complete list of places that hold code addresses. Kinds not
 * known here are an error, also differences of code addresses, which have no native meaning. (A
 * difference within one section leaves no trace when the assembler can compute it; the C compiler
 * makes none of its own.)
 */
#include "translator/aot/aot.h"

#include <stdio.h>
#include <stdlib.h>

struct aot_insn *program_insn(const struct program *p, uint32_t rv_addr) {
    uint32_t index = (rv_addr - p->base) / 4;
    if (rv_addr % 4 != 0 || index >= p->n_insns || !p->insns[index].is_code)
        return NULL;
    return &p->insns[index];
}

const Elf32_Sym *program_function(const struct program *p, uint32_t rv_addr) {
    const Elf32_Sym *best = NULL;
    for (uint32_t i = 0; i < p->elf->n_symbols; i++) {
        const Elf32_Sym *s = &p->elf->symbols[i];
        bool is_near = s->st_value <= rv_addr && (!best || s->st_value > best->st_value);
        if (ELF32_ST_TYPE(s->st_info) == STT_FUNC && is_near)
            best = s;
    }
    return best;
}

const char *program_where(const struct program *p, uint32_t rv_addr) {
    static char text[160];
    const Elf32_Sym *best = program_function(p, rv_addr);
    snprintf(text, sizeof text, "0x%08x (%s+0x%x)", rv_addr,
             best ? elf_rv_symbol_name(p->elf, best) : "?", best ? rv_addr - best->st_value : 0);
    return text;
}

static bool is_text(const Elf32_Shdr *s) {
    return (s->sh_flags & SHF_ALLOC) && (s->sh_flags & SHF_EXECINSTR) && s->sh_size;
}

static void read_text(struct program *p) {
    const struct elf_rv *elf = p->elf;
    uint32_t low = UINT32_MAX, high = 0;
    for (unsigned i = 0; i < elf->header->e_shnum; i++) {
        const Elf32_Shdr *s = &elf->sections[i];
        if (!is_text(s))
            continue;
        if (s->sh_addr % 4 || s->sh_size % 4 || s->sh_type != SHT_PROGBITS)
            aot_die("%s: text section %s is odd", elf->path, elf_rv_section_name(elf, s));
        low = s->sh_addr < low ? s->sh_addr : low;
        high = s->sh_addr + s->sh_size > high ? s->sh_addr + s->sh_size : high;
    }
    if (high <= low || high - low > (16u << 20))
        aot_die("%s: no text, or too much", elf->path);
    p->base = low;
    p->n_insns = (high - low) / 4;
    p->insns = aot_alloc(p->n_insns, sizeof *p->insns);
    for (unsigned i = 0; i < elf->header->e_shnum; i++) {
        const Elf32_Shdr *s = &elf->sections[i];
        for (uint32_t at = 0; is_text(s) && at < s->sh_size; at += 4) {
            const uint8_t *b = elf_rv_section_bytes(elf, s) + at;
            struct aot_insn *insn = &p->insns[(s->sh_addr + at - low) / 4];
            insn->is_code = true;
            insn->word =
                (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
        }
    }
}

/* Relocation at hand. */
struct reloc {
    uint32_t place; /* address */
    uint32_t type;
    uint32_t value; /* symbol + addend */
    bool is_text;   /* value is an address in text */
};

static struct reloc read_reloc(const struct program *p, const Elf32_Rela *r) {
    uint32_t symbol = ELF32_R_SYM(r->r_info);
    if (symbol >= p->elf->n_symbols)
        aot_die("%s: relocation without symbol", p->elf->path);
    struct reloc out = {.place = r->r_offset, .type = ELF32_R_TYPE(r->r_info)};
    out.value = p->elf->symbols[symbol].st_value + (uint32_t)r->r_addend;
    out.is_text = program_insn(p, out.value) != NULL;
    return out;
}

static void set_ref(struct program *p, const struct reloc *r, enum code_ref ref, uint32_t target) {
    struct aot_insn *insn = program_insn(p, r->place);
    if (!insn || insn->ref != REF_NONE)
        aot_die("%s: bad relocation at %s", p->elf->path, program_where(p, r->place));
    insn->ref = (uint8_t)ref;
    insn->target = target;
}

static void text_reloc_call(struct program *p, const struct reloc *r) {
    struct aot_insn *second = program_insn(p, r->place + 4);
    if (!r->is_text || !second || (second->word & 0x707fu) != 0x67u)
        aot_die("%s: call of what is not code at %s", p->elf->path, program_where(p, r->place));
    set_ref(p, r, REF_CALL, r->value);
    struct reloc next = {.place = r->place + 4};
    set_ref(p, &next, REF_CALL_SECOND, r->value);
}

/* One relocation of an instruction. PCREL_LO12 needs its auipc done, see read_text_relocs. */
static void text_reloc(struct program *p, const struct reloc *r) {
    switch (r->type) {
    case R_RISCV_NONE:
    case R_RISCV_RELAX:
    case R_RISCV_ALIGN:
    case R_RISCV_BRANCH: /* the instruction says it itself */
    case R_RISCV_JAL:
    case R_RISCV_PCREL_LO12_I:
    case R_RISCV_PCREL_LO12_S:
        break;
    case R_RISCV_CALL:
    case R_RISCV_CALL_PLT:
        text_reloc_call(p, r);
        break;
    case R_RISCV_HI20:
    case R_RISCV_PCREL_HI20:
        if (r->is_text)
            set_ref(p, r, REF_ADDR_HI, r->value);
        break;
    case R_RISCV_LO12_I:
        if (r->is_text)
            set_ref(p, r, REF_ADDR_LO, r->value);
        break;
    case R_RISCV_LO12_S:
        if (r->is_text)
            aot_die("%s: store into text at %s", p->elf->path, program_where(p, r->place));
        break;
    default:
        aot_die("%s: relocation type %u at %s is not supported", p->elf->path, r->type,
                program_where(p, r->place));
    }
}

/* The symbol of a PCREL_LO12 is its auipc; its value follows from that one's reference. */
static void text_reloc_pcrel_lo(struct program *p, const struct reloc *r) {
    const struct aot_insn *hi = program_insn(p, r->value);
    if (!hi || (hi->word & 0x7fu) != 0x17u)
        aot_die("%s: no auipc for %s", p->elf->path, program_where(p, r->place));
    if (hi->ref != REF_ADDR_HI)
        return;
    if (r->type == R_RISCV_PCREL_LO12_S)
        aot_die("%s: store into text at %s", p->elf->path, program_where(p, r->place));
    set_ref(p, r, REF_ADDR_LO, hi->target);
}

static void read_text_relocs(struct program *p, const Elf32_Shdr *section) {
    const Elf32_Rela *rela = (const void *)elf_rv_section_bytes(p->elf, section);
    uint32_t n = section->sh_size / (uint32_t)sizeof *rela;
    for (uint32_t i = 0; i < n; i++) {
        struct reloc r = read_reloc(p, &rela[i]);
        text_reloc(p, &r);
    }
    for (uint32_t i = 0; i < n; i++) {
        struct reloc r = read_reloc(p, &rela[i]);
        if (r.type == R_RISCV_PCREL_LO12_I || r.type == R_RISCV_PCREL_LO12_S)
            text_reloc_pcrel_lo(p, &r);
    }
}

static void read_data_relocs(struct program *p, const Elf32_Shdr *section, const Elf32_Shdr *data) {
    const Elf32_Rela *rela = (const void *)elf_rv_section_bytes(p->elf, section);
    uint32_t n = section->sh_size / (uint32_t)sizeof *rela;
    p->data_refs = realloc(p->data_refs, (p->n_data_refs + n + 1) * sizeof *p->data_refs);
    if (!p->data_refs)
        aot_die("out of memory");
    for (uint32_t i = 0; i < n; i++) {
        struct reloc r = read_reloc(p, &rela[i]);
        uint32_t offset = r.place - data->sh_addr;
        if (!r.is_text || r.type == R_RISCV_NONE)
            continue;
        if (r.type != R_RISCV_32 || offset % 4 || offset + 4 > data->sh_size)
            aot_die("%s: relocation type %u of a code address at 0x%08x in %s is not supported",
                    p->elf->path, r.type, r.place, elf_rv_section_name(p->elf, data));
        p->data_refs[p->n_data_refs++] =
            (struct data_ref){elf_rv_section_bytes(p->elf, data) + offset, r.place, r.value};
    }
}

/* addi of a code address must be fed by a lui of the same one; one lui may serve several. */
static void check_low_parts(const struct program *p) {
    for (uint32_t i = 0; i < p->n_insns; i++) {
        const struct aot_insn *insn = &p->insns[i];
        if (insn->ref != REF_ADDR_LO)
            continue;
        uint32_t j = i;
        while (j > 0 && (p->insns[j].ref != REF_ADDR_HI || p->insns[j].target != insn->target))
            j--;
        if ((insn->word & 0x707fu) != 0x13u || p->insns[j].ref != REF_ADDR_HI)
            aot_die("%s: code address at %s is used in a way that is not supported", p->elf->path,
                    program_where(p, p->base + 4 * i));
    }
}

uint32_t aot_read(struct aot *a) {
    struct program *p = &a->program;
    const struct elf_rv *elf = &a->elf;
    elf_rv_read(&a->elf, a->in);
    *p = (struct program){.elf = elf};
    read_text(p);
    bool has_relocs = false;
    for (unsigned i = 0; i < elf->header->e_shnum; i++) {
        const Elf32_Shdr *s = &elf->sections[i];
        if (s->sh_type != SHT_RELA)
            continue;
        const Elf32_Shdr *of = &elf->sections[s->sh_info];
        if (is_text(of)) {
            has_relocs = true;
            read_text_relocs(p, s);
        } else if (of->sh_flags & SHF_ALLOC) {
            read_data_relocs(p, s, of);
        }
    }
    if (!has_relocs)
        aot_die("%s: has no relocations; link with --emit-relocs --no-relax", elf->path);
    check_low_parts(p);
    return p->n_insns;
}
