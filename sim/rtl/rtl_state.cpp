/* SPDX-License-Identifier: MIT
 * What the Verilated SoC holds, from outside: registers, pc, what it boots with.
 */
#include <cstring>

#include "sim/rtl/engine_rtl_impl.h"

namespace RTL_NAMESPACE {

namespace {

uint32_t *bank_words(rtl_model *m, unsigned slot) {
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

void set_memory(rtl_model *m, enum memory memory) {
    m->tick_num_i = (uint16_t)memory_info[memory].tick_num;
    m->tick_den_i = (uint16_t)memory_info[memory].tick_den;
}

bool set_boot(struct engine *e, const struct engine_boot *boot) {
    rtl_model *m = self(e)->model.get();
    m->boot_flash_i = boot->flash_bytes;
    m->boot_ram_i = boot->ram_bytes;
    m->boot_flags_i = boot->flags;
    m->boot_tcache_i = boot->tcache_bytes;
    set_memory(m, boot->memory);
    self(e)->image_bytes = boot->image_bytes;
    return true;
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
    rtl_model *m = self(e)->model.get();
    return native_address(CORE(u_control__DOT__pc_ex_q));
}

bool is_guest(struct engine *e) {
    rtl_model *m = self(e)->model.get();
    return CORE(u_control__DOT__guest_q);
}

void set_pc(struct engine *e, uint32_t pc, bool is_guest) {
    rtl_model *m = self(e)->model.get();
    CORE(u_control__DOT__target_m_q) = native_index(pc);
    CORE(u_control__DOT__redirect_m_q) = 1;
    CORE(u_control__DOT__guest_q) = is_guest;
    m->eval();
}

} // namespace RTL_NAMESPACE
