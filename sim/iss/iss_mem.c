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
    m->icache_bundles = fields[MEMORY_FIELD_ICACHE] / BUNDLE_BYTES;
    m->second_lines = fields[MEMORY_FIELD_CODE_SECOND] / MEM_LINE_BYTES;
    m->dcache_sets = fields[MEMORY_FIELD_DCACHE] / MEM_LINE_BYTES / m->dcache_ways;
    m->image_lines = (image_bytes + MEM_LINE_BYTES - 1) / MEM_LINE_BYTES;
    m->dcache_waits = fields[MEMORY_FIELD_DCACHE_WAITS] != 0;
    m->is_packed = fields[MEMORY_FIELD_FIRMWARE] != FIRMWARE_IN_CHIP;
    m->has_store = fields[MEMORY_FIELD_FIRMWARE] == FIRMWARE_IN_STORE;
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
    m->line = m->data_line = m->asked_line = MEM_NO_LINE;
    m->due = MEM_NEVER;
    m->icache = malloc((m->icache_bundles + 1) * sizeof *m->icache);
    m->second = malloc((m->second_lines + 1) * sizeof *m->second);
    m->dcache = malloc((m->dcache_sets * m->dcache_ways + 1) * sizeof *m->dcache);
    m->older = calloc(m->dcache_sets + 1, 1);
    *mem = m;
    if (m->icache == NULL || m->second == NULL || m->dcache == NULL || m->older == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < m->icache_bundles; i++) {
        m->icache[i] = MEM_STALE;
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

static uint64_t line_end(const struct iss_mem *m) {
    return m->data_from + (uint64_t)m->chip_word * MEM_LINE_WORDS;
}

/* A line that is in the buffer in cycle `now` goes to the chip. */
static void write_back(struct iss_mem *m, uint64_t now) {
    uint64_t start = later(now, m->chip_free), words = m->chip_word * MEM_LINE_WORDS;
    m->buffer_free = start + m->chip_first + words - EVICT_DONE_CYCLES;
    m->chip_free = start + m->chip_first + words + m->chip_again;
    m->chip_cycles += m->chip_free - start;
    m->write_backs++;
}

uint64_t iss_mem_clean(struct iss_mem *m, uint32_t line, uint64_t now) {
    struct iss_way *way = find_way(m, line);
    if (way == NULL || !way->is_dirty) {
        return now + CLEAN_CYCLES;
    }
    way->is_dirty = false;
    uint64_t begin = later(now + CLEAN_CYCLES - 1, m->buffer_free);
    write_back(m, begin + MEM_LINE_WORDS + EVICT_CYCLES);
    return begin + MEM_LINE_WORDS + 1;
}

/* --- the I$ and what is on its way there --- */

static uint32_t *icache_place(struct iss_mem *m, uint32_t bundle) {
    return &m->icache[bundle % m->icache_bundles];
}

static bool is_in_icache(struct iss_mem *m, uint32_t bundle) {
    return *icache_place(m, bundle) == bundle;
}

/* What is there in cycle `now` is in the I$. */
static void deliver(struct iss_mem *m, uint64_t now) {
    struct iss_stream *s = &m->stream;
    for (; s->next < s->n && s->there[s->next] <= now; s->next++) {
        uint32_t bundle = s->bundle[s->next];
        *icache_place(m, bundle) = bundle;
        m->ahead += s->is_store && s->next != 0 && bundle % MEM_LINE_BUNDLES == 0;
    }
}

/* Is a bundle's place being written in cycle `now`? */
static bool is_being_written(struct iss_mem *m, uint32_t bundle, uint64_t now) {
    const struct iss_stream *s = &m->stream;
    return s->next < s->n && s->there[s->next] == now + 1 &&
           icache_place(m, s->bundle[s->next]) == icache_place(m, bundle);
}

static void expect(struct iss_mem *m, uint32_t bundle, uint64_t there) {
    struct iss_stream *s = &m->stream;
    s->bundle[s->n] = bundle;
    s->there[s->n++] = there;
}

/* Nothing more comes: from the chip all that was asked for, and until then nobody can ask. */
static uint64_t end_stream(struct iss_mem *m, uint64_t now) {
    struct iss_stream *s = &m->stream;
    if (s->n != 0 && !s->may_break) {
        now = later(now, s->there[s->n - 1]);
    }
    deliver(m, now + 1);
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
 * the I$ does not have the first of them. Behind a line's last bundle, if that missed, it needs a
 * cycle to see what the next line has. */
static void ask_store(struct iss_mem *m, uint32_t first, uint64_t asked) {
    uint32_t line = first / MEM_LINE_BUNDLES, end = line + 1 + m->store_ahead, words = 0;
    uint64_t begin = asked + m->store_first, at = begin;
    end = end > m->image_lines ? m->image_lines : end;
    m->stream.may_break = m->stream.is_store = true;
    for (uint32_t i = first; i < end * MEM_LINE_BUNDLES; i++) {
        bool is_ahead = i / MEM_LINE_BUNDLES != line && i % MEM_LINE_BUNDLES == 0;
        if (is_ahead && is_in_icache(m, i)) {
            break;
        }
        if (is_ahead && i == first + 1) {
            begin++;
            at++;
        }
        words += packed_words(m, i);
        at = later(at + 1, begin + (words + m->store_words - 1) / m->store_words);
        expect(m, i, at + FILL_CODE_CYCLES);
    }
}

/* From the chip, the bundles from `first` on, round the line. */
static void ask_chip(struct iss_mem *m, uint32_t first, bool is_packed, uint64_t asked) {
    uint64_t start = later(asked, m->chip_free), at = start + m->chip_first;
    at += is_packed ? FILL_INDEX_CYCLES : 0;
    m->stream.may_break = m->stream.is_store = false;
    for (uint32_t i = 0; i < MEM_LINE_BUNDLES; i++) {
        uint32_t bundle =
            first / MEM_LINE_BUNDLES * MEM_LINE_BUNDLES + (first + i) % MEM_LINE_BUNDLES;
        uint32_t words = is_packed ? packed_words(m, bundle) : SLOT_COUNT;
        at += words != 0 ? words * m->chip_word : 1;
        expect(m, bundle, at + FILL_CODE_CYCLES);
    }
    m->chip_free = at - 1 + m->chip_again;
    m->chip_cycles += m->chip_free - start;
    if (m->second_lines != 0) {
        uint32_t line = first / MEM_LINE_BUNDLES;
        m->second[line % m->second_lines] = line;
    }
}

/* The D$ has the line: two words a cycle, and the machine waits for all of them. */
static void ask_dcache(struct iss_mem *m, uint32_t first, uint64_t asked) {
    uint64_t end = later(asked, line_end(m)) + 1 + MEM_LINE_WORDS / 2 + FILL_CODE_CYCLES;
    m->stream.may_break = m->stream.is_store = false;
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
    m->stream.is_store = false;
    for (uint32_t i = 0; i < MEM_LINE_BUNDLES; i++) {
        uint32_t bundle = line * MEM_LINE_BUNDLES + (first + i) % MEM_LINE_BUNDLES;
        expect(m, bundle, asked + SECOND_CYCLES + i + FILL_CODE_CYCLES);
    }
    m->second_hits++;
    return true;
}

/* A bundle is asked for in cycle `asked`, at the earliest. */
static void miss(struct iss_mem *m, uint32_t bundle, uint64_t asked) {
    bool is_image = bundle / MEM_LINE_BUNDLES < m->image_lines;
    struct iss_way *way = find_way(m, m->code_at + bundle / MEM_LINE_BUNDLES);
    asked = end_stream(m, asked);
    if (is_image && m->has_store) {
        ask_store(m, bundle, asked);
    } else if (way != NULL && !m->dcache_waits) {
        ask_dcache(m, bundle, asked);
    } else if (!ask_second(m, bundle, asked)) {
        uint64_t clean = asked + MISS_CHIP_CYCLES;
        if (m->dcache_sets != 0) {
            clean = iss_mem_clean(m, m->code_at + bundle / MEM_LINE_BUNDLES, clean);
        }
        ask_chip(m, bundle, is_image && m->is_packed, clean + MISS_CHIP_CYCLES);
    }
}

/* When a bundle is there that is on its way in cycle `now`; 0: it is not. The store may be stopped
 * in the lines that it has not begun. */
static uint64_t when_there(const struct iss_mem *m, uint32_t bundle, uint64_t now) {
    const struct iss_stream *s = &m->stream;
    for (uint32_t i = s->next; i < s->n; i++) {
        if (s->bundle[i] == bundle) {
            return s->there[i];
        }
        bool is_last = (s->bundle[i] + 1) % MEM_LINE_BUNDLES == 0;
        if (s->is_store && is_last && s->there[i] >= now + STORE_WAY_CYCLES) {
            return 0;
        }
    }
    return 0;
}

bool iss_mem_fetch(struct iss_mem *m, uint32_t bundle, uint64_t seen) {
    if (m->icache_bundles == 0) {
        return true;
    }
    deliver(m, seen);
    m->line = MEM_NO_LINE;
    if (!is_in_icache(m, bundle) || is_being_written(m, bundle, seen)) {
        return false;
    }
    if (m->stream.next == m->stream.n) {
        uint32_t line = bundle / MEM_LINE_BUNDLES, n = 0;
        for (uint32_t i = 0; i < MEM_LINE_BUNDLES; i++) {
            n += is_in_icache(m, line * MEM_LINE_BUNDLES + i);
        }
        m->line = n == MEM_LINE_BUNDLES ? line : MEM_NO_LINE;
    }
    return true;
}

uint64_t iss_mem_code(struct iss_mem *m, uint32_t bundle, uint64_t t, uint32_t is_guest) {
    uint64_t asked = t + MISS_CODE_CYCLES, there = asked + 2;
    deliver(m, asked);
    if (!is_in_icache(m, bundle)) {
        uint64_t on_way = when_there(m, bundle, asked);
        if (on_way == 0) {
            miss(m, bundle, asked);
            m->icache_misses[is_guest]++;
            on_way = when_there(m, bundle, 0);
        }
        there = later(asked + 1, on_way);
    }
    uint64_t stall = there - 1 - t;
    m->icache_cycles[is_guest] += 1 + JUMP_REG_CYCLES + stall;
    return stall;
}

void iss_mem_drop(struct iss_mem *m, uint32_t addr) {
    uint32_t bundle = (addr - MEM_CODE_BASE) / BUNDLE_BYTES, line = bundle / MEM_LINE_BUNDLES;
    struct iss_stream *s = &m->stream;
    if (m->icache_bundles == 0) {
        return;
    }
    for (uint32_t i = s->next; i < s->n; i++) {
        s->bundle[i] |= s->bundle[i] == bundle ? MEM_STALE : 0;
    }
    if (is_in_icache(m, bundle)) {
        *icache_place(m, bundle) = MEM_STALE;
        m->line = MEM_NO_LINE;
    }
    if (m->second_lines != 0 && m->second[line % m->second_lines] == line) {
        m->second[line % m->second_lines] = MEM_NO_LINE;
    }
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

/* A line that a bundle wants comes; the chip is free when what had to go for it is written. */
static void data_miss(struct iss_mem *m, const struct iss_want *w, uint64_t asked) {
    uint64_t start = later(asked, m->chip_free);
    m->data_line = w->line;
    m->data_word = w->addr / 4 % MEM_LINE_WORDS;
    m->data_from = start + m->chip_first;
    m->chip_free = line_end(m) - 1 + m->chip_again;
    m->chip_cycles += m->chip_free - start;
    if (w->is_evicting) {
        write_back(m, line_end(m) + EVICT_CYCLES);
    }
}

/* An access of a bundle in cycle t; false: the line is here. */
static bool look_up(struct iss_mem *m, const struct iss_access *a, struct iss_want *w) {
    uint32_t line = data_line(m, a->addr), set = line % m->dcache_sets;
    struct iss_way *way = find_way(m, line);
    *w = (struct iss_want){.addr = a->addr, .line = line, .is_miss = way == NULL};
    if (way == NULL) {
        way = &m->dcache[set * m->dcache_ways + m->older[set]];
        w->is_evicting = way->is_dirty;
        *way = (struct iss_way){line, false};
        m->asked_line = line;
    }
    if (m->dcache_ways == 2) {
        m->older[set] = way == &m->dcache[set * 2];
    }
    way->is_dirty |= a->is_store;
    return w->is_miss || (!m->dcache_waits && line == m->asked_line);
}

void iss_mem_data(struct iss_mem *m, const struct iss_access access[SLOT_COUNT], int64_t step,
                  uint32_t is_guest) {
    struct iss_freeze *f = &m->freeze[m->freezes];
    f->n = 0;
    for (unsigned slot = 0; slot < SLOT_COUNT; slot++) {
        const struct iss_access *a = &access[slot];
        if (a->is_there && a->is_store && a->addr >> 28 == MEM_CODE_BASE >> 28) {
            iss_mem_drop(m, a->addr);
        }
        if (a->is_there && m->dcache_sets != 0 && look_up(m, a, &f->want[f->n])) {
            m->dcache_misses[is_guest] += f->want[f->n++].is_miss;
        }
    }
    if (f->n != 0) {
        f->due = step + FREEZE_STEPS;
        f->is_guest = is_guest;
        m->freezes++;
        m->due = m->freeze[0].due;
    }
}

uint64_t iss_mem_freeze(struct iss_mem *m, uint64_t now) {
    const struct iss_freeze *f = &m->freeze[0];
    uint64_t through = now;
    for (unsigned i = 0; i < f->n; i++) {
        const struct iss_want *w = &f->want[i];
        if (w->is_miss) {
            data_miss(m, w, later(through, now - FREEZE_STEPS + MISS_DATA_CYCLES));
        }
        if (w->line == m->data_line) {
            uint64_t there = m->dcache_waits ? line_end(m) : word_comes(m, w->addr);
            through = later(through, there + FILL_DATA_CYCLES);
        }
    }
    m->dcache_cycles[f->is_guest] += through - now;
    m->freeze[0] = m->freeze[1];
    m->freezes--;
    m->due = m->freezes != 0 ? m->freeze[0].due : MEM_NEVER;
    return through - now;
}

uint64_t iss_mem_port(struct iss_mem *m, bool wants_port1, uint64_t t, uint32_t is_guest) {
    uint64_t first = m->data_from + m->chip_word + 1, last = line_end(m) + 1, wait = 0;
    if (m->data_line == MEM_NO_LINE || t < first || t > last) {
        return 0;
    }
    if (wants_port1 && m->chip_word == 1) {
        wait = last + 1 - t;
    } else if (wants_port1 && (t - first) % m->chip_word == 0) {
        wait = 1;
    }
    m->dcache_cycles[is_guest] += wait;
    return wait;
}
