/* SPDX-License-Identifier: MIT
 * Random native programs: fills the slots of one bundle with operations that are legal in its
 * cycle, and keeps the books of what is in flight. Sources are often registers written a moment
 * ago, so that every forwarding path is used.
 */
#include <string.h>

#include "sim/random/randbundle_impl.h"

enum { HOME_COUNT = REG_GUEST_HOME_FIRST + REG_GUEST_HOME_COUNT, FILL_TRIES = 6 };

bool gen_is_ready(const struct gen *g, unsigned reg, unsigned slot) {
    unsigned cross = reg != 0 && reg % ENGINE_SLOTS != slot ? CROSS_EXTRA_CYCLES : 0;
    return g->now >= g->ready[reg] + cross;
}

static bool port_is_free(const struct gen *g, unsigned slot, int64_t done) {
    return g->port[slot][done % GEN_PORT_CYCLES] != done;
}

static unsigned pick_source(struct gen *g, unsigned slot) {
    for (unsigned tries = 0; tries < 8; tries++) {
        unsigned reg =
            gen_chance(g, 2) ? g->recent[gen_random(g, GEN_RECENT)] : gen_random(g, ENGINE_REGS);
        if (gen_is_ready(g, reg, slot)) {
            return reg;
        }
    }
    return 0;
}

int gen_pick_dest(struct gen *g, unsigned slot, unsigned latency, const struct draft *d) {
    int64_t done = g->now + latency;
    if (!port_is_free(g, slot, done)) {
        return -1;
    }
    for (unsigned tries = 0; tries < 6; tries++) {
        unsigned reg = ENGINE_SLOTS * gen_random(g, ENGINE_REGS / ENGINE_SLOTS) + slot;
        bool is_late_home = d->has_commit && reg < HOME_COUNT && latency > 1;
        if (g->ready[reg] < done && (g->keep >> reg & 1) == 0 && !is_late_home) {
            return (int)reg;
        }
    }
    return -1;
}

void gen_put(struct draft *d, unsigned slot, const struct vop_fields *f) {
    d->word[slot] = vop_encode(f);
    d->used |= 1u << slot;
    d->has_commit |= f->op == VOP_COMMIT;
}

static uint32_t random_word(struct gen *g) {
    static const uint32_t corner[] = {0, 1, 2, 31, 0x7fffffff, 0x80000000, 0xffffffff, 0xffff8000};
    if (gen_chance(g, 3)) {
        return corner[gen_random(g, sizeof corner / sizeof corner[0])];
    }
    return gen_random(g, 0xffffffffu) ^ gen_random(g, 2) << 31;
}

static int32_t random_imm(struct gen *g, enum vop op) {
    int32_t imm = (int32_t)random_word(g);
    while (!vop_imm_fits(op, imm)) {
        imm >>= 1 + gen_random(g, 8);
        imm = imm < 0 && !vop_imm_fits(op, -1) ? -(imm + 1) : imm;
    }
    return imm;
}

static unsigned access_bytes(enum vop op) {
    return vop_flags[op] & OPF_BYTE ? 1 : vop_flags[op] & OPF_HALF ? 2 : 4;
}

/* PROT_SET and PROT_CLEAR have to settle before a store into guest RAM. */
static bool has_settled(const struct gen *g, const struct draft *d) {
    struct vop_fields f;
    bool is_beside = vop_decode(d->word[UNIT_CSR_SLOT], UNIT_CSR_SLOT, &f) && f.op == VOP_CSRW &&
                     f.imm / 8 == CSR_PROT_SET / 8;
    return g->now >= g->csr_ready[CSR_PROT_SET / 8] && !is_beside;
}

static bool area_allows(const struct gen *g, uint32_t address, enum vop op) {
    switch (address >> 28) {
    case MEM_GUEST_BASE >> 28:
        return true;
    case MEM_CODE_BASE >> 28:
        return !g->guest && op == VOP_SW;
    default:
        return !g->guest;
    }
}

