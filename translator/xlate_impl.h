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
 * cycle and best slot where its operands are ready and unit and write port are free, gets its
 * register, and its word is written at once. Cycles are counted from 1, the block's first bundle;
 * bundle i is cycle i + 1. No part of this allocates memory or needs a library. */
#ifndef SELKIRK_TRANSLATOR_XLATE_IMPL_H
#define SELKIRK_TRANSLATOR_XLATE_IMPL_H

#include "machine.h"
#include "translator/guest/rv32.h"
#include "translator/ir/ir.h"
#include "translator/xlate.h"

#include "machine.h"

/* Which way a branch goes nearly always: the firmware's own branches are predicted by their layout.
 */
#define XL_LIKELY(cond) __builtin_expect(!!(cond), 1)
#define XL_UNLIKELY(cond) __builtin_expect(!!(cond), 0)

enum { XL_SLOTS = SLOT_COUNT, XL_MAX_FIXUPS = 32, XL_LOOK_AHEAD = 8 };
enum { XL_BANK_TEMPS = REG_NATIVE_COUNT / XL_SLOTS };
enum { XL_NO_BASE = XL_VALUES }; /* no value */
/* limits of regions that check themselves */
enum { XL_RECHECK_INSNS = 12, XL_RECHECK_BUNDLES = 96 };
enum { XL_CYCLES = XL_MAX_BUNDLES + XL_LOOK_AHEAD };

/* Who uses the registers how (docs/architecture.md section 4). */
struct xl_abi {
    uint8_t home_base;  /* home of xN is register home_base + N; x0 is register 0 */
    uint8_t temp_first; /* every register from here on is a temporary */
    uint8_t commits;    /* blocks commit before they leave */
    union {
        uint8_t n_temps[XL_SLOTS];
        uint32_t n_temps_word;
    };
    union {
        uint8_t temps[XL_SLOTS][XL_BANK_TEMPS];
        uint32_t temps_words[XL_SLOTS * XL_BANK_TEMPS / 4];
    };
    _Alignas(4) uint8_t homes[32]; /* register of xN, 0 for x0 and for those that do not exist */
};
extern const struct xl_abi xl_abi_guest, xl_abi_firmware;

/* A place that wants the address of a label, in bundles of this block. */
enum xl_fixup_kind {
    XL_FIX_BRANCH, /* B format: offset from the branch's own bundle to the label */
    XL_FIX_JUMP,   /* X format: bundle index of the label in CODE */
    XL_FIX_LI32,   /* the literal of li32: native byte address of the label */
    XL_FIX_LUI,    /* U format: native byte address >> XL_LOWER_BITS */
    XL_FIX_ADDI    /* I format: native byte address & XL_LOWER_MASK */
};
struct xl_fixup {
    uint8_t kind, slot; /* of the operation */
    uint16_t bundle;
    uint32_t label;
};

/* lui gives the upper bits of a constant, an addition the lower ones. */
enum { XL_LOWER_BITS = 32 - FORMAT_U_IMM_BITS, XL_LOWER_MASK = (1 << XL_LOWER_BITS) - 1 };

/* Data accesses of the block so far that are to be checked (front/rights.c), by what their
 * addresses are computed from. */
enum { RIGHTS_BASES = 16 };
struct rights_span {
    int32_t low, high; /* from the root on; equal: nothing */
};
struct rights_base {
    uint8_t root;  /* value */
    uint8_t value; /* root + delta, the latest of these */
    uint32_t delta;
    struct rights_span spans[2]; /* of loads, of stores (of both if their windows are the same) */
};
struct rights_notes {
    uint32_t n;       /* bases */
    uint32_t n_ins;   /* IR instructions that their checks will be */
    uint32_t n_tried; /* windows looked at, the first ones */
    bool is_denied;   /* one of the addresses is known, and not allowed */
    struct rights_base bases[RIGHTS_BASES];
};

/* Guest pcs in the code (front/baked.c): which IR instructions' constants are made of them, and
 * where they have gone. */
enum { XL_MAX_BAKED = 2 * XL_MAX_INSNS + 4 };
struct baked {
    uint32_t n, marks[IR_MAX_INS / 32];
    struct xl_note notes[XL_MAX_BAKED];
    struct xl_range range; /* the region's */
};

/* A region that checks itself, under way (front/recheck.c). */
struct recheck {
    struct xl_request body;                       /* the region without its check */
    uint32_t stage;                               /* enum xl_stage: the body's */
    bool is_checking;                             /* the body is ready, the check is being placed */
    struct xl_exit exits[XL_MAX_EXITS];           /* the body's, and ... */
    uint32_t code[XL_RECHECK_BUNDLES * XL_SLOTS]; /* ... its bundles */
};

/* What the next slice of a translation begins with. */
enum xl_stage { XL_LIFTS, XL_PLACES, XL_RECHECKS };

