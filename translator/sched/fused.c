/* SPDX-License-Identifier: MIT
 * Gear 1's way through the scheduler: words at once, in the same pass (write.h). */
#include "translator/sched/schedule.h"

void xl_stub(uint32_t *code, uint32_t number) {
    code[BRANCH_SLOT] = op_long(VOP_EXIT_OPCODE, 0, number);
}

bool xl_finish(struct xl *xl) {
    start(xl);
    return sched_block(xl);
}
