/* SPDX-License-Identifier: MIT
 * The bus outside RAM (devices.h): which device is at an address, the test finisher, and the
 * counters a guest can read. Every access teaches the profiler that the instruction is for the
 * interpreter, and may change interrupt lines. An address with no device behind it is an access
 * fault, and so is an access of a size the device does not take; both as in QEMU.
 */
#include "translator/cms.h"
#include "firmware/native.h"

enum { FINISHER_BASE = 0x00100000, FINISHER_BYTES = 0x1000 };
enum { FINISHER_PASS = 0x5555, FINISHER_FAIL = 0x3333, FINISHER_RESET = 0x7777 };
enum { CLINT_BASE = 0x02000000, CLINT_BYTES = 0xc000 };
enum { PLIC_BASE = 0x0c000000, PLIC_BYTES = 0x600000 };
enum { UART_BASE = 0x10000000, UART_BYTES = 8 };

static enum interp_dev_result finisher_store(struct cms *cms, uint32_t offset, uint32_t value) {
    uint32_t code = value & 0xffffu;
    if (offset != 0)
        return INTERP_DEV_OK;
    if (code == FINISHER_PASS)
        cms_stop(cms, 0);
    else if (code == FINISHER_FAIL)
        cms_stop(cms, value >> 16);
    else if (code == FINISHER_RESET)
        cms->is_stopped = cms->dev.must_reset = true;
    else
        return INTERP_DEV_OK;
    return INTERP_DEV_EXIT;
}

/* The instruction is for the interpreter only; mostly that is known. */
static void note_site(struct cms *cms) {
    if (!cms->is_at_site)
        site_add(cms, cms->interp.pc);
}

static enum interp_dev_result load(void *ctx, uint32_t addr, uint32_t bytes, uint32_t *value) {
    struct cms *cms = ctx;
    note_site(cms);
    stat_add(cms, STAT_DEVICE_READS, 1);
    if (addr - CLINT_BASE >= CLINT_BYTES && cms->interp.priv.mie != 0)
        irq_kick(cms);
    if (addr - UART_BASE < UART_BYTES)
        *value = uart_load(cms, addr - UART_BASE);
    else if (addr - CLINT_BASE < CLINT_BYTES && bytes == 4)
        *value = clint_load(&cms->dev.clint, addr - CLINT_BASE);
    else if (addr - PLIC_BASE < PLIC_BYTES && bytes == 4)
        *value = plic_load(cms, addr - PLIC_BASE);
    else if (addr - FINISHER_BASE < FINISHER_BYTES && bytes >= 2)
        *value = 0;
    else
        return INTERP_DEV_NONE;
    return INTERP_DEV_OK;
}

static enum interp_dev_result store(void *ctx, uint32_t addr, uint32_t bytes, uint32_t value) {
    struct cms *cms = ctx;
    note_site(cms);
    stat_add(cms, STAT_DEVICE_WRITES, 1);
    irq_kick(cms);
    if (addr - UART_BASE < UART_BYTES)
        uart_store(cms, addr - UART_BASE, (uint8_t)value);
    else if (addr - CLINT_BASE < CLINT_BYTES && bytes == 4)
        clint_store(&cms->dev.clint, addr - CLINT_BASE, value);
    else if (addr - PLIC_BASE < PLIC_BYTES && bytes == 4)
        plic_store(cms, addr - PLIC_BASE, value);
    else if (addr - FINISHER_BASE < FINISHER_BYTES && bytes >= 2)
        return finisher_store(cms, addr - FINISHER_BASE, value);
    else
        return INTERP_DEV_NONE;
    return INTERP_DEV_EVENT;
}

static uint32_t read_csr(void *ctx, enum rv_csr csr) {
    struct cms *cms = ctx;
    switch (csr) {
    case RV_CSR_CYCLE:
        return (uint32_t)native_counter(CSR_CYCLES);
    case RV_CSR_CYCLEH:
        return (uint32_t)(native_counter(CSR_CYCLES) >> 32);
    case RV_CSR_TIME:
        return (uint32_t)clint_mtime(&cms->dev.clint);
    case RV_CSR_TIMEH:
        return (uint32_t)(clint_mtime(&cms->dev.clint) >> 32);
    case RV_CSR_INSTRET:
        return (uint32_t)(native_counter(CSR_INSNS_FW) + native_counter(CSR_INSNS_GUEST));
    case RV_CSR_INSTRETH:
        return (uint32_t)((native_counter(CSR_INSNS_FW) + native_counter(CSR_INSNS_GUEST)) >> 32);
    }
    return 0;
}

void devices_init(struct cms *cms) {
    cms->dev.ops.ctx = cms;
    cms->dev.ops.load = load;
    cms->dev.ops.store = store;
    cms->dev.ops.read_csr = read_csr;
    cms->dev.must_reset = false;
    uart_init(&cms->dev.uart);
    clint_init(&cms->dev.clint);
    cms->dev.plic = (struct plic){0};
}
