/* SPDX-License-Identifier: MIT
 * Which registers somebody may still read, before every reached instruction (program.h, live_in):
 * so that a block need not bring dead values home. Ordinary backward data flow over the blocks.
 *
 * What is assumed beyond the instructions themselves:
 *  - A direct call: what its target reads and what the code after it reads. Nothing counts as
 *    overwritten by the call, so routines of libgcc with conventions of their own are safe.
 *  - A return (jr ra): results a0, a1 and what a caller wants kept: sp, s0, s1 (gp and tp are
 * ordinary registers that calls overwrite, firmware.mk).
 *  - A call through a pointer: arguments a0..a5 and ra besides; a jump through a register other
 * than ra is a tail call or goes to a label of its own function whose address is taken somewhere.
 *  - enter: nothing; translations overwrite all registers.
 * A function with such labels but no such jump breaks the third; then every register counts as live
 * at jumps through registers, everywhere.
 */
#include "translator/aot/aot.h"

#include <stdlib.h>
#include "machine.h"

#define X(n) (1u << (n))
enum { REG_RA = 1 };
static const uint16_t live_kept = X(2) | X(8) | X(9);
static const uint16_t live_arguments = X(10) | X(11) | X(12) | X(13) | X(14) | X(15);
static const uint16_t live_results = X(10) | X(11);

struct flow {
    struct program *p;
    uint32_t *function;   /* of each block: rv_addr of its function, 0: not known */
    uint16_t *taken_live; /* of each block: live at labels of its function whose address is taken */
    bool is_jump_unbounded; /* jumps through registers may go anywhere */
};

static uint32_t function_of(const struct program *p, uint32_t rv_addr) {
    const struct elf_rv *elf = p->elf;
    for (uint32_t i = 0; i < elf->n_symbols; i++) {
        const Elf32_Sym *s = &elf->symbols[i];
        if (ELF32_ST_TYPE(s->st_info) == STT_FUNC && rv_addr - s->st_value < s->st_size)
            return s->st_value;
    }
    return 0;
}

struct effect {
    uint16_t reads, writes;
};

static struct effect intrinsic_effect(uint32_t word) {
    uint16_t rd = (uint16_t)X(word >> 7 & 15u), rs1 = (uint16_t)X(word >> 15 & 15u);
    uint16_t rs2 = (uint16_t)X(word >> 20 & 15u);
    switch (word >> 12 & 7u) {
    case INTRINSIC_CSRR_FUNCT3:
        return (struct effect){0, rd};
    case INTRINSIC_CSRW_FUNCT3:
    case INTRINSIC_ENTER_FUNCT3:
        return (struct effect){rs1, 0};
    case INTRINSIC_RDH_FUNCT3:
        return (struct effect){rs1, rd};
    case INTRINSIC_WRH_FUNCT3:
        return (struct effect){rs1 | rs2, 0};
    default:
        return (struct effect){0, 0};
    }
}

static struct effect insn_effect(const struct aot_insn *insn) {
    struct rv_insn rv;
    struct effect e = {0, 0};
    if ((insn->word & 0x7fu) == AOT_CUSTOM_0)
        return intrinsic_effect(insn->word);
    if (insn->ref == REF_CALL) /* done by its second half */
        return e;
    uint16_t flags = rv_flags[rv_decode(insn->word, &rv)];
    if (flags & RVF_RD)
        e.writes = (uint16_t)X(rv.rd);
    if ((flags & RVF_RS1) && insn->ref != REF_CALL_SECOND)
        e.reads |= (uint16_t)X(rv.rs1);
    if (flags & RVF_RS2)
        e.reads |= (uint16_t)X(rv.rs2);
    return e;
}

static uint16_t live_at(const struct program *p, uint32_t rv_addr) {
    return program_insn(p, rv_addr)->live_in;
}

/* After a jump through a register (that has no link). */
static uint16_t live_after_jump_reg(const struct flow *f, uint32_t block, uint32_t word) {
    if ((word >> 15 & 31u) == REG_RA)
        return live_results | live_kept;
    if (f->is_jump_unbounded || !f->function[block])
        return AOT_LIVE_ALL;
    return f->taken_live[block] | live_arguments | live_kept | X(REG_RA);
}

