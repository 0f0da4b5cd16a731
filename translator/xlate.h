/* SPDX-License-Identifier: MIT
 * The translator's public interface: one guest block -> native bundles (gear 1), and the stages
 * that the ahead-of-time translator shares. Freestanding, no allocation: all working memory is in
 * struct xl, which the caller provides (one static object).
 *
 *   struct xl_request rq = {.guest_pc = pc, .mem = &ram, .max_insns = XL_MAX_INSNS, ...};
 *   enum xl_bail why = xl_translate_block(&xl, &rq, &res);
 *   if (why == XL_OK)
 *       copy res.n_bundles bundles from xl_code(&xl) into the tcache
 *
 * The bundles are position-independent (branches are relative) except for stub bundles, which hold
 * `exit 0` and get their record number from the tcache.
 */
#ifndef SELKIRK_TRANSLATOR_XLATE_H
#define SELKIRK_TRANSLATOR_XLATE_H

#include <stdbool.h>
#include <stdint.h>

enum { XL_MAX_INSNS = 32, XL_MAX_EXITS = 2, XL_MAX_BUNDLES = 160 };
/* Immediates of native `exit`. STALE: a region that checks itself (front/recheck.c). */
enum { XL_EXIT_INDIRECT = 0, XL_EXIT_FIRST_DIRECT = 1, XL_EXIT_STALE = 0xffff };
/* Address of the load that traps when a region finds accesses that its rights do not cover. */
enum { XL_RIGHTS_TRAP = 1 };
enum { XL_INDIRECT_PC_REG = 47 }; /* docs/architecture.md section 4 */

/* Guest RAM as the translator reads it. In the firmware ram = (uint8_t *)base. */
struct guest_mem {
    uint8_t *ram;
    uint32_t base; /* guest physical address of ram[0] */
    uint32_t bytes;
};

struct site_entry;
struct misaligned;

/* Addresses from base on, modulo 2^32. */
struct xl_window {
    uint32_t base, bytes;
};

/* Where accesses of a kind may go: those that are looked at first come first. Addresses outside RAM
 * may be in or out, since they trap by themselves. None: everywhere. */
enum { XL_WINDOWS = 8, XL_WINDOWS_TRIED = 4 /* looked at in a region */ };
struct xl_windows {
    uint32_t n;
    struct xl_window at[XL_WINDOWS];
};

/* Instructions of a region that checks its accesses, at most. */
enum { XL_RIGHTS_INSNS = 20 };

/* What the guest may do with its data (front/rights.c). */
struct xl_rights {
    struct xl_windows loads, stores;
    bool are_same;  /* both lists are alike */
    bool has_seams; /* there are places in a window that a misaligned access must not reach over */
};

enum xl_flags {
    XL_NO_FOLD = 1,
    XL_NO_PACK = 2,
    XL_NO_JTL = 4,
    XL_CHAOS = 8,
    XL_RECHECK = 16,
    XL_NO_LATE = 32,
    XL_NOTE_PCS = 64 /* fill xl_result.baked; costs time */
};

struct xl_request {
    uint32_t guest_pc; /* even */
    const struct guest_mem *mem;
    /* instructions to stop before (front/sites.h), or NULL */
    const struct site_entry *sites;
    const struct misaligned *misaligned; /* to be done byte by byte (front/misaligned.h), or NULL */
    uint32_t max_insns;                  /* at most XL_MAX_INSNS */
    uint32_t flags;                      /* enum xl_flags */
    uint32_t chaos_seed;
    /* -1 not known (use backward-taken), 0 not taken, 1 taken: prediction of the closing branch */
    int likely_taken;
    /* What the guest may do there, and in which of its modes (PRIV_x); copied to the result. 0 and
     * 0: nothing has to be checked. Regions of other rights are other regions. */
    uint32_t rights, mode;
    const struct xl_rights *data; /* NULL: all of it */
    uint32_t n_tried;             /* windows of a list to look at; XL_WINDOWS_TRIED at most */
    uint32_t end;                 /* no instruction reaches over it; 0: the end of RAM */
};

