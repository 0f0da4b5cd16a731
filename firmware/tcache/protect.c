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

/* Where a granule's first span is; TC_NO_SPAN: none. */
static uint16_t *first_of(const struct tcache *tc, uint32_t granule) {
    return &tc->granules[granule & (TC_GRANULES - 1)];
}

/* Spans have numbers that fit 16 bits: their places in the array of cells. */
static struct tc_span *span_at(const struct tcache *tc, uint32_t number) {
    return tc->cells->spans + number;
}

static uint32_t number_of(const struct tcache *tc, const struct tc_span *s) {
    return (uint32_t)(s - tc->cells->spans);
}

/* What is read comes before what is written, which the machine cannot turn round. */
static inline void link_span(struct tcache *tc, struct tc_span *s, uint32_t number, uint32_t pc,
                             bool rechecks) {
    uint32_t granule = granule_of(pc);
    uint16_t *first = first_of(tc, granule);
    uint32_t next = *first;
    if (UNLIKELY(next == TC_NO_SPAN)) {
        *first = (uint16_t)number;
        s->links = number | number << TC_HALF_BITS;
    } else {
        struct tc_span *after = span_at(tc, next);
        uint32_t prev = after->prev;
        s->links = next | prev << TC_HALF_BITS;
        after->prev = (uint16_t)number;
        span_at(tc, prev)->next = (uint16_t)number;
    }
    if (LIKELY(!rechecks)) {
        native_csrw(CSR_PROT_SET, granule * GRANULE_BYTES);
        *first = (uint16_t)number;
    }
}

/* The bit goes with the last region of the granule that needs it. */
static void unlink_span(struct tcache *tc, const struct tc_span *s) {
    uint32_t number = number_of(tc, s), granule = granule_of(s->guest_pc);
    uint16_t *first = first_of(tc, granule);
    span_at(tc, s->prev)->next = s->next;
    span_at(tc, s->next)->prev = s->prev;
    if (*first == number)
        *first = s->next == number ? TC_NO_SPAN : s->next;
    if (*first == TC_NO_SPAN || region_of(tc, span_at(tc, *first))->rechecks)
        native_csrw(CSR_PROT_CLEAR, granule * GRANULE_BYTES);
}

/* Where a span's guest code is in RAM, from the word on that its first byte is in. */
static const uint32_t *guest_code(const struct tcache *tc, const struct tc_span *s) {
    return (const uint32_t *)(const void *)(tc->ram + ((s->guest_pc & ~3u) - tc->ram_base));
}

static inline void copy_words(uint32_t *to, const uint32_t *from, uint32_t n) {
    const uint32_t *end = to + n;
    if (n % 2 != 0)
        *to++ = *from++;
    for (; to != end; to += 2, from += 2) {
        uint32_t word = from[0], next = from[1];
        to[0] = word;
        to[1] = next;
    }
}

/* Is one of the spans before `last` in the same granule? */
static bool is_repeated(const struct tc_span *first, const struct tc_span *last) {
    for (const struct tc_span *s = first; s != last; s++)
        if (granule_of(s->guest_pc) == granule_of(last->guest_pc))
            return true;
    return false;
}

/* The guest code of `bytes` from pc on goes to `words`; how many. */
static inline uint32_t copy_code(const struct tcache *tc, uint32_t *words, uint32_t pc,
                                 uint32_t bytes) {
    const uint8_t *from = tc->ram + ((pc & ~3u) - tc->ram_base);
    uint32_t n = ((pc & 3u) + bytes + 3u) / 4;
    copy_words(words, (const uint32_t *)(const void *)from, n);
    return n;
}

