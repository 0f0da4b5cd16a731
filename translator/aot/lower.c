/* SPDX-License-Identifier: MIT
 * Firmware blocks -> scheduled bundles (native_code.h). Ordinary instructions go through the
 * translator's own lifting, the way guest code does; here are code addresses, intrinsics, and the
 * ends of blocks. Labels of branches and addresses are rv_addrs until layout.c resolves them.
 *
 * A block that jumps to a small one is scheduled together with a copy of that (a trace): the copy's
 * operations fill the bundles in which the first part waits. The other ways into the small block
 * keep its own code. When a copy ends in a conditional branch, layout.c adds a bundle that jumps to
 * what follows the original. Where the profile says that a conditional branch nearly always goes
 * one way, a trace goes on that way, and the other is a side exit (sched/go_on.c).
 *
 * A call makes the return address as a constant in the link register's home and jumps: the link
 * result of a native `jl` would be born in slot 3's bank, where no link register's home is.
 */
#include "translator/aot/native_code.h"

#include <stdlib.h>
#include <string.h>
#include "machine.h"

/* Bounds of copying blocks into their predecessors: parts of a trace, instructions of a copied
 * block and of a trace. */
enum { TRACE_PARTS = 10, TRACE_MAX_COPY = 32, TRACE_MAX_INSNS = 80 };
/* ... and of going on behind a conditional branch: how often it must go the likely way. */
enum { TRACE_MIN_PERCENT = 60 };

/* Seeds tried for each block and order. 32 make the firmware 2 % faster than 1 and take 0.2 s. */
enum { ATTEMPT_SEEDS = 32 };

struct lowering {
    const struct program *program;
    struct native_code *out;
    struct xl *xl;
    struct form *form;
    uint32_t flags, trace_runs;
};

/* Fields of a CUSTOM_0 instruction. */
static void lower_intrinsic(struct ir_block *ir, uint32_t word) {
    unsigned rd = word >> 7 & 31u, rs1 = word >> 15 & 31u, rs2 = word >> 20 & 31u;
    uint32_t imm = word >> 20;
    switch (word >> 12 & 7u) {
    case INTRINSIC_CSRR_FUNCT3:
        ir_emit(ir, IR_CSRR, rd, 0, 0, imm);
        break;
    case INTRINSIC_CSRW_FUNCT3:
        ir_emit(ir, IR_CSRW, 0, ir->value[rs1], 0, imm);
        break;
    case INTRINSIC_RDH_FUNCT3:
        ir_emit(ir, IR_RDH, rd, ir->value[rs1], 0, 0);
        break;
    case INTRINSIC_WRH_FUNCT3:
        ir_emit(ir, IR_WRH, 0, ir->value[rs1], ir->value[rs2], 0);
        break;
    case INTRINSIC_COMMIT_FUNCT3:
        ir_emit(ir, IR_COMMIT, 0, 0, 0, imm);
        break;
    case INTRINSIC_WAIT_FUNCT3:
        ir_emit(ir, IR_WAIT, 0, 0, 0, imm);
        break;
    case INTRINSIC_ENTER_FUNCT3:
        ir_emit(ir, IR_ENTER, 0, ir->value[rs1], 0, 0);
        break;
    case INTRINSIC_EXIT_FUNCT3:
        ir_emit(ir, IR_EXIT, 0, 0, 0, imm);
        break;
    default:
        aot_die("intrinsic 0x%08x is not known", word);
    }
}

/* An instruction that does not end the block. False: no room. */
static bool lower_insn(struct lowering *lo, uint32_t rv_addr) {
    const struct aot_insn *insn = program_insn(lo->program, rv_addr);
    struct ir_block *ir = &lo->xl->ir;
    struct rv_insn rv;
    if (!ir_room(ir, 4)) /* the end needs up to three */
        return false;
    if (insn->ref == REF_CALL) /* done by its second half */
        return true;
    if ((insn->word & 0x7fu) == AOT_CUSTOM_0) {
        lower_intrinsic(ir, insn->word);
        return true;
    }
    rv_decode(insn->word, &rv);
    if (insn->ref == REF_ADDR_HI) {
        ir_emit(ir, IR_ADDR, rv.rd, 0, 0, insn->target);
        return true;
    }
    if (insn->ref == REF_ADDR_LO)
        rv.imm = 0;
    enum lift lift = lift_insn(ir, &rv, rv_addr);
    if (lift != LIFT_DONE && lift != LIFT_FULL)
        aot_die("instruction 0x%08x at %s cannot be lifted", insn->word,
                program_where(lo->program, rv_addr));
    return lift == LIFT_DONE && ir_room(ir, 3);
}

