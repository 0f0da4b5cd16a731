/* SPDX-License-Identifier: MIT
 * The scheduled form: what stands between scheduling and encoding. Every operation of a region by
 * cycle and slot, with its registers and its immediate; nothing of it is encoded.
 *
 *   struct form form;                       // zeroed before its first use; 8 KB, the caller's
 *   sched_to_form(&xl, &form);              // IR -> form (sched/list.c), and behind a branch
 *   xl_go_on(&xl, &form, live);             // more of it (sched/go_on.c)
 *   emit_bundles(form_first(&form), n, w);  // form -> words (emit/encode.c)
 *
 * An operation is a struct vop_fields (machine_encode.h): op, rd as the number of a register, rs1,
 * rs2, a branch's prediction, the immediate as a number. Its place says cycle and slot. Rules:
 *   a free slot holds VOP_NOP and zeros;
 *   li32 has its 32-bit literal as imm; the next higher slot, whose word that is, holds VOP_NOP;
 *   what wants a label has imm 0 until the label is known (struct xl_fixup).
 * Cycles count from 1, the region's first bundle; bundle i is cycle i + 1. */
#ifndef SELKIRK_SCHED_FORM_H
#define SELKIRK_SCHED_FORM_H

#include "machine_encode.h"
#include "translator/xlate_impl.h"

_Static_assert(VOP_NOP == 0, "a zeroed form is empty");

struct form {
    uint32_t last; /* no cycle behind it holds anything */
    struct vop_fields at[XL_CYCLES * XL_SLOTS];
};

static inline struct vop_fields *form_at(struct form *form, uint32_t cycle, uint32_t slot) {
    return &form->at[cycle * XL_SLOTS + slot];
}

/* Bundle 0: its four operations, those of the bundles after it follow. */
static inline const struct vop_fields *form_first(const struct form *form) {
    return &form->at[XL_SLOTS];
}

/* Cost: by what is in it. */
static inline void form_clear(struct form *form) {
    for (uint32_t i = 0; i < (form->last + 1) * XL_SLOTS; i++)
        form->at[i] = (struct vop_fields){VOP_NOP, 0, 0, 0, 0, 0};
    form->last = 0;
}

/* Schedules xl->ir into an empty form by the rules of sched/schedule.h; otherwise as xl_finish. */
bool sched_to_form(struct xl *xl, struct form *form);

/* The form ends with a branch predicted not to be taken, and xl->ir is now the block behind it.
 * live_at_exit, bit n: somebody reads register n where that branch goes to. After the last block
 * xl_set_over_end's limit must hold; before, it may be what it likes. */
bool xl_go_on(struct xl *xl, struct form *form, uint32_t live_at_exit);

/* The part of sched_to_form that places xl->ir; the state of the schedule is there already. */
bool sched_more(struct xl *xl, struct form *form);

/* Words of n bundles from their operations (emit/encode.c). */
void emit_bundles(const struct vop_fields *ops, uint32_t n_bundles, uint32_t *words);

#endif
