/* SPDX-License-Identifier: MIT
 * A run for a workstation at the other end of the native UART: it gives the guest, and gets the
 * report. */
#ifndef SELKIRK_CMS_LINKED_H
#define SELKIRK_CMS_LINKED_H

#include "firmware/dev/line.h"

struct cms;
struct cms_platform;

enum { LINKED_CYCLES, LINKED_BRANCH_MISSES, LINKED_STALLS, LINKED_COUNTERS };

struct linked {
    struct line line;
    struct link_facts facts;
    uint64_t before[LINKED_COUNTERS]; /* what loading took is not the run's */
};

/* Tests memory, then waits for a load list, as CSR BOOT_FLASH says (load_list.h). Sets
 * platform->load, and cms->line if the workstation stays. */
void linked_load(struct linked *linked, struct cms *cms, struct cms_platform *platform,
                 uint32_t boot_flash);
/* Report and status; nothing if nobody is linked. */
void linked_end(struct linked *linked, struct cms *cms, uint32_t status);

#endif
