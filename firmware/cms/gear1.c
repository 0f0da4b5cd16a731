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
    cms->job.is_irregular = 1; /* no request has been made yet */
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
    uint32_t size = t->size + (res->n_insns | res->n_bundles << GEAR1_TALLY_HALF);
    uint32_t work = t->work + (res->n_ops | 1u << GEAR1_TALLY_HALF);
    t->size = size;
    t->work = work;
    if (UNLIKELY(size >= (uint32_t)GEAR1_TALLY_BUNDLES << GEAR1_TALLY_HALF))
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
static enum tc_room make_room(struct cms *cms, const struct xl_result *res,
                              struct tc_needs *needs) {
    uint32_t no_bound = -(uint32_t)(cms->interp.priv.mie == 0); /* all bits, or none */
    enum tc_room room = tc_make_room(&cms->tc, res, no_bound | TC_ROOM_BUDGET_CYCLES, needs);
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
static __attribute__((noinline)) void put_aside(struct cms *cms, bool is_made) {
    struct gear1_job *job = &cms->job;
    uint32_t n;
    job->is_made = is_made;
    const uint32_t *code = lifted_code(cms, &n);
    for (uint32_t i = 0; i < n; i++)
        job->words[i] = code[i];
    job->aside = job->rq;
    job->is_aside = true;
    job->is_irregular = 1;
}

/* Is it this block's, as it is asked for now, and of code that is still the same? */
static bool is_still_right(const struct cms *cms) {
    const struct gear1_job *job = &cms->job;
    const struct xl_request *rq = &job->aside, *now = &job->rq;
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

void gear1_drop_aside(struct cms *cms) {
    stat_add(cms, STAT_G1_THROWN, cms->job.is_aside);
    cms->job.is_aside = false;
}

/* What is known about a translation when its request has been made. */
enum begun {
    BEGUN_NONE /* there is nothing to be asked for here */,
    BEGUN_NEW,
    BEGUN_HALF,
    BEGUN_MADE
};

/* The translation that was put aside goes on, or is thrown away. */
static enum begun take_up(struct cms *cms) {
    struct gear1_job *job = &cms->job;
    bool is_right = is_still_right(cms);
    if (UNLIKELY((cms->flags & BOOT_CHAOS_SLICES) != 0))
        is_right = is_right && roll(cms) % 4 != 0;
    job->is_aside = false;
    stat_add(cms, STAT_G1_THROWN, !is_right);
    if (!is_right)
        return BEGUN_NEW;
    job->rq = job->aside; /* what else it says was true when it began */
    return job->is_made ? BEGUN_MADE : BEGUN_HALF;
}

/* What every request says of its own. */
static inline void begin_request(struct cms *cms, struct xl_request *rq, uint32_t pc) {
    rq->guest_pc = pc;
    rq->sites = near_has(&cms->profile.sites_near, pc) ? cms->profile.entries : NULL;
    rq->misaligned = near_has(&cms->misaligned.near, pc) ? &cms->misaligned : NULL;
}

/* The rest of it. As long as it says nothing unusual and nothing is aside, it stays for the next
 * requests. */
static __attribute__((noinline)) enum begun end_request(struct cms *cms, bool must_recheck,
                                                        enum smc_state last_state) {
    struct gear1_job *job = &cms->job;
    struct xl_request *rq = &job->rq;
    const bool is_chaotic = (cms->flags & BOOT_CHAOS_SCHED) != 0;
    rq->mem = &cms->mem;
    rq->max_insns = max_insns(rq->guest_pc, last_state);
    rq->flags = cms->xl_flags;
    if (is_chaotic)
        roll(cms);
    rq->chaos_seed = cms->chaos_seed;
    rq->likely_taken = -1;
    rq->rights = rq->mode = rq->end = 0;
    rq->data = NULL;
    job->is_irregular = job->is_aside || is_chaotic || must_recheck || last_state != SMC_OPEN;
    if (cms->rights.now != NULL) {
        job->is_irregular = 1;
        if (!add_rights(cms, rq))
            return BEGUN_NONE;
    }
    if (must_recheck) {
        rq->flags |= XL_RECHECK;
        /* twice as dear an instruction: half as many while time is bounded */
        rq->max_insns = cms->interp.priv.mie == 0 ? XL_MAX_INSNS : IRQ_MAX_INSNS / 2;
    }
    return job->is_aside ? take_up(cms) : BEGUN_NEW;
}

/* Between two slices: is there something more urgent? */
static __attribute__((noinline)) bool must_leave(struct cms *cms) {
    if (UNLIKELY((cms->flags & BOOT_CHAOS_SLICES) != 0) && roll(cms) < 3) {
        cms->must_interpret |= roll(cms) & 1; /* or the dispatcher comes back at once */
        return true;
    }
    if (cms->irq.is_taken) /* its handler is what is being translated */
        return irq_is_late(&cms->irq);
    return cms->dev.is_kicked || (int32_t)(native_csrr(CSR_CYCLES) - cms->irq.deadline) >= 0;
}

/* Slices, until it is made or has to be left (XL_MORE). */
static __attribute__((noinline)) enum xl_bail work_in_slices(struct cms *cms) {
    struct gear1_job *job = &cms->job;
    bool is_chaotic = (cms->flags & BOOT_CHAOS_SLICES) != 0;
    do {
        enum xl_bail why =
            xl_slice(cms->xl, is_chaotic ? XLATE_SLICE_CHAOS : XLATE_SLICE, &job->res);
        if (LIKELY(why != XL_MORE))
            return why;
    } while (!must_leave(cms));
    put_aside(cms, false);
    job->is_left = true;
    stat_add(cms, STAT_G1_LEFT, 1);
    return XL_MORE;
}

static inline enum xl_bail work_on(struct cms *cms) {
    if (UNLIKELY((cms->interp.priv.mie | (cms->flags & BOOT_CHAOS_SLICES)) != 0))
        return work_in_slices(cms);
    return xl_slice(cms->xl, XL_ALL, &cms->job.res);
}

/* What was made goes into the tcache; NULL: there is no room yet, or *why not. */
static inline struct tc_region *install(struct cms *cms, enum xl_bail *why) {
    struct gear1_job *job = &cms->job;
    struct tc_needs needs;
    enum tc_room room = make_room(cms, &job->res, &needs);
    if (LIKELY(room == TC_ROOM_READY))
        return tc_install(&cms->tc, &job->res, &needs, xl_code(cms->xl));
    *why = room == TC_ROOM_NEVER ? XL_BAIL_SPACE : XL_MORE;
    if (*why == XL_MORE)
        put_aside(cms, true);
    return NULL;
}

static __attribute__((noinline)) void bail_out(struct cms *cms, enum xl_bail why) {
    if (why == XL_MORE)
        return;
    count_bail(cms, why);
    cms_add_site(cms, cms->job.rq.guest_pc);
}

/* A translation of the block at pc, or NULL; then, if it is not to be had later, its first
 * instruction is not tried again. */
static __attribute__((noinline)) struct tc_region *
translate(struct cms *cms, uint32_t pc, bool must_recheck, enum smc_state last_state) {
    struct gear1_job *job = &cms->job;
    enum begun begun = BEGUN_NEW;
    begin_request(cms, &job->rq, pc);
    if (UNLIKELY((job->is_irregular | must_recheck | (cms->rights.now != NULL)) != 0) ||
        UNLIKELY(last_state != SMC_OPEN))
        begun = end_request(cms, must_recheck, last_state);
    if (UNLIKELY(pc != cms->interp.pc) && (begun == BEGUN_NEW || begun == BEGUN_NONE))
        return gear1_drop_aside(cms), NULL; /* nobody asks for it */
    if (LIKELY(begun == BEGUN_NEW))
        xl_start(cms->xl, &job->rq);
    else if (begun == BEGUN_NONE)
        return NULL;
    enum xl_bail why = begun == BEGUN_MADE ? XL_OK : work_on(cms);
    struct tc_region *r = NULL;
    if (LIKELY(why == XL_OK))
        r = install(cms, &why);
    if (UNLIKELY(r == NULL))
        return bail_out(cms, why), NULL;
    count(cms, &job->res);
    if (UNLIKELY(r->rights != 0))
        stat_add(cms, STAT_RIGHTS_REGIONS, 1);
    return r;
}

/* Another block's translation was put aside and goes on first: of two that each take longer than
 * the time between two interrupts neither would ever be made if they drove each other out. */
static __attribute__((noinline)) void go_on_aside(struct cms *cms) {
    uint32_t pc = cms->job.aside.guest_pc;
    enum smc_state state = smc_state_of(&cms->smc, pc),
                   last_state = smc_state_of(&cms->smc, last_byte(pc));
    if (cms->irq.is_taken) /* its handler is what counts */
        return;
    if (state == SMC_LEFT || site_has(cms->profile.entries, &cms->mem, pc)) {
        gear1_drop_aside(cms);
        return;
    }
    uint32_t begin = native_csrr(CSR_CYCLES);
    translate(cms, pc, state == SMC_CHECKED, last_state);
    stat_add(cms, STAT_G1_XLATE_CYCLES, native_csrr(CSR_CYCLES) - begin);
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
    if (UNLIKELY(cms->tc.scan.is_on))
        return NULL;
    if (UNLIKELY(cms->job.is_aside) && cms->job.aside.guest_pc != pc)
        return go_on_aside(cms), NULL;
    enum smc_state state = smc_state_of(&cms->smc, pc),
                   last_state = smc_state_of(&cms->smc, last_byte(pc));
    if (UNLIKELY(state == SMC_LEFT)) /* a state has just ended */
        return NULL;
    uint32_t begin = native_csrr(CSR_CYCLES);
    struct tc_region *r = translate(cms, pc, state == SMC_CHECKED, last_state);
    stat_add(cms, STAT_G1_XLATE_CYCLES, native_csrr(CSR_CYCLES) - begin);
    if (LIKELY(r != NULL))
        learn_patience(cms, pc);
    return r;
}
