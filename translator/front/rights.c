/* SPDX-License-Identifier: MIT
 * Loads and stores where the guest may not touch all of RAM (struct xl_rights). Each stays as it
 * is; before the block commits, one load of its own traps if any of them was outside the windows
 * that are looked at. So nothing waits for the answer, and what should not have happened is undone
 * like everything else that a trap finds on its way; the interpreter then does it exactly.
 *
 * Accesses with the same base (but for constants that were added to it) are one check of the span
 * that they cover:
 *
 *   ok = base + (low - window.base) <u window.bytes - (high - low) + 1
 *   lbu x0, XL_RIGHTS_TRAP(ok << 31)        ok is 1: in RAM, 0: in memory that no guest may read
 *
 * Windows go around the end of the address space, as the comparison does. Addresses that are
 * constants are looked at here and now. */
#include "machine.h"
#include "translator/xlate_impl.h"

enum { WINDOWS_TRIED = 2, RAM_BIT = 31 };
_Static_assert(MEM_GUEST_BASE == 1u << RAM_BIT, "ok << RAM_BIT is in RAM");
/* IR instructions of a check: two constants, addition, comparison, or; and what joins them */
enum { CHECK_INS = 5 * WINDOWS_TRIED };
_Static_assert(2 * (XL_MAX_INSNS + CHECK_INS) + LIFT_ROOM + 2 <= IR_MAX_INS,
               "front/block.c lets two instructions of a block be so many of the IR");

/* Value v is *root plus a constant, which is the result. */
static uint32_t find_root(const struct ir_block *b, uint32_t v, uint32_t *root) {
    uint32_t sum = 0;
    while (v >= IR_FIRST && b->ins[v - IR_FIRST].op == IR_ADDI) {
        sum += b->ins[v - IR_FIRST].imm;
        v = b->ins[v - IR_FIRST].a;
    }
    if (v >= IR_FIRST && b->ins[v - IR_FIRST].op == IR_CONST) {
        sum += b->ins[v - IR_FIRST].imm;
        v = 0;
    }
    *root = v;
    return sum;
}

static bool has(const struct xl_window *w, uint32_t at, uint32_t bytes) {
    return w->bytes >= bytes && at - w->base < w->bytes - bytes + 1;
}

static bool is_allowed(const struct xl_windows *ws, uint32_t at, uint32_t bytes) {
    for (uint32_t i = 0; i < ws->n; i++)
        if (has(&ws->at[i], at, bytes))
            return true;
    return false;
}

static struct rights_base *base_of(struct rights_notes *notes, uint32_t root) {
    struct rights_base *g = notes->bases, *end = g + notes->n;
    while (g != end && g->root != root)
        g++;
    if (g == end) {
        *g = (struct rights_base){.root = (uint8_t)root};
        notes->n++;
    }
    return g;
}

/* One access: `bytes` at value in->a plus in->imm. */
static void note(struct xl *xl, const struct xl_rights *rights, const struct ir_ins *in,
                 bool is_store, uint32_t bytes) {
    const struct xl_windows *ws = is_store ? &rights->stores : &rights->loads;
    if (ws->n == 0)
        return;
    uint32_t root, delta = find_root(&xl->ir, in->a, &root), at = delta + in->imm;
    if (root == 0) {
        xl->rights.is_denied |= !is_allowed(ws, at, bytes);
        return;
    }
    struct rights_base *g = base_of(&xl->rights, root);
    struct rights_span *span = &g->spans[is_store && !rights->are_same];
    int32_t low = (int32_t)at, high = low + (int32_t)bytes;
    g->value = in->a;
    g->delta = delta;
    if (span->low == span->high) {
        *span = (struct rights_span){low, high};
        xl->rights.n_ins += ws->n == 1 ? CHECK_INS / WINDOWS_TRIED : CHECK_INS;
        return;
    }
    span->low = low < span->low ? low : span->low;
    span->high = high > span->high ? high : span->high;
}

bool rights_has_room(const struct xl *xl) {
    return xl->rights.n < RIGHTS_BASES;
}

void rights_note(struct xl *xl, const struct xl_rights *rights, uint32_t first) {
    for (uint32_t i = first; i < xl->ir.n; i++) {
        const struct ir_ins *in = &xl->ir.ins[i];
        switch (in->op) {
        case IR_LB:
        case IR_LBU:
        case IR_SB:
            note(xl, rights, in, in->op == IR_SB, 1);
            break;
        case IR_LH:
        case IR_LHU:
        case IR_SH:
            note(xl, rights, in, in->op == IR_SH, 2);
            break;
        case IR_LW:
        case IR_SW:
            note(xl, rights, in, in->op == IR_SW, 4);
            break;
        default:
            break;
        }
    }
}

/* Is the span from value + low on in the window? A value that is 1 or 0. */
static uint32_t emit_is_in(struct ir_block *b, uint32_t value, uint32_t low, uint32_t bytes,
                           const struct xl_window *w) {
    if (w->bytes < bytes)
        return 0;
    uint32_t offset = ir_emit(b, IR_CONST, 0, 0, 0, low - w->base);
    uint32_t limit = ir_emit(b, IR_CONST, 0, 0, 0, w->bytes - bytes + 1);
    uint32_t at = ir_emit(b, IR_ADD, 0, value, offset, 0);
    return ir_emit(b, IR_SLTU, 0, at, limit, 0);
}

static uint32_t emit_check(struct ir_block *b, const struct rights_base *g,
                           const struct rights_span *span, const struct xl_windows *ws) {
    uint32_t bytes = (uint32_t)(span->high - span->low), low = (uint32_t)span->low - g->delta;
    uint32_t ok = emit_is_in(b, g->value, low, bytes, &ws->at[0]);
    for (uint32_t i = 1; i < ws->n && i < WINDOWS_TRIED; i++)
        ok = ir_emit(b, IR_OR, 0, ok, emit_is_in(b, g->value, low, bytes, &ws->at[i]), 0);
    return ok;
}

void rights_emit(struct xl *xl, const struct xl_rights *rights) {
    struct ir_block *b = &xl->ir;
    const struct xl_windows *lists[2] = {&rights->loads, &rights->stores};
    uint32_t all = 0, n = 0;
    for (uint32_t i = 0; i < xl->rights.n; i++)
        for (uint32_t k = 0; k < 2; k++) {
            const struct rights_base *g = &xl->rights.bases[i];
            if (g->spans[k].low == g->spans[k].high)
                continue;
            uint32_t ok = emit_check(b, g, &g->spans[k], lists[k]);
            all = n++ == 0 ? ok : ir_emit(b, IR_AND, 0, all, ok, 0);
        }
    if (n != 0 || xl->rights.is_denied) {
        if (xl->rights.is_denied)
            all = 0;
        uint32_t base = all != 0 ? ir_emit(b, IR_SLLI, 0, all, 0, RAM_BIT) : 0;
        ir_emit(b, IR_LBU, 0, base, 0, XL_RIGHTS_TRAP);
    }
}
