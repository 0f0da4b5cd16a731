/* SPDX-License-Identifier: MIT
 * Dead definitions, uses and slot hints: one pass over the block from the last instruction to the
 * first. An instruction keeps dst only if it is the register's last definition in the block and the
 * register is not known to be dead afterwards; others live in temporaries. A result that nobody reads and that is no last definition goes, unless the
 * operation has an effect. The first reader of a value (last seen here) says which slots would like
 * it. */
#include "translator/xlate_impl.h"

/* Requires: a checked block. Ensures: xl->uses and xl->hint of all values; removed instructions are
 * IR_NONE. Cost: linear. */
void opt_dead(struct xl *xl) {
    struct ir_block *b = &xl->ir;
    uint32_t seen = xl->dead;
    uint32_t *words = xl->uses_words;
    for (uint32_t i = 0; i < (IR_FIRST + b->n + 3) / 4; i++)
        words[i] = 0;
    for (uint32_t i = b->n; i-- > 0;) {
        struct ir_ins *in = &b->ins[i];
        uint32_t flags = ir_flags[in->op];
        uint8_t slots = sched_op[in->op].slots;
        if (flags & IRF_RESULT) {
            uint32_t bit = in->dst == 0 ? 0 : (uint32_t)1 << in->dst;
            if (seen & bit)
                in->dst = 0, bit = 0;
            seen |= bit;
            if (bit == 0 && xl->uses[IR_FIRST + i] == 0 && !(flags & IRF_EFFECT)) {
                in->op = IR_NONE;
                continue;
            }
            uint32_t home = (uint32_t)1 << (in->dst & 3);
            if (bit != 0 && (slots & home))
                slots = (uint8_t)home;
        }
        xl->uses[in->a]++;
        xl->uses[in->b]++;
        xl->hint[in->a] = slots;
        xl->hint[in->b] = slots;
    }
}
