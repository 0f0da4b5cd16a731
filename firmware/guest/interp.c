/* SPDX-License-Identifier: MIT
 * The guest interpreter (interp.h). One loop: fetch the aligned word, find its line in the decode
 * cache, read both source registers, jump to the handler, write back, commit. Written for the
 * firmware, where each basic block is scheduled by itself. So a line holds the handler's address
 * (labels as values, a GNU extension), the immediate, and register numbers and length packed so
 * that a shift brings them out (rdh and wrh look at the low five bits only); each handler ends with
 * its own copy of the write-back, which makes an arithmetic instruction three blocks (compare,
 * dispatch, handler); at most 12 variables live; everything unusual is in interp_slow.c. An
 * instruction that begins in one word and ends in the next has do_STRADDLE for a handler, which
 * looks at the second half and goes on to the real one. 24 to 30 native cycles an instruction on
 * the project's guest programs.
 *
 * Invariant: in->pc == pc of the instruction being executed until its commit; so events and device
 * functions may look at in->pc. */
#include "firmware/guest/interp_impl.h"

#include <stddef.h>

void interp_init(struct interp *in, struct guest_state *gs, const struct guest_mem *mem,
                 const struct interp_dev *dev, uint32_t pc) {
    in->pc = pc;
    in->tohost = 1;
    in->tohost_bytes = 0;
    in->gs = gs;
    in->mem = *mem;
    in->dev = dev;
    in->device_touches = 0;
    in->fault = (struct interp_fault){0};
    priv_reset(&in->priv);
}

/* What the lines need to know of interp_run_blocks: handlers by enum rv_op. */
struct labels {
    const void *const *handler_of;
    const void *straddle;
};

/* A handler as the lines keep it. */
static int32_t handler_offset(const struct labels *labels, const void *handler) {
    return (int32_t)((uintptr_t)handler - (uintptr_t)labels->handler_of[RV_ILLEGAL]);
}

static inline struct interp_straddle *straddle_of(struct interp *in, uint32_t pc) {
    return &in->straddles[pc / 4 % (INTERP_CACHE_LINES / 2)];
}

/* Fills the line of in->pc from the word that it begins in. */
static COLD void refill(struct interp *in, const struct labels *labels) {
    const uint32_t pc = in->pc, raw = guest_load32(&in->mem, pc & ~3u);
    struct interp_line *const line = interp_line_of(in, pc);
    struct rv_insn insn;
    uint32_t word = raw;

    if ((pc & 2u) != 0) {
        word = raw >> 16;
        if ((word & 3u) == 3u && interp_is_in_ram(in, pc + 2))
            word |= (uint32_t)guest_load16(&in->mem, pc + 2) << 16;
    }
    const enum rv_op op = rv_decode(word, &insn);
    line->raw = raw;
    line->imm = (uint32_t)insn.imm - ((rv_flags[op] & RVF_BRANCH) != 0 ? insn.length : 0u);
    line->packed = (uint32_t)insn.length << 25 | (uint32_t)insn.rs2 << 20 |
                   (uint32_t)insn.rs1 << 15 | (uint32_t)insn.rd << 7 | op;
    line->handler = handler_offset(labels, labels->handler_of[op]);
    if ((pc & 2u) != 0 && insn.length == 4) {
        *straddle_of(in, pc) = (struct interp_straddle){word >> 16, line->handler};
        line->handler = handler_offset(labels, labels->straddle);
    }
}

/* Division by RISC-V's rules: no traps. */
static uint32_t div_signed(uint32_t a, uint32_t b) {
    if (b == 0)
        return UINT32_MAX;
    if (b == UINT32_MAX)
        return 0u - a; /* also the overflow case */
    return (uint32_t)((int32_t)a / (int32_t)b);
}

static uint32_t rem_signed(uint32_t a, uint32_t b) {
    if (b == 0)
        return a;
    if (b == UINT32_MAX)
        return 0;
    return (uint32_t)((int32_t)a % (int32_t)b);
}

