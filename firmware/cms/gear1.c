/* SPDX-License-Identifier: MIT
 * Gear 1 as the dispatcher sees it: decides whether the block at the guest's pc is hot enough,
 * calls the translator and installs what it made. Closing branches start as backward-taken;
 * tc_learn turns those that their first passages show to be otherwise.
 */
#include "firmware/cms/cms.h"
#include "firmware/cms/gear1.h"
#include "firmware/native.h"

static void count_bail(struct cms *cms, enum xl_bail why) {
    switch (why) {
    case XL_OK:
        break;
    case XL_BAIL_FIRST_INSN:
        stat_add(cms, STAT_BAIL_FIRST_INSN, 1);
        break;
    case XL_BAIL_FETCH:
        stat_add(cms, STAT_BAIL_FETCH, 1);
        break;
    case XL_BAIL_SPACE:
        stat_add(cms, STAT_BAIL_SPACE, 1);
        break;
    }
}

/* True: it is time that all regions go, which a scan does. */
static bool chaos_evict(struct cms *cms) {
    if (LIKELY((cms->flags & BOOT_CHAOS_EVICT) == 0) || ++cms->n_since_evict < CHAOS_EVICT_PERIOD)
        return false;
    cms->n_since_evict = 0;
    tc_scan_ring(&cms->tc, true);
    stat_add(cms, STAT_TC_FLUSHES, 1);
    return true;
}

void gear1_init(struct cms *cms) {
    uint32_t flags = cms->flags;
    cms->xl_flags = ((flags & BOOT_NO_FOLD) != 0 ? XL_NO_FOLD : 0u) |
                    ((flags & BOOT_NO_PACK) != 0 ? XL_NO_PACK : 0u) |
                    ((flags & BOOT_NO_JTL) != 0 ? XL_NO_JTL : 0u) |
                    ((flags & BOOT_NO_LATE) != 0 ? XL_NO_LATE : 0u) |
                    ((flags & BOOT_CHAOS_SCHED) != 0 ? XL_CHAOS : 0u);
    misaligned_clear(&cms->misaligned);
    bool learns = cms->max_gear != 0 && (flags & (BOOT_NO_MISALIGNED | BOOT_MISALIGNED_TRAPS)) == 0;
    cms->interp.misaligned = learns ? &cms->misaligned : NULL;
}

void gear1_sample(struct cms *cms) {
    struct gear1_tally *t = &cms->tally;
    stat_add(cms, STAT_G1_TRANSLATIONS, t->regions);
    stat_add(cms, STAT_G1_XLATE_INSNS, t->insns);
    stat_add(cms, STAT_G1_XLATE_BUNDLES, t->bundles);
    stat_add(cms, STAT_G1_XLATE_OPS, t->ops);
    *t = (struct gear1_tally){0};
}

/* Blocks that come back soon after they have lost their place show that there are more in use than
 * there is room for: each such loss makes all others wait longer for their translation, each other
 * translation makes them wait less. So a loop that does not fit stays in part where it is and is
 * interpreted in part, instead of being translated for ever. */
static void learn_patience(struct cms *cms, uint32_t pc) {
    if (LIKELY(!cms->tc.has_evicted))
        return;
    bool is_back = profile_was_lost(&cms->profile, pc);
    stat_add(cms, STAT_TC_REGRETS, is_back);
    if ((cms->flags & (BOOT_NO_PATIENCE | BOOT_EAGER)) != 0)
        return;
    if (!is_back)
        cms->patience -= cms->patience != 0;
    else if (cms->patience < PATIENCE_MAX)
        cms->patience++;
    cms->threshold = (uint32_t)XLATE_THRESHOLD << cms->patience / PATIENCE_STEP;
}

static void count(struct cms *cms, const struct xl_result *res) {
    struct gear1_tally *t = &cms->tally;
    t->regions++;
    t->insns += res->n_insns;
    t->bundles += res->n_bundles;
    t->ops += res->n_ops;
    if (UNLIKELY(t->ops >= GEAR1_TALLY_LIMIT))
        gear1_sample(cms);
}

/* The last byte that a region from pc on could have. */
static uint32_t last_byte(uint32_t pc) {
    return pc + 4 * XL_MAX_INSNS - 1;
}

