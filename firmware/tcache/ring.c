/* SPDX-License-Identifier: MIT
 * The tcache's memory: bundles, region records and blocks of cells are rings that grow together,
 * oldest region first. Regions lie in the arena in the order of their records, with at most one
 * wrap; the rest at the end of the arena that a region did not fit into stays unused until the next
 * turn. So with the cells. Also the two ways to find a region: by guest pc (hash) and by native
 * address (binary search).
 */
#include "firmware/tcache/tcache_impl.h"
#include "firmware/native.h"

static struct tc_region *ring_at(const struct tcache *tc, uint32_t k) {
    return &tc->regions[(tc->oldest + k) & (TC_MAX_REGIONS - 1)];
}

/* Distance of a bundle (relative to the arena) from the oldest region's first, around the ring. */
static uint32_t ring_distance(const struct tcache *tc, uint32_t bundle) {
    uint32_t first = ring_at(tc, 0)->first_bundle;
    return bundle >= first ? bundle - first : bundle + tc->n_bundles - first;
}

struct tc_region *tc_find_native(struct tcache *tc, uint32_t native_addr) {
    uint32_t index = (native_addr - MEM_CODE_BASE) / TC_BUNDLE_BYTES;
    if (tc->n_regions == 0 || index - tc->base_bundle >= tc->n_bundles)
        return NULL;
    uint32_t bundle = index - tc->base_bundle;
    uint32_t distance = ring_distance(tc, bundle);
    uint32_t low = 0, high = tc->n_regions; /* the answer is in [low, high) */
    while (high - low > 1) {
        uint32_t middle = (low + high) / 2;
        if (ring_distance(tc, ring_at(tc, middle)->first_bundle) <= distance)
            low = middle;
        else
            high = middle;
    }
    struct tc_region *r = ring_at(tc, low);
    return r->is_live && bundle - r->first_bundle < r->n_bundles ? r : NULL;
}

uint32_t tc_commit_point(const struct tcache *tc, const struct tc_region *r, uint32_t native_addr) {
    uint32_t bundle = (native_addr - r->native) / TC_BUNDLE_BYTES;
    const struct tc_note *note = tc_notes_of(tc, r), *end = note + r->n_commits;
    for (; note != end; note++)
        if (note->bundle == bundle)
            return note->guest_pc;
    return r->guest_pc;
}

/* The last region of a chain of TC_HASH_CHAIN, which has been in it the longest; NULL: it is
 * shorter. */
static struct tc_region *last_of_full(const struct tcache *tc, uint32_t bucket) {
    struct tc_region *r = NULL;
    uint32_t n = 0;
    for (uint32_t i = tc->hash[bucket]; UNLIKELY(i != TC_NO_REGION); n++) {
        r = &tc->regions[i];
        i = r->next_in_hash;
    }
    return n < TC_HASH_CHAIN ? NULL : r;
}

bool tc_is_crowded(const struct tcache *tc, uint32_t guest_pc) {
    return last_of_full(tc, tc_hash_of(guest_pc)) != NULL;
}

void tc_hash_insert(struct tcache *tc, struct tc_region *r) {
    uint32_t bucket = tc_hash_of(r->guest_pc);
    struct tc_region *last = last_of_full(tc, bucket);
    if (UNLIKELY(last != NULL)) {
        tc->config.on_loss(tc->config.ctx, last->guest_pc);
        tc_invalidate(tc, last);
        tc_count(tc, STAT_TC_CROWDED, 1);
    }
    r->next_in_hash = tc->hash[bucket];
    tc->hash[bucket] = (uint16_t)tc_region_index(tc, r);
}

void tc_hash_remove(struct tcache *tc, const struct tc_region *r) {
    uint16_t *link = &tc->hash[tc_hash_of(r->guest_pc)];
    uint32_t index = tc_region_index(tc, r);
    while (*link != index)
        link = &tc->regions[*link].next_in_hash;
    *link = r->next_in_hash;
}

