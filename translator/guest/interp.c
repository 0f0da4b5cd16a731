/* SPDX-License-Identifier: MIT
 * The guest interpreter (interp.h). One loop: fetch the word, find its line in the decode cache,
 * read both source registers, jump to the handler, write back, commit. Written for the firmware,
 * where each basic block is scheduled by itself. So a line holds the handler's address (labels as
 * values, a GNU extension) and the immediate; register numbers come from the word, because rdh and
 * wrh look at the low five bits only; each handler ends with its own copy of the write-back, which
 * makes an arithmetic instruction three blocks (compare, dispatch, handler); at most 12 variables
 * live; everything unusual is in functions of its own (`slow_...`). 26 to 32 native cycles an
 * instruction on the project's guest programs.
 *
 * Invariant: in->pc == pc of the instruction being executed until its commit; so events and device
 * functions may look at in->pc. */
#include "translator/guest/interp.h"

#include <stddef.h>

#define COLD __attribute__((noinline, cold))

static const char *const fault_text[INTERP_FAULT_COUNT] = {
#define F(NAME, text) [INTERP_FAULT_##NAME] = text,
    INTERP_FAULTS(F)
#undef F
};

const char *interp_fault_text(enum interp_fault_kind kind) {
    return (unsigned)kind < INTERP_FAULT_COUNT ? fault_text[kind] : "unknown fault";
}

void interp_init(struct interp *in, struct guest_state *gs, const struct guest_mem *mem,
                 const struct interp_dev *dev, uint32_t pc) {
    in->pc = pc;
    in->tohost = 1;
    in->gs = gs;
    in->mem = *mem;
    in->dev = dev;
    in->device_touches = 0;
    in->fault = (struct interp_fault){INTERP_FAULT_NONE, 0, 0, 0};
    for (uint32_t n = 0; n < INTERP_CACHE_LINES; n++) {
        in->cache[n].word = 0;
        in->cache[n].op = RV_ILLEGAL;
    }
    (void)interp_run_blocks(in, 0, 0);
}

static bool is_in_ram(const struct interp *in, uint32_t addr) {
    return addr - in->mem.base < in->mem.bytes;
}

static COLD enum interp_event fault(struct interp *in, enum interp_fault_kind kind, uint32_t addr) {
    in->fault.kind = kind;
    in->fault.pc = in->pc;
    in->fault.word = 0;
    in->fault.addr = addr;
    if (kind != INTERP_FAULT_FETCH_ACCESS && (in->pc & 3u) == 0)
        in->fault.word = guest_load32(&in->mem, in->pc);
    return INTERP_FAULT;
}

static COLD void refill(struct interp_line *line, uint32_t word, const void *const *handler_of) {
    struct rv_insn insn;
    line->op = rv_decode(word, &insn);
    if (insn.length != 4)
        line->op = RV_ILLEGAL;
    line->word = word;
    line->imm = (uint32_t)insn.imm;
    line->handler = handler_of[line->op];
}

static COLD enum interp_event fetch_fault(struct interp *in) {
    const bool is_misaligned = (in->pc & 3u) != 0;
    return fault(in, is_misaligned ? INTERP_FAULT_FETCH_MISALIGNED : INTERP_FAULT_FETCH_ACCESS,
                 in->pc);
}

static COLD enum interp_event illegal(struct interp *in) {
    const uint32_t word = guest_load32(&in->mem, in->pc);
    return fault(in, (word & 3u) == 3u ? INTERP_FAULT_ILLEGAL : INTERP_FAULT_COMPRESSED, 0);
}

/* Only interp_run_blocks knows its labels: the lines of a new cache, which say that word 0 is
 * illegal, get theirs here. */
static COLD enum interp_event set_up(struct interp *in, const void *illegal_handler) {
    for (uint32_t n = 0; n < INTERP_CACHE_LINES; n++)
        in->cache[n].handler = illegal_handler;
    return INTERP_LIMIT;
}

/* (pc / 4 % lines) * sizeof(line) with one operation less. */
static inline struct interp_line *line_of(struct interp *in, uint32_t pc) {
    const uint32_t offset =
        (pc & (4u * (INTERP_CACHE_LINES - 1))) * (sizeof(struct interp_line) / 4);
    return (struct interp_line *)((unsigned char *)in->cache + offset);
}

