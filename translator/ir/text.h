/* SPDX-License-Identifier: MIT
 * What printer, parser and verifier of the IR share: the operands of each kind of operation.
 *
 *   block 0x80000000
 *   %0 = const 0x12345 -> x5          dst after "->"
 *   %1 = add x6, %0
 *   %2 = lw x2, 8 -> x10
 *   sw x2, %2, -4                     no result
 *   none                              removed
 *   bne x10, 0, 0x80000040 taken      "taken": predicted so; 0: the value zero */
#ifndef SELKIRK_IR_TEXT_H
#define SELKIRK_IR_TEXT_H

#include "translator/ir/ir.h"

struct ir_shape {
    unsigned a : 1, b : 1, imm : 1, hex : 1;
    unsigned imm_bits : 5; /* signed field, 0: see imm_max */
    uint32_t imm_max;      /* 0: any */
};
extern const struct ir_shape ir_shapes[IRK_NONE + 1];

#endif
