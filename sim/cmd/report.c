/* SPDX-License-Identifier: MIT
 * Report: derives the figures people ask for from the flat statistics array (runtime/stats.h).
 * The firmware samples the hardware counters into it when the guest ends; when something else ends
 * the run, the same is done here.
 */
#include "sim/cmd/report.h"
#include "sim/cmd/tcache_dump.h"
#include "machine.h"
#include "firmware/cms/notes.h"
#include "firmware/cms/stats.h"
#include <stdlib.h>
#include <string.h>

_Static_assert(STAT_COUNT <= 128, "report storage holds the statistics");

static const uint32_t counter_csr[] = {
#define CSR(NAME, number, access, description)
#define COUNTER(NAME, number, description) number,
#define MEMORY_COUNTER(NAME, number, description)
#include "rtl/machine/csrs.def"
#undef CSR
#undef COUNTER
#undef MEMORY_COUNTER
};
enum { HW_COUNTERS = sizeof counter_csr / sizeof counter_csr[0] };

static uint64_t read_counter(struct engine *e, uint32_t csr) {
    return (uint64_t)e->ops->csr(e, csr + 1) << 32 | e->ops->csr(e, csr);
}

static uint32_t fwram_word(struct engine *e, uint32_t addr) {
    uint32_t word = 0;
    if (addr != 0 && addr <= e->ops->mem_bytes(e, ENGINE_MEM_FWRAM) - 4)
        memcpy(&word, e->ops->mem(e, ENGINE_MEM_FWRAM) + addr, 4);
    return word;
}

static void add_tally(struct engine *e, struct cms_stats *s) {
    if (s->tally_addr == 0)
        return;
    struct gear1_tally t = {.size = fwram_word(e, s->tally_addr),
                            .work = fwram_word(e, s->tally_addr + 4)};
    s->now[STAT_G1_TRANSLATIONS] += t.regions;
    s->now[STAT_G1_XLATE_INSNS] += t.insns;
    s->now[STAT_G1_XLATE_BUNDLES] += t.bundles;
    s->now[STAT_G1_XLATE_OPS] += t.ops;
}

/* Those that a dump of the tcache has, even if the firmware is just making one. */
static void count_regions(const struct machine *m, struct cms_stats *s) {
    struct tc_region r;
    s->now[STAT_TC_REGIONS_LIVE] = s->now[STAT_TC_BYTES_LIVE] = 0;
    for (uint32_t at = 0; tcache_next_region(m, &at, &r);) {
        s->now[STAT_TC_REGIONS_LIVE]++;
        s->now[STAT_TC_BYTES_LIVE] += (uint64_t)r.n_bundles * BUNDLE_BYTES;
    }
}

static void close_roi(struct cms_stats *s) {
    static const enum {
        SUM,
        LEVEL
    } kinds[STAT_COUNT] = {
#define STAT(NAME, kind, description) [STAT_##NAME] = kind,
#include "firmware/cms/stats.def"
#undef STAT
    };
    if (s->roi_is_open == 0)
        return;
    for (uint32_t i = 0; i < STAT_COUNT; i++)
        s->roi[i] = kinds[i] == SUM ? s->roi[i] + (s->now[i] - s->mark[i]) : s->now[i];
    s->roi_passes++;
}

/* What stats_sample would do now, and stats_roi_end: the run was stopped before the firmware did.
 */
static void sample(const struct machine *m, struct cms_stats *s) {
    struct engine *e = m->engine;
    for (uint32_t i = 0; i < HW_COUNTERS; i++)
        s->now[i] = read_counter(e, counter_csr[i]);
    add_tally(e, s);
    s->now[STAT_ENTERS] = 0;
    for (uint32_t i = STAT_EXIT_DIRECT; i <= STAT_FAULT_CODE_WRITE; i++)
        s->now[STAT_ENTERS] += s->now[i];
    s->now[STAT_DISPATCHES] = s->now[STAT_ENTERS] + s->now[STAT_INTERP_RUNS];
    s->now[STAT_MISALIGNED_ADDED] = fwram_word(e, s->misaligned_addr);
    count_regions(m, s);
    s->now[STAT_TC_BYTES_ALL] = (uint64_t)fwram_word(e, s->all_bundles_addr) * BUNDLE_BYTES;
    close_roi(s);
}

static bool is_known(const struct cms_stats *stats) {
    if (stats->magic == CMS_STATS_MAGIC && stats->version == CMS_STATS_VERSION &&
        stats->n_stats == STAT_COUNT)
        return true;
    complain(0, "the firmware keeps other statistics: no report");
    return false;
}

