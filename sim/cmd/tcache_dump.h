/* SPDX-License-Identifier: MIT
 * Tcache dump: a native ELF image (docs/report.md) with the tcache's bundles, and in further segments
 * the firmware's region records, their guest ranges and notes, and the guest code that they were made
 * from.
 */
#ifndef SELKIRK_SIM_CMD_TCACHE_DUMP_H
#define SELKIRK_SIM_CMD_TCACHE_DUMP_H

#include "sim/cmd/selkirk.h"
#include "firmware/tcache/tcache.h"

/* Segment types (PT_LOPROC and up) and the records that the dump keeps. */
enum {
    DUMP_PT_REGIONS = 0x70000001,
    DUMP_PT_GUEST_CODE = 0x70000002,
    DUMP_PT_RANGES = 0x70000003,
    DUMP_PT_NOTES = 0x70000004,
};

struct dump_region {
    uint32_t guest_pc;
    uint32_t rights, mode;
    uint32_t native; /* address of the first bundle */
    uint32_t n_bundles;
    uint32_t first_range, n_ranges;
    uint32_t first_note, n_commits, n_baked; /* commit points, then baked pcs */
};

struct dump_range {
    uint32_t guest_pc, bytes;
    uint32_t guest_offset; /* of its code in the guest code segment */
};

struct dump_note {
    uint32_t guest_pc;
    uint32_t bundle, slot; /* within the region */
};

/* The regions that are live in the firmware's records, one after the other, from *at = 0 on; a run
 * may have ended while one was being made. False: no more. */
bool tcache_next_region(const struct machine *m, uint32_t *at, struct tc_region *r);

/* 0, or the exit status after a line on stderr; whether all of it was written, out tells. */
int tcache_dump_write(const struct machine *m, FILE *out);

#endif
