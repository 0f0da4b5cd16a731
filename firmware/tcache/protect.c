/* SPDX-License-Identifier: MIT
 * Which live regions lie in which granule of guest RAM, and whether a region's guest code is still
 * what it was translated from. A granule's hardware bit is set exactly while a live region that
 * does not check itself has bytes in it.
 *
 * The regions of a granule are a ring of spans, one a region: first those that need its protection,
 * then those that check themselves. So a span goes in one step, and the ring's first one tells
 * whether the bit stays. Each span keeps a copy of its guest code, so a hit in a granule costs a
 * comparison, and only regions that were really overwritten are stopped.
 */
#include "firmware/native.h"
#include "firmware/tcache/tcache_impl.h"

static uint32_t granule_of(uint32_t addr) {
    return addr / GRANULE_BYTES;
}

static struct tc_region *region_of(const struct tcache *tc, const struct tc_span *s) {
    return &tc->regions[s->region];
}

/* Where a granule's first span + 1 is, 0: none. */
static uint16_t *first_of(const struct tcache *tc, uint32_t granule) {
    return &tc->granules[granule & (TC_GRANULES - 1)];
}

static inline void link_span(struct tcache *tc, struct tc_span *s, bool rechecks) {
    uint32_t number = (uint32_t)(s - tc->spans), granule = granule_of(s->guest_pc);
    uint16_t *first = first_of(tc, granule);
    uint32_t next = *first - 1u;
    bool is_alone = *first == 0;
    if (!rechecks) {
        native_csrw(CSR_PROT_SET, granule * GRANULE_BYTES);
        *first = (uint16_t)(number + 1);
    }
    if (is_alone) {
        s->next = s->prev = (uint16_t)number;
        *first = (uint16_t)(number + 1);
        return;
    }
    struct tc_span *after = &tc->spans[next];
    uint32_t prev = after->prev;
    s->next = (uint16_t)next;
    after->prev = (uint16_t)number;
    s->prev = (uint16_t)prev;
    tc->spans[prev].next = (uint16_t)number;
}

/* The bit goes with the last region of the granule that needs it. */
static void unlink_span(struct tcache *tc, const struct tc_span *s) {
    uint32_t number = (uint32_t)(s - tc->spans), granule = granule_of(s->guest_pc);
    uint16_t *first = first_of(tc, granule);
    tc->spans[s->prev].next = s->next;
    tc->spans[s->next].prev = s->prev;
    if (*first == number + 1)
        *first = (uint16_t)(s->next == number ? 0 : s->next + 1);
    if (*first == 0 || region_of(tc, &tc->spans[*first - 1u])->rechecks)
        native_csrw(CSR_PROT_CLEAR, granule * GRANULE_BYTES);
}

/* Where a span's guest code is in RAM, from the word on that its first byte is in. */
static const uint32_t *guest_code(const struct tcache *tc, const struct tc_span *s) {
    const struct guest_mem *mem = tc->config.mem;
    return (const uint32_t *)(const void *)(mem->ram + ((s->guest_pc & ~3u) - mem->base));
}

static inline void copy_code(struct tcache *tc, struct tc_span *s) {
    uint32_t n = tc_span_words(s), at = tc->word_pool.head;
    if (UNLIKELY((at & (TC_WORDS - 1)) + n > TC_WORDS)) /* in one piece */
        at = (at | (TC_WORDS - 1)) + 1;
    s->copy = at;
    tc->word_pool.head = at + n;
    uint32_t *copy = &tc->words[at & (TC_WORDS - 1)];
    const uint32_t *from = guest_code(tc, s), *end = copy + n;
    if (n % 2 != 0)
        *copy++ = *from++;
    for (; copy != end; copy += 2, from += 2) {
        uint32_t word = from[0], next = from[1];
        copy[0] = word;
        copy[1] = next;
    }
}

/* Has the region a span in this granule already? */
static bool is_in(const struct tcache *tc, const struct tc_region *r, uint32_t granule) {
    for (uint32_t k = 0; k < r->n_spans; k++)
        if (granule_of(tc_span_of(tc, r, k)->guest_pc) == granule)
            return true;
    return false;
}

static inline void add_span(struct tcache *tc, struct tc_region *r, uint32_t pc, uint32_t bytes) {
    struct tc_span *s = &tc->spans[tc->span_pool.head++ & (TC_SPANS - 1)];
    s->guest_pc = pc;
    s->bytes = (uint16_t)bytes;
    s->region = (uint16_t)tc_region_index(tc, r);
    copy_code(tc, s);
    if (UNLIKELY(r->n_spans != 0) && is_in(tc, r, granule_of(pc)))
        s->next = s->prev = TC_NO_SPAN;
    else
        link_span(tc, s, r->rechecks);
    r->n_spans++;
}

void tc_protect(struct tcache *tc, struct tc_region *r, const struct xl_result *res) {
    const struct xl_range *range = res->ranges, *end = range + res->n_ranges;
    r->first_span = (uint16_t)(tc->span_pool.head & (TC_SPANS - 1));
    r->n_spans = 0;
    for (; range != end; range++) {
        uint32_t pc = range->guest_pc, left = range->bytes;
        while (left != 0) {
            uint32_t bytes = GRANULE_BYTES - pc % GRANULE_BYTES;
            if (LIKELY(bytes > left))
                bytes = left;
            add_span(tc, r, pc, bytes);
            pc += bytes;
            left -= bytes;
        }
    }
}

void tc_unprotect(struct tcache *tc, struct tc_region *r) {
    for (uint32_t k = 0; k < r->n_spans; k++) {
        const struct tc_span *s = tc_span_of(tc, r, k);
        if (s->next != TC_NO_SPAN)
            unlink_span(tc, s);
    }
}

