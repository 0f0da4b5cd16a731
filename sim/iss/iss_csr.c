/* SPDX-License-Identifier: MIT
 * ISS: control and status registers, counters, jump-target table, memory permissions.
 */
#include "sim/iss/iss.h"

enum { UART_CAN_SEND = 1, UART_HAS_BYTE = 2, UART_IS_OVER = 4 };
#define UART_EMPTY 0x80000000u
#define SPI_BUSY 0x80000000u

enum { SPI_BYTE_CYCLES = 16 * SPI_HALF_CYCLES, SPI_NO_CHIP = 0xff };

/* What the whole cycles since the start make, as rtl/time_base.sv counts them. */
static uint64_t platform_ticks(const struct iss *c) {
    const struct memory_info *m = &memory_info[c->boot.memory];
    uint64_t cycle = iss_cycle(c);
    return cycle / m->tick_den * m->tick_num + cycle % m->tick_den * m->tick_num / m->tick_den;
}

static uint64_t memory_counter(const struct iss_mem *m, unsigned number) {
    switch (number) {
    case CSR_ICACHE_MISSES:
        return m->icache_misses[0] + m->icache_misses[1];
    case CSR_ICACHE_MISSES_GUEST:
        return m->icache_misses[1];
    case CSR_ICACHE_CYCLES:
        return m->icache_cycles[0] + m->icache_cycles[1];
    case CSR_ICACHE_CYCLES_GUEST:
        return m->icache_cycles[1];
    case CSR_ICACHE_AHEAD:
        return m->ahead;
    case CSR_ICACHE_SECOND:
        return m->second_hits;
    case CSR_DCACHE_MISSES:
        return m->dcache_misses[0] + m->dcache_misses[1];
    case CSR_DCACHE_MISSES_GUEST:
        return m->dcache_misses[1];
    case CSR_DCACHE_CYCLES:
        return m->dcache_cycles[0] + m->dcache_cycles[1];
    case CSR_DCACHE_CYCLES_GUEST:
        return m->dcache_cycles[1];
    case CSR_DCACHE_WRITE_BACKS:
        return m->write_backs;
    case CSR_CHIP_CYCLES:
        return m->chip_cycles;
    default:
        return 0;
    }
}

static uint64_t counter(const struct iss *c, unsigned number) {
    switch (number) {
    case CSR_CYCLES:
        return iss_cycle(c);
    case CSR_CYCLES_GUEST:
        return c->cycles_guest + (c->guest ? iss_cycle(c) - c->mode_cycle : 0);
    case CSR_BUNDLES_GUEST:
        return c->bundles_guest + (c->guest ? c->bundles - c->mode_bundles : 0);
    case CSR_INSNS_FW:
        return c->insns_fw;
    case CSR_INSNS_GUEST:
        return c->insns_guest;
    case CSR_COMMITS_GUEST:
        return c->commits_guest;
    case CSR_BRANCH_MISSES:
        return c->branch_misses;
    case CSR_JT_HITS:
        return c->jt_hits;
    case CSR_JT_MISSES:
        return c->jt_misses;
    case CSR_ROLLBACKS:
        return c->rollbacks;
    case CSR_STALLS:
        return c->stalls;
    case CSR_TIME_TICKS:
        return platform_ticks(c);
    default:
        return c->mem != NULL ? memory_counter(c->mem, number) : 0;
    }
}

bool iss_has_byte(const struct iss *c) {
    const struct engine_hooks *h = c->hooks;
    return h != NULL && h->uart_rx_ready != NULL && h->uart_rx_ready(h->ctx);
}

static uint32_t uart_status(const struct iss *c) {
    const struct engine_hooks *h = c->hooks;
    bool has_byte = iss_has_byte(c);
    bool is_over = !has_byte && h != NULL && h->uart_rx_over != NULL && h->uart_rx_over(h->ctx);
    return UART_CAN_SEND | (has_byte ? UART_HAS_BYTE : 0u) | (is_over ? UART_IS_OVER : 0u);
}

