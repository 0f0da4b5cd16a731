/* SPDX-License-Identifier: MIT
 * Pass image: writes the native image, an ELF32 with one PT_LOAD for the bundles, one for each
 * data section of the firmware (bss and the like with no bytes in the file: the loader clears
 * them), native symbols, and section .selkirk.map, pairs of words (native address, RV address) of
 * every piece in ascending order, for disassembly and for people.
 *
 * The order of sections is: none, .text, data sections, .selkirk.map, .symtab, .strtab, .shstrtab.
 */
#define _POSIX_C_SOURCE 200809L /* fileno */
#include "translator/aot/aot.h"
#include "translator/aot/native_image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "machine.h"

enum { MAX_SECTIONS = 64 };

/* Growing bytes. */
struct buffer {
    uint8_t *bytes;
    size_t n, room;
};

static uint32_t put(struct buffer *b, const void *bytes, size_t n) {
    if (b->n + n > b->room) {
        b->room = 2 * (b->n + n) + 4096;
        b->bytes = realloc(b->bytes, b->room);
        if (!b->bytes)
            aot_die("out of memory");
    }
    if (n)
        memcpy(b->bytes + b->n, bytes, n);
    b->n += n;
    return (uint32_t)(b->n - n);
}

static uint32_t put_text(struct buffer *b, const char *text) {
    return put(b, text, strlen(text) + 1);
}

struct image {
    const struct native_code *nc;
    const struct program *p;
    struct buffer contents; /* of sections, from file offset `start` on */
    uint32_t start;
    struct buffer names, symbol_names, symbols;
    Elf32_Shdr sections[MAX_SECTIONS];
    uint32_t n_sections;
    Elf32_Phdr segments[MAX_SECTIONS];
    uint32_t n_segments;
    uint16_t section_of[0x10000]; /* section number in the RV ELF -> here; 0: none */
};

static Elf32_Shdr *add_section(struct image *im, const char *name, uint32_t type, const void *bytes,
                               size_t n) {
    if (im->n_sections == MAX_SECTIONS)
        aot_die("too many sections");
    Elf32_Shdr *s = &im->sections[im->n_sections++];
    static const uint8_t zeros[16];
    put(&im->contents, zeros, -im->contents.n & 15u);
    *s = (Elf32_Shdr){.sh_name = put_text(&im->names, name),
                      .sh_type = type,
                      .sh_offset = im->start + (uint32_t)im->contents.n,
                      .sh_size = (uint32_t)n,
                      .sh_addralign = 4};
    if (type != SHT_NOBITS)
        put(&im->contents, bytes, n);
    return s;
}

static void add_segment(struct image *im, Elf32_Shdr *s, uint32_t address, uint32_t flags) {
    s->sh_addr = address;
    s->sh_flags = SHF_ALLOC | (flags & PF_X ? SHF_EXECINSTR : 0u) | (flags & PF_W ? SHF_WRITE : 0u);
    im->segments[im->n_segments++] =
        (Elf32_Phdr){.p_type = PT_LOAD,
                     .p_offset = s->sh_offset,
                     .p_vaddr = address,
                     .p_paddr = address,
                     .p_filesz = s->sh_type == SHT_NOBITS ? 0 : s->sh_size,
                     .p_memsz = s->sh_size,
                     .p_flags = flags,
                     .p_align = 4};
}

static void add_data(struct image *im) {
    const struct elf_rv *elf = im->p->elf;
    for (unsigned i = 0; i < elf->header->e_shnum; i++) {
        const Elf32_Shdr *s = &elf->sections[i];
        if (!(s->sh_flags & SHF_ALLOC) || !s->sh_size)
            continue;
        if (s->sh_flags & SHF_EXECINSTR) {
            im->section_of[i] = 1;
            continue;
        }
        if (s->sh_addr > MEM_FWRAM_BYTES || s->sh_size > MEM_FWRAM_BYTES - s->sh_addr)
            aot_die("section %s is outside FWRAM", elf_rv_section_name(elf, s));
        const void *bytes = s->sh_type == SHT_NOBITS ? NULL : elf_rv_section_bytes(elf, s);
        im->section_of[i] = (uint16_t)im->n_sections;
        Elf32_Shdr *out =
            add_section(im, elf_rv_section_name(elf, s),
                        s->sh_type == SHT_NOBITS ? SHT_NOBITS : SHT_PROGBITS, bytes, s->sh_size);
        add_segment(im, out, s->sh_addr, PF_R | (s->sh_flags & SHF_WRITE ? PF_W : 0u));
    }
}

