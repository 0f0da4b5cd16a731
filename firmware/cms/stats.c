/* SPDX-License-Identifier: MIT
 * Statistics: sampling of hardware counters, regions of interest (stats.h). */
#include "firmware/cms/stats.h"
#include "firmware/native.h"

enum stat_kind { SUM, LEVEL };

static enum stat_kind kind_of(enum cms_stat which) {
    static const uint8_t kinds[STAT_COUNT] = {
#define STAT(NAME, kind, description) [STAT_##NAME] = kind,
#include "firmware/cms/stats.def"
#undef STAT
    };
    return (enum stat_kind)kinds[which]; /* hardware counters: 0, SUM */
}

void stats_sample(struct cms_stats *s) {
    uint64_t *now = s->now;
#define CSR(NAME, number, access, description)
#define COUNTER(NAME, number, description) now[STAT_HW_##NAME] = native_counter(CSR_##NAME);
#define MEMORY_COUNTER(NAME, number, description)
#include "rtl/machine/csrs.def"
#undef CSR
#undef COUNTER
#undef MEMORY_COUNTER
    /* ORDER exits: every entry ends in exactly one of them */
    now[STAT_ENTERS] = 0;
    for (uint32_t i = STAT_EXIT_DIRECT; i <= STAT_FAULT_CODE_WRITE; i++)
        now[STAT_ENTERS] += now[i];
    now[STAT_DISPATCHES] = now[STAT_ENTERS] + now[STAT_INTERP_RUNS];
}

void stats_roi_begin(struct cms_stats *s) {
    for (uint32_t i = 0; i < STAT_COUNT; i++)
        s->mark[i] = s->now[i];
    s->roi_is_open = 1;
}

void stats_roi_end(struct cms_stats *s) {
    if (s->roi_is_open == 0)
        return;
    for (uint32_t i = 0; i < STAT_COUNT; i++)
        s->roi[i] = kind_of(i) == SUM ? s->roi[i] + (s->now[i] - s->mark[i]) : s->now[i];
    s->roi_is_open = 0;
    s->roi_passes++;
}
