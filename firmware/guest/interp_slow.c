/* SPDX-License-Identifier: MIT
 * The interpreter's rare paths (interp_impl.h). */
#include "firmware/guest/interp_impl.h"
#include "translator/guest/values.h"
#include "rv32_values.h"

/* Fields of a line's packed word. */
static enum rv_op op_of(uint32_t packed) {
    return (enum rv_op)(packed & 0x7fu);
}

static uint32_t rs1_of(uint32_t packed) {
    return packed >> 15 & 31u;
}

static uint32_t length_of(uint32_t packed) {
    return packed >> 25;
}

/* The instruction being executed. */
static const struct interp_line *current(struct interp *in) {
    return interp_line_of(in, in->pc);
}

/* --- fetch */
/* Up to 4 bytes at any multiple of 2; what is outside RAM reads 0. */
static uint32_t fetch(const struct interp *in, uint32_t pc) {
    uint32_t word = 0;
    if ((pc & 1u) == 0 && interp_is_in_ram(in, pc))
        word = guest_load16(&in->mem, pc);
    if ((word & 3u) == 3u && interp_is_in_ram(in, pc + 2))
        word |= (uint32_t)guest_load16(&in->mem, pc + 2) << 16;
    return word;
}

static bool may_fetch_half(const struct interp *in, uint32_t pc) {
    return interp_is_in_ram(in, pc) && priv_may_access(&in->priv, pc, 2, PRIV_EXECUTE);
}

/* Address of the half word that cannot be fetched; 1: none. */
static uint32_t unfetchable(const struct interp *in) {
    const uint32_t pc = in->pc;
    if (!may_fetch_half(in, pc))
        return pc;
    if ((guest_load16(&in->mem, pc) & 3u) != 3u)
        return 1;
    return may_fetch_half(in, pc + 2) ? 1 : pc + 2;
}

COLD bool interp_may_fetch(const struct interp *in) {
    return unfetchable(in) == 1;
}

/* --- traps */
/* All of it, so that a refusal can say why. */
static void note_fault(struct interp *in, uint32_t cause, uint32_t tval, uint32_t reason) {
    in->fault.cause = cause;
    in->fault.pc = in->pc;
    in->fault.word = fetch(in, in->pc);
    in->fault.tval = tval;
    in->fault.reason = reason;
}

static bool has_handler(const struct interp *in) {
    return interp_is_in_ram(in, in->priv.mtvec & ~3u);
}

static void take(struct interp *in, uint32_t cause, uint32_t tval) {
    in->pc = priv_trap(&in->priv, cause, tval, in->pc);
    guest_commit_trap(in->gs);
}

static enum interp_event trap_because(struct interp *in, uint32_t cause, uint32_t tval,
                                      uint32_t reason) {
    note_fault(in, cause, tval, reason);
    if (!has_handler(in) || priv_trap_recurs(&in->priv, cause, tval, in->pc))
        return INTERP_FAULT;
    take(in, cause, tval);
    return INTERP_TRAP;
}

COLD enum interp_event interp_trap(struct interp *in, uint32_t cause, uint32_t tval) {
    return trap_because(in, cause, tval, INTERP_BECAUSE_CAUSE);
}

COLD enum interp_event interp_fetch_fault(struct interp *in) {
    const uint32_t pc = unfetchable(in);
    const int32_t denial = priv_denied_by(&in->priv, pc, 2, PRIV_EXECUTE);
    return trap_because(in, CAUSE_FETCH_ACCESS, pc,
                        interp_is_in_ram(in, pc) ? INTERP_BECAUSE_PMP + (uint32_t)denial
                                                 : INTERP_BECAUSE_CAUSE);
}

bool interp_interrupt(struct interp *in, uint32_t cause) {
    note_fault(in, cause, 0, INTERP_BECAUSE_CAUSE);
    if (!has_handler(in))
        return false;
    take(in, cause, 0);
    return true;
}

static enum interp_event illegal(struct interp *in) {
    return interp_trap(in, CAUSE_ILLEGAL, fetch(in, in->pc));
}

/* --- loads and stores */
static uint32_t access_bytes(enum rv_op op) {
    if (op == RV_LW || op == RV_SW)
        return 4;
    return op == RV_LH || op == RV_LHU || op == RV_SH ? 2 : 1;
}

