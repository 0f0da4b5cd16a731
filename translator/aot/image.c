/* SPDX-License-Identifier: MIT
 * Pass image: writes the native image (native_image.h), an ELF32 with a segment for the bundles,
 * packed, one for each data section of the firmware (bss and the like with no bytes in the file:
 * the loader clears them), native symbols, and section .selkirk.map, pairs of words (native
 * address, RV address) of every piece in ascending order, for disassembly and for people.
 *
 * The order of sections is: none, .text, data sections, .selkirk.map, .symtab, .strtab, .shstrtab;
 * their headers stand behind them. So a stored image (--stored) is the beginning of the file.
 */
#define _POSIX_C_SOURCE 200809L /* fileno */
#include "translator/aot/aot.h"
#include "translator/aot/native_image.h"
#include "translator/aot/packed.h"

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
    Elf32_Ehdr header;      /* without sections */
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

static Elf32_Phdr *add_segment(struct image *im, Elf32_Shdr *s, uint32_t address, uint32_t flags) {
    s->sh_addr = address;
    s->sh_flags = SHF_ALLOC | (flags & PF_X ? SHF_EXECINSTR : 0u) | (flags & PF_W ? SHF_WRITE : 0u);
    Elf32_Phdr *segment = &im->segments[im->n_segments++];
    *segment = (Elf32_Phdr){.p_type = PT_LOAD,
                            .p_offset = s->sh_offset,
                            .p_vaddr = address,
                            .p_paddr = address,
                            .p_filesz = s->sh_type == SHT_NOBITS ? 0 : s->sh_size,
                            .p_memsz = s->sh_size,
                            .p_flags = flags,
                            .p_align = 4};
    return segment;
}

/* A section and segment whose n_words words are stored packed. */
static void add_packed(struct image *im, const char *name, const uint32_t *words, uint32_t n_words,
                       uint32_t address, uint32_t flags) {
    uint32_t n_bytes = packed_bytes(words, n_words);
    uint8_t *bytes = aot_alloc(n_bytes, 1);
    packed_write(bytes, words, n_words);
    Elf32_Shdr *section = add_section(im, name, NATIVE_IMAGE_SHT_PACKED, bytes, n_bytes);
    Elf32_Phdr *segment = add_segment(im, section, address, flags);
    segment->p_type = NATIVE_IMAGE_PT_PACKED;
    segment->p_memsz = PACKED_WORD_BYTES * n_words;
    free(bytes);
}

static void add_code(struct image *im) {
    add_packed(im, ".text", im->nc->words, XL_SLOTS * im->nc->n_bundles, (uint32_t)MEM_CODE_BASE,
               PF_R | PF_X);
}

/* A section of the firmware's that becomes a segment. */
static bool is_data(const Elf32_Shdr *s) {
    return (s->sh_flags & SHF_ALLOC) && !(s->sh_flags & SHF_EXECINSTR) && s->sh_size != 0;
}

static uint32_t count_segments(const struct elf_rv *elf) {
    uint32_t n = 1; /* the code */
    for (unsigned i = 0; i < elf->header->e_shnum; i++)
        n += is_data(&elf->sections[i]);
    return n;
}

/* Packed where that is smaller. */
static void add_part(struct image *im, const Elf32_Shdr *s, uint32_t flags) {
    const struct elf_rv *elf = im->p->elf;
    const char *name = elf_rv_section_name(elf, s);
    if (s->sh_type == SHT_NOBITS) {
        add_segment(im, add_section(im, name, SHT_NOBITS, NULL, s->sh_size), s->sh_addr, flags);
        return;
    }
    const void *bytes = elf_rv_section_bytes(elf, s);
    uint32_t n_words = s->sh_size / PACKED_WORD_BYTES;
    uint32_t *words = aot_alloc(n_words, sizeof *words);
    memcpy(words, bytes, n_words * sizeof *words);
    if (s->sh_size % PACKED_WORD_BYTES == 0 && packed_bytes(words, n_words) < s->sh_size)
        add_packed(im, name, words, n_words, s->sh_addr, flags);
    else
        add_segment(im, add_section(im, name, SHT_PROGBITS, bytes, s->sh_size), s->sh_addr, flags);
    free(words);
}

static void add_data(struct image *im) {
    const struct elf_rv *elf = im->p->elf;
    for (unsigned i = 0; i < elf->header->e_shnum; i++) {
        const Elf32_Shdr *s = &elf->sections[i];
        if (s->sh_flags & SHF_ALLOC && s->sh_flags & SHF_EXECINSTR && s->sh_size != 0)
            im->section_of[i] = 1;
        if (!is_data(s))
            continue;
        if (s->sh_addr > MEM_FWRAM_BYTES || s->sh_size > MEM_FWRAM_BYTES - s->sh_addr)
            aot_die("section %s is outside FWRAM", elf_rv_section_name(elf, s));
        im->section_of[i] = (uint16_t)im->n_sections;
        add_part(im, s, PF_R | (s->sh_flags & SHF_WRITE ? PF_W : 0u));
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
    return BUNDLE_BYTES * n;
}

static void add_symbol(struct image *im, const Elf32_Sym *s) {
    uint32_t type = ELF32_ST_TYPE(s->st_info);
    bool is_global = ELF32_ST_BIND(s->st_info) != STB_LOCAL;
    const struct aot_insn *insn = program_insn(im->p, s->st_value);
    Elf32_Sym out = *s;
    bool has_code = insn && layout_has(im->nc, s->st_value);
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
        map[2 * i] = (uint32_t)MEM_CODE_BASE + BUNDLE_BYTES * nc->pieces[i].first_bundle;
        map[2 * i + 1] = nc->pieces[i].rv_addr;
    }
    add_section(im, ".selkirk.map", SHT_PROGBITS, map, 8u * nc->n_pieces)->sh_entsize = 8;
    free(map);
}

