/* SPDX-License-Identifier: MIT
 * Spike, the RISC-V reference simulator, as a model of lock-step (sim/lockstep/model.h): a plug-in,
 * opened at run time (`make spike`, `selkirk lockstep --model spike`).
 *
 * One hart of M and U mode steps on a guest RAM of its own. Devices swallow everything; what comes
 * from outside the guest is taken from the engine after the instruction. Where Spike chooses
 * otherwise than QEMU and we, choices.def says so, and here it is made to choose as we do: CSR
 * objects are replaced by others, and the code that names a RULE_ does the rest.
 */
#include "sim/lockstep/model.h"
#include "sim/spike/csrs.h"
#include <riscv/cfg.h>
#include <riscv/mmu.h>
#include <riscv/processor.h>
#include <riscv/simif.h>

#include <cstdio>
#include <cstring>
#include <iostream>
#include <map>
#include <new>
#include <vector>

namespace {

constexpr uint32_t EBREAK = 0x00100073, SEMIHOST_ENTRY = 0x01f01013, SEMIHOST_EXIT = 0x40705013;
constexpr uint32_t OPCODE_AMO = 0x2f, OPCODE_SYSTEM = 0x73, MRET = 0x30200073;
constexpr uint32_t FUNCT5_LR = 2, FUNCT5_SC = 3;

uint32_t low(reg_t value) {
    return (uint32_t)value;
}

} // namespace

struct data_access;

/* --- the machine */
struct model final : simif_t, memtracer_t {
    explicit model(const model_start &s);
    ~model() override {
        delete hart;
    }

    const char *step(const model_oracle &oracle);
    const char *trap(const model_oracle &oracle, uint32_t cause);
    void priv(guest_priv *p) const;
    const uint32_t *regs() const;
    uint32_t pc() const {
        return low(state->pc);
    }

    model_stores stored{};

    /* what Spike asks of its platform */
    char *addr_to_mem(reg_t addr) override {
        if (addr - start.ram_base >= start.ram_bytes)
            return nullptr;
        asked.emplace_back(low(addr), load(low(addr)));
        return (char *)start.ram + (addr - start.ram_base);
    }
    bool mmio_fetch(reg_t, size_t, uint8_t *) override {
        return false;
    }
    bool mmio_load(reg_t addr, size_t bytes, uint8_t *data) override {
        memset(data, 0, bytes);
        reads_outside = true;
        return !has_no_device && addr % bytes == 0;
    }
    bool mmio_store(reg_t addr, size_t bytes, const uint8_t *) override {
        return !has_no_device && addr % bytes == 0;
    }
    void proc_reset(unsigned) override {
    }
    const cfg_t &get_cfg() const override {
        return cfg;
    }
    const std::map<size_t, processor_t *> &get_harts() const override {
        return harts;
    }
    const char *get_symbol(uint64_t) override {
        return nullptr;
    }

    /* what it tells of its stores */
    bool interested_in_range(uint64_t, uint64_t, access_type type) override {
        return type == STORE;
    }
    void trace(uint64_t addr, size_t bytes, access_type) override {
        note_store(low(addr));
        if ((addr & 3) + bytes > 4)
            note_store(low(addr) + 4);
    }
    void clean_invalidate(uint64_t, size_t, bool, bool) override {
    }

  private:
    struct reserved_word {
        bool is_valid;
        uint32_t addr, value;
        uint32_t next_addr; /* of the instruction under way, if it is lr.w */
    };
    /* What a trap in M mode changes. */
    struct machine_trap_csrs {
        uint32_t pc, mode, mstatus, mepc, mcause, mtval;
        reserved_word reserved;
    };
    void replace_csrs();
    machine_trap_csrs before_trap() const;
    bool do_bytewise(const machine_trap_csrs &before, uint32_t word);
    void note_store(uint32_t addr) {
        if (addr - start.ram_base >= start.ram_bytes)
            return;
        if (stored.n < MODEL_STORES_MAX)
            stored.addrs[stored.n] = addr;
        stored.n++;
    }
    uint32_t fetch(uint32_t addr) const;
    void run_one();
    uint32_t load(uint32_t addr) const;
    void judge_reservation(uint32_t word);
    void note_reservation(uint32_t word);
    bool is_instret_stopped() const {
        return (state->mcountinhibit->read() & MCOUNTINHIBIT_IR) != 0;
    }
    void drop_stale_code(uint32_t addr, uint32_t word);
    void undo_partial_store();
    void set_tval_of(const struct data_access &a);
    bool is_semihost(uint32_t addr) const;
    const char *semihost(const model_oracle &oracle);
    const char *object(const char *format, uint32_t value, uint32_t tval);

