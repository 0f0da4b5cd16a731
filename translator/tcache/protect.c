/* SPDX-License-Identifier: MIT
 * Which regions lie in which granule of guest RAM, and whether a region's guest code is still what
 * it was translated from. A granule's hardware bit is set exactly while a live region that does not
 * check itself has bytes in it. Granules are found by a hash; a region is in the list of its first
 * granule and, if it straddles, of its last. The nodes of region i are 2 i (first) and 2 i + 1
 * (last). Each region keeps a copy of its guest code, so a hit in its granule costs a comparison,
 * and only regions that were really overwritten are stopped.
 */
#include "translator/cms.h"
#include "translator/tcache/tcache_impl.h"
#include "firmware/native.h"

enum { NODE_NONE = 0xffff };

static uint32_t granule_of(uint32_t addr) {
    return addr / GRANULE_BYTES;
}

static uint32_t node_granule(const struct tc_region *r, uint32_t node) {
    return granule_of((node & 1u) == 0 ? r->guest_pc : r->guest_pc + r->guest_bytes - 1u);
}

static struct tc_region *node_region(const struct tcache *tc, uint32_t node) {
    return &tc->regions[node / 2];
}

static uint16_t *list_of(struct tcache *tc, uint32_t granule) {
    return &tc->granules[granule & (TC_GRANULE_LISTS - 1)];
}

static uint8_t *nodes_of(struct tcache *tc, uint32_t granule) {
    return &tc->list_nodes[granule & (TC_GRANULE_LISTS - 1)];
}

static bool needs_protection(const struct tc_region *r) {
    return !r->rechecks && !r->is_stopped;
}

static void link_node(struct tcache *tc, uint32_t node) {
    struct tc_region *r = node_region(tc, node);
    uint32_t granule = node_granule(r, node);
    uint16_t *head = list_of(tc, granule);
    r->next_in_granule[node & 1u] = *head;
    *head = (uint16_t)node;
    nodes_of(tc, granule)[0]++;
    if (needs_protection(r))
        native_csrw(CSR_PROT_SET, granule * GRANULE_BYTES);
}

/* The bit goes with the last region of the granule that needs it. */
static void unlink_node(struct tcache *tc, uint32_t node) {
    uint32_t granule = node_granule(node_region(tc, node), node);
    bool has_others = false;
    for (uint16_t *link = list_of(tc, granule); *link != NODE_NONE;) {
        struct tc_region *r = node_region(tc, *link);
        uint16_t *next = &r->next_in_granule[*link & 1u];
        if (*link == node) {
            *link = *next;
            continue;
        }
        has_others = has_others || (needs_protection(r) && node_granule(r, *link) == granule);
        link = next;
    }
    nodes_of(tc, granule)[0]--;
    if (!has_others)
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

/* The list of a granule has a node too many: the region that has been in it the longest dies. */
static void shorten_list(struct cms *cms, uint32_t granule) {
    struct tcache *tc = &cms->tc;
    uint32_t last = NODE_NONE;
    for (uint32_t node = *list_of(tc, granule); node != NODE_NONE;) {
        last = node;
        node = node_region(tc, node)->next_in_granule[node & 1u];
    }
    tc_invalidate(cms, node_region(tc, last));
    stat_add(cms, STAT_TC_CROWDED, 1);
}

static void add_node(struct cms *cms, uint32_t node) {
    uint32_t granule = node_granule(node_region(&cms->tc, node), node);
    if (UNLIKELY(nodes_of(&cms->tc, granule)[0] == TC_LIST_MAX))
        shorten_list(cms, granule);
    link_node(&cms->tc, node);
}

void tc_protect(struct cms *cms, struct tc_region *r) {
    struct tcache *tc = &cms->tc;
    uint32_t index = tc_region_index(tc, r), n = code_words(r);
    uint32_t *copy = cms->tc_copies[index];
    cms_assert(n <= TC_COPY_WORDS);
    const uint32_t *from = guest_code(cms, r), *end = from + n;
    while (from != end)
        *copy++ = *from++;
    add_node(cms, 2 * index);
    if (is_straddling(r))
        add_node(cms, 2 * index + 1);
}

void tc_unprotect(struct cms *cms, struct tc_region *r) {
    uint32_t index = tc_region_index(&cms->tc, r);
    unlink_node(&cms->tc, 2 * index);
    if (is_straddling(r))
        unlink_node(&cms->tc, 2 * index + 1);
}

void tc_protect_init(struct cms *cms) {
    struct tcache *tc = &cms->tc;
    tc->granules = cms->tc_granules;
    tc->list_nodes = cms->tc_list_nodes;
    tc->scan_left = 0;
    for (uint32_t i = 0; i < TC_GRANULE_LISTS; i++) {
        tc->granules[i] = NODE_NONE;
        tc->list_nodes[i] = 0;
    }
}

void tc_protect_clear(struct cms *cms) {
    struct tcache *tc = &cms->tc;
    for (uint32_t i = 0; i < TC_GRANULE_LISTS; i++) {
        for (uint32_t node = tc->granules[i]; node != NODE_NONE;) {
            const struct tc_region *r = node_region(tc, node);
            native_csrw(CSR_PROT_CLEAR, node_granule(r, node) * GRANULE_BYTES);
            node = r->next_in_granule[node & 1u];
        }
        tc->granules[i] = NODE_NONE;
        tc->list_nodes[i] = 0;
    }
    tc->scan_left = 0;
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

uint32_t tc_stop_in_granule(struct cms *cms, uint32_t addr, bool must_stop_all) {
    struct tcache *tc = &cms->tc;
    uint32_t granule = granule_of(addr), n = 0;
    bool needs_bit = false;
    for (uint32_t node = *list_of(tc, granule); node != NODE_NONE;) {
        struct tc_region *r = node_region(tc, node);
        bool is_inside = node_granule(r, node) == granule;
        node = r->next_in_granule[node & 1u];
        if (!is_inside || r->is_stopped)
            continue;
        if (must_stop_all || !is_unchanged(cms, r)) {
            tc_stop(cms, r);
            n++;
        }
        needs_bit = needs_bit || needs_protection(r);
    }
    if (!needs_bit)
        native_csrw(CSR_PROT_CLEAR, granule * GRANULE_BYTES);
    return n;
}

void tc_scan_begin(struct tcache *tc) {
    tc->scan_left = tc->n_regions;
}

uint32_t tc_scan_on(struct cms *cms) {
    struct tcache *tc = &cms->tc;
    uint32_t n = 0;
    for (uint32_t words = 0; words < TC_SCAN_WORDS && tc->scan_left != 0; words++) {
        tc->scan_left--;
        struct tc_region *r = &tc->regions[(tc->oldest + tc->scan_left) & (TC_MAX_REGIONS - 1)];
        if (!r->is_live || r->is_stopped)
            continue;
        words += code_words(r);
        if (!is_unchanged(cms, r)) {
            tc_stop(cms, r);
            n++;
        }
    }
    return n;
}

static bool is_listed(const struct tcache *tc, const struct tc_region *r, uint32_t wanted) {
    uint32_t node = *list_of((struct tcache *)(uintptr_t)tc, node_granule(r, wanted));
    while (node != NODE_NONE && node != wanted)
        node = node_region(tc, node)->next_in_granule[node & 1u];
    return node == wanted;
}

const char *tc_check_protection(const struct tcache *tc, const struct tc_region *r) {
    uint32_t index = tc_region_index(tc, r);
    if (!is_listed(tc, r, 2 * index) || (is_straddling(r) && !is_listed(tc, r, 2 * index + 1)))
        return "a live region is not in its granule's list";
    return NULL;
}
