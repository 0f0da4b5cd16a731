/* SPDX-License-Identifier: MIT
 * Which way the firmware's branches go (native_code.h), from a run of an image that was made
 * without knowing. Lines of the profile: native address of a bundle, times it was executed, times
 * something else than the bundle behind it came next (sim/train.c). It is advice: a wrong or old
 * one costs cycles, nothing else.
 */
#include "translator/aot/native_code.h"

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
        uint32_t bundle = (addr - (uint32_t)MEM_CODE_BASE) / 16;
        if (bundle >= nc->n_bundles)
            aot_die("%s: bundle 0x%x is not of this program", path, addr);
        all[bundle] = c;
    }
    if (!feof(file))
        aot_die("%s: not a profile", path);
    fclose(file);
    return all;
}

void profile_apply(const struct native_code *nc, const struct program *p, const char *path) {
    struct counts *all = read_profile(nc, path);
    for (uint32_t i = 0; i < nc->n_pieces; i++) {
        const struct piece *piece = &nc->pieces[i];
        if (piece->end != END_BRANCH)
            continue;
        const struct counts *c = &all[piece->first_bundle + piece->n_bundles - 1];
        if (c->runs == 0)
            continue;
        /* a far branch jumps when the program's does not */
        bool is_taken = (2 * c->jumps > c->runs) != piece->is_far;
        program_insn(p, piece->rv_addr)->likely = is_taken ? LIKELY_TAKEN : LIKELY_NOT;
    }
    free(all);
}
