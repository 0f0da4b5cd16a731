/* SPDX-License-Identifier: MIT
 * Tcache dump: a native ELF image (docs/report.md) with the tcache's bundles, and in two further
 * segments the firmware's region records and the guest code they were made from.
 */
#ifndef SELKIRK_SIM_CMD_TCACHE_DUMP_H
#define SELKIRK_SIM_CMD_TCACHE_DUMP_H

#include "sim/cmd/selkirk.h"
#include "firmware/tcache/tcache.h"

/* Segment types (PT_LOPROC and up) and the record the dump keeps of a region. */
enum { DUMP_PT_REGIONS = 0x70000001, DUMP_PT_GUEST_CODE = 0x70000002 };

struct dump_region {
    uint32_t guest_pc;
    uint32_t guest_bytes;
    uint32_t native; /* address of the first bundle */
    uint32_t n_bundles;
    uint32_t guest_offset; /* of its code in the guest code segment */
};

/* The regions that are live in the firmware's records, one after the other, from *at = 0 on; a run
 * may have ended while one was being made. False: no more. */
bool tcache_next_region(const struct machine *m, uint32_t *at, struct tc_region *r);

/* 0, or the exit status after a line on stderr; whether all of it was written, out tells. */
int tcache_dump_write(const struct machine *m, FILE *out);

#endif