    const model_start start;
    cfg_t cfg;
    std::map<size_t, processor_t *> harts;
    processor_t *hart;
    state_t *state;
    bool reads_outside = false; /* the instruction read a device, a counter or mip */
    bool has_no_device = false; /* the engine found no device at this address: an access fault */
    /* of the instruction under way: addresses that Spike asked for, and the words there */
    std::vector<std::pair<uint32_t, uint32_t>> asked;
    taken_trap taken{};
    reserved_word reservation{};
    struct {
        uint32_t addr, word;
    } decoded[mmu_t::ICACHE_ENTRIES] = {};
    mutable uint32_t x[32] = {};
    char objection[128];
};

model::model(const model_start &s) : start(s) {
    static std::ostream silent(nullptr);
#define ISA "rv32imac_zicsr_zifencei_zicntr_zihpm_zba_zbb_zbs_zicond"
    const char *isa = s.misaligned_traps ? ISA : ISA "_zicclsm";
    cfg.isa = isa;
    cfg.priv = "mu";
    cfg.pmpregions = PRIV_PMP_ENTRIES;
    cfg.pmpgranularity = 4;
    cfg.trigger_count = 0;
    cfg.hartids = {0};
    hart = new processor_t(isa, cfg.priv, &cfg, this, 0, false, stderr, silent);
    harts[0] = hart;
    state = hart->get_state();
    hart->get_mmu()->register_memtracer(this);
    replace_csrs();
    state->pc = s.pc;
    state->XPR.write(11, (reg_t)(int32_t)s.a1);
}

void model::replace_csrs() {
    auto &csrs = state->csrmap;
#define CSR_FIXED(first, last, value, what, spike, why)                                            \
    for (reg_t number = first; number <= last; number++)                                           \
        csrs[number] = std::make_shared<fixed_csr>(hart, number, value);
#define CSR_ABSENT(first, last, what, spike, why)                                                  \
    for (reg_t number = first; number <= last; number++)                                           \
        csrs.erase(number);
#define RULE(NAME, what, spike, ours, why)
#include "sim/spike/choices.def"
#undef CSR_FIXED
#undef CSR_ABSENT
#undef RULE
    state->mcause = std::make_shared<cause_watch>(hart, state->mcause, taken);
    state->mtval = std::make_shared<tval_watch>(hart, state->mtval, taken);
    csrs[CSR_MTVEC] = std::make_shared<mtvec_csr>(hart, csrs[CSR_MTVEC]);
    csrs[CSR_MCOUNTINHIBIT] = std::make_shared<inhibit_csr>(hart, csrs[CSR_MCOUNTINHIBIT]);
    csrs[CSR_MSTATUS] = std::make_shared<mpp_csr>(hart, csrs[CSR_MSTATUS]);
    for (reg_t number = CSR_PMPCFG0; number < CSR_PMPCFG0 + PRIV_PMP_ENTRIES / 4; number++)
        csrs[number] = std::make_shared<write_only_csr>(hart, csrs[number]);
    hart->put_csr(CSR_PMPCFG0, 0); /* RULE_PMP_RESET */
    hart->put_csr(CSR_PMPADDR0, 0);
}

/* The word at addr, whatever its alignment; 0 outside RAM. */
uint32_t model::load(uint32_t addr) const {
    const uint32_t offset = addr - start.ram_base;
    uint32_t word = 0;
    if (offset < start.ram_bytes)
        memcpy(&word, start.ram + offset, std::min(4u, start.ram_bytes - offset));
    return word;
}

uint32_t model::fetch(uint32_t addr) const {
    const uint32_t word = load(addr);
    return (word & 3) == 3 ? word : word & 0xffff;
}

