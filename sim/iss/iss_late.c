/* SPDX-License-Identifier: MIT
 * ISS: operations and events off the fast path: control registers, wrh, division, jtl, traps, mode
 * changes.
 */
#include "sim/iss/iss.h"

uint32_t iss_divide(enum vop op, uint32_t a, uint32_t b) {
    bool overflows = a == 0x80000000u && b == 0xffffffffu;
    switch (op) {
    case VOP_DIV:
        return b == 0 ? 0xffffffffu : overflows ? a : (uint32_t)((int32_t)a / (int32_t)b);
    case VOP_DIVU:
        return b == 0 ? 0xffffffffu : a / b;
    case VOP_REM:
        return b == 0 ? a : overflows ? 0 : (uint32_t)((int32_t)a % (int32_t)b);
    default:
        return b == 0 ? a : a % b;
    }
}

/* wrh takes its slot's write port whether the slot owns the home or not. */
static void write_home(struct iss *c, const struct iss_op *op, struct engine_bundle *record) {
    unsigned home = c->reg[op->rs1] & 31;
    int64_t done = c->now + op->latency;
    int64_t *port = &c->port[op->slot][done & (ISS_PORT_CYCLES - 1)];
    bool is_owner = home != 0 && home % ENGINE_SLOTS == op->slot;
    if (*port == done || (is_owner && c->done[home] >= done)) {
        iss_error_write(c, op, home);
        return;
    }
    *port = done;
    if (!is_owner) {
        return;
    }
    c->done[home] = done;
    if (record != NULL) {
        record->write_mask |= (uint8_t)(1u << op->slot);
        record->write_reg[op->slot] = (uint8_t)home;
        record->write_value[op->slot] = c->reg[op->rs2];
    }
}

/* All wrh of a bundle read before any writes: the value goes in after the loop over the slots. */
static void write_homes(struct iss *c, const struct iss_bundle *b) {
    uint32_t home[ENGINE_SLOTS], value[ENGINE_SLOTS];
    for (unsigned i = 0; i < b->ops_count; i++) {
        home[i] = c->reg[b->op[i].rs1] & 31;
        value[i] = c->reg[b->op[i].rs2];
    }
    for (unsigned i = 0; i < b->ops_count; i++) {
        if (b->op[i].handler == ISS_WRH && home[i] != 0 &&
            home[i] % ENGINE_SLOTS == b->op[i].slot) {
            c->reg[home[i]] = value[i];
        }
    }
}

static uint32_t lookup(struct iss *c, uint32_t guest_pc) {
    bool is_hit;
    uint32_t native = iss_jt_lookup(c, guest_pc, &is_hit);
    c->jt_hits += is_hit;
    c->jt_misses += !is_hit;
    return native;
}

void iss_late_ops(struct iss *c, const struct iss_bundle *b, struct iss_work *w,
                  struct engine_bundle *record) {
    bool has_wrh = false;
    for (unsigned i = 0; i < b->ops_count; i++) {
        const struct iss_op *op = &b->op[i];
        switch (op->handler) {
        case ISS_JTL:
            w->value[i] = lookup(c, c->reg[op->rs1]);
            break;
        case ISS_CSRR:
            w->value[i] = iss_csr_read(c, op->imm);
            break;
        case ISS_CSRW:
            iss_csr_write(c, op->imm, c->reg[op->rs1]);
            if (op->imm / 8 < ISS_CSR_BLOCKS) {
                c->csr_settled[op->imm / 8] = c->now + CSR_SETTLE_CYCLES;
            }
            break;
        case ISS_DIV:
            c->div_result = iss_divide((enum vop)op->rd, c->reg[op->rs1], c->reg[op->rs2]);
            c->div_ready = (int64_t)iss_cycle(c) + DIV_CYCLES;
            break;
        case ISS_WRH:
            has_wrh = true;
            write_home(c, op, record);
            break;
        default:
            break;
        }
    }
    if (has_wrh) {
        write_homes(c, b);
    }
}

void iss_mode_change(struct iss *c, uint32_t guest, uint64_t first_cycle) {
    if (c->guest) {
        c->cycles_guest += first_cycle - c->mode_cycle;
        c->bundles_guest += c->bundles - c->mode_bundles;
    }
    c->guest = guest;
    c->mode_cycle = first_cycle;
    c->mode_bundles = c->bundles;
}

static void roll_back_homes(struct iss *c) {
    for (unsigned i = 1; i < 32; i++) {
        if (c->dirty >> i & 1) {
            c->reg[i] = c->saved[i];
        }
    }
    c->dirty = 0;
    c->rollbacks++;
    c->now += ROLLBACK_CYCLES;
}

void iss_take_trap(struct iss *c, uint32_t cause, uint32_t addr) {
    c->trap_cause = cause;
    c->trap_pc = iss_bundle_address(c->index);
    c->trap_addr = addr;
    c->trap_mode = c->guest;
    c->now += 1 + TRAP_CYCLES;
    if (c->guest && c->dirty != 0) {
        roll_back_homes(c);
    }
    if (c->mem != NULL) {
        iss_timed_freeze(c);
    }
    c->index = c->tvec / BUNDLE_BYTES & ISS_INDEX_MASK;
    iss_mode_change(c, 0, iss_cycle(c));
}
