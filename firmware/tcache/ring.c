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

/* Distance of a native address in the arena from the oldest region, around the ring. */
static uint32_t ring_distance(const struct tcache *tc, uint32_t native) {
    uint32_t first = ring_at(tc, 0)->native;
    return native >= first ? native - first : native + tc->n_bundles * TC_BUNDLE_BYTES - first;
}

static uint32_t bytes_of(const struct tc_region *r) {
    return (uint32_t)r->n_bundles * TC_BUNDLE_BYTES;
}

struct tc_region *tc_find_native(struct tcache *tc, uint32_t native_addr) {
    if (tc->n_regions == 0 || native_addr - tc->first_native >= tc->n_bundles * TC_BUNDLE_BYTES)
        return NULL;
    uint32_t distance = ring_distance(tc, native_addr);
    uint32_t low = 0, high = tc->n_regions; /* the answer is in [low, high) */
    while (high - low > 1) {
        uint32_t middle = (low + high) / 2;
        if (ring_distance(tc, ring_at(tc, middle)->native) <= distance)
            low = middle;
        else
            high = middle;
    }
    struct tc_region *r = ring_at(tc, low);
    return r->is_live && native_addr - r->native < bytes_of(r) ? r : NULL;
}

uint32_t tc_live_regions(const struct tcache *tc) {
    return tc->n_regions - tc->n_dead;
}

