/* SPDX-License-Identifier: MIT
 * The tcache's memory: bundles, region records and the pools of their parts are rings that grow
 * together, oldest region first. Regions lie in the arena in the order of their records, with at
 * most one wrap; the rest at the end of the arena that a region did not fit into stays unused until
 * the next turn, and so with a span's words. Other parts need not be in one piece: an index wraps
 * wherever it likes. Also the two ways to find a region: by guest pc (hash) and by native address
 * (binary search).
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
    for (uint32_t k = 0; k < r->n_commits; k++) {
        const struct tc_note *note = tc_note_of(tc, r, k);
        if (note->bundle == bundle)
            return note->guest_pc;
    }
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

/* What the oldest region has in the pools. */
static void release_parts(struct tcache *tc, const struct tc_region *r) {
    const struct tc_span *last = tc_span_of(tc, r, r->n_spans - 1u);
    tc->exit_pool.tail += r->n_exits;
    tc->span_pool.tail += r->n_spans;
    tc->note_pool.tail += (uint32_t)r->n_commits + r->n_baked;
    tc->word_pool.tail = last->copy + tc_span_words(last);
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
    release_parts(tc, r);
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

/* Room in each pool that is certainly enough for a region. */
struct needs {
    uint32_t exits, spans, notes, words;
};

enum { GRANULE_WORDS = GRANULE_BYTES / 4 };

static struct needs needs_of(const struct xl_result *res) {
    struct needs n = {res->n_exits, 0, res->n_commits + res->n_baked, 0};
    const struct xl_range *range = res->ranges, *end = range + res->n_ranges;
    for (; range != end; range++) {
        n.spans += 2 + range->bytes / GRANULE_BYTES;
        n.words += 2 + range->bytes / 4;
    }
    n.words += GRANULE_WORDS; /* what may be left over at the end of the pool */
    return n;
}

static bool fits(const struct tc_pool *pool, uint32_t n, uint32_t size) {
    return pool->head - pool->tail + n <= size;
}

static bool has_room(const struct tcache *tc, const struct needs *n) {
    return tc->n_regions != TC_MAX_REGIONS && fits(&tc->exit_pool, n->exits, TC_EXITS) &&
           fits(&tc->span_pool, n->spans, TC_SPANS) && fits(&tc->note_pool, n->notes, TC_NOTES) &&
           fits(&tc->word_pool, n->words, TC_WORDS);
}

enum tc_room tc_make_room(struct tcache *tc, const struct xl_result *res, uint32_t budget_cycles) {
    const struct needs needs = needs_of(res);
    uint32_t begin = native_csrr(CSR_CYCLES), n = res->n_bundles;
    if (UNLIKELY(n > tc->n_bundles || needs.exits > TC_EXITS || needs.spans > TC_SPANS ||
                 needs.notes > TC_NOTES || needs.words > TC_WORDS))
        return TC_ROOM_NEVER;
    if (UNLIKELY(tc->head + n > tc->n_bundles)) {
        if (!clear_from_head(tc, tc->n_bundles, begin, budget_cycles))
            return TC_ROOM_LATER;
        tc->head = 0;
    }
    if (!clear_from_head(tc, tc->head + n, begin, budget_cycles))
        return TC_ROOM_LATER;
    while (UNLIKELY(!has_room(tc, &needs)))
        if (!evict_oldest(tc) && native_csrr(CSR_CYCLES) - begin >= budget_cycles)
            return TC_ROOM_LATER;
    return TC_ROOM_READY;
}

struct tc_region *tc_allocate(struct tcache *tc, const struct xl_result *res) {
    struct tc_region *r = ring_at(tc, tc->n_regions++);
    r->first_bundle = tc->head;
    r->n_bundles = (uint16_t)res->n_bundles;
    r->first_exit = (uint16_t)(tc->exit_pool.head & (TC_EXITS - 1));
    r->n_exits = (uint16_t)res->n_exits;
    r->first_note = (uint16_t)(tc->note_pool.head & (TC_NOTES - 1));
    r->n_commits = (uint16_t)res->n_commits;
    r->n_baked = (uint16_t)res->n_baked;
    tc->head += res->n_bundles;
    tc->exit_pool.head += res->n_exits;
    tc->note_pool.head += res->n_commits + res->n_baked;
    return r;
}

/* An exit leaves with a commit of its own. */
static bool leaves_well(const struct tcache *tc, const struct tc_region *r,
                        const struct tc_exit *e) {
    for (uint32_t k = 0; k < r->n_commits; k++)
        if (tc_note_of(tc, r, k)->bundle == e->commit_bundle)
            return false;
    return tc_exit_of(tc, e->pair)->region == e->region;
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
        if (!to->is_live || to->guest_pc != e->guest_target || /* it may be stopped */
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

/* The parts that regions have in a pool lie one behind the other and fill it from tail to head. */
struct pool_walk {
    uint32_t exits, spans, notes, words;
};

static bool follows(const struct tcache *tc, const struct tc_region *r, struct pool_walk *at) {
    if (((at->exits ^ r->first_exit) & (TC_EXITS - 1)) != 0 ||
        ((at->spans ^ r->first_span) & (TC_SPANS - 1)) != 0 ||
        ((at->notes ^ r->first_note) & (TC_NOTES - 1)) != 0)
        return false;
    for (uint32_t k = 0; k < r->n_spans; k++) {
        const struct tc_span *s = tc_span_of(tc, r, k);
        if (s->copy - at->words >= GRANULE_WORDS || s->region != tc_region_index(tc, r))
            return false;
        at->words = s->copy + tc_span_words(s);
    }
    at->exits += r->n_exits;
    at->spans += r->n_spans;
    at->notes += (uint32_t)r->n_commits + r->n_baked;
    return true;
}

static const char *check_pools(const struct tcache *tc) {
    struct pool_walk at = {tc->exit_pool.tail, tc->span_pool.tail, tc->note_pool.tail,
                           tc->word_pool.tail};
    for (uint32_t k = 0; k < tc->n_regions; k++)
        if (!follows(tc, ring_at(tc, k), &at))
            return "parts of regions are out of order in their pools";
    if (at.exits != tc->exit_pool.head || at.spans != tc->span_pool.head ||
        at.notes != tc->note_pool.head || at.words != tc->word_pool.head)
        return "a pool holds what is no region's";
    return NULL;
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
    return check_pools(tc);
}
