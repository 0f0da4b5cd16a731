/* SPDX-License-Identifier: MIT
 * Guest ELF files (elf.h). Every offset and size comes from the file and may be anything: all
 * checks are of the form "length <= total - start" after "start <= total", so nothing overflows,
 * and all fields are read byte by byte. */
#include "translator/guest/elf.h"

#include <stddef.h>

/* From the ELF specification and the RISC-V supplement: offsets of fields, and values. */
enum {
    EI_CLASS = 4,
    EI_DATA = 5,
    EI_CLASS_64 = 2,
    EI_CLASS_32 = 1,
    EI_LITTLE = 1,
    EI_BIG = 2,
    EH_BYTES = 52,
    EH_TYPE = 16,
    EH_MACHINE = 18,
    EH_ENTRY = 24,
    EH_PHOFF = 28,
    EH_SHOFF = 32,
    EH_FLAGS = 36,
    EH_PHENTSIZE = 42,
    EH_PHNUM = 44,
    EH_SHENTSIZE = 46,
    EH_SHNUM = 48,
    TYPE_EXECUTABLE = 2,
    MACHINE_RISCV = 243,
    FLAG_FLOAT_ABI = 6,
    PH_BYTES = 32,
    PH_TYPE = 0,
    PH_OFFSET = 4,
    PH_PADDR = 12,
    PH_FILESZ = 16,
    PH_MEMSZ = 20,
    PH_FLAGS = 24,
    PH_LOAD = 1,
    PH_EXECUTE = 1,
    SH_BYTES = 40,
    SH_TYPE = 4,
    SH_OFFSET = 16,
    SH_SIZE = 20,
    SH_LINK = 24,
    SH_SYMTAB = 2,
    SYM_BYTES = 16,
    SYM_NAME = 0,
    SYM_VALUE = 4,
    SYM_SECTION = 14
};

static const char *const error_text[ELF_ERROR_COUNT] = {
#define E(NAME, text) [ELF_##NAME] = text,
    ELF_ERRORS(E)
#undef E
};

const char *elf_error_text(enum elf_error error) {
    return (unsigned)error < ELF_ERROR_COUNT ? error_text[error] : "unknown ELF error";
}

static uint32_t get16(const uint8_t *p) {
    return (uint32_t)p[0] | (uint32_t)p[1] << 8;
}

static uint32_t get32(const uint8_t *p) {
    return get16(p) | get16(p + 2) << 16;
}

static bool is_within(uint32_t start, uint32_t length, uint32_t total) {
    return start <= total && length <= total - start;
}

static const uint8_t *segment(const struct guest_elf *elf, uint32_t n) {
    return elf->bytes + elf->segment_table + n * elf->segment_bytes;
}

static enum elf_error check_header(const uint8_t *bytes, uint32_t n_bytes) {
    if (n_bytes < 4 || bytes[0] != 0x7f || bytes[1] != 'E' || bytes[2] != 'L' || bytes[3] != 'F')
        return ELF_NOT_ELF;
    if (n_bytes < EH_TYPE)
        return ELF_TRUNCATED;
    if (bytes[EI_CLASS] == EI_CLASS_64)
        return ELF_CLASS_64;
    if (bytes[EI_DATA] == EI_BIG)
        return ELF_BIG_ENDIAN;
    if (bytes[EI_CLASS] != EI_CLASS_32 || bytes[EI_DATA] != EI_LITTLE)
        return ELF_NOT_ELF;
    if (n_bytes < EH_BYTES)
        return ELF_TRUNCATED;
    if (get16(bytes + EH_MACHINE) != MACHINE_RISCV)
        return ELF_NOT_RISCV;
    if (get16(bytes + EH_TYPE) != TYPE_EXECUTABLE)
        return ELF_NOT_EXECUTABLE;
    if ((get32(bytes + EH_FLAGS) & FLAG_FLOAT_ABI) != 0)
        return ELF_FLOAT_ABI;
    return ELF_OK;
}

/* Segments at physical addresses: that is where QEMU and every loader put them. */
static enum elf_error check_segments(struct guest_elf *elf, uint32_t ram_base, uint32_t ram_bytes) {
    uint32_t n_loaded = 0;

    if (elf->n_segments == 0)
        return ELF_NO_SEGMENTS;
    if (elf->segment_bytes < PH_BYTES ||
        !is_within(elf->segment_table, elf->n_segments * elf->segment_bytes, elf->n_bytes))
        return ELF_TRUNCATED;
    for (uint32_t n = 0; n < elf->n_segments; n++) {
        const uint8_t *ph = segment(elf, n);
        const uint32_t addr = get32(ph + PH_PADDR);
        const uint32_t file_bytes = get32(ph + PH_FILESZ);
        const uint32_t memory_bytes = get32(ph + PH_MEMSZ);
        if (get32(ph + PH_TYPE) != PH_LOAD || memory_bytes == 0)
            continue;
        if (file_bytes > memory_bytes ||
            !is_within(get32(ph + PH_OFFSET), file_bytes, elf->n_bytes))
            return ELF_TRUNCATED;
        if (addr < ram_base || !is_within(addr - ram_base, memory_bytes, ram_bytes)) {
            elf->bad_addr = addr;
            return ELF_SEGMENT_OUTSIDE_RAM;
        }
        n_loaded++;
    }
    return n_loaded == 0 ? ELF_NO_SEGMENTS : ELF_OK;
}

