/* SPDX-License-Identifier: MIT
 * Pass pieces: runs the region passes (passes.def) for each trace and keeps the shortest of several
 * schedules: in program order and by critical path, with several seeds of the scheduler's choices
 * among what it thinks alike. What does not fit is cut: the trace by its last part, a block in two.
 */
#include "translator/aot/aot.h"
#include "translator/aot/packed.h"

#include <stdlib.h>
#include <string.h>

/* Seeds tried for each block and order. 32 make the firmware 2 % faster than 1 and take 0.2 s. */
enum { ATTEMPT_SEEDS = 32 };

struct lowering {
    struct aot *a;
    struct pass_work *w;
    struct segment segment;
    bool is_shown; /* the passes' forms are dumped */
};

static void must_be_sound(const struct lowering *lo, const char *error) {
    if (error)
        aot_die("%s at %s", error,
                program_where(&lo->a->program, lo->segment.trace->parts[0]->rv_addr));
}

static bool lift(struct pass_work *w, void *ctx) {
    struct lowering *lo = ctx;
    return lower_segment(w, &lo->segment);
}

/* After each pass. */
static void look(const struct pass_work *w, enum pass pass, void *ctx) {
    const struct lowering *lo = ctx;
    if (w->xl.error == NULL && pass_info[pass].gives == PASS_GIVES_IR)
        must_be_sound(lo, ir_check(&w->xl.ir));
    if (lo->is_shown && lo->a->dump == pass) {
        printf("%s\n", program_where(&lo->a->program, lo->segment.trace->parts[0]->rv_addr));
        pass_dump(w, pass, stdout);
    }
}

/* Homes that all slots may read in the first bundle: as if their values were older than the block.
 */
static void set_early(struct xl *xl, uint16_t early) {
    xl->early = early;
    for (uint32_t n = 1; n < 16; n++)
        xl->ready[n] = !(early >> n & 1u);
}

/* One way of scheduling: by_path: in order of the critical path, not of the program; seed: of the
 * scheduler's random choices, 0: none. */
struct attempt {
    bool by_path;
    uint32_t seed;
};

/* False: it is too large. */
static bool schedule_trace(struct lowering *lo, const struct trace *tr, struct attempt how) {
    struct pass_work *w = lo->w;
    lo->segment = (struct segment){.program = &lo->a->program, .trace = tr};
    passes_begin(w, &xl_abi_firmware, lo->a->flags | (how.seed ? XL_CHAOS : 0u), how.seed);
    w->off = lo->a->off | (how.by_path ? 0 : 1u << PASS_ORDER);
    set_early(&w->xl, program_insn(&lo->a->program, tr->parts[0]->rv_addr)->early);
    while (lo->segment.next < tr->n_parts)
        if (!passes_run(w, PASS_LIFT, PASS_SCHEDULE))
            return false;
    passes_run(w, PASS_ENCODE, PASS_CHECK);
    must_be_sound(lo, w->broken);
    return true;
}

static void keep_piece(struct lowering *lo, const struct trace *tr) {
    const struct xl *xl = &lo->w->xl;
    const struct block *first = tr->parts[0], *last = tr->parts[tr->n_parts - 1];
    struct piece *piece = &lo->a->code.pieces[lo->a->code.n_pieces++];
    *piece = (struct piece){.rv_addr = first->rv_addr,
                            .last_part = last->rv_addr,
                            .n_insns = first->n_insns,
                            .n_side_exits = trace_side_exits(tr),
                            .n_bundles = xl->n_bundles,
                            .n_ops = xl->n_ops,
                            .n_fixups = xl->n_fixups};
    if (last->end == END_BRANCH)
        piece->fall = last->rv_addr + 4 * last->n_insns;
    if (tr->n_parts > 1 && last->end == END_BRANCH)
        piece->next = piece->fall;
    piece->end = last->end;
    piece->target = last->target;
    piece->ops = aot_alloc(XL_SLOTS * xl->n_bundles, sizeof *piece->ops);
    memcpy(piece->ops, form_first(&lo->w->form), XL_SLOTS * xl->n_bundles * sizeof *piece->ops);
    piece->fixups = aot_alloc(xl->n_fixups, sizeof *piece->fixups);
    memcpy(piece->fixups, xl->fixups, xl->n_fixups * sizeof *piece->fixups);
    for (uint32_t i = 0; i < PASS_COUNT; i++)
        if (pass_info[i].is_of_region)
            lo->a->counts[i] += lo->w->counts[i];
}

