/* SPDX-License-Identifier: MIT
 * Gear 1 as the dispatcher sees it: decides whether the block at the guest's pc is hot enough,
 * calls the translator and installs what it made. While the guest has interrupts enabled that goes
 * in slices; between two of them the translation is put aside if an interrupt is due, and taken up
 * when the guest comes back to the block, or thrown away if that is not as it was or another block
 * wants to be translated first. Closing branches start as backward-taken;
 * tc_learn turns those that their first passages show to be otherwise.
 */
#include "firmware/cms/cms.h"
#include "firmware/cms/gear1.h"
#include "firmware/native.h"

static void count_bail(struct cms *cms, enum xl_bail why) {
    switch (why) {
    case XL_OK:
    case XL_MORE:
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
                    ((flags & BOOT_CHAOS_SCHED) != 0 ? XL_CHAOS : 0u) |
                    ((flags & BOOT_NOTE_PCS) != 0 ? XL_NOTE_PCS : 0u);
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
static uint32_t max_insns(uint32_t pc, enum smc_state last_state) {
    if ((pc ^ last_byte(pc)) < GRANULE_BYTES || last_state == SMC_OPEN)
        return XL_MAX_INSNS;
    uint32_t n = (GRANULE_BYTES - pc % GRANULE_BYTES) / 4;
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

/* False: the block begins where no code may be fetched, or nobody knows. */
static bool add_rights(struct cms *cms, struct xl_request *rq) {
    const struct rights_context *c = cms->rights.now;
    const struct xl_window code = rights_code_at(&cms->rights, rq->guest_pc);
    rq->rights = c->id;
    rq->mode = cms->interp.priv.mode;
    if ((c->data.loads.n | c->data.stores.n) != 0) {
        rq->data = &c->data;
        rq->n_tried = rights_n_tried(&cms->rights, rq->guest_pc);
    }
    if (c->code.n != 0 &&
        code.base + code.bytes - rq->guest_pc < cms->mem.base + cms->mem.bytes - rq->guest_pc)
        rq->end = code.base + code.bytes;
    return code.bytes != 0;
}

/* False: there is nothing to be asked for here. */
static bool make_request(struct cms *cms, struct xl_request *rq, bool must_recheck,
                         enum smc_state last_state) {
    uint32_t pc = cms->interp.pc;
    rq->guest_pc = pc;
    rq->mem = &cms->mem;
    rq->sites = near_has(&cms->profile.sites_near, pc) ? cms->profile.entries : NULL;
    rq->misaligned = near_has(&cms->misaligned.near, pc) ? &cms->misaligned : NULL;
    rq->max_insns = max_insns(pc, last_state);
    rq->flags = cms->xl_flags;
    rq->chaos_seed = cms->chaos_seed;
    rq->likely_taken = -1;
    rq->rights = rq->mode = rq->end = 0;
    rq->data = NULL;
    if (UNLIKELY(cms->rights.now != NULL) && !add_rights(cms, rq))
        return false;
    if (UNLIKELY(must_recheck)) {
        rq->flags |= XL_RECHECK;
        /* twice as dear an instruction, and in one piece: half as many while time is bounded */
        rq->max_insns = cms->interp.priv.mie == 0 ? XL_MAX_INSNS : IRQ_MAX_INSNS / 2;
    }
    return true;
}

static uint32_t roll(struct cms *cms) {
    cms->chaos_seed = cms->chaos_seed * 1664525u + 1013904223u;
    return cms->chaos_seed >> 28;
}

/* The guest code that was lifted so far, word by word. */
static const uint32_t *lifted_code(const struct cms *cms, uint32_t *n) {
    const struct gear1_job *job = &cms->job;
    uint32_t pc = job->rq.guest_pc;
    uint32_t bytes = job->is_made ? job->res.ranges->bytes : xl_lifted_bytes(cms->xl);
    *n = ((pc & 3u) + bytes + 3) / 4;
    return (const uint32_t *)(const void *)(cms->mem.ram + ((pc & ~3u) - cms->mem.base));
}

/* The guest goes on meanwhile. */
static __attribute__((noinline)) void put_aside(struct cms *cms) {
    struct gear1_job *job = &cms->job;
    uint32_t n;
    const uint32_t *code = lifted_code(cms, &n);
    for (uint32_t i = 0; i < n; i++)
        job->words[i] = code[i];
    job->is_aside = true;
}

/* Is it this block's, as it would be asked for now, and of code that is still the same? */
static bool is_still_right(const struct cms *cms, const struct xl_request *now) {
    const struct gear1_job *job = &cms->job;
    const struct xl_request *rq = &job->rq;
    uint32_t n;
    if (rq->guest_pc != now->guest_pc || rq->max_insns != now->max_insns ||
        rq->flags != now->flags || rq->rights != now->rights)
        return false;
    const uint32_t *code = lifted_code(cms, &n);
    for (uint32_t i = 0; i < n; i++)
        if (job->words[i] != code[i])
            return false;
    return true;
}

/* True: the translation that was put aside goes on. Else it is thrown away. */
static __attribute__((noinline)) bool take_up(struct cms *cms, const struct xl_request *now) {
    bool is_right = is_still_right(cms, now);
    if (UNLIKELY((cms->flags & BOOT_CHAOS_SLICES) != 0))
        is_right = is_right && roll(cms) % 4 != 0;
    cms->job.is_aside = false;
    stat_add(cms, STAT_G1_THROWN, !is_right);
    return is_right;
}

/* Between two slices: is there something more urgent? */
static __attribute__((noinline)) bool must_leave(struct cms *cms) {
    if (UNLIKELY((cms->flags & BOOT_CHAOS_SLICES) != 0) && roll(cms) < 3) {
        cms->must_interpret = 1;
        return true;
    }
    if (cms->irq.is_taken) /* its handler is what is being translated */
        return irq_is_late(&cms->irq);
    return cms->dev.is_kicked || (int32_t)(native_csrr(CSR_CYCLES) - cms->irq.deadline) >= 0;
}

/* Slices, until it is made or has to be left (XL_MORE). */
static enum xl_bail work_on(struct cms *cms) {
    struct gear1_job *job = &cms->job;
    uint32_t work = cms->interp.priv.mie == 0 ? XL_ALL : XLATE_SLICE;
    if (UNLIKELY((cms->flags & BOOT_CHAOS_SLICES) != 0))
        work = XLATE_SLICE_CHAOS;
    do {
        enum xl_bail why = xl_slice(cms->xl, work, &job->res);
        if (LIKELY(why != XL_MORE))
            return why;
    } while (!must_leave(cms));
    put_aside(cms);
    job->is_left = true;
    stat_add(cms, STAT_G1_LEFT, 1);
    return XL_MORE;
}

/* What was made goes into the tcache; NULL: there is no room yet, or *why not. */
static struct tc_region *install(struct cms *cms, enum xl_bail *why) {
    struct gear1_job *job = &cms->job;
    enum tc_room room = make_room(cms, &job->res);
    if (LIKELY(room == TC_ROOM_READY)) {
        job->is_made = false;
        return tc_install(&cms->tc, &job->res, xl_code(cms->xl));
    }
    if (room == TC_ROOM_NEVER) {
        *why = XL_BAIL_SPACE;
        return NULL;
    }
    *why = XL_MORE;
    job->is_made = true;
    put_aside(cms);
    return NULL;
}

/* A translation of the block at the guest's pc, or NULL; then, if it is not to be had later, its
 * first instruction is not tried again. */
static struct tc_region *translate(struct cms *cms, bool must_recheck, enum smc_state last_state) {
    struct gear1_job *job = &cms->job;
    bool goes_on = false;
    if (UNLIKELY((cms->flags & BOOT_CHAOS_SCHED) != 0))
        roll(cms);
    if (UNLIKELY(job->is_aside)) {
        struct xl_request now;
        if (!make_request(cms, &now, must_recheck, last_state))
            return NULL;
        goes_on = take_up(cms, &now);
    }
    if (LIKELY(!goes_on)) {
        job->is_made = false;
        if (!make_request(cms, &job->rq, must_recheck, last_state))
            return NULL;
        xl_start(cms->xl, &job->rq);
    }
    enum xl_bail why = job->is_made ? XL_OK : work_on(cms);
    struct tc_region *r = NULL;
    if (LIKELY(why == XL_OK))
        r = install(cms, &why);
    if (LIKELY(r != NULL)) {
        count(cms, &job->res);
        if (UNLIKELY(job->res.rights != 0))
            stat_add(cms, STAT_RIGHTS_REGIONS, 1);
    } else if (why != XL_MORE) {
        count_bail(cms, why);
        cms_add_site(cms, job->rq.guest_pc);
    }
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