/* An address in range and aligned: base register and offset. */
static bool pick_address(struct gen *g, unsigned slot, const struct draft *d,
                         struct vop_fields *f) {
    unsigned n = gen_random(g, GEN_POINTERS + 1);
    uint32_t around = gen_chance(g, 4) ? 1024 : 16;
    uint32_t offset = gen_random(g, 2 * around) - around;
    f->rs1 = n < GEN_POINTERS ? g->pointer[n] : 0;
    uint32_t value = n < GEN_POINTERS ? g->pointer_value[n] : 0;
    if (f->rs1 == 0) {
        offset = 0x400 + gen_random(g, 0x400);
    }
    f->imm = (int32_t)(offset & ~(access_bytes(f->op) - 1));
    bool is_guest_store = (vop_flags[f->op] & OPF_STORE) != 0 && value >= MEM_GUEST_BASE;
    return gen_is_ready(g, f->rs1, slot) && (!is_guest_store || has_settled(g, d)) &&
           area_allows(g, value, f->op) && vop_imm_fits(f->op, f->imm);
}

static bool fill_branch(struct gen *g, struct vop_fields *f) {
    uint32_t a = gen_reg_value(g, f->rs1), b = gen_reg_value(g, f->rs2), imm = 0;
    uint32_t is_taken = 0;
    if (g->in_loop || g->no_control) {
        return false;
    }
    switch (f->op) {
#define SIDE 0u
#define OP(NAME, mnemonic, opcode, format, unit, slots, flags, semantics, text)                    \
    case VOP_##NAME:                                                                               \
        is_taken = (semantics);                                                                    \
        break;
#include "rtl/machine/ops.def"
#undef OP
    case VOP_COUNT:
        break;
    }
    (void)imm;
    f->pred = (uint8_t)gen_random(g, 2);
    f->imm = is_taken ? 1 + (int32_t)gen_random(g, 6) : random_imm(g, f->op);
    return true;
}

static bool has_op(const struct draft *d, unsigned slot, enum vop op) {
    return (d->word[slot] & 0x7f) == vop_opcode[op];
}

static bool has_store(const struct draft *d) {
    return has_op(d, UNIT_STORE_SLOT, VOP_SW) || has_op(d, UNIT_STORE_SLOT, VOP_SH) ||
           has_op(d, UNIT_STORE_SLOT, VOP_SB);
}

static bool fill_csr(struct gen *g, const struct draft *d, struct vop_fields *f) {
    const struct csr_info *csr = &csr_info[gen_random(g, CSR_INFO_COUNT)];
    unsigned number = csr->number + (csr->is_counter ? gen_random(g, 2) : 0);
    f->imm = (int32_t)(gen_chance(g, 30) ? gen_random(g, 512) : number);
    if (f->op == VOP_CSRR) {
        return f->imm != CSR_UNDO_ADDR && f->imm != CSR_UNDO_DATA &&
               g->now >= g->csr_ready[f->imm / 8];
    }
    bool is_address = number == CSR_JT_TAG || number == CSR_JT_MISS || number == CSR_PROT_SET;
    if (is_address && gen_chance(g, 2)) {
        unsigned pointer = g->pointer[gen_random(g, GEN_POINTERS)];
        f->rs1 = gen_is_ready(g, pointer, UNIT_CSR_SLOT) ? (uint8_t)pointer : 0;
    }
    if (f->imm / 8 == CSR_PROT_SET / 8 && has_store(d)) {
        return false;
    }
    return !g->in_loop && !has_op(d, UNIT_JUMP_TABLE_SLOT, VOP_JTL) && f->imm != CSR_TVEC &&
           f->imm != CSR_GUEST_MASK && f->imm != CSR_SYS_EXIT && f->imm != CSR_TIMER_ON;
}

