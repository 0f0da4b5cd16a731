/* SPDX-License-Identifier: MIT
 * Where an image's bytes are (`aot --size`): a line for each function of the firmware, largest
 * first. What the compiler put into another function counts there. A bundle's share of masks and
 * index is in the bytes.
 */
#include "translator/aot/aot.h"
#include "translator/aot/packed.h"

#include <stdlib.h>

struct row {
    const Elf32_Sym *function;
    uint32_t n_insns, n_bundles, n_words, n_seldom; /* n_seldom: words in cold traces */
};

static uint32_t count_words(const struct native_code *nc, const struct piece *piece) {
    const uint32_t *words = &nc->words[XL_SLOTS * piece->first_bundle];
    uint32_t n = 0;
    for (uint32_t i = 0; i < XL_SLOTS * piece_bundles(piece); i++)
        n += words[i] != 0;
    return n;
}

static uint32_t bytes_of(const struct row *row) {
    uint32_t n_lines = packed_lines(XL_SLOTS * row->n_bundles);
    return packed_head_bytes(n_lines) + PACKED_WORD_BYTES * row->n_words;
}

static int by_bytes(const void *a, const void *b) {
    uint32_t left = bytes_of(a), right = bytes_of(b);
    return (left < right) - (left > right);
}

/* Pieces are in the order of the program, so those of a function stand together. */
static uint32_t fill_rows(const struct aot *a, struct row *rows) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < a->code.n_pieces; i++) {
        const struct piece *piece = &a->code.pieces[i];
        const Elf32_Sym *function = program_function(&a->program, piece->rv_addr);
        if (n == 0 || rows[n - 1].function != function)
            rows[n++].function = function;
        struct row *row = &rows[n - 1];
        uint32_t n_words = count_words(&a->code, piece);
        row->n_insns += piece->n_insns;
        row->n_bundles += piece_bundles(piece);
        row->n_words += n_words;
        row->n_seldom += aot_is_cold(a, piece->rv_addr) ? n_words : 0;
    }
    return n;
}

void aot_print_size(const struct aot *a) {
    struct row *rows = aot_alloc(a->code.n_pieces, sizeof *rows);
    uint32_t n = fill_rows(a, rows);
    qsort(rows, n, sizeof *rows, by_bytes);
    printf("  bytes   words  of them cold  bundles  RISC-V  function\n");
    for (uint32_t i = 0; i < n; i++)
        printf("%7u %7u %13u %8u %7u  %s\n", bytes_of(&rows[i]), rows[i].n_words, rows[i].n_seldom,
               rows[i].n_bundles, rows[i].n_insns,
               rows[i].function ? elf_rv_symbol_name(a->program.elf, rows[i].function) : "?");
    free(rows);
}
