/* SPDX-License-Identifier: MIT
 * The guest interpreter (interp.h). One loop: fetch the aligned word, find its line in the decode
 * cache, read both source registers, jump to the handler, write back, commit. The handlers are
 * rv32.def's column EXECUTE, the ends that they share interp_ends.def. Written for the firmware,
 * where each basic block is scheduled by itself. So a line holds the handler's address (labels as
 * values, a GNU extension), the immediate, and register numbers and length packed so that a shift
 * brings them out (rdh and wrh look at the low five bits only); each handler ends with its own copy
 * of the write-back, which makes an arithmetic instruction three blocks (compare, dispatch,
 * handler); at most 12 variables live; everything unusual is in interp_slow.c. An instruction that
 * begins in one word and ends in the next has do_STRADDLE for a handler, which looks at the second
 * half and goes on to the real one. 27 to 35 native cycles an instruction on the project's guest
 * programs.
 *
 * Invariant: in->pc == pc of the instruction being executed until its commit; so events and device
 * functions may look at in->pc. */
#include "firmware/guest/interp_impl.h"
#include "translator/guest/values.h"

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
    in->code = (struct xl_window){0, 0};
    in->fault = (struct interp_fault){0};
    priv_reset(&in->priv);
}

/* What the lines need to know of interp_run_blocks: handlers by enum rv_op. */
struct labels {
    const void *const *handler_of;
    const void *straddle;
};

_Static_assert(RV_OP_COUNT <= 128, "a line's packed word has 7 bits for it");

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

/* How an instruction ends. WRITE and NEXT: it is complete, on to the next one. */
#define LENGTH (word >> 25)
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
/* The instruction is done but for its event, or a rare function has it done. */
#define END_WITH(event_)                                                                           \
    do {                                                                                           \
        event = (event_);                                                                          \
        goto done_with_event;                                                                      \
    } while (0)
#define SLOW(function)                                                                             \
    do {                                                                                           \
        event = (function);                                                                        \
        goto slow_done;                                                                            \
    } while (0)

/* Address of loads and stores, and true when it needs the slow path: misalignment makes the offset
 * huge. */
#define ADDR (a + imm)
#define IS_SLOW(size) (((ADDR - base) | (0u - (ADDR & ((size)-1u)))) >= data_bytes)
#define IS_TOHOST __builtin_expect(ADDR - in->tohost < INTERP_TOHOST_BYTES, 0)

/* rv32.def's column EXECUTE. A branch is arithmetic instead of a native branch that would often be
 * mispredicted. */
#define VALUE(x) WRITE(x)
#define COMPUTE(x) goto compute
#define LOAD(type)                                                                                 \
    if (IS_SLOW(sizeof(type)))                                                                     \
        goto load_slow;                                                                            \
    WRITE((uint32_t)(type)load_ram(&in->mem, ADDR, sizeof(type)))
#define STORE(type)                                                                                \
    if (IS_SLOW(sizeof(type)))                                                                     \
        goto store_slow;                                                                           \
    store_ram(&in->mem, ADDR, b, sizeof(type));                                                    \
    guest_note_store(gs, ADDR, (type)b, sizeof(type));                                             \
    if (IS_TOHOST)                                                                                 \
        goto tohost_stored;                                                                        \
    NEXT
#define BRANCH(x)                                                                                  \
    target = pc + LENGTH + (imm & (0u - (uint32_t)(x)));                                           \
    goto block_done
#define JUMP(x)                                                                                    \
    target = (x);                                                                                  \
    goto jump
#define NOTHING() NEXT
#define ATOMIC(x) goto atomic
#define ACCESS_CSR(x) goto access_csr
#define SYSTEM() return interp_slow_system(in)
#define WAIT()                                                                                     \
    if (priv_wfi_is_illegal(&in->priv))                                                            \
        return interp_slow_system(in);                                                             \
    END_WITH(INTERP_WFI)
#define EVENT(name) END_WITH(INTERP_##name)

static inline uint32_t load_ram(const struct guest_mem *mem, uint32_t addr, size_t bytes) {
    return bytes == 4   ? guest_load32(mem, addr)
           : bytes == 2 ? guest_load16(mem, addr)
                        : guest_load8(mem, addr);
}