void tc_protect_init(struct tcache *tc) {
    tc->span_pool = tc->word_pool = (struct tc_pool){0};
    tc->scan = (struct tc_scan){0};
}

void tc_protect_clear(struct tcache *tc) {
    for (uint32_t at = tc->span_pool.tail; at != tc->span_pool.head; at++) {
        const struct tc_span *s = &tc->spans[at & (TC_SPANS - 1)];
        const struct tc_region *r = region_of(tc, s);
        if (!r->is_live || r->is_stopped)
            continue;
        *first_of(tc, granule_of(s->guest_pc)) = 0;
        native_csrw(CSR_PROT_CLEAR, granule_of(s->guest_pc) * GRANULE_BYTES);
    }
    tc_protect_init(tc);
}

static bool is_unchanged(const struct tcache *tc, const struct tc_span *s) {
    const uint32_t *copy = &tc->words[s->copy & (TC_WORDS - 1)];
    const uint32_t *now = guest_code(tc, s);
    uint32_t n = tc_span_words(s);
    for (uint32_t i = 0; i < n; i++)
        if (now[i] != copy[i])
            return false;
    return true;
}

/* A granule that comes again before its turn is over is emptied, so that a guest that goes on
 * storing there does not keep the scan going for ever. */
void tc_scan_granule(struct tcache *tc, uint32_t addr, bool stops_all) {
    struct tc_scan *s = &tc->scan;
    uint32_t granule = granule_of(addr), i = 0;
    while (i < s->n_queued && s->queue[i].granule != granule)
        i++;
    if (i == TC_SCAN_QUEUE) {
        tc_scan_ring(tc, true);
        return;
    }
    s->queue[i].stops_all = stops_all || i < s->n_queued;
    s->queue[i].granule = granule;
    s->queue[i].has_begun = false;
    if (i == s->n_queued)
        s->n_queued++;
    s->is_on = 1;
}

void tc_scan_ring(struct tcache *tc, bool stops_all) {
    struct tc_scan *s = &tc->scan;
    s->n_ring = tc->n_regions;
    s->stops_ring = s->stops_ring || stops_all;
    s->is_on = 1;
}

/* Stops r if it has to be; the steps that it took. */
static uint32_t look_at(struct tcache *tc, struct tc_region *r, bool must_stop,
                        uint32_t *n_stopped) {
    uint32_t steps = TC_SCAN_REGION_STEPS;
    for (uint32_t k = 0; k < r->n_spans && !must_stop; k++) {
        const struct tc_span *s = tc_span_of(tc, r, k);
        steps += tc_span_words(s);
        must_stop = !is_unchanged(tc, s);
    }
    if (!must_stop)
        return steps;
    tc_stop(tc, r);
    ++*n_stopped;
    return steps + TC_SCAN_STOP_STEPS;
}

/* The next region of the queue's first granule. */
static uint32_t step_in_granule(struct tcache *tc, uint32_t *n_stopped) {
    struct tc_scan *s = &tc->scan;
    uint32_t first = *first_of(tc, s->queue[0].granule), steps = TC_SCAN_REGION_STEPS;
    bool is_over = first == 0;
    if (!is_over) {
        if (!s->queue[0].has_begun) {
            s->queue[0].has_begun = true;
            s->span = (uint16_t)(first - 1);
            s->last = tc->spans[s->span].prev;
        }
        const struct tc_span *at = &tc->spans[s->span];
        is_over = s->span == s->last;
        s->span = at->next;
        steps = look_at(tc, region_of(tc, at), s->queue[0].stops_all, n_stopped);
    }
    if (is_over) {
        s->n_queued--;
        for (uint32_t i = 0; i < s->n_queued; i++)
            s->queue[i] = s->queue[i + 1];
    }
    return steps;
}

static uint32_t step_in_ring(struct tcache *tc, uint32_t *n_stopped) {
    struct tc_scan *s = &tc->scan;
    s->n_ring--;
    struct tc_region *r = &tc->regions[(tc->oldest + s->n_ring) & (TC_MAX_REGIONS - 1)];
    if (!r->is_live || r->is_stopped)
        return 1;
    return look_at(tc, r, s->stops_ring, n_stopped);
}

uint32_t tc_scan_on(struct tcache *tc) {
    struct tc_scan *s = &tc->scan;
    uint32_t n_stopped = 0;
    for (uint32_t steps = 0; steps < TC_SCAN_STEPS;) {
        if (s->n_queued != 0) {
            steps += step_in_granule(tc, &n_stopped);
        } else if (s->n_ring != 0) {
            steps += step_in_ring(tc, &n_stopped);
        } else {
            s->is_on = 0;
            s->stops_ring = false;
            break;
        }
    }
    return n_stopped;
}

/* Is the region in the granule's ring, once, and the ring as it should be? */
static bool is_listed(const struct tcache *tc, const struct tc_region *r, uint32_t granule) {
    uint32_t first = *first_of(tc, granule), at = first - 1u, n = 0;
    bool is_after_recheck = false;
    if (first == 0)
        return false;
    do {
        const struct tc_span *s = &tc->spans[at];
        const struct tc_region *owner = region_of(tc, s);
        if (tc->spans[s->next].prev != at || owner->is_stopped ||
            (is_after_recheck && !owner->rechecks))
            return false;
        n += owner == r;
        is_after_recheck = owner->rechecks;
        at = s->next;
    } while (at != first - 1u);
    return n == 1;
}

const char *tc_check_protection(const struct tcache *tc, const struct tc_region *r) {
    for (uint32_t k = 0; k < r->n_spans; k++)
        if (!is_listed(tc, r, granule_of(tc_span_of(tc, r, k)->guest_pc)))
            return "a live region is not in its granule's list, or the list is wrong";
    return NULL;
}
