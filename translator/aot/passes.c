/* SPDX-License-Identifier: MIT
 * Runs the list of passes (passes.def) over a program.
 */
#include "translator/aot/aot.h"

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
    run(a, PASS_LAYOUT, PASS_LAYOUT);
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

/* The image as a board may store it: for each line of 64 bytes a mask of its 16 words, where in its group of lines
 * its words begin, and those that are no NOP; for each group where its words begin. */
static void print_packed(const struct native_code *nc) {
    enum { LINE_WORDS = 16, GROUP_LINES = 256, MASK_BYTES = 2, OFFSET_BYTES = 2, WORD_BYTES = 4 };
    uint32_t n_words = BUNDLE_BYTES / WORD_BYTES * nc->n_bundles, n_used = 0;
    uint32_t n_lines = (n_words + LINE_WORDS - 1) / LINE_WORDS;
    uint32_t index =
        n_lines * OFFSET_BYTES + (n_lines + GROUP_LINES - 1) / GROUP_LINES * WORD_BYTES;
    for (uint32_t i = 0; i < n_words; i++)
        n_used += nc->words[i] != VOP_NOP_OPCODE;
    printf("aot: %u bytes; packed %u: masks %u, %u used words %u, index %u (%.2f words a line of "
           "64 bytes)\n",
           n_words * WORD_BYTES, n_lines * MASK_BYTES + n_used * WORD_BYTES + index,
           n_lines * MASK_BYTES, n_used, n_used * WORD_BYTES, index, (double)n_used / n_lines);
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
    print_packed(nc);
    for (uint32_t i = 0; i < PASS_COUNT; i++)
        printf("aot: pass %-8s %7u %s\n", pass_info[i].name, a->counts[i], pass_info[i].counted);
}
