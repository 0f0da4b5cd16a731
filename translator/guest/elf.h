/* SPDX-License-Identifier: MIT
 * Guest ELF files: check, load, look up a symbol. Works on bytes in memory, trusts none of them.
 *
 *   struct guest_elf elf;
 *   enum elf_error e = elf_open(&elf, bytes, n_bytes, ram_base, ram_bytes);   // every check is
 * made here if (e != ELF_OK) complain(elf_error_text(e)); elf_load(&elf, &mem); // cannot fail
 * after elf_open has_tohost = elf_symbol(&elf, "tohost", &addr);
 *
 * Bytes are only read at natural alignment relative to `bytes`, which must be 4-byte aligned or
 * bytewise readable; all reads are bytewise-safe. */
#ifndef SELKIRK_TRANSLATOR_GUEST_ELF_H
#define SELKIRK_TRANSLATOR_GUEST_ELF_H

#include <stdbool.h>
#include <stdint.h>

#include "translator/xlate.h"

#define ELF_ERRORS(E)                                                                              \
    E(OK, "ok")                                                                                    \
    E(NOT_ELF, "not an ELF file")                                                                  \
    E(CLASS_64, "64-bit ELF file; the guest is 32-bit (rv32i or rv32im)")                          \
    E(BIG_ENDIAN, "big-endian ELF file; the guest is little-endian")                               \
    E(NOT_RISCV, "ELF file is not for RISC-V")                                                     \
    E(NOT_EXECUTABLE, "ELF file is not an executable (link it first)")                             \
    E(FLOAT_ABI, "program uses a floating-point ABI; compile with -mabi=ilp32")                    \
    E(TRUNCATED, "ELF file is truncated or damaged")                                               \
    E(NO_SEGMENTS, "ELF file has nothing to load")                                                 \
    E(SEGMENT_OUTSIDE_RAM, "a segment lies outside the guest's RAM")                               \
    E(NO_ENTRY, "ELF file has no entry point")                                                     \
    E(ENTRY_OUTSIDE, "entry point is not in loaded code or is misaligned")

enum elf_error {
#define E(NAME, text) ELF_##NAME,
    ELF_ERRORS(E)
#undef E
        ELF_ERROR_COUNT
};
const char *elf_error_text(enum elf_error error);

struct guest_elf {
    const uint8_t *bytes;
    uint32_t n_bytes;
    uint32_t entry;
    uint32_t segment_table; /* offset of the program headers */
    uint32_t n_segments;
    uint32_t segment_bytes; /* size of one program header */
    uint32_t bad_addr;      /* with SEGMENT_OUTSIDE_RAM and ENTRY_OUTSIDE: the address */
};

enum elf_error elf_open(struct guest_elf *elf, const uint8_t *bytes, uint32_t n_bytes,
                        uint32_t ram_base, uint32_t ram_bytes);

/* Copies the segments to RAM and clears their uninitialised rest. Requires: elf_open said ELF_OK
 * for mem's base and size (or a smaller range). Other RAM is left alone. */
void elf_load(const struct guest_elf *elf, const struct guest_mem *mem);

/* Value of a symbol; false when there is none or no (sound) symbol table. */
bool elf_symbol(const struct guest_elf *elf, const char *name, uint32_t *value);

#endif