static uint16_t live_out(const struct flow *f, uint32_t block) {
    const struct program *p = f->p;
    const struct block *b = &p->blocks[block];
    uint32_t next = b->rv_addr + 4 * b->n_insns;
    uint32_t last = program_insn(p, next - 4)->word;
    switch (b->end) {
    case END_FALL:
    case END_JUMP:
        return live_at(p, b->target);
    case END_BRANCH:
    case END_CALL:
        return live_at(p, b->target) | live_at(p, next);
    case END_CALL_REG:
        return live_arguments | live_kept | (uint16_t)X(last >> 7 & 15u) | live_at(p, next);
    case END_JUMP_REG:
        return live_after_jump_reg(f, block, last);
    case END_ENTER:
    case END_STOP:
        return 0;
    }
    return AOT_LIVE_ALL;
}

/* One block, backwards. True when something became live that was not. */
static bool flow_block(const struct flow *f, uint32_t block) {
    struct program *p = f->p;
    struct block *b = &p->blocks[block];
    uint16_t live = b->live_out | live_out(f, block);
    b->live_out = live;
    for (uint32_t i = b->n_insns; i-- > 0;) {
        struct aot_insn *insn = program_insn(p, b->rv_addr + 4 * i);
        struct effect e = insn_effect(insn);
        live = (uint16_t)(((live & ~e.writes) | e.reads) & AOT_LIVE_ALL);
        if (i == 0 && live == insn->live_in)
            return false;
        insn->live_in = live;
    }
    return true;
}

/* Labels whose address is taken, with what is live there, for their functions. */
static void collect_taken(struct flow *f) {
    const struct program *p = f->p;
    for (uint32_t first = 0, end; first < p->n_blocks; first = end) {
        uint16_t live = 0;
        for (end = first; end < p->n_blocks && f->function[end] == f->function[first]; end++) {
            const struct block *b = &p->blocks[end];
            if (b->is_address_taken && b->rv_addr != f->function[end])
                live |= live_at(p, b->rv_addr);
        }
        for (uint32_t i = first; i < end; i++)
            f->taken_live[i] = live;
    }
}

static void mark_taken(struct program *p) {
    for (uint32_t i = 0; i < p->n_data_refs; i++)
        p->blocks[program_block_at(p, p->data_refs[i].target)].is_address_taken = true;
    for (uint32_t i = 0; i < p->n_insns; i++) {
        if (p->insns[i].is_reached && p->insns[i].ref == REF_ADDR_HI)
            p->blocks[program_block_at(p, p->insns[i].target)].is_address_taken = true;
    }
}

/* Is there a label with its address taken in a function that has no jump to it? */
static bool find_strange_label(const struct flow *f) {
    const struct program *p = f->p;
    for (uint32_t first = 0, end; first < p->n_blocks; first = end) {
        bool has_label = false, has_jump = false;
        for (end = first; end < p->n_blocks && f->function[end] == f->function[first]; end++) {
            const struct block *b = &p->blocks[end];
            uint32_t last = b->rv_addr + 4 * (b->n_insns - 1);
            has_label |= b->is_address_taken && b->rv_addr != f->function[end];
            has_jump |=
                b->end == END_JUMP_REG && (program_insn(p, last)->word >> 15 & 31u) != REG_RA;
        }
        if (has_label && !has_jump)
            return true;
    }
    return false;
}

static void clear(struct program *p) {
    for (uint32_t i = 0; i < p->n_insns; i++)
        p->insns[i].live_in = 0;
    for (uint32_t i = 0; i < p->n_blocks; i++)
        p->blocks[i].live_out = 0;
}

uint32_t aot_liveness(struct aot *a) {
    struct program *p = &a->program;
    uint32_t n_dead = 0;
    struct flow f = {.p = p,
                     .function = aot_alloc(p->n_blocks, sizeof *f.function),
                     .taken_live = aot_alloc(p->n_blocks, sizeof *f.taken_live)};
    clear(p);
    mark_taken(p);
    for (uint32_t i = 0; i < p->n_blocks; i++)
        f.function[i] = function_of(p, p->blocks[i].rv_addr);
    f.is_jump_unbounded = find_strange_label(&f);
    bool has_changed = true;
    while (has_changed) {
        has_changed = false;
        collect_taken(&f);
        for (uint32_t i = p->n_blocks; i-- > 0;)
            has_changed |= flow_block(&f, i);
    }
    free(f.function);
    free(f.taken_live);
    for (uint32_t i = 0; i < p->n_blocks; i++)
        n_dead += (uint32_t)__builtin_popcount(AOT_LIVE_ALL & ~(uint32_t)p->blocks[i].live_out);
    return n_dead;
}
