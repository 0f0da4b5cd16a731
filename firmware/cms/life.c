/* SPDX-License-Identifier: MIT
 * Life of struct cms (life.h). */
#include "firmware/cms/life.h"
#include "firmware/cms/bus.h"
#include "firmware/cms/cms.h"
#include "firmware/cms/gear1.h"
#include "firmware/native.h"

static void note_loss(void *ctx, uint32_t guest_pc) {
    struct cms *cms = ctx;
    profile_note_loss(&cms->profile, guest_pc);
}

static void init_tcache(struct cms *cms, struct tc_tables *tables) {
    const struct tc_config config = {.code = cms->platform.code,
                                     .mem = &cms->mem,
                                     .stats = &cms->stats,
                                     .keeps_guesses = (cms->flags & BOOT_NO_LEARN) != 0,
                                     .on_loss = note_loss,
                                     .ctx = cms};
    uint32_t first = cms->platform.code_first_bytes;
    uint32_t bytes = cms->platform.code_bytes - first;
    uint32_t wanted = native_csrr(CSR_BOOT_TCACHE);
    tc_init(&cms->tc, &config, tables, first, wanted != 0 && wanted < bytes ? wanted : bytes);
}

/* What the workstation wants to know before it believes anything. */
static void init_stats(struct cms *cms) {
    struct cms_stats *s = &cms->stats;
    s->version = CMS_STATS_VERSION;
    s->n_stats = STAT_COUNT;
    s->regions_addr = (uint32_t)(uintptr_t)cms->tc.regions;
    s->cells_addr = (uint32_t)(uintptr_t)cms->tc.cells;
    s->interp_pc_addr = (uint32_t)(uintptr_t)&cms->interp.pc;
    s->priv_addr = (uint32_t)(uintptr_t)&cms->interp.priv;
    s->ring_addr = (uint32_t)(uintptr_t)cms->ring;
    s->tally_addr = (uint32_t)(uintptr_t)&cms->tally;
    s->all_bundles_addr = (uint32_t)(uintptr_t)&cms->tc.n_bundles;
    s->misaligned_addr = (uint32_t)(uintptr_t)&cms->misaligned.n_added;
    s->magic = CMS_STATS_MAGIC; /* last: a run may end here */
}

void cms_init(struct cms *cms, const struct cms_platform *platform, struct xl *xl,
              struct tc_tables *tables) {
    cms->platform = *platform;
    cms->xl = xl;
    cms->flags = native_csrr(CSR_BOOT_FLAGS);
    if ((cms->flags & BOOT_CHAOS_ROLLBACK) != 0)
        cms->flags |= BOOT_NO_CHAIN | BOOT_NO_JTL;
    cms->max_gear = cms->flags & BOOT_GEAR_MASK;
    cms->threshold = (cms->flags & BOOT_EAGER) != 0 ? 1 : XLATE_THRESHOLD;
    cms->mem.ram = platform->guest_ram;
    cms->mem.base = MEM_GUEST_BASE;
    cms->mem.bytes = native_csrr(CSR_BOOT_RAM);
    native_csrw(CSR_GUEST_MASK, cms->mem.bytes - 1);
    init_tcache(cms, tables);
    smc_init(&cms->smc, &cms->tc, &cms->stats);
    init_stats(cms); /* notes where the regions are */
    cms_power_on(cms);
    gear1_init(cms);
    cms->rights.is_off = (cms->flags & BOOT_NO_RIGHTS) != 0;
}

void cms_power_on(struct cms *cms) {
    const struct dev_env env = {.stats = &cms->stats,
                                .mem = &cms->mem,
                                .load = &cms->platform.load,
                                .priv = &cms->interp.priv};
    devices_init(&cms->dev, &env, cms->line);
    bus_init(cms);
    semihost_init(&cms->semihost, &cms->interp, &cms->dev, &cms->irq);
    interp_init(&cms->interp, &cms->gs, &cms->mem, &cms->bus, 0);
}

void cms_sample(struct cms *cms) {
    uint64_t *now = cms->stats.now;
    gear1_sample(cms);
    stats_sample(&cms->stats);
    now[STAT_MISALIGNED_ADDED] = cms->misaligned.n_added;
    now[STAT_TC_REGIONS_LIVE] = tc_live_regions(&cms->tc);
    now[STAT_TC_BYTES_LIVE] = tc_live_bundles(&cms->tc) * TC_BUNDLE_BYTES;
    now[STAT_TC_BYTES_ALL] = cms->tc.n_bundles * TC_BUNDLE_BYTES;
}
