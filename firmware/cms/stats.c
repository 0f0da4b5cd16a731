/* SPDX-License-Identifier: MIT
 * Statistics: initialisation, sampling of hardware counters and levels, regions of interest
 * (stats.h). */
#include "firmware/cms/cms.h"
#include "firmware/native.h"

enum stat_kind { SUM, LEVEL };

static enum stat_kind kind_of(enum cms_stat which) {
    static const uint8_t kinds[STAT_COUNT] = {
#define STAT(NAME, kind, description) [STAT_##NAME] = kind,
#include "firmware/cms/stats.def"
#undef STAT
    };
    return (enum stat_kind)kinds[which]; /* hardware counters: 0, SUM */
}

void stats_init(struct cms *cms) {
    struct cms_stats *s = &cms->stats;
    s->version = CMS_STATS_VERSION;
    s->n_stats = STAT_COUNT;
    s->regions_addr = (uint32_t)(uintptr_t)cms->tc.regions;
    s->interp_pc_addr = (uint32_t)(uintptr_t)&cms->interp.pc;
    s->priv_addr = (uint32_t)(uintptr_t)&cms->interp.priv;
    s->ring_addr = (uint32_t)(uintptr_t)cms->ring;
    s->tally_addr = (uint32_t)(uintptr_t)&cms->tally;
    s->all_bundles_addr = (uint32_t)(uintptr_t)&cms->tc.n_bundles;
    s->misaligned_addr = (uint32_t)(uintptr_t)&cms->misaligned.n_added;
    s->magic = CMS_STATS_MAGIC; /* last: a run may end here */
}

void stats_sample(struct cms *cms) {
    uint64_t *now = cms->stats.now;
    gear1_sample(cms);
#define CSR(NAME, number, access, description)
#define COUNTER(NAME, number, description) now[STAT_HW_##NAME] = native_counter(CSR_##NAME);
#include "rtl/machine/csrs.def"
#undef CSR
#undef COUNTER
    /* ORDER exits: every entry ends in exactly one of them */
    now[STAT_ENTERS] = 0;
    for (uint32_t i = STAT_EXIT_DIRECT; i <= STAT_FAULT_CODE_WRITE; i++)
        now[STAT_ENTERS] += now[i];
    now[STAT_DISPATCHES] = now[STAT_ENTERS] + now[STAT_INTERP_RUNS];
    now[STAT_MISALIGNED_ADDED] = cms->misaligned.n_added;
    now[STAT_TC_REGIONS_LIVE] = cms->tc.live_regions;
    now[STAT_TC_BYTES_LIVE] = cms->tc.live_bundles * TC_BUNDLE_BYTES;
    now[STAT_TC_BYTES_ALL] = cms->tc.n_bundles * TC_BUNDLE_BYTES;
}

void stats_roi_begin(struct cms *cms) {
    struct cms_stats *s = &cms->stats;
    stats_sample(cms);
    for (uint32_t i = 0; i < STAT_COUNT; i++)
        s->mark[i] = s->now[i];
    s->roi_is_open = 1;
}

void stats_roi_end(struct cms *cms) {
    struct cms_stats *s = &cms->stats;
    if (s->roi_is_open == 0)
        return;
    stats_sample(cms);
    for (uint32_t i = 0; i < STAT_COUNT; i++)
        s->roi[i] = kind_of(i) == SUM ? s->roi[i] + (s->now[i] - s->mark[i]) : s->now[i];
    s->roi_is_open = 0;
    s->roi_passes++;
}
