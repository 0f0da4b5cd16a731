/* SPDX-License-Identifier: MIT
 * Pass profile: which way the firmware's branches go, from a run of an image that was made
 * without knowing. Lines of the profile: native address of a bundle, times it was executed, times
 * something else than the bundle behind it came next (sim/iss/train.c). It is advice: a wrong or
 * old one costs cycles, nothing else.
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

static void note_branch(const struct counts *c, uint8_t *likely, uint8_t *percent) {
    bool is_jumping = 2 * c->jumps > c->runs;
    *likely = is_jumping ? LIKELY_TAKEN : LIKELY_NOT;
    *percent = (uint8_t)(100 * (is_jumping ? c->jumps : c->runs - c->jumps) / c->runs);
}

/* The branch that a piece ends in: what it tells of the piece, and of the branch's block if that is
 * only the last part of the piece. */
static void note_piece(const struct program *p, const struct piece *piece, struct counts c,
                       struct counts *copies) {
    struct aot_insn *first = program_insn(p, piece->rv_addr);
    if (piece->is_far) /* jumps when the program's does not */
        c.jumps = c.runs - c.jumps;
    note_branch(&c, &first->likely, &first->percent);
    if (piece->last_part == piece->rv_addr)
        return;
    struct counts *copy = &copies[program_block_at(p, piece->last_part)];
    copy->runs += c.runs;
    copy->jumps += c.jumps;
}

uint32_t aot_profile(struct aot *a) {
    const struct native_code *nc = &a->code;
    const struct program *p = &a->program;
    struct counts *all = read_profile(nc, a->profile);
    struct counts *copies = aot_alloc(p->n_blocks, sizeof *copies);
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
        note_piece(p, piece, *c, copies);
        n_seen++;
    }
    for (uint32_t i = 0; i < p->n_blocks; i++) {
        struct aot_insn *first = program_insn(p, p->blocks[i].rv_addr);
        if (copies[i].runs != 0)
            note_branch(&copies[i], &first->copy_likely, &first->copy_percent);
    }
    free(copies);
    free(all);
    a->is_profiled = true;
    return n_seen;
}
