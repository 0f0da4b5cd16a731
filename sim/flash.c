/* SPDX-License-Identifier: MIT
 * Builds load lists (flash.h). */
#include "sim/flash.h"
#include "machine.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { READ_BYTES = 64 << 10 };

static bool reserve(struct flash *f, size_t n_bytes) {
    size_t wanted = f->n_bytes + n_bytes;
    if (n_bytes > CONFIG_WIDE_FLASH_BYTES || wanted > CONFIG_WIDE_FLASH_BYTES) {
        errno = EFBIG;
        return false;
    }
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
    if (n_bytes > CONFIG_WIDE_FLASH_BYTES || !reserve(f, LOAD_HEADER_BYTES + n_bytes + 3))
        return false;
    if (n_bytes != 0)
        memcpy(f->bytes + start + LOAD_HEADER_BYTES, bytes, n_bytes);
    f->n_bytes += LOAD_HEADER_BYTES + n_bytes;
    close_entry(f, start, kind, address);
    return true;
}

bool flash_put_file(struct flash *f, enum load_kind kind, uint32_t address, FILE *file) {
    size_t start = f->n_bytes, n = 0;
    bool is_done = reserve(f, LOAD_HEADER_BYTES);
    if (is_done)
        f->n_bytes += LOAD_HEADER_BYTES;
    do {
        is_done = is_done && reserve(f, READ_BYTES + 3);
        if (!is_done)
            break;
        n = fread(f->bytes + f->n_bytes, 1, READ_BYTES, file);
        f->n_bytes += n;
    } while (n == READ_BYTES);
    if (!is_done || ferror(file) != 0) {
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