/* Equal ends of handlers are not to be merged: each is scheduled together with its handler. */
__attribute__((optimize("no-crossjumping"))) enum interp_event
interp_run_blocks(struct interp *in, uint32_t max_insns, uint32_t max_blocks) {
    static const void *const handler_of[RV_OP_COUNT] = {
        [RV_ILLEGAL] = &&do_ILLEGAL,
#define RV(NAME, mnemonic, match, mask, FORMAT, flags) [RV_##NAME] = &&do_##NAME,
#include "translator/guest/rv32.def"
#undef RV
    };
    static const struct labels labels = {handler_of, &&do_STRADDLE};
    struct guest_state *const gs = in->gs;
    const uint32_t base = guest_base(&in->mem);
    uint32_t pc = in->pc;
    enum interp_event event;

    if (in->priv.checks_fetch) {
        if (!interp_may_fetch(in))
            return interp_fetch_fault(in);
        max_insns = max_blocks = 1;
    }
    /* 0: all data accesses take the slow path, which checks them */
    const uint32_t data_bytes = in->priv.checks_data ? 0 : in->mem.bytes;
    /* a block that starts below this cannot run over the end of RAM */
    const uint32_t safe_bytes = max_insns < in->mem.bytes / 4 ? in->mem.bytes - 4 * max_insns : 0;

/* Address of loads and stores, and true when it needs the slow path: misalignment makes the offset
 * huge. */
#define ADDR (a + imm)
#define IS_SLOW(size) (((ADDR - base) | (0u - (ADDR & ((size)-1u)))) >= data_bytes)
#define IS_TOHOST __builtin_expect(ADDR - in->tohost < INTERP_TOHOST_BYTES, 0)
#define LENGTH (word >> 25)
/* The instruction is complete: on to the next one. */
#define NEXT                                                                                       \
    do {                                                                                           \
        pc += LENGTH;                                                                              \
        in->pc = pc;                                                                               \
        line = interp_line_of(in, pc);                                                             \
        guest_commit(gs);                                                                          \
        if (--left == 0)                                                                           \
            return INTERP_LIMIT;                                                                   \
        goto fetch;                                                                                \
    } while (0)
#define WRITE(result)                                                                              \
    do {                                                                                           \
        greg_write(gs, word >> 7, result);                                                         \
        NEXT;                                                                                      \
    } while (0)
/* Arithmetic instead of a native branch that would often be mispredicted. */
#define BRANCH_IF(condition)                                                                       \
    do {                                                                                           \
        target = pc + LENGTH + (imm & (0u - (uint32_t)(condition)));                               \
        goto block_done;                                                                           \
    } while (0)

    struct interp_line *line;
    uint32_t left; /* instructions to the end of RAM or the limit */
    uint32_t raw, word, rs1, rs2, imm, a, b, target;
    uintptr_t handler;
block:
    left = max_insns;
    if (__builtin_expect(pc - base >= safe_bytes, 0)) {
        left = (in->mem.bytes - (pc - base)) >> 2;
        if (pc - base >= in->mem.bytes)
            return interp_fetch_fault(in);
        if (left > max_insns)
            left = max_insns;
        if (left == 0)
            left = 1; /* a half word is left */
    }
    line = interp_line_of(in, pc);
fetch:
    raw = guest_load32(&in->mem, pc & ~3u);
    word = line->packed;
    rs1 = word >> 15;
    rs2 = word >> 20;
    if (line->raw != raw) {
        refill(in, &labels);
        word = line->packed;
        rs1 = word >> 15;
        rs2 = word >> 20;
    }
    handler = (uintptr_t)(intptr_t)line->handler;
    imm = line->imm;
    __asm__ volatile("" : "+r"(handler)); /* loaded before the registers are read */
    handler += (uintptr_t) && do_ILLEGAL;
    a = greg_read(gs, rs1);
    b = greg_read(gs, rs2);
    goto *(const void *)handler;

do_LUI:
    WRITE(imm);
do_AUIPC:
    WRITE(pc + imm);
do_ADDI:
    WRITE(a + imm);
do_ADD:
    WRITE(a + b);
do_XORI:
    WRITE(a ^ imm);
do_XOR:
    WRITE(a ^ b);
do_ORI:
    WRITE(a | imm);
do_OR:
    WRITE(a | b);
do_ANDI:
    WRITE(a & imm);
do_AND:
    WRITE(a & b);
do_SLTI:
    WRITE((int32_t)a < (int32_t)imm);
do_SLT:
    WRITE((int32_t)a < (int32_t)b);
do_SLTIU:
    WRITE(a < imm);
do_SLTU:
    WRITE(a < b);
do_SLLI:
    WRITE(a << (imm & 31u));
do_SLL:
    WRITE(a << (b & 31u));
do_SRLI:
    WRITE(a >> (imm & 31u));
do_SRL:
    WRITE(a >> (b & 31u));
do_SRAI:
    WRITE((uint32_t)((int32_t)a >> (imm & 31u)));
do_SRA:
    WRITE((uint32_t)((int32_t)a >> (b & 31u)));
do_SUB:
    WRITE(a - b);

do_LW:
    if (IS_SLOW(4))
        goto load_slow;
    WRITE(guest_load32(&in->mem, ADDR));
do_LBU:
    if (IS_SLOW(1))
        goto load_slow;
    WRITE(guest_load8(&in->mem, ADDR));
do_LB:
    if (IS_SLOW(1))
        goto load_slow;
    WRITE((uint32_t)(int32_t)(int8_t)guest_load8(&in->mem, ADDR));
do_LHU:
    if (IS_SLOW(2))
        goto load_slow;
    WRITE(guest_load16(&in->mem, ADDR));
do_LH:
    if (IS_SLOW(2))
        goto load_slow;
    WRITE((uint32_t)(int32_t)(int16_t)guest_load16(&in->mem, ADDR));
load_slow:
    event = interp_slow_load(in, ADDR);
    goto slow_done;

do_SW:
    if (IS_SLOW(4))
        goto store_slow;
    guest_store32(&in->mem, ADDR, b);
    guest_note_store(gs, ADDR, b, 4);
    if (IS_TOHOST)
        goto tohost_stored;
    NEXT;
do_SB:
    if (IS_SLOW(1))
        goto store_slow;
    guest_store8(&in->mem, ADDR, (uint8_t)b);
    guest_note_store(gs, ADDR, b & 0xffu, 1);
    if (IS_TOHOST)
        goto tohost_stored;
    NEXT;
do_SH:
    if (IS_SLOW(2))
        goto store_slow;
    guest_store16(&in->mem, ADDR, (uint16_t)b);
    guest_note_store(gs, ADDR, b & 0xffffu, 2);
    if (IS_TOHOST)
        goto tohost_stored;
    NEXT;
tohost_stored:
    event = interp_tohost_stored(in, ADDR);
    goto done_with_event;
store_slow:
    event = interp_slow_store(in, ADDR, b);
    if (event == INTERP_EXIT || event == INTERP_TOHOST || event == INTERP_PRIV)
        goto done_with_event;
    if (event != INTERP_LIMIT)
        return event;
do_FENCE:
    NEXT;

do_BEQ:
    BRANCH_IF(a == b);
do_BNE:
    BRANCH_IF(a != b);
do_BLT:
    BRANCH_IF((int32_t)a < (int32_t)b);
do_BGE:
    BRANCH_IF((int32_t)a >= (int32_t)b);
do_BLTU:
    BRANCH_IF(a < b);
do_BGEU:
    BRANCH_IF(a >= b);
do_JAL:
    target = pc + imm;
    goto jump;
do_JALR:
    target = ADDR & ~1u;
jump:
    greg_write(gs, word >> 7, pc + LENGTH);
block_done:
    pc = target;
    in->pc = pc;
    guest_commit(gs);
    if (--max_blocks == 0)
        return INTERP_BLOCK;
    goto block;

do_MUL:
    WRITE(a * b);
do_MULH:
    WRITE((uint32_t)(((int64_t)(int32_t)a * (int64_t)(int32_t)b) >> 32));
do_MULHSU:
    WRITE((uint32_t)(((int64_t)(int32_t)a * (int64_t)(uint64_t)b) >> 32));
do_MULHU:
    WRITE((uint32_t)(((uint64_t)a * (uint64_t)b) >> 32));
do_DIV:
    WRITE(div_signed(a, b));
do_DIVU:
    WRITE(b == 0 ? UINT32_MAX : a / b);
do_REM:
    WRITE(rem_signed(a, b));
do_REMU:
    WRITE(b == 0 ? a : a % b);

do_LR_W:
do_SC_W:
do_AMOSWAP_W:
do_AMOADD_W:
do_AMOXOR_W:
do_AMOAND_W:
do_AMOOR_W:
do_AMOMIN_W:
do_AMOMAX_W:
do_AMOMINU_W:
do_AMOMAXU_W:
    event = interp_slow_amo(in, a, b);
    goto slow_done;
do_CSRRW:
do_CSRRS:
do_CSRRC:
do_CSRRWI:
do_CSRRSI:
do_CSRRCI:
    event = interp_slow_csr(in, a);
slow_done:
    if (event == INTERP_LIMIT)
        WRITE(in->slow_result);
    if (event != INTERP_PRIV && event != INTERP_TOHOST)
        return event;
    greg_write(gs, word >> 7, in->slow_result);
    goto done_with_event;
do_FENCE_I:
    event = INTERP_FENCE_I;
    goto done_with_event;
do_WFI:
    if (priv_wfi_is_illegal(&in->priv))
        return interp_slow_system(in);
    event = INTERP_WFI;
    goto done_with_event;
do_ROI_BEGIN:
    event = INTERP_ROI_BEGIN;
    goto done_with_event;
do_ROI_END:
    event = INTERP_ROI_END;
    goto done_with_event;
do_MRET:
do_ECALL:
do_EBREAK:
do_ILLEGAL:
    return interp_slow_system(in);

do_STRADDLE:
    if (pc + 2 - base >= in->mem.bytes)
        return interp_trap(in, CAUSE_FETCH_ACCESS, pc + 2);
    if (guest_load16(&in->mem, pc + 2) != straddle_of(in, pc)->high) {
        refill(in, &labels);
        goto fetch;
    }
    handler = (uintptr_t)(intptr_t)straddle_of(in, pc)->handler + (uintptr_t) && do_ILLEGAL;
    goto *(const void *)handler;

done_with_event:
    in->pc = pc + LENGTH;
    guest_commit(gs);
    return event;
}
