/* SPDX-License-Identifier: MIT
 * Control registers and counters of the Verilated SoC, as the ISS has them.
 */
#include "sim/rtl/engine_rtl_impl.h"

namespace RTL_NAMESPACE {

namespace {

/* With what the bundle behind M adds, which has executed. */
bool counter(rtl_model *m, unsigned number, uint64_t *value) {
    switch (number & ~1u) {
    case CSR_CYCLES:
        *value = CORE(u_counters__DOT__cycles_q);
        return true;
    case CSR_CYCLES_GUEST:
        *value = CORE(u_counters__DOT__cycles_guest_q);
        return true;
    case CSR_BUNDLES_GUEST:
        *value = CORE(u_counters__DOT__bundles_guest_q) + CORE(u_counters__DOT__bundle_guest_m2_q);
        return true;
    case CSR_INSNS_FW:
        *value = CORE(u_counters__DOT__insns_fw_q) +
                 (CORE(u_counters__DOT__commit_fw_m2_q) ? CORE(u_counters__DOT__insns_m2_q) : 0);
        return true;
    case CSR_INSNS_GUEST:
        *value = CORE(u_counters__DOT__insns_guest_q) +
                 (CORE(u_counters__DOT__commit_guest_m2_q) ? CORE(u_counters__DOT__insns_m2_q) : 0);
        return true;
    case CSR_COMMITS_GUEST:
        *value = CORE(u_counters__DOT__commits_guest_q) + CORE(u_counters__DOT__commit_guest_m2_q);
        return true;
    case CSR_BRANCH_MISSES:
        *value = CORE(u_counters__DOT__branch_misses_q) + CORE(u_counters__DOT__branch_miss_m2_q);
        return true;
    case CSR_JT_HITS:
        *value = CORE(u_counters__DOT__jt_hits_q) + CORE(u_counters__DOT__jt_hit_m2_i);
        return true;
    case CSR_JT_MISSES:
        *value = CORE(u_counters__DOT__jt_misses_q) + CORE(u_counters__DOT__jt_miss_m2_i);
        return true;
    case CSR_ROLLBACKS:
        *value = CORE(u_counters__DOT__rollbacks_q) + CORE(u_counters__DOT__rollback_m2_q);
        return true;
    case CSR_STALLS:
        *value = CORE(u_counters__DOT__stalls_q);
        return true;
    default:
        return memory_counter(m, number, value);
    }
}

uint32_t prot_hit(rtl_model *m) {
    if (!CORE(u_code_guard__DOT__hit_q)) {
        return 0;
    }
    return CORE(u_code_guard__DOT__granule_q) * GRANULE_BYTES |
           CORE(u_code_guard__DOT__again_q) << 1 | 1;
}

void set_guest_mask(rtl_model *m, uint32_t mask) {
    uint32_t low = mask >> 1;
    for (unsigned shift = 1; shift < 32; shift *= 2) {
        low |= low >> shift;
    }
    CORE(u_csr__DOT__guest_mask_q) = mask;
    CORE(u_csr__DOT__guest_low_q) = low;
}

} // namespace

uint32_t csr(struct engine *e, unsigned number) {
    rtl_model *m = self(e)->model.get();
    uint64_t value = 0;
    if (counter(m, number, &value)) {
        return (uint32_t)(number & 1 ? value >> 32 : value);
    }
    switch (number) {
    case CSR_TVEC:
        return native_address(CORE(u_csr__DOT__tvec_q));
    case CSR_TRAP_CAUSE:
        return CORE(u_csr__DOT__cause_q);
    case CSR_TRAP_PC:
        return CORE(u_csr__DOT__cause_q) ? native_address(CORE(u_csr__DOT__trap_pc_q)) : 0;
    case CSR_TRAP_ADDR:
        return CORE(u_csr__DOT__trap_addr_q);
    case CSR_TRAP_MODE:
        return CORE(u_csr__DOT__trap_mode_q);
    case CSR_COMMIT_PC:
        return CORE(u_csr__DOT__commit_pc_q);
    case CSR_UNDO_COUNT:
        return CORE(u_undo_log__DOT__count_q);
    case CSR_GUEST_MASK:
        return CORE(u_csr__DOT__guest_mask_q);
    case CSR_JT_MISS:
        return native_address(CORE(u_csr__DOT__jt_miss_q));
    case CSR_TIMER_CMP:
        return CORE(u_csr__DOT__timer_cmp_q);
    case CSR_TIMER_ON:
        return CORE(u_csr__DOT__timer_on_q);
    case CSR_PROT_HIT:
        return prot_hit(m);
    case CSR_TIME_TICKS:
        return (uint32_t)CORE(u_time_base__DOT__ticks_q);
    case CSR_TIME_TICKSH:
        return (uint32_t)(CORE(u_time_base__DOT__ticks_q) >> 32);
    case CSR_TIME_STEP:
        return (uint32_t)m->tick_num_i << 16 | m->tick_den_i;
    case CSR_BOOT_FLASH:
        return m->boot_flash_i;
    case CSR_BOOT_RAM:
        return m->boot_ram_i;
    case CSR_BOOT_FLAGS:
        return m->boot_flags_i;
    case CSR_BOOT_TCACHE:
        return m->boot_tcache_i;
    default:
        return 0;
    }
}

void set_csr(struct engine *e, unsigned number, uint32_t value) {
    rtl_model *m = self(e)->model.get();
    switch (number) {
    case CSR_TVEC:
        CORE(u_csr__DOT__tvec_q) = native_index(value);
        break;
    case CSR_JT_MISS:
        CORE(u_csr__DOT__jt_miss_q) = native_index(value);
        break;
    case CSR_GUEST_MASK:
        set_guest_mask(m, value < CONFIG_WIDE_GUEST_BYTES ? value | 0xfff
                                                          : CONFIG_WIDE_GUEST_BYTES - 1);
        break;
    case CSR_TIMER_CMP:
        CORE(u_csr__DOT__timer_cmp_q) = value;
        CORE(u_csr__DOT__timer_cmp_less_q) = value - 2;
        break;
    case CSR_TIMER_ON:
        CORE(u_csr__DOT__timer_on_q) = value & 1;
        break;
    default:
        break;
    }
}

} // namespace RTL_NAMESPACE