static __attribute__((noinline)) void protect_many(struct tcache *tc, uint32_t region,
                                                   const struct xl_range *range, uint32_t number,
                                                   uint32_t n, uint32_t *words) {
    uint32_t pc = range->guest_pc, left = range->bytes, copied = 0;
    struct tc_span *first = span_at(tc, number), *s = first;
    for (; s != first + n; s++, number++) {
        uint32_t bytes = GRANULE_BYTES - pc % GRANULE_BYTES;
        if (bytes > left)
            bytes = left;
        s->guest_pc = pc;
        s->region = region;
        s->extent = bytes | copied << TC_HALF_BITS;
        s->links = TC_NO_SPAN | TC_NO_SPAN << TC_HALF_BITS;
        copied += copy_code(tc, words + copied, pc, bytes);
        if (!is_repeated(first, s))
            link_span(tc, s, number, pc, tc->regions[region].rechecks);
        pc += bytes;
        left -= bytes;
        if (left == 0 && s + 1 != first + n) {
            range++;
            pc = range->guest_pc;
            left = range->bytes;
        }
    }
}

/* The usual case is one span, which needs its granule's bit: it becomes the ring's first. */
void tc_protect(struct tcache *tc, uint32_t region, const struct xl_range *range, uint32_t number,
                uint32_t n, uint32_t *words) {
    if (UNLIKELY((tc->regions[region].rechecks | (n != 1)) != 0)) {
        protect_many(tc, region, range, number, n, words);
        return;
    }
    uint32_t pc = range->guest_pc, bytes = range->bytes;
    struct tc_span *s = span_at(tc, number);
    s->guest_pc = pc;
    s->extent = bytes;
    s->region = region;
    link_span(tc, s, number, pc, false);
    copy_code(tc, words, pc, bytes);
}

void tc_unprotect(struct tcache *tc, struct tc_region *r) {
    const struct tc_span *s = tc_spans_of(tc, r), *end = s + r->n_spans;
    for (; s != end; s++)
        if (s->next != TC_NO_SPAN)
            unlink_span(tc, s);
}

void tc_protect_init(struct tcache *tc) {
    tc->scan = (struct tc_scan){0};
}

void tc_protect_clear(struct tcache *tc) {
    for (uint32_t k = 0; k < tc->n_regions; k++) {
        const struct tc_region *r = &tc->regions[(tc->oldest + k) & (TC_MAX_REGIONS - 1)];
        const struct tc_span *s = tc_spans_of(tc, r), *end = s + r->n_spans;
        for (; r->is_live && !r->is_stopped && s != end; s++) {
            *first_of(tc, granule_of(s->guest_pc)) = TC_NO_SPAN;
            native_csrw(CSR_PROT_CLEAR, granule_of(s->guest_pc) * GRANULE_BYTES);
        }
    }
    tc_protect_init(tc);
}

static bool is_unchanged(const struct tcache *tc, const struct tc_region *r,
                         const struct tc_span *s) {
    const uint32_t *copy = tc_words_of(tc, r) + s->copy;
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
    const struct tc_span *s = tc_spans_of(tc, r), *end = s + r->n_spans;
    for (; s != end && !must_stop; s++) {
        steps += tc_span_words(s);
        must_stop = !is_unchanged(tc, r, s);
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
    bool is_over = first == TC_NO_SPAN;
    if (!is_over) {
        if (!s->queue[0].has_begun) {
            s->queue[0].has_begun = true;
            s->span = (uint16_t)first;
            s->last = span_at(tc, first)->prev;
        }
        const struct tc_span *at = span_at(tc, s->span);
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
        return TC_SCAN_DEAD_STEPS;
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
    uint32_t first = *first_of(tc, granule), at = first, n = 0;
    bool is_after_recheck = false;
    if (first == TC_NO_SPAN)
        return false;
    do {
        const struct tc_span *s = span_at(tc, at);
        const struct tc_region *owner = region_of(tc, s);
        if (span_at(tc, s->next)->prev != at || owner->is_stopped ||
            (is_after_recheck && !owner->rechecks))
            return false;
        n += owner == r;
        is_after_recheck = owner->rechecks;
        at = s->next;
    } while (at != first);
    return n == 1;
}

const char *tc_check_protection(const struct tcache *tc, const struct tc_region *r) {
    for (uint32_t k = 0; k < r->n_spans; k++)
        if (!is_listed(tc, r, granule_of(tc_spans_of(tc, r)[k].guest_pc)))
            return "a live region is not in its granule's list, or the list is wrong";
    return NULL;
}
