/* SPDX-License-Identifier: MIT
 * ISS: time that memories take (iss_mem.h).
 */
#include "sim/iss/iss_mem.h"

#include <stdlib.h>
#include <string.h>

static uint64_t later(uint64_t a, uint64_t b) {
    return a > b ? a : b;
}

/* --- creation --- */
bool iss_mem_create(struct iss_mem **mem, enum memory memory, const uint32_t *fields,
                    uint32_t image_bytes, const uint8_t *code) {
    const struct memory_info *info = &memory_info[memory];
    iss_mem_destroy(*mem);
    *mem = NULL;
    if ((fields[MEMORY_FIELD_ICACHE] | fields[MEMORY_FIELD_DCACHE]) == 0) {
        return true;
    }
    struct iss_mem *m = calloc(1, sizeof *m);
    if (m == NULL) {
        return false;
    }
    uint32_t ways = fields[MEMORY_FIELD_DCACHE_WAYS];
    m->dcache_ways = ways > 1 ? ways : 1;
    m->icache_lines = fields[MEMORY_FIELD_ICACHE] / MEM_LINE_BYTES;
    m->dcache_sets = fields[MEMORY_FIELD_DCACHE] / MEM_LINE_BYTES / m->dcache_ways;
    m->image_lines = (image_bytes + MEM_LINE_BYTES - 1) / MEM_LINE_BYTES;
    m->is_packed = fields[MEMORY_FIELD_FIRMWARE] != 0;
    m->has_store = fields[MEMORY_FIELD_FIRMWARE] == 2;
    m->prefetches = fields[MEMORY_FIELD_PREFETCH] != 0;
    m->chip_first = fields[MEMORY_FIELD_CHIP_FIRST];
    m->chip_word = fields[MEMORY_FIELD_CHIP_WORD];
    m->chip_again = fields[MEMORY_FIELD_CHIP_AGAIN];
    m->store_first = fields[MEMORY_FIELD_STORE_FIRST];
    m->code_at = info->code_at / MEM_LINE_BYTES;
    m->guest_at = info->guest_at / MEM_LINE_BYTES;
    m->fwram_at = info->fwram_at / MEM_LINE_BYTES;
    m->flash_at = info->flash_at / MEM_LINE_BYTES;
    m->code = code;
    m->line = m->next = m->fill.line = m->buffer.line = m->data_line = MEM_NO_LINE;
    m->icache = malloc((m->icache_lines + 1) * sizeof *m->icache);
    m->dcache = malloc((m->dcache_sets * m->dcache_ways + 1) * sizeof *m->dcache);
    m->older = calloc(m->dcache_sets + 1, 1);
    *mem = m;
    if (m->icache == NULL || m->dcache == NULL || m->older == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < m->icache_lines; i++) {
        m->icache[i] = MEM_NO_LINE;
    }
    for (uint32_t i = 0; i < m->dcache_sets * m->dcache_ways; i++) {
        m->dcache[i] = (struct iss_way){MEM_NO_LINE, false};
    }
    return true;
}

void iss_mem_destroy(struct iss_mem *mem) {
    if (mem != NULL) {
        free(mem->icache);
        free(mem->dcache);
        free(mem->older);
        free(mem);
    }
}

/* --- the chip and the store: lines of code --- */

/* Words of a bundle that a packed line has: all but those that are zero (nop). */
static uint32_t packed_words(const struct iss_mem *m, uint32_t bundle) {
    uint32_t word[SLOT_COUNT], n = 0;
    memcpy(word, m->code + (size_t)bundle * BUNDLE_BYTES, BUNDLE_BYTES);
    for (unsigned slot = 0; slot < SLOT_COUNT; slot++) {
        n += word[slot] != 0;
    }
    return n;
}

/* Fills f with the line of bundle `first`, asked for in cycle `asked`, from wherever it lies. */
static void fetch_line(struct iss_mem *m, struct iss_fill *f, uint32_t first, uint64_t asked) {
    uint32_t line = first / MEM_LINE_BUNDLES;
    bool is_image = line < m->image_lines, is_packed = is_image && m->is_packed;
    bool is_stored = is_image && m->has_store;
    uint64_t *free_from = is_stored ? &m->store_free : &m->chip_free;
    uint64_t start = later(asked, *free_from);
    uint64_t at = start + (is_stored ? m->store_first : m->chip_first);
    at += is_packed && !is_stored ? FILL_INDEX_CYCLES : 0;
    f->line = line;
    for (uint32_t i = 0; i < MEM_LINE_BUNDLES; i++) {
        uint32_t bundle = (first + i) % MEM_LINE_BUNDLES;
        uint32_t words = is_packed ? packed_words(m, line * MEM_LINE_BUNDLES + bundle) : SLOT_COUNT;
        uint32_t cycles = words * (is_stored ? 1 : m->chip_word);
        at += cycles != 0 ? cycles : 1;
        f->there[bundle] = at + FILL_CODE_CYCLES;
    }
    f->end = at + FILL_CODE_CYCLES;
    *free_from = at + (is_stored ? 0 : m->chip_again);
    m->chip_cycles += is_stored ? 0 : *free_from - start;
}

