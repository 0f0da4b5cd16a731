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

/* Entry values of x0..x31, as words: four registers at once. */
static const union {
    uint8_t bytes[32];
    uint32_t words[8];
} entry = {{0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
            16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31}};

void ir_begin(struct ir_block *b, uint32_t pc) {
    uint32_t *value = b->value_words;
    b->pc = pc;
    b->n = 0;
    b->no_fold = false;
    for (unsigned i = 0; i < 8; i++)
        value[i] = entry.words[i];
}
