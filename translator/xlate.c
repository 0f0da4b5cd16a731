/* SPDX-License-Identifier: MIT
 * Translation of one guest block (gear 1): lift, then the shared back half. When a block does not
 * fit into the bundles or temporaries there are, it is done again with half of its instructions. */
#include "translator/xlate_impl.h"

/* Only what the last translation used is dirty. */
static void clear(struct xl *xl) {
    uint32_t last = xl->end;
    if (XL_UNLIKELY(last > XL_CYCLES - XL_LOOK_AHEAD))
        last = XL_CYCLES - XL_LOOK_AHEAD;
    uint32_t *word = xl->code, *stop = &xl->code[(last + 1) * XL_SLOTS];
    do {
#pragma GCC unroll 4
        for (uint32_t slot = 0; slot < XL_SLOTS; slot++)
            word[slot] = 0;
        word += XL_SLOTS;
    } while (word != stop);
    for (uint32_t i = 0; i <= (last + xl->over_end) / 4; i++) /* results complete until then */
        xl->taken_words[i] = xl->taken_words[XL_CYCLES / 4 + i] = 0;
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

void xl_begin(struct xl *xl, const struct xl_abi *abi, uint32_t flags, uint32_t seed) {
    clear(xl);
    if (XL_UNLIKELY(xl->abi != abi || xl->flags != flags)) {
        xl->abi = abi;
        xl->flags = flags;
        xl->home_base = abi->home_base;
        xl->temp_first = abi->temp_first;
        set_boundary(xl);
        for (uint32_t i = 0; i < 32; i++) {
            xl->loc[i] = abi->homes[i];
            xl->ready[i] = i != 0 && !abi->commits; /* docs/architecture.md, boundary rule */
        }
    }
    xl->random = seed | 1;
    xl->dead = xl->early = 0;
    xl->pack_mask = flags & XL_NO_PACK ? SLOTS_ALL : 0;
    xl->end = 0;
    xl->n_bundles = xl->n_ops = xl->n_fixups = xl->n_exits = 0;
    xl->error = NULL;
}

static void fill_result(struct xl *xl, const struct xl_request *rq, struct xl_result *res) {
    res->n_bundles = xl->n_bundles;
    res->n_insns = xl->n_insns;
    xl->range = (struct xl_range){rq->guest_pc, xl->next_pc - rq->guest_pc};
    res->n_ranges = 1;
    res->ranges = &xl->range;
    res->n_ops = xl->n_ops;
    res->n_exits = xl->n_exits;
    res->exits = xl->exits;
    res->n_commits = res->n_baked = 0;
    res->commits = res->baked = NULL;
    res->rights = rq->rights;
    res->mode = rq->mode;
    res->rechecks = false;
}

/* With max_insns instructions at most. */
static void begin(struct xl *xl, const struct xl_request *rq, uint32_t max_insns) {
    xl_begin(xl, &xl_abi_guest, rq->flags, rq->chaos_seed);
    lift_begin(xl, rq, max_insns);
    xl->stage = XL_LIFTING;
}

void xl_start(struct xl *xl, const struct xl_request *rq) {
    xl->request = rq;
    if (XL_LIKELY((rq->flags & XL_RECHECK) == 0))
        begin(xl, rq, rq->max_insns > XL_MAX_INSNS ? XL_MAX_INSNS : rq->max_insns);
}

static enum xl_bail recheck_slice(struct xl *xl, const struct xl_request *rq,
                                  struct xl_result *res) {
    enum xl_bail why = recheck_translate(xl, rq, res); /* short: all in one */
    xl->request = rq;
    return why;
}

static enum xl_bail leave_at(struct xl *xl, enum xl_stage stage) {
    xl->stage = stage;
    return XL_MORE;
}

enum xl_bail xl_slice(struct xl *xl, uint32_t work, struct xl_result *res) {
    const struct xl_request *rq = xl->request;
    if (XL_UNLIKELY((rq->flags & XL_RECHECK) != 0))
        return recheck_slice(xl, rq, res);
    for (;;) {
        switch (xl->stage) {
        case XL_LIFTING: {
            enum xl_bail why = lift_some(xl, rq, work);
            if (XL_UNLIKELY(why != XL_OK))
                return why;
            sched_begin(xl);
            if (XL_UNLIKELY(work != XL_ALL))
                return leave_at(xl, XL_PLACING);
        } /* fall through */
        case XL_PLACING:
            if (!sched_some(xl, work))
                return XL_MORE;
            if (XL_UNLIKELY(work != XL_ALL))
                return leave_at(xl, XL_CLOSING);
            /* fall through */
        default:
            if (XL_LIKELY(sched_end(xl))) {
                fill_result(xl, rq, res);
                return XL_OK;
            }
        }
        if (xl->n_insns == 1)
            return XL_BAIL_SPACE;
        begin(xl, rq, xl->n_insns / 2);
    }
}

enum xl_bail xl_translate_block(struct xl *xl, const struct xl_request *rq, struct xl_result *res) {
    xl_start(xl, rq);
    return xl_slice(xl, XL_ALL, res);
}

uint32_t xl_lifted_bytes(const struct xl *xl) {
    return xl->next_pc - xl->request->guest_pc;
}

const uint32_t *xl_code(const struct xl *xl) {
    return &xl->code[XL_SLOTS];
}
