/* SPDX-License-Identifier: MIT
 * Guest ELF files (elf.h). Every offset and size comes from the file and may be anything: all
 * checks are of the form "length <= total - start" after "start <= total", so nothing overflows,
 * and all fields are read byte by byte. */
#include "firmware/guest/elf.h"

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
    EH_PHNUM = 44,
    EH_SHENTSIZE = 46,
    EH_SHNUM = 48,
    TYPE_OBJECT = 1,
    MACHINE_RISCV = 243,
    PH_BYTES = 32,
    PH_TYPE = 0,
    PH_OFFSET = 4,
    PH_PADDR = 12,
    PH_FILESZ = 16,
    PH_MEMSZ = 20,
    PH_LOAD = 1,
    PH_NOTE = 4,
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

/* How many nonzero bytes that are dropped may have to be looked for in the notes. */
enum { MAX_NOTE_LOOKS = 64 };

static const struct {
    const char *text, *segment, *number;
} errors[ELF_ERROR_COUNT] = {
#define E(NAME, text, segment, number) [ELF_##NAME] = {text, segment, number},
    ELF_ERRORS(E)
#undef E
};

const char *elf_error_text(enum elf_error error) {
    return (unsigned)error < ELF_ERROR_COUNT ? errors[error].text : "unknown ELF error";
}

const char *elf_error_segment(enum elf_error error) {
    return (unsigned)error < ELF_ERROR_COUNT ? errors[error].segment : NULL;
}

const char *elf_error_number(enum elf_error error) {
    return (unsigned)error < ELF_ERROR_COUNT ? errors[error].number : NULL;
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
    return elf->bytes + elf->segment_table + n * PH_BYTES;
}

static enum elf_error bad(struct guest_elf *elf, enum elf_error error, uint32_t number) {
    elf->bad_number = number;
    return error;
}

static enum elf_error check_header(struct guest_elf *elf) {
    const uint8_t *bytes = elf->bytes;
    if (elf->n_bytes < 4 || bytes[0] != 0x7f || bytes[1] != 'E' || bytes[2] != 'L' ||
        bytes[3] != 'F')
        return ELF_NOT_ELF;
    if (elf->n_bytes < EH_TYPE)
        return ELF_TRUNCATED;
    if (bytes[EI_CLASS] == EI_CLASS_64)
        return ELF_CLASS_64;
    if (bytes[EI_DATA] == EI_BIG)
        return ELF_BIG_ENDIAN;
    if (bytes[EI_CLASS] != EI_CLASS_32 || bytes[EI_DATA] != EI_LITTLE)
        return ELF_NOT_ELF;
    if (elf->n_bytes < EH_BYTES)
        return ELF_TRUNCATED;
    uint32_t machine = get16(bytes + EH_MACHINE);
    return machine == MACHINE_RISCV ? ELF_OK : bad(elf, ELF_NOT_RISCV, machine);
}

/* An object file has no segments, as a rule; the type says nothing else that matters. */
static enum elf_error nothing_to_load(struct guest_elf *elf) {
    uint32_t type = get16(elf->bytes + EH_TYPE);
    return type == TYPE_OBJECT ? bad(elf, ELF_NOT_EXECUTABLE, type) : ELF_NO_SEGMENTS;
}

/* e_phentsize counts for nothing, as in QEMU: nobody writes another than PH_BYTES. */
static enum elf_error check_table(struct guest_elf *elf) {
    elf->segment_table = get32(elf->bytes + EH_PHOFF);
    elf->n_segments = get16(elf->bytes + EH_PHNUM);
    if (elf->n_segments == 0)
        return nothing_to_load(elf);
    return is_within(elf->segment_table, elf->n_segments * PH_BYTES, elf->n_bytes)
               ? ELF_OK
               : bad(elf, ELF_TABLE_OUTSIDE, elf->segment_table);
}

/* A segment that is loaded, at its physical address: that is where QEMU and every loader put it.
 * Bytes [first, end) of it are in RAM. */
struct part {
    uint32_t addr, offset, file_bytes, memory_bytes;
    uint32_t first, end;
};

static bool is_loaded(const uint8_t *ph) {
    return get32(ph + PH_TYPE) == PH_LOAD && get32(ph + PH_MEMSZ) != 0;
}

