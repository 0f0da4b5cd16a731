/* SPDX-License-Identifier: MIT
 * Gear 1 as the dispatcher sees it: decides whether the block at the guest's pc is hot enough,
 * guesses the direction of its closing branch from the profile, calls the translator and installs
 * what it made.
 */
#include "translator/cms.h"
#include "firmware/native.h"

enum { RV_OPCODE_MASK = 0x7f, RV_OPCODE_BRANCH = 0x63 }; /* jalr, jal and system are greater */

static int32_t branch_offset(uint32_t word) {
    uint32_t sign = (0u - (word >> 31)) & ~0xfffu;
    return (int32_t)(sign | (word >> 7 & 1u) << 11 | (word >> 25 & 0x3fu) << 5 |
                     (word >> 8 & 0xfu) << 1);
}

/* Which way the branch at pc mostly goes, from the counts of its two successors; -1 when they tell
 * nothing clear. */
static int likely_taken(const struct profile *p, uint32_t pc, uint32_t word) {
    uint32_t taken = profile_peek(p, pc + (uint32_t)branch_offset(word));
    uint32_t next = profile_peek(p, pc + 4);
    if (taken >= 2 * next + 2)
        return 1;
    return next >= 2 * taken + 2 ? 0 : -1;
}

/* Looks over the block at rq->guest_pc: where an interpret-only instruction ends it, and its
 * branch. */
static void survey_block(const struct cms *cms, struct xl_request *rq) {
    uint32_t pc = rq->guest_pc, n = 0, opcode = 0;
    while (n < XL_MAX_INSNS && pc - cms->mem.base < cms->mem.bytes && !site_has(&cms->sites, pc)) {
        uint32_t word = guest_load32(&cms->mem, pc);
        opcode = word & RV_OPCODE_MASK;
        n++;
        if (opcode == RV_OPCODE_BRANCH)
            rq->likely_taken = likely_taken(&cms->profile, pc, word);
        if (opcode >= RV_OPCODE_BRANCH) /* all that end a block, and invalid ones */
            break;
        pc += 4;
    }
    rq->max_insns = n > 0 ? n : 1;
}

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

static void chaos_evict(struct cms *cms) {
    if ((cms->flags & BOOT_CHAOS_EVICT) == 0 || ++cms->n_since_evict < CHAOS_EVICT_PERIOD)
        return;
    cms->n_since_evict = 0;
    tc_flush(cms);
}

static uint32_t xl_flags_of(uint32_t boot_flags) {
    return ((boot_flags & BOOT_NO_FOLD) != 0 ? XL_NO_FOLD : 0u) |
           ((boot_flags & BOOT_NO_PACK) != 0 ? XL_NO_PACK : 0u) |
           ((boot_flags & BOOT_NO_JTL) != 0 ? XL_NO_JTL : 0u) |
           ((boot_flags & BOOT_CHAOS_SCHED) != 0 ? XL_CHAOS : 0u);
}

/* A translation of the block at the guest's pc, or NULL; then its first instruction is not tried
 * again. */
static struct tc_region *translate(struct cms *cms) {
    uint32_t pc = cms->interp.pc;
    cms->chaos_seed = cms->chaos_seed * 1664525u + 1013904223u;
    struct xl_request rq = {.guest_pc = pc,
                            .mem = &cms->mem,
                            .flags = xl_flags_of(cms->flags),
                            .chaos_seed = cms->chaos_seed,
                            .likely_taken = -1};
    survey_block(cms, &rq);
    struct xl_result res;
    enum xl_bail why = xl_translate_block(cms->xl, &rq, &res);
    struct tc_region *r = NULL;
    if (why == XL_OK) {
        chaos_evict(cms);
        r = tc_install(cms, pc, &res, xl_code(cms->xl));
        if (r == NULL)
            why = XL_BAIL_SPACE;
    }
    count_bail(cms, why);
    if (r == NULL) {
        site_add(cms, pc);
        return NULL;
    }
    stat_add(cms, STAT_G1_TRANSLATIONS, 1);
    stat_add(cms, STAT_G1_XLATE_INSNS, res.n_insns);
    stat_add(cms, STAT_G1_XLATE_BUNDLES, res.n_bundles);
    stat_add(cms, STAT_G1_XLATE_OPS, res.n_ops);
    return r;
}

struct tc_region *gear1_consider(struct cms *cms) {
    uint32_t pc = cms->interp.pc;
    if ((pc & 3u) != 0) /* the interpreter will say so */
        return NULL;
    if (profile_count(&cms->profile, pc) < cms->threshold || site_has(&cms->sites, pc))
        return NULL;
    uint32_t begin = native_csrr(CSR_CYCLES);
    struct tc_region *r = translate(cms);
    stat_add(cms, STAT_G1_XLATE_CYCLES, native_csrr(CSR_CYCLES) - begin);
    return r;
}