/* The instruction being executed. */
static inline const struct interp_line *current(struct interp *in) {
    return line_of(in, in->pc);
}

static uint32_t access_bytes(enum rv_op op) {
    if (op == RV_LW || op == RV_SW)
        return 4;
    return op == RV_LH || op == RV_LHU || op == RV_SH ? 2 : 1;
}

/* Slow paths return INTERP_LIMIT when the instruction's work is done and the loop may go on; a
 * value to write back is then in in->slow_result (a local variable with its address taken would
 * live in memory). */
static COLD enum interp_event slow_load(struct interp *in, uint32_t addr) {
    const enum rv_op op = (enum rv_op)current(in)->op;
    const uint32_t bytes = access_bytes(op);
    uint32_t value = 0;

    if ((addr & (bytes - 1u)) != 0)
        return fault(in, INTERP_FAULT_LOAD_MISALIGNED, addr);
    in->device_touches++;
    if (in->dev->load(in->dev->ctx, addr, bytes, &value) != INTERP_DEV_OK)
        return fault(in, INTERP_FAULT_LOAD_ACCESS, addr);
    if (op == RV_LB)
        value = (uint32_t)(int32_t)(int8_t)value;
    else if (op == RV_LH)
        value = (uint32_t)(int32_t)(int16_t)value;
    else if (bytes < 4)
        value &= (1u << (8 * bytes)) - 1u;
    in->slow_result = value;
    return INTERP_LIMIT;
}

static COLD enum interp_event slow_store(struct interp *in, uint32_t addr, uint32_t value) {
    const uint32_t bytes = access_bytes((enum rv_op)current(in)->op);

    if ((addr & (bytes - 1u)) != 0)
        return fault(in, INTERP_FAULT_STORE_MISALIGNED, addr);
    if (bytes < 4)
        value &= (1u << (8 * bytes)) - 1u;
    in->device_touches++;
    switch (in->dev->store(in->dev->ctx, addr, bytes, value)) {
    case INTERP_DEV_OK:
        return INTERP_LIMIT;
    case INTERP_DEV_EXIT:
        return INTERP_EXIT;
    case INTERP_DEV_NONE:
        break;
    }
    return fault(in, INTERP_FAULT_STORE_ACCESS, addr);
}

/* Reads of the user counters only; csrrs and csrrc with x0 (or immediate 0) write nothing. */
static COLD enum interp_event slow_csr(struct interp *in) {
    const struct interp_line *const line = current(in);
    const enum rv_op op = (enum rv_op)line->op;
    const uint32_t csr = line->imm;
    const bool is_write = (line->word >> 15 & 31u) != 0 || op == RV_CSRRW || op == RV_CSRRWI;

    if (is_write)
        return fault(in, INTERP_FAULT_CSR, csr);
    switch (csr) {
    case RV_CSR_CYCLE:
    case RV_CSR_TIME:
    case RV_CSR_INSTRET:
    case RV_CSR_CYCLEH:
    case RV_CSR_TIMEH:
    case RV_CSR_INSTRETH:
        in->slow_result = in->dev->read_csr(in->dev->ctx, (enum rv_csr)csr);
        return INTERP_LIMIT;
    default:
        return fault(in, INTERP_FAULT_CSR, csr);
    }
}