/* Order: what the inner loop uses is within the reach of a RISC-V load's offset. */
struct xl {
    struct ir_block ir;
    uint32_t flags; /* enum xl_flags */
    uint32_t random;
    uint32_t n_insns; /* guest instructions to commit; set before xl_finish when abi->commits */
    uint32_t next_pc; /* guest pc after the block */
    uint32_t n_bundles, n_ops, n_fixups, n_exits;
    const struct xl_abi *abi;
    uint32_t home_base, temp_first; /* abi's */
    const char *error;              /* why xl_finish said no */

    /* the translation under way */
    const struct xl_request *request;
    uint32_t stage; /* enum xl_stage */
    bool is_placing;
    uint32_t max_insns; /* of the block */
    uint32_t placed;    /* instructions of ir that the scheduler has placed */

    /* schedule: cycles */
    uint32_t end; /* earliest cycle the block may leave in; bundles after it are empty */
    uint32_t load_min, store_min; /* earliest cycle for the next of a kind */
    uint32_t ordered_min, csrr_min, rdh_min, wrh_min;
    uint32_t store_base,
        load_free; /* value; earliest cycle for a load that is apart from its stores */
    int32_t store_low, store_high;
    uint32_t close_a, close_b;          /* operands of the closing instruction */
    const struct ir_ins *first_closing; /* no instruction before it computes one of them */
    uint32_t twin_value, twin_reg,
        twin_ready;               /* one of them is in the branch slot's own bank, too */
    uint32_t over_end;            /* cycles by which a result may complete after the block's last */
    uint8_t drain[XL_LOOK_AHEAD]; /* by latency: the last bundle is this much later at least */
    uint32_t pack_mask;           /* slots that any operation takes besides its own */
    uint32_t temp_slots;          /* bit s: bank s has a free temporary */
    const uint8_t *pick;          /* slot of a set that is best to give away */
    union { /* by cycle, bit s: slot s is taken; and from XL_CYCLES on: a result of slot s completes
             */
        uint8_t taken[2 * XL_CYCLES];
        uint32_t taken_words[2 * XL_CYCLES / 4];
    };

    /* values: register, and first cycle its own slot may read it; of x0: 0 */
    uint8_t loc[XL_VALUES];
    uint8_t ready[XL_VALUES];

    /* registers */
    union { /* a write may issue from this cycle on */
        uint8_t last_read[64];
        uint32_t last_read_words[16];
    };
    union { /* rings */
        uint8_t free_temps[XL_SLOTS][XL_BANK_TEMPS];
        uint32_t free_temps_words[XL_SLOTS * XL_BANK_TEMPS / 4];
    };
    union {
        uint8_t free_first[XL_SLOTS];
        uint32_t free_first_word;
    };
    union {
        uint8_t free_count[XL_SLOTS];
        uint32_t free_count_word;
    };

    /* homes that are written last, by copies: another slot has the value, or instructions after the
     * definition still read the old one */
    uint32_t n_late, late_mask;
    uint8_t late_dst[32], late_value[32];

    uint32_t dead;  /* bit n: nobody reads register n after the block (ahead of time only) */
    uint32_t early; /* bit n: all slots may read register n in cycle 1 (ahead of time only) */
    struct xl_exit exits[XL_MAX_EXITS];
    struct xl_range range;
    struct xl_fixup fixups[XL_MAX_FIXUPS];
    _Alignas(16) uint32_t code[XL_CYCLES * XL_SLOTS]; /* bundle of cycle c at XL_SLOTS * c */
    struct form *form;          /* where the list of passes schedules to (sched/form.h) */
    struct rights_notes rights; /* empty between two blocks */
    struct baked baked;
    struct recheck recheck;
};

/* Requires: *xl was all zero before its first use. */
void xl_begin(struct xl *xl, const struct xl_abi *abi, uint32_t flags, uint32_t seed);

/* After xl_begin, if it is not to be the abi's own. */
void xl_set_over_end(struct xl *xl, uint32_t over_end);

/* What lift_insn did with an instruction. */
enum lift {
    LIFT_DONE,    /* ordinary instruction, in the block */
    LIFT_CONTROL, /* branch or jump: nothing emitted, the caller closes the block */
    LIFT_MANY,    /* several IR instructions: nothing emitted, lift_many does it */
    LIFT_REFUSED, /* system, csr, fence.i, markers, illegal: nothing emitted */
    LIFT_FULL     /* no room in the block: nothing emitted */
};
enum { LIFT_ROOM = 4 }; /* IR instructions that are left when an instruction is not LIFT_FULL */
enum lift lift_insn(struct ir_block *b, const struct rv_insn *insn, uint32_t pc);
/* The same, but the caller knows that there is room: one IR instruction at most, or LIFT_MANY. */
enum lift lift_in_room(struct ir_block *b, struct rv_fields insn, uint32_t pc);
/* The same of an instruction word. */
enum lift lift_word(struct ir_block *b, uint32_t word, uint32_t pc);
/* The instruction of a LIFT_MANY. LIFT_FULL unless there is room for it and XL_MAX_INSNS others;
 * in a block that is empty there is. */