/* Bundles of a function: from its first piece up to the first piece that is not in it. */
static uint32_t native_bytes(const struct native_code *nc, uint32_t rv_first, uint32_t rv_bytes) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < nc->n_pieces; i++) {
        const struct piece *piece = &nc->pieces[i];
        if (piece->rv_addr - rv_first < rv_bytes)
            n += piece_bundles(piece);
    }
    return 16 * n;
}

static void add_symbol(struct image *im, const Elf32_Sym *s) {
    uint32_t type = ELF32_ST_TYPE(s->st_info);
    bool is_global = ELF32_ST_BIND(s->st_info) != STB_LOCAL;
    const struct aot_insn *insn = program_insn(im->p, s->st_value);
    Elf32_Sym out = *s;
    bool has_code = insn && insn->is_leader && insn->is_reached;
    if (s->st_shndx >= SHN_LORESERVE || !im->section_of[s->st_shndx] ||
        !(type == STT_FUNC || type == STT_OBJECT || (type == STT_NOTYPE && is_global)) ||
        (insn && !has_code))
        return;
    out.st_shndx = im->section_of[s->st_shndx];
    out.st_name = put_text(&im->symbol_names, elf_rv_symbol_name(im->p->elf, s));
    if (insn) {
        out.st_value = layout_native(im->nc, im->p, s->st_value);
        out.st_size = native_bytes(im->nc, s->st_value, s->st_size);
    }
    put(&im->symbols, &out, sizeof out);
}

/* Local symbols first, as ELF wants. Returns how many are local. */
static uint32_t add_symbols(struct image *im) {
    static const Elf32_Sym none;
    const struct elf_rv *elf = im->p->elf;
    uint32_t n_local = 0;
    put_text(&im->symbol_names, "");
    put(&im->symbols, &none, sizeof none);
    for (int want_global = 0; want_global < 2; want_global++) {
        for (uint32_t i = 1; i < elf->n_symbols; i++) {
            const Elf32_Sym *s = &elf->symbols[i];
            if ((ELF32_ST_BIND(s->st_info) != STB_LOCAL) == want_global)
                add_symbol(im, s);
        }
        if (!want_global)
            n_local = (uint32_t)(im->symbols.n / sizeof none);
    }
    return n_local;
}

static void add_map(struct image *im) {
    const struct native_code *nc = im->nc;
    uint32_t *map = aot_alloc(nc->n_pieces, 8);
    for (uint32_t i = 0; i < nc->n_pieces; i++) {
        map[2 * i] = (uint32_t)MEM_CODE_BASE + 16 * nc->pieces[i].first_bundle;
        map[2 * i + 1] = nc->pieces[i].rv_addr;
    }
    add_section(im, ".selkirk.map", SHT_PROGBITS, map, 8u * nc->n_pieces)->sh_entsize = 8;
    free(map);
}

