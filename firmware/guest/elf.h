/* SPDX-License-Identifier: MIT
 * Guest ELF files: check, load, look up a symbol. Works on bytes in memory, trusts none of them.
 *
 *   struct guest_elf elf;
 *   enum elf_error e = elf_open(&elf, bytes, n_bytes, ram_base, ram_bytes);  // all checks are here
 *   if (e != ELF_OK) complain(elf_error_text(e), elf.bad_segment, elf.bad_number);
 *   elf_load(&elf, &mem);                                                    // cannot fail
 *   has_tohost = elf_symbol(&elf, "tohost", &addr);
 *
 * What QEMU's -kernel starts, starts, whatever the file's type, ABI and flags say: segments go to
 * their physical addresses, position-independent files to those they are linked for. What lies
 * outside RAM is not loaded; elf.misses_program says whether it holds more than the file's own
 * headers, notes, and zeros between them. If it does and lies above RAM, QEMU starts the file
 * without it and we refuse: it is for a machine with more RAM. So we do if nothing is in RAM.
 * Segments may overlap, later ones win; but their bytes together must fit into RAM, so that no file
 * can make more work than that.
 *
 * Bytes are only read at natural alignment relative to `bytes`, which must be 4-byte aligned or
 * bytewise readable; all reads are bytewise-safe. */
#ifndef SELKIRK_GUEST_ELF_H
#define SELKIRK_GUEST_ELF_H

#include <stdbool.h>
#include <stdint.h>

#include "translator/xlate.h"

/* E(NAME, text, what bad_segment is shown as, what bad_number is): formats for one number, or NULL
 */
#define ELF_ERRORS(E)                                                                              \
    E(OK, "ok", 0, 0)                                                                              \
    E(NOT_ELF, "not an ELF file", 0, 0)                                                            \
    E(CLASS_64, "64-bit ELF file; the guest is 32-bit (rv32imac)", 0, 0)                           \
    E(BIG_ENDIAN, "big-endian ELF file; the guest is little-endian", 0, 0)                         \
    E(NOT_RISCV, "ELF file is not for RISC-V", 0, "e_machine %u")                                  \
    E(NOT_EXECUTABLE, "ELF file is not an executable (link it first)", 0, "e_type %u")             \
    E(TRUNCATED, "ELF file is truncated in its header", 0, 0)                                      \
    E(TABLE_OUTSIDE, "ELF file is truncated or damaged: its program headers lie outside it", 0,    \
      "e_phoff 0x%x")                                                                              \
    E(NO_SEGMENTS, "ELF file has nothing to load", 0, 0)                                           \
    E(SEGMENT_TRUNCATED, "ELF file is truncated or damaged: a segment's bytes lie outside it",     \
      "segment %u", "p_offset 0x%x")                                                               \
    E(SEGMENT_SIZES, "ELF file is damaged: a segment is larger in the file than in memory",        \
      "segment %u", "p_filesz 0x%x")                                                               \
    E(SEGMENT_OUTSIDE_RAM, "a segment lies outside the guest's RAM", "segment %u", "at 0x%x")      \
    E(SEGMENTS_OVERLAP, "segments overlap: together they are larger than RAM", "up to segment %u", \
      "at 0x%x")

enum elf_error {
#define E(NAME, text, segment, number) ELF_##NAME,
    ELF_ERRORS(E)
#undef E
        ELF_ERROR_COUNT
};
const char *elf_error_text(enum elf_error error);
const char *elf_error_segment(enum elf_error error);
const char *elf_error_number(enum elf_error error);

struct guest_elf {
    const uint8_t *bytes;
    uint32_t n_bytes;
    uint32_t entry;         /* of the guest: e_entry if that is even and in RAM, else RAM's base */
    uint32_t segment_table; /* offset of the program headers */
    uint32_t n_segments;
    uint32_t ram_base, ram_bytes;
    bool misses_program; /* segment bad_segment, at bad_number, is not loaded, or not all of it */
    uint32_t bad_segment, bad_number; /* what ELF_ERRORS says of the error, if there is one */
};

enum elf_error elf_open(struct guest_elf *elf, const uint8_t *bytes, uint32_t n_bytes,
                        uint32_t ram_base, uint32_t ram_bytes);

/* Copies the segments to RAM and clears their uninitialised rest. Requires: elf_open said ELF_OK
 * for mem's base and size. Other RAM is left alone. */
void elf_load(const struct guest_elf *elf, const struct guest_mem *mem);

/* Where bytes of segment n go: addresses [*start, *end), all of it in RAM. False: nowhere. */
bool elf_range(const struct guest_elf *elf, uint32_t n, uint32_t *start, uint32_t *end);

/* n bytes, as fast as their alignment allows. */
void elf_copy(uint8_t *to, const uint8_t *from, uint32_t n);

/* Value of a symbol; false when there is none or no (sound) symbol table. */
bool elf_symbol(const struct guest_elf *elf, const char *name, uint32_t *value);

#endif