/* A part of a file. */
struct bytes {
    const void *at;
    size_t n;
};

static void write_parts(const char *path, const struct bytes *parts, uint32_t n_parts) {
    struct stat st;
    FILE *f = fopen(path, "wb");
    if (!f)
        aot_die("%s: cannot be written", path);
    bool is_done = true;
    for (uint32_t i = 0; i < n_parts; i++)
        is_done &= fwrite(parts[i].at, 1, parts[i].n, f) == parts[i].n;
    bool is_file = fstat(fileno(f), &st) == 0 && S_ISREG(st.st_mode); /* no device is removed */
    if (fclose(f) != 0 || !is_done) {
        if (is_file)
            remove(path);
        aot_die("%s: cannot be written", path);
    }
}

/* Header, segments, the first n_contents bytes of the sections and, if it says that there are some,
 * the sections' headers. */
static void write_file(const struct image *im, Elf32_Ehdr h, size_t n_contents, const char *path) {
    const struct bytes parts[] = {{&h, sizeof h},
                                  {im->segments, im->n_segments * sizeof im->segments[0]},
                                  {im->contents.bytes, n_contents},
                                  {im->sections, h.e_shnum * sizeof im->sections[0]}};
    const uint32_t n_parts = sizeof parts / sizeof parts[0];
    uint32_t crc = 0;
    for (uint32_t i = 0; i < n_parts; i++)
        crc = native_image_crc_add(crc, parts[i].at, parts[i].n);
    native_image_set_crc(h.e_ident, crc);
    write_parts(path, parts, n_parts);
}

static void write_image(const struct image *im, const char *path) {
    Elf32_Ehdr h = im->header;
    h.e_shoff = im->start + (uint32_t)im->contents.n;
    h.e_shentsize = sizeof(Elf32_Shdr);
    h.e_shnum = (uint16_t)im->n_sections;
    h.e_shstrndx = (uint16_t)(im->n_sections - 1);
    write_file(im, h, im->contents.n, path);
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

static void begin(struct image *im, const struct aot *a) {
    uint32_t n_segments = count_segments(a->program.elf);
    if (n_segments > MAX_SECTIONS)
        aot_die("too many sections");
    im->nc = &a->code;
    im->p = &a->program;
    im->start = (uint32_t)(sizeof im->header + n_segments * sizeof im->segments[0]);
    im->header = (Elf32_Ehdr){
        .e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS32, ELFDATA2LSB, EV_CURRENT},
        .e_type = ET_EXEC,
        .e_machine = NATIVE_IMAGE_MACHINE,
        .e_version = EV_CURRENT,
        .e_entry = layout_native(im->nc, im->p, im->p->elf->header->e_entry),
        .e_phoff = sizeof(Elf32_Ehdr),
        .e_ehsize = sizeof(Elf32_Ehdr),
        .e_phentsize = sizeof(Elf32_Phdr),
        .e_phnum = (uint16_t)n_segments};
    im->n_sections = 1;
    put_text(&im->names, "");
}

static void add_names(struct image *im) {
    add_map(im);
    uint32_t n_local = add_symbols(im);
    Elf32_Shdr *symbols = add_section(im, ".symtab", SHT_SYMTAB, im->symbols.bytes, im->symbols.n);
    symbols->sh_entsize = sizeof(Elf32_Sym);
    symbols->sh_link = im->n_sections;
    symbols->sh_info = n_local;
    add_section(im, ".strtab", SHT_STRTAB, im->symbol_names.bytes, im->symbol_names.n);
    uint32_t own = put_text(&im->names, ".shstrtab");
    add_section(im, "", SHT_STRTAB, im->names.bytes, im->names.n)->sh_name = own;
}

uint32_t aot_image(struct aot *a) {
    struct image *im = aot_alloc(1, sizeof *im);
    set_image_bytes(&a->program, BUNDLE_BYTES * a->code.n_bundles);
    begin(im, a);
    add_code(im);
    add_data(im);
    uint32_t n_stored = (uint32_t)im->contents.n;
    if (a->stored != NULL)
        write_file(im, im->header, n_stored, a->stored);
    add_names(im);
    write_image(im, a->out);
    free(im->contents.bytes);
    free(im->names.bytes);
    free(im->symbol_names.bytes);
    free(im->symbols.bytes);
    uint32_t n_bytes = im->start + n_stored;
    free(im);
    return n_bytes;
}