/* Blocks of an open granule end before one that is not (smc.h). */
static uint32_t max_insns(struct cms *cms, uint32_t pc, enum smc_state last_state) {
    if ((pc ^ last_byte(pc)) < GRANULE_BYTES || last_state == SMC_OPEN)
        return cms_max_insns(cms);
    uint32_t n = (GRANULE_BYTES - pc % GRANULE_BYTES) / 4, limit = cms_max_insns(cms);
    if (n > limit)
        return limit;
    return n > 0 ? n : 1;
}

/* While the guest waits for interrupts, it may take several tries. */
static enum tc_room make_room(struct cms *cms, const struct xl_result *res) {
    bool is_bounded = cms->interp.priv.mie != 0;
    enum tc_room room =
        tc_make_room(&cms->tc, res, is_bounded ? TC_ROOM_BUDGET_CYCLES : UINT32_MAX);
    if (UNLIKELY(room == TC_ROOM_LATER))
        stat_add(cms, STAT_TC_ROOM_LATER, 1);
    return room;
}

/* A translation of the block at the guest's pc, or NULL; then its first instruction is not tried
 * again. */
static struct tc_region *translate(struct cms *cms, bool must_recheck, enum smc_state last_state) {
    uint32_t pc = cms->interp.pc;
    if (UNLIKELY((cms->flags & BOOT_CHAOS_SCHED) != 0))
        cms->chaos_seed = cms->chaos_seed * 1664525u + 1013904223u;
    struct xl_request rq = {.guest_pc = pc,
                            .mem = &cms->mem,
                            .max_insns = max_insns(cms, pc, last_state),
                            .flags = cms->xl_flags,
                            .chaos_seed = cms->chaos_seed,
                            .likely_taken = -1};
    if (near_has(&cms->profile.sites_near, pc))
        rq.sites = cms->profile.entries;
    if (near_has(&cms->misaligned.near, pc))
        rq.misaligned = &cms->misaligned;
    if (UNLIKELY(must_recheck)) {
        rq.flags |= XL_RECHECK;
        /* twice as dear an instruction: half as many while their time is bounded */
        rq.max_insns = cms->interp.priv.mie == 0 ? XL_MAX_INSNS : IRQ_MAX_INSNS / 2;
    }
    struct xl_result res;
    enum xl_bail why = xl_translate_block(cms->xl, &rq, &res);
    struct tc_region *r = NULL;
    if (LIKELY(why == XL_OK)) {
        enum tc_room room = make_room(cms, &res);
        if (UNLIKELY(room == TC_ROOM_LATER))
            return NULL;
        if (LIKELY(room == TC_ROOM_READY))
            r = tc_install(&cms->tc, &res, xl_code(cms->xl));
        else
            why = XL_BAIL_SPACE;
    }
    count_bail(cms, why);
    if (UNLIKELY(r == NULL)) {
        cms_add_site(cms, pc);
        return NULL;
    }
    count(cms, &res);
    return r;
}

/* A region in a full bucket of the hash costs another one its place, so it has to be worth it. */
static bool is_worth_it(const struct cms *cms, uint32_t pc, uint32_t executions) {
    return LIKELY(!tc_is_crowded(&cms->tc, pc)) || executions >= PATIENCE_CROWDED;
}

struct tc_region *gear1_consider(struct cms *cms) {
    uint32_t pc = cms->interp.pc;
    uint32_t executions = profile_count(&cms->profile, pc);
    if (executions < cms->threshold)
        return NULL;
    cms->is_at_site = site_has(cms->profile.entries, &cms->mem, pc);
    if (cms->is_at_site || !is_worth_it(cms, pc, executions) || UNLIKELY(chaos_evict(cms)))
        return NULL;
    if (UNLIKELY(cms->irq.is_taken) && irq_is_late(&cms->irq)) {
        stat_add(cms, STAT_IRQ_XLATE_LATER, 1);
        return NULL;
    }
    enum smc_state state = smc_state_of(&cms->smc, pc),
                   last_state = smc_state_of(&cms->smc, last_byte(pc));
    if (UNLIKELY(state == SMC_LEFT) || UNLIKELY(cms->tc.scan.is_on)) /* a state has just ended */
        return NULL;
    uint32_t begin = native_csrr(CSR_CYCLES);
    struct tc_region *r = translate(cms, state == SMC_CHECKED, last_state);
    stat_add(cms, STAT_G1_XLATE_CYCLES, native_csrr(CSR_CYCLES) - begin);
    if (LIKELY(r != NULL))
        learn_patience(cms, pc);
    return r;
}
