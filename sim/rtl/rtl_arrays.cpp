/* SPDX-License-Identifier: MIT
 * The memories of the model that has them on chip; and what the RTL keeps beside the bundles of
 * CODE, for an image that nobody wrote through the core.
 */
#include <cstring>

#include "sim/rtl/engine_rtl_impl.h"

namespace rtl {

const bool has_misses = false;

/* Beside the bundles: hints and successors. Bundles that nobody wrote are all zero, as is all that
 * belongs to them but the successor, which is the next. */
void load_memories(rtl_engine *r) {
    Vtop *m = r->model.get();
    const uint32_t *words =
        reinterpret_cast<const uint32_t *>(&SOC(gen_arrays__DOT__u_code_mem__DOT__bundles_q)[0]);
    static const uint32_t zeros[ENGINE_SLOTS] = {};
    for (uint32_t i = 0; i < CONFIG_WIDE_CODE_BUNDLES; i++) {
        const uint32_t *bundle = words + ENGINE_SLOTS * (size_t)i;
        if (memcmp(bundle, zeros, sizeof zeros) == 0) {
            SOC(gen_arrays__DOT__u_code_mem__DOT__hints_q)[i] = 0;
            SOC(gen_arrays__DOT__u_code_mem__DOT__next_q)[i] = i + 1;
            continue;
        }
        for (unsigned s = 0; s < ENGINE_SLOTS; s++) {
            m->loaded_bundle_i[s] = bundle[s];
        }
        m->loaded_index_i = i;
        m->eval();
        SOC(gen_arrays__DOT__u_code_mem__DOT__hints_q)[i] = m->loaded_hints_o;
        SOC(gen_arrays__DOT__u_code_mem__DOT__next_q)[i] = m->loaded_next_o;
    }
}

void enter_memories(rtl_engine *) {
}

void see_memories(rtl_engine *) {
}

bool memory_counter(rtl_model *, unsigned, uint64_t *) {
    return false;
}

uint8_t *mem(struct engine *e, enum engine_mem which) {
    Vtop *m = self(e)->model.get();
    switch (which) {
    case ENGINE_MEM_FWRAM:
        return reinterpret_cast<uint8_t *>(&SOC(gen_arrays__DOT__u_data_mem__DOT__fwram_q)[0]);
    case ENGINE_MEM_FLASH:
        return reinterpret_cast<uint8_t *>(&SOC(gen_arrays__DOT__u_data_mem__DOT__flash_q)[0]);
    case ENGINE_MEM_CODE:
        return reinterpret_cast<uint8_t *>(&SOC(gen_arrays__DOT__u_code_mem__DOT__bundles_q)[0]);
    case ENGINE_MEM_GUEST:
        return reinterpret_cast<uint8_t *>(&SOC(gen_arrays__DOT__u_data_mem__DOT__guest_q)[0]);
    }
    return nullptr;
}

size_t mem_bytes(struct engine *, enum engine_mem which) {
    switch (which) {
    case ENGINE_MEM_FWRAM:
        return CONFIG_WIDE_FWRAM_BYTES;
    case ENGINE_MEM_FLASH:
        return CONFIG_WIDE_FLASH_BYTES;
    case ENGINE_MEM_CODE:
        return (size_t)CONFIG_WIDE_CODE_BUNDLES * BUNDLE_BYTES;
    case ENGINE_MEM_GUEST:
        return CONFIG_WIDE_GUEST_BYTES;
    }
    return 0;
}

} // namespace rtl

extern "C" struct engine *engine_rtl_create_stalling(uint32_t seed) {
    return rtl::create(seed);
}

extern "C" struct engine *engine_rtl_create(void) {
    return rtl::create(0);
}

extern "C" void engine_rtl_reset(struct engine *e) {
    rtl::rtl_engine *r = rtl::self(e);
    r->is_started = r->has_records = false;
    r->insns = 0;
    r->exit_status = 0;
    r->rx_byte = -1;
    r->message[0] = '\0';
    r->model->uart_rx_valid_i = 0;
    rtl::reset(r);
}
