/* SPDX-License-Identifier: MIT
 * The compiler's counters in a firmware that it was asked to count in (-fprofile-arcs), and the
 * files of them that it reads (-fprofile-use). What it leaves in data, struct gcov_info of GCC 12,
 * is in FWRAM, as 32-bit words:
 *
 *   info      version, next, stamp, checksum, file name, GCOV_COUNTERS words that are not 0 for
 *             kinds of counters that there are, number of functions, their pointers
 *   function  info, three words that say which it is, for each kind: number, address of counters
 *
 * A file: words, lengths in bytes (GCC's gcov-io.h). Only counts of edges, the first kind, are
 * asked for.
 */
#include "sim/iss/counts.h"

#include <stdlib.h>
#include <string.h>

enum {
    INFO_STAMP = 2,
    INFO_CHECKSUM,
    INFO_NAME,
    INFO_KINDS,
    GCOV_COUNTERS = 8,
    INFO_N_FUNCTIONS = INFO_KINDS + GCOV_COUNTERS,
    INFO_FUNCTIONS,
    FUNCTION_IDENT = 1,
    FUNCTION_KEYS = 3,
    FUNCTION_N = FUNCTION_IDENT + FUNCTION_KEYS,
    FUNCTION_VALUES,
};
enum { TAG_FUNCTION = 0x01000000, TAG_EDGES = 0x01a10000 };
static const uint32_t magic = 0x67636461, tag_summary = 0xa1000000;

static const uint8_t *at(const struct counts *c, uint32_t address, uint32_t bytes) {
    if (address > CONFIG_WIDE_FWRAM_BYTES || bytes > CONFIG_WIDE_FWRAM_BYTES - address) {
        fputs("counters are not in FWRAM\n", stderr);
        exit(2);
    }
    return c->fwram + address;
}

static uint32_t word(const struct counts *c, uint32_t address, uint32_t index) {
    uint32_t value;
    memcpy(&value, at(c, address + 4 * index, 4), 4);
    return value;
}

/* Calls what is given for each function. */
static void each_function(struct counts *c, void (*visit)(struct counts *c, uint32_t function)) {
    for (uint32_t i = c->first; i < c->end; i += 4) {
        uint32_t info = word(c, i, 0), functions = word(c, info, INFO_FUNCTIONS);
        for (uint32_t k = 0; k < word(c, info, INFO_N_FUNCTIONS); k++)
            visit(c, word(c, functions, k));
    }
}

static void add_function(struct counts *c, uint32_t function) {
    uint32_t n = word(c, function, FUNCTION_N), values = word(c, function, FUNCTION_VALUES);
    const uint8_t *from = at(c, values, 8 * n);
    for (uint32_t i = 0; i < n; i++) {
        uint64_t count;
        memcpy(&count, from + 8 * i, 8);
        c->sums[values / 8 + i] += count;
        if (c->sums[values / 8 + i] > c->greatest)
            c->greatest = c->sums[values / 8 + i];
    }
}

bool counts_open(struct counts *c, const struct image *im) {
    *c = (struct counts){.sums = calloc(CONFIG_WIDE_FWRAM_BYTES / 8, sizeof *c->sums)};
    return c->sums != NULL && image_symbol(im, "counts_first", &c->first) &&
           image_symbol(im, "counts_end", &c->end) && c->first != c->end;
}

void counts_add(struct counts *c, const uint8_t *fwram) {
    c->fwram = fwram;
    c->n_runs++;
    each_function(c, add_function);
}

static void put(struct counts *c, uint32_t value) {
    uint8_t bytes[4];
    for (int i = 0; i < 4; i++)
        bytes[i] = (uint8_t)(value >> 8 * i);
    fwrite(bytes, sizeof bytes, 1, c->file);
}

static void put_function(struct counts *c, uint32_t function) {
    uint32_t n = word(c, function, FUNCTION_N), values = word(c, function, FUNCTION_VALUES);
    put(c, TAG_FUNCTION);
    put(c, 4 * FUNCTION_KEYS);
    for (uint32_t i = 0; i < FUNCTION_KEYS; i++)
        put(c, word(c, function, FUNCTION_IDENT + i));
    put(c, TAG_EDGES);
    put(c, 8 * n);
    for (uint32_t i = 0; i < n; i++) {
        put(c, (uint32_t)c->sums[values / 8 + i]);
        put(c, (uint32_t)(c->sums[values / 8 + i] >> 32));
    }
}

/* Of the file's name the folder is left out: it is the same for all builds. */
static bool open_file(struct counts *c, const char *folder, const char *name) {
    char path[4096];
    const char *last = strrchr(name, '/');
    snprintf(path, sizeof path, "%s/%s", folder, last != NULL ? last + 1 : name);
    c->file = fopen(path, "wb");
    if (c->file == NULL)
        perror(path);
    return c->file != NULL;
}

static bool write_file(struct counts *c, const char *folder, uint32_t info) {
    uint32_t functions = word(c, info, INFO_FUNCTIONS);
    const char *name = (const char *)at(c, word(c, info, INFO_NAME), 1);
    if (!open_file(c, folder, name))
        return false;
    put(c, magic);
    put(c, word(c, info, 0));
    put(c, word(c, info, INFO_STAMP));
    put(c, word(c, info, INFO_CHECKSUM));
    put(c, tag_summary);
    put(c, 8);
    put(c, c->n_runs);
    put(c, c->greatest > UINT32_MAX ? UINT32_MAX : (uint32_t)c->greatest);
    for (uint32_t k = 0; k < word(c, info, INFO_N_FUNCTIONS); k++)
        put_function(c, word(c, functions, k));
    put(c, 0);
    bool is_written = ferror(c->file) == 0;
    return fclose(c->file) == 0 && is_written;
}

bool counts_write(struct counts *c, const uint8_t *fwram, const char *folder) {
    c->fwram = fwram;
    bool is_written = true;
    for (uint32_t i = c->first; i < c->end; i += 4)
        is_written &= write_file(c, folder, word(c, i, 0));
    free(c->sums);
    return is_written;
}
