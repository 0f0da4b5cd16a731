/* SPDX-License-Identifier: MIT
 * Which live regions lie in which granule of guest RAM, and whether a region's guest code is still
 * what it was translated from. A granule's hardware bit is set exactly while a live region that
 * does not check itself has bytes in it.
 *
 * The regions of a granule are a ring of nodes: first those that need its protection, then those
 * that check themselves. So a node goes in one step, and the ring's first one tells whether the bit
 * stays. Region i has node 2 i in the ring of its first granule and, if it straddles, node 2 i + 1
 * in that of its last. Each region keeps a copy of its guest code, so a hit in its granule costs a
 * comparison, and only regions that were really overwritten are stopped.
 */
#include "firmware/cms/cms.h"
#include "firmware/tcache/tcache_impl.h"
#include "firmware/native.h"

static uint32_t granule_of(uint32_t addr) {
    return addr / GRANULE_BYTES;
}

static uint32_t node_granule(const struct tc_region *r, uint32_t node) {
    return granule_of((node & 1u) == 0 ? r->guest_pc : r->guest_pc + r->guest_bytes - 1u);
}

static struct tc_region *node_region(const struct tcache *tc, uint32_t node) {
    return &tc->regions[node / 2];
}

static struct tc_node *node_at(const struct tcache *tc, uint32_t node) {
    return &node_region(tc, node)->nodes[node & 1u];
}

/* Where a granule's first node + 1 is, 0: none. */
static uint16_t *first_of(const struct tcache *tc, uint32_t granule) {
    return &tc->granules[granule & (TC_GRANULES - 1)];
}

/* which: 0 or 1, of r's nodes. */
static inline void link_node(struct tcache *tc, struct tc_region *r, uint32_t index,
                             uint32_t which) {
    uint32_t number = 2 * index + which, granule = node_granule(r, which);
    uint16_t *first = first_of(tc, granule);
    uint32_t next = *first - 1u;
    bool is_alone = *first == 0, rechecks = r->rechecks;
    struct tc_node *node = &r->nodes[which];
    if (!rechecks) {
        native_csrw(CSR_PROT_SET, granule * GRANULE_BYTES);
        *first = (uint16_t)(number + 1);
    }
    if (is_alone) {
        node->next = node->prev = (uint16_t)number;
        *first = (uint16_t)(number + 1);
        return;
    }
    struct tc_node *after = node_at(tc, next);
    uint32_t prev = after->prev;
    node->next = (uint16_t)next;
    after->prev = (uint16_t)number;
    node->prev = (uint16_t)prev;
    node_at(tc, prev)->next = (uint16_t)number;
}

/* The bit goes with the last region of the granule that needs it. */
static void unlink_node(struct tcache *tc, uint32_t number) {
    const struct tc_node *node = node_at(tc, number);
    uint32_t granule = node_granule(node_region(tc, number), number);
    uint16_t *first = first_of(tc, granule);
    node_at(tc, node->prev)->next = node->next;
    node_at(tc, node->next)->prev = node->prev;
    if (*first == number + 1)
        *first = (uint16_t)(node->next == number ? 0 : node->next + 1);
    if (*first == 0 || node_region(tc, *first - 1u)->rechecks)
        native_csrw(CSR_PROT_CLEAR, granule * GRANULE_BYTES);
}

static bool is_straddling(const struct tc_region *r) {
    return node_granule(r, 0) != node_granule(r, 1);
}

/* Words that a region's code touches: at most one more than its instructions. */
static uint32_t code_words(const struct tc_region *r) {
    return ((r->guest_pc & 3u) + r->guest_bytes + 3u) / 4;
}

/* Where a region's guest code is in RAM, from the word on that its first byte is in. */
static const uint32_t *guest_code(const struct cms *cms, const struct tc_region *r) {
    const uint8_t *at = cms->mem.ram + ((r->guest_pc & ~3u) - cms->mem.base);
    return (const uint32_t *)(const void *)at;
}

void tc_protect(struct cms *cms, struct tc_region *r) {
    struct tcache *tc = &cms->tc;
    uint32_t index = tc_region_index(tc, r), n = code_words(r);
    uint32_t *copy = cms->tc_copies[index];
    cms_assert(n <= TC_COPY_WORDS);
    const uint32_t *from = guest_code(cms, r), *end = copy + n;
    if (n % 2 != 0)
        *copy++ = *from++;
    for (; copy != end; copy += 2, from += 2) {
        uint32_t word = from[0], next = from[1];
        copy[0] = word;
        copy[1] = next;
    }
    link_node(tc, r, index, 0);
    if (UNLIKELY(is_straddling(r)))
        link_node(tc, r, index, 1);
}