static uint32_t extend(enum rv_op op, uint32_t value) {
    switch (op) {
    case RV_LB:
        return (uint32_t)(int32_t)(int8_t)value;
    case RV_LH:
        return (uint32_t)(int32_t)(int16_t)value;
    case RV_LBU:
        return value & 0xffu;
    case RV_LHU:
        return value & 0xffffu;
    default:
        return value;
    }
}

static bool may_access(const struct interp *in, uint32_t addr, uint32_t bytes,
                       enum priv_access access) {
    return !in->priv.checks_data || priv_may_access(&in->priv, addr, bytes, access);
}

/* The access fault of an access that PMP denies, or else of one that is outside RAM where it may
 * not be (reason). Its mtval is the address of the access, misaligned or not. */
static enum interp_event access_fault(struct interp *in, uint32_t addr, uint32_t bytes,
                                      enum priv_access access, uint32_t reason) {
    const int32_t denial =
        in->priv.checks_data ? priv_denied_by(&in->priv, addr, bytes, access) : PRIV_MAY;
    return trap_because(in, access == PRIV_READ ? CAUSE_LOAD_ACCESS : CAUSE_STORE_ACCESS, addr,
                        denial == PRIV_MAY ? reason : INTERP_BECAUSE_PMP + (uint32_t)denial);
}

/* All bytes of a misaligned access are in RAM and not denied. */
static bool may_misaligned(const struct interp *in, uint32_t addr, uint32_t bytes,
                           enum priv_access access) {
    return interp_is_in_ram(in, addr) && interp_is_in_ram(in, addr + bytes - 1) &&
           may_access(in, addr, bytes, access);
}

static void note_misaligned(struct interp *in) {
    if (in->misaligned != NULL)
        misaligned_add(in->misaligned, in->pc);
}

static enum interp_event load_bytewise(struct interp *in, enum rv_op op, uint32_t addr,
                                       uint32_t bytes) {
    uint32_t value = 0;
    if (in->priv.misaligned_traps)
        return interp_trap(in, CAUSE_LOAD_MISALIGNED, addr);
    note_misaligned(in);
    if (!may_misaligned(in, addr, bytes, PRIV_READ))
        return access_fault(in, addr, bytes, PRIV_READ, INTERP_BECAUSE_MISALIGNED);
    for (uint32_t n = 0; n < bytes; n++)
        value |= (uint32_t)guest_load8(&in->mem, addr + n) << (8 * n);
    in->slow_result = extend(op, value);
    return INTERP_LIMIT;
}

COLD enum interp_event interp_slow_load(struct interp *in, uint32_t addr) {
    const enum rv_op op = op_of(current(in)->packed);
    const uint32_t bytes = access_bytes(op);
    uint32_t value = 0;

    if ((addr & (bytes - 1u)) != 0)
        return load_bytewise(in, op, addr, bytes);
    if (!may_access(in, addr, bytes, PRIV_READ))
        return access_fault(in, addr, bytes, PRIV_READ, INTERP_BECAUSE_CAUSE);
    if (interp_is_in_ram(in, addr)) {
        value = guest_load32(&in->mem, addr & ~3u) >> (8 * (addr & 3u));
    } else {
        in->device_touches++;
        if (in->dev->load(in->dev->ctx, addr, bytes, &value) != INTERP_DEV_OK)
            return interp_trap(in, CAUSE_LOAD_ACCESS, addr);
    }
    in->slow_result = extend(op, value);
    return INTERP_LIMIT;
}

/* INTERP_TOHOST if the watched word is among the bytes that were stored to. */
static enum interp_event stored(struct interp *in, uint32_t addr, uint32_t bytes) {
    enum interp_event event = INTERP_LIMIT;
    if (addr + 3 - in->tohost >= INTERP_TOHOST_BYTES + 3) /* of at most 4 */
        return event;
    for (uint32_t n = 0; n < bytes; n++)
        if (addr + n - in->tohost < INTERP_TOHOST_BYTES) {
            in->tohost_bytes |= 1u << (addr + n - in->tohost);
            in->tohost_pc = in->pc;
            event = INTERP_TOHOST;
        }
    return event;
}

COLD enum interp_event interp_tohost_stored(struct interp *in, uint32_t addr) {
    return stored(in, addr, access_bytes(op_of(current(in)->packed)));
}