/* jalr: the target is read before the link register is written. */
static void lower_jump_reg(struct ir_block *ir, const struct rv_insn *rv, uint32_t next) {
    unsigned target = ir->value[rv->rs1];
    if (rv->imm)
        target = ir_emit(ir, IR_ADDI, 0, target, 0, (uint32_t)rv->imm);
    if (rv->rd)
        ir_emit(ir, IR_ADDR, rv->rd, 0, 0, next);
    ir_emit(ir, IR_JUMPR, 0, target, 0, 0);
}

/* Without a profile: backwards. */
static bool is_likely_taken(enum likely likely, const struct block *b) {
    return likely == LIKELY_UNKNOWN ? b->target < b->rv_addr + 4 * b->n_insns
                                    : likely == LIKELY_TAKEN;
}

/* The closing branch goes to the unlikely way, which is not predicted; the trace goes on with the
 * likely one. */
static void lower_side_exit(struct lowering *lo, const struct block *b, enum likely likely) {
    uint32_t last = b->rv_addr + 4 * (b->n_insns - 1);
    struct ir_block *ir = &lo->xl->ir;
    struct rv_insn rv;
    enum ir_op op =
        lift_branch_op((enum rv_op)rv_decode(program_insn(lo->program, last)->word, &rv));
    bool is_taken = likely == LIKELY_TAKEN;
    ir_emit_branch(ir, is_taken ? ir_inverted(op) : op, ir->value[rv.rs1], ir->value[rv.rs2],
                   is_taken ? last + 4 : b->target, false);
}

static void lower_end(struct lowering *lo, const struct block *b, enum likely likely) {
    uint32_t last = b->rv_addr + 4 * (b->n_insns - 1);
    const struct aot_insn *insn = program_insn(lo->program, last);
    struct ir_block *ir = &lo->xl->ir;
    struct rv_insn rv;
    rv_decode(insn->word, &rv);
    switch (b->end) {
    case END_FALL:
        ir_emit(ir, IR_FALL, 0, 0, 0, 0);
        break;
    case END_BRANCH:
        ir_emit_branch(ir, lift_branch_op((enum rv_op)rv.op), ir->value[rv.rs1], ir->value[rv.rs2],
                       b->target, is_likely_taken(likely, b));
        break;
    case END_CALL:
        ir_emit(ir, IR_ADDR, rv.rd, 0, 0, last + 4);
        ir_emit(ir, IR_JUMP, 0, 0, 0, b->target);
        break;
    case END_JUMP:
        ir_emit(ir, IR_JUMP, 0, 0, 0, b->target);
        break;
    case END_CALL_REG:
    case END_JUMP_REG:
        lower_jump_reg(ir, &rv, last + 4);
        break;
    case END_ENTER:
        lower_intrinsic(ir, insn->word);
        break;
    case END_STOP: /* intrinsic with its immediate, or ebreak */
        ir_emit(ir, IR_EXIT, 0, 0, 0, insn->word >> 20);
        break;
    }
}

/* Blocks that are scheduled as one: each ends in a jump to the next, runs into it, or ends in a
 * branch that likely goes there. */
struct trace {
    const struct block *parts[TRACE_PARTS];
    enum likely likely[TRACE_PARTS]; /* where a part's branch goes */
    uint32_t n_parts, n_insns;
};

static uint32_t count_side_exits(const struct trace *tr) {
    uint32_t n = 0;
    for (uint32_t i = 0; i + 1 < tr->n_parts; i++)
        n += tr->parts[i]->end == END_BRANCH;
    return n;
}

