/* SPDX-License-Identifier: MIT
 * The performance report: what the firmware and the machine counted, as text and as JSON.
 * The form of the JSON is documented in docs/report.md; REPORT_VERSION changes with it.
 */
#ifndef SELKIRK_SIM_CMD_REPORT_H
#define SELKIRK_SIM_CMD_REPORT_H

#include "firmware/cms/stats.h"
#include "sim/cmd/selkirk.h"
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { REPORT_VERSION = 1 };

/* Of the memory system. */
enum memory_counter {
#define CSR(NAME, number, access, description)
#define COUNTER(NAME, number, description)
#define MEMORY_COUNTER(NAME, number, description) MEMORY_COUNTER_##NAME,
#include "rtl/machine/csrs.def"
#undef CSR
#undef COUNTER
#undef MEMORY_COUNTER
    MEMORY_COUNTERS
};

struct report {
    const char *engine;
    const struct memory_info *memory;
    const char *memory_text;
    bool has_misses;                         /* the memory has, and the engine makes them */
    uint64_t memory_counts[MEMORY_COUNTERS]; /* whole run; by enum memory_counter */
    uint64_t latency_bound;
    const char *guest_file;
    struct ending ending;
    uint32_t roi_passes;   /* 0: the guest marked no region of interest */
    const uint64_t *whole; /* STAT_COUNT numbers, stats.h order */
    const uint64_t *roi;
    uint64_t storage[2][128];
};

/* Reads the firmware's statistics out of FWRAM. is_complete: the guest has ended, so the firmware's
 * last sample of the hardware counters is the whole run; otherwise they are read from the engine.
 * false: not there, a line has been printed. */
bool report_collect(struct report *r, const struct machine *m, const struct options *o,
                    struct ending ending, bool is_complete);
/* The same from statistics that a board has sent; its misses are not among them. */
bool report_take(struct report *r, const struct cms_stats *stats, enum memory memory,
                 const struct options *o, struct ending ending);
void report_text(const struct report *r, FILE *out);
void report_json(const struct report *r, FILE *out);

#endif
