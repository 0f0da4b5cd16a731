/* SPDX-License-Identifier: MIT
 * Virtual CLINT of one hart: software interrupt, time and its comparison. mtime is the platform's
 * time plus an offset that a store to mtime sets. mtimecmp is 0 at reset, so the timer's line is
 * high from the beginning, as in QEMU. Offsets without a register read 0 and drop writes.
 */
#include "firmware/dev/devices.h"
#include "firmware/native.h"

enum {
    CLINT_MSIP = 0x0,
    CLINT_MTIMECMP = 0x4000,
    CLINT_MTIMECMP_HIGH = 0x4004,
    CLINT_MTIME = 0xbff8,
    CLINT_MTIME_HIGH = 0xbffc,
};

uint64_t clint_platform_ticks(void) {
    uint32_t high, low;
    do {
        high = native_csrr(CSR_TIME_TICKSH);
        low = native_csrr(CSR_TIME_TICKS);
    } while (high != native_csrr(CSR_TIME_TICKSH));
    return (uint64_t)high << 32 | low;
}

uint64_t clint_mtime(const struct clint *c) {
    return clint_platform_ticks() + c->offset;
}

uint32_t clint_load(struct devices *dev, uint32_t offset, uint32_t bytes) {
    const struct clint *c = &dev->clint;
    (void)bytes;
    switch (offset) {
    case CLINT_MSIP:
        return c->msip;
    case CLINT_MTIMECMP:
        return (uint32_t)c->mtimecmp;
    case CLINT_MTIMECMP_HIGH:
        return (uint32_t)(c->mtimecmp >> 32);
    case CLINT_MTIME:
        return (uint32_t)clint_mtime(c);
    case CLINT_MTIME_HIGH:
        return (uint32_t)(clint_mtime(c) >> 32);
    default:
        return 0;
    }
}

enum interp_dev_result clint_store(struct devices *dev, uint32_t offset, uint32_t bytes,
                                   uint32_t value) {
    struct clint *c = &dev->clint;
    uint64_t now;
    (void)bytes;
    if (offset != CLINT_MSIP)
        c->set_at = native_counter(CSR_CYCLES);
    switch (offset) {
    case CLINT_MSIP:
        c->msip = value & 1u;
        break;
    case CLINT_MTIMECMP:
        c->mtimecmp = word_low(c->mtimecmp, value);
        break;
    case CLINT_MTIMECMP_HIGH:
        c->mtimecmp = word_high(c->mtimecmp, value);
        break;
    case CLINT_MTIME:
        now = clint_mtime(c);
        c->offset += word_low(now, value) - now;
        break;
    case CLINT_MTIME_HIGH:
        now = clint_mtime(c);
        c->offset += word_high(now, value) - now;
        break;
    default:
        break;
    }
    return INTERP_DEV_EVENT;
}