enum lift lift_many(struct ir_block *b, const struct rv_insn *insn);
/* IR instructions that it becomes. */
uint32_t lift_ins_of(const struct rv_insn *insn);
/* The same, but loads and stores of more than a byte byte by byte (front/bytewise.c): LIFT_FULL if
 * there is no room for that and for insns_left others. */
enum lift lift_bytewise(struct ir_block *b, const struct rv_insn *insn, uint32_t pc,
                        uint32_t insns_left);
/* x[reg] = constant, folded like lui; the value. */
unsigned lift_const(struct ir_block *b, unsigned reg, uint32_t value);
/* IR branch of a guest conditional branch (RV_BEQ...). */
enum ir_op lift_branch_op(enum rv_op op);
/* Is value v known to be constant? Then *value. */
bool lift_known(const struct ir_block *b, unsigned v, uint32_t *value);
/* The block of a request as IR (front/block.c); XL_OK, XL_BAIL_FIRST_INSN or XL_BAIL_FETCH. */
enum xl_bail lift_block(struct xl *xl, const struct xl_request *rq, uint32_t max_insns);
/* The same, `work` instructions at a time, about: XL_MORE until it is done. */
void lift_begin(struct xl *xl, const struct xl_request *rq, uint32_t max_insns);
enum xl_bail lift_some(struct xl *xl, const struct xl_request *rq, uint32_t work);

/* The instruction at which lifting stopped. */
struct lift_stop {
    struct rv_fields insn;
    uint32_t length;
};
/* The next n instructions, from next_pc on, which need no care and are all within RAM, folded
 * (front/quick.c). LIFT_MANY: the next one does need care. */
enum lift lift_quickly(struct xl *xl, const struct guest_mem *mem, uint32_t n,
                       struct lift_stop *at);

/* XL_NOTE_PCS: a block begins; an instruction was lifted; IR instruction `ins` is one of them; and
 * when the block is in words, one is noted, all are. (front/baked.c) */
void baked_begin(struct xl *xl);
void baked_lifted(struct xl *xl, const struct rv_insn *insn, uint32_t n_before, uint32_t a,
                  uint32_t c);
void baked_mark(struct xl *xl, uint32_t ins);
void baked_note(struct xl *xl, uint32_t ins);
void baked_find(struct xl *xl);

/* A block whose accesses are checked begins: it becomes XL_RIGHTS_INSNS long at most. */
void rights_begin(struct xl *xl, uint32_t n_tried);
/* Notes the accesses among the block's IR instructions from the first on, all of one guest
 * instruction. Requires: rights_has_room. (front/rights.c) */
void rights_note(struct xl *xl, const struct xl_rights *rights, uint32_t first);
bool rights_has_room(const struct xl *xl);
/* Emits the checks of what was noted. */
void rights_emit(struct xl *xl, const struct xl_rights *rights);

/* Makes the bundle at `code` the stub of exit `number`. */
void xl_stub(uint32_t *code, uint32_t number);

/* A region that checks itself (front/recheck.c): what xl_start and xl_slice do with XL_RECHECK. */
void recheck_start(struct xl *xl);
enum xl_bail recheck_slice(struct xl *xl, uint32_t work, struct xl_result *res);
/* Guest code that it has lifted. */
uint32_t recheck_bytes(const struct xl *xl);

/* What the scheduler needs to know of an IR operation (sched/tables.c). */
struct sched_op {
    uint32_t opcode, slots, latency, kind;
};
/* Packed, so that one load gets it; the kind is on top. */
extern const uint32_t sched_word[IR_OP_COUNT + 1];
#define SCHED_WORD(opcode, slots, latency, kind)                                                   \
    ((uint32_t)(opcode) | (uint32_t)(slots) << 8 | (uint32_t)(latency) << 16 | SCHED_KIND(kind))
#define SCHED_KIND(kind) ((uint32_t)(kind) << 24)
static inline struct sched_op sched_unpack(uint32_t word) {
    return (struct sched_op){word & 255, word >> 8 & 255, word >> 16 & 255, word >> 24};
}
static inline struct sched_op sched_op_of(unsigned ir_op) {
    return sched_unpack(sched_word[ir_op]);
}
/* Schedules, allocates and encodes xl->ir, which it consumes. False: does not fit (too many bundles
 * or too few temporaries, xl->error): split the block. A block of one instruction always fits. */
bool xl_finish(struct xl *xl);
/* The same in slices (sched/fused.c), the first when xl->is_placing is false: places `work`
 * operations or the rest, or ends the block. XL_OK, XL_MORE, or XL_BAIL_SPACE: it does not fit. */
enum xl_bail sched_slice(struct xl *xl, uint32_t work);

/* Workstation only: 0 when the finished bundles obey the machine's rules from a block boundary on
 * to the next, else the first rule they break. Independent of the scheduler (sched/check.c). */
const char *xl_check(const struct xl *xl);

#endif
