/* SPDX-License-Identifier: MIT
 * CSR objects that stand for Spike's own, so that it chooses as we do (choices.def) and tells of
 * the traps that it takes.
 */
#ifndef SELKIRK_SIM_SPIKE_CSRS_H
#define SELKIRK_SIM_SPIKE_CSRS_H

#include "firmware/guest/priv.h"
#include <riscv/processor.h>

/* Reads as always the same, ignores writes. Unlike Spike's const_csr_t it asks for nothing but the
 * privilege that its number says: numbers of S mode are legal in M mode. */
class fixed_csr final : public csr_t {
  public:
    fixed_csr(processor_t *p, reg_t number, reg_t fixed_value)
        : csr_t(p, number), value(fixed_value) {
    }
    void verify_permissions(insn_t insn, bool write) const override {
        const bool is_read_only = (address >> 10 & 3) == 3;
        if ((address >> 8 & 3) > state->prv || (is_read_only && write))
            throw trap_illegal_instruction(insn.bits());
    }
    reg_t read() const noexcept override {
        return value;
    }

  protected:
    bool unlogged_write(const reg_t) noexcept override {
        return false;
    }

  private:
    const reg_t value;
};

/* Passes everything on to Spike's CSR; legal() may change what is written. */
class passing_csr : public csr_t {
  public:
    passing_csr(processor_t *p, csr_t_p spike_csr) : csr_t(p, spike_csr->address), csr(spike_csr) {
    }
    void verify_permissions(insn_t insn, bool write) const override {
        csr->verify_permissions(insn, write);
    }
    reg_t read() const noexcept override {
        return csr->read();
    }

  protected:
    bool unlogged_write(const reg_t value) noexcept override {
        csr->write(legal(value));
        return false;
    }
    virtual reg_t legal(reg_t value) noexcept {
        return value;
    }
    const csr_t_p csr;
};

/* RULE_MTVEC_MODE */
class mtvec_csr final : public passing_csr {
  public:
    using passing_csr::passing_csr;

  protected:
    reg_t legal(reg_t value) noexcept override {
        return (value & 2) != 0 ? csr->read() : value;
    }
};

/* RULE_MPP */
class mpp_csr final : public passing_csr {
  public:
    using passing_csr::passing_csr;

  protected:
    reg_t legal(reg_t value) noexcept override {
        const reg_t mpp = value & MSTATUS_MPP;
        if (mpp == 0 || mpp == MSTATUS_MPP)
            return value;
        return (value & ~(reg_t)MSTATUS_MPP) | (csr->read() & MSTATUS_MPP);
    }
};

/* RULE_INHIBIT */
class inhibit_csr final : public passing_csr {
  public:
    using passing_csr::passing_csr;

  protected:
    reg_t legal(reg_t value) noexcept override {
        return value & (MCOUNTINHIBIT_CY | MCOUNTINHIBIT_IR);
    }
};

/* RULE_PMP_WRITE_ONLY: Spike's CSR decides what is locked, then W goes to where it was not let. */
class write_only_csr final : public passing_csr {
  public:
    using passing_csr::passing_csr;

  protected:
    bool unlogged_write(const reg_t value) noexcept override {
        const size_t first = (address - CSR_PMPCFG0) * 4;
        bool was_locked[4];
        for (int n = 0; n < 4; n++)
            was_locked[n] = state->pmpaddr[first + n]->is_locked();
        csr->write(value);
        for (int n = 0; n < 4; n++)
            if (!was_locked[n])
                state->pmpaddr[first + n]->cfg |= (uint8_t)(value >> (8 * n)) & PMP_W;
        return false;
    }
};

/* The trap that Spike takes: it writes mcause and mtval through these, instructions do not. */
struct taken_trap {
    bool is_taken;
    uint32_t cause, tval;
};

class cause_watch final : public passing_csr {
  public:
    cause_watch(processor_t *p, csr_t_p csr, taken_trap &trap) : passing_csr(p, csr), taken(trap) {
    }

  protected:
    reg_t legal(reg_t value) noexcept override {
        taken.is_taken = true;
        taken.cause = (uint32_t)value | (uint32_t)(value >> 63 << 31);
        return value;
    }

  private:
    taken_trap &taken;
};

class tval_watch final : public passing_csr {
  public:
    tval_watch(processor_t *p, csr_t_p csr, taken_trap &trap) : passing_csr(p, csr), taken(trap) {
    }

  protected:
    reg_t legal(reg_t value) noexcept override {
        value = taken.cause == CAUSE_BREAKPOINT ? 0 : value; /* RULE_EBREAK_TVAL */
        taken.tval = (uint32_t)value;
        return value;
    }

  private:
    taken_trap &taken;
};

#endif
