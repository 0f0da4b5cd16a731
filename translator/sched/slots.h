/* SPDX-License-Identifier: MIT
 * Which slots do what the scheduler asks for by name, from the machine tables. */
#ifndef SELKIRK_SCHED_SLOTS_H
#define SELKIRK_SCHED_SLOTS_H

#include "machine.h"
#include "translator/xlate_impl.h"

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

/* Units that are in one slot only: NAME_SLOT, and NAME_SLOTS as a set. */
#define ONLY_SLOT(NAME)                                                                            \
    enum { NAME##_SLOT = UNIT_##NAME##_SLOT, NAME##_SLOTS = UNIT_##NAME##_SLOTS };                 \
    _Static_assert(UNIT_##NAME##_SLOTS == 1u << UNIT_##NAME##_SLOT, "the scheduler knows one")
ONLY_SLOT(BRANCH);
ONLY_SLOT(STORE);
ONLY_SLOT(COMMIT);
ONLY_SLOT(WAIT);
ONLY_SLOT(CSR);
ONLY_SLOT(DIV_START);
ONLY_SLOT(JUMP_TABLE);
#undef ONLY_SLOT

enum {
    INDIRECT_PC_SLOT = XL_INDIRECT_PC_REG % SLOT_COUNT,
    INDIRECT_PC_SLOTS = 1 << INDIRECT_PC_SLOT
};

#endif