static void fill(struct report *r, const struct cms_stats *stats, const struct options *o,
                 struct ending ending) {
    memcpy(r->storage[0], stats->now, sizeof stats->now);
    memcpy(r->storage[1], stats->roi, sizeof stats->roi);
    r->whole = r->storage[0];
    r->roi = r->storage[1];
    r->roi_passes = stats->roi_passes;
    r->engine = o->engine;
    r->memory = &memory_info[o->memory];
    r->memory_text = o->memory_text;
    r->latency_bound = latency_bound(o);
    r->guest_file = o->guest_file;
    r->ending = ending;
}

static void collect_memory(struct report *r, struct engine *e) {
    static const uint32_t csr[MEMORY_COUNTERS] = {
#define CSR(NAME, number, access, description)
#define COUNTER(NAME, number, description)
#define MEMORY_COUNTER(NAME, number, description) [MEMORY_COUNTER_##NAME] = number,
#include "rtl/machine/csrs.def"
#undef CSR
#undef COUNTER
#undef MEMORY_COUNTER
    };
    for (uint32_t i = 0; i < MEMORY_COUNTERS; i++)
        r->memory_counts[i] = read_counter(e, csr[i]);
}

bool report_collect(struct report *r, const struct machine *m, const struct options *o,
                    struct ending ending, bool is_complete) {
    struct engine *e = m->engine;
    struct cms_stats stats;
    uint32_t addr;
    const uint8_t *fwram = e->ops->mem(e, ENGINE_MEM_FWRAM);
    size_t fwram_bytes = e->ops->mem_bytes(e, ENGINE_MEM_FWRAM);
    if (!image_symbol(&m->image, "cms_state", &addr) || addr > fwram_bytes - sizeof stats)
        return complain(0, "firmware image has no cms_state: no report"), false;
    memcpy(&stats, fwram + addr, sizeof stats);
    bool has_begun = stats.magic != 0 || is_complete; /* before, its statistics are all 0 */
    if (has_begun && !is_known(&stats))
        return false;
    if (!is_complete)
        sample(m, &stats);
    fill(r, &stats, o, ending);
    r->has_misses = memory_has_caches(o) && e->ops->has_misses;
    collect_memory(r, e);
    return true;
}

bool report_take(struct report *r, const struct cms_stats *stats, enum memory memory,
                 const struct options *o, struct ending ending) {
    struct options there = *o;
    if (!is_known(stats))
        return false;
    options_use_memory(&there, memory, memory_info[memory].name);
    fill(r, stats, &there, ending);
    r->engine = "board";
    return true;
}

static double ratio(uint64_t a, uint64_t b) {
    return b == 0 ? 0.0 : (double)a / (double)b;
}

static uint64_t guest_insns(const uint64_t *s) {
    return s[STAT_HW_INSNS_FW] + s[STAT_HW_INSNS_GUEST];
}

/* Ways out of translations that came to the firmware. */
static uint64_t firmware_exits(const uint64_t *s) {
    return s[STAT_EXIT_DIRECT] + s[STAT_EXIT_INDIRECT] + s[STAT_EXIT_INTERRUPT] +
           s[STAT_EXIT_STALE] + s[STAT_FAULT_LOAD_MISALIGNED] + s[STAT_FAULT_LOAD_ACCESS] +
           s[STAT_FAULT_STORE_MISALIGNED] + s[STAT_FAULT_STORE_ACCESS] + s[STAT_FAULT_UNDO_FULL] +
           s[STAT_FAULT_CODE_WRITE];
}

/* Share of region executions that went straight on to another region, without the firmware. */
static double chained_share(const uint64_t *s) {
    uint64_t exits = firmware_exits(s);
    uint64_t all = s[STAT_HW_COMMITS_GUEST] > exits ? s[STAT_HW_COMMITS_GUEST] : exits;
    return all == 0 ? 0.0 : 1.0 - (double)exits / (double)all;
}