void tc_unprotect(struct cms *cms, struct tc_region *r) {
    uint32_t index = tc_region_index(&cms->tc, r);
    unlink_node(&cms->tc, 2 * index);
    if (is_straddling(r))
        unlink_node(&cms->tc, 2 * index + 1);
}

void tc_protect_init(struct cms *cms) {
    cms->tc.granules = cms->tc_granules; /* all 0, at first and after tc_protect_clear */
    cms->tc.scan = (struct tc_scan){0};
}

void tc_protect_clear(struct cms *cms) {
    struct tcache *tc = &cms->tc;
    for (uint32_t k = 0; k < tc->n_regions; k++) {
        const struct tc_region *r = &tc->regions[(tc->oldest + k) & (TC_MAX_REGIONS - 1)];
        if (!r->is_live || r->is_stopped)
            continue;
        for (uint32_t node = 0; node < 2; node++) {
            *first_of(tc, node_granule(r, node)) = 0;
            native_csrw(CSR_PROT_CLEAR, node_granule(r, node) * GRANULE_BYTES);
        }
    }
    tc->scan = (struct tc_scan){0};
}

static bool is_unchanged(const struct cms *cms, const struct tc_region *r) {
    const uint32_t *copy = cms->tc_copies[tc_region_index(&cms->tc, r)];
    const uint32_t *now = guest_code(cms, r);
    uint32_t n = code_words(r);
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
static uint32_t look_at(struct cms *cms, struct tc_region *r, bool must_stop, uint32_t *n_stopped) {
    uint32_t steps = TC_SCAN_REGION_STEPS;
    if (!must_stop) {
        steps += code_words(r);
        if (is_unchanged(cms, r))
            return steps;
    }
    tc_stop(cms, r);
    ++*n_stopped;
    return steps + TC_SCAN_STOP_STEPS;
}

/* The next region of the queue's first granule. */
static uint32_t step_in_granule(struct cms *cms, uint32_t *n_stopped) {
    struct tcache *tc = &cms->tc;
    struct tc_scan *s = &tc->scan;
    uint32_t first = *first_of(tc, s->queue[0].granule), steps = TC_SCAN_REGION_STEPS;
    bool is_over = first == 0;
    if (!is_over) {
        if (!s->queue[0].has_begun) {
            s->queue[0].has_begun = true;
            s->node = (uint16_t)(first - 1);
            s->last = node_at(tc, s->node)->prev;
        }
        uint32_t node = s->node;
        s->node = node_at(tc, node)->next;
        is_over = node == s->last;
        steps = look_at(cms, node_region(tc, node), s->queue[0].stops_all, n_stopped);
    }
    if (is_over) {
        s->n_queued--;
        for (uint32_t i = 0; i < s->n_queued; i++)
            s->queue[i] = s->queue[i + 1];
    }
    return steps;
}

static uint32_t step_in_ring(struct cms *cms, uint32_t *n_stopped) {
    struct tcache *tc = &cms->tc;
    struct tc_scan *s = &tc->scan;
    s->n_ring--;
    struct tc_region *r = &tc->regions[(tc->oldest + s->n_ring) & (TC_MAX_REGIONS - 1)];
    if (!r->is_live || r->is_stopped)
        return 1;
    return look_at(cms, r, s->stops_ring, n_stopped);
}

uint32_t tc_scan_on(struct cms *cms) {
    struct tc_scan *s = &cms->tc.scan;
    uint32_t n_stopped = 0;
    for (uint32_t steps = 0; steps < TC_SCAN_STEPS;) {
        if (s->n_queued != 0) {
            steps += step_in_granule(cms, &n_stopped);
        } else if (s->n_ring != 0) {
            steps += step_in_ring(cms, &n_stopped);
        } else {
            s->is_on = 0;
            s->stops_ring = false;
            break;
        }
    }
    return n_stopped;
}

static bool is_listed(const struct tcache *tc, const struct tc_region *r, uint32_t wanted) {
    uint32_t first = *first_of(tc, node_granule(r, wanted)), node = first - 1u;
    bool is_after_recheck = false;
    if (first == 0)
        return false;
    do {
        const struct tc_region *at = node_region(tc, node);
        if (node_at(tc, node_at(tc, node)->next)->prev != node || at->is_stopped ||
            (is_after_recheck && !at->rechecks))
            return false;
        if (node == wanted)
            return true;
        is_after_recheck = at->rechecks;
        node = node_at(tc, node)->next;
    } while (node != first - 1u);
    return false;
}

const char *tc_check_protection(const struct tcache *tc, const struct tc_region *r) {
    uint32_t index = tc_region_index(tc, r);
    if (!is_listed(tc, r, 2 * index) || (is_straddling(r) && !is_listed(tc, r, 2 * index + 1)))
        return "a live region is not in its granule's list, or the list is wrong";
    return NULL;
}