static inline void store_ram(const struct guest_mem *mem, uint32_t addr, uint32_t value,
                             size_t bytes) {
    if (bytes == 4)
        guest_store32(mem, addr, value);
    else if (bytes == 2)
        guest_store16(mem, addr, (uint16_t)value);
    else
        guest_store8(mem, addr, (uint8_t)value);
}

/* Instructions until the limit or the end of RAM; 0: pc is outside. */
static COLD uint32_t insns_left(const struct interp *in, uint32_t pc, uint32_t max_insns) {
    const uint32_t offset = pc - guest_base(&in->mem);
    if (offset >= in->mem.bytes)
        return 0;
    const uint32_t left = (in->mem.bytes - offset) >> 2;
    if (left == 0)
        return 1; /* a half word is left */
    return left > max_insns ? max_insns : left;
}

#define UNPACK                                                                                     \
    do {                                                                                           \
        word = line->packed;                                                                       \
        rs1 = word >> 15;                                                                          \
        rs2 = word >> 20;                                                                          \
    } while (0)

/* How many instructions from pc on the guest may fetch, at most so many. */
static uint32_t fetchable(const struct interp *in, uint32_t pc, uint32_t max_insns) {
    const uint32_t at = pc - in->code.base, bytes = in->code.bytes;
    const uint32_t allowed = at < bytes ? (bytes - at) / 4 : 0;
    if (allowed == 0)
        return interp_may_fetch(in) ? 1 : 0;
    return allowed < max_insns ? allowed : max_insns;
}

/* Equal ends of handlers are not to be merged: each is scheduled together with its handler. */
__attribute__((optimize("no-crossjumping"))) enum interp_event
interp_run_blocks(struct interp *in, uint32_t max_insns, uint32_t max_blocks) {
    static const void *const handler_of[RV_OP_COUNT] = {
        [RV_ILLEGAL] = &&do_ILLEGAL,
#define RV(NAME, ...) [RV_##NAME] = &&do_##NAME,
#include "translator/guest/rv32.def"
#undef RV
    };
    static const struct labels labels = {handler_of, &&do_STRADDLE};
    struct guest_state *const gs = in->gs;
    const uint32_t base = guest_base(&in->mem);
    uint32_t pc = in->pc;
    enum interp_event event;

    if (in->priv.checks_fetch) {
        max_insns = fetchable(in, pc, max_insns);
        max_blocks = 1;
        if (max_insns == 0)
            return interp_fetch_fault(in);
    }
    /* 0: all data accesses take the slow path, which checks them */
    const uint32_t data_bytes = in->priv.checks_data ? 0 : in->mem.bytes;
    /* a block that starts below this cannot run over the end of RAM */
    const uint32_t safe_bytes = max_insns < in->mem.bytes / 4 ? in->mem.bytes - 4 * max_insns : 0;

    struct interp_line *line;
    uint32_t left; /* instructions to the end of RAM or the limit */
    uint32_t raw, word, rs1, rs2, imm, a, b, target;
    uintptr_t handler;
block:
    left = max_insns;
    if (__builtin_expect(pc - base >= safe_bytes, 0)) {
        left = insns_left(in, pc, max_insns);
        if (left == 0)
            return interp_fetch_fault(in);
    }
    line = interp_line_of(in, pc);
fetch:
    raw = guest_load32(&in->mem, pc & ~3u);
    UNPACK;
    if (line->raw != raw) {
        refill(in, &labels);
        UNPACK;
    }
    handler = (uintptr_t)(intptr_t)line->handler;
    imm = line->imm;
    __asm__ volatile("" : "+r"(handler)); /* loaded before the registers are read */
    handler += (uintptr_t) && do_ILLEGAL;
    a = greg_read(gs, rs1);
    b = greg_read(gs, rs2);
    goto *(const void *)handler;

#define RV(NAME, mnemonic, match, mask, FORMAT, EXECUTE, LIFT) do_##NAME : EXECUTE;
#include "translator/guest/rv32.def"
#undef RV
#define END(label, ...)                                                                            \
    label:                                                                                         \
    __VA_ARGS__;
#include "firmware/guest/interp_ends.def"
#undef END
}
