/* SPDX-License-Identifier: MIT
 * Two engines, the same native program, compared bundle by bundle: ISS against RTL, or either
 * against itself.
 *
 *   Both engines are created, loaded and have their pc set alike; nothing has run.
 *   struct lockstep_native_result r;
 *   if (!lockstep_native(iss, rtl, max_cycles, &r)) fputs(r.report, stderr);
 *
 * The first engine runs to its end, then the second; compared are every engine_bundle record, how
 * they stopped, exit status, and at the end registers 0-63, FWRAM and guest RAM (the first MiB and
 * what was stored to), and all counters except CYCLES (with
 * caches: and STALLS, and what they do). A few records more of the second engine
 * after SYS_EXIT are allowed. A record is 80 bytes of memory while it runs.
 */
#ifndef SELKIRK_SIM_LOCKSTEP_LOCKSTEP_NATIVE_H
#define SELKIRK_SIM_LOCKSTEP_LOCKSTEP_NATIVE_H

#include "sim/engine.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { LOCKSTEP_NATIVE_REPORT_BYTES = 8192, LOCKSTEP_NATIVE_CONTEXT = 16 };

struct lockstep_native_result {
    uint64_t bundles; /* compared */
    enum engine_stop stop;
    char report[LOCKSTEP_NATIVE_REPORT_BYTES]; /* the first difference, or empty */
};

bool lockstep_native(struct engine *first, struct engine *second, uint64_t max_cycles,
                     struct lockstep_native_result *result);

/* What the caches of a machine do: the RTL does not count it. */
static inline bool is_memory_counter(uint32_t csr) {
    return csr >= CSR_ICACHE_MISSES && csr <= CSR_CHIP_CYCLES_H;
}

#ifdef __cplusplus
}
#endif
#endif
