/* SPDX-License-Identifier: MIT
 * The guest interpreter (interp.h). One loop: fetch the word, find its decoded form in the cache,
 * read both source registers, dispatch, write back, commit. Written for the firmware, where each
 * basic block is scheduled by itself: sources are read before the dispatch so that they overlap
 * with it, the usual path has few blocks, and everything unusual is in functions of its own
 * (`slow_...`).
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
        in->cache[n].insn = (struct rv_insn){0};
    }
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

static COLD void refill(struct interp_line *line, uint32_t word) {
    line->word = word;
    rv_decode(word, &line->insn);
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

static uint32_t access_bytes(enum rv_op op) {
    if (op == RV_LW || op == RV_SW)
        return 4;
    return op == RV_LH || op == RV_LHU || op == RV_SH ? 2 : 1;
}

/* Slow paths return INTERP_LIMIT when the instruction's work is done and the loop may go on; a
 * value to write back is then in in->slow_result (a local variable with its address taken would
 * live in memory). */
static COLD enum interp_event slow_load(struct interp *in, const struct rv_insn *insn,
                                        uint32_t addr) {
    const enum rv_op op = (enum rv_op)insn->op;
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

static COLD enum interp_event slow_store(struct interp *in, const struct rv_insn *insn,
                                         uint32_t addr, uint32_t value) {
    const uint32_t bytes = access_bytes((enum rv_op)insn->op);

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
static COLD enum interp_event slow_csr(struct interp *in, const struct rv_insn *insn) {
    const enum rv_op op = (enum rv_op)insn->op;
    const uint32_t csr = (uint32_t)insn->imm;

    if (insn->rs1 != 0 || op == RV_CSRRW || op == RV_CSRRWI)
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

/* (pc / 4 % lines) * sizeof(line) with one operation less. */
static inline struct interp_line *line_of(struct interp *in, uint32_t pc) {
    const uint32_t offset =
        (pc & (4u * (INTERP_CACHE_LINES - 1))) * (sizeof(struct interp_line) / 4);
    return (struct interp_line *)((unsigned char *)in->cache + offset);
}

/* The switch has a default, for speed; the compiler is to report a missing operation all the same.
 */
#pragma GCC diagnostic error "-Wswitch-enum"

enum interp_event interp_run(struct interp *in, uint32_t max_insns) {
    struct guest_state *const gs = in->gs;
    const uint32_t base = in->mem.base;
    const uint32_t ram_bytes = in->mem.bytes;
    uint32_t pc = in->pc;
    uint32_t left = (ram_bytes - (pc - base)) >> 2; /* instructions to the end of RAM */
    enum interp_event event;

    if (((pc & 3u) | (uint32_t)(pc - base >= ram_bytes)) != 0)
        return fetch_fault(in);
    if (left > max_insns)
        left = max_insns;

/* Second operand of both arithmetic formats (rv32.h). */
#define Y (b + imm)
/* True when an access needs the slow path. One branch instead of two. */
#define IS_SLOW(bytes) ((((a + imm) & ((bytes)-1u)) | (uint32_t)(a + imm - base >= ram_bytes)) != 0)

    struct interp_line *line = line_of(in, pc);
    for (;;) {
        const uint32_t word = guest_load32(&in->mem, pc);
        if (line->word != word)
            refill(line, word);

        const struct rv_insn *const insn = &line->insn;
        const uint32_t rd = insn->rd;
        const uint32_t imm = (uint32_t)insn->imm;
        const uint32_t a = greg_read(gs, insn->rs1);
        const uint32_t b = greg_read(gs, insn->rs2);
        uint32_t result = 0;

        switch ((enum rv_op)insn->op) {
        case RV_LUI:
        case RV_ADDI:
        case RV_ADD:
            result = a + Y;
            break;
        case RV_SUB:
            result = a - b;
            break;
        case RV_SLLI:
        case RV_SLL:
            result = a << (Y & 31u);
            break;
        case RV_SRLI:
        case RV_SRL:
            result = a >> (Y & 31u);
            break;
        case RV_SRAI:
        case RV_SRA:
            result = (uint32_t)((int32_t)a >> (Y & 31u));
            break;
        case RV_SLTI:
        case RV_SLT:
            result = (int32_t)a < (int32_t)Y;
            break;
        case RV_SLTIU:
        case RV_SLTU:
            result = a < Y;
            break;
        case RV_XORI:
        case RV_XOR:
            result = a ^ Y;
            break;
        case RV_ORI:
        case RV_OR:
            result = a | Y;
            break;
        case RV_ANDI:
        case RV_AND:
            result = a & Y;
            break;
        case RV_AUIPC:
            result = pc + imm;
            break;

        case RV_LW:
            if (IS_SLOW(4))
                goto load_slow;
            result = guest_load32(&in->mem, a + imm);
            break;
        case RV_LBU:
            if (IS_SLOW(1))
                goto load_slow;
            result = guest_load8(&in->mem, a + imm);
            break;
        case RV_LB:
            if (IS_SLOW(1))
                goto load_slow;
            result = (uint32_t)(int32_t)(int8_t)guest_load8(&in->mem, a + imm);
            break;
        case RV_LHU:
            if (IS_SLOW(2))
                goto load_slow;
            result = guest_load16(&in->mem, a + imm);
            break;
        case RV_LH:
            if (IS_SLOW(2))
                goto load_slow;
            result = (uint32_t)(int32_t)(int16_t)guest_load16(&in->mem, a + imm);
            break;
        load_slow:
            event = slow_load(in, insn, a + imm);
            goto slow_done;

        case RV_SW:
            if (IS_SLOW(4))
                goto store_slow;
            guest_store32(&in->mem, a + imm, b);
            guest_note_store(gs, a + imm, b, 4);
            if (a + imm == in->tohost) {
                event = INTERP_TOHOST;
                goto done_with_event;
            }
            goto next;
        case RV_SB:
            if (IS_SLOW(1))
                goto store_slow;
            guest_store8(&in->mem, a + imm, (uint8_t)b);
            guest_note_store(gs, a + imm, b & 0xffu, 1);
            goto next;
        case RV_SH:
            if (IS_SLOW(2))
                goto store_slow;
            guest_store16(&in->mem, a + imm, (uint16_t)b);
            guest_note_store(gs, a + imm, b & 0xffffu, 2);
            goto next;
        store_slow:
            event = slow_store(in, insn, a + imm, b);
            if (event == INTERP_LIMIT)
                goto next;
            if (event == INTERP_EXIT)
                goto done_with_event;
            return event;

        case RV_BEQ:
            if (a == b)
                goto branch_taken;
            goto branch_done;
        case RV_BNE:
            if (a != b)
                goto branch_taken;
            goto branch_done;
        case RV_BLT:
            if ((int32_t)a < (int32_t)b)
                goto branch_taken;
            goto branch_done;
        case RV_BGE:
            if ((int32_t)a >= (int32_t)b)
                goto branch_taken;
            goto branch_done;
        case RV_BLTU:
            if (a < b)
                goto branch_taken;
            goto branch_done;
        case RV_BGEU:
            if (a >= b)
                goto branch_taken;
            goto branch_done;
        branch_taken:
            pc += imm - 4u;
        branch_done:
            pc += 4;
            if ((pc & 3u) != 0)
                return fault(in, INTERP_FAULT_FETCH_MISALIGNED, pc);
            in->pc = pc;
            guest_commit(gs);
            return INTERP_BLOCK;
        case RV_JAL:
            result = pc + imm;
            goto jump;
        case RV_JALR:
            result = (a + imm) & ~1u;
        jump:
            if ((result & 3u) != 0)
                return fault(in, INTERP_FAULT_FETCH_MISALIGNED, result);
            greg_write(gs, rd, pc + 4);
            in->pc = result;
            guest_commit(gs);
            return INTERP_BLOCK;

        case RV_MUL:
            result = a * b;
            break;
        case RV_MULH:
            result = (uint32_t)(((int64_t)(int32_t)a * (int64_t)(int32_t)b) >> 32);
            break;
        case RV_MULHSU:
            result = (uint32_t)(((int64_t)(int32_t)a * (int64_t)(uint64_t)b) >> 32);
            break;
        case RV_MULHU:
            result = (uint32_t)(((uint64_t)a * (uint64_t)b) >> 32);
            break;
        case RV_DIV:
            result = div_signed(a, b);
            break;
        case RV_DIVU:
            result = b == 0 ? UINT32_MAX : a / b;
            break;
        case RV_REM:
            result = rem_signed(a, b);
            break;
        case RV_REMU:
            result = b == 0 ? a : a % b;
            break;

        case RV_CSRRW:
        case RV_CSRRS:
        case RV_CSRRC:
        case RV_CSRRWI:
        case RV_CSRRSI:
        case RV_CSRRCI:
            event = slow_csr(in, insn);
        slow_done:
            if (event != INTERP_LIMIT)
                return event;
            result = in->slow_result;
            break;
        case RV_FENCE:
            goto next;
        case RV_FENCE_I:
            event = INTERP_FENCE_I;
            goto done_with_event;
        case RV_ROI_BEGIN:
            event = INTERP_ROI_BEGIN;
            goto done_with_event;
        case RV_ROI_END:
            event = INTERP_ROI_END;
            goto done_with_event;
        case RV_ECALL:
            return fault(in, INTERP_FAULT_ECALL, 0);
        case RV_EBREAK:
            return slow_ebreak(in);
        case RV_ILLEGAL:
            return illegal(in);
        case RV_OP_COUNT:
        default:
            __builtin_unreachable(); /* saves the range check */
        }
        greg_write(gs, rd, result);
    next:
        pc += 4;
        in->pc = pc;
        line = line_of(in, pc);
        guest_commit(gs);
        if (--left == 0)
            return INTERP_LIMIT;
    }

done_with_event:
    in->pc = pc + 4;
    guest_commit(gs);
    return event;
}
