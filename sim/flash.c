/* SPDX-License-Identifier: MIT
 * Builds load lists (flash.h). */
#include "sim/flash.h"
#include "machine.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { READ_BYTES = 64 << 10 };

uint32_t flash_left(const struct flash *f) {
    size_t taken = f->n_bytes + LOAD_HEADER_BYTES;
    return taken < CONFIG_WIDE_FLASH_BYTES ? (uint32_t)(CONFIG_WIDE_FLASH_BYTES - taken) : 0;
}

/* A multiple of 4, as FLASH is: the zeros behind an entry have room, too. */
static bool reserve(struct flash *f, size_t n_bytes) {
    if (n_bytes > CONFIG_WIDE_FLASH_BYTES - f->n_bytes) {
        errno = EFBIG;
        return false;
    }
    size_t wanted = (f->n_bytes + n_bytes + 3) & ~(size_t)3;
    if (wanted <= f->room)
        return true;
    size_t room = wanted < CONFIG_WIDE_FLASH_BYTES / 2 ? 2 * wanted : CONFIG_WIDE_FLASH_BYTES;
    uint8_t *bytes = realloc(f->bytes, room);
    if (bytes == NULL) {
        errno = ENOMEM;
        return false;
    }
    f->bytes = bytes;
    f->room = room;
    return true;
}

static void put32(uint8_t *p, uint32_t value) {
    for (unsigned i = 0; i < 4; i++)
        p[i] = (uint8_t)(value >> 8 * i);
}

/* The entry's bytes stand behind room for its header already. */
static void close_entry(struct flash *f, size_t start, enum load_kind kind, uint32_t address) {
    uint8_t *header = f->bytes + start;
    size_t n_bytes = f->n_bytes - start - LOAD_HEADER_BYTES;
    put32(header, (uint32_t)kind);
    put32(header + 4, address);
    put32(header + 8, (uint32_t)n_bytes);
    for (; f->n_bytes % 4 != 0; f->n_bytes++)
        f->bytes[f->n_bytes] = 0;
}

bool flash_put(struct flash *f, enum load_kind kind, uint32_t address, const void *bytes,
               size_t n_bytes) {
    size_t start = f->n_bytes;
    if (n_bytes > CONFIG_WIDE_FLASH_BYTES || !reserve(f, LOAD_HEADER_BYTES + n_bytes))
        return false;
    if (n_bytes != 0)
        memcpy(f->bytes + start + LOAD_HEADER_BYTES, bytes, n_bytes);
    f->n_bytes += LOAD_HEADER_BYTES + n_bytes;
    close_entry(f, start, kind, address);
    return true;
}

/* Reads to the file's end, or one byte more than there is room for. */
static bool read_file(struct flash *f, FILE *file) {
    for (;;) {
        size_t left = CONFIG_WIDE_FLASH_BYTES - f->n_bytes;
        size_t asked = left < READ_BYTES ? left : READ_BYTES;
        if (asked == 0 && fgetc(file) == EOF)
            return ferror(file) == 0;
        if (!reserve(f, asked != 0 ? asked : 1))
            return false;
        size_t n = fread(f->bytes + f->n_bytes, 1, asked, file);
        f->n_bytes += n;
        if (n < asked)
            return ferror(file) == 0;
    }
}

bool flash_put_file(struct flash *f, enum load_kind kind, uint32_t address, FILE *file) {
    size_t start = f->n_bytes;
    if (!reserve(f, LOAD_HEADER_BYTES))
        return false;
    f->n_bytes += LOAD_HEADER_BYTES;
    if (!read_file(f, file)) {
        f->n_bytes = start;
        return false;
    }
    close_entry(f, start, kind, address);
    return true;
}

struct load_list flash_list(const struct flash *f) {
    return (struct load_list){f->bytes, (uint32_t)f->n_bytes};
}

void flash_load(const struct flash *f, struct engine *e) {
    memcpy(e->ops->mem(e, ENGINE_MEM_FLASH), f->bytes, f->n_bytes);
}

void flash_free(struct flash *f) {
    free(f->bytes);
    *f = (struct flash){0};
}