static COLD enum interp_event slow_ebreak(struct interp *in) {
    const uint32_t pc = in->pc;
    const bool is_call = is_in_ram(in, pc - 4) && is_in_ram(in, pc + 4) &&
                         guest_load32(&in->mem, pc - 4) == RV_SEMIHOST_ENTRY &&
                         guest_load32(&in->mem, pc + 4) == RV_SEMIHOST_EXIT;
    return is_call ? INTERP_SEMIHOST : fault(in, INTERP_FAULT_EBREAK, 0);
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
    struct guest_state *const gs = in->gs;
    const uint32_t base = guest_base(&in->mem);
    const uint32_t ram_bytes = in->mem.bytes;
    /* a block that starts below this cannot run over the end of RAM */
    const uint32_t safe_bytes = max_insns < ram_bytes / 4 ? ram_bytes - 4 * max_insns : 0;
    uint32_t pc = in->pc;
    enum interp_event event;

    if (max_blocks == 0)
        return set_up(in, &&do_ILLEGAL);
    if ((pc & 3u) != 0)
        return fetch_fault(in);

/* Address of loads and stores, and true when it needs the slow path: misalignment makes the offset
 * huge. */
#define ADDR (a + imm)
#define IS_SLOW(size) (((ADDR - base) | (0u - (ADDR & ((size)-1u)))) >= ram_bytes)
/* The instruction is complete: on to the next one. */
#define NEXT                                                                                       \
    do {                                                                                           \
        pc += 4;                                                                                   \
        in->pc = pc;                                                                               \
        line = line_of(in, pc);                                                                    \
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
        target = pc + 4 + ((imm - 4) & (0u - (uint32_t)(condition)));                              \
        goto branch;                                                                               \
    } while (0)

    struct interp_line *line;
    uint32_t left; /* instructions to the end of RAM or the limit */
    uint32_t word, rs1, rs2, imm, a, b, target;
    const void *handler;
block:
    left = max_insns;
    if (__builtin_expect(pc - base >= safe_bytes, 0)) {
        if (pc - base >= ram_bytes)
            return fetch_fault(in);
        left = (ram_bytes - (pc - base)) >> 2;
        if (left > max_insns)
            left = max_insns;
    }
    line = line_of(in, pc);
fetch:
    word = guest_load32(&in->mem, pc);
    rs1 = word >> 15;
    rs2 = word >> 20;
    if (line->word != word)
        refill(line, word, handler_of);
    handler = line->handler;
    imm = line->imm;
    __asm__ volatile("" : "+r"(handler)); /* loaded before the registers are read */
    a = greg_read(gs, rs1);
    b = greg_read(gs, rs2);
    goto *handler;

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
    event = slow_load(in, ADDR);
    goto slow_done;

do_SW:
    if (IS_SLOW(4))
        goto store_slow;
    guest_store32(&in->mem, ADDR, b);
    guest_note_store(gs, ADDR, b, 4);
    if (ADDR == in->tohost) {
        event = INTERP_TOHOST;
        goto done_with_event;
    }
    NEXT;
do_SB:
    if (IS_SLOW(1))
        goto store_slow;
    guest_store8(&in->mem, ADDR, (uint8_t)b);
    guest_note_store(gs, ADDR, b & 0xffu, 1);
    NEXT;
do_SH:
    if (IS_SLOW(2))
        goto store_slow;
    guest_store16(&in->mem, ADDR, (uint16_t)b);
    guest_note_store(gs, ADDR, b & 0xffffu, 2);
    NEXT;
store_slow:
    event = slow_store(in, ADDR, b);
    if (event == INTERP_EXIT)
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
branch:
    if ((target & 3u) != 0)
        return fault(in, INTERP_FAULT_FETCH_MISALIGNED, target);
    goto block_done;
do_JAL:
    target = pc + imm;
    goto jump;
do_JALR:
    target = ADDR & ~1u;
jump:
    if ((target & 3u) != 0)
        return fault(in, INTERP_FAULT_FETCH_MISALIGNED, target);
    greg_write(gs, word >> 7, pc + 4);
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

do_CSRRW:
do_CSRRS:
do_CSRRC:
do_CSRRWI:
do_CSRRSI:
do_CSRRCI:
    event = slow_csr(in);
slow_done:
    if (event != INTERP_LIMIT)
        return event;
    WRITE(in->slow_result);
do_FENCE_I:
    event = INTERP_FENCE_I;
    goto done_with_event;
do_ROI_BEGIN:
    event = INTERP_ROI_BEGIN;
    goto done_with_event;
do_ROI_END:
    event = INTERP_ROI_END;
    goto done_with_event;
do_ECALL:
    return fault(in, INTERP_FAULT_ECALL, 0);
do_EBREAK:
    return slow_ebreak(in);
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
do_MRET:
do_WFI:
do_ILLEGAL:
    return illegal(in);

done_with_event:
    in->pc = pc + 4;
    guest_commit(gs);
    return event;
}
