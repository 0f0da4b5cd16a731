/* SPDX-License-Identifier: MIT
 * What the guest may do in its present mode with its present PMP entries, for those who translate:
 * where code may be fetched, and where loads and stores may go (struct xl_rights). One mode and
 * configuration is a context; regions belong to one (their `rights`), and only those of the present
 * one are entered. A change is noted by struct guest_priv, cheaply; here it is looked at once
 * before the next region is entered. Contexts are remembered, so a guest that comes back to one
 * finds its regions: system calls, ticks, the PMP entries of an RTOS's task.
 *
 *   if (p->has_changed) found = rights_update(&cms->rights, p, &cms->mem, sp, may_make);
 *   if (found != RIGHTS_LATER) tc_set_rights(&cms->tc, rights_id(&cms->rights));
 *
 * Context 0: everything is allowed, nothing is checked. Ids are never used again; the regions of a
 * forgotten context are not found any more and go when their room is needed. */
#ifndef SELKIRK_CMS_RIGHTS_H
#define SELKIRK_CMS_RIGHTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "firmware/guest/priv.h"
#include "translator/xlate.h"

enum { RIGHTS_CONTEXTS = 16, RIGHTS_MODES = 4 };
/* Windows that a region looks at, unless it has been seen to use others, too. */
enum { RIGHTS_FEW = 2, RIGHTS_WIDE = 256 /* power of two */ };

enum rights_found {
    RIGHTS_KNOWN,
    RIGHTS_NEW,  /* the context was made, which has taken some time */
    RIGHTS_LATER /* it is not known: ask again */
};

struct rights_context {
    uint32_t id, last_use;
    /* what it is found by */
    uint32_t modes, n_entries;
    uint32_t pmpcfg[PRIV_PMP_ENTRIES / 4], pmpaddr[PRIV_PMP_ENTRIES];
    struct xl_rights data;
    struct xl_windows code; /* none: everywhere */
};

/* A block that a region of this context was seen to use more windows in. Context 0: none. */
struct rights_wide {
    uint32_t pc, context;
};

struct rights {
    uint32_t is_closed;               /* no region may be entered: what BOOT_NO_RIGHTS does */
    bool is_off;                      /* BOOT_NO_RIGHTS */
    const struct rights_context *now; /* NULL: everything is allowed */
    uint32_t n_made, n_uses;
    struct rights_context *by_modes[RIGHTS_MODES];   /* the latest ones: looked at first */
    struct rights_wide wide[RIGHTS_WIDE];            /* direct mapped, a cache */
    struct rights_context contexts[RIGHTS_CONTEXTS]; /* id 0 and last_use 0: free */
};

/* May a new context be made? If not and it takes one, nothing is changed. sp: the guest's. */
enum rights_found rights_update(struct rights *rights, struct guest_priv *p,
                                const struct guest_mem *mem, uint32_t sp, bool may_make);
/* A region's `rights` now. Requires: not has_changed. */
static inline uint32_t rights_id(const struct rights *rights) {
    return rights->now == NULL ? 0 : rights->now->id;
}
/* A region's check has found something: true if one that looks at more windows may do better. */
bool rights_widen(struct rights *rights, uint32_t pc);
/* How many windows a region from pc on is to look at. */
uint32_t rights_n_tried(struct rights *rights, uint32_t pc);
/* The window of code that pc is in, of 0 bytes: none. */
struct xl_window rights_code_at(const struct rights *rights, uint32_t pc);

#endif
