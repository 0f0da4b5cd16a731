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
    m->second_lines = fields[MEMORY_FIELD_CODE_SECOND] / MEM_LINE_BYTES;
    m->dcache_sets = fields[MEMORY_FIELD_DCACHE] / MEM_LINE_BYTES / m->dcache_ways;
    m->image_bundles = image_bytes / BUNDLE_BYTES;
    m->is_packed = fields[MEMORY_FIELD_FIRMWARE] != 0;
    m->has_store = fields[MEMORY_FIELD_FIRMWARE] == 2;
    m->chip_first = fields[MEMORY_FIELD_CHIP_FIRST];
    m->chip_word = fields[MEMORY_FIELD_CHIP_WORD];
    m->chip_again = fields[MEMORY_FIELD_CHIP_AGAIN];
    m->store_first = fields[MEMORY_FIELD_STORE_FIRST];
    m->store_words = fields[MEMORY_FIELD_STORE_WORDS] > 1 ? fields[MEMORY_FIELD_STORE_WORDS] : 1;
    m->store_ahead = fields[MEMORY_FIELD_STORE_AHEAD];
    m->code_at = info->code_at / MEM_LINE_BYTES;
    m->guest_at = info->guest_at / MEM_LINE_BYTES;
    m->fwram_at = info->fwram_at / MEM_LINE_BYTES;
    m->flash_at = info->flash_at / MEM_LINE_BYTES;
    m->code = code;
    m->line = m->data_line = MEM_NO_LINE;
    m->icache = malloc((m->icache_lines + 1) * sizeof *m->icache);
    m->second = malloc((m->second_lines + 1) * sizeof *m->second);
    m->dcache = malloc((m->dcache_sets * m->dcache_ways + 1) * sizeof *m->dcache);
    m->older = calloc(m->dcache_sets + 1, 1);
    *mem = m;
    if (m->icache == NULL || m->second == NULL || m->dcache == NULL || m->older == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < m->icache_lines; i++) {
        m->icache[i] = (struct iss_line){MEM_NO_LINE, 0};
    }
    for (uint32_t i = 0; i < m->second_lines; i++) {
        m->second[i] = MEM_NO_LINE;
    }
    for (uint32_t i = 0; i < m->dcache_sets * m->dcache_ways; i++) {
        m->dcache[i] = (struct iss_way){MEM_NO_LINE, false};
    }
    return true;
}