static void text_speed(const uint64_t *s, FILE *out) {
    uint64_t insns = guest_insns(s), cycles = s[STAT_HW_CYCLES], guest = s[STAT_HW_CYCLES_GUEST];
    fprintf(out, "  guest instructions     %14llu\n", (unsigned long long)insns);
    fprintf(out, "  native cycles          %14llu   guest IPC %.3f\n", (unsigned long long)cycles,
            ratio(insns, cycles));
    fprintf(out, "  gear 0 (interpreted)   %14llu   %5.1f %% of instructions, %5.1f cycles each\n",
            (unsigned long long)s[STAT_HW_INSNS_FW], 100.0 * ratio(s[STAT_HW_INSNS_FW], insns),
            ratio(s[STAT_INTERP_CYCLES], s[STAT_HW_INSNS_FW]));
    fprintf(out,
            "  gear 1 (translated)    %14llu   %5.1f %% of instructions, IPC inside %.3f, %.2f "
            "bundles each\n",
            (unsigned long long)s[STAT_HW_INSNS_GUEST],
            100.0 * ratio(s[STAT_HW_INSNS_GUEST], insns), ratio(s[STAT_HW_INSNS_GUEST], guest),
            ratio(s[STAT_HW_BUNDLES_GUEST], s[STAT_HW_INSNS_GUEST]));
    fprintf(out,
            "  cycles: translations %.1f %%, interpreter %.1f %%, translator %.1f %%, rest of "
            "firmware %.1f %%\n",
            100.0 * ratio(guest, cycles), 100.0 * ratio(s[STAT_INTERP_CYCLES], cycles),
            100.0 * ratio(s[STAT_G1_XLATE_CYCLES], cycles),
            100.0 - 100.0 * ratio(guest + s[STAT_INTERP_CYCLES] + s[STAT_G1_XLATE_CYCLES], cycles));
    fprintf(out, "  mispredicted branches  %14llu   rollbacks %llu   stall cycles %llu\n",
            (unsigned long long)s[STAT_HW_BRANCH_MISSES], (unsigned long long)s[STAT_HW_ROLLBACKS],
            (unsigned long long)s[STAT_HW_STALLS]);
}

static void text_translation(const uint64_t *s, FILE *out) {
    fprintf(out,
            "  translated             %14llu regions, %llu guest instructions, %.2f operations and "
            "%.2f bundles each\n",
            (unsigned long long)s[STAT_G1_TRANSLATIONS], (unsigned long long)s[STAT_G1_XLATE_INSNS],
            ratio(s[STAT_G1_XLATE_OPS], s[STAT_G1_XLATE_INSNS]),
            ratio(s[STAT_G1_XLATE_BUNDLES], s[STAT_G1_XLATE_INSNS]));
    fprintf(out, "  cost of translation    %14.0f native cycles per guest instruction\n",
            ratio(s[STAT_G1_XLATE_CYCLES], s[STAT_G1_XLATE_INSNS]));
    fprintf(out,
            "  exits to the firmware  %14llu: direct %llu, indirect %llu, interrupt %llu, fault "
            "%llu; chained share %.2f %%\n",
            (unsigned long long)firmware_exits(s), (unsigned long long)s[STAT_EXIT_DIRECT],
            (unsigned long long)s[STAT_EXIT_INDIRECT], (unsigned long long)s[STAT_EXIT_INTERRUPT],
            (unsigned long long)(firmware_exits(s) - s[STAT_EXIT_DIRECT] - s[STAT_EXIT_INDIRECT] -
                                 s[STAT_EXIT_INTERRUPT]),
            100.0 * chained_share(s));
    fprintf(out, "  jump-target table      %14llu hits, %llu misses\n",
            (unsigned long long)s[STAT_HW_JT_HITS], (unsigned long long)s[STAT_HW_JT_MISSES]);
    fprintf(out,
            "  tcache                 %14llu of %llu bytes, %llu regions live, %llu evicted, %llu "
            "flushes\n",
            (unsigned long long)s[STAT_TC_BYTES_LIVE], (unsigned long long)s[STAT_TC_BYTES_ALL],
            (unsigned long long)s[STAT_TC_REGIONS_LIVE], (unsigned long long)s[STAT_TC_EVICTIONS],
            (unsigned long long)s[STAT_TC_FLUSHES]);
}

static uint64_t interrupts(const uint64_t *s) {
    return s[STAT_IRQ_TIMER] + s[STAT_IRQ_SOFTWARE] + s[STAT_IRQ_EXTERNAL];
}

static void text_interrupts(const uint64_t *s, uint64_t bound, FILE *out) {
    if (interrupts(s) == 0)
        return;
    fprintf(out,
            "  interrupts             %14llu: latency %.0f cycles on average, %llu at most (bound "
            "%llu)\n",
            (unsigned long long)interrupts(s), ratio(s[STAT_IRQ_LATENCY_CYCLES], interrupts(s)),
            (unsigned long long)s[STAT_IRQ_LATENCY_MAX], (unsigned long long)bound);
}

