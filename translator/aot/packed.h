/* SPDX-License-Identifier: MIT
 * Packed code: how bundles are stored where nobody executes them (docs/decisions/0004), and the
 * firmware's data beside them. `aot` writes it, whoever loads an image unpacks it, and a refill may
 * take a line out of it on its own.
 *
 * Code is lines of PACKED_LINE_WORDS words. For each line there is a mask, bit i: word i is not 0
 * (a 0 is a `nop`, or a literal); for each group of PACKED_GROUP_LINES lines a word of the index:
 * how many words are stored for the groups before. Little-endian, one behind the other:
 *
 *   index  32 bits a group
 *   masks  16 bits a line; of the lines that are wanting in the last group 0
 *   words  those that are not 0, in their order
 *
 * A line's words begin where the index says plus as many as the masks before it in its group have
 * bits. A last line that is not whole is as if filled with zeros.
 *
 *   uint8_t *bytes = malloc(packed_bytes(words, n));       // words[n]: the code
 *   packed_write(bytes, words, n);
 *   struct packed p;
 *   const char *error = packed_open(&p, bytes, n_bytes, n); // NULL: it is whole and consistent
 *   for (uint32_t i = 0; i < p.n_lines; i++)
 *       packed_line(&p, i, line);                          // line[PACKED_LINE_WORDS]
 */
#ifndef SELKIRK_AOT_PACKED_H
#define SELKIRK_AOT_PACKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PACKED_LINE_WORDS = 16,
    PACKED_GROUP_LINES = 8,
    PACKED_MASK_BYTES = 2,
    PACKED_WORD_BYTES = 4
};

struct packed {
    const uint8_t *index, *masks, *words;
    uint32_t n_lines, n_words;
};

static inline uint32_t packed_lines(uint32_t n_words) {
    return n_words / PACKED_LINE_WORDS + (n_words % PACKED_LINE_WORDS != 0);
}

static inline uint32_t packed_groups(uint32_t n_lines) {
    return n_lines / PACKED_GROUP_LINES + (n_lines % PACKED_GROUP_LINES != 0);
}

/* Bytes of index and masks. */
static inline uint32_t packed_head_bytes(uint32_t n_lines) {
    return packed_groups(n_lines) * (PACKED_WORD_BYTES + PACKED_GROUP_LINES * PACKED_MASK_BYTES);
}

static inline uint32_t packed_get(const uint8_t *at, unsigned bytes) {
    uint32_t value = 0;
    for (unsigned i = 0; i < bytes; i++)
        value |= (uint32_t)at[i] << 8 * i;
    return value;
}

static inline void packed_put(uint8_t *at, unsigned bytes, uint32_t value) {
    for (unsigned i = 0; i < bytes; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

static inline uint32_t packed_bytes(const uint32_t *words, uint32_t n) {
    uint32_t bytes = packed_head_bytes(packed_lines(n));
    for (uint32_t i = 0; i < n; i++)
        bytes += words[i] != 0 ? PACKED_WORD_BYTES : 0;
    return bytes;
}

/* bytes: as many as packed_bytes says, all of which are written. */
static inline void packed_write(uint8_t *bytes, const uint32_t *words, uint32_t n) {
    uint32_t n_groups = packed_groups(packed_lines(n)), n_stored = 0;
    uint8_t *masks = bytes + n_groups * PACKED_WORD_BYTES;
    uint8_t *stored = bytes + packed_head_bytes(packed_lines(n));
    for (uint32_t i = 0; i < n_groups * PACKED_GROUP_LINES; i++) {
        uint32_t mask = 0;
        if (i % PACKED_GROUP_LINES == 0)
            packed_put(bytes + i / PACKED_GROUP_LINES * PACKED_WORD_BYTES, PACKED_WORD_BYTES,
                       n_stored);
        for (uint32_t k = 0; k < PACKED_LINE_WORDS && i * PACKED_LINE_WORDS + k < n; k++) {
            uint32_t word = words[i * PACKED_LINE_WORDS + k];
            if (word == 0)
                continue;
            mask |= 1u << k;
            packed_put(stored + n_stored++ * PACKED_WORD_BYTES, PACKED_WORD_BYTES, word);
        }
        packed_put(masks + i * PACKED_MASK_BYTES, PACKED_MASK_BYTES, mask);
    }
}

static inline uint32_t packed_mask(const struct packed *p, uint32_t line) {
    return packed_get(p->masks + line * PACKED_MASK_BYTES, PACKED_MASK_BYTES);
}

/* Where a line's words begin, as a refill finds it. */
static inline uint32_t packed_first(const struct packed *p, uint32_t line) {
    uint32_t group = line / PACKED_GROUP_LINES;
    uint32_t first = packed_get(p->index + group * PACKED_WORD_BYTES, PACKED_WORD_BYTES);
    for (uint32_t i = group * PACKED_GROUP_LINES; i < line; i++)
        first += (uint32_t)__builtin_popcount(packed_mask(p, i));
    return first;
}

/* The packed code of n words of code, in n_bytes bytes. NULL, or what is wrong with it. */
static inline const char *packed_open(struct packed *p, const uint8_t *bytes, uint32_t n_bytes,
                                      uint32_t n) {
    uint32_t n_lines = packed_lines(n), head = packed_head_bytes(n_lines), n_stored = 0;
    uint32_t n_groups = packed_groups(n_lines);
    if (n_bytes < head)
        return "index and masks are cut off";
    *p = (struct packed){.index = bytes,
                         .masks = bytes + n_groups * PACKED_WORD_BYTES,
                         .words = bytes + head,
                         .n_lines = n_lines,
                         .n_words = (n_bytes - head) / PACKED_WORD_BYTES};
    for (uint32_t i = 0; i < n_groups * PACKED_GROUP_LINES; i++) {
        uint32_t fitting = i + 1 < n_lines || n % PACKED_LINE_WORDS == 0
                               ? 0xffff
                               : (1u << n % PACKED_LINE_WORDS) - 1;
        if (packed_mask(p, i) & ~(i < n_lines ? fitting : 0))
            return "a mask has words behind the end";
        if (packed_first(p, i) != n_stored)
            return "index and masks do not agree";
        n_stored += (uint32_t)__builtin_popcount(packed_mask(p, i));
    }
    if (n_stored != p->n_words || n_bytes % PACKED_WORD_BYTES != head % PACKED_WORD_BYTES)
        return "it has not as many words as its masks say";
    return NULL;
}

/* Requires: packed_open has found nothing wrong; line is below n_lines. */
static inline void packed_line(const struct packed *p, uint32_t line, uint32_t *words) {
    uint32_t mask = packed_mask(p, line);
    const uint8_t *next = p->words + packed_first(p, line) * PACKED_WORD_BYTES;
    for (uint32_t k = 0; k < PACKED_LINE_WORDS; k++) {
        bool is_used = (mask >> k & 1) != 0;
        words[k] = is_used ? packed_get(next, PACKED_WORD_BYTES) : 0;
        next += is_used ? PACKED_WORD_BYTES : 0;
    }
}

#endif
