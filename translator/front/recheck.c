/* SPDX-License-Identifier: MIT
 * Regions that check themselves, for guest code whose granule is stored into all the time
 * (firmware/cms/smc.h): their granule is not protected; each time such a region is entered it
 * compares its guest code with what was translated, and leaves by `exit XL_EXIT_STALE`, before
 * anything has happened, if they differ. The check is a block of its own, of ordinary IR:
 *
 *     x = (load code[0] ^ word 0) | (load code[1] ^ word 1) | ...
 *     leave unless x == 0
 *
 * It defines no guest register and commits 0 instructions. The body, translated as always, takes
 * the place of the stub of its likely exit, so the boundary rule (docs/architecture.md section 4)
 * makes the joint legal. A store ends the body: what it does to
 * the region's own code is then seen by the next region, which is entered through a check again. */
#include "translator/front/fetch.h"
#include "translator/xlate_impl.h"

/* Instructions from the request's pc on, up to and with the first store. */
static uint32_t insns_to_store(const struct xl_request *rq) {
    uint32_t limit = rq->max_insns < XL_RECHECK_INSNS ? rq->max_insns : XL_RECHECK_INSNS;
    uint32_t pc = rq->guest_pc, n = 0;
    while (n < limit && pc - rq->mem->base < rq->mem->bytes) {
        struct rv_insn insn;
        uint32_t at = pc - rq->mem->base;
        rv_decode(fetch_insn(rq->mem->ram + at, rq->mem->bytes - at), &insn);
        pc += insn.length;
        n++;
        if (insn.op == RV_SB || insn.op == RV_SH || insn.op == RV_SW)
            break;
    }
    return n;
}

/* The IR of the check of the words that have bytes of guest code from pc on. */
static void lift_check(struct xl *xl, const struct xl_request *rq, uint32_t guest_bytes) {
    struct ir_block *b = &xl->ir;
    uint32_t first = rq->guest_pc & ~3u, differences = 0;
    xl_begin(xl, &xl_abi_guest, rq->flags, rq->chaos_seed);
    ir_begin(b, rq->guest_pc);
    unsigned base = ir_emit(b, IR_CONST, 0, 0, 0, first);
    for (uint32_t at = first; at - rq->guest_pc + 3 < guest_bytes + 3; at += 4) {
        uint32_t word = *(const uint32_t *)(const void *)(rq->mem->ram + (at - rq->mem->base));
        unsigned is = ir_emit(b, IR_LW, 0, base, 0, at - first);
        unsigned was = ir_emit(b, IR_CONST, 0, 0, 0, word);
        unsigned x = ir_emit(b, IR_XOR, 0, is, was, 0);
        differences = at == first ? x : ir_emit(b, IR_OR, 0, differences, x, 0);
    }
    ir_emit_branch(b, IR_BNE, differences, 0, rq->guest_pc, false);
    xl->n_insns = 0;
    xl->next_pc = rq->guest_pc;
    xl->is_placing = false;
}

static void copy_words(uint32_t *to, const uint32_t *from, uint32_t n) {
    for (uint32_t i = 0; i < n; i++)
        to[i] = from[i];
}

/* Puts the body behind the check that is in xl. The check's last two bundles are the stubs of its
 * exits: stale, then the likely one. */
static void join(struct xl *xl, struct xl_result *res) {
    const struct xl_exit *exits = xl->recheck.exits;
    uint32_t body = xl->n_bundles - 1, stale = body - 1;
    uint32_t *code = &xl->code[XL_SLOTS];
    xl_stub(&code[stale * XL_SLOTS], XL_EXIT_STALE);
    copy_words(&code[body * XL_SLOTS], xl->recheck.code, res->n_bundles * XL_SLOTS);
    for (uint32_t i = 0; i < res->n_exits; i++) {
        xl->exits[i] = exits[i];
        xl->exits[i].stub_bundle = (uint16_t)(exits[i].stub_bundle + body);
        xl->exits[i].branch_bundle = (uint16_t)(exits[i].branch_bundle + body);
        xl->exits[i].commit_bundle = (uint16_t)(exits[i].commit_bundle + body);
    }
    if ((xl->flags & XL_NOTE_PCS) != 0) {
        for (uint32_t i = 0; i < xl->baked.n; i++)
            xl->baked.notes[i].bundle = (uint16_t)(xl->baked.notes[i].bundle + body);
        baked_note(xl, 0); /* the address of the guest code */
        res->n_baked = xl->baked.n;
    }
    res->n_bundles += body;
    res->n_ops += xl->n_ops;
    xl->end = res->n_bundles; /* xl_begin clears as far */
}

void recheck_start(struct xl *xl) {
    const struct xl_request *rq = xl->request;
    struct recheck *r = &xl->recheck;
    r->body = *rq;
    r->body.flags &= ~(uint32_t)XL_RECHECK;
    r->body.max_insns = insns_to_store(rq);
    r->is_checking = false;
    xl_start(xl, &r->body);
    r->stage = xl->stage;
    xl->request = rq;
    xl->stage = XL_RECHECKS;
}

uint32_t recheck_bytes(const struct xl *xl) {
    return xl->recheck.is_checking ? xl->range.bytes : xl->next_pc - xl->request->guest_pc;
}

/* The body is ready: it makes room for its check. */
static enum xl_bail begin_check(struct xl *xl, const struct xl_result *res) {
    struct recheck *r = &xl->recheck;
    if (res->n_bundles > XL_RECHECK_BUNDLES)
        return XL_BAIL_SPACE;
    for (uint32_t i = 0; i < res->n_exits; i++)
        r->exits[i] = res->exits[i];
    copy_words(r->code, xl_code(xl), res->n_bundles * XL_SLOTS);
    lift_check(xl, &r->body, res->ranges->bytes);
    r->is_checking = true;
    return XL_MORE;
}

static enum xl_bail place_check(struct xl *xl, uint32_t work, struct xl_result *res) {
    enum xl_bail why = sched_slice(xl, work);
    if (why != XL_OK)
        return why;
    if (xl->n_bundles + res->n_bundles > XL_MAX_BUNDLES)
        return XL_BAIL_SPACE;
    join(xl, res);
    res->rechecks = true;
    return XL_OK;
}

/* Ensures, with XL_OK: res->rechecks; the body has XL_RECHECK_INSNS instructions at most. */
enum xl_bail recheck_slice(struct xl *xl, uint32_t work, struct xl_result *res) {
    const struct xl_request *rq = xl->request;
    struct recheck *r = &xl->recheck;
    enum xl_bail why;
    xl->request = &r->body;
    if (r->is_checking) {
        why = place_check(xl, work, res);
    } else {
        xl->stage = r->stage;
        why = xl_slice(xl, work, res);
        r->stage = xl->stage;
        if (why == XL_OK)
            why = begin_check(xl, res);
    }
    xl->request = rq;
    xl->stage = XL_RECHECKS;
    return why;
}