/* False: it has been stopped, but there is more to be done until it is dead. */
static bool evict_oldest(struct tcache *tc) {
    struct tc_region *r = ring_at(tc, 0);
    if (r->is_live && !r->is_stopped) {
        tc->has_evicted = true;
        tc->config.on_loss(tc->config.ctx, r->guest_pc);
        tc_stop(tc, r);
        tc_count(tc, STAT_TC_EVICTIONS, 1);
    }
    if (r->is_live && !tc_bury(tc, r))
        return false;
    tc->free_cells += r->n_cells;
    tc->oldest = (tc->oldest + 1) & (TC_MAX_REGIONS - 1);
    tc->n_regions--;
    return true;
}

/* Evicts the regions that begin in [head, limit), which are the oldest ones if there are any.
 * False: there are more, but the time is up. */
static bool clear_from_head(struct tcache *tc, uint32_t limit, uint32_t begin, uint32_t budget) {
    while (tc->n_regions > 0) {
        uint32_t first = ring_at(tc, 0)->first_bundle;
        if (LIKELY(first < tc->head || first >= limit))
            break;
        if (UNLIKELY(native_csrr(CSR_CYCLES) - begin >= budget))
            return false;
        evict_oldest(tc);
    }
    return true;
}

static uint32_t granule_of(uint32_t addr) {
    return addr / GRANULE_BYTES;
}

static inline void note_needs(struct tcache *tc, const struct xl_result *res) {
    const struct xl_range *range = res->ranges, *end = range + res->n_ranges;
    uint32_t spans = 0, words = 2 * (res->n_commits + res->n_baked);
    do {
        uint32_t first = range->guest_pc, last = first + range->bytes - 1;
        spans += granule_of(last) - granule_of(first) + 1;
        words += last / 4 - first / 4 + 1;
    } while (UNLIKELY(++range != end));
    tc->needs.spans = spans;
    tc->needs.cells = res->n_exits + (4 * spans + words + 7) / 8;
}

/* A block is in one piece. */
static inline bool has_cells(struct tcache *tc) {
    uint32_t n = tc->needs.cells, left = TC_CELLS - tc->next_cell;
    tc->needs.block = LIKELY(n <= left) ? tc->next_cell : 1;
    tc->needs.skipped = LIKELY(n <= left) ? 0 : left;
    return n + tc->needs.skipped <= tc->free_cells;
}

enum tc_room tc_make_room(struct tcache *tc, const struct xl_result *res, uint32_t budget_cycles) {
    uint32_t begin = native_csrr(CSR_CYCLES), n = res->n_bundles;
    note_needs(tc, res);
    if (UNLIKELY(n > tc->n_bundles) || UNLIKELY(tc->needs.cells >= TC_CELLS))
        return TC_ROOM_NEVER;
    if (UNLIKELY(tc->head + n > tc->n_bundles)) {
        if (!clear_from_head(tc, tc->n_bundles, begin, budget_cycles))
            return TC_ROOM_LATER;
        tc->head = 0;
    }
    if (!clear_from_head(tc, tc->head + n, begin, budget_cycles))
        return TC_ROOM_LATER;
    while (UNLIKELY(tc->n_regions == TC_MAX_REGIONS) || UNLIKELY(!has_cells(tc)))
        if (!evict_oldest(tc) && native_csrr(CSR_CYCLES) - begin >= budget_cycles)
            return TC_ROOM_LATER;
    return TC_ROOM_READY;
}

/* An exit leaves with a commit of its own. */
static bool leaves_well(const struct tcache *tc, const struct tc_region *r,
                        const struct tc_exit *e) {
    for (uint32_t k = 0; k < r->n_commits; k++)
        if (tc_notes_of(tc, r)[k].bundle == e->made.commit_bundle)
            return false;
    return e->made.pair < r->n_exits || e->made.pair == XL_NO_PAIR;
}

/* Is exit n on the list of exits that are chained to this region? */
static bool is_incoming(const struct tcache *tc, const struct tc_region *to, uint32_t n) {
    uint32_t at = to->first_incoming;
    while (at != TC_NO_EXIT && at != n)
        at = tc_exit_of(tc, at)->next_incoming;
    return at != TC_NO_EXIT;
}

