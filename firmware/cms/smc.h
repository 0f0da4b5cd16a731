/* SPDX-License-Identifier: MIT
 * Guest code that changes. Hardware notes stores into protected granules (PROT_HIT); the firmware
 * looks after every stretch of interpretation and every trap out of translated code, and drops the
 * regions whose code is no longer what it was.
 *
 * Granules that are hit again and again (data beside code, code that is patched all the time) are
 * CHECKED for a while: their regions die, the protection goes, stores are free, and new regions
 * check themselves when they are entered (front/recheck.c). If those find their code changed again
 * and again, the granule is LEFT to the interpreter for a while. Each relapse doubles the time.
 */
#ifndef SELKIRK_CMS_SMC_H
#define SELKIRK_CMS_SMC_H

#include <stdbool.h>
#include <stdint.h>
#include "firmware/tcache/tcache.h"

struct cms_stats;

enum {
    SMC_ENTRIES = 64,    /* power of two; granules remembered, direct mapped */
    SMC_HEAT_LIMIT = 32, /* hits or stale regions within a window: too many */
    SMC_WINDOW_CYCLES = 1 << 20,
    SMC_BLOCK_CYCLES = 1 << 18, /* in CHECKED or LEFT the first time; doubled each time */
    SMC_MAX_LEVEL = 8,
};

enum smc_state { SMC_OPEN, SMC_CHECKED, SMC_LEFT };

struct smc_entry {
    uint32_t granule; /* its address + 1; 0: free */
    uint32_t since;   /* CYCLES: start of the state */
    uint32_t window;  /* CYCLES: start of the window in which heat is counted */
    uint16_t heat;
    uint8_t level; /* times it was not open, one fewer for each quiet window */
    uint8_t state; /* enum smc_state */
};

struct smc {
    struct tcache *tc;
    struct cms_stats *stats;
    uint32_t last_look;  /* CYCLES when smc_poll was through */
    uint32_t next_entry; /* that it looks at */
    uint32_t n_checked;  /* entries that are CHECKED */
    struct smc_entry entries[SMC_ENTRIES];
};

void smc_init(struct smc *smc, struct tcache *tc, struct cms_stats *stats);
void smc_handle(struct smc *smc, uint32_t hit); /* PROT_HIT was not 0 */
/* A slice of what smc_handle and others want to be compared or stopped, while tc->scan.is_on.
 */
void smc_scan_on(struct smc *smc);
enum smc_state smc_state_of(struct smc *smc, uint32_t pc);
/* r, entered, was stopped or has found its guest code changed: it dies. */
void smc_stale(struct smc *smc, struct tc_region *r);
void smc_poll(struct smc *smc); /* now and then: ends CHECKED when it is time, one granule a call */

#endif
