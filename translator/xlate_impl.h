/* SPDX-License-Identifier: MIT
 * The translator's inside: working memory, and the stages that the ahead-of-time translator shares.
 *
 *   xl_begin(xl, &xl_abi_firmware, flags, seed);
 *   ir_begin(&xl->ir, pc);
 *   while (...) switch (lift_insn(&xl->ir, &insn, pc)) ...      // ordinary instructions
 *   ir_emit... the others, and exactly one closing instruction
 *   if (!xl_finish(xl)) split the block and do it again;         // schedule, allocate, encode
 *   copy xl->n_bundles bundles from xl_code(xl); resolve xl->fixups[0 .. n_fixups)
 *
 * xl_finish works in one pass over the IR in program order: each operation goes to the earliest
 * cycle and best slot where its operands are ready and unit and write port are free, gets its register,
 * and its word is written at once. Cycles are counted from 1, the block's first bundle; bundle i is cycle
 * i + 1. No part of this allocates memory or needs a library. */
#ifndef SELKIRK_TRANSLATOR_XLATE_IMPL_H
#define SELKIRK_TRANSLATOR_XLATE_IMPL_H

#include "translator/guest/rv32.h"
#include "translator/ir/ir.h"
#include "translator/xlate.h"

enum { XL_SLOTS = 4, XL_BANK_TEMPS = 8, XL_MAX_FIXUPS = 32, XL_LOOK_AHEAD = 8 };

/* Who uses the registers how (docs/architecture.md section 4). */
struct xl_abi {
    uint8_t home_base;  /* home of xN is register home_base + N; x0 is register 0 */
    uint8_t temp_first; /* every register from here on is a temporary */
    uint8_t commits;    /* blocks commit before they leave */
    uint8_t n_temps[XL_SLOTS];
    _Alignas(4) uint8_t temps[XL_SLOTS][XL_BANK_TEMPS];
};
extern const struct xl_abi xl_abi_guest, xl_abi_firmware;

/* A place that wants the address of a label, in bundles of this block. */
enum xl_fixup_kind {
    XL_FIX_BRANCH, /* B format: offset from the branch's own bundle to the label */
    XL_FIX_JUMP,   /* X format: bundle index of the label in CODE */
    XL_FIX_LI32,   /* whole word of `slot`: native byte address of the label */
    XL_FIX_LUI,    /* U format: native byte address >> 11 */
    XL_FIX_ADDI    /* I format: native byte address & 0x7ff */
};
struct xl_fixup {
    uint8_t kind, slot;
    uint16_t bundle;
    uint32_t label;
};

struct xl {
    struct ir_block ir;
    const struct xl_abi *abi;
    uint32_t flags; /* enum xl_flags */
    uint32_t random;
    uint32_t n_insns; /* guest instructions to commit */

    uint32_t n_bundles, n_ops, n_fixups;
    struct xl_fixup fixups[XL_MAX_FIXUPS];

    /* schedule */
    uint32_t top;       /* cycles below are cleared */
    uint32_t end;       /* earliest cycle the block may leave in */
    uint32_t load, store, ordered, csrw, wrh; /* cycle of the last such operation, 0: none */
    const char *error;  /* why xl_finish said no */
    uint8_t busy[XL_MAX_BUNDLES + XL_LOOK_AHEAD]; /* bit s: slot s is taken */
    uint8_t port[XL_MAX_BUNDLES + XL_LOOK_AHEAD]; /* bit s: a result of slot s completes here */

    /* values */
    _Alignas(4) uint8_t uses[IR_VALUES];  /* reads that are not scheduled yet */
    _Alignas(4) uint8_t loc[IR_VALUES];   /* register */
    _Alignas(4) uint8_t ready[IR_VALUES]; /* first cycle its own slot may read it */
    _Alignas(4) uint8_t hint[IR_VALUES];  /* slots that would like to read it */

    /* registers */
    _Alignas(4) uint8_t last_read[64]; /* last cycle it is read in */
    _Alignas(4) uint8_t free_temps[XL_SLOTS][XL_BANK_TEMPS]; /* ring */
    _Alignas(4) uint8_t free_first[XL_SLOTS];
    _Alignas(4) uint8_t free_count[XL_SLOTS];

    uint32_t n_late; /* definitions whose home is still read by later instructions */
    uint8_t late[32];

    _Alignas(16) uint32_t code[(XL_MAX_BUNDLES + XL_LOOK_AHEAD) * XL_SLOTS]; /* bundle of cycle c at 4c */
};

void xl_begin(struct xl *xl, const struct xl_abi *abi, uint32_t flags, uint32_t seed);

/* What lift_insn did with an instruction. */
enum lift {
    LIFT_DONE,    /* ordinary instruction, in the block */
    LIFT_CONTROL, /* branch or jump: nothing emitted, the caller closes the block */
    LIFT_REFUSED, /* system, csr, fence.i, markers, illegal: nothing emitted */
    LIFT_FULL     /* no room in the block: nothing emitted */
};
enum lift lift_insn(struct ir_block *b, const struct rv_insn *insn, uint32_t pc);
/* x[reg] = constant, folded like lui; the value. */
unsigned lift_const(struct ir_block *b, unsigned reg, uint32_t value);
/* IR branch of a guest conditional branch (RV_BEQ...). */
enum ir_op lift_branch_op(enum rv_op op);
/* Is value v known to be constant? Then *value. */
bool lift_known(const struct ir_block *b, unsigned v, uint32_t *value);

/* Schedules, allocates and encodes xl->ir, which it consumes. False: does not fit (too many bundles or
 * too few temporaries, xl->error): split the block. A block of one instruction always fits. */
bool xl_finish(struct xl *xl);

/* Workstation only: 0 when the finished bundles obey the machine's rules from a block boundary on to
 * the next, else the first rule they break. Independent of the scheduler (sched/check.c). */
const char *xl_check(const struct xl *xl);

#endif
