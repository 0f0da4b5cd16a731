/* SPDX-License-Identifier: MIT
 * Reads and checks the firmware's ELF (elf_rv.h). Every offset that later code follows is checked
 * here once, so that a damaged file ends in a message and not in a crash.
 */
#include "translator/aot/elf_rv.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void aot_die(const char *format, ...) {
    va_list ap;
    va_start(ap, format);
    fputs("aot: ", stderr);
    vfprintf(stderr, format, ap);
    fputc('\n', stderr);
    va_end(ap);
    exit(2);
}

void *aot_alloc(size_t count, size_t size) {
    void *p = calloc(count ? count : 1, size);
    if (!p)
        aot_die("out of memory");
    return p;
}

static void read_file(struct elf_rv *elf) {
    FILE *f = fopen(elf->path, "rb");
    if (!f)
        aot_die("%s: cannot be opened", elf->path);
    size_t room = 1u << 16;
    elf->bytes = aot_alloc(room, 1);
    for (;;) {
        elf->n_bytes += fread(elf->bytes + elf->n_bytes, 1, room - elf->n_bytes, f);
        if (elf->n_bytes < room)
            break;
        room *= 2;
        elf->bytes = realloc(elf->bytes, room);
        if (!elf->bytes)
            aot_die("out of memory");
    }
    if (ferror(f))
        aot_die("%s: cannot be read", elf->path);
    fclose(f);
}

static bool in_file(const struct elf_rv *elf, uint64_t offset, uint64_t bytes) {
    return offset <= elf->n_bytes && bytes <= elf->n_bytes - offset;
}

static void check_header(struct elf_rv *elf) {
    if (elf->n_bytes < sizeof(Elf32_Ehdr) || memcmp(elf->bytes, ELFMAG, SELFMAG) != 0)
        aot_die("%s: not an ELF file", elf->path);
    const Elf32_Ehdr *h = (const void *)elf->bytes;
    if (h->e_ident[EI_CLASS] != ELFCLASS32 || h->e_ident[EI_DATA] != ELFDATA2LSB ||
        h->e_machine != EM_RISCV || h->e_type != ET_EXEC)
        aot_die("%s: not a linked little-endian RV32 ELF", elf->path);
    if (!(h->e_flags & 0x8u) || (h->e_flags & 0x1u))
        aot_die("%s: not built for RV32E without compressed instructions", elf->path);
    if (h->e_shentsize != sizeof(Elf32_Shdr) || h->e_shoff % 4 != 0 ||
        !in_file(elf, h->e_shoff, (uint64_t)h->e_shnum * sizeof(Elf32_Shdr)) ||
        h->e_shstrndx >= h->e_shnum)
        aot_die("%s: damaged section table", elf->path);
    elf->header = h;
    elf->sections = (const void *)(elf->bytes + h->e_shoff);
}

/* Requires section contents in the file, linked section numbers in range, string tables terminated.
 */
static void check_sections(const struct elf_rv *elf) {
    for (unsigned i = 0; i < elf->header->e_shnum; i++) {
        const Elf32_Shdr *s = &elf->sections[i];
        if (s->sh_type != SHT_NOBITS && s->sh_type != SHT_NULL &&
            (!in_file(elf, s->sh_offset, s->sh_size) || s->sh_link >= elf->header->e_shnum))
            aot_die("%s: section %u is damaged", elf->path, i);
        if (s->sh_type == SHT_STRTAB &&
            (s->sh_size == 0 || elf->bytes[s->sh_offset + s->sh_size - 1]))
            aot_die("%s: string table %u has no end", elf->path, i);
        if ((s->sh_type == SHT_RELA || s->sh_type == SHT_SYMTAB) && s->sh_offset % 4 != 0)
            aot_die("%s: section %u is not aligned", elf->path, i);
        if (s->sh_type == SHT_RELA && s->sh_info >= elf->header->e_shnum)
            aot_die("%s: section %u relocates nothing", elf->path, i);
    }
}

static void find_symbols(struct elf_rv *elf) {
    for (unsigned i = 0; i < elf->header->e_shnum; i++) {
        const Elf32_Shdr *s = &elf->sections[i];
        if (s->sh_type != SHT_SYMTAB)
            continue;
        const Elf32_Shdr *names = &elf->sections[s->sh_link];
        if (names->sh_type != SHT_STRTAB)
            break;
        elf->symbols = (const void *)(elf->bytes + s->sh_offset);
        elf->n_symbols = s->sh_size / (uint32_t)sizeof(Elf32_Sym);
        elf->symbol_names = (const char *)(elf->bytes + names->sh_offset);
        elf->symbol_names_bytes = names->sh_size;
        return;
    }
    aot_die("%s: no symbol table", elf->path);
}

void elf_rv_read(struct elf_rv *elf, const char *path) {
    *elf = (struct elf_rv){.path = path};
    read_file(elf);
    check_header(elf);
    check_sections(elf);
    const Elf32_Shdr *names = &elf->sections[elf->header->e_shstrndx];
    if (names->sh_type != SHT_STRTAB)
        aot_die("%s: no section names", path);
    elf->section_names = (const char *)(elf->bytes + names->sh_offset);
    find_symbols(elf);
}

const char *elf_rv_section_name(const struct elf_rv *elf, const Elf32_Shdr *s) {
    const Elf32_Shdr *names = &elf->sections[elf->header->e_shstrndx];
    return s->sh_name < names->sh_size ? elf->section_names + s->sh_name : "?";
}

const char *elf_rv_symbol_name(const struct elf_rv *elf, const Elf32_Sym *s) {
    return s->st_name < elf->symbol_names_bytes ? elf->symbol_names + s->st_name : "?";
}

uint8_t *elf_rv_section_bytes(const struct elf_rv *elf, const Elf32_Shdr *s) {
    return elf->bytes + s->sh_offset;
}