enum xl_exit_kind { XL_EXIT_TAKEN, XL_EXIT_NEXT, XL_EXIT_JUMP };

/* One direct exit of the region. The guest leaves with the state of the commit before it, at
 * guest_target. */
struct xl_exit {
    uint32_t guest_target;
    /* Homes whose own slot has them in the cycle after the branch's bundle, others one later:
     * whoever sends the branch to a region that reads one of them first with another slot loses a
     * cycle on the way. */
    uint32_t late_homes;
    union {
        uint32_t bundles;
        struct {
            uint16_t stub_bundle;   /* index in the region of its `exit` bundle */
            uint16_t branch_bundle; /* bundle whose slot 3 jumps to the stub, == stub_bundle if none
                                       does */
        };
    };
    uint16_t commit_bundle; /* of the commit that it leaves with; no inner commit point */
    uint16_t pair;          /* index of the exit on the other way of its branch, or XL_NO_PAIR */
    uint8_t likelihood;     /* of XL_ALWAYS times at the branch, as far as is known */
    uint8_t kind;           /* enum xl_exit_kind */
};
enum { XL_NO_PAIR = 0xffff };
enum { XL_ALWAYS = 255, XL_LIKELIER = 192, XL_UNLIKELIER = XL_ALWAYS - XL_LIKELIER };

/* A straight run of guest code. */
struct xl_range {
    uint32_t guest_pc, bytes;
};

/* Something to know about a place in the code. */
struct xl_note {
    uint32_t guest_pc;
    uint16_t bundle, slot;
};

/* Why no translation was made; each is counted. The guest goes on in gear 0. */
enum xl_bail {
    XL_OK,
    XL_BAIL_FIRST_INSN /* first instruction is interpret-only */,
    XL_BAIL_FETCH,
    XL_BAIL_SPACE,
    XL_MORE /* none of them: the translation goes on with the next slice */
};

/* A region: entered at its first bundle alone, with the guest at its first range's first byte, and
 * left by its exits or, by XL_EXIT_INDIRECT, with the guest's pc in register XL_INDIRECT_PC_REG.
 * All that it points to is in *xl, until the next translation.
 *
 * It commits before every way out. The commits that it may leave with are no commit points of its
 * own: nothing that traps stands between them and the next region's first bundle. After its inner
 * commit points it goes on, and reaches another commit before it leaves; a trap goes back to the
 * last of them that was passed, or to the start. */
struct xl_result {
    uint32_t n_bundles;
    uint32_t n_insns; /* guest instructions in the region */
    uint32_t n_ranges, n_exits, n_commits, n_baked;
    const struct xl_range *ranges;
    const struct xl_exit *exits;
    const struct xl_note *commits; /* inner ones: bundle, and where the guest is after it */
    /* With XL_NOTE_PCS: words of the code that hold a constant made of guest pcs, or (lui, addi) a
     * part of it. Not the targets of exits, which stand in their records. */
    const struct xl_note *baked;
    uint32_t n_ops;        /* native operations, for fill statistics */
    uint32_t rights, mode; /* the request's */
    bool rechecks;         /* XL_RECHECK: leaves by XL_EXIT_STALE when its guest code has changed */
};

struct xl; /* xlate_impl.h; size known to the one who places it */
enum xl_bail xl_translate_block(struct xl *xl, const struct xl_request *rq, struct xl_result *res);
/* The same in slices, between which the translation can be left, and taken up again or forgotten;
 * whoever takes it up says that the guest code lifted so far is what it was. A slice lifts `work`
 * guest instructions or places so many operations, about; XL_ALL: all in one. *rq stays as it is
 * until the end. */
enum { XL_ALL = 1 << 30 };
void xl_start(struct xl *xl, const struct xl_request *rq);
enum xl_bail xl_slice(struct xl *xl, uint32_t work, struct xl_result *res);
uint32_t xl_lifted_bytes(const struct xl *xl); /* from rq->guest_pc on */
const uint32_t *xl_code(const struct xl *xl);  /* 4 words a bundle */

#endif