static bool fill_jtl(struct gen *g, const struct draft *d, struct vop_fields *f) {
    unsigned pointer = g->pointer[gen_random(g, GEN_POINTERS)];
    if (gen_chance(g, 2) && gen_is_ready(g, pointer, UNIT_JUMP_TABLE_SLOT)) {
        f->rs1 = (uint8_t)pointer;
    }
    return g->now >= g->csr_ready[CSR_JT_TAG / 8] && !has_op(d, UNIT_CSR_SLOT, VOP_CSRW);
}

/* wrh needs the whole bundle: a copy in each slot, all sources and ports ready. */
static bool fill_wrh(struct gen *g, struct draft *d, struct vop_fields *f) {
    int64_t done = g->now + vop_latency[VOP_WRH];
    unsigned home = gen_reg_value(g, f->rs1) % HOME_COUNT;
    bool is_legal =
        d->used == 0 && !g->in_loop && (g->keep >> home & 1) == 0 && g->ready[home] < done;
    for (unsigned slot = 0; slot < ENGINE_SLOTS; slot++) {
        is_legal = is_legal && port_is_free(g, slot, done) && gen_is_ready(g, f->rs1, slot) &&
                   gen_is_ready(g, f->rs2, slot);
    }
    for (unsigned slot = 0; is_legal && slot < ENGINE_SLOTS; slot++) {
        gen_put(d, slot, f);
    }
    return false;
}

static bool fill_rdh(const struct gen *g, const struct vop_fields *f) {
    unsigned home = gen_reg_value(g, f->rs1) % HOME_COUNT;
    return !g->in_loop && g->now >= g->ready[home] + (home != 0 ? CROSS_EXTRA_CYCLES : 0);
}

/* The timer has settled and is due soon, or the simulation would be long. */
static bool fill_wait(const struct gen *g) {
    uint32_t now = g->e->ops->csr(g->e, CSR_CYCLES), cmp = g->e->ops->csr(g->e, CSR_TIMER_CMP);
    return g->now >= g->csr_ready[CSR_TIMER_CMP / 8] &&
           ((int32_t)(now - cmp) >= 0 || cmp - now < GEN_WAIT_CYCLES);
}

/* What only some operations need. */
static bool fill_special(struct gen *g, unsigned slot, struct draft *d, struct vop_fields *f) {
    switch (f->op) {
    case VOP_CSRR:
    case VOP_CSRW:
        return fill_csr(g, d, f);
    case VOP_COMMIT:
        f->imm = (int32_t)gen_random(g, 20);
        return d->used == 0 && (!g->guest || g->home_done <= g->now + 1);
    case VOP_WAIT:
        return fill_wait(g);
    case VOP_JTL:
        return fill_jtl(g, d, f);
    case VOP_WRH:
        return fill_wrh(g, d, f);
    case VOP_RDH:
        return fill_rdh(g, f);
    default:
        break;
    }
    if (vop_flags[f->op] & (OPF_LOAD | OPF_STORE)) {
        return pick_address(g, slot, d, f);
    }
    return (vop_flags[f->op] & OPF_BRANCH) == 0 || fill_branch(g, f);
}

static bool try_op(struct gen *g, unsigned slot, enum vop op, struct draft *d) {
    const struct vop_info *info = &vop_info[op];
    bool is_wide = (info->flags & OPF_LITERAL) != 0;
    if ((info->slots >> slot & 1) == 0 || (info->flags & OPF_JUMP) != 0 ||
        (g->guest && (info->flags & OPF_FIRMWARE) != 0) ||
        (is_wide && (d->used >> (slot + 1) & 1) != 0)) {
        return false;
    }
    struct vop_fields f = {.op = op, .imm = random_imm(g, op)};
    f.rs1 = info->reads_rs1 ? (uint8_t)pick_source(g, slot) : 0;
    f.rs2 = info->reads_rs2 ? (uint8_t)pick_source(g, slot) : 0;
    if (info->writes_rd) {
        int rd = gen_pick_dest(g, slot, info->latency, d);
        if (rd < 0) {
            return false;
        }
        f.rd = (uint8_t)rd;
    }
    if (is_wide) {
        f.imm = 0;
    }
    if (!fill_special(g, slot, d, &f)) {
        return false;
    }
    gen_put(d, slot, &f);
    if (is_wide) {
        d->word[slot + 1] = random_word(g);
        d->used |= 2u << slot;
    }
    return true;
}