uint32_t tc_live_bundles(const struct tcache *tc) {
    if (tc->n_regions == 0)
        return 0;
    uint32_t first = ring_at(tc, 0)->native;
    uint32_t used = (tc->head - first) / TC_BUNDLE_BYTES;
    if (tc->head <= first)
        used = tc->n_bundles - (first - tc->head) / TC_BUNDLE_BYTES - tc->skipped;
    return used - tc->dead_bundles;
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

/* In a full bucket the oldest region makes room for another. */
static void clear_bucket(struct tcache *tc, uint32_t bucket) {
    struct tc_region *last = last_of_full(tc, bucket);
    if (LIKELY(last == NULL))
        return;
    tc->config.on_loss(tc->config.ctx, last->guest_pc);
    tc_invalidate(tc, last);
    tc_count(tc, STAT_TC_CROWDED, 1);
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
    tc->n_dead--;
    tc->dead_bundles -= r->n_bundles;
    tc->oldest = (tc->oldest + 1) & (TC_MAX_REGIONS - 1);
    tc->n_regions--;
    return true;
}

static uint32_t granule_of(uint32_t addr) {
    return addr / GRANULE_BYTES;
}

static inline struct tc_needs needs_of(const struct tcache *tc, const struct xl_result *res) {
    const struct xl_range *range = res->ranges, *end = range + res->n_ranges;
    uint32_t spans = 0, words = 2 * (res->n_commits + res->n_baked);
    uint32_t bucket = tc_hash_of(range->guest_pc);
    do {
        uint32_t first = range->guest_pc, last = first + range->bytes - 1;
        spans += granule_of(last) - granule_of(first) + 1;
        words += last / 4 - first / 4 + 1;
    } while (UNLIKELY(++range != end));
    return (struct tc_needs){.spans = spans,
                             .cells = res->n_exits + (4 * spans + words + 7) / 8,
                             .bucket = bucket,
                             .next = tc->hash[bucket]};
}

static inline uint32_t lacks_room(const struct tcache *tc, uint32_t bytes, uint32_t cells) {
    return (tc->head + bytes > tc->free_end) | (tc->next_cell + cells > tc->cells_end) |
           (tc->n_regions == TC_MAX_REGIONS);
}

static uint32_t arena_end(const struct tcache *tc) {
    return tc->first_native + tc->n_bundles * TC_BUNDLE_BYTES;
}

/* What is free behind the newest region, in one piece, as far as the oldest. */
void tc_find_free(struct tcache *tc) {
    const uint32_t most = tc->head + (uint32_t)TC_MAX_BUNDLES * TC_BUNDLE_BYTES;
    uint32_t end = arena_end(tc), cells_end = TC_CELLS;
    if (tc->n_regions != 0) {
        const struct tc_region *r = ring_at(tc, 0);
        if (r->native >= tc->head)
            end = r->native;
        if (r->block >= tc->next_cell)
            cells_end = r->block;
    }
    tc->free_end = end < most ? end : most;
    tc->cells_end = cells_end;
}

/* What does not fit between the newest region and the end goes to the beginning, if there is no
 * region behind the newest one. */
static void wrap(struct tcache *tc, uint32_t bytes, uint32_t cells) {
    const struct tc_region *r = tc->n_regions != 0 ? ring_at(tc, 0) : NULL;
    if (tc->head + bytes > arena_end(tc) && (r == NULL || r->native < tc->head)) {
        tc->skipped = (arena_end(tc) - tc->head) / TC_BUNDLE_BYTES;
        tc->head = tc->first_native;
    }
    if (tc->next_cell + cells > TC_CELLS && (r == NULL || r->block < tc->next_cell))
        tc->next_cell = 1;
}

static enum tc_room evict(struct tcache *tc, uint32_t bytes, uint32_t cells,
                          uint32_t budget_cycles) {
    uint32_t begin = native_csrr(CSR_CYCLES);
    if (bytes > tc->n_bundles * TC_BUNDLE_BYTES ||
        bytes > (uint32_t)TC_MAX_BUNDLES * TC_BUNDLE_BYTES || cells >= TC_CELLS)
        return TC_ROOM_NEVER;
    for (;;) {
        wrap(tc, bytes, cells);
        tc_find_free(tc);
        if (lacks_room(tc, bytes, cells) == 0)
            return TC_ROOM_READY;
        if (native_csrr(CSR_CYCLES) - begin >= budget_cycles)
            return TC_ROOM_LATER;
        evict_oldest(tc);
    }
}

/* There is no room, or there are regions in the bucket. */
static __attribute__((noinline)) enum tc_room
clear(struct tcache *tc, uint32_t bytes, uint32_t cells, uint32_t bucket, uint32_t budget_cycles) {
    if (lacks_room(tc, bytes, cells) != 0) {
        enum tc_room room = evict(tc, bytes, cells, budget_cycles);
        if (room != TC_ROOM_READY)
            return room;
    }
    clear_bucket(tc, bucket);
    return TC_ROOM_READY;
}

enum tc_room tc_make_room(struct tcache *tc, const struct xl_result *res, uint32_t budget_cycles,
                          struct tc_needs *needs) {
    uint32_t bytes = res->n_bundles * TC_BUNDLE_BYTES;
    *needs = needs_of(tc, res);
    if (UNLIKELY((lacks_room(tc, bytes, needs->cells) | (needs->next != TC_NO_REGION)) != 0)) {
        enum tc_room room = clear(tc, bytes, needs->cells, needs->bucket, budget_cycles);
        needs->next = tc->hash[needs->bucket];
        return room;
    }
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
    uint32_t at = 0, n_wraps = 0;
    for (uint32_t k = 0; k < tc->n_regions; k++) {
        const struct tc_region *r = ring_at(tc, k);
        const uint32_t *past = tc_words_of(tc, r);
        for (uint32_t i = 0; i < r->n_spans; i++) {
            const struct tc_span *s = &tc_spans_of(tc, r)[i];
            if (s->region != tc_region_index(tc, r) || past != tc_words_of(tc, r) + s->copy)
                return "a span is not its region's, or the copies are out of order";
            past += tc_span_words(s);
        }
        uint32_t bytes = (uint32_t)((const char *)past - (const char *)tc->cells);
        if (k != 0 && r->block != at)
            n_wraps += r->block == 1 ? 1 : 2;
        at = (bytes + TC_CELL_BYTES - 1) / TC_CELL_BYTES;
        if (at > TC_CELLS || (n_wraps == 1 && at > ring_at(tc, 0)->block))
            return "blocks of cells overlap";
    }
    if (n_wraps > 1)
        return "blocks of cells are out of order, or cells are lost between them";
    if (tc->n_regions != 0 && tc->next_cell != at && tc->next_cell != 1)
        return "a block of cells has another size than its parts";
    return NULL;
}

/* What is known to be free is. */
static const char *check_free(const struct tcache *tc) {
    struct tcache all = *tc;
    tc_find_free(&all);
    return tc->free_end <= all.free_end && tc->cells_end <= all.cells_end
               ? NULL
               : "what is in use counts as free";
}

const char *tc_check(const struct tcache *tc) {
    uint32_t live = 0, bundles = 0, end = 0;
    for (uint32_t k = 0; k < tc->n_regions; k++) {
        const struct tc_region *r = ring_at(tc, k);
        uint32_t distance = ring_distance(tc, r->native);
        if (distance < end || r->native + bytes_of(r) > arena_end(tc))
            return "regions overlap or are out of order";
        end = distance + bytes_of(r);
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
    if (end > tc->n_bundles * TC_BUNDLE_BYTES)
        return "the ring has run over its own tail";
    if (live != tc_live_regions(tc) || bundles != tc_live_bundles(tc))
        return "live counts are wrong";
    const char *wrong = check_cells(tc);
    return wrong != NULL ? wrong : check_free(tc);
}
