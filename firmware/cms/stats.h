/* SPDX-License-Identifier: MIT
 * Firmware statistics: one flat array of 64-bit numbers, first the hardware counters
 * (rtl/machine/csrs.def COUNTER rows), then stats.def. struct cms begins with a struct cms_stats,
 * so the workstation finds it in FWRAM at the symbol `cms_state`, little-endian, and checks magic,
 * version and n_stats before it believes anything. What is not in now[] at any moment it reads
 * where the addresses say: a run may end between two samples.
 *
 *   stats_add(&stats, STAT_UNDO_ENTRIES, n);   // from anywhere in the firmware
 *   stats_sample(&stats);                      // copies hardware counters into now[]
 *
 * Region of interest: the guest's begin marker copies now[] to mark[]; its end marker adds the
 * difference to roi[] (levels are copied). A guest that ends inside a region closes it.
 */
#ifndef SELKIRK_CMS_STATS_H
#define SELKIRK_CMS_STATS_H

#include <stdint.h>

enum { CMS_STATS_MAGIC = 0x5e1c57a7, CMS_STATS_VERSION = 6 };

enum cms_stat {
#define CSR(NAME, number, access, description)
#define COUNTER(NAME, number, description) STAT_HW_##NAME,
#define MEMORY_COUNTER(NAME, number, description)
#include "rtl/machine/csrs.def"
#undef CSR
#undef COUNTER
#undef MEMORY_COUNTER
#define STAT(NAME, kind, description) STAT_##NAME,
#include "firmware/cms/stats.def"
#undef STAT
    STAT_COUNT
};

struct cms_stats {
    uint32_t magic;
    uint32_t version;
    uint32_t n_stats;    /* STAT_COUNT */
    uint32_t roi_passes; /* regions of interest completed */
    uint32_t roi_is_open;
    /* native addresses, for the workstation's tools */
    uint32_t regions_addr;   /* struct tc_region [TC_MAX_REGIONS] */
    uint32_t cells_addr;     /* union tc_cell [TC_CELLS] */
    uint32_t interp_pc_addr; /* guest pc while the firmware interprets */
    uint32_t priv_addr;      /* struct guest_priv: the guest's privileged state */
    uint32_t ring_addr;      /* struct dispatch_note [DISPATCH_RING] */
    uint32_t tally_addr;     /* struct gear1_tally: not in now[] yet */
    /* of the tcache and of what was learned, a word each */
    uint32_t all_bundles_addr, misaligned_addr;
    uint64_t now[STAT_COUNT];  /* hardware counters and levels: as of the last stats_sample */
    uint64_t roi[STAT_COUNT];  /* sum over the passes */
    uint64_t mark[STAT_COUNT]; /* now[] at the latest begin marker */
};

static inline void stats_add(struct cms_stats *s, enum cms_stat which, uint32_t n) {
    s->now[which] += n;
}

/* Copies hardware counters and what follows from others into now[]. */
void stats_sample(struct cms_stats *s);
/* Requires: a sample has just been taken. */
void stats_roi_begin(struct cms_stats *s);
void stats_roi_end(struct cms_stats *s);

#endif
