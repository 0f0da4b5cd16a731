/* SPDX-License-Identifier: MIT
 * Translation of one guest block (gear 1): lift, then the shared back half. When a block does not
 * fit into the bundles or temporaries there are, it is done again with half of its instructions. */
#include "translator/xlate_impl.h"

/* Only what the last translation used is dirty: cycles from 1 on, and a few more in which results
 * are complete. */
static void clear(struct xl *xl) {
    uint32_t last = xl->end + xl->over_end;
    if (XL_UNLIKELY(last >= XL_CYCLES))
        last = XL_CYCLES - 1;
    uint8_t *taken = &xl->taken[1], *stop = &xl->taken[last];
    for (uint32_t *word = &xl->code[XL_SLOTS]; taken <= stop; taken++, word += XL_SLOTS) {
#pragma GCC unroll 4
        for (uint32_t slot = 0; slot < XL_SLOTS; slot++)
            word[slot] = 0;
        taken[0] = taken[XL_CYCLES] = 0;
    }
}

void xl_set_over_end(struct xl *xl, uint32_t over_end) {
    xl->over_end = over_end;
    for (uint32_t latency = 0; latency < XL_LOOK_AHEAD; latency++)
        xl->drain[latency] = (uint8_t)(latency > over_end ? latency - over_end : 0);
}

/* Boundary rule (docs/architecture.md). Results of guest blocks that take longer than a cycle are
 * ready for all slots; so are all others, with XL_NO_LATE. */
static void set_boundary(struct xl *xl) {
    xl_set_over_end(xl, 1);
    if (!xl->abi->commits)
        return;
    xl->drain[1] = (xl->flags & XL_NO_LATE) != 0 ? 1 : 0;
    for (uint32_t latency = 2; latency < XL_LOOK_AHEAD; latency++)
        xl->drain[latency] = (uint8_t)latency;
}

/* What guest blocks need of xl_begin. */
static inline void begin_region(struct xl *xl, const struct xl_abi *abi, uint32_t flags,
                                uint32_t seed) {
    clear(xl);
    if (XL_UNLIKELY(xl->abi != abi || xl->flags != flags)) {
        xl->abi = abi;
        xl->flags = flags;
        xl->home_base = abi->home_base;
        xl->temp_first = abi->temp_first;
        xl->pack_mask = flags & XL_NO_PACK ? SLOTS_ALL : 0;
        set_boundary(xl);
        for (uint32_t i = 0; i < 32; i++) {
            xl->loc[i] = abi->homes[i];
            xl->ready[i] = i != 0 && !abi->commits; /* docs/architecture.md, boundary rule */
        }
    }
    xl->random = seed | 1;
    xl->end = xl->n_exits = 0;
    xl->error = NULL;
}

void xl_begin(struct xl *xl, const struct xl_abi *abi, uint32_t flags, uint32_t seed) {
    begin_region(xl, abi, flags, seed);
    xl->dead = xl->early = 0;
    xl->n_bundles = xl->n_ops = xl->n_fixups = 0;
}

/* What is the same for all of them, and the list of baked pcs. */
static __attribute__((noinline)) void fill_seldom(struct xl *xl, const struct xl_request *rq,
                                                  struct xl_result *res) {
    *res = (struct xl_result){.n_ranges = 1, .ranges = &xl->range, .exits = xl->exits};
    if ((rq->flags & XL_NOTE_PCS) == 0)
        return;
    baked_find(xl);
    res->n_baked = xl->baked.n;
    res->baked = xl->baked.notes;
    xl->baked.range = xl->range;
    res->ranges = &xl->baked.range; /* all is filled the next time, too */
}

/* What is the same for all of them is there already if it is the same result as the last time. */
static void fill_result(struct xl *xl, const struct xl_request *rq, struct xl_result *res) {
    bool is_seldom = (res->ranges != &xl->range) | ((rq->flags & XL_NOTE_PCS) != 0);
    xl->range = (struct xl_range){rq->guest_pc, xl->next_pc - rq->guest_pc};
    if (XL_UNLIKELY(is_seldom))
        fill_seldom(xl, rq, res);
    res->n_bundles = xl->n_bundles;
    res->n_insns = xl->n_insns;
    res->n_ops = xl->n_ops;
    res->n_exits = xl->n_exits;
    res->rights = rq->rights;
    res->mode = rq->mode;
    res->rechecks = false;
}

/* With max_insns instructions at most. */
static void begin(struct xl *xl, const struct xl_request *rq, uint32_t max_insns) {
    begin_region(xl, &xl_abi_guest, rq->flags, rq->chaos_seed);
    lift_begin(xl, rq, max_insns);
    xl->stage = XL_LIFTS;
}

void xl_start(struct xl *xl, const struct xl_request *rq) {
    xl->request = rq;
    if (XL_UNLIKELY((rq->flags & XL_RECHECK) != 0))
        recheck_start(xl);
    else
        begin(xl, rq, rq->max_insns > XL_MAX_INSNS ? XL_MAX_INSNS : rq->max_insns);
}

enum xl_bail xl_slice(struct xl *xl, uint32_t work, struct xl_result *res) {
    for (;;) {
        enum xl_bail why;
        if (XL_LIKELY(xl->stage == XL_LIFTS)) {
            why = lift_some(xl, xl->request, work);
            if (XL_UNLIKELY(why != XL_OK))
                return why;
            xl->stage = XL_PLACES;
            xl->is_placing = false;
            if (XL_UNLIKELY(work != XL_ALL))
                return XL_MORE;
        } else if (xl->stage == XL_RECHECKS) {
            why = recheck_slice(xl, work, res);
            if (why != XL_MORE || work != XL_ALL)
                return why;
            continue;
        }
        why = sched_slice(xl, work);
        if (XL_LIKELY(why == XL_OK))
            fill_result(xl, xl->request, res);
        if (XL_LIKELY(why != XL_BAIL_SPACE) || xl->n_insns == 1)
            return why;
        begin(xl, xl->request, xl->n_insns / 2);
    }
}

enum xl_bail xl_translate_block(struct xl *xl, const struct xl_request *rq, struct xl_result *res) {
    xl_start(xl, rq);
    return xl_slice(xl, XL_ALL, res);
}

uint32_t xl_lifted_bytes(const struct xl *xl) {
    return xl->stage == XL_RECHECKS ? recheck_bytes(xl) : xl->next_pc - xl->request->guest_pc;
}

const uint32_t *xl_code(const struct xl *xl) {
    return &xl->code[XL_SLOTS];
}
