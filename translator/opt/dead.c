/* SPDX-License-Identifier: MIT
 * Dead definitions, thoroughly: one pass over the block from the last instruction to the first. A
 * register that is known to be dead after the block (xl->dead) needs no definition, and a result
 * that nobody reads and that is no register's last definition goes, together with what only it
 * needed. The ahead-of-time translator runs it; gear 1 does not, because its blocks keep every
 * register alive and the scheduler itself leaves out what nobody reads. */
#include "translator/passes.h"

/* Requires: a checked block. Ensures: uses are right; removed instructions are IR_NONE. Cost:
 * linear. */
uint32_t pass_dead(struct pass_work *w) {
    const uint32_t dead = w->xl.dead;
    struct ir_block *b = &w->xl.ir;
    uint32_t n = 0;
    for (uint32_t i = b->n; i-- > 0;) {
        struct ir_ins *in = &b->ins[i];
        uint32_t flags = ir_flags[in->op];
        if ((flags & IRF_RESULT) == 0)
            continue;
        if (dead >> in->dst & 1)
            in->dst = 0;
        if (in->dst == 0 && b->uses[IR_FIRST + i] == 0 && (flags & IRF_EFFECT) == 0) {
            b->uses[in->a]--;
            b->uses[in->b]--;
            *in = (struct ir_ins){.op = IR_NONE};
            n++;
        }
    }
    return n;
}