static bool is_in_icache(const struct iss_mem *m, uint32_t line) {
    return m->icache[line % m->icache_lines] == line;
}

static struct iss_way *find_way(struct iss_mem *m, uint32_t line) {
    if (m->dcache_sets == 0) {
        return NULL;
    }
    struct iss_way *set = &m->dcache[line % m->dcache_sets * m->dcache_ways];
    for (uint32_t i = 0; i < m->dcache_ways; i++) {
        if (set[i].line == line) {
            return &set[i];
        }
    }
    return NULL;
}

/* Begins the prefetch that is due, if nobody asks before it can begin; somebody does so now. */
static void begin_prefetch(struct iss_mem *m, uint64_t now) {
    if (m->next == MEM_NO_LINE) {
        return;
    }
    bool is_stored = m->has_store && m->next < m->image_lines;
    uint64_t start = later(m->next_from, is_stored ? m->store_free : m->chip_free);
    if (start >= now) {
        return;
    }
    fetch_line(m, &m->buffer, m->next * MEM_LINE_BUNDLES, start);
    m->next = MEM_NO_LINE;
    m->prefetches_done++;
}

static void plan_prefetch(struct iss_mem *m, uint32_t line, uint64_t from) {
    bool is_wanted = m->prefetches && line < CONFIG_WIDE_CODE_BUNDLES / MEM_LINE_BUNDLES &&
                     !is_in_icache(m, line) && line != m->buffer.line &&
                     find_way(m, m->code_at + line) == NULL;
    m->next = is_wanted ? line : MEM_NO_LINE;
    m->next_from = from;
}

/* --- fetch --- */

/* The D$ has it: two words a cycle, and the machine waits for all of them. */
static void copy_line(struct iss_mem *m, uint32_t line, uint64_t asked) {
    uint64_t data_end = m->data_from + (uint64_t)m->chip_word * MEM_LINE_WORDS;
    uint64_t end = later(asked, data_end) + 1 + MEM_LINE_WORDS / 2 + FILL_CODE_CYCLES;
    m->fill.line = line;
    for (uint32_t i = 0; i < MEM_LINE_BUNDLES; i++) {
        m->fill.there[i] = end;
    }
    m->fill.end = end;
}

/* The prefetch buffer has it, or will have. */
static void take_buffer(struct iss_mem *m, uint32_t first, uint64_t asked) {
    uint64_t at = asked;
    m->fill.line = m->buffer.line;
    for (uint32_t i = 0; i < MEM_LINE_BUNDLES; i++) {
        uint32_t bundle = (first + i) % MEM_LINE_BUNDLES;
        at = later(at, m->buffer.there[bundle]) + 1;
        m->fill.there[bundle] = at;
    }
    m->fill.end = at;
    m->buffer.line = MEM_NO_LINE;
    m->prefetches_used++;
}

static void miss(struct iss_mem *m, uint32_t index, uint64_t asked) {
    uint32_t line = index / MEM_LINE_BUNDLES;
    begin_prefetch(m, asked);
    uint64_t start = later(asked, m->fill.line != MEM_NO_LINE ? m->fill.end : 0);
    if (find_way(m, m->code_at + line) != NULL) {
        copy_line(m, line, start);
    } else if (m->buffer.line == line) {
        take_buffer(m, index, start);
    } else {
        fetch_line(m, &m->fill, index, start);
    }
    m->icache[line % m->icache_lines] = line;
    plan_prefetch(m, line + 1, m->fill.end);
}

bool iss_mem_fetch(struct iss_mem *m, uint32_t index, uint64_t t, uint32_t is_guest,
                   uint64_t *stall) {
    uint32_t line = index / MEM_LINE_BUNDLES;
    if (m->icache_lines == 0) {
        return true;
    }
    if (is_in_icache(m, line)) {
        bool is_coming = m->fill.line == line && t < m->fill.end;
        m->line = is_coming ? MEM_NO_LINE : line;
        if (!is_coming || t >= m->fill.there[index % MEM_LINE_BUNDLES]) {
            return true;
        }
    } else {
        miss(m, index, t + 1);
        m->line = MEM_NO_LINE;
        m->icache_misses[is_guest]++;
    }
    uint64_t there = m->fill.there[index % MEM_LINE_BUNDLES];
    *stall = there > t + 1 ? there - (t + 1) : 0;
    m->icache_cycles[is_guest] += 1 + JUMP_REG_CYCLES + *stall;
    return false;
}

/* --- data --- */

