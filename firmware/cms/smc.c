/* SPDX-License-Identifier: MIT
 * Guest code that changes (smc.h): what a hit in a protected granule leads to.
 */
#include "firmware/cms/smc.h"
#include "firmware/cms/stats.h"
#include "firmware/native.h"

enum { HIT_SEVERAL = 2 };

static struct smc_entry *entry_of(struct smc *smc, uint32_t granule) {
    return &smc->entries[granule / GRANULE_BYTES & (SMC_ENTRIES - 1)];
}

static void change(struct smc *smc, struct smc_entry *e, enum smc_state state, uint32_t now) {
    if (e->state == SMC_CHECKED)
        smc->n_checked--;
    if (state == SMC_CHECKED)
        smc->n_checked++;
    e->state = (uint8_t)state;
    e->since = e->window = now;
    e->heat = 0;
}

/* Ends a window, or a state that is over. The granule's regions go with CHECKED (a scan stops
 * them): new ones need not check. */
static void refresh(struct smc *smc, struct smc_entry *e, uint32_t now) {
    if (now - e->window >= SMC_WINDOW_CYCLES) {
        e->window = now;
        e->heat = 0;
        if (e->state == SMC_OPEN && e->level > 0)
            e->level--;
    }
    if (e->state == SMC_OPEN || now - e->since < (uint32_t)SMC_BLOCK_CYCLES << e->level)
        return;
    if (e->state == SMC_CHECKED)
        tc_scan_granule(smc->tc, e->granule - 1, true);
    change(smc, e, SMC_OPEN, now);
}

/* Too many hits: the regions are to check themselves. Too many of those were stale: no regions. */
static void give_way(struct smc *smc, struct smc_entry *e, uint32_t now) {
    if (e->state == SMC_OPEN) {
        if (e->level < SMC_MAX_LEVEL)
            e->level++;
        stats_add(smc->stats, STAT_SMC_RECHECKED, 1);
        change(smc, e, SMC_CHECKED, now);
    } else {
        stats_add(smc->stats, STAT_SMC_BLOCKED, 1);
        change(smc, e, SMC_LEFT, now);
    }
    tc_scan_granule(smc->tc, e->granule - 1, true);
}

static void count_heat(struct smc *smc, uint32_t granule) {
    struct smc_entry *e = entry_of(smc, granule);
    uint32_t now = native_csrr(CSR_CYCLES);
    if (e->granule != granule + 1) {
        change(smc, e, SMC_OPEN, now);
        e->granule = granule + 1;
        e->level = 0;
    }
    refresh(smc, e, now);
    if (e->state != SMC_LEFT && ++e->heat >= SMC_HEAT_LIMIT)
        give_way(smc, e, now);
}

enum smc_state smc_state_of(struct smc *smc, uint32_t pc) {
    uint32_t granule = pc & ~(GRANULE_BYTES - 1u);
    struct smc_entry *e = entry_of(smc, granule);
    if (e->granule != granule + 1 || e->state == SMC_OPEN)
        return SMC_OPEN;
    refresh(smc, e, native_csrr(CSR_CYCLES));
    return (enum smc_state)e->state;
}

void smc_poll(struct smc *smc) {
    uint32_t now = native_csrr(CSR_CYCLES);
    if (now - smc->last_look < SMC_BLOCK_CYCLES) /* late by as much, after a wait of any length */
        return;
    struct smc_entry *e = &smc->entries[smc->next_entry];
    if (e->state == SMC_CHECKED)
        refresh(smc, e, now);
    smc->next_entry = (smc->next_entry + 1) & (SMC_ENTRIES - 1);
    if (smc->next_entry == 0)
        smc->last_look = now;
}

void smc_stale(struct smc *smc, struct tc_region *r) {
    uint32_t granule = r->guest_pc & ~(GRANULE_BYTES - 1u);
    bool was_stopped = r->is_stopped;
    tc_invalidate(smc->tc, r);
    if (!was_stopped)
        count_heat(smc, granule);
}

void smc_scan_on(struct smc *smc) {
    stats_add(smc->stats, STAT_SMC_SCAN_SLICES, 1);
    stats_add(smc->stats, STAT_SMC_DROPPED, tc_scan_on(smc->tc));
}

/* Of several granules that were hit one is known: all regions are compared. While that goes on, a
 * granule that is hit (again) loses all its regions, so that it comes to an end. */
void smc_handle(struct smc *smc, uint32_t hit) {
    uint32_t granule = hit & ~(GRANULE_BYTES - 1u);
    native_csrw(CSR_PROT_HIT, 0);
    stats_add(smc->stats, STAT_SMC_HITS, 1);
    tc_scan_granule(smc->tc, granule, smc->tc->scan.n_ring != 0);
    if ((hit & HIT_SEVERAL) != 0) {
        stats_add(smc->stats, STAT_SMC_HITS_SEVERAL, 1);
        tc_scan_ring(smc->tc, false);
    }
    count_heat(smc, granule);
}

void smc_init(struct smc *smc, struct tcache *tc, struct cms_stats *stats) {
    *smc = (struct smc){.tc = tc, .stats = stats};
}
