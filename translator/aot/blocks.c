/* SPDX-License-Identifier: MIT
 * Basic blocks of the firmware (program.h): everything that can be reached from the entry point,
 * from code pointers in data, and from code addresses that reached code makes. What cannot be
 * reached is not translated. Blocks are in address order, so that a block's fall-through is the
 * next one.
 */
#include "translator/aot/aot.h"

#include <stdlib.h>
#include "machine.h"

struct work {
    uint32_t *items; /* rv_addr of leaders to walk from */
    uint32_t n;
};

static bool is_link(uint32_t word) {
    return (word >> 7 & 31u) != 0;
}

static void add_leader(struct program *p, struct work *work, uint32_t rv_addr, uint32_t from) {
    struct aot_insn *insn = program_insn(p, rv_addr);
    if (!insn || insn->ref == REF_CALL_SECOND)
        aot_die("%s: jump to 0x%08x, which is no instruction, from %s", p->elf->path, rv_addr,
                program_where(p, from));
    if (!insn->is_leader) {
        insn->is_leader = true;
        work->items[work->n++] = rv_addr;
    }
}

/* END_FALL when the instruction does not end a block. */
static enum block_end end_kind(const struct program *p, uint32_t rv_addr, uint32_t *target) {
    const struct aot_insn *insn = program_insn(p, rv_addr);
    struct rv_insn rv;
    *target = insn->target;
    if (insn->ref == REF_CALL_SECOND)
        return is_link(insn->word) ? END_CALL : END_JUMP;
    if ((insn->word & 0x7fu) == AOT_CUSTOM_0) {
        uint32_t funct3 = insn->word >> 12 & 7u;
        return funct3 == INTRINSIC_ENTER_FUNCT3  ? END_ENTER
               : funct3 == INTRINSIC_EXIT_FUNCT3 ? END_STOP
                                                 : END_FALL;
    }
    enum rv_op op = rv_decode(insn->word, &rv);
    if (op == RV_ILLEGAL || ((rv_flags[op] & RVF_SLOW) && op != RV_EBREAK))
        aot_die("%s: instruction 0x%08x at %s is not supported", p->elf->path, insn->word,
                program_where(p, rv_addr));
    if (rv.rd > 15 || rv.rs1 > 15 || rv.rs2 > 15)
        aot_die("%s: register above x15 at %s", p->elf->path, program_where(p, rv_addr));
    *target = rv_addr + (uint32_t)rv.imm;
    if (op == RV_EBREAK)
        return END_STOP;
    if (op == RV_JAL)
        return rv.rd ? END_CALL : END_JUMP;
    if (op == RV_JALR)
        return rv.rd ? END_CALL_REG : END_JUMP_REG;
    return rv_flags[op] & RVF_BRANCH ? END_BRANCH : END_FALL;
}

static bool has_target(enum block_end end) {
    return end == END_BRANCH || end == END_JUMP || end == END_CALL;
}

static bool has_next(enum block_end end) {
    return end == END_BRANCH || end == END_CALL || end == END_CALL_REG;
}

/* Marks what is reached in a straight line from a leader; new leaders go to the work list. */
static void walk(struct program *p, struct work *work, uint32_t rv_addr) {
    for (;; rv_addr += 4) {
        struct aot_insn *insn = program_insn(p, rv_addr);
        if (!insn)
            aot_die("%s: runs off the text at 0x%08x", p->elf->path, rv_addr);
        if (insn->is_reached)
            return;
        insn->is_reached = true;
        if (insn->ref == REF_ADDR_HI)
            add_leader(p, work, insn->target, rv_addr);
        uint32_t target;
        enum block_end end = end_kind(p, rv_addr, &target);
        if (has_target(end))
            add_leader(p, work, target, rv_addr);
        if (has_next(end))
            add_leader(p, work, rv_addr + 4, rv_addr);
        if (end != END_FALL)
            return;
    }
}

static void cut_blocks(struct program *p) {
    p->blocks = aot_alloc(p->n_insns, sizeof *p->blocks);
    for (uint32_t i = 0; i < p->n_insns;) {
        if (!p->insns[i].is_reached) {
            i++;
            continue;
        }
        struct block *b = &p->blocks[p->n_blocks++];
        b->rv_addr = p->base + 4 * i;
        b->live_out = AOT_LIVE_ALL;
        do {
            uint32_t rv_addr = p->base + 4 * i;
            p->insns[i++].live_in = AOT_LIVE_ALL;
            b->n_insns++;
            b->end = end_kind(p, rv_addr, &b->target);
            if (b->end == END_FALL)
                b->target = rv_addr + 4;
        } while (b->end == END_FALL && !p->insns[i].is_leader);
    }
}

uint32_t aot_blocks(struct aot *a) {
    struct program *p = &a->program;
    struct work work = {.items = aot_alloc(p->n_insns, sizeof *work.items)};
    add_leader(p, &work, p->elf->header->e_entry, p->elf->header->e_entry);
    for (uint32_t i = 0; i < p->n_data_refs; i++)
        add_leader(p, &work, p->data_refs[i].target, p->data_refs[i].address);
    while (work.n)
        walk(p, &work, work.items[--work.n]);
    cut_blocks(p);
    free(work.items);
    return p->n_blocks;
}

uint32_t program_block_at(const struct program *p, uint32_t rv_addr) {
    uint32_t low = 0, high = p->n_blocks;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (p->blocks[middle].rv_addr < rv_addr)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == p->n_blocks || p->blocks[low].rv_addr != rv_addr)
        aot_die("no block at %s", program_where(p, rv_addr));
    return low;
}