/* Line of the chip that a data address lies in. */
static uint32_t data_line(const struct iss_mem *m, uint32_t addr) {
    if (addr >= MEM_GUEST_BASE) {
        return m->guest_at + (addr - MEM_GUEST_BASE) / MEM_LINE_BYTES;
    }
    switch (addr >> 28) {
    case MEM_CODE_BASE >> 28:
        return m->code_at + (addr - MEM_CODE_BASE) / MEM_LINE_BYTES;
    case MEM_FLASH_BASE >> 28:
        return m->flash_at + (addr - MEM_FLASH_BASE) / MEM_LINE_BYTES;
    default:
        return m->fwram_at + (addr - MEM_FWRAM_BASE) / MEM_LINE_BYTES;
    }
}

/* The cycle in which a word of the line that came last comes. */
static uint64_t word_comes(const struct iss_mem *m, uint32_t addr) {
    uint32_t word = (addr / 4 - m->data_word) % MEM_LINE_WORDS;
    return m->data_from + (uint64_t)m->chip_word * (word + 1);
}

/* Makes room in the line's set; the chip is free when what was dirty there has been written. */
static struct iss_way *replace(struct iss_mem *m, uint32_t line) {
    uint32_t set = line % m->dcache_sets;
    struct iss_way *way = &m->dcache[set * m->dcache_ways + m->older[set]];
    if (way->is_dirty) {
        uint64_t cycles = m->chip_first + m->chip_word * MEM_LINE_WORDS + m->chip_again;
        m->chip_free += cycles;
        m->chip_cycles += cycles;
        m->write_backs++;
    }
    *way = (struct iss_way){line, false};
    return way;
}

static struct iss_way *data_miss(struct iss_mem *m, uint32_t line, uint32_t addr, uint64_t asked) {
    begin_prefetch(m, asked);
    uint64_t start = later(asked, m->chip_free);
    m->data_line = line;
    m->data_word = addr / 4 % MEM_LINE_WORDS;
    m->data_from = start + m->chip_first;
    m->chip_free = m->data_from + (uint64_t)m->chip_word * MEM_LINE_WORDS + m->chip_again;
    m->chip_cycles += m->chip_free - start;
    return replace(m, line);
}

/* The I$ forgets a line that is stored to; the store waits for it to have come. */
static uint64_t drop_code(struct iss_mem *m, uint32_t addr, uint64_t now) {
    uint32_t line = (addr - MEM_CODE_BASE) / MEM_LINE_BYTES;
    if (m->icache_lines == 0) {
        return now;
    }
    if (is_in_icache(m, line)) {
        now = m->fill.line == line ? later(now, m->fill.end) : now;
        m->icache[line % m->icache_lines] = MEM_NO_LINE;
        m->line = MEM_NO_LINE;
    }
    m->buffer.line = m->buffer.line == line ? MEM_NO_LINE : m->buffer.line;
    m->next = m->next == line ? MEM_NO_LINE : m->next;
    return now;
}

/* An access that is known to miss, if it does, in cycle `known`; the cycle in which it is through.
 */
static uint64_t access_data(struct iss_mem *m, const struct iss_access *a, uint64_t known,
                            uint32_t is_guest) {
    uint32_t line = data_line(m, a->addr), set = line % m->dcache_sets;
    struct iss_way *way = find_way(m, line);
    uint64_t through = known;
    if (a->is_store && a->addr >> 28 == MEM_CODE_BASE >> 28) {
        through = drop_code(m, a->addr, known);
    }
    if (way == NULL) {
        way = data_miss(m, line, a->addr, through);
        m->dcache_misses[is_guest]++;
    }
    if (line == m->data_line && word_comes(m, a->addr) + 4 > known) {
        through = later(through, word_comes(m, a->addr)) + MISS_DATA_CYCLES;
    }
    if (m->dcache_ways == 2) {
        m->older[set] = way == &m->dcache[set * 2];
    }
    way->is_dirty |= a->is_store;
    return through;
}

uint32_t iss_mem_data(struct iss_mem *m, const struct iss_access access[SLOT_COUNT], uint64_t t,
                      uint32_t is_guest) {
    uint64_t known = t + 2, through = known;
    for (unsigned slot = 0; slot < SLOT_COUNT && m->dcache_sets != 0; slot++) {
        if (access[slot].is_there) {
            through = access_data(m, &access[slot], through, is_guest);
        }
    }
    m->dcache_cycles[is_guest] += through - known;
    return (uint32_t)(through - known);
}

uint64_t iss_mem_port(struct iss_mem *m, uint64_t t, uint32_t is_guest) {
    uint64_t first = m->data_from + m->chip_word + 1;
    uint64_t last = first + (uint64_t)m->chip_word * (MEM_LINE_WORDS - 1);
    if (m->data_line == MEM_NO_LINE || t < first || t > last || (t - first) % m->chip_word != 0) {
        return 0;
    }
    uint64_t wait = m->chip_word == 1 ? last + 1 - t : 1;
    m->dcache_cycles[is_guest] += wait;
    return wait;
}
