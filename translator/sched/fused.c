/* SPDX-License-Identifier: MIT
 * Gear 1's way through the scheduler: words at once, in the same pass (write.h). */
#include "translator/sched/schedule.h"

void xl_stub(uint32_t *code, uint32_t number) {
    code[BRANCH_SLOT] = op_long(VOP_EXIT_OPCODE, 0, number);
}

bool xl_finish(struct xl *xl) {
    xl->is_placing = false;
    return sched_slice(xl, XL_ALL) == XL_OK;
}

/* One function, so that what is done in one piece needs no calls. */
enum xl_bail sched_slice(struct xl *xl, uint32_t work) {
    if (XL_LIKELY(!xl->is_placing)) {
        start(xl);
        begin_block(xl);
        xl->is_placing = true;
    }
    if (XL_LIKELY(xl->placed != xl->ir.n - 1)) {
        place_some(xl, work);
        if (XL_UNLIKELY(work != XL_ALL) && xl->error == NULL)
            return XL_MORE;
    }
    return end_block(xl) ? XL_OK : XL_BAIL_SPACE;
}
