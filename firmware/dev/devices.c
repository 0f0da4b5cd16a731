/* SPDX-License-Identifier: MIT
 * The bus outside RAM (devices.h): which device is at an address, the test finisher, and the
 * counters a guest can read. Every access teaches the profiler that the instruction is for the
 * interpreter. An address with no device behind it is an access fault, and so is an access of a
 * size the device does not take; both as in QEMU.
 */
#include "firmware/cms/cms.h"
#include "firmware/native.h"

enum { FINISHER_PASS = 0x5555, FINISHER_FAIL = 0x3333, FINISHER_RESET = 0x7777 };

static uint32_t finisher_load(struct cms *cms, uint32_t offset, uint32_t bytes) {
    (void)cms;
    (void)offset;
    (void)bytes;
    return 0;
}

static enum interp_dev_result finisher_store(struct cms *cms, uint32_t offset, uint32_t bytes,
                                             uint32_t value) {
    uint32_t code = value & 0xffffu;
    (void)bytes;
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

/* Sizes of accesses are sums of 1, 2 and 4. bytes_of_page: of each page only the first answer. */
enum { PAGE_BYTES = 0x1000 };
struct device {
    uint32_t base, bytes, bytes_of_page;
    uint32_t load_sizes, store_sizes;
    uint32_t (*load)(struct cms *cms, uint32_t offset, uint32_t bytes);
    enum interp_dev_result (*store)(struct cms *cms, uint32_t offset, uint32_t bytes,
                                    uint32_t value);
};

/* In the order of use: it is searched from the front. */
static const struct device map[] = {
    {0x10000000, 0x8, PAGE_BYTES, 7, 7, uart_load, uart_store},
    {0x02000000, 0xc000, PAGE_BYTES, 4, 4, clint_load, clint_store},
    {0x0c000000, 0x600000, PAGE_BYTES, 4, 4, plic_load, plic_store},
    {0x00100000, 0x1000, PAGE_BYTES, 6, 6, finisher_load, finisher_store},
    {0x00101000, 0x24, PAGE_BYTES, 4, 4, rtc_load, rtc_store},
    {0x10001000, 0x8000, 0x200, 7, 7, virtio_load, memory_store},
    {0x10100000, 0x1, PAGE_BYTES, 7, 7, fw_cfg_load, memory_store},
    {0x10100008, 0x2, PAGE_BYTES, 0, 2, fw_cfg_load, fw_cfg_select},
    {0x20000000, 0x4000000, PAGE_BYTES, 7, 7, erased_load, memory_store},
    {0x00001000, 0xf000, PAGE_BYTES, 7, 7, rom_load, memory_store},
};
enum { N_DEVICES = sizeof map / sizeof map[0] };

/* The device at an address and its part there, or NULL. */
static const struct device *find(uint32_t addr) {
    for (const struct device *d = map; d != map + N_DEVICES; d++)
        if (addr - d->base < d->bytes && ((addr - d->base) & (PAGE_BYTES - 1u)) < d->bytes_of_page)
            return d;
    return NULL;
}

/* The instruction is for the interpreter only. Mostly that is known, and with gear 0 alone nobody
 * asks. */
static void note_site(struct cms *cms) {
    if (!cms->is_at_site && cms->max_gear != 0)
        site_add(cms, cms->interp.pc);
}

static enum interp_dev_result load(void *ctx, uint32_t addr, uint32_t bytes, uint32_t *value) {
    struct cms *cms = ctx;
    const struct device *d = find(addr);
    note_site(cms);
    stat_add(cms, STAT_DEVICE_READS, 1);
    if (d == NULL || (d->load_sizes & bytes) == 0)
        return INTERP_DEV_NONE;
    *value = d->load(cms, addr - d->base, bytes);
    return INTERP_DEV_OK;
}

static enum interp_dev_result store(void *ctx, uint32_t addr, uint32_t bytes, uint32_t value) {
    struct cms *cms = ctx;
    const struct device *d = find(addr);
    note_site(cms);
    stat_add(cms, STAT_DEVICE_WRITES, 1);
    if (d == NULL || (d->store_sizes & bytes) == 0)
        return INTERP_DEV_NONE;
    enum interp_dev_result result = d->store(cms, addr - d->base, bytes, value);
    if (result == INTERP_DEV_EVENT)
        irq_kick(cms);
    return result;
}

/* The caller sees to it that two words belong together. */
static uint32_t read_csr(void *ctx, enum rv_csr csr) {
    struct cms *cms = ctx;
    switch (csr) {
    case RV_CSR_CYCLE:
        return native_csrr(CSR_CYCLES);
    case RV_CSR_CYCLEH:
        return native_csrr(CSR_CYCLES + 1);
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

static uint32_t read_mip(void *ctx) {
    return irq_read_mip(ctx);
}

void devices_init(struct cms *cms) {
    struct devices *dev = &cms->dev;
    const struct interp_dev ops = {
        .ctx = cms, .load = load, .store = store, .read_csr = read_csr, .read_mip = read_mip};
    const struct rtc rtc = dev->rtc; /* goes on */
    *dev = (struct devices){0};
    dev->ops = ops;
    dev->rtc = rtc;
    uart_init(&dev->uart);
    fw_cfg_init(cms);
    rtc_init(cms);
}