static uint32_t least(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

static struct part part_of(const struct guest_elf *elf, const uint8_t *ph) {
    struct part p = {.addr = get32(ph + PH_PADDR),
                     .offset = get32(ph + PH_OFFSET),
                     .file_bytes = get32(ph + PH_FILESZ),
                     .memory_bytes = get32(ph + PH_MEMSZ)};
    uint32_t above = p.addr - elf->ram_base; /* in RAM or above, if the address is */
    if (p.addr < elf->ram_base) {
        p.first = least(elf->ram_base - p.addr, p.memory_bytes);
        p.end = p.first + least(elf->ram_bytes, p.memory_bytes - p.first);
    } else if (above < elf->ram_bytes) {
        p.end = least(elf->ram_bytes - above, p.memory_bytes);
    }
    return p;
}

/* The end of the note that byte `at` of the file is in, or 0. */
static uint32_t note_end(const struct guest_elf *elf, uint32_t at) {
    for (uint32_t n = 0; n < elf->n_segments; n++) {
        const uint8_t *ph = segment(elf, n);
        uint32_t start = get32(ph + PH_OFFSET), bytes = get32(ph + PH_FILESZ);
        if (get32(ph + PH_TYPE) == PH_NOTE && is_within(start, bytes, elf->n_bytes) &&
            at - start < bytes)
            return start + bytes;
    }
    return 0;
}

/* Bytes [at, end) of the file hold its headers or notes, and nothing else but zeros. */
static bool is_no_program(const struct guest_elf *elf, uint32_t at, uint32_t end) {
    uint32_t table_bytes = elf->n_segments * PH_BYTES;
    uint32_t n_looks = 0;
    bool has_headers = false;
    while (at < end) {
        uint32_t past = 0;
        if (at < EH_BYTES)
            past = EH_BYTES;
        else if (at - elf->segment_table < table_bytes)
            past = elf->segment_table + table_bytes;
        else if (elf->bytes[at] == 0)
            at++;
        else if (n_looks++ == MAX_NOTE_LOOKS || (past = note_end(elf, at)) == 0)
            return false;
        if (past != 0) {
            has_headers = true;
            at = past;
        }
    }
    return has_headers;
}

/* What the segments before have left of RAM, and of the bytes that may be looked at. */
struct work {
    uint32_t ram_left, looks_left;
};

/* Bytes [first, end) of the segment are not loaded: is anything in them the program's? */
static bool misses_program(const struct guest_elf *elf, const struct part *p, uint32_t first,
                           uint32_t end, struct work *work) {
    if (first == end)
        return false;
    if (end > p->file_bytes || end - first > work->looks_left)
        return true;
    work->looks_left -= end - first;
    return !is_no_program(elf, p->offset + first, p->offset + end);
}

/* A segment that is above RAM, or runs over its end, is one for a machine with more RAM. */
static enum elf_error check_segment(const struct guest_elf *elf, const struct part *p,
                                    struct work *work) {
    uint32_t kept = p->end - p->first;
    if (p->file_bytes > p->memory_bytes)
        return ELF_SEGMENT_SIZES;
    if (!is_within(p->offset, p->file_bytes, elf->n_bytes))
        return ELF_SEGMENT_TRUNCATED;
    if (misses_program(elf, p, p->end, p->memory_bytes, work))
        return ELF_SEGMENT_OUTSIDE_RAM;
    if (kept > work->ram_left)
        return ELF_SEGMENTS_OVERLAP;
    work->ram_left -= kept;
    return ELF_OK;
}

static void note_missing(struct guest_elf *elf, uint32_t n, uint32_t addr) {
    elf->misses_program = true;
    elf->bad_segment = n;
    elf->bad_number = addr;
}

static enum elf_error check_segments(struct guest_elf *elf) {
    struct work work = {elf->ram_bytes, elf->n_bytes};
    uint32_t n_loaded = 0;
    for (uint32_t n = 0; n < elf->n_segments; n++) {
        if (!is_loaded(segment(elf, n)))
            continue;
        struct part p = part_of(elf, segment(elf, n));
        enum elf_error error = check_segment(elf, &p, &work);
        if (error != ELF_OK) {
            elf->bad_segment = n;
            return bad(elf, error,
                       error == ELF_SEGMENT_SIZES       ? p.file_bytes
                       : error == ELF_SEGMENT_TRUNCATED ? p.offset
                                                        : p.addr);
        }
        if (!elf->misses_program && misses_program(elf, &p, 0, p.first, &work))
            note_missing(elf, n, p.addr);
        n_loaded += p.end != p.first;
    }
    if (n_loaded != 0)
        return ELF_OK;
    return elf->misses_program ? ELF_SEGMENT_OUTSIDE_RAM : nothing_to_load(elf);
}

/* e_entry, if an instruction can be there. */
static uint32_t find_entry(const struct guest_elf *elf) {
    uint32_t entry = get32(elf->bytes + EH_ENTRY);
    bool is_possible = entry - elf->ram_base < elf->ram_bytes && (entry & 1u) == 0;
    return is_possible ? entry : elf->ram_base;
}

enum elf_error elf_open(struct guest_elf *elf, const uint8_t *bytes, uint32_t n_bytes,
                        uint32_t ram_base, uint32_t ram_bytes) {
    *elf = (struct guest_elf){
        .bytes = bytes, .n_bytes = n_bytes, .ram_base = ram_base, .ram_bytes = ram_bytes};
    enum elf_error error = check_header(elf);
    if (error == ELF_OK)
        error = check_table(elf);
    if (error == ELF_OK)
        error = check_segments(elf);
    if (error == ELF_OK)
        elf->entry = find_entry(elf);
    return error;
}

/* Bytes up to a word boundary, then words: the firmware loads its guest with this. */
void elf_copy(uint8_t *to, const uint8_t *from, uint32_t n) {
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
        if (!is_loaded(segment(elf, n)))
            continue;
        struct part p = part_of(elf, segment(elf, n));
        uint32_t file_end = p.file_bytes > p.end ? p.end : p.file_bytes;
        uint32_t copied = file_end > p.first ? file_end - p.first : 0;
        if (p.first == p.end)
            continue;
        uint8_t *to = mem->ram + (p.addr + p.first - mem->base);
        elf_copy(to, elf->bytes + p.offset + p.first, copied);
        clear_bytes(to + copied, p.end - p.first - copied);
    }
}

bool elf_range(const struct guest_elf *elf, uint32_t n, uint32_t *start, uint32_t *end) {
    if (!is_loaded(segment(elf, n)))
        return false;
    struct part p = part_of(elf, segment(elf, n));
    *start = p.addr + p.first;
    *end = p.addr + p.end;
    return p.first != p.end;
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
