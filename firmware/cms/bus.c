/* SPDX-License-Identifier: MIT
 * The way from the interpreter to the devices (bus.h). Every access teaches the profile that the
 * instruction is for the interpreter. */
#include "firmware/cms/bus.h"
#include "firmware/cms/cms.h"

/* Mostly that is known, and with gear 0 alone nobody asks. */
static void note_site(struct cms *cms) {
    if (!cms->is_at_site && cms->max_gear != 0)
        cms_add_site(cms, cms->interp.pc);
}

static enum interp_dev_result load(void *ctx, uint32_t addr, uint32_t bytes, uint32_t *value) {
    struct cms *cms = ctx;
    note_site(cms);
    stat_add(cms, STAT_DEVICE_READS, 1);
    return devices_load(&cms->dev, addr, bytes, value);
}

static enum interp_dev_result store(void *ctx, uint32_t addr, uint32_t bytes, uint32_t value) {
    struct cms *cms = ctx;
    note_site(cms);
    stat_add(cms, STAT_DEVICE_WRITES, 1);
    return devices_store(&cms->dev, addr, bytes, value);
}

static uint32_t read_csr(void *ctx, enum rv_csr csr) {
    struct cms *cms = ctx;
    return devices_read_csr(&cms->dev, csr);
}

static uint32_t read_mip(void *ctx) {
    struct cms *cms = ctx;
    return irq_read_mip(&cms->irq);
}

void bus_init(struct cms *cms) {
    cms->bus = (struct interp_dev){
        .ctx = cms, .load = load, .store = store, .read_csr = read_csr, .read_mip = read_mip};
}
