/* SPDX-License-Identifier: MIT
 * Images for a board's flash (board_image.h).
 */
#include "sim/board_image.h"
#include "machine.h"
#include "translator/aot/native_image.h"
#include "translator/aot/packed.h"
#include <elf.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_WORDS = PACKED_LINE_WORDS, LINE_BYTES = 64, HEAD_BYTES = 16, CHECKED_FROM = 8 };
enum record { LINE = 1, STORE = 2, FACT = 3, SOME = 4 };
enum fact { FACT_LINES, FACT_FLASH, FACT_FLAGS, FACT_FLASH_GUEST };

static uint8_t *make_room(struct board_image *b, size_t n) {
    size_t at = b->n_bytes != 0 ? b->n_bytes : HEAD_BYTES;
    if (at + n > b->room) {
        size_t room = 2 * (at + n);
        uint8_t *bytes = b->has_failed ? NULL : realloc(b->bytes, room);
        b->has_failed = bytes == NULL;
        if (b->has_failed)
            return NULL;
        b->bytes = bytes;
        b->room = room;
    }
    b->n_bytes = at + n;
    return b->bytes + at;
}

static void put_word(struct board_image *b, uint32_t word) {
    uint8_t *to = make_room(b, PACKED_WORD_BYTES);
    if (to != NULL)
        packed_put(to, PACKED_WORD_BYTES, word);
}

static void put_head(struct board_image *b, enum record record, uint32_t value) {
    put_word(b, (uint32_t)record << 28 | value);
}

static void put_fact(struct board_image *b, enum fact fact, uint32_t value) {
    put_head(b, FACT, fact);
    put_word(b, value);
}

/* A line of the chip; if that is shorter, its words that are not 0. */
static void put_line(struct board_image *b, uint32_t number, const uint8_t *line) {
    uint32_t mask = 0;
    for (uint32_t i = 0; i < LINE_WORDS; i++)
        mask |= (uint32_t)(packed_get(line + 4 * i, 4) != 0) << i;
    bool is_whole = __builtin_popcount(mask) >= LINE_WORDS - 1;
    put_head(b, is_whole ? LINE : SOME, number);
    if (!is_whole)
        put_word(b, mask);
    for (uint32_t i = 0; i < LINE_WORDS; i++)
        if (is_whole || (mask >> i & 1) != 0)
            put_word(b, packed_get(line + 4 * i, 4));
}

/* Lines that are not 0, from `at` in the chip on; the last may be part of one. */
static void put_memory(struct board_image *b, const uint8_t *bytes, size_t n, uint32_t at) {
    static const uint8_t zeros[LINE_BYTES];
    for (size_t i = 0; i < n; i += LINE_BYTES) {
        uint8_t line[LINE_BYTES] = {0};
        memcpy(line, bytes + i, n - i < LINE_BYTES ? n - i : LINE_BYTES);
        if (memcmp(line, zeros, LINE_BYTES) != 0)
            put_line(b, (at + (uint32_t)i) / LINE_BYTES, line);
    }
}

/* The firmware's code, packed into a store or as it is into the chip. */
static void put_code(struct board_image *b, enum memory memory, const struct image *im) {
    const struct memory_info *info = &memory_info[memory];
    uint32_t n = im->code_bytes / PACKED_WORD_BYTES, bytes = packed_bytes(im->code, n);
    put_fact(b, FACT_LINES, packed_lines(n));
    if (info->field[MEMORY_FIELD_FIRMWARE] != FIRMWARE_IN_STORE) {
        put_memory(b, (const uint8_t *)im->code, im->code_bytes, info->code_at);
        return;
    }
    put_head(b, STORE, bytes / PACKED_WORD_BYTES);
    uint8_t *to = make_room(b, bytes);
    if (to != NULL)
        packed_write(to, im->code, n);
}

void board_image_firmware(struct board_image *b, enum memory memory, const struct image *im,
                          uint32_t boot_flash, uint32_t boot_flags) {
    uint8_t *fwram = calloc(1, MEM_FWRAM_BYTES);
    put_code(b, memory, im);
    b->has_failed |= fwram == NULL;
    if (fwram != NULL) {
        image_load_data(im, fwram);
        put_memory(b, fwram, MEM_FWRAM_BYTES, memory_info[memory].fwram_at);
    }
    free(fwram);
    put_fact(b, FACT_FLASH, boot_flash);
    put_fact(b, FACT_FLAGS, boot_flags);
}

void board_image_guest(struct board_image *b, enum memory memory, const struct flash *f) {
    put_memory(b, f->bytes, f->n_bytes, memory_info[memory].flash_at);
    put_fact(b, FACT_FLASH_GUEST, (uint32_t)f->n_bytes);
}

bool board_image_end(struct board_image *b, uint32_t number) {
    if (b->has_failed || b->n_bytes == 0)
        return false;
    packed_put(b->bytes, PACKED_WORD_BYTES, BOOT_MAGIC);
    packed_put(b->bytes + 8, PACKED_WORD_BYTES,
               (uint32_t)(b->n_bytes - HEAD_BYTES) / PACKED_WORD_BYTES);
    packed_put(b->bytes + 12, PACKED_WORD_BYTES, number);
    packed_put(b->bytes + 4, PACKED_WORD_BYTES,
               native_image_crc_add(0, b->bytes + CHECKED_FROM, b->n_bytes - CHECKED_FROM));
    return true;
}
