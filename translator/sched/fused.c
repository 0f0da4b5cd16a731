/* SPDX-License-Identifier: MIT
 * Gear 1's way through the scheduler: words at once, in the same pass (write.h). */
#include "translator/sched/schedule.h"

void xl_stub(uint32_t *code, uint32_t number) {
    code[BRANCH_SLOT] = op_long(VOP_EXIT_OPCODE, 0, number);
}

bool xl_finish(struct xl *xl) {
    sched_begin(xl);
    sched_some(xl, XL_ALL);
    return sched_end(xl);
}

void sched_begin(struct xl *xl) {
    start(xl);
    begin_block(xl);
}

bool sched_some(struct xl *xl, uint32_t work) {
    place_some(xl, work);
    return xl->placed == xl->ir.n - 1 || xl->error != NULL;
}

bool sched_end(struct xl *xl) {
    return end_block(xl);
}