/* Of the whole run. */
static void text_memory(const struct report *r, FILE *out) {
    const uint64_t *n = r->memory_counts, cycles = r->whole[STAT_HW_CYCLES];
    uint64_t code = n[MEMORY_COUNTER_ICACHE_CYCLES], data = n[MEMORY_COUNTER_DCACHE_CYCLES];
    if (n[MEMORY_COUNTER_ICACHE_MISSES] + n[MEMORY_COUNTER_DCACHE_MISSES] == 0)
        return;
    fprintf(out,
            "  I$ misses              %14llu   %4.1f %% of the cycles lost; in translations %llu, "
            "%4.1f %%\n",
            (unsigned long long)n[MEMORY_COUNTER_ICACHE_MISSES], 100.0 * ratio(code, cycles),
            (unsigned long long)n[MEMORY_COUNTER_ICACHE_MISSES_GUEST],
            100.0 * ratio(n[MEMORY_COUNTER_ICACHE_CYCLES_GUEST], cycles));
    fprintf(out,
            "  D$ misses              %14llu   %4.1f %% of the cycles lost; in translations %llu, "
            "%4.1f %%; %llu lines written back\n",
            (unsigned long long)n[MEMORY_COUNTER_DCACHE_MISSES], 100.0 * ratio(data, cycles),
            (unsigned long long)n[MEMORY_COUNTER_DCACHE_MISSES_GUEST],
            100.0 * ratio(n[MEMORY_COUNTER_DCACHE_CYCLES_GUEST], cycles),
            (unsigned long long)n[MEMORY_COUNTER_DCACHE_WRITE_BACKS]);
}

void report_text(const struct report *r, FILE *out) {
    fprintf(out, "\nSelkirk report: ");
    print_plain(r->guest_file, out);
    fprintf(out, " on %s, memory %s (%g MHz), exit status %d%s%s\n", r->engine, r->memory_text,
            r->memory->clock_hz / 1e6, r->ending.status,
            strcmp(r->ending.by, "exit") == 0 ? "" : ", ended by: ",
            strcmp(r->ending.by, "exit") == 0 ? "" : r->ending.by);
    text_speed(r->whole, out);
    text_translation(r->whole, out);
    text_memory(r, out);
    text_interrupts(r->whole, r->latency_bound, out);
    if (r->roi_passes == 0)
        return;
    fprintf(out, " region of interest, %u pass%s:\n", r->roi_passes,
            r->roi_passes == 1 ? "" : "es");
    text_speed(r->roi, out);
}

static void json_u64(FILE *out, const char *key, uint64_t value, const char *after) {
    fprintf(out, "\"%s\": %llu%s", key, (unsigned long long)value, after);
}

static void json_exits(const uint64_t *s, FILE *out) {
    fprintf(out, "    \"exits\": {");
    json_u64(out, "direct", s[STAT_EXIT_DIRECT], ", ");
    json_u64(out, "indirect", s[STAT_EXIT_INDIRECT], ", ");
    json_u64(out, "interrupt", s[STAT_EXIT_INTERRUPT], ", ");
    json_u64(out, "stale", s[STAT_EXIT_STALE], ", ");
    json_u64(out, "load_misaligned", s[STAT_FAULT_LOAD_MISALIGNED], ", ");
    json_u64(out, "load_access", s[STAT_FAULT_LOAD_ACCESS], ", ");
    json_u64(out, "store_misaligned", s[STAT_FAULT_STORE_MISALIGNED], ", ");
    json_u64(out, "store_access", s[STAT_FAULT_STORE_ACCESS], ", ");
    json_u64(out, "undo_full", s[STAT_FAULT_UNDO_FULL], ", ");
    json_u64(out, "code_write", s[STAT_FAULT_CODE_WRITE], "},\n");
}

static void json_name(const char *name, FILE *out) {
    for (const char *p = name; *p != '\0'; p++)
        fputc(*p >= 'A' && *p <= 'Z' ? *p - 'A' + 'a' : *p, out);
}

static void json_counts(const uint64_t *s, FILE *out) {
    static const char *const names[] = {
#define CSR(NAME, number, access, description)
#define COUNTER(NAME, number, description) #NAME,
#define MEMORY_COUNTER(NAME, number, description)
#include "rtl/machine/csrs.def"
#undef CSR
#undef COUNTER
#undef MEMORY_COUNTER
#define STAT(NAME, kind, description) #NAME,
#include "firmware/cms/stats.def"
#undef STAT
    };
    fprintf(out, "    \"counters\": {");
    for (uint32_t i = 0; i < STAT_COUNT; i++) {
        fprintf(out, "%s\n      \"", i == 0 ? "" : ",");
        json_name(names[i], out);
        fprintf(out, "\": %llu", (unsigned long long)s[i]);
    }
    fprintf(out, "\n    }\n");
}

