/* SPDX-License-Identifier: MIT
 * Pass edges: between pieces. The boundary rule (docs/architecture.md section 4) lets a home be
 * written so late that other slots than its own must wait one cycle after the boundary. Most homes
 * are not: a piece whose predecessors all wrote a home earlier, or come in through bubbles
 * (returns, jumps through registers, mispredicted branches, traps), may read it with any slot in
 * its first bundle.
 *
 * Schedules and these facts depend on each other. So the facts are assumed from one round of
 * schedules, and the next rounds take back what turned out wrong; assumptions only get fewer, so
 * this ends.
 */
#include "translator/aot/aot.h"

#include <stdlib.h>
#include "machine.h"
#include "translator/sched/slots.h"

/* Homes (bit n: x[n]) whose write completes in the last cycle the boundary rule allows. A piece
 * without bundles passes on what came in: maybe all. */
static uint16_t late_homes(const struct piece *piece) {
    uint16_t late = piece->n_bundles ? 0 : 0xffff;
    for (uint32_t i = 0; i < XL_SLOTS * piece->n_bundles; i++) {
        const struct vop_fields *f = &piece->ops[i];
        uint32_t home = f->rd - (REG_FW_HOME_FIRST - 1u);
        if (home < 16 && i / XL_SLOTS + vop_latency[f->op] >= piece->n_bundles)
            late |= (uint16_t)(1u << home);
    }
    return late;
}

static bool is_predicted_taken(const struct piece *piece) {
    return piece->ops[XL_SLOTS * (piece->n_bundles - 1) + BRANCH_SLOT].pred;
}

/* Adds `late` to what is late on the way to rv_addr. */
static void add_edge(const struct program *p, uint16_t *late_into, uint32_t rv_addr,
                     uint16_t late) {
    late_into[(rv_addr - p->base) / 4] |= late;
}

/* For each instruction: homes that are late on some way to it. */
static uint16_t *collect_late(const struct native_code *nc, const struct program *p) {
    uint16_t *late_into = aot_alloc(p->n_insns, sizeof *late_into);
    for (uint32_t i = 0; i < nc->n_pieces; i++) {
        const struct piece *piece = &nc->pieces[i];
        uint16_t late = late_homes(piece);
        switch (piece->end) {
        case END_FALL:
        case END_JUMP:
        case END_CALL:
            add_edge(p, late_into, piece->target, late);
            break;
        case END_BRANCH: /* the other way has bubbles */
            add_edge(p, late_into, is_predicted_taken(piece) ? piece->target : piece->fall, late);
            break;
        case END_JUMP_REG:
        case END_CALL_REG:
        case END_ENTER:
        case END_STOP:
            break;
        }
    }
    return late_into;
}

/* The first time all is assumed that the present schedules allow, and any home of blocks that are
 * only reached through bubbles. After that what the schedules, made with it, do not keep is taken
 * back. Returns how many homes of reached instructions are early. */
uint32_t aot_edges(struct aot *a) {
    const struct program *p = &a->program;
    uint16_t *late_into = collect_late(&a->code, p);
    uint32_t n_early = 0;
    a->again = !a->has_assumed;
    for (uint32_t i = 0; i < p->n_insns; i++) {
        struct aot_insn *insn = &p->insns[i];
        uint16_t assumed = a->has_assumed ? insn->early : 0xffff;
        insn->early = assumed & (uint16_t)~late_into[i];
        a->again |= a->has_assumed && insn->early != assumed;
        n_early += insn->is_leader ? (uint32_t)__builtin_popcount(insn->early) : 0;
    }
    a->has_assumed = true;
    free(late_into);
    return n_early;
}
