/* SPDX-License-Identifier: MIT
 * What the scheduler needs of each IR operation, taken from the machine tables by the preprocessor.
 */
#include "translator/sched/slots.h"

enum {
#define OP(NAME, mnemonic, opcode, format, unit, slots, flags, semantics, description)             \
    LATENCY_OF_##NAME = UNIT_##unit##_LATENCY,
#include "rtl/machine/ops.def"
#undef OP
};

const uint32_t sched_word[IR_OP_COUNT + 1] = {
#define IR(NAME, text, NATIVE, KIND, flags)                                                        \
    [IR_##NAME] =                                                                                  \
        SCHED_WORD(VOP_##NATIVE##_OPCODE, SLOTS_OF_##NATIVE, LATENCY_OF_##NATIVE, IRK_##KIND),
#include "translator/ir/ir.def"
#undef IR
    [IR_NONE] = SCHED_WORD(VOP_NOP_OPCODE, 0, 0, IRK_NONE),
};

_Static_assert(CROSS_EXTRA_CYCLES == 1,
               "sched/place.h treats the first ready cycle alone as special");
_Static_assert(UNIT_MUL_LATENCY < XL_LOOK_AHEAD && UNIT_CSR_LATENCY < XL_LOOK_AHEAD &&
                   UNIT_JUMP_TABLE_LATENCY < XL_LOOK_AHEAD && UNIT_LOAD_SUB_LATENCY < XL_LOOK_AHEAD,
               "port[] is read this far ahead");

/* The temporaries of each bank. Register 47 is kept for the guest pc of indirect exits. */
#if SLOT_COUNT == 4
#define GUEST_TEMPS                                                                                \
    .n_temps = {8, 8, 8, 7}, .temps = {                                                            \
        {32, 36, 40, 44, 48, 52, 56, 60},                                                          \
        {33, 37, 41, 45, 49, 53, 57, 61},                                                          \
        {34, 38, 42, 46, 50, 54, 58, 62},                                                          \
        {35, 39, 43, 51, 55, 59, 63},                                                              \
    }
#define FIRMWARE_TEMPS                                                                             \
    .n_temps = {4, 4, 4, 4}, .temps = {                                                            \
        {48, 52, 56, 60},                                                                          \
        {49, 53, 57, 61},                                                                          \
        {50, 54, 58, 62},                                                                          \
        {51, 55, 59, 63},                                                                          \
    }
#elif SLOT_COUNT == 2
#define GUEST_TEMPS                                                                                \
    .n_temps = {16, 15}, .temps = {                                                                \
        {32, 34, 36, 38, 40, 42, 44, 46, 48, 50, 52, 54, 56, 58, 60, 62},                          \
        {33, 35, 37, 39, 41, 43, 45, 49, 51, 53, 55, 57, 59, 61, 63},                              \
    }
#define FIRMWARE_TEMPS                                                                             \
    .n_temps = {8, 8}, .temps = {                                                                  \
        {48, 50, 52, 54, 56, 58, 60, 62},                                                          \
        {49, 51, 53, 55, 57, 59, 61, 63},                                                          \
    }
#else
#error "no table of temporaries for this many slots"
#endif
_Static_assert(XL_INDIRECT_PC_REG == 47, "not among the guest's temporaries");

const struct xl_abi xl_abi_guest = {
    .home_base = 0,
    .temp_first = 32,
    .commits = 1,
    GUEST_TEMPS,
    .homes = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
              16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31},
};

const struct xl_abi xl_abi_firmware = {
    .home_base = 32,
    .temp_first = 48,
    .commits = 0,
    FIRMWARE_TEMPS,
    .homes = {0, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47},
};
