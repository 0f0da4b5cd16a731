/* SPDX-License-Identifier: MIT
 * The tcache's memory: bundles and region records are two rings that grow together, oldest region
 * first. Regions lie in the arena in the order of their records, with at most one wrap; the rest at
 * the end of the arena that a region did not fit into stays unused until the next turn. Also the
 * two ways to find a region: by guest pc (hash) and by native address (binary search).
 */
#include "firmware/cms/cms.h"
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

void tc_hash_insert(struct cms *cms, struct tc_region *r) {
    struct tcache *tc = &cms->tc;
    uint32_t bucket = tc_hash_of(r->guest_pc);
    struct tc_region *last = last_of_full(tc, bucket);
    if (UNLIKELY(last != NULL)) {
        profile_note_loss(&cms->profile, last->guest_pc);
        tc_invalidate(cms, last);
        stat_add(cms, STAT_TC_CROWDED, 1);
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
static bool evict_oldest(struct cms *cms) {
    struct tcache *tc = &cms->tc;
    struct tc_region *r = ring_at(tc, 0);
    if (r->is_live && !r->is_stopped) {
        tc->has_evicted = true;
        profile_note_loss(&cms->profile, r->guest_pc);
        tc_stop(cms, r);
        stat_add(cms, STAT_TC_EVICTIONS, 1);
    }
    if (r->is_live && !tc_bury(cms, r))
        return false;
    tc->oldest = (tc->oldest + 1) & (TC_MAX_REGIONS - 1);
    tc->n_regions--;
    return true;
}

/* Evicts the regions that begin in [head, limit), which are the oldest ones if there are any.
 * False: there are more, but the time is up. */
static bool clear_from_head(struct cms *cms, uint32_t limit, uint32_t begin, uint32_t budget) {
    struct tcache *tc = &cms->tc;
    while (tc->n_regions > 0) {
        uint32_t first = ring_at(tc, 0)->first_bundle;
        if (LIKELY(first < tc->head || first >= limit))
            break;
        if (UNLIKELY(native_csrr(CSR_CYCLES) - begin >= budget))
            return false;
        evict_oldest(cms);
    }
    return true;
}

enum tc_room tc_make_room(struct cms *cms, uint32_t n, uint32_t budget_cycles) {
    struct tcache *tc = &cms->tc;
    uint32_t begin = native_csrr(CSR_CYCLES);
    if (UNLIKELY(n > tc->n_bundles))
        return TC_ROOM_NEVER;
    if (UNLIKELY(tc->head + n > tc->n_bundles)) {
        if (!clear_from_head(cms, tc->n_bundles, begin, budget_cycles))
            return TC_ROOM_LATER;
        tc->head = 0;
    }
    if (!clear_from_head(cms, tc->head + n, begin, budget_cycles))
        return TC_ROOM_LATER;
    while (UNLIKELY(tc->n_regions == TC_MAX_REGIONS))
        if (!evict_oldest(cms) && native_csrr(CSR_CYCLES) - begin >= budget_cycles)
            return TC_ROOM_LATER;
    return TC_ROOM_READY;
}

struct tc_region *tc_allocate(struct tcache *tc, uint32_t n) {
    struct tc_region *r = ring_at(tc, tc->n_regions++);
    r->first_bundle = tc->head;
    r->n_bundles = (uint16_t)n;
    tc->head += n;
    return r;
}

static const char *check_exits(const struct tcache *tc, uint32_t index) {
    const struct tc_region *r = &tc->regions[index];
    for (uint32_t k = 0; k < r->n_exits; k++) {
        const struct tc_exit *e = &r->exits[k];
        if (e->chained_to == TC_NO_REGION)
            continue;
        const struct tc_region *to = &tc->regions[e->chained_to];
        if (!to->is_live || to->guest_pc != e->guest_target || /* it may be stopped */
            to->rights != r->rights)
            return "an exit is chained to a dead region or a wrong one";
        uint32_t n = to->first_incoming;
        while (n != TC_NO_EXIT && n != tc_exit_number(index, k))
            n = tc_exit_of((struct tcache *)(uintptr_t)tc, n)->next_incoming;
        if (n == TC_NO_EXIT)
            return "a chained exit is not on its target's list";
    }
    uint32_t previous = TC_NO_EXIT;
    for (uint32_t n = r->first_incoming; n != TC_NO_EXIT;) {
        const struct tc_exit *e = tc_exit_of((struct tcache *)(uintptr_t)tc, n);
        if (e->chained_to != index || e->prev_incoming != previous)
            return "an incoming list holds a wrong exit";
        if (!tc->regions[(n - XL_EXIT_FIRST_DIRECT) / XL_MAX_EXITS].is_live)
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
    return NULL;
}
