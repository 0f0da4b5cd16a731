/* SPDX-License-Identifier: MIT
 * Schedules a block behind the closing branch of the one before as if there were no boundary
 * (superblocks of the ahead-of-time translator, which has the time). The branch becomes a side
 * exit: predicted not to be taken, so its way out has BRANCH_MISS_CYCLES bubbles. Reads the
 * scheduled form so far, adds to it.
 *
 * What the new block does may go to bundles before the branch, or into the branch's own, if nobody
 * at the exit can tell: results in temporaries, and homes that are dead there. Everything else
 * (stores, loads, control operations, homes that are live at the exit) stays behind it. Loads from
 * the stack are the exception: the frame is there whatever the branch does.
 *
 * What the old block did has issued by the time of the branch, and completes in the bubbles. */
#define SCHED_TO_FORM
#include "translator/sched/place.h"

enum { STACK_POINTER = 2 };

_Static_assert(UNIT_LOAD_SUB_LATENCY <= BRANCH_MISS_CYCLES &&
                   UNIT_MUL_LATENCY <= BRANCH_MISS_CYCLES &&
                   UNIT_CSR_LATENCY <= BRANCH_MISS_CYCLES &&
                   UNIT_HOME_READ_LATENCY <= BRANCH_MISS_CYCLES &&
                   CSR_SETTLE_CYCLES <= BRANCH_MISS_CYCLES + 1,
               "what is in flight at a side exit is there for all slots at its target");

/* From the bundles so far: when homes may be read, and when the block may leave. rd is 0 where an
 * operation has no result. */
static void find_state(struct xl *xl, const struct form *form) {
    uint32_t last = xl->end;
    for (uint32_t i = XL_SLOTS; i < (last + 1) * XL_SLOTS; i++) {
        const struct vop_fields *f = &form->at[i];
        uint32_t done = i / XL_SLOTS + vop_latency[f->op], home = f->rd - xl->home_base;
        if (f->rd == 0)
            continue;
        xl->end = later(xl->end, i / XL_SLOTS + xl->drain[vop_latency[f->op]]);
        if (home - 1 < 15 && xl->ready[home] < done)
            xl->ready[home] = (uint8_t)done;
    }
}

/* All temporaries are free, those first that may be written the earliest. */
static void free_all(struct xl *xl) {
    for (uint32_t bank = 0; bank < XL_SLOTS; bank++) {
        uint32_t n = xl->abi->n_temps[bank];
        uint8_t *ring = xl->free_temps[bank];
        for (uint32_t i = 0; i < n; i++) {
            uint8_t r = xl->abi->temps[bank][i];
            uint32_t k = i;
            for (; k > 0 && xl->last_read[ring[k - 1]] > xl->last_read[r]; k--)
                ring[k] = ring[k - 1];
            ring[k] = r;
        }
        xl->free_first[bank] = 0;
        xl->free_count[bank] = (uint8_t)n;
    }
    xl->temp_slots = SLOTS_ALL;
}

static void note_read(struct xl *xl, uint32_t r, uint32_t t) {
    xl->last_read[r] = (uint8_t)later(xl->last_read[r], t);
}

bool xl_go_on(struct xl *xl, struct form *form, uint32_t live_at_exit) {
    uint32_t t = xl->end;
    const struct vop_fields *branch = form_at(form, t, BRANCH_SLOT);
    if (branch->op == VOP_NOP)
        return false;
    note_read(xl, branch->rs1, t);
    note_read(xl, branch->rs2, t);
    find_state(xl, form);
    for (uint32_t n = 1; n < 16; n++)
        if (live_at_exit >> n & 1)
            note_read(xl, xl->home_base + n, t + 1);
    free_all(xl);
    xl->load_free = xl->load_min;
    xl->store_base = STACK_POINTER;
    xl->store_low = xl->store_high = 0;
    xl->load_min = xl->store_min = t + 1;
    xl->ordered_min = later(xl->ordered_min, t + 1);
    xl->rdh_min = later(xl->rdh_min, t + 1);
    xl->wrh_min = later(xl->wrh_min, t + 1);
    xl->n_late = xl->late_mask = 0;
    xl->n_ops += xl->ir.n;
    return sched_more(xl, form);
}