static enum interp_event store_bytes(struct interp *in, uint32_t addr, uint32_t bytes,
                                     uint32_t value) {
    for (uint32_t n = 0; n < bytes; n++) {
        const uint8_t byte = (uint8_t)(value >> (8 * n));
        guest_store8(&in->mem, addr + n, byte);
        guest_note_store(in->gs, addr + n, byte, 1);
    }
    return stored(in, addr, bytes);
}

static enum interp_event store_bytewise(struct interp *in, uint32_t addr, uint32_t bytes,
                                        uint32_t value) {
    if (in->priv.misaligned_traps)
        return interp_trap(in, CAUSE_STORE_MISALIGNED, addr);
    note_misaligned(in);
    if (!may_misaligned(in, addr, bytes, PRIV_WRITE))
        return access_fault(in, addr, bytes, PRIV_WRITE, INTERP_BECAUSE_MISALIGNED);
    return store_bytes(in, addr, bytes, value);
}

COLD enum interp_event interp_slow_store(struct interp *in, uint32_t addr, uint32_t value) {
    const uint32_t bytes = access_bytes(op_of(current(in)->packed));

    if ((addr & (bytes - 1u)) != 0)
        return store_bytewise(in, addr, bytes, value);
    if (!may_access(in, addr, bytes, PRIV_WRITE))
        return access_fault(in, addr, bytes, PRIV_WRITE, INTERP_BECAUSE_CAUSE);
    if (interp_is_in_ram(in, addr))
        return store_bytes(in, addr, bytes, value);
    if (bytes < 4)
        value &= (1u << (8 * bytes)) - 1u;
    in->device_touches++;
    switch (in->dev->store(in->dev->ctx, addr, bytes, value)) {
    case INTERP_DEV_OK:
        return INTERP_LIMIT;
    case INTERP_DEV_EVENT:
        return INTERP_PRIV;
    case INTERP_DEV_EXIT:
        return INTERP_EXIT;
    case INTERP_DEV_NONE:
        break;
    }
    return interp_trap(in, CAUSE_STORE_ACCESS, addr);
}

COLD enum interp_event interp_slow_compute(struct interp *in, uint32_t a, uint32_t b) {
    const struct interp_line *const line = current(in);
    in->slow_result = rv_value(op_of(line->packed), a, b, line->imm);
    return INTERP_LIMIT;
}

/* --- atomic instructions, in RAM only */
static uint32_t amo_value(enum rv_op op, uint32_t old, uint32_t b) {
    switch (op) {
    case RV_AMOADD_W:
        return old + b;
    case RV_AMOXOR_W:
        return old ^ b;
    case RV_AMOAND_W:
        return old & b;
    case RV_AMOOR_W:
        return old | b;
    case RV_AMOMIN_W:
        return (int32_t)old < (int32_t)b ? old : b;
    case RV_AMOMAX_W:
        return (int32_t)old > (int32_t)b ? old : b;
    case RV_AMOMINU_W:
        return old < b ? old : b;
    case RV_AMOMAXU_W:
        return old > b ? old : b;
    default: /* amoswap.w, sc.w */
        return b;
    }
}

/* Compares the value with the one that lr.w read, as QEMU does: a store in between that changes
 * nothing is not noticed, and stores of translations need not be watched. */
static bool may_store_conditionally(struct interp *in, uint32_t addr, uint32_t old) {
    const bool is_same =
        in->priv.is_reserved && in->priv.reserved_addr == addr && in->priv.reserved_value == old;
    in->priv.is_reserved = false;
    return is_same;
}

COLD enum interp_event interp_slow_amo(struct interp *in, uint32_t addr, uint32_t b) {
    const enum rv_op op = op_of(current(in)->packed);
    const bool is_lr = op == RV_LR_W, is_sc = op == RV_SC_W;
    const enum priv_access access = is_lr ? PRIV_READ : is_sc ? PRIV_WRITE : PRIV_READ_WRITE;

    if ((addr & 3u) != 0)
        return interp_trap(in, is_lr ? CAUSE_LOAD_MISALIGNED : CAUSE_STORE_MISALIGNED, addr);
    if (!interp_is_in_ram(in, addr) || !may_access(in, addr, 4, access))
        return access_fault(in, addr, 4, access, INTERP_BECAUSE_ATOMIC);
    const uint32_t old = guest_load32(&in->mem, addr);
    in->slow_result = old;
    if (is_lr) {
        in->priv.is_reserved = true;
        in->priv.reserved_addr = addr;
        in->priv.reserved_value = old;
        return INTERP_LIMIT;
    }
    if (is_sc) {
        in->slow_result = !may_store_conditionally(in, addr, old);
        if (in->slow_result != 0)
            return INTERP_LIMIT;
    }
    const uint32_t value = amo_value(op, old, b);
    guest_store32(&in->mem, addr, value);
    guest_note_store(in->gs, addr, value, 4);
    return stored(in, addr, 4);
}