static bool spi_is_busy(const struct iss *c) {
    return iss_cycle(c) < c->spi_free;
}

static void spi_send(struct iss *c) {
    if (!spi_is_busy(c)) {
        c->spi_free = iss_cycle(c) + SPI_BYTE_CYCLES + 1;
        c->spi_byte = SPI_NO_CHIP;
    }
}

uint32_t iss_csr_peek(struct iss *c, unsigned number) {
    uint32_t newest = c->undo_count - 1;
    switch (number) {
    case CSR_TVEC:
        return c->tvec;
    case CSR_TRAP_CAUSE:
        return c->trap_cause;
    case CSR_TRAP_PC:
        return c->trap_pc;
    case CSR_TRAP_ADDR:
        return c->trap_addr;
    case CSR_TRAP_MODE:
        return c->trap_mode;
    case CSR_COMMIT_PC:
        return c->commit_pc;
    case CSR_UNDO_COUNT:
        return c->undo_count;
    case CSR_UNDO_ADDR:
        return c->undo_count != 0 ? c->undo_addr[newest] : 0;
    case CSR_UNDO_DATA:
        return c->undo_count != 0 ? c->undo_data[newest] : 0;
    case CSR_GUEST_MASK:
        return c->guest_mask;
    case CSR_JT_MISS:
        return c->jt_miss;
    case CSR_TIMER_CMP:
        return c->timer_cmp;
    case CSR_TIMER_ON:
        return c->timer_on;
    case CSR_PROT_HIT:
        return iss_prot_peek(c);
    case CSR_UART_STATUS:
        return uart_status(c);
    case CSR_BOOT_FLASH:
        return c->boot.flash_bytes;
    case CSR_BOOT_RAM:
        return c->boot.ram_bytes;
    case CSR_BOOT_FLAGS:
        return c->boot.flags;
    case CSR_BOOT_TCACHE:
        return c->boot.tcache_bytes;
    case CSR_CONFIG_ID:
        return MACHINE_ID;
    case CSR_SPI_DATA:
        return spi_is_busy(c) ? SPI_BUSY : c->spi_byte;
    case CSR_TIME_STEP:
        return memory_info[c->boot.memory].tick_num << 16 | memory_info[c->boot.memory].tick_den;
    default: /* counters are pairs at even numbers; all others read 0 */
        return (uint32_t)(counter(c, number & ~1u) >> (number & 1) * 32);
    }
}

uint32_t iss_csr_read(struct iss *c, unsigned number) {
    if (number / 8 < ISS_CSR_BLOCKS && c->now < c->csr_settled[number / 8]) {
        iss_error(c, "csrr of CSR 0x%02x less than %d cycles after a csrw nearby", number,
                  CSR_SETTLE_CYCLES);
        return 0;
    }
    if (number != CSR_UART_RX) {
        return iss_csr_peek(c, number);
    }
    int byte = c->hooks->uart_rx != NULL ? c->hooks->uart_rx(c->hooks->ctx) : -1;
    return byte < 0 ? UART_EMPTY : (uint32_t)byte;
}

static uint32_t bundle_address(uint32_t value) {
    return iss_bundle_address(value / BUNDLE_BYTES);
}

static unsigned jt_index(uint32_t guest_pc) {
    return (guest_pc >> 1 ^ guest_pc / (2 * ISS_JT_ENTRIES)) & (ISS_JT_ENTRIES - 1);
}

uint32_t iss_jt_lookup(struct iss *c, uint32_t guest_pc, bool *is_hit) {
    const struct iss_jt_entry *entry = &c->jt[jt_index(guest_pc)];
    *is_hit = entry->is_valid && entry->tag == guest_pc;
    return *is_hit ? entry->native : c->jt_miss;
}

