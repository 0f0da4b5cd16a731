/* SPDX-License-Identifier: MIT
 * Property tables of the IR's operations and the start of a block. */
#include "translator/ir/ir.h"

const uint8_t ir_kind[IR_OP_COUNT + 1] = {
#define IR(NAME, text, NATIVE, KIND, flags) [IR_##NAME] = IRK_##KIND,
#include "translator/ir/ir.def"
#undef IR
    [IR_NONE] = IRK_NONE,
};

const uint8_t ir_flags[IR_OP_COUNT + 1] = {
#define IR(NAME, text, NATIVE, KIND, flags) [IR_##NAME] = (flags),
#include "translator/ir/ir.def"
#undef IR
};

#define FOUR(n) (0x03020100u + (n)*0x01010101u) /* four bytes: n, n + 1, n + 2, n + 3 */

void ir_begin(struct ir_block *b, uint32_t pc) {
    b->pc = pc;
    b->n = 0;
    b->no_fold = false;
#pragma GCC unroll 8
    for (uint32_t i = 0; i < 8; i++) {
        b->value_words[i] = FOUR(4 * i);
        b->definition_words[i] = 0;
        b->uses_words[i] = 0;
    }
}