static void json_figures(const uint64_t *s, uint64_t bound, FILE *out) {
    uint64_t insns = guest_insns(s);
    fprintf(out,
            "    \"guest_instructions\": %llu,\n    \"cycles\": %llu,\n    \"guest_ipc\": %.6f,\n",
            (unsigned long long)insns, (unsigned long long)s[STAT_HW_CYCLES],
            ratio(insns, s[STAT_HW_CYCLES]));
    fprintf(out, "    \"gears\": [{\"gear\": 0, ");
    json_u64(out, "guest_instructions", s[STAT_HW_INSNS_FW], ", ");
    json_u64(out, "cycles", s[STAT_INTERP_CYCLES], "}, {\"gear\": 1, ");
    json_u64(out, "guest_instructions", s[STAT_HW_INSNS_GUEST], ", ");
    json_u64(out, "cycles", s[STAT_HW_CYCLES_GUEST], "}],\n");
    fprintf(out, "    \"translation\": [{\"gear\": 1, ");
    json_u64(out, "regions", s[STAT_G1_TRANSLATIONS], ", ");
    json_u64(out, "guest_instructions", s[STAT_G1_XLATE_INSNS], ", ");
    json_u64(out, "bundles", s[STAT_G1_XLATE_BUNDLES], ", ");
    json_u64(out, "cycles", s[STAT_G1_XLATE_CYCLES], "}],\n");
    fprintf(
        out,
        "    \"firmware_cycles\": %llu,\n    \"rollbacks\": %llu,\n    \"chained_share\": %.6f,\n",
        (unsigned long long)(s[STAT_HW_CYCLES] - s[STAT_HW_CYCLES_GUEST]),
        (unsigned long long)s[STAT_HW_ROLLBACKS], chained_share(s));
    json_exits(s, out);
    fprintf(out, "    \"interrupts\": {");
    json_u64(out, "taken", interrupts(s), ", ");
    json_u64(out, "latency_cycles", s[STAT_IRQ_LATENCY_CYCLES], ", ");
    json_u64(out, "latency_max", s[STAT_IRQ_LATENCY_MAX], ", ");
    json_u64(out, "latency_bound", bound, "},\n");
    fprintf(out, "    \"tcache\": {");
    json_u64(out, "bytes_used", s[STAT_TC_BYTES_LIVE], ", ");
    json_u64(out, "bytes", s[STAT_TC_BYTES_ALL], ", ");
    json_u64(out, "regions", s[STAT_TC_REGIONS_LIVE], ", ");
    json_u64(out, "evictions", s[STAT_TC_EVICTIONS], "},\n");
    json_counts(s, out);
}

static void json_memory(const struct report *r, FILE *out) {
    static const char *const names[MEMORY_COUNTERS] = {
#define CSR(NAME, number, access, description)
#define COUNTER(NAME, number, description)
#define MEMORY_COUNTER(NAME, number, description) #NAME,
#include "rtl/machine/csrs.def"
#undef CSR
#undef COUNTER
#undef MEMORY_COUNTER
    };
    fprintf(out, "    \"memory_system\": {\"has_misses\": %s", r->has_misses ? "true" : "false");
    for (uint32_t i = 0; i < MEMORY_COUNTERS; i++) {
        fprintf(out, ", \"");
        json_name(names[i], out);
        fprintf(out, "\": %llu", (unsigned long long)r->memory_counts[i]);
    }
    fprintf(out, "},\n");
}

void report_json(const struct report *r, FILE *out) {
    fprintf(out,
            "{\n    \"report_version\": %d,\n    \"engine\": \"%s\",\n    \"memory\": \"%s\",\n"
            "    \"clock_hz\": %u,\n    \"guest\": ",
            REPORT_VERSION, r->engine, r->memory_text, r->memory->clock_hz);
    print_json_string(r->guest_file, out);
    fprintf(out, ",\n    \"exit_status\": %d,\n    \"ended_by\": \"%s\",\n", r->ending.status,
            r->ending.by);
    json_memory(r, out);
    json_figures(r->whole, r->latency_bound, out);
    if (r->roi_passes > 0) {
        fprintf(out, "    ,\"roi\": {\n    \"passes\": %u,\n", r->roi_passes);
        json_figures(r->roi, r->latency_bound, out);
        fprintf(out, "    }\n");
    }
    fprintf(out, "}\n");
}