/* RULE_COHERENT_CODE: Spike keeps decoded instructions until fence.i. */
void model::drop_stale_code(uint32_t addr, uint32_t word) {
    auto &entry = decoded[hart->get_mmu()->icache_index(addr)];
    if (entry.addr == addr && entry.word != word)
        hart->get_mmu()->flush_icache();
    entry.addr = addr;
    entry.word = word;
}

/* lr.w or sc.w, as funct5 says */
static bool is_reserving(uint32_t word, uint32_t funct5) {
    return (word & 0x7f) == OPCODE_AMO && (word >> 12 & 7) == 2 && word >> 27 == funct5;
}

static uint32_t rs1_of(uint32_t word) {
    return word >> 15 & 31;
}

/* RULE_RESERVATION: Spike has to succeed, too. */
void model::judge_reservation(uint32_t word) {
    const uint32_t addr = low(state->XPR[rs1_of(word)]);
    if (!is_reserving(word, FUNCT5_SC))
        return;
    if (!reservation.is_valid || reservation.addr != addr || reservation.value != load(addr))
        hart->get_mmu()->yield_load_reservation();
    reservation.is_valid = false;
}

void model::note_reservation(uint32_t word) {
    if (taken.is_taken || word == MRET)
        reservation.is_valid = false;
    else if (is_reserving(word, FUNCT5_LR))
        reservation = {true, reservation.next_addr, load(reservation.next_addr), 0};
}

/* One step of Spike: an instruction, or a trap or interrupt in its place. */
void model::run_one() {
    const uint32_t addr = pc(), word = fetch(addr);
    drop_stale_code(addr, word);
    judge_reservation(word);
    reservation.next_addr = low(state->XPR[rs1_of(word)]);
    taken.is_taken = false;
    reads_outside = false;
    asked.clear();
    /* RULE_MISALIGNED_ATOMIC */
    const bool is_atomic = (word & 0x7f) == OPCODE_AMO && !start.misaligned_traps;
    if (is_atomic)
        hart->set_extension_enable(EXT_ZICCLSM, false);
    const bool was_stopped = is_instret_stopped();
    hart->step(1);
    /* RULE_INHIBIT_EDGE */
    if (!taken.is_taken && was_stopped != is_instret_stopped())
        state->minstret->val += was_stopped ? -1 : 1;
    if (is_atomic)
        hart->set_extension_enable(EXT_ZICCLSM, true);
    hart->clear_waiting_for_interrupt();
    if (taken.is_taken)
        undo_partial_store();
    note_reservation(word);
}

const char *model::object(const char *format, uint32_t value, uint32_t tval) {
    snprintf(objection, sizeof objection, format, value, tval);
    return objection;
}

/* The modes that may call, and the three instructions in one page. */
bool model::is_semihost(uint32_t addr) const {
    constexpr uint32_t PAGE_MASK = 0xfff;
    const bool may_call = start.semihosting == PRIV_SEMIHOST_ALL ||
                          (start.semihosting == PRIV_SEMIHOST_M && low(state->prv) == PRIV_M);
    return may_call && ((addr - 4) ^ (addr + 4)) <= PAGE_MASK &&
           fetch(addr - 4) == SEMIHOST_ENTRY && fetch(addr + 4) == SEMIHOST_EXIT;
}

/* A semihosting call is nothing to Spike: its result is the engine's. */
const char *model::semihost(const model_oracle &oracle) {
    const uint32_t addr = pc();
    if (!is_semihost(addr))
        return "ebreak traps, and the engine goes on";
    oracle.copy_stores(oracle.ctx, start.ram);
    state->XPR.write(10, (reg_t)(int32_t)oracle.reg(oracle.ctx, 10));
    state->pc = addr + 4;
    state->minstret->bump(1);
    return nullptr;
}

static uint32_t destination(uint32_t word) {
    if ((word & 3) == 0) /* c.lw */
        return 8 + (word >> 2 & 7);
    return word >> 7 & 31;
}

/* Values that the engine's clock or its devices make. */
static bool reads_engine_csr(uint32_t word) {
    constexpr uint32_t HIGH = 0x80;
    const uint32_t number = word >> 20, counter = number & ~HIGH;
    if ((word & 0x7f) != OPCODE_SYSTEM || (word >> 12 & 3) == 0)
        return false;
    return number == CSR_MIP || counter == CSR_MCYCLE || counter == CSR_CYCLE ||
           counter == CSR_TIME;
}