static enum elf_error check_entry(struct guest_elf *elf) {
    if (elf->entry == 0)
        return ELF_NO_ENTRY;
    for (uint32_t n = 0; n < elf->n_segments; n++) {
        const uint8_t *ph = segment(elf, n);
        const bool is_code =
            get32(ph + PH_TYPE) == PH_LOAD && (get32(ph + PH_FLAGS) & PH_EXECUTE) != 0;
        if (is_code && elf->entry - get32(ph + PH_PADDR) < get32(ph + PH_FILESZ) &&
            (elf->entry & 1u) == 0)
            return ELF_OK;
    }
    elf->bad_addr = elf->entry;
    return ELF_ENTRY_OUTSIDE;
}

enum elf_error elf_open(struct guest_elf *elf, const uint8_t *bytes, uint32_t n_bytes,
                        uint32_t ram_base, uint32_t ram_bytes) {
    enum elf_error error = check_header(bytes, n_bytes);
    if (error != ELF_OK)
        return error;
    *elf = (struct guest_elf){
        .bytes = bytes,
        .n_bytes = n_bytes,
        .entry = get32(bytes + EH_ENTRY),
        .segment_table = get32(bytes + EH_PHOFF),
        .n_segments = get16(bytes + EH_PHNUM),
        .segment_bytes = get16(bytes + EH_PHENTSIZE),
    };
    error = check_segments(elf, ram_base, ram_bytes);
    return error != ELF_OK ? error : check_entry(elf);
}

/* Bytes up to a word boundary, then words: the firmware loads its guest with this. */
static void copy_bytes(uint8_t *to, const uint8_t *from, uint32_t n) {
    if ((((uintptr_t)to | (uintptr_t)from) & 3u) == 0) {
        for (; n >= 4; n -= 4, to += 4, from += 4)
            __builtin_memcpy(__builtin_assume_aligned(to, 4), __builtin_assume_aligned(from, 4), 4);
    }
    for (; n != 0; n--)
        *to++ = *from++;
}

static void clear_bytes(uint8_t *to, uint32_t n) {
    const uint32_t zero = 0;
    for (; n != 0 && ((uintptr_t)to & 3u) != 0; n--)
        *to++ = 0;
    for (; n >= 4; n -= 4, to += 4)
        __builtin_memcpy(__builtin_assume_aligned(to, 4), &zero, 4);
    for (; n != 0; n--)
        *to++ = 0;
}

void elf_load(const struct guest_elf *elf, const struct guest_mem *mem) {
    for (uint32_t n = 0; n < elf->n_segments; n++) {
        const uint8_t *ph = segment(elf, n);
        const uint32_t file_bytes = get32(ph + PH_FILESZ);
        if (get32(ph + PH_TYPE) != PH_LOAD || get32(ph + PH_MEMSZ) == 0)
            continue;
        uint8_t *to = mem->ram + (get32(ph + PH_PADDR) - mem->base);
        copy_bytes(to, elf->bytes + get32(ph + PH_OFFSET), file_bytes);
        clear_bytes(to + file_bytes, get32(ph + PH_MEMSZ) - file_bytes);
    }
}

struct symbol_table {
    const uint8_t *symbols, *names;
    uint32_t n_symbols, name_bytes;
};

static const uint8_t *section(const struct guest_elf *elf, uint32_t n) {
    const uint32_t table = get32(elf->bytes + EH_SHOFF);
    const uint32_t bytes = get16(elf->bytes + EH_SHENTSIZE);
    if (n >= get16(elf->bytes + EH_SHNUM) || bytes < SH_BYTES ||
        !is_within(table, n * bytes, elf->n_bytes) ||
        !is_within(table + n * bytes, SH_BYTES, elf->n_bytes))
        return NULL;
    return elf->bytes + table + n * bytes;
}

static bool find_symbol_table(const struct guest_elf *elf, struct symbol_table *table) {
    const uint32_t n_sections = get16(elf->bytes + EH_SHNUM);
    for (uint32_t n = 0; n < n_sections; n++) {
        const uint8_t *sh = section(elf, n);
        if (sh == NULL || get32(sh + SH_TYPE) != SH_SYMTAB)
            continue;
        const uint8_t *names = section(elf, get32(sh + SH_LINK));
        if (names == NULL || !is_within(get32(sh + SH_OFFSET), get32(sh + SH_SIZE), elf->n_bytes) ||
            !is_within(get32(names + SH_OFFSET), get32(names + SH_SIZE), elf->n_bytes))
            return false;
        table->symbols = elf->bytes + get32(sh + SH_OFFSET);
        table->n_symbols = get32(sh + SH_SIZE) / SYM_BYTES;
        table->names = elf->bytes + get32(names + SH_OFFSET);
        table->name_bytes = get32(names + SH_SIZE);
        return true;
    }
    return false;
}

static bool name_is(const struct symbol_table *table, uint32_t start, const char *name) {
    for (uint32_t n = start; n < table->name_bytes; n++, name++) {
        if (table->names[n] != (uint8_t)*name)
            return false;
        if (*name == 0)
            return true;
    }
    return false;
}

bool elf_symbol(const struct guest_elf *elf, const char *name, uint32_t *value) {
    struct symbol_table table;
    if (!find_symbol_table(elf, &table))
        return false;
    for (uint32_t n = 0; n < table.n_symbols; n++) {
        const uint8_t *symbol = table.symbols + n * SYM_BYTES;
        if (get16(symbol + SYM_SECTION) != 0 && name_is(&table, get32(symbol + SYM_NAME), name)) {
            *value = get32(symbol + SYM_VALUE);
            return true;
        }
    }
    return false;
}
