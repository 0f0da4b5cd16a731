/* SPDX-License-Identifier: MIT
 * Pass traces: which blocks are scheduled as one. A block that jumps to a small one is scheduled
 * together with a copy of that: the copy's operations fill the bundles in which the first part
 * waits. The other ways into the small block keep its own code. When a copy ends in a conditional
 * branch, layout.c adds a bundle that jumps to what follows the original. Where the profile says
 * that a conditional branch nearly always goes one way, a trace goes on that way, and the other is
 * a side exit (sched/go_on.c).
 */
#include "translator/aot/aot.h"

#include <stdlib.h>

/* Bounds of copying blocks into their predecessors: instructions of a copied block and of a trace.
 */
enum { TRACE_MAX_COPY = 32, TRACE_MAX_INSNS = 80 };
/* ... and of going on behind a conditional branch: how often it must go the likely way. */
enum { TRACE_MIN_PERCENT = 60 };

uint32_t trace_side_exits(const struct trace *tr) {
    uint32_t n = 0;
    for (uint32_t i = 0; i + 1 < tr->n_parts; i++)
        n += tr->parts[i]->end == END_BRANCH;
    return n;
}

bool aot_is_cold(const struct aot *a, uint32_t rv_addr) {
    return a->is_profiled && program_insn(&a->program, rv_addr)->runs < a->trace_runs;
}

/* Where the branch that ends part k of the trace goes, and whether it is worth to go on there. What
 * is known is of pieces: of the whole trace so far, of the part as a copy in others, or of the
 * part's own piece. The first time through a loop's end, say, is not like the others. *runs: how
 * often the trace got there, and gets further. */
static bool is_worth_going_on(const struct aot *a, struct trace *tr, uint32_t k, uint32_t *runs) {
    const struct aot_insn *trace = program_insn(&a->program, tr->parts[0]->rv_addr);
    const struct aot_insn *own = program_insn(&a->program, tr->parts[k]->rv_addr);
    bool is_first = trace_side_exits(tr) == 0;
    uint32_t likely = own->likely, percent = own->percent;
    if (is_first && trace->likely != LIKELY_UNKNOWN) {
        likely = trace->likely;
        percent = trace->percent;
    } else if (own->copy_likely != LIKELY_UNKNOWN && (k != 0 || likely == LIKELY_UNKNOWN)) {
        likely = own->copy_likely;
        percent = own->copy_percent;
    }
    tr->likely[k] = (enum likely)likely;
    *runs = (uint32_t)((uint64_t)*runs * percent / 100);
    return likely != LIKELY_UNKNOWN && percent >= TRACE_MIN_PERCENT;
}

/* The block that part k of the trace jumps to, runs into or likely branches to, if it may be copied
 * behind it. A copy costs memory for each of its instructions, and saves something each time. */
static const struct block *next_part(const struct aot *a, struct trace *tr, uint32_t k,
                                     uint32_t *runs) {
    const struct program *p = &a->program;
    const struct block *last = tr->parts[k];
    uint32_t target = last->target;
    if (last->end == END_BRANCH) {
        if (!is_worth_going_on(a, tr, k, runs))
            return NULL;
        if (tr->likely[k] == LIKELY_NOT)
            target = last->rv_addr + 4 * last->n_insns;
    } else if (last->end != END_JUMP && last->end != END_FALL) {
        return NULL;
    }
    const struct block *next = &p->blocks[program_block_at(p, target)];
    bool is_worth = !a->is_profiled || *runs >= (uint64_t)next->n_insns * a->trace_runs;
    return is_worth && next->n_insns <= TRACE_MAX_COPY ? next : NULL;
}

static bool is_in_trace(const struct trace *tr, const struct block *b) {
    for (uint32_t i = 0; i < tr->n_parts; i++)
        if (tr->parts[i] == b)
            return true;
    return false;
}

/* Without its last part, and without those before that would then run into their copy's successor:
 * a copy does not stand before the block that it would run into. */
void trace_shorten(struct trace *tr) {
    do
        tr->n_insns -= tr->parts[--tr->n_parts]->n_insns;
    while (tr->n_parts > 1 && tr->parts[tr->n_parts - 1]->end == END_FALL);
}

/* A block and copies of what follows it, as far as that is certain or likely, and small. */
static struct trace grow_trace(const struct aot *a, const struct block *b) {
    struct trace tr = {.parts = {b}, .n_parts = 1, .n_insns = b->n_insns};
    uint32_t runs = program_insn(&a->program, b->rv_addr)->runs;
    for (;;) {
        uint32_t k = tr.n_parts - 1;
        const struct block *next = next_part(a, &tr, k, &runs);
        if (!next || tr.n_parts == TRACE_PARTS || tr.n_insns + next->n_insns > TRACE_MAX_INSNS ||
            is_in_trace(&tr, next))
            break;
        tr.parts[tr.n_parts++] = next;
        tr.n_insns += next->n_insns;
    }
    if (tr.n_parts > 1 && tr.parts[tr.n_parts - 1]->end == END_FALL)
        trace_shorten(&tr);
    return tr;
}

uint32_t aot_traces(struct aot *a) {
    const struct program *p = &a->program;
    uint32_t n_copies = 0;
    free(a->code.traces);
    a->code.traces = aot_alloc(p->n_blocks, sizeof *a->code.traces);
    for (uint32_t i = 0; i < p->n_blocks; i++) {
        a->code.traces[i] = grow_trace(a, &p->blocks[i]);
        n_copies += a->code.traces[i].n_parts - 1;
    }
    return n_copies;
}
