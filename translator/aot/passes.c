/* SPDX-License-Identifier: MIT
 * Runs the list of passes (passes.def) over a program.
 */
#include "translator/aot/aot.h"
#include "translator/aot/packed.h"

static uint32_t (*const program_pass[PASS_COUNT])(struct aot *a) = {
#define PROGRAM_PASS(NAME, name, takes, gives, off, counted, text) [PASS_##NAME] = aot_##name,
#define REGION_PASS(NAME, name, takes, gives, off, counted, text)
#include "translator/passes.def"
#undef PROGRAM_PASS
#undef REGION_PASS
};

/* From first to last, without those that are off and those over regions, which PIECES runs. */
static void run(struct aot *a, enum pass first, enum pass last) {
    for (uint32_t i = first; i <= last; i++)
        if (program_pass[i] != NULL && (a->off >> i & 1) == 0)
            a->counts[i] = program_pass[i](a);
}

/* Schedules and what edges.c says of them depend on each other. Assumptions only get fewer, so this
 * ends. */
static void schedule(struct aot *a) {
    run(a, PASS_TRACES, PASS_TRACES);
    a->has_assumed = false;
    do {
        a->again = false;
        run(a, PASS_PIECES, PASS_EDGES);
    } while (a->again);
    run(a, PASS_REACH, PASS_LAYOUT);
}

void aot_translate(struct aot *a) {
    run(a, PASS_READ, PASS_LIVENESS);
    schedule(a);
    if (a->profile != NULL && (a->off >> PASS_PROFILE & 1) == 0) {
        run(a, PASS_PROFILE, PASS_PROFILE);
        schedule(a);
    }
    run(a, PASS_LINK, PASS_IMAGE);
    if (a->dump == PASS_COUNT)
        return;
    a->is_showing = true;
    if (pass_info[a->dump].is_of_region)
        run(a, PASS_PIECES, PASS_PIECES);
    else
        aot_dump(a, a->dump);
}

static void print_packed(const struct native_code *nc, uint32_t n_stored) {
    uint32_t n_words = XL_SLOTS * nc->n_bundles, n_lines = packed_lines(n_words);
    uint32_t packed = packed_bytes(nc->words, n_words), head = packed_head_bytes(n_lines);
    uint32_t n_used = (packed - head) / PACKED_WORD_BYTES;
    printf("aot: %u bytes; packed %u: index and masks %u, %u used words %u (%.2f words a line of "
           "%d)\n",
           n_words * PACKED_WORD_BYTES, packed, head, n_used, n_used * PACKED_WORD_BYTES,
           (double)n_used / n_lines, PACKED_LINE_WORDS);
    printf("aot: stored image %u bytes, with data\n", n_stored);
}

void aot_print_stats(const struct aot *a) {
    const struct program *p = &a->program;
    const struct native_code *nc = &a->code;
    uint32_t n_insns = 0, n_ops = 0, n_far = 0, n_side_exits = 0;
    for (uint32_t i = 0; i < nc->n_pieces; i++) {
        n_insns += nc->pieces[i].n_insns;
        n_ops += nc->pieces[i].n_ops;
        n_far += nc->pieces[i].is_far;
        n_side_exits += nc->pieces[i].n_side_exits;
    }
    printf("aot: %u instructions in %u blocks (%u pieces, %u far branches, %u side exits), %u of "
           "%u reached\n",
           n_insns, p->n_blocks, nc->n_pieces, n_far, n_side_exits, n_insns, p->n_insns);
    printf(
        "aot: %u bundles, %u operations: %.2f bundles an instruction, %.2f operations a bundle\n",
        nc->n_bundles, n_ops, (double)nc->n_bundles / n_insns, (double)n_ops / nc->n_bundles);
    print_packed(nc, a->counts[PASS_IMAGE]);
    for (uint32_t i = 0; i < PASS_COUNT; i++)
        printf("aot: pass %-8s %7u %s\n", pass_info[i].name, a->counts[i], pass_info[i].counted);
}
