/* SPDX-License-Identifier: MIT
 * Between the files of the tcache (and its tests): ring.c owns memory and look-up, tcache.c owns
 * what is written to CODE memory and to the jump-target table, protect.c the protection of guest
 * code. */
#ifndef SELKIRK_TCACHE_TCACHE_IMPL_H
#define SELKIRK_TCACHE_TCACHE_IMPL_H

#include "firmware/cms/stats.h"
#include "firmware/tcache/tcache.h"

static inline void tc_count(struct tcache *tc, enum cms_stat which, uint32_t n) {
    stats_add(tc->config.stats, which, n);
}

static inline struct tc_region *tc_region_of_exit(const struct tcache *tc, uint32_t exit_number) {
    return &tc->regions[tc_exit_of(tc, exit_number)->region];
}

/* Sets how far what is behind the newest region is free. */
void tc_find_free(struct tcache *tc);
void tc_hash_remove(struct tcache *tc, const struct tc_region *r);
/* Takes a live region out of every look-up. Whoever enters it from now on comes back at once. */
void tc_stop(struct tcache *tc, struct tc_region *r);
/* A stopped region dies, unless there are more than TC_BURY_EXITS exits to be unchained from it:
 * then so many are, and the answer is false. */
bool tc_bury(struct tcache *tc, struct tc_region *r);

void tc_protect_init(struct tcache *tc);
/* Makes the n spans of a region of its ranges, from this number on, and the copies of their guest
 * code. */
void tc_protect(struct tcache *tc, uint32_t region, const struct xl_range *range, uint32_t number,
                uint32_t n, uint32_t *words);
void tc_unprotect(struct tcache *tc, struct tc_region *r);
void tc_protect_clear(struct tcache *tc); /* of all regions at once; ends a scan */
const char *tc_check_protection(const struct tcache *tc, const struct tc_region *r);
/* Words of guest code that a span touches. */
static inline uint32_t tc_span_words(const struct tc_span *s) {
    return ((s->guest_pc & 3u) + s->bytes + 3u) / 4;
}

#endif