void iss_mem_destroy(struct iss_mem *mem) {
    if (mem != NULL) {
        free(mem->icache);
        free(mem->second);
        free(mem->dcache);
        free(mem->older);
        free(mem);
    }
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

/* --- the I$ and what is on its way there --- */

static struct iss_line *icache_line(struct iss_mem *m, uint32_t bundle) {
    return &m->icache[bundle / MEM_LINE_BUNDLES % m->icache_lines];
}

static bool is_in_icache(struct iss_mem *m, uint32_t bundle) {
    const struct iss_line *l = icache_line(m, bundle);
    return l->line == bundle / MEM_LINE_BUNDLES && (l->valid >> bundle % MEM_LINE_BUNDLES & 1) != 0;
}

/* What has come until cycle `now` is in the I$. */
static void deliver(struct iss_mem *m, uint64_t now) {
    struct iss_stream *s = &m->stream;
    for (; s->next < s->n && s->there[s->next] <= now; s->next++) {
        uint32_t bundle = s->bundle[s->next], line = bundle / MEM_LINE_BUNDLES;
        struct iss_line *l = icache_line(m, bundle);
        if (l->line != line) {
            *l = (struct iss_line){line, 0};
        }
        l->valid |= (uint8_t)(1u << bundle % MEM_LINE_BUNDLES);
    }
}

static void expect(struct iss_mem *m, uint32_t bundle, uint64_t there) {
    struct iss_stream *s = &m->stream;
    s->bundle[s->n] = bundle;
    s->there[s->n++] = there;
}

/* Nothing more comes: from the chip all that was asked for, and until then nobody can ask. */
static uint64_t end_stream(struct iss_mem *m, uint64_t now) {
    struct iss_stream *s = &m->stream;
    if (s->next < s->n && !s->may_break) {
        now = later(now, s->there[s->n - 1]);
    }
    deliver(m, now);
    s->n = s->next = 0;
    return now;
}

/* Words of a bundle that a packed line has: all but those that are zero (nop). */
static uint32_t packed_words(const struct iss_mem *m, uint32_t bundle) {
    uint32_t word[SLOT_COUNT], n = 0;
    memcpy(word, m->code + (size_t)bundle * BUNDLE_BYTES, BUNDLE_BYTES);
    for (unsigned slot = 0; slot < SLOT_COUNT; slot++) {
        n += word[slot] != 0;
    }
    return n;
}

/* From the store, the bundles from `first` on to the end of the line and of some more, as long as
 * they are not in the I$. */
static void ask_store(struct iss_mem *m, uint32_t first, uint64_t asked) {
    uint32_t line_end = (first / MEM_LINE_BUNDLES + 1) * MEM_LINE_BUNDLES, words = 0;
    uint32_t end = line_end + m->store_ahead * MEM_LINE_BUNDLES;
    uint64_t at = asked + m->store_first;
    end = end > m->image_bundles ? m->image_bundles : end;
    m->stream.may_break = true;
    for (uint32_t i = first; i < end; i++) {
        if (i >= line_end && is_in_icache(m, i)) {
            break;
        }
        words += packed_words(m, i);
        at = later(at + 1, asked + m->store_first + (words + m->store_words - 1) / m->store_words);
        expect(m, i, at + FILL_CODE_CYCLES);
        m->ahead += i >= line_end && i % MEM_LINE_BUNDLES == 0;
    }
}

/* From the chip, the bundles from `first` on, round the line. */
static void ask_chip(struct iss_mem *m, uint32_t first, bool is_packed, uint64_t asked) {
    uint64_t start = later(asked, m->chip_free), at = start + m->chip_first;
    at += is_packed ? FILL_INDEX_CYCLES : 0;
    m->stream.may_break = false;
    for (uint32_t i = 0; i < MEM_LINE_BUNDLES; i++) {
        uint32_t bundle =
            first / MEM_LINE_BUNDLES * MEM_LINE_BUNDLES + (first + i) % MEM_LINE_BUNDLES;
        uint32_t words = is_packed ? packed_words(m, bundle) : SLOT_COUNT;
        at += words != 0 ? words * m->chip_word : 1;
        expect(m, bundle, at + FILL_CODE_CYCLES);
    }
    m->chip_free = at + m->chip_again;
    m->chip_cycles += m->chip_free - start;
    if (m->second_lines != 0) {
        uint32_t line = first / MEM_LINE_BUNDLES;
        m->second[line % m->second_lines] = line;
    }
}

/* The D$ has the line: two words a cycle, and the machine waits for all of them. */
static void ask_dcache(struct iss_mem *m, uint32_t first, uint64_t asked) {
    uint64_t data_end = m->data_from + (uint64_t)m->chip_word * MEM_LINE_WORDS;
    uint64_t end = later(asked, data_end) + 1 + MEM_LINE_WORDS / 2 + FILL_CODE_CYCLES;
    m->stream.may_break = false;
    for (uint32_t i = 0; i < MEM_LINE_BUNDLES; i++) {
        expect(m, first / MEM_LINE_BUNDLES * MEM_LINE_BUNDLES + i, end);
    }
}

/* From the second level, if it has the line; a bundle a cycle, round the line. */
static bool ask_second(struct iss_mem *m, uint32_t first, uint64_t asked) {
    uint32_t line = first / MEM_LINE_BUNDLES;
    if (m->second_lines == 0 || m->second[line % m->second_lines] != line) {
        return false;
    }
    m->stream.may_break = true;
    for (uint32_t i = 0; i < MEM_LINE_BUNDLES; i++) {
        uint32_t bundle = line * MEM_LINE_BUNDLES + (first + i) % MEM_LINE_BUNDLES;
        expect(m, bundle, asked + SECOND_CYCLES + 1 + i + FILL_CODE_CYCLES);
    }
    m->second_hits++;
    return true;
}

static void miss(struct iss_mem *m, uint32_t bundle, uint64_t asked) {
    bool is_image = bundle < m->image_bundles;
    asked = end_stream(m, asked);
    if (find_way(m, m->code_at + bundle / MEM_LINE_BUNDLES) != NULL) {
        ask_dcache(m, bundle, asked);
    } else if (is_image && m->has_store) {
        ask_store(m, bundle, asked);
    } else if (!ask_second(m, bundle, asked)) {
        ask_chip(m, bundle, is_image && m->is_packed, asked);
    }
}

/* When a bundle comes that is on its way; 0: it is not. */
static uint64_t when_there(const struct iss_mem *m, uint32_t bundle) {
    const struct iss_stream *s = &m->stream;
    for (uint32_t i = s->next; i < s->n; i++) {
        if (s->bundle[i] == bundle) {
            return s->there[i];
        }
    }
    return 0;
}

bool iss_mem_fetch(struct iss_mem *m, uint32_t bundle, uint64_t t, uint32_t is_guest,
                   uint64_t *stall) {
    enum { ALL = (1 << MEM_LINE_BUNDLES) - 1 };
    if (m->icache_lines == 0) {
        return true;
    }
    deliver(m, t);
    m->line = MEM_NO_LINE;
    if (is_in_icache(m, bundle)) {
        if (m->stream.next == m->stream.n && icache_line(m, bundle)->valid == ALL) {
            m->line = bundle / MEM_LINE_BUNDLES;
        }
        return true;
    }
    if (when_there(m, bundle) == 0) {
        miss(m, bundle, t + 1);
        m->icache_misses[is_guest]++;
    }
    uint64_t there = when_there(m, bundle);
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
    uint64_t start = later(asked, m->chip_free);
    m->data_line = line;
    m->data_word = addr / 4 % MEM_LINE_WORDS;
    m->data_from = start + m->chip_first;
    m->chip_free = m->data_from + (uint64_t)m->chip_word * MEM_LINE_WORDS + m->chip_again;
    m->chip_cycles += m->chip_free - start;
    return replace(m, line);
}

/* The I$ forgets a line that is stored to; the store waits for what of it is on its way. */
static uint64_t drop_code(struct iss_mem *m, uint32_t addr, uint64_t now) {
    uint32_t bundle = (addr - MEM_CODE_BASE) / BUNDLE_BYTES, line = bundle / MEM_LINE_BUNDLES;
    const struct iss_stream *s = &m->stream;
    if (m->icache_lines == 0) {
        return now;
    }
    if (s->next < s->n && s->bundle[s->next] / MEM_LINE_BUNDLES == line) {
        now = end_stream(m, now);
    }
    if (icache_line(m, bundle)->line == line) {
        icache_line(m, bundle)->valid = 0;
        m->line = MEM_NO_LINE;
    }
    if (m->second_lines != 0 && m->second[line % m->second_lines] == line) {
        m->second[line % m->second_lines] = MEM_NO_LINE;
    }
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