/* The access of a load or store of RAM; 0 bytes: the instruction is none. */
struct data_access {
    uint32_t addr, bytes, rd;
    bool is_store, is_signed;
    uint32_t value;
};

static data_access access_of(insn_t insn, const state_t *state) {
    const auto &x = state->XPR;
    const uint32_t funct3 = (uint32_t)insn.rm(), bytes = 1u << (funct3 & 3);
    const uint32_t word = (uint32_t)insn.bits(), rvc = word & 0xe003, rd = destination(word);
    if ((word & 0x7f) == 0x03)
        return {low(x[insn.rs1()] + insn.i_imm()), bytes, rd, false, funct3 < 4, 0};
    if ((word & 0x7f) == 0x23)
        return {low(x[insn.rs1()] + insn.s_imm()), bytes, 0, true, false, low(x[insn.rs2()])};
    if (rvc == 0x4000) /* c.lw */
        return {low(x[insn.rvc_rs1s()] + insn.rvc_lw_imm()), 4, rd, false, true, 0};
    if (rvc == 0xc000) /* c.sw */
        return {low(x[insn.rvc_rs1s()] + insn.rvc_lw_imm()),
                4,
                0,
                true,
                false,
                low(x[insn.rvc_rs2s()])};
    if (rvc == 0x4002) /* c.lwsp */
        return {low(x[2] + insn.rvc_lwsp_imm()), 4, rd, false, true, 0};
    if (rvc == 0xc002) /* c.swsp */
        return {low(x[2] + insn.rvc_swsp_imm()), 4, 0, true, false, low(x[insn.rvc_rs2()])};
    return {};
}

/* RULE_PARTIAL_MATCH: Spike has refused a misaligned access of M mode. It is done byte by byte:
 * true, and Spike is as it would be after the instruction, if none is refused. */
bool model::do_bytewise(const machine_trap_csrs &before, uint32_t word) {
    const data_access a = access_of(insn_t(word), state);
    const bool is_machine = before.mode == PRV_M && ((before.mstatus & MSTATUS_MPRV) == 0 ||
                                                     (before.mstatus & MSTATUS_MPP) == MSTATUS_MPP);
    if (!is_machine || a.bytes == 0 || a.addr % a.bytes == 0 || start.misaligned_traps)
        return false;
    state->mstatus->write(before.mstatus);
    state->mepc->write(before.mepc);
    state->mcause->write((reg_t)(int32_t)before.mcause);
    state->mtval->write(before.mtval);
    uint32_t value = 0;
    asked.clear();
    try {
        for (uint32_t n = 0; n < a.bytes; n++)
            if (a.is_store)
                hart->get_mmu()->store<uint8_t>(a.addr + n, (uint8_t)(a.value >> (8 * n)));
            else
                value |= (uint32_t)hart->get_mmu()->load<uint8_t>(a.addr + n) << (8 * n);
    } catch (const trap_t &) {
        undo_partial_store();
        return false;
    }
    if (!a.is_store)
        state->XPR.write(a.rd, a.bytes == 2 && a.is_signed ? (reg_t)(int16_t)value
                                                           : (reg_t)(int32_t)value);
    state->pc = (reg_t)(int32_t)(before.pc + ((word & 3) == 3 ? 4 : 2));
    state->minstret->bump(1);
    reservation = before.reserved;
    taken.is_taken = false;
    return true;
}

model::machine_trap_csrs model::before_trap() const {
    return {pc(),
            low(state->prv),
            low(state->mstatus->read()),
            low(state->mepc->read()),
            low(state->mcause->read()),
            low(state->mtval->read()),
            reservation};
}

const char *model::step(const model_oracle &oracle) {
    const uint32_t word = fetch(pc());
    if (word == EBREAK)
        return semihost(oracle);
    const machine_trap_csrs before = before_trap();
    run_one();
    if (taken.is_taken && !do_bytewise(before, word))
        return object("takes a trap of cause %u, mtval %08x, and the engine goes on", taken.cause,
                      taken.tval);
    if (reads_outside || reads_engine_csr(word)) {
        const uint32_t rd = destination(word);
        state->XPR.write(rd, (reg_t)(int32_t)oracle.reg(oracle.ctx, rd));
    }
    return nullptr;
}

