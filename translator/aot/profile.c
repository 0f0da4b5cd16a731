/* SPDX-License-Identifier: MIT
 * Pass profile: which way the firmware's branches go, from a run of an image that was made
 * without knowing. Lines of the profile: native address of a bundle, times it was executed, times
 * something else than the bundle behind it came next (sim/iss/train.c). It is advice: a wrong or old
 * one costs cycles, nothing else.
 */
#include "translator/aot/aot.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include "machine.h"

struct counts {
    uint64_t runs, jumps;
};

/* By bundle of code memory. */
static struct counts *read_profile(const struct native_code *nc, const char *path) {
    struct counts *all = aot_alloc(nc->n_bundles, sizeof *all);
    FILE *file = fopen(path, "r");
    uint32_t addr;
    struct counts c;
    if (!file)
        aot_die("%s: cannot be read", path);
    while (fscanf(file, "%" SCNx32 " %" SCNu64 " %" SCNu64, &addr, &c.runs, &c.jumps) == 3) {
        uint32_t bundle = (addr - (uint32_t)MEM_CODE_BASE) / BUNDLE_BYTES;
        if (bundle >= nc->n_bundles)
            aot_die("%s: bundle 0x%x is not of this program", path, addr);
        all[bundle] = c;
    }
    if (!feof(file))
        aot_die("%s: not a profile", path);
    fclose(file);
    return all;
}

static void note_branch(struct aot_insn *first, const struct counts *c, bool is_far) {
    bool is_jumping = 2 * c->jumps > c->runs;
    /* a far branch jumps when the program's does not */
    first->likely = is_jumping != is_far ? LIKELY_TAKEN : LIKELY_NOT;
    first->percent = (uint8_t)(100 * (is_jumping ? c->jumps : c->runs - c->jumps) / c->runs);
}

uint32_t aot_profile(struct aot *a) {
    const struct native_code *nc = &a->code;
    const struct program *p = &a->program;
    struct counts *all = read_profile(nc, a->profile);
    uint32_t n_seen = 0;
    for (uint32_t i = 0; i < nc->n_pieces; i++) {
        const struct piece *piece = &nc->pieces[i];
        struct aot_insn *first = program_insn(p, piece->rv_addr);
        if (piece->n_bundles == 0)
            continue;
        const struct counts *c = &all[piece->first_bundle + piece->n_bundles - 1];
        first->runs = c->runs > UINT32_MAX ? UINT32_MAX : (uint32_t)c->runs;
        if (piece->end != END_BRANCH || c->runs == 0)
            continue;
        note_branch(first, c, piece->is_far);
        n_seen++;
    }
    free(all);
    a->is_profiled = true;
    return n_seen;
}