static void write_file(const struct image *im, const char *path) {
    Elf32_Ehdr h = {
        .e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS32, ELFDATA2LSB, EV_CURRENT},
        .e_type = ET_EXEC,
        .e_machine = NATIVE_IMAGE_MACHINE,
        .e_version = EV_CURRENT,
        .e_entry = layout_native(im->nc, im->p, im->p->elf->header->e_entry),
        .e_phoff = sizeof(Elf32_Ehdr),
        .e_ehsize = sizeof(Elf32_Ehdr),
        .e_phentsize = sizeof(Elf32_Phdr),
        .e_phnum = (uint16_t)im->n_segments,
        .e_shoff = sizeof(Elf32_Ehdr) + sizeof im->segments,
        .e_shentsize = sizeof(Elf32_Shdr),
        .e_shnum = (uint16_t)im->n_sections,
        .e_shstrndx = (uint16_t)(im->n_sections - 1)};
    uint32_t crc = native_image_crc_add(0, &h, sizeof h);
    crc = native_image_crc_add(crc, im->segments, sizeof im->segments);
    crc = native_image_crc_add(crc, im->sections, sizeof im->sections);
    native_image_set_crc(h.e_ident, native_image_crc_add(crc, im->contents.bytes, im->contents.n));
    struct stat st;
    FILE *f = fopen(path, "wb");
    if (!f)
        aot_die("%s: cannot be written", path);
    bool is_done = fwrite(&h, sizeof h, 1, f) == 1 &&
                   fwrite(im->segments, sizeof im->segments, 1, f) == 1 &&
                   fwrite(im->sections, sizeof im->sections, 1, f) == 1 &&
                   fwrite(im->contents.bytes, im->contents.n, 1, f) == 1;
    bool is_file = fstat(fileno(f), &st) == 0 && S_ISREG(st.st_mode); /* no device is removed */
    if (fclose(f) != 0 || !is_done) {
        if (is_file)
            remove(path);
        aot_die("%s: cannot be written", path);
    }
}

/* The firmware asks how much of code memory its own image takes. */
static void set_image_bytes(const struct program *p, uint32_t n_bytes) {
    const struct elf_rv *elf = p->elf;
    for (uint32_t i = 0; i < elf->n_symbols; i++) {
        const Elf32_Sym *s = &elf->symbols[i];
        if (strcmp(elf_rv_symbol_name(elf, s), "native_image_bytes") != 0 ||
            s->st_shndx >= elf->header->e_shnum)
            continue;
        const Elf32_Shdr *in = &elf->sections[s->st_shndx];
        uint32_t offset = s->st_value - in->sh_addr;
        if (in->sh_type != SHT_PROGBITS || in->sh_size < 4 || offset > in->sh_size - 4)
            aot_die("%s: native_image_bytes is not initialised data", elf->path);
        for (int b = 0; b < 4; b++)
            elf_rv_section_bytes(elf, in)[offset + (uint32_t)b] = (uint8_t)(n_bytes >> 8 * b);
    }
}

uint32_t aot_image(struct aot *a) {
    const struct native_code *nc = &a->code;
    struct image *im = aot_alloc(1, sizeof *im);
    set_image_bytes(&a->program, 16 * nc->n_bundles);
    im->nc = nc;
    im->p = &a->program;
    im->start = sizeof(Elf32_Ehdr) + sizeof im->segments + sizeof im->sections;
    im->n_sections = 1;
    put_text(&im->names, "");
    Elf32_Shdr *text = add_section(im, ".text", SHT_PROGBITS, nc->words, 16u * nc->n_bundles);
    add_segment(im, text, (uint32_t)MEM_CODE_BASE, PF_R | PF_X);
    add_data(im);
    add_map(im);
    uint32_t n_local = add_symbols(im);
    Elf32_Shdr *symbols = add_section(im, ".symtab", SHT_SYMTAB, im->symbols.bytes, im->symbols.n);
    symbols->sh_entsize = sizeof(Elf32_Sym);
    symbols->sh_link = im->n_sections;
    symbols->sh_info = n_local;
    add_section(im, ".strtab", SHT_STRTAB, im->symbol_names.bytes, im->symbol_names.n);
    uint32_t own = put_text(&im->names, ".shstrtab");
    add_section(im, "", SHT_STRTAB, im->names.bytes, im->names.n)->sh_name = own;
    write_file(im, a->out);
    free(im->contents.bytes);
    free(im->names.bytes);
    free(im->symbol_names.bytes);
    free(im->symbols.bytes);
    free(im);
    return 16 * nc->n_bundles;
}
