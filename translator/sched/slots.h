/* SPDX-License-Identifier: MIT
 * Which slots do what the scheduler asks for by name, from the machine tables. NAME_SLOTS is a set,
 * NAME_SLOT the number of the only one in it. */
#ifndef SELKIRK_SCHED_SLOTS_H
#define SELKIRK_SCHED_SLOTS_H

#include "machine.h"
#include "translator/xlate_impl.h"

enum {
#define UNIT(NAME, slots, latency, description) NAME##_SLOTS = (slots),
#include "rtl/machine/units.def"
#undef UNIT
};

enum {
#define OP(NAME, mnemonic, opcode, format, unit, slots, flags, semantics, description)             \
    SLOTS_OF_##NAME = (slots),
#include "rtl/machine/ops.def"
#undef OP
};

/* A slot writes registers of its own bank only. */
static inline uint32_t bank_of(uint32_t r) {
    return r % SLOT_COUNT;
}

/* One unit each: in one slot, and its operations in the same. */
#define ONLY_SLOT(NAME, unit)                                                                      \
    enum { NAME##_SLOT = __builtin_ctz(unit##_SLOTS) };                                            \
    _Static_assert(unit##_SLOTS == 1u << NAME##_SLOT, "the scheduler knows one such slot")
ONLY_SLOT(BRANCH, BRANCH);
ONLY_SLOT(STORE, STORE);
ONLY_SLOT(COMMIT, COMMIT);
ONLY_SLOT(WAIT, WAIT);
ONLY_SLOT(CSR, CSR);
ONLY_SLOT(DIV_START, DIV_START);
ONLY_SLOT(JUMP_TABLE, JUMP_TABLE);
#undef ONLY_SLOT

enum {
    INDIRECT_PC_SLOT = XL_INDIRECT_PC_REG % SLOT_COUNT,
    INDIRECT_PC_SLOTS = 1 << INDIRECT_PC_SLOT
};

#endif