/* --- CSRs */
enum { COUNTER_CYCLE = 0, COUNTER_TIME = 1, COUNTER_INSTRET = 2, COUNTER_HIGH = 0x80 };

static uint64_t counter_base(const struct interp *in, uint32_t which) {
    static const uint16_t names[3][2] = {{RV_CSR_CYCLE, RV_CSR_CYCLEH},
                                         {RV_CSR_TIME, RV_CSR_TIMEH},
                                         {RV_CSR_INSTRET, RV_CSR_INSTRETH}};
    uint32_t high, low;
    do {
        high = in->dev->read_csr(in->dev->ctx, (enum rv_csr)names[which][1]);
        low = in->dev->read_csr(in->dev->ctx, (enum rv_csr)names[which][0]);
    } while (high != in->dev->read_csr(in->dev->ctx, (enum rv_csr)names[which][1]));
    return (uint64_t)high << 32 | low;
}

static bool is_inhibited(const struct interp *in, uint32_t which) {
    return (in->priv.mcountinhibit >> which & 1u) != 0;
}

static struct guest_counter *counter_of(struct interp *in, uint32_t which) {
    return which == COUNTER_CYCLE ? &in->priv.cycle : &in->priv.instret;
}

static uint64_t joined(const uint32_t *words) {
    return (uint64_t)words[1] << 32 | words[0];
}

static void split(uint32_t *words, uint64_t value) {
    words[0] = (uint32_t)value;
    words[1] = (uint32_t)(value >> 32);
}

/* The next instruction is to find the counter at this value. The one that sets it is not counted;
 * its cycles, and those until that next instruction looks, are not known yet. */
static void counter_start(struct interp *in, uint32_t which, uint64_t value) {
    struct guest_counter *const c = counter_of(in, which);
    const uint64_t next = counter_base(in, COUNTER_INSTRET) + 1;
    split(c->value, value);
    if (which == COUNTER_INSTRET) {
        split(c->since, next);
    } else {
        split(c->since, counter_base(in, which));
        split(in->priv.cycle_starts_at, next);
    }
}

/* mcycle is looked at for the first time since it was set. */
static void start_cycle(struct interp *in, uint64_t now) {
    if (joined(in->priv.cycle_starts_at) == counter_base(in, COUNTER_INSTRET))
        split(in->priv.cycle.since, now);
    else
        in->priv.cycle_starts_at[1] = PRIV_STARTED;
}

static uint64_t counter_read(struct interp *in, uint32_t which) {
    if (which == COUNTER_TIME)
        return counter_base(in, which);
    struct guest_counter *const c = counter_of(in, which);
    if (is_inhibited(in, which))
        return joined(c->value);
    const uint64_t base = counter_base(in, which);
    if (which == COUNTER_CYCLE && in->priv.cycle_starts_at[1] != PRIV_STARTED)
        start_cycle(in, base);
    return joined(c->value) + base - joined(c->since);
}

/* A write to a half leaves the other one as it was before the instruction. */
static void counter_write(struct interp *in, uint32_t csr, uint32_t value) {
    const uint32_t which = csr & 3u;
    uint64_t now = counter_read(in, which);
    if ((csr & COUNTER_HIGH) != 0)
        now = (uint64_t)value << 32 | (uint32_t)now;
    else
        now = (now & ~(uint64_t)UINT32_MAX) | value;
    counter_start(in, which, now);
}

