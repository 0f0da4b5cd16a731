/* SPDX-License-Identifier: MIT
 * The code-morphing software's whole state: one struct cms, passed first everywhere. Nothing
 * mutable lives outside it except struct xl (the translator's working memory) and the tcache's
 * tables, which it points to.
 *
 *   cms_init(cms, &platform, xl, tables);   // tables empty, statistics zero
 *   load the guest, set pc;  dispatch_run(cms);   // returns when the guest has stopped
 *
 * Errors are of three kinds: a guest event (delivered to the guest), a bail-out (counted, falls
 * back to gear 0), and our bug (cms_assert: dump and stop with exit status 70). A guest that asks
 * for something this machine does not have is told so on the log channel and stopped with exit
 * status 2. The native machine is reached through "native.h" and the pointers of struct
 * cms_platform alone, so the same sources run as firmware and hosted on the workstation.
 */
#ifndef SELKIRK_CMS_CMS_H
#define SELKIRK_CMS_CMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "firmware/cms/irq.h"
#include "firmware/cms/limits.h"
#include "firmware/cms/notes.h"
#include "firmware/cms/profile.h"
#include "firmware/cms/rights.h"
#include "firmware/cms/semihost.h"
#include "firmware/cms/smc.h"
#include "firmware/cms/stats.h"
#include "firmware/dev/devices.h"
#include "firmware/guest/interp.h"
#include "firmware/log.h"
#include "firmware/tcache/tcache.h"
#include "translator/front/misaligned.h"
#include "translator/xlate.h"

/* Where the memories are: native addresses in the firmware, host pointers when hosted. */
struct cms_platform {
    uint8_t *guest_ram;
    struct load_list load;     /* in FLASH: the guest, and what goes with it */
    volatile uint32_t *code;   /* CODE memory, write only */
    uint32_t code_first_bytes; /* offset in CODE of the first byte that is not firmware image */
    uint32_t code_bytes;       /* size of CODE */
};

/* Gear 1's translation under way. */
struct gear1_job {
    struct xl_request rq;
    struct xl_result res;
    uint32_t is_irregular; /* the next request must not be made the short way (gear1.c) */
    bool is_aside;         /* words and the translator's working memory hold what there is of it */
    bool is_made;          /* all but installed: there was no room yet; it is aside */
    bool is_left;          /* just now, for the dispatcher to look around */
    struct xl_request aside;          /* the request of what is aside */
    uint32_t words[XL_MAX_INSNS + 1]; /* the guest code that was lifted */
};

/* Members that every turn of the dispatcher touches come first, so that the firmware reaches them
 * with a 12-bit offset; big tables come last. */
struct cms {
    struct cms_stats stats; /* first: the workstation reads it at symbol cms_state */
    struct cms_platform platform;
    struct guest_mem mem;
    uint32_t flags; /* BOOT_FLAGS */
    uint32_t max_gear;
    uint32_t threshold; /* executions before translation */
    uint32_t patience;  /* gear1.c */
    uint32_t
        must_interpret;   /* 1: the next block is (the last exit was a fault), or with gear 0 all */
    bool was_indirect;    /* the last exit was an indirect jump that missed */
    bool is_at_site;      /* the guest's pc is that of an interpret-only instruction */
    bool has_made_rights; /* a context of them, just now */
    uint32_t n_dispatched;
    uint32_t insns_at_entry;   /* INSNS_GUEST when translated code was entered last, low word */
    uint32_t n_since_evict;    /* CHAOS_EVICT */
    uint32_t n_since_rollback; /* CHAOS_ROLLBACK: entries */
    uint32_t chaos_seed;
    uint32_t xl_flags; /* enum xl_flags of the boot flags */
    struct gear1_tally tally;
    struct xl *xl;
    struct gear1_job job;
    struct dispatch_note ring[DISPATCH_RING];
    struct irq irq;
    struct interp_dev bus; /* bus.h */
    struct devices dev;
    struct tcache tc;
    struct smc smc;
    struct rights rights;
    struct semihost semihost;
    struct guest_state gs;
    struct interp interp; /* interp.pc is the guest's pc while it is not in translated code */
    struct profile profile;
    struct misaligned misaligned;
    struct line *line; /* to the workstation; NULL: none, the native UART is the console */
};

extern struct cms cms_state;

static inline void stat_add(struct cms *cms, enum cms_stat which, uint32_t n) {
    stats_add(&cms->stats, which, n);
}

/* How many instructions of a block are interpreted at a time: bounds the interrupt
 * latency. */
static inline uint32_t cms_max_insns(const struct cms *cms) {
    return cms->interp.priv.mie == 0 ? (uint32_t)XL_MAX_INSNS : (uint32_t)IRQ_MAX_INSNS;
}

/* The instruction at pc is for the interpreter only. */
static inline void cms_add_site(struct cms *cms, uint32_t pc) {
    if (site_add(&cms->profile, &cms->mem, pc))
        stat_add(cms, STAT_SITES_ADDED, 1);
}

#endif