void gen_fill(struct gen *g, struct draft *d) {
    unsigned first = gen_random(g, ENGINE_SLOTS), step = 1 + 2 * gen_random(g, 2);
    for (unsigned i = 0; i < ENGINE_SLOTS; i++) {
        unsigned slot = (first + i * step) % ENGINE_SLOTS;
        for (unsigned tries = 0; tries < FILL_TRIES && (d->used >> slot & 1) == 0; tries++) {
            if (try_op(g, slot, (enum vop)gen_random(g, VOP_COUNT), d)) {
                break;
            }
        }
    }
}

static uint32_t illegal_word(struct gen *g, unsigned slot) {
    struct vop_fields f;
    for (;;) {
        uint32_t word = random_word(g);
        if (!vop_decode(word, slot, &f)) {
            return word;
        }
    }
}

/* An operand address that traps, or hits something harmless. */
static void put_bad_access(struct gen *g, struct draft *d) {
    static const enum vop ops[] = {VOP_LW, VOP_LH, VOP_LHU, VOP_LB, VOP_SW, VOP_SH, VOP_SB};
    unsigned slot = UNIT_STORE_SLOT;
    struct vop_fields f = {.op = ops[gen_random(g, 7)]};
    f.rs1 = (uint8_t)pick_source(g, slot);
    f.rs2 = vop_flags[f.op] & OPF_STORE ? (uint8_t)pick_source(g, slot) : 0;
    f.imm = (int32_t)gen_random(g, 4096);
    uint32_t address = gen_reg_value(g, f.rs1) + (uint32_t)f.imm;
    bool is_misaligned = (address & (access_bytes(f.op) - 1)) != 0;
    bool hits_firmware = !g->guest && (address >> 28 == MEM_FWRAM_BASE >> 28 ||
                                       address >> 28 == MEM_CODE_BASE >> 28);
    if (f.rs2 != 0 && hits_firmware && !is_misaligned) {
        return;
    }
    if (vop_flags[f.op] & OPF_STORE && address >= MEM_GUEST_BASE && !has_settled(g, d)) {
        return;
    }
    if (vop_flags[f.op] & OPF_LOAD) {
        int rd = gen_pick_dest(g, slot, vop_latency[f.op], d);
        if (rd < 0) {
            return;
        }
        f.rd = (uint8_t)rd;
    } else if (hits_firmware && !is_misaligned) {
        return;
    }
    gen_put(d, slot, &f);
}

/* jr to what is no bundle's address: unaligned, outside CODE, or past what is fitted. */
static void put_bad_jump(struct gen *g, struct draft *d) {
    unsigned reg = pick_source(g, UNIT_BRANCH_SLOT);
    uint32_t target = gen_reg_value(g, reg);
    if (target % BUNDLE_BYTES == 0 &&
        target - MEM_CODE_BASE < CONFIG_WIDE_CODE_BUNDLES * BUNDLE_BYTES) {
        return;
    }
    d->leaves_code = true;
    gen_put(d, UNIT_BRANCH_SLOT, &(struct vop_fields){.op = VOP_JR, .rs1 = (uint8_t)reg});
}

void gen_put_trap(struct gen *g, struct draft *d) {
    unsigned slot = gen_random(g, ENGINE_SLOTS);
    switch (gen_random(g, 5)) {
    case 2:
        put_bad_jump(g, d);
        break;
    case 0:
        d->word[slot] = illegal_word(g, slot);
        d->used |= 1u << slot;
        break;
    case 1:
        gen_put(d, UNIT_BRANCH_SLOT,
                &(struct vop_fields){.op = VOP_EXIT, .imm = (int32_t)gen_random(g, 1 << 20)});
        break;
    default:
        put_bad_access(g, d);
    }
}