static void keep_piece(struct lowering *lo, const struct trace *tr) {
    const struct xl *xl = lo->xl;
    const struct block *first = tr->parts[0], *last = tr->parts[tr->n_parts - 1];
    struct piece *piece = &lo->out->pieces[lo->out->n_pieces++];
    *piece = (struct piece){.rv_addr = first->rv_addr,
                            .n_insns = first->n_insns,
                            .n_side_exits = count_side_exits(tr),
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
    memcpy(piece->ops, form_first(lo->form), XL_SLOTS * xl->n_bundles * sizeof *piece->ops);
    piece->fixups = aot_alloc(xl->n_fixups, sizeof *piece->fixups);
    memcpy(piece->fixups, xl->fixups, xl->n_fixups * sizeof *piece->fixups);
}

/* False: no room. */
static bool lower_plain(struct lowering *lo, const struct block *b) {
    uint32_t n_plain = b->n_insns - (b->end != END_FALL);
    for (uint32_t i = 0; i < n_plain; i++) {
        if (!lower_insn(lo, b->rv_addr + 4 * i))
            return false;
    }
    return true;
}

/* Homes that all slots may read in the first bundle: as if their values were older than the block.
 */
static void set_early(struct xl *xl, uint16_t early) {
    xl->early = early;
    for (uint32_t n = 1; n < 16; n++)
        xl->ready[n] = !(early >> n & 1u);
}

static void must_be_sound(const struct lowering *lo, const struct trace *tr, const char *error) {
    if (error)
        aot_die("%s at %s", error, program_where(lo->program, tr->parts[0]->rv_addr));
}

/* One way of scheduling: by_path: in order of the critical path, not of the program; seed: of the
 * scheduler's random choices among what it thinks alike, 0: none. */
struct attempt {
    bool by_path;
    uint32_t seed;
};

/* Cycles by which results may complete after the last bundle. Bubbles behind a jump through a
 * register are for them, so that the next block finds every home ready for all slots. */
static uint32_t over_end(enum block_end end) {
    return end == END_JUMP_REG || end == END_CALL_REG ? 1 + JUMP_REG_CYCLES - CROSS_EXTRA_CYCLES
                                                      : 1;
}

/* Registers that are wanted where the branch of a part goes when the trace does not go on. */
static uint16_t live_at_side_exit(const struct lowering *lo, const struct trace *tr,
                                  uint32_t part) {
    const struct block *b = tr->parts[part];
    uint32_t exit = tr->likely[part] == LIKELY_TAKEN ? b->rv_addr + 4 * b->n_insns : b->target;
    return program_insn(lo->program, exit)->live_in;
}

/* Lifts the parts from *i on up to and with the next branch, and schedules them behind what is
 * there. *i: the part after them. */
static bool schedule_segment(struct lowering *lo, const struct trace *tr, uint32_t *i,
                             bool by_path) {
    struct xl *xl = lo->xl;
    uint32_t first = *i, k = first;
    ir_begin(&xl->ir, tr->parts[first]->rv_addr);
    for (;; k++) {
        if (!lower_plain(lo, tr->parts[k]))
            return false;
        if (k + 1 == tr->n_parts || tr->parts[k]->end == END_BRANCH)
            break;
    }
    const struct block *last = tr->parts[k];
    *i = k + 1;
    xl->dead = (uint16_t)~last->live_out;
    xl_set_over_end(xl, *i == tr->n_parts ? over_end(last->end) : XL_LOOK_AHEAD);
    if (*i == tr->n_parts)
        lower_end(lo, last, tr->likely[k]);
    else
        lower_side_exit(lo, last, tr->likely[k]);
    if (!(lo->flags & XL_NO_FOLD))
        fold_addresses(&xl->ir);
    if (by_path)
        order_block(&xl->ir);
    must_be_sound(lo, tr, ir_check(&xl->ir));
    opt_dead(xl);
    return first == 0 ? sched_to_form(xl, lo->form)
                      : xl_go_on(xl, lo->form, live_at_side_exit(lo, tr, first - 1));
}

/* Lifts and schedules. False: it is too large. */
static bool schedule_trace(struct lowering *lo, const struct trace *tr, struct attempt how) {
    struct xl *xl = lo->xl;
    const struct aot_insn *first = program_insn(lo->program, tr->parts[0]->rv_addr);
    form_clear(lo->form);
    xl_begin(xl, &xl_abi_firmware, lo->flags | (how.seed ? XL_CHAOS : 0u), how.seed);
    set_early(xl, first->early);
    for (uint32_t i = 0; i < tr->n_parts;)
        if (!schedule_segment(lo, tr, &i, how.by_path))
            return false;
    emit_bundles(form_first(lo->form), xl->n_bundles, &xl->code[XL_SLOTS]);
    must_be_sound(lo, tr, xl_check(xl));
    return true;
}

/* Keeps the shortest schedule of some attempts. False: it is too large. */
static bool lower_trace(struct lowering *lo, const struct trace *tr) {
    struct attempt best = {false, 0};
    uint32_t n_best = schedule_trace(lo, tr, best) ? lo->xl->n_bundles : UINT32_MAX;
    uint32_t n_attempts = lo->flags & XL_NO_PACK ? 1 : 2 * ATTEMPT_SEEDS;
    for (uint32_t i = 1; i < n_attempts; i++) {
        struct attempt how = {i % 2 == 1, i / 2};
        if (schedule_trace(lo, tr, how) && lo->xl->n_bundles < n_best) {
            n_best = lo->xl->n_bundles;
            best = how;
        }
    }
    if (n_best == UINT32_MAX || !schedule_trace(lo, tr, best))
        return false;
    keep_piece(lo, tr);
    return true;
}

/* Where the branch that ends part k of the trace goes, and whether it is worth to go on there. What
 * is known is of pieces: of the whole trace so far, or of the part's own. */
static bool is_worth_going_on(const struct lowering *lo, struct trace *tr, uint32_t k) {
    const struct aot_insn *trace = program_insn(lo->program, tr->parts[0]->rv_addr);
    const struct aot_insn *own = program_insn(lo->program, tr->parts[k]->rv_addr);
    bool is_first = count_side_exits(tr) == 0;
    if (is_first && trace->likely != LIKELY_UNKNOWN)
        own = trace;
    tr->likely[k] = (enum likely)own->likely;
    return !(lo->flags & XL_NO_TRACES) && own->likely != LIKELY_UNKNOWN &&
           own->percent >= TRACE_MIN_PERCENT && trace->runs >= lo->trace_runs;
}

/* The block that part k of the trace jumps to, runs into or likely branches to, if it may be copied
 * behind it. */
static const struct block *next_part(const struct lowering *lo, struct trace *tr, uint32_t k) {
    const struct program *p = lo->program;
    const struct block *last = tr->parts[k];
    uint32_t target = last->target;
    if (last->end == END_BRANCH) {
        if (!is_worth_going_on(lo, tr, k))
            return NULL;
        if (tr->likely[k] == LIKELY_NOT)
            target = last->rv_addr + 4 * last->n_insns;
    } else if (last->end != END_JUMP && last->end != END_FALL) {
        return NULL;
    }
    const struct block *next = &p->blocks[program_block_at(p, target)];
    return next->n_insns > TRACE_MAX_COPY ? NULL : next;
}

static bool is_in_trace(const struct trace *tr, const struct block *b) {
    for (uint32_t i = 0; i < tr->n_parts; i++)
        if (tr->parts[i] == b)
            return true;
    return false;
}

/* Without its last part, and without those before that would then run into their copy's successor:
 * a copy does not stand before the block that it would run into. */
static void shorten_trace(struct trace *tr) {
    do
        tr->n_insns -= tr->parts[--tr->n_parts]->n_insns;
    while (tr->n_parts > 1 && tr->parts[tr->n_parts - 1]->end == END_FALL);
}

/* A block and copies of what follows it, as far as that is certain or likely, and small. */
static struct trace grow_trace(const struct lowering *lo, const struct block *b) {
    struct trace tr = {.parts = {b}, .n_parts = 1, .n_insns = b->n_insns};
    for (;;) {
        uint32_t k = tr.n_parts - 1;
        const struct block *next = next_part(lo, &tr, k);
        if (!next || tr.n_parts == TRACE_PARTS || tr.n_insns + next->n_insns > TRACE_MAX_INSNS ||
            is_in_trace(&tr, next))
            break;
        tr.parts[tr.n_parts++] = next;
        tr.n_insns += next->n_insns;
    }
    if (tr.n_parts > 1 && tr.parts[tr.n_parts - 1]->end == END_FALL)
        shorten_trace(&tr);
    return tr;
}

/* Cuts in half until every part fits. */
static void lower_parts(struct lowering *lo, const struct block *b) {
    const struct trace alone = {
        .parts = {b},
        .likely = {(enum likely)program_insn(lo->program, b->rv_addr)->likely},
        .n_parts = 1,
        .n_insns = b->n_insns};
    if (lower_trace(lo, &alone))
        return;
    if (b->n_insns < 2)
        aot_die("%s at %s", lo->xl->error ? lo->xl->error : "does not fit",
                program_where(lo->program, b->rv_addr));
    struct block first = *b, rest = *b;
    first.n_insns = b->n_insns / 2;
    first.end = END_FALL;
    rest.n_insns -= first.n_insns;
    rest.rv_addr += 4 * first.n_insns;
    first.target = rest.rv_addr;
    first.live_out = program_insn(lo->program, rest.rv_addr)->live_in;
    lower_parts(lo, &first);
    lower_parts(lo, &rest);
}

static void lower_all(struct lowering *lo) {
    const struct program *p = lo->program;
    for (uint32_t i = 0; i < lo->out->n_pieces; i++) {
        free(lo->out->pieces[i].ops);
        free(lo->out->pieces[i].fixups);
    }
    lo->out->n_pieces = 0;
    for (uint32_t i = 0; i < p->n_blocks; i++) {
        struct trace tr = grow_trace(lo, &p->blocks[i]);
        while (tr.n_parts > 1 && !lower_trace(lo, &tr))
            shorten_trace(&tr);
        if (tr.n_parts == 1)
            lower_parts(lo, &p->blocks[i]);
    }
}

void lower_program(struct native_code *nc, const struct program *p, uint32_t flags,
                   uint32_t trace_runs) {
    struct lowering lo = {.program = p, .out = nc, .flags = flags, .trace_runs = trace_runs};
    lo.xl = aot_alloc(1, sizeof *lo.xl);
    lo.form = aot_alloc(1, sizeof *lo.form);
    if (!nc->pieces)
        nc->pieces = aot_alloc(p->n_insns, sizeof *nc->pieces);
    lower_all(&lo);
    edges_assume_early(nc, p);
    do
        lower_all(&lo);
    while (edges_withdraw_late(nc, p));
    free(lo.xl);
    free(lo.form);
}