/* mcountinhibit: what stops has counted this instruction, what starts has not. */
static void inhibit_write(struct interp *in, uint32_t value) {
    const uint64_t cycle = counter_read(in, COUNTER_CYCLE);
    const uint64_t instret =
        counter_read(in, COUNTER_INSTRET) + (is_inhibited(in, COUNTER_INSTRET) ? 0 : 1);
    const uint32_t old = in->priv.mcountinhibit;
    in->priv.mcountinhibit = value & (MCOUNTINHIBIT_CY | MCOUNTINHIBIT_IR);
    if (((old ^ in->priv.mcountinhibit) & MCOUNTINHIBIT_CY) != 0)
        counter_start(in, COUNTER_CYCLE, cycle);
    if (((old ^ in->priv.mcountinhibit) & MCOUNTINHIBIT_IR) != 0)
        counter_start(in, COUNTER_INSTRET, instret);
}

enum { CSR_MIP = 0x344 };

/* These decide about interrupts and checks: the caller has to look. */
static bool is_privilege_csr(uint32_t csr) {
    enum { MSTATUS = 0x300, MIE = 0x304, PMP_FIRST = 0x3a0, PMP_LAST = 0x3bf };
    return csr == MSTATUS || csr == MIE || csr == CSR_MIP || (csr >= PMP_FIRST && csr <= PMP_LAST);
}

static uint32_t csr_new_value(enum rv_op op, uint32_t old, uint32_t operand) {
    switch (op) {
    case RV_CSRRS:
    case RV_CSRRSI:
        return old | operand;
    case RV_CSRRC:
    case RV_CSRRCI:
        return old & ~operand;
    default:
        return operand;
    }
}

COLD enum interp_event interp_slow_csr(struct interp *in, uint32_t a) {
    const struct interp_line *const line = current(in);
    const enum rv_op op = op_of(line->packed);
    const uint32_t csr = line->imm, rs1 = rs1_of(line->packed);
    const bool is_swap = op == RV_CSRRW || op == RV_CSRRWI;
    const bool is_write = is_swap || rs1 != 0;
    const uint32_t operand = rv_format[op] == RV_FORMAT_CSRI ? rs1 : a;
    uint32_t old;

    switch (priv_csr_check(&in->priv, csr, is_write)) {
    case PRIV_CSR_COUNTER:
        old = (uint32_t)(counter_read(in, csr & 3u) >> ((csr & COUNTER_HIGH) != 0 ? 32 : 0));
        if (is_write)
            counter_write(in, csr, csr_new_value(op, old, operand));
        break;
    case PRIV_CSR_PLAIN:
        if (csr == CSR_MIP && in->dev->read_mip != NULL)
            in->priv.mip = in->dev->read_mip(in->dev->ctx);
        old = priv_csr_read(&in->priv, csr);
        if (is_write)
            priv_csr_write(&in->priv, csr, csr_new_value(op, old, operand));
        break;
    case PRIV_CSR_INHIBIT:
        old = in->priv.mcountinhibit;
        if (is_write)
            inhibit_write(in, csr_new_value(op, old, operand));
        break;
    default:
        return illegal(in);
    }
    in->slow_result = old;
    return is_write && is_privilege_csr(csr) ? INTERP_PRIV : INTERP_LIMIT;
}

/* --- the rest */
/* As in QEMU the three instructions must lie in one page. */
static bool is_semihosting(struct interp *in) {
    enum { PAGE_MASK = 0xfff };
    const uint32_t pc = in->pc;
    const bool has_calls = in->priv.semihosting == PRIV_SEMIHOST_ALL ||
                           (in->priv.semihosting == PRIV_SEMIHOST_M && in->priv.mode == PRIV_M);
    return has_calls && ((pc - 4) ^ (pc + 4)) <= PAGE_MASK && length_of(current(in)->packed) == 4 &&
           fetch(in, pc - 4) == RV_SEMIHOST_ENTRY && fetch(in, pc + 4) == RV_SEMIHOST_EXIT;
}

COLD enum interp_event interp_slow_system(struct interp *in) {
    switch (op_of(current(in)->packed)) {
    case RV_ECALL:
        return interp_trap(in, in->priv.mode == PRIV_M ? CAUSE_ECALL_M : CAUSE_ECALL_U, 0);
    case RV_EBREAK:
        return is_semihosting(in) ? INTERP_SEMIHOST : interp_trap(in, CAUSE_BREAKPOINT, 0);
    case RV_MRET:
        if (in->priv.mode != PRIV_M)
            return illegal(in);
        in->pc = priv_mret(&in->priv);
        guest_commit(in->gs);
        return INTERP_PRIV;
    default:
        return illegal(in);
    }
}