/* RULE_PARTIAL_STORE */
void model::undo_partial_store() {
    for (auto it = asked.rbegin(); it != asked.rend(); ++it) {
        const uint32_t offset = it->first - start.ram_base;
        memcpy(start.ram + offset, &it->second, std::min(4u, start.ram_bytes - offset));
    }
}

/* RULE_PARTIAL_TVAL: Spike has refused the part of a misaligned access in its second page. */
void model::set_tval_of(const data_access &a) {
    const uint32_t page = (a.addr | 0xfff) + 1;
    if (a.bytes == 0 || taken.tval != page || page - a.addr >= a.bytes)
        return;
    taken.tval = a.addr;
    state->mtval->write((reg_t)(int32_t)a.addr);
}

const char *model::trap(const model_oracle &oracle, uint32_t cause) {
    const bool is_interrupt = (cause & CAUSE_INTERRUPT) != 0;
    const data_access access = access_of(insn_t(fetch(pc())), state);
    has_no_device = cause == CAUSE_LOAD_ACCESS || cause == CAUSE_STORE_ACCESS;
    state->mip->backdoor_write_with_mask(~(reg_t)0, is_interrupt ? oracle.mip(oracle.ctx) : 0);
    run_one();
    state->mip->backdoor_write_with_mask(~(reg_t)0, 0);
    has_no_device = false;
    if (cause == CAUSE_LOAD_ACCESS || cause == CAUSE_STORE_ACCESS)
        set_tval_of(access);
    if (!taken.is_taken)
        return is_interrupt ? "an interrupt that is not pending and enabled"
                            : "a guest trap at an instruction that does not trap";
    if (taken.cause != cause)
        return object("takes a trap of cause %08x, mtval %08x", taken.cause, taken.tval);
    return nullptr;
}

void model::priv(guest_priv *p) const {
    p->mode = low(state->prv);
    p->mstatus = low(state->mstatus->read());
    p->mtvec = low(state->mtvec->read());
    p->mepc = low(state->mepc->read());
    p->mcause = low(state->mcause->read());
    p->mtval = low(state->mtval->read());
    p->mscratch = low(hart->get_csr(CSR_MSCRATCH));
    p->mie = low(state->mie->read());
    p->mcounteren = low(state->mcounteren->read());
    p->mcountinhibit = low(state->mcountinhibit->read());
    p->is_reserved = reservation.is_valid;
    if (reservation.is_valid) {
        p->reserved_addr = reservation.addr;
        p->reserved_value = reservation.value;
    }
    for (int n = 0; n < PRIV_PMP_ENTRIES / 4; n++)
        p->pmpcfg[n] = low(hart->get_csr(CSR_PMPCFG0 + n));
    for (int n = 0; n < PRIV_PMP_ENTRIES; n++)
        p->pmpaddr[n] = low(state->pmpaddr[n]->read());
}

const uint32_t *model::regs() const {
    for (int n = 0; n < 32; n++)
        x[n] = low(state->XPR[n]);
    return x;
}

/* --- the C interface */
static model *create(const model_start *start) {
    try {
        return new model(*start);
    } catch (const std::bad_alloc &) {
        return nullptr;
    }
}
static void destroy(model *m) {
    delete m;
}
static const char *step(model *m, const model_oracle *oracle) {
    return m->step(*oracle);
}
static const char *trap(model *m, const model_oracle *oracle, uint32_t cause) {
    return m->trap(*oracle, cause);
}
static const uint32_t *regs(const model *m) {
    return m->regs();
}
static uint32_t pc(const model *m) {
    return m->pc();
}
static void priv(const model *m, guest_priv *p) {
    m->priv(p);
}
static model_stores *stores(model *m) {
    return &m->stored;
}

extern "C" const struct model_ops selkirk_model;
const struct model_ops selkirk_model = {
    "Spike", sizeof(guest_priv), create, destroy, step, trap, regs, pc, priv, stores};
