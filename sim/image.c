/* SPDX-License-Identifier: MIT
 * Reads and checks the native image (sim/image.h), copies it into an engine's memories, answers
 * symbol questions.
 */
#include <assert.h>
#include <elf.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine.h"
#include "sim/image.h"

enum { MAX_FILE_BYTES = 64 << 20 }; /* several times what the machine's memories hold */

struct report {
    char *text;
    size_t bytes;
};

static bool fail(struct report r, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool fail(struct report r, const char *format, ...) {
    va_list args;
    va_start(args, format);
    vsnprintf(r.text, r.bytes, format, args);
    va_end(args);
    return false;
}

/* The file's part [offset, offset + bytes), or NULL when it is not all there. */
static const void *part(const struct image *im, uint64_t offset, uint64_t bytes) {
    return offset <= im->size && bytes <= im->size - offset ? im->bytes + offset : NULL;
}

static Elf32_Ehdr header(const struct image *im) {
    Elf32_Ehdr eh;
    memcpy(&eh, im->bytes, sizeof eh);
    return eh;
}

static bool check_header(const struct image *im, struct report r) {
    static const uint8_t ident[] = {0x7f, 'E', 'L', 'F', ELFCLASS32, ELFDATA2LSB};
    if (im->size < sizeof(Elf32_Ehdr) || memcmp(im->bytes, ident, sizeof ident) != 0) {
        return fail(r, "not a 32-bit little-endian ELF file");
    }
    Elf32_Ehdr eh = header(im);
    if (eh.e_machine != IMAGE_ELF_MACHINE || eh.e_type != ET_EXEC) {
        return fail(r, "not a native image (ELF machine 0x%x, type %u)", eh.e_machine, eh.e_type);
    }
    if (eh.e_phentsize != sizeof(Elf32_Phdr) || eh.e_phnum == 0 ||
        part(im, eh.e_phoff, (uint64_t)eh.e_phnum * sizeof(Elf32_Phdr)) == NULL) {
        return fail(r, "bad program headers");
    }
    return true;
}

static Elf32_Phdr segment(const struct image *im, unsigned n) {
    Elf32_Phdr ph;
    memcpy(&ph, im->bytes + header(im).e_phoff + n * sizeof ph, sizeof ph);
    return ph;
}

static bool is_loaded(const Elf32_Phdr *ph) {
    return ph->p_type == PT_LOAD || ph->p_type == NATIVE_IMAGE_PT_PACKED;
}

/* Segment i is packed, and fits CODE or FWRAM. */
static bool open_packed(const struct image *im, const Elf32_Phdr *ph, unsigned i, struct packed *p,
                        struct report r) {
    if (ph->p_memsz % PACKED_WORD_BYTES != 0) {
        return fail(r, "segment %u is packed and has no whole words", i);
    }
    const char *error = packed_open(p, part(im, ph->p_offset, ph->p_filesz), ph->p_filesz,
                                    ph->p_memsz / PACKED_WORD_BYTES);
    return error == NULL || fail(r, "packed segment %u is damaged: %s", i, error);
}

static void unpack(const struct packed *p, uint8_t *to, uint32_t bytes) {
    uint32_t words[PACKED_LINE_WORDS];
    for (uint32_t line = 0; line < p->n_lines; line++) {
        uint32_t at = line * (uint32_t)sizeof words;
        packed_line(p, line, words);
        memcpy(to + at, words, bytes - at < sizeof words ? bytes - at : sizeof words);
    }
}

/* The code is unpacked at once: whoever disassembles wants it, too. */
static bool unpack_code(struct image *im, const Elf32_Phdr *ph, const struct packed *p, unsigned i,
                        struct report r) {
    if (im->code != NULL || ph->p_vaddr != MEM_CODE_BASE || ph->p_memsz % BUNDLE_BYTES != 0) {
        return fail(r, "segment %u is packed and not all of the code", i);
    }
    im->code = malloc(ph->p_memsz + 1);
    if (im->code == NULL) {
        return fail(r, "not enough memory for it");
    }
    im->code_bytes = ph->p_memsz;
    unpack(p, (uint8_t *)im->code, ph->p_memsz);
    return true;
}

static bool check_segments(struct image *im, struct report r) {
    for (unsigned i = 0; i < header(im).e_phnum; i++) {
        Elf32_Phdr ph = segment(im, i);
        if (!is_loaded(&ph)) {
            continue;
        }
        if (part(im, ph.p_offset, ph.p_filesz) == NULL ||
            (ph.p_type == PT_LOAD && ph.p_filesz > ph.p_memsz)) {
            return fail(r, "segment %u is truncated", i);
        }
        bool is_code = ph.p_vaddr - MEM_CODE_BASE < MEM_CODE_BYTES;
        uint32_t base = is_code ? MEM_CODE_BASE : MEM_FWRAM_BASE;
        uint32_t bytes =
            is_code ? CONFIG_WIDE_CODE_BUNDLES * BUNDLE_BYTES : CONFIG_WIDE_FWRAM_BYTES;
        if ((uint64_t)ph.p_vaddr - base + ph.p_memsz > bytes) {
            return fail(r, "segment %u at 0x%08x does not fit CODE or FWRAM", i, ph.p_vaddr);
        }
        struct packed packed;
        if (ph.p_type == NATIVE_IMAGE_PT_PACKED &&
            (!open_packed(im, &ph, i, &packed, r) ||
             (is_code && !unpack_code(im, &ph, &packed, i, r)))) {
            return false;
        }
    }
    return true;
}

static bool find_symbols(struct image *im, struct report r) {
    Elf32_Ehdr eh = header(im);
    const uint8_t *table = part(im, eh.e_shoff, (uint64_t)eh.e_shnum * sizeof(Elf32_Shdr));
    for (unsigned i = 0; table != NULL && i < eh.e_shnum; i++) {
        Elf32_Shdr sh, strings;
        memcpy(&sh, table + i * sizeof sh, sizeof sh);
        if (sh.sh_type != SHT_SYMTAB || sh.sh_link >= eh.e_shnum) {
            continue;
        }
        memcpy(&strings, table + sh.sh_link * sizeof sh, sizeof sh);
        im->symbols = part(im, sh.sh_offset, sh.sh_size);
        im->symbols_count = sh.sh_size / sizeof(Elf32_Sym);
        im->strings = part(im, strings.sh_offset, strings.sh_size);
        im->strings_bytes = strings.sh_size;
        if (im->symbols == NULL || im->strings == NULL || strings.sh_size == 0 ||
            im->strings[strings.sh_size - 1] != '\0') {
            return fail(r, "bad symbol table");
        }
        return true;
    }
    return true;
}

bool image_parse(struct image *im, uint8_t *bytes, size_t size, char *error, size_t error_bytes) {
    const struct report r = {error, error_bytes};
    *im = (struct image){.bytes = bytes, .size = size};
    if (check_header(im, r) && check_segments(im, r) && find_symbols(im, r)) {
        im->entry = header(im).e_entry;
        return true;
    }
    free(im->code);
    *im = (struct image){0};
    return false;
}

bool image_check(const struct image *im, char *error, size_t error_bytes) {
    const struct report r = {error, error_bytes};
    uint32_t said, is = native_image_crc(im->bytes, im->size);
    memcpy(&said, im->bytes + NATIVE_IMAGE_CRC_AT, sizeof said);
    return said == is ||
           fail(r, "it is damaged: its checksum is 0x%08x, that of its bytes 0x%08x", said, is);
}

static uint8_t *read_file(FILE *f, size_t *size) {
    long end = fseek(f, 0, SEEK_END) == 0 ? ftell(f) : -1;
    errno = 0;
    uint8_t *bytes = end > 0 && end <= MAX_FILE_BYTES ? malloc((size_t)end) : NULL;
    if (bytes == NULL) {
        return NULL;
    }
    rewind(f);
    *size = (size_t)end;
    if (fread(bytes, 1, *size, f) == *size) {
        return bytes;
    }
    free(bytes);
    return NULL;
}

bool image_open(struct image *im, const char *path, char *error, size_t error_bytes) {
    const struct report r = {error, error_bytes};
    FILE *f = fopen(path, "rb");
    if (f == NULL) {
        return fail(r, "%s", strerror(errno));
    }
    size_t size = 0;
    uint8_t *bytes = read_file(f, &size);
    fclose(f);
    if (bytes == NULL) {
        return fail(r, errno == ENOMEM ? "not enough memory for it"
                                       : "cannot be read, is empty or too large");
    }
    if (!image_parse(im, bytes, size, error, error_bytes)) {
        free(bytes);
        return false;
    }
    if (image_check(im, error, error_bytes)) {
        return true;
    }
    image_close(im);
    return false;
}

/* The segments of one memory, to where it begins. */
static void load_region(const struct image *im, uint32_t base, uint32_t bytes, uint8_t *memory) {
    for (unsigned i = 0; i < header(im).e_phnum; i++) {
        Elf32_Phdr ph = segment(im, i);
        if (!is_loaded(&ph) || ph.p_vaddr - base >= bytes) {
            continue;
        }
        uint8_t *to = memory + (ph.p_vaddr - base);
        if (ph.p_type == NATIVE_IMAGE_PT_PACKED) {
            struct packed packed;
            char error[64]; /* none: image_parse has looked at it */
            if (open_packed(im, &ph, i, &packed, (struct report){error, sizeof error})) {
                unpack(&packed, to, ph.p_memsz);
            }
            continue;
        }
        memcpy(to, im->bytes + ph.p_offset, ph.p_filesz);
        memset(to + ph.p_filesz, 0, ph.p_memsz - ph.p_filesz);
    }
}

void image_load_data(const struct image *im, uint8_t *fwram) {
    load_region(im, MEM_FWRAM_BASE, MEM_FWRAM_BYTES, fwram);
}

void image_load(const struct image *im, struct engine *e) {
    load_region(im, MEM_CODE_BASE, MEM_CODE_BYTES, e->ops->mem(e, ENGINE_MEM_CODE));
    image_load_data(im, e->ops->mem(e, ENGINE_MEM_FWRAM));
}

void image_close(struct image *im) {
    free(im->bytes);
    free(im->code);
    *im = (struct image){0};
}

static Elf32_Sym symbol(const struct image *im, size_t n) {
    Elf32_Sym sym;
    memcpy(&sym, (const uint8_t *)im->symbols + n * sizeof sym, sizeof sym);
    return sym;
}

static const char *symbol_name(const struct image *im, const Elf32_Sym *sym) {
    return sym->st_name < im->strings_bytes ? im->strings + sym->st_name : "";
}

bool image_symbol(const struct image *im, const char *name, uint32_t *address) {
    for (size_t i = 0; i < im->symbols_count; i++) {
        Elf32_Sym sym = symbol(im, i);
        if (sym.st_shndx != SHN_UNDEF && strcmp(symbol_name(im, &sym), name) == 0) {
            *address = sym.st_value;
            return true;
        }
    }
    return false;
}

const char *image_nearest(const struct image *im, uint32_t address, uint32_t *offset) {
    const char *best = NULL;
    uint32_t best_address = 0;
    for (size_t i = 0; i < im->symbols_count; i++) {
        Elf32_Sym sym = symbol(im, i);
        unsigned type = ELF32_ST_TYPE(sym.st_info);
        const char *name = symbol_name(im, &sym);
        if (sym.st_shndx == SHN_UNDEF || type == STT_SECTION || type == STT_FILE || *name == '\0' ||
            sym.st_value > address || sym.st_value >> 28 != address >> 28) {
            continue;
        }
        if (best == NULL || sym.st_value > best_address) {
            best = name;
            best_address = sym.st_value;
        }
    }
    *offset = address - best_address;
    return best;
}
