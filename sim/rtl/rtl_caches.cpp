/* SPDX-License-Identifier: MIT
 * The memories of the model with caches: parts of a chip, whose array the outside sees. What the
 * data cache holds and the chip does not have yet is copied there after a run; what the outside
 * has changed since is copied into the cache before the next one (not into what holds code).
 * Neither takes a cycle. The firmware's store is filled through its port while the machine stands
 * still; its cycles count from the first bundle on.
 */
#include <cstring>
#include <vector>

#include "machine.h"
#include "machine_tables.h"
#include "sim/rtl/engine_rtl_impl.h"
#include "translator/aot/packed.h"

#define CHIP m->rootp->top__DOT__gen_chip__DOT__u_chip__DOT__words_q
#define DCACHE(name) SOC(gen_caches__DOT__u_data_side__DOT__u_dcache__DOT__##name)
#define PORT(name) SOC(gen_caches__DOT__u_port__DOT__##name)

namespace rtl_cached {

const bool has_misses = true;

namespace {

enum { LINE_BYTES = 64 };

const struct memory_info *info() {
    return &memory_info[MEMORY_ULX3S];
}

uint32_t *line_of_chip(rtl_model *m, uint32_t line) {
    return reinterpret_cast<uint32_t *>(&CHIP[0]) + (size_t)line * (LINE_BYTES / 4);
}

/* The data cache's line in `set`; NULL: there is none. */
uint32_t *line_of_cache(rtl_model *m, uint32_t set, uint32_t *line) {
    const uint32_t sets = info()->field[MEMORY_FIELD_DCACHE] / LINE_BYTES;
    const uint32_t tag_bits = (uint32_t)__builtin_ctz(info()->chip_bytes / LINE_BYTES / sets);
    const uint32_t tag = DCACHE(tags_q)[set];
    *line = (tag & ((1u << tag_bits) - 1)) * sets + set;
    return tag >> tag_bits != 0
               ? reinterpret_cast<uint32_t *>(&DCACHE(words_q)[0]) + (size_t)set * (LINE_BYTES / 4)
               : nullptr;
}

void step(rtl_engine *r) {
    half_cycle(r, 1);
    half_cycle(r, 0);
}

} // namespace

void load_memories(rtl_engine *r) {
    rtl_model *m = r->model.get();
    const uint32_t *words = line_of_chip(m, info()->code_at / LINE_BYTES);
    const uint32_t n = r->image_bytes / 4;
    std::vector<uint8_t> packed(packed_bytes(words, n));
    packed_write(packed.data(), words, n);
    m->load_i = 1;
    m->load_lines_i = packed_lines(n);
    reset(r); /* the store begins anew */
    for (size_t at = 0; at < packed.size(); at += 4) {
        memcpy(&m->load_data_i, &packed[at], 4);
        m->load_valid_i = 1;
        m->eval();
        while (!m->load_ready_o) {
            step(r);
        }
        step(r);
    }
    m->load_valid_i = 0;
    step(r);
    m->load_i = 0;
    m->eval();
}

void enter_memories(rtl_engine *r) {
    rtl_model *m = r->model.get();
    for (uint32_t set = 0; set < info()->field[MEMORY_FIELD_DCACHE] / LINE_BYTES; set++) {
        uint32_t line;
        uint32_t *words = line_of_cache(m, set, &line);
        if (words != nullptr) {
            memcpy(words, line_of_chip(m, line), LINE_BYTES);
        }
    }
}

/* A dirty line on its way out: its words leave the cache from the one on that the new line begins
 * with (a line that is only written back: from the first), each a cycle after the new one came, and
 * wait in mem_port's buffer. */
void see_victim(rtl_model *m) {
    const uint32_t words = LINE_BYTES / 4, left = PORT(missing_q), line = PORT(buffer_line_q);
    const uint32_t sets = info()->field[MEMORY_FIELD_DCACHE] / LINE_BYTES;
    const uint32_t first = DCACHE(clean_q) ? 0 : DCACHE(address_q) % words;
    const uint32_t *in_cache =
        reinterpret_cast<uint32_t *>(&DCACHE(words_q)[0]) + line % sets * words;
    uint32_t *to = line_of_chip(m, line);
    for (uint32_t i = 0; i < words; i++) {
        uint32_t word = (first + i) % words;
        to[word] = i < words - left ? PORT(buffer_q)[word] : in_cache[word];
    }
    if (left != 0 && DCACHE(old_valid_q)) {
        to[DCACHE(old_word_q)] = DCACHE(data1_o);
    }
}

void see_memories(rtl_engine *r) {
    rtl_model *m = r->model.get();
    if (PORT(evicting_q)) {
        see_victim(m);
    }
    for (uint32_t set = 0; set < info()->field[MEMORY_FIELD_DCACHE] / LINE_BYTES; set++) {
        uint32_t line;
        uint32_t *words = line_of_cache(m, set, &line);
        if (words != nullptr && DCACHE(dirty_q)[set]) {
            memcpy(line_of_chip(m, line), words, LINE_BYTES);
        }
    }
}

bool memory_counter(rtl_model *m, unsigned number, uint64_t *value) {
    if (number < CSR_ICACHE_MISSES || number > CSR_CHIP_CYCLES + 1) {
        return false;
    }
    *value =
        m->rootp
            ->top__DOT__gen_chip__DOT__u_counts__DOT__counts_q[(number - CSR_ICACHE_MISSES) / 2];
    return true;
}

uint8_t *mem(struct engine *e, enum engine_mem which) {
    rtl_model *m = self(e)->model.get();
    uint8_t *chip = reinterpret_cast<uint8_t *>(&CHIP[0]);
    switch (which) {
    case ENGINE_MEM_FWRAM:
        return chip + info()->fwram_at;
    case ENGINE_MEM_FLASH:
        return chip + info()->flash_at;
    case ENGINE_MEM_CODE:
        return chip + info()->code_at;
    case ENGINE_MEM_GUEST:
        return chip + info()->guest_at;
    }
    return nullptr;
}

size_t mem_bytes(struct engine *, enum engine_mem which) {
    switch (which) {
    case ENGINE_MEM_FWRAM:
        return info()->fwram_bytes;
    case ENGINE_MEM_FLASH:
        return info()->flash_bytes;
    case ENGINE_MEM_CODE:
        return info()->code_bytes;
    case ENGINE_MEM_GUEST:
        return info()->guest_bytes;
    }
    return 0;
}

} // namespace rtl_cached

extern "C" struct engine *engine_rtl_create_cached_stalling(uint32_t seed) {
    return rtl_cached::create(seed);
}

extern "C" struct engine *engine_rtl_create_cached(void) {
    return rtl_cached::create(0);
}