static void jt_insert(struct iss *c, uint32_t native) {
    c->jt[jt_index(c->jt_tag)] =
        (struct iss_jt_entry){c->jt_tag, bundle_address(native), native != 0};
}

static void jt_flush(struct iss *c) {
    for (unsigned i = 0; i < ISS_JT_ENTRIES; i++) {
        c->jt[i].is_valid = false;
    }
}

static void send_byte(struct iss *c, unsigned number, uint32_t value) {
    const struct engine_hooks *h = c->hooks;
    if (number == CSR_UART_TX && h->on_uart_tx != NULL) {
        h->on_uart_tx(h->ctx, (uint8_t)value);
        if (iss_is_stop_asked(c)) {
            iss_stop(c, ENGINE_ASKED);
        }
    } else if (number == CSR_LOG_TX && h->on_log_tx != NULL) {
        h->on_log_tx(h->ctx, (uint8_t)value);
    }
}

void iss_csr_write(struct iss *c, unsigned number, uint32_t value) {
    switch (number) {
    case CSR_TVEC:
        c->tvec = bundle_address(value);
        break;
    case CSR_UNDO_POP:
        c->undo_count -= c->undo_count != 0;
        break;
    case CSR_GUEST_MASK:
        c->guest_mask =
            value < CONFIG_WIDE_GUEST_BYTES ? value | 0xfff : CONFIG_WIDE_GUEST_BYTES - 1;
        iss_regions_set(c);
        break;
    case CSR_JT_MISS:
        c->jt_miss = bundle_address(value);
        break;
    case CSR_JT_TAG:
        c->jt_tag = value;
        break;
    case CSR_JT_INSERT:
        jt_insert(c, value);
        break;
    case CSR_JT_FLUSH:
        jt_flush(c);
        break;
    case CSR_TIMER_CMP:
        c->timer_cmp = value;
        break;
    case CSR_TIMER_ON:
        c->timer_on = value & 1;
        break;
    case CSR_PROT_HIT:
    case CSR_PROT_SET:
    case CSR_PROT_CLEAR:
        iss_prot_write(c, number, value);
        break;
    case CSR_SPI_DATA:
        spi_send(c);
        break;
    case CSR_UART_TX:
    case CSR_LOG_TX:
        send_byte(c, number, value);
        break;
    case CSR_SYS_EXIT:
        c->exit_status = value;
        c->has_exited = true;
        iss_stop(c, ENGINE_EXITED);
        break;
    default:
        break;
    }
}

void iss_regions_set(struct iss *c) {
    uint8_t **m = c->memory;
    struct iss_region *fw = c->region[0];
    fw[MEM_FWRAM_BASE >> 28] = (struct iss_region){
        m[ENGINE_MEM_FWRAM], MEM_FWRAM_BASE, CONFIG_WIDE_FWRAM_BYTES, CONFIG_WIDE_FWRAM_BYTES};
    const uint32_t flash_bytes = memory_info[c->boot.memory].flash_bytes;
    fw[MEM_FLASH_BASE >> 28] =
        (struct iss_region){m[ENGINE_MEM_FLASH], MEM_FLASH_BASE, flash_bytes, flash_bytes};
    fw[MEM_CODE_BASE >> 28] = (struct iss_region){m[ENGINE_MEM_CODE], MEM_CODE_BASE, 0,
                                                  CONFIG_WIDE_CODE_BUNDLES * BUNDLE_BYTES};
    for (unsigned i = 0; i < MEM_GUEST_BYTES >> 28; i++) {
        unsigned top = (MEM_GUEST_BASE >> 28) + i;
        fw[top] = (struct iss_region){m[ENGINE_MEM_GUEST], MEM_GUEST_BASE, CONFIG_WIDE_GUEST_BYTES,
                                      CONFIG_WIDE_GUEST_BYTES};
        c->region[1][top] = (struct iss_region){m[ENGINE_MEM_GUEST], MEM_GUEST_BASE,
                                                c->guest_mask + 1, c->guest_mask + 1};
    }
}
