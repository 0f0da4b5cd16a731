/* SPDX-License-Identifier: MIT
 * The bus outside RAM (devices.h): which device is at an address, the test finisher, and the
 * counters a guest can read. An address with no device behind it is an access fault, and so is an
 * access of a size the device does not take; both as in QEMU.
 */
#include "firmware/dev/devices.h"
#include "firmware/native.h"

enum { FINISHER_PASS = 0x5555, FINISHER_FAIL = 0x3333, FINISHER_RESET = 0x7777 };

uint32_t finisher_load(struct devices *dev, uint32_t offset, uint32_t bytes) {
    (void)dev;
    (void)offset;
    (void)bytes;
    return 0;
}

enum interp_dev_result finisher_store(struct devices *dev, uint32_t offset, uint32_t bytes,
                                      uint32_t value) {
    uint32_t code = value & 0xffffu;
    (void)bytes;
    if (offset != 0)
        return INTERP_DEV_OK;
    if (code == FINISHER_PASS)
        run_stop(&dev->run, 0);
    else if (code == FINISHER_FAIL)
        run_stop(&dev->run, value >> 16);
    else if (code == FINISHER_RESET)
        dev->run.is_stopped = dev->run.must_reset = true;
    else
        return INTERP_DEV_OK;
    return INTERP_DEV_EXIT;
}

/* Sizes of accesses are sums of 1, 2 and 4. bytes_of_page: of each page only the first answer. */
enum { PAGE_BYTES = 0x1000 };
struct device {
    uint32_t base, bytes, bytes_of_page;
    uint32_t load_sizes, store_sizes;
    uint32_t (*load)(struct devices *dev, uint32_t offset, uint32_t bytes);
    enum interp_dev_result (*store)(struct devices *dev, uint32_t offset, uint32_t bytes,
                                    uint32_t value);
};

/* In the order of use: it is searched from the front. */
static const struct device map[] = {
#define DEVICE(...) {__VA_ARGS__},
#include "firmware/dev/devices.def"
};
enum { N_DEVICES = sizeof map / sizeof map[0] };

/* The device at an address and its part there, or NULL. */
static const struct device *find(uint32_t addr) {
    for (const struct device *d = map; d != map + N_DEVICES; d++)
        if (addr - d->base < d->bytes && ((addr - d->base) & (PAGE_BYTES - 1u)) < d->bytes_of_page)
            return d;
    return NULL;
}

enum interp_dev_result devices_load(struct devices *dev, uint32_t addr, uint32_t bytes,
                                    uint32_t *value) {
    const struct device *d = find(addr);
    if (d == NULL || (d->load_sizes & bytes) == 0)
        return INTERP_DEV_NONE;
    *value = d->load(dev, addr - d->base, bytes);
    return INTERP_DEV_OK;
}

enum interp_dev_result devices_store(struct devices *dev, uint32_t addr, uint32_t bytes,
                                     uint32_t value) {
    const struct device *d = find(addr);
    if (d == NULL || (d->store_sizes & bytes) == 0)
        return INTERP_DEV_NONE;
    enum interp_dev_result result = d->store(dev, addr - d->base, bytes, value);
    if (result == INTERP_DEV_EVENT)
        dev->is_kicked = true;
    return result;
}

uint32_t devices_read_csr(const struct devices *dev, enum rv_csr csr) {
    switch (csr) {
    case RV_CSR_CYCLE:
        return native_csrr(CSR_CYCLES);
    case RV_CSR_CYCLEH:
        return native_csrr(CSR_CYCLES + 1);
    case RV_CSR_TIME:
        return (uint32_t)clint_mtime(&dev->clint);
    case RV_CSR_TIMEH:
        return (uint32_t)(clint_mtime(&dev->clint) >> 32);
    case RV_CSR_INSTRET:
        return (uint32_t)(native_counter(CSR_INSNS_FW) + native_counter(CSR_INSNS_GUEST));
    case RV_CSR_INSTRETH:
        return (uint32_t)((native_counter(CSR_INSNS_FW) + native_counter(CSR_INSNS_GUEST)) >> 32);
    }
    return 0;
}

void devices_init(struct devices *dev, const struct dev_env *env, struct line *line) {
    const struct rtc rtc = dev->rtc; /* goes on */
    *dev = (struct devices){.env = *env, .rtc = rtc, .line = line};
    uart_init(&dev->uart);
    fw_cfg_init(dev);
    rtc_init(dev);
}