/* Words of the schedule that a packed image keeps. */
static uint32_t count_words(const struct pass_work *w) {
    const struct vop_fields *ops = form_first(&w->form);
    uint32_t n = 0;
    for (uint32_t i = 0; i < XL_SLOTS * w->xl.n_bundles; i++)
        n += ops[i].op == VOP_LI32 ? 2 : ops[i].op != VOP_NOP;
    return n;
}

/* What a schedule is judged by: cycles first, then words; of a cold trace what it takes in a packed
 * image: a bundle has a quarter of a line's mask and index. UINT32_MAX: it is too large. */
static uint32_t try_attempt(struct lowering *lo, const struct trace *tr, struct attempt how) {
    if (!schedule_trace(lo, tr, how))
        return UINT32_MAX;
    uint32_t n_bundles = lo->w->xl.n_bundles, n_words = count_words(lo->w);
    return aot_is_cold(lo->a, tr->parts[0]->rv_addr)
               ? 8 * PACKED_WORD_BYTES * n_words + 5 * n_bundles
               : 4096 * n_bundles + n_words;
}

/* Keeps the best schedule of some attempts. False: it is too large. */
static bool lower_trace(struct lowering *lo, const struct trace *tr) {
    struct attempt best = {false, 0};
    bool has_order = !(lo->a->off >> PASS_ORDER & 1);
    uint32_t least = try_attempt(lo, tr, best);
    uint32_t n_attempts = lo->a->flags & XL_NO_PACK ? 1 : 2 * ATTEMPT_SEEDS;
    for (uint32_t i = 1; i < n_attempts; i++) {
        struct attempt how = {i % 2 == 1 && has_order, i / 2};
        uint32_t cost = try_attempt(lo, tr, how);
        if (cost < least) {
            least = cost;
            best = how;
        }
    }
    if (least == UINT32_MAX)
        return false;
    lo->is_shown = lo->a->is_showing;
    schedule_trace(lo, tr, best);
    lo->is_shown = false;
    keep_piece(lo, tr);
    return true;
}

/* Cuts in half until every part fits. */
static void lower_parts(struct lowering *lo, const struct block *b) {
    const struct program *p = &lo->a->program;
    const struct trace alone = {.parts = {b},
                                .likely = {(enum likely)program_insn(p, b->rv_addr)->likely},
                                .n_parts = 1,
                                .n_insns = b->n_insns};
    if (lower_trace(lo, &alone))
        return;
    if (b->n_insns < 2)
        aot_die("%s at %s", lo->w->xl.error, program_where(p, b->rv_addr));
    struct block first = *b, rest = *b;
    first.n_insns = b->n_insns / 2;
    first.end = END_FALL;
    rest.n_insns -= first.n_insns;
    rest.rv_addr += 4 * first.n_insns;
    first.target = rest.rv_addr;
    first.live_out = program_insn(p, rest.rv_addr)->live_in;
    lower_parts(lo, &first);
    lower_parts(lo, &rest);
}

static void lower_block(struct lowering *lo, uint32_t i) {
    struct trace tr = {.n_parts = 1};
    if (lo->a->code.traces != NULL)
        tr = lo->a->code.traces[i];
    while (tr.n_parts > 1) {
        if (lower_trace(lo, &tr))
            return;
        trace_shorten(&tr);
    }
    lower_parts(lo, &lo->a->program.blocks[i]);
}

uint32_t aot_pieces(struct aot *a) {
    struct native_code *nc = &a->code;
    struct lowering lo = {.a = a, .w = aot_alloc(1, sizeof *lo.w)};
    lo.w->lift = lift;
    lo.w->look = look;
    lo.w->ctx = &lo;
    if (!nc->pieces)
        nc->pieces = aot_alloc(a->program.n_insns, sizeof *nc->pieces);
    for (uint32_t i = 0; i < nc->n_pieces; i++) {
        free(nc->pieces[i].ops);
        free(nc->pieces[i].fixups);
    }
    for (uint32_t i = 0; i < PASS_COUNT; i++)
        if (pass_info[i].is_of_region)
            a->counts[i] = 0;
    nc->n_pieces = 0;
    for (uint32_t i = 0; i < a->program.n_blocks; i++)
        lower_block(&lo, i);
    free(lo.w);
    return nc->n_pieces;
}
