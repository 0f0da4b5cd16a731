/* SPDX-License-Identifier: MIT
 * Between the files of the tcache (and its tests): ring.c owns memory and look-up, tcache.c owns
 * what is written to CODE memory and to the jump-target table, protect.c the protection of guest
 * code. */
#ifndef SELKIRK_TCACHE_TCACHE_IMPL_H
#define SELKIRK_TCACHE_TCACHE_IMPL_H

#include "firmware/tcache/tcache.h"

/* A record with n bundles for it. Requires: tc_make_room has just said there is room for n. */
struct tc_region *tc_allocate(struct tcache *tc, uint32_t n);
void tc_hash_insert(struct cms *cms, struct tc_region *r);
void tc_hash_remove(struct tcache *tc, const struct tc_region *r);
/* Takes a live region out of every look-up. Whoever enters it from now on comes back at once. */
void tc_stop(struct cms *cms, struct tc_region *r);
/* A stopped region dies, unless there are more than TC_BURY_EXITS exits to be unchained from it:
 * then so many are, and the answer is false. */
bool tc_bury(struct cms *cms, struct tc_region *r);

void tc_protect_init(struct cms *cms);
void tc_protect(struct cms *cms, struct tc_region *r);
void tc_unprotect(struct cms *cms, struct tc_region *r);
void tc_protect_clear(struct cms *cms); /* of all regions at once; ends a scan */
const char *tc_check_protection(const struct tcache *tc, const struct tc_region *r);

#endif