static const char *check_exits(const struct tcache *tc, uint32_t index) {
    const struct tc_region *r = &tc->regions[index];
    for (uint32_t k = 0; k < r->n_exits; k++) {
        const struct tc_exit *e = tc_exit_of(tc, tc_exit_number(r, k));
        if (e->region != index || !leaves_well(tc, r, e))
            return "an exit is not its region's, or leaves with an inner commit point";
        if (e->chained_to == TC_NO_REGION)
            continue;
        const struct tc_region *to = &tc->regions[e->chained_to];
        if (!to->is_live || to->guest_pc != e->made.guest_target || /* it may be stopped */
            to->rights != r->rights)
            return "an exit is chained to a dead region or a wrong one";
        if (!is_incoming(tc, to, tc_exit_number(r, k)))
            return "a chained exit is not on its target's list";
    }
    uint32_t previous = TC_NO_EXIT;
    for (uint32_t n = r->first_incoming; n != TC_NO_EXIT;) {
        const struct tc_exit *e = tc_exit_of(tc, n);
        if (e->chained_to != index || e->prev_incoming != previous)
            return "an incoming list holds a wrong exit";
        if (!tc->regions[e->region].is_live)
            return "an incoming list holds a dead region's exit";
        previous = n;
        n = e->next_incoming;
    }
    return NULL;
}

static bool is_in_hash(const struct tcache *tc, const struct tc_region *r) {
    const struct tcache look_up = {.hash = tc->hash, .regions = tc->regions, .rights = r->rights};
    return tc_find(&look_up, r->guest_pc) == r;
}

/* The blocks lie one behind the other, up to the next one's place; what is free is behind that. */
static const char *check_cells(const struct tcache *tc) {
    uint32_t used = 0, at = 0;
    for (uint32_t k = 0; k < tc->n_regions; k++) {
        const struct tc_region *r = ring_at(tc, k);
        const uint32_t *past = tc_words_of(tc, r);
        for (uint32_t i = 0; i < r->n_spans; i++) {
            const struct tc_span *s = &tc_spans_of(tc, r)[i];
            if (s->region != tc_region_index(tc, r) || past != tc_words_of(tc, r) + s->copy)
                return "a span is not its region's, or the copies are out of order";
            past += tc_span_words(s);
        }
        uint32_t end =
            ((uint32_t)((const char *)past - (const char *)tc->cells) + TC_CELL_BYTES - 1) /
            TC_CELL_BYTES;
        if (k != 0 && r->block != at && r->block != 1)
            return "blocks of cells are out of order";
        if (end > TC_CELLS || (r->block != 1 && end - r->block != r->n_cells))
            return "a block of cells has another size than its parts";
        at = end;
        used += r->n_cells;
    }
    if (used + tc->free_cells != TC_CELLS - 1)
        return "cells are lost";
    return tc->n_regions == 0 || at == tc->next_cell ? NULL : "a block of cells is no region's";
}

const char *tc_check(const struct tcache *tc) {
    uint32_t live = 0, bundles = 0, end = 0;
    for (uint32_t k = 0; k < tc->n_regions; k++) {
        const struct tc_region *r = ring_at(tc, k);
        uint32_t distance = ring_distance(tc, r->first_bundle);
        if (distance < end || r->first_bundle + r->n_bundles > tc->n_bundles)
            return "regions overlap or are out of order";
        end = distance + r->n_bundles;
        if ((r->is_live && !r->is_stopped) != is_in_hash(tc, r))
            return "the hash does not hold exactly the live regions";
        if (!r->is_live)
            continue;
        live++;
        bundles += r->n_bundles;
        const char *wrong = check_exits(tc, tc_region_index(tc, r));
        if (wrong == NULL && !r->is_stopped)
            wrong = tc_check_protection(tc, r);
        if (wrong != NULL)
            return wrong;
    }
    if (end > tc->n_bundles)
        return "the ring has run over its own tail";
    if (live != tc->live_regions || bundles != tc->live_bundles)
        return "live counts are wrong";
    return check_cells(tc);
}