static bool breaks_rule(struct gen *g, unsigned slot, unsigned reg, const struct draft *d) {
    int64_t done = g->now + vop_latency[VOP_OR];
    switch (g->plant) {
    case RAND_PLANT_EARLY_READ:
        return !gen_is_ready(g, reg, slot) && port_is_free(g, slot, done);
    case RAND_PLANT_WRITE_PORT:
        return !port_is_free(g, slot, done) && reg % ENGINE_SLOTS == slot && reg != 0 &&
               g->ready[reg] < done && (g->keep >> reg & 1) == 0;
    case RAND_PLANT_WAW:
        return reg % ENGINE_SLOTS == slot && g->ready[reg] > done && port_is_free(g, slot, done);
    case RAND_PLANT_HOME_COMMIT:
        return g->guest && g->home_done > g->now + 1 && slot == UNIT_COMMIT_SLOT &&
               d->word[slot] == 0 && g->e->ops->csr(g->e, CSR_TIMER_ON) == 0 &&
               g->e->ops->csr(g->e, CSR_PROT_HIT) == 0;
    case RAND_PLANT_NONE:
    case RAND_PLANT_COUNT:
        break;
    }
    return false;
}

bool gen_plant(struct gen *g, struct draft *d) {
    unsigned first = gen_random(g, ENGINE_REGS);
    for (unsigned i = 0; i < ENGINE_REGS * ENGINE_SLOTS; i++) {
        unsigned reg = (first + i) % ENGINE_REGS, slot = i / ENGINE_REGS;
        struct vop_fields f = {.op = VOP_OR, .rd = (uint8_t)slot};
        if (!breaks_rule(g, slot, reg, d)) {
            continue;
        }
        if (g->plant == RAND_PLANT_EARLY_READ) {
            *(gen_chance(g, 2) ? &f.rs1 : &f.rs2) = (uint8_t)reg;
        } else if (g->plant == RAND_PLANT_HOME_COMMIT) {
            f = (struct vop_fields){.op = VOP_COMMIT, .imm = 1};
        } else {
            f.rd = (uint8_t)reg;
        }
        gen_put(d, slot, &f);
        return true;
    }
    return false;
}

static void account_write(struct gen *g, unsigned slot, unsigned reg, int64_t done) {
    g->port[slot][done % GEN_PORT_CYCLES] = done;
    g->ready[reg] = done;
    g->recent[g->recent_count++ % GEN_RECENT] = (uint8_t)reg;
    if (g->guest && reg < HOME_COUNT && done > g->home_done) {
        g->home_done = done;
    }
}

void gen_account(struct gen *g, const uint32_t word[ENGINE_SLOTS]) {
    for (unsigned slot = 0; slot < ENGINE_SLOTS; slot++) {
        struct vop_fields f;
        if (!vop_decode(word[slot], slot, &f)) {
            continue;
        }
        int64_t done = g->now + vop_latency[f.op];
        if (vop_info[f.op].writes_rd && f.rd != 0) {
            account_write(g, slot, f.rd, done);
        } else if (f.op == VOP_WRH) {
            unsigned home = gen_reg_value(g, f.rs1) % HOME_COUNT;
            g->port[slot][done % GEN_PORT_CYCLES] = done;
            if (home != 0 && home % ENGINE_SLOTS == slot) {
                account_write(g, slot, home, done);
            }
        } else if (f.op == VOP_CSRW) {
            g->csr_ready[f.imm / 8 % GEN_CSR_BLOCKS] = g->now + CSR_SETTLE_CYCLES;
        }
        slot += (vop_flags[f.op] & OPF_LITERAL) != 0;
    }
}
