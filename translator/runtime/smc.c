/* SPDX-License-Identifier: MIT
 * Guest code that changes (smc.h): what a hit in a protected granule leads to.
 */
#include "translator/cms.h"
#include "firmware/native.h"

enum { HIT_SEVERAL = 2 };

static struct smc_entry *entry_of(struct cms *cms, uint32_t granule) {
    return &cms->smc.entries[granule / GRANULE_BYTES & (SMC_ENTRIES - 1)];
}

/* Ends a window or the time of being blocked when it is over. */
static void refresh(struct smc_entry *e, uint32_t now) {
    uint32_t age = now - e->since;
    if (e->is_blocked ? age < (uint32_t)SMC_BLOCK_CYCLES << e->level : age < SMC_WINDOW_CYCLES)
        return;
    if (!e->is_blocked && e->level > 0)
        e->level--;
    e->is_blocked = false;
    e->heat = 0;
    e->since = now;
}

static void block(struct cms *cms, struct smc_entry *e, uint32_t granule, uint32_t now) {
    e->is_blocked = true;
    e->since = now;
    if (e->level < SMC_MAX_LEVEL)
        e->level++;
    stat_add(cms, STAT_SMC_BLOCKED, 1);
    stat_add(cms, STAT_SMC_DROPPED, tc_drop_in_granule(cms, granule, true));
}

static void count_heat(struct cms *cms, uint32_t granule) {
    struct smc_entry *e = entry_of(cms, granule);
    uint32_t now = native_csrr(CSR_CYCLES);
    if (e->granule != granule + 1)
        *e = (struct smc_entry){.granule = granule + 1, .since = now};
    refresh(e, now);
    if (!e->is_blocked && ++e->heat >= SMC_HEAT_LIMIT)
        block(cms, e, granule, now);
}

bool smc_is_blocked(struct cms *cms, uint32_t pc) {
    uint32_t granule = pc & ~(GRANULE_BYTES - 1u);
    struct smc_entry *e = entry_of(cms, granule);
    if (e->granule != granule + 1 || !e->is_blocked)
        return false;
    refresh(e, native_csrr(CSR_CYCLES));
    return e->is_blocked;
}

void smc_handle(struct cms *cms, uint32_t hit) {
    uint32_t granule = hit & ~(GRANULE_BYTES - 1u);
    native_csrw(CSR_PROT_HIT, 0);
    stat_add(cms, STAT_SMC_HITS, 1);
    uint32_t n;
    if ((hit & HIT_SEVERAL) != 0) {
        stat_add(cms, STAT_SMC_HITS_SEVERAL, 1);
        n = tc_drop_changed(cms);
    } else {
        n = tc_drop_in_granule(cms, granule, false);
    }
    stat_add(cms, STAT_SMC_DROPPED, n);
    cms->smc.has_changed = cms->smc.has_changed || n > 0;
    count_heat(cms, granule);
}

/* Interpret-only instructions may have become something else. */
void smc_fence(struct cms *cms) {
    stat_add(cms, STAT_FENCE_I, 1);
    if (cms->smc.has_changed)
        sites_clear(&cms->sites);
    cms->smc.has_changed = false;
}
