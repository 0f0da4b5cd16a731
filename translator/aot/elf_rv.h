/* SPDX-License-Identifier: MIT
 * Reader of the firmware's linked RISC-V ELF with relocations kept (ld --emit-relocs). Workstation
 * only.
 *
 *   struct elf_rv elf;
 *   elf_rv_read(&elf, "firmware.elf");   // one clear line and exit(2) when it cannot be used
 *
 * Sections and symbols are views of the file's bytes; nothing is copied. Does not interpret
 * relocations.
 */
#ifndef SELKIRK_AOT_ELF_RV_H
#define SELKIRK_AOT_ELF_RV_H

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct elf_rv {
    const char *path;
    uint8_t *bytes;
    size_t n_bytes;
    const Elf32_Ehdr *header;
    const Elf32_Shdr *sections;
    const char *section_names;
    const Elf32_Sym *symbols;
    uint32_t n_symbols;
    const char *symbol_names;
    uint32_t symbol_names_bytes;
};

void elf_rv_read(struct elf_rv *elf, const char *path);
const char *elf_rv_section_name(const struct elf_rv *elf, const Elf32_Shdr *s);
const char *elf_rv_symbol_name(const struct elf_rv *elf, const Elf32_Sym *s);
/* A section's bytes in the file; not for SHT_NOBITS. */
uint8_t *elf_rv_section_bytes(const struct elf_rv *elf, const Elf32_Shdr *s);

__attribute__((noreturn, format(printf, 1, 2))) void aot_die(const char *format, ...);
void *aot_alloc(size_t count, size_t size);

#endif
