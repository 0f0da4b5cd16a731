/* SPDX-License-Identifier: MIT
 * Cycle profile. A bundle's cycles are those until the next bundle, so bubbles and stalls count for
 * the bundle that caused them. Firmware bundles are summed by symbol; guest bundles by region (the
 * firmware's records at the end; what was evicted before counts as such).
 */
#include "sim/cmd/hot.h"
#include "sim/cmd/tcache_dump.h"
#include "machine.h"
#include <stdlib.h>
#include <string.h>

enum {
    CODE_BUNDLES = CONFIG_WIDE_CODE_BUNDLES,
    MAX_ROWS = CODE_BUNDLES + TC_MAX_REGIONS,
    TOP = 24,
};

struct row {
    const char *name;
    uint32_t guest_pc, addr;
    uint64_t cycles, runs;
};

struct hot {
    uint64_t *cycles[2]; /* per bundle of CODE; firmware, guest: the tcache may reuse a place */
    uint64_t *runs[2];
    struct row *rows; /* [MAX_ROWS], for printing */
    uint64_t last_cycle, total;
    uint32_t last_bundle;
    bool last_mode;
};

struct hot *hot_create(void) {
    struct hot *h = calloc(1, sizeof *h);
    if (h == NULL)
        return NULL;
    bool is_complete = (h->rows = calloc(MAX_ROWS, sizeof *h->rows)) != NULL;
    for (int mode = 0; mode < 2; mode++) {
        h->cycles[mode] = calloc(CODE_BUNDLES, sizeof *h->cycles[mode]);
        h->runs[mode] = calloc(CODE_BUNDLES, sizeof *h->runs[mode]);
        is_complete &= h->cycles[mode] != NULL && h->runs[mode] != NULL;
    }
    if (is_complete)
        return h;
    hot_destroy(h);
    return NULL;
}

void hot_destroy(struct hot *h) {
    for (int mode = 0; mode < 2; mode++) {
        free(h->cycles[mode]);
        free(h->runs[mode]);
    }
    free(h->rows);
    free(h);
}

static bool on_bundle(void *ctx, const struct engine_bundle *b) {
    struct hot *h = ctx;
    h->cycles[h->last_mode][h->last_bundle] += b->cycle - h->last_cycle;
    h->total += b->cycle - h->last_cycle;
    h->last_cycle = b->cycle;
    h->last_bundle = (b->pc - MEM_CODE_BASE) / BUNDLE_BYTES % CODE_BUNDLES;
    h->last_mode = b->is_guest;
    h->runs[h->last_mode][h->last_bundle]++;
    return true;
}

void hot_hooks(struct hot *h, struct engine_hooks *hooks) {
    hooks->ctx = h;
    hooks->on_bundle = on_bundle;
}

static int by_cycles(const void *a, const void *b) {
    const struct row *x = a, *y = b;
    return x->cycles < y->cycles ? 1 : x->cycles > y->cycles ? -1 : 0;
}

static void print_rows(struct row *rows, uint32_t n, const struct hot *h, FILE *out) {
    qsort(rows, n, sizeof *rows, by_cycles);
    for (uint32_t i = 0; i < n && i < TOP && rows[i].cycles > 0; i++) {
        fprintf(out, "  %5.1f %%  %12llu cycles  %10llu runs  %8.1f each  %08x ",
                100.0 * (double)rows[i].cycles / (double)h->total,
                (unsigned long long)rows[i].cycles, (unsigned long long)rows[i].runs,
                rows[i].runs == 0 ? 0.0 : (double)rows[i].cycles / (double)rows[i].runs,
                rows[i].addr);
        if (rows[i].name != NULL)
            fprintf(out, "%s\n", rows[i].name);
        else
            fprintf(out, "guest %08x\n", rows[i].guest_pc);
    }
}

static uint32_t collect_functions(const struct hot *h, const struct machine *m, struct row *rows) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < CODE_BUNDLES; i++) {
        uint32_t offset, addr = MEM_CODE_BASE + i * BUNDLE_BYTES;
        const char *name = image_nearest(&m->image, addr, &offset);
        if (name == NULL)
            continue;
        if (n == 0 || rows[n - 1].name != name)
            rows[n++] = (struct row){.name = name, .addr = addr};
        rows[n - 1].cycles += h->cycles[0][i];
        if (offset == 0)
            rows[n - 1].runs = h->runs[0][i];
    }
    return n;
}

static uint32_t collect_regions(const struct hot *h, const struct machine *m, struct row *rows) {
    struct tc_region r;
    uint32_t n = 0;
    for (uint32_t at = 0; tcache_next_region(m, &at, &r);) {
        uint32_t first = (r.native - MEM_CODE_BASE) / BUNDLE_BYTES;
        rows[n] = (struct row){.guest_pc = r.guest_pc, .addr = r.native, .runs = h->runs[1][first]};
        for (uint32_t k = 0; k < r.n_bundles; k++)
            rows[n].cycles += h->cycles[1][first + k];
        n++;
    }
    return n;
}

void hot_print(const struct hot *h, const struct machine *m, FILE *out) {
    struct row *rows = h->rows;
    fprintf(out, "\nFirmware functions by cycles (of %llu):\n", (unsigned long long)h->total);
    print_rows(rows, collect_functions(h, m, rows), h, out);
    memset(rows, 0, sizeof *rows * MAX_ROWS);
    fprintf(out, "Translated regions by cycles:\n");
    print_rows(rows, collect_regions(h, m, rows), h, out);
}
