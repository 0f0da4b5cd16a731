/* SPDX-License-Identifier: MIT
 * Guest code that changes. Hardware notes stores into protected granules (PROT_HIT); the firmware
 * looks after every stretch of interpretation and every trap out of translated code, and drops the
 * regions whose code is no longer what it was.
 *
 * Granules that are hit again and again (data beside code, code that is patched all the time) are
 * left to the interpreter for a while: their regions die, the protection goes, stores are free.
 * Each relapse doubles the time.
 */
#ifndef SELKIRK_RUNTIME_SMC_H
#define SELKIRK_RUNTIME_SMC_H

#include <stdbool.h>
#include <stdint.h>

enum {
    SMC_ENTRIES = 64,    /* power of two; granules remembered, direct mapped */
    SMC_HEAT_LIMIT = 32, /* hits within a window: too many (a trap counts twice) */
    SMC_WINDOW_CYCLES = 1 << 20,
    SMC_BLOCK_CYCLES = 1 << 18, /* first time; doubled each time */
    SMC_MAX_LEVEL = 8,
};

struct smc_entry {
    uint32_t granule; /* its address + 1; 0: free */
    uint32_t since;   /* CYCLES: start of the window, or of being blocked */
    uint16_t heat;
    uint8_t level; /* times it was blocked */
    bool is_blocked;
};

struct smc {
    bool has_changed; /* since the last fence.i: some code was overwritten */
    struct smc_entry entries[SMC_ENTRIES];
};

struct cms;
void smc_handle(struct cms *cms, uint32_t hit); /* PROT_HIT was not 0 */
bool smc_is_blocked(struct cms *cms, uint32_t pc);
void smc_fence(struct cms *cms); /* fence.i */

#endif
