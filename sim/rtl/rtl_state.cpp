/* SPDX-License-Identifier: MIT
 * What the Verilated SoC holds, from outside: memories, registers, pc; and what the RTL keeps
 * beside the bundles of CODE, for an image that nobody wrote through the core.
 */
#include <cstring>

#include "sim/rtl/engine_rtl_impl.h"

namespace rtl {

namespace {

uint32_t *bank_words(Vtop *m, unsigned slot) {
#define BANK(n) &CORE(u_regfile__DOT__gen_bank__BRA__##n##__KET____DOT__u_bank__DOT__words_q)[0]
    uint32_t *const banks[ENGINE_SLOTS] = {
        BANK(0),
        BANK(1),
#if SLOT_COUNT > 2
        BANK(2),
        BANK(3),
#endif
    };
#undef BANK
    return banks[slot];
}

} // namespace

void read_banks(rtl_engine *r) {
    for (unsigned n = 0; n < ENGINE_REGS; n++) {
        r->regs[n] = bank_words(r->model.get(), n % ENGINE_SLOTS)[n / ENGINE_SLOTS];
    }
    memcpy(r->committed, r->regs, sizeof r->committed);
}

/* Beside the bundles: hints and successors. Bundles that nobody wrote are all zero, as is all that
 * belongs to them but the successor, which is the next. */
void predecode(rtl_engine *r) {
    Vtop *m = r->model.get();
    const uint32_t *words = reinterpret_cast<const uint32_t *>(&SOC(u_code_mem__DOT__bundles_q)[0]);
    static const uint32_t zeros[ENGINE_SLOTS] = {};
    for (uint32_t i = 0; i < CONFIG_WIDE_CODE_BUNDLES; i++) {
        const uint32_t *bundle = words + ENGINE_SLOTS * (size_t)i;
        if (memcmp(bundle, zeros, sizeof zeros) == 0) {
            SOC(u_code_mem__DOT__hints_q)[i] = 0;
            SOC(u_code_mem__DOT__next_q)[i] = i + 1;
            continue;
        }
        for (unsigned s = 0; s < ENGINE_SLOTS; s++) {
            m->loaded_bundle_i[s] = bundle[s];
        }
        m->loaded_index_i = i;
        m->eval();
        SOC(u_code_mem__DOT__hints_q)[i] = m->loaded_hints_o;
        SOC(u_code_mem__DOT__next_q)[i] = m->loaded_next_o;
    }
}

void set_memory(Vtop *m, enum memory memory) {
    m->tick_num_i = (uint16_t)memory_info[memory].tick_num;
    m->tick_den_i = (uint16_t)memory_info[memory].tick_den;
}

bool set_boot(struct engine *e, const struct engine_boot *boot) {
    Vtop *m = self(e)->model.get();
    m->boot_flash_i = boot->flash_bytes;
    m->boot_ram_i = boot->ram_bytes;
    m->boot_flags_i = boot->flags;
    m->boot_tcache_i = boot->tcache_bytes;
    set_memory(m, boot->memory);
    return true;
}

uint8_t *mem(struct engine *e, enum engine_mem which) {
    Vtop *m = self(e)->model.get();
    switch (which) {
    case ENGINE_MEM_FWRAM:
        return reinterpret_cast<uint8_t *>(&SOC(u_data_mem__DOT__fwram_q)[0]);
    case ENGINE_MEM_FLASH:
        return reinterpret_cast<uint8_t *>(&SOC(u_data_mem__DOT__flash_q)[0]);
    case ENGINE_MEM_CODE:
        return reinterpret_cast<uint8_t *>(&SOC(u_code_mem__DOT__bundles_q)[0]);
    case ENGINE_MEM_GUEST:
        return reinterpret_cast<uint8_t *>(&SOC(u_data_mem__DOT__guest_q)[0]);
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

uint32_t reg(struct engine *e, unsigned number) {
    rtl_engine *r = self(e);
    number %= ENGINE_REGS;
    return r->has_records
               ? r->regs[number]
               : bank_words(r->model.get(), number % ENGINE_SLOTS)[number / ENGINE_SLOTS];
}

void set_reg(struct engine *e, unsigned number, uint32_t value) {
    number %= ENGINE_REGS;
    if (number != 0) {
        bank_words(self(e)->model.get(), number % ENGINE_SLOTS)[number / ENGINE_SLOTS] = value;
    }
}

uint32_t pc(struct engine *e) {
    Vtop *m = self(e)->model.get();
    return native_address(CORE(u_control__DOT__pc_ex_q));
}

bool is_guest(struct engine *e) {
    Vtop *m = self(e)->model.get();
    return CORE(u_control__DOT__guest_q);
}

void set_pc(struct engine *e, uint32_t pc, bool is_guest) {
    Vtop *m = self(e)->model.get();
    CORE(u_control__DOT__target_m_q) = native_index(pc);
    CORE(u_control__DOT__redirect_m_q) = 1;
    CORE(u_control__DOT__guest_q) = is_guest;
    m->eval();
}

} // namespace rtl
