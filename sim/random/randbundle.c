/* SPDX-License-Identifier: MIT
 * Random native programs (sim/random/randbundle.h): the program's frame, phases, loops, jumps; runs
 * each bundle as soon as it is composed.
 *
 * CODE: 0 start, HANDLER the trap handler, then one stretch of PHASE_BUNDLES a phase (firmware
 * half, guest half); what is never executed in a stretch holds random words, so that fetching down
 * a wrong path meets everything. FWRAM: LOG_POINTER, RESUME, the log; operations use 0x400 to
 * 0x2fff.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "translator/support/native_text.h"
#include "sim/random/randbundle_impl.h"

enum {
    HANDLER = 32,
    FIRST_PHASE = 128,
    PHASE_BUNDLES = 512,
    GUEST_HALF = 256,
    HALF_LIMIT = 200,
    SCRATCH_BUNDLE = 120000,
    LOG_POINTER = 0x10,
    RESUME = 0x14,
    LOG = 0x10000,
    FWRAM_BYTES = 0x3000,
    GUEST_BYTES = 0x4000,
    FLASH_BYTES = 0x2000,
    GUEST_MASK = 0x1fff,
    DRAIN = 4,
    COUNT_REG = 34, /* of loops */
    UNDO_LOOP = CONFIG_WIDE_UNDO_ENTRIES + 8,
};

static uint8_t *code_at(const struct gen *g, uint32_t index) {
    return g->e->ops->mem(g->e, ENGINE_MEM_CODE) + (size_t)index * BUNDLE_BYTES;
}

static uint32_t address_of(uint32_t index) {
    return MEM_CODE_BASE + index * BUNDLE_BYTES;
}

static uint64_t counter(const struct gen *g, unsigned number) {
    return g->e->ops->csr(g->e, number) | (uint64_t)g->e->ops->csr(g->e, number + 1) << 32;
}

/* A bundle with one operation, given as text, in the first slot that may hold it; at: the slots
 * before it. */
static bool parse_alone(const char *text, unsigned at, uint32_t word[ENGINE_SLOTS]) {
    char bundle[NATIVE_TEXT_BYTES] = "{", error[NATIVE_TEXT_BYTES];
    unsigned taken = strncmp(text, "li32", 4) == 0 ? 2 : 1;
    for (unsigned slot = 0; slot < ENGINE_SLOTS; slot++) {
        const char *here = slot == at ? text : slot == at + 1 && taken == 2 ? "lit" : "nop";
        size_t n = strlen(bundle);
        snprintf(bundle + n, sizeof bundle - n, " %s %s", here,
                 slot + 1 == ENGINE_SLOTS ? "}" : "|");
    }
    return native_parse_bundle(bundle, word, error);
}

/* The same into CODE; a text that fits no slot is a bug of this file. */
static void assemble(struct gen *g, uint32_t index, const char *text) {
    uint32_t word[ENGINE_SLOTS];
    unsigned at = 0;
    while (at < ENGINE_SLOTS && !parse_alone(text, at, word)) {
        at++;
    }
    if (at == ENGINE_SLOTS) {
        snprintf(g->p->message, sizeof g->p->message, "%s: in no slot", text);
        g->is_over = true;
        return;
    }
    memcpy(code_at(g, index), word, sizeof word);
}

static uint64_t issue_clock(const struct gen *g) {
    return counter(g, CSR_CYCLES) - counter(g, CSR_STALLS);
}

/* One bundle on the private ISS; a wait takes several runs. */
static void run_one(struct gen *g) {
    uint64_t before = issue_clock(g);
    enum engine_stop stop;
    do {
        stop = g->e->ops->run(g->e, NULL, counter(g, CSR_CYCLES) + 1, UINT64_MAX);
    } while (stop == ENGINE_CYCLE_LIMIT && issue_clock(g) == before);
    g->p->bundles++;
    if (stop == ENGINE_ASSERT) {
        snprintf(g->p->message, sizeof g->p->message, "%s", g->e->ops->message(g->e));
        g->is_over = true;
    } else if (stop == ENGINE_EXITED) {
        g->is_over = true;
    }
}

static uint32_t index_now(const struct gen *g) {
    return (g->e->ops->pc(g->e) - MEM_CODE_BASE) / BUNDLE_BYTES;
}

static bool is_in_handler(const struct gen *g) {
    return index_now(g) - HANDLER < FIRST_PHASE - HANDLER;
}

static void synchronise(struct gen *g) {
    g->now = (int64_t)issue_clock(g);
    g->guest = g->e->ops->is_guest(g->e);
    g->at = index_now(g);
}

/* After a trap: through the handler, which leaves nothing in flight. */
static void run_handler(struct gen *g) {
    g->is_trapped = true;
    g->p->traps[g->e->ops->csr(g->e, CSR_TRAP_CAUSE) & 15]++;
    while (is_in_handler(g) && !g->is_over) {
        run_one(g);
    }
    synchronise(g);
    for (unsigned i = 0; i < ENGINE_REGS; i++) {
        g->ready[i] = -1;
    }
}

/* Runs until control is at `until`, in a trap, or over. */
static void run_until(struct gen *g, uint32_t until) {
    do {
        run_one(g);
    } while (index_now(g) != until && !is_in_handler(g) && !g->is_over);
    if (is_in_handler(g) && !g->is_over) {
        run_handler(g);
    }
}

/* Appends a bundle; in a loop's body it is not executed yet. */
static void emit(struct gen *g, const struct draft *d) {
    if (g->is_over || g->is_trapped) {
        return;
    }
    memcpy(code_at(g, g->at), d->word, BUNDLE_BYTES);
    gen_account(g, d->word);
    if (g->in_loop) {
        g->now++;
        g->at++;
        return;
    }
    run_one(g);
    if (d->leaves_code && !is_in_handler(g)) {
        run_one(g);
    }
    if (is_in_handler(g)) {
        run_handler(g);
        return;
    }
    synchronise(g);
}

static void emit_drain(struct gen *g) {
    for (unsigned i = 0; i < DRAIN; i++) {
        emit(g, &(struct draft){0});
    }
}

/* An operation by its text; what it does must be legal with nothing in flight. */
static void emit_text(struct gen *g, const char *text) {
    struct draft d = {0};
    emit_drain(g);
    if (g->is_over || g->is_trapped) {
        return;
    }
    assemble(g, g->at, text);
    memcpy(d.word, code_at(g, g->at), BUNDLE_BYTES);
    emit(g, &d);
}

static void emit_random(struct gen *g) {
    struct draft d = {0};
    if (g->is_over || g->is_trapped) {
        return;
    }
    if (g->plant != RAND_PLANT_NONE && !g->in_loop &&
        gen_chance(g, g->plant == RAND_PLANT_HOME_COMMIT ? 1 : 8) && gen_plant(g, &d)) {
        g->p->is_planted = true;
        g->p->planted_pc = address_of(g->at);
        emit(g, &d);
        g->is_over = true;
        return;
    }
    if (g->may_trap && !g->in_loop && gen_chance(g, 40)) {
        gen_put_trap(g, &d);
    }
    if (!gen_chance(g, 10)) {
        gen_fill(g, &d);
    }
    emit(g, &d);
}

static void emit_skip(struct gen *g) {
    struct draft d = {0};
    int rd = gen_pick_dest(g, UNIT_BRANCH_SLOT, vop_latency[VOP_JL], &d);
    struct vop_fields f = {.op = rd < 0 ? VOP_J : VOP_JL};
    f.rd = rd < 0 ? 0 : (uint8_t)rd;
    f.imm = (int32_t)(g->at + 1 + gen_random(g, 6));
    gen_put(&d, UNIT_BRANCH_SLOT, &f);
    g->no_control = true;
    gen_fill(g, &d);
    g->no_control = false;
    emit(g, &d);
}

/* jr, jlr or enter to a bundle: constant, a few random bundles, the jump as soon as or later than
 * the register is ready. */
static void emit_register_jump(struct gen *g, enum vop op, uint32_t target) {
    struct draft d = {0};
    int reg = gen_pick_dest(g, 0, vop_latency[VOP_LI32], &d);
    bool may_trap = g->may_trap;
    if (reg <= 0 || g->is_trapped || g->is_over) {
        return;
    }
    gen_put(&d, 0, &(struct vop_fields){.op = VOP_LI32, .rd = (uint8_t)reg});
    d.word[1] = address_of(target);
    d.used |= 2;
    g->no_control = true;
    g->keep |= 1ull << reg;
    emit(g, &d);
    unsigned between = 1 + gen_random(g, 3);
    for (unsigned i = 0; i < between || !gen_is_ready(g, (unsigned)reg, UNIT_BRANCH_SLOT); i++) {
        emit_random(g);
        if (g->is_over || g->is_trapped) {
            break;
        }
    }
    d = (struct draft){0};
    int link = op == VOP_JLR ? gen_pick_dest(g, UNIT_BRANCH_SLOT, vop_latency[op], &d) : 0;
    op = op == VOP_JLR && link < 0 ? VOP_JR : op;
    gen_put(&d, UNIT_BRANCH_SLOT,
            &(struct vop_fields){op, link > 0 ? (uint8_t)link : UNIT_BRANCH_SLOT, (uint8_t)reg, 0,
                                 0, 0});
    g->no_control = true;
    gen_fill(g, &d);
    emit(g, &d);
    g->no_control = false;
    g->may_trap = may_trap;
    g->keep &= ~(1ull << reg);
}

/* A counted loop: body composed first, then run. Drained at head and tail, so every iteration is
 * legal. */
static void emit_loop(struct gen *g, unsigned bodies, unsigned iterations, bool has_store) {
    struct draft d = {0};
    struct vop_fields f = {.op = VOP_LI, .rd = COUNT_REG, .imm = (int32_t)iterations};
    emit_drain(g);
    if (g->keep >> f.rd & 1) {
        return;
    }
    gen_put(&d, COUNT_REG % ENGINE_SLOTS, &f);
    g->keep |= 1ull << f.rd;
    emit(g, &d);
    emit_drain(g);
    uint32_t head = g->at;
    bool was_trapped = g->is_trapped;
    g->in_loop = true;
    for (unsigned i = 0; i < bodies; i++) {
        emit_random(g);
    }
    d = (struct draft){0};
    f = (struct vop_fields){.op = VOP_ADDI, .rd = COUNT_REG, .rs1 = COUNT_REG, .imm = -1};
    emit_drain(g);
    gen_put(&d, COUNT_REG % ENGINE_SLOTS, &f);
    if (has_store) {
        f = (struct vop_fields){.op = VOP_SB, .rs1 = g->pointer[1], .rs2 = COUNT_REG};
        gen_put(&d, UNIT_STORE_SLOT, &f);
    }
    emit(g, &d);
    emit_drain(g);
    d = (struct draft){0};
    f = (struct vop_fields){.op = VOP_BNE, .rs1 = COUNT_REG, .pred = (uint8_t)gen_random(g, 2)};
    f.imm = (int32_t)(head - g->at);
    gen_put(&d, UNIT_BRANCH_SLOT, &f);
    emit(g, &d);
    g->in_loop = false;
    g->keep &= ~(1ull << COUNT_REG);
    if (!g->is_over && !was_trapped) {
        run_until(g, g->at);
        if (!g->is_trapped && !g->is_over) {
            synchronise(g);
        }
    }
}

static void emit_stretch(struct gen *g, unsigned bundles, uint32_t limit) {
    for (unsigned i = 0; i < bundles && g->at < limit; i++) {
        if (g->is_over || g->is_trapped) {
            return;
        }
        switch (gen_random(g, 24)) {
        case 0:
            emit_skip(g);
            break;
        case 1:
            emit_register_jump(g, gen_chance(g, 2) ? VOP_JR : VOP_JLR,
                               g->at + 9 + gen_random(g, 8));
            break;
        case 2:
            emit_loop(g, 1 + gen_random(g, 7), 1 + gen_random(g, 5), false);
            break;
        default:
            emit_random(g);
        }
    }
}

/* Sets up the registers that hold addresses, where li32 can write them, never written while the
 * phase lasts.
 */
static void emit_pointers(struct gen *g) {
    const uint32_t value[GEN_POINTERS] = {0x2000, MEM_GUEST_BASE + 0x800, MEM_GUEST_BASE + 0x1800,
                                          gen_chance(g, 2) ? MEM_FLASH_BASE + 0x800
                                                           : address_of(SCRATCH_BUNDLE)};
    g->keep = 1ull << COUNT_REG;
    for (unsigned i = 0; i < GEN_POINTERS; i++) {
        char text[64];
        unsigned reg = 4 + 8 * i + 4 * gen_random(g, 2) + 2 * gen_random(g, 2);
        reg = reg == COUNT_REG ? 32 : reg;
        snprintf(text, sizeof text, "li32 r%u, 0x%x", reg, (unsigned)value[i]);
        emit_text(g, text);
        g->pointer[i] = (uint8_t)reg;
        g->pointer_value[i] = value[i];
        g->keep |= 1ull << reg;
    }
    g->keep &= ~(1ull << COUNT_REG);
}

static void emit_word_store(struct gen *g, uint32_t address, uint32_t value) {
    char text[80];
    snprintf(text, sizeof text, "li32 r60, 0x%x", (unsigned)value);
    emit_text(g, text);
    snprintf(text, sizeof text, "sw r60, %u(r0)", (unsigned)address);
    emit_text(g, text);
}

static void emit_timer(struct gen *g) {
    char text[80];
    uint32_t at = (uint32_t)counter(g, CSR_CYCLES) + 60 + gen_random(g, 300);
    snprintf(text, sizeof text, "li32 r62, 0x%x", (unsigned)at);
    emit_text(g, text);
    emit_text(g, "csrw r62, timer_cmp");
    snprintf(text, sizeof text, "li r62, %u", (unsigned)gen_random(g, 2));
    emit_text(g, text);
    emit_text(g, "csrw r62, timer_on");
}

/* In two phases of three: old hits are forgotten. In every other: some granules around the guest
 * RAM pointers are protected, or no longer. */
static void emit_protection(struct gen *g) {
    char text[80];
    if (!gen_chance(g, 3)) {
        emit_text(g, "csrw r0, prot_hit");
    }
    for (unsigned n = gen_chance(g, 2) ? 1 + gen_random(g, 6) : 0; n > 0; n--) {
        uint32_t address = gen_random(g, GUEST_MASK + 1) | gen_random(g, 16) << 28;
        snprintf(text, sizeof text, "li32 r62, 0x%x", (unsigned)address);
        emit_text(g, text);
        emit_text(g, gen_chance(g, 2) ? "csrw r62, prot_set" : "csrw r62, prot_clear");
    }
}

static void fill_randomly(struct gen *g, uint8_t *bytes, size_t count) {
    for (size_t i = 0; i < count; i++) {
        bytes[i] = (uint8_t)gen_random(g, 256);
    }
}

static void emit_phase(struct gen *g, uint32_t phase) {
    uint32_t base = FIRST_PHASE + phase * PHASE_BUNDLES;
    fill_randomly(g, code_at(g, base), PHASE_BUNDLES * BUNDLE_BYTES);
    g->is_trapped = false;
    g->at = base;
    emit_word_store(g, RESUME, address_of(base + PHASE_BUNDLES));
    emit_pointers(g);
    emit_timer(g);
    emit_protection(g);
    g->may_trap = gen_chance(g, 4);
    emit_stretch(g, 10 + gen_random(g, 60), base + HALF_LIMIT);
    while (!g->is_over && !g->is_trapped && !g->guest) {
        emit_drain(g);
        emit_register_jump(g, VOP_ENTER, base + GUEST_HALF);
    }
    g->may_trap = true;
    if (gen_chance(g, 24)) {
        emit_loop(g, 1, UNDO_LOOP, true);
    }
    emit_stretch(g, 10 + gen_random(g, 80), base + GUEST_HALF + HALF_LIMIT);
    emit_text(g, "exit 77");
}

/* A line of the log: what the trap was, and the counters. */
static const char *const handler_log[] = {
    "lw r48, 0x10(r0)",        "csrr r50, trap_cause",
    "csrr r54, trap_pc",       "csrr r58, trap_addr",
    "csrr r62, trap_mode",     "sw r50, 0(r48)",
    "csrr r50, commit_pc",     "sw r54, 4(r48)",
    "csrr r54, cycles",        "sw r58, 8(r48)",
    "csrr r58, insns_guest",   "sw r62, 12(r48)",
    "csrr r62, cycles_guest",  "sw r50, 16(r48)",
    "csrr r50, bundles_guest", "sw r54, 20(r48)",
    "csrr r54, branch_misses", "sw r58, 24(r48)",
    "csrr r58, jt_hits",       "sw r62, 28(r48)",
    "csrr r62, rollbacks",     "sw r50, 32(r48)",
    "csrr r50, stalls",        "sw r54, 36(r48)",
    "csrr r54, prot_hit",      "sw r58, 40(r48)",
    "csrw r0, prot_hit",       "sw r62, 44(r48)",
    "sw r50, 48(r48)",         "sw r54, 52(r48)",
    "addi r48, r48, 64",       "nop",
    "sw r48, 0x10(r0)",
};

/* Puts back what the undo log holds, and goes on with the next phase. */
static const char *const handler_undo[] = {
    "csrr r50, undo_count",
    "nop",
    "nop",
    "nop",
    "beq r50, r0, 9",
    "csrr r54, undo_addr",
    "csrr r58, undo_data",
    "nop",
    "nop",
    "csrw r0, undo_pop",
    "sw r58, 0(r54)",
    "nop",
    "beq+ r0, r0, -12",
    "lw r52, 0x14(r0)",
    "nop",
    "nop",
    "jr r52",
};

static void write_handler(struct gen *g) {
    enum { LOG_BUNDLES = sizeof handler_log / sizeof handler_log[0] };
    enum { UNDO_BUNDLES = sizeof handler_undo / sizeof handler_undo[0] };
    const unsigned undo = HANDLER + LOG_BUNDLES;
    static_assert(HANDLER + LOG_BUNDLES + UNDO_BUNDLES <= FIRST_PHASE, "the handler's place");
    for (uint32_t i = 0; i < LOG_BUNDLES; i++) {
        assemble(g, HANDLER + i, handler_log[i]);
    }
    for (uint32_t i = 0; i < UNDO_BUNDLES; i++) {
        assemble(g, undo + i, handler_undo[i]);
    }
}

static void write_start(struct gen *g) {
    char text[8][80] = {0};
    snprintf(text[0], sizeof text[0], "li32 r34, 0x%x", (unsigned)address_of(HANDLER));
    snprintf(text[1], sizeof text[1], "li r38, %d", GUEST_MASK);
    snprintf(text[2], sizeof text[2], "csrw r34, tvec");
    snprintf(text[3], sizeof text[3], "csrw r38, guest_mask");
    snprintf(text[4], sizeof text[4], "j %d", FIRST_PHASE);
    for (uint32_t i = 0; i < 5; i++) {
        assemble(g, i, text[i]);
    }
}

/* The memories before the first bundle; log pointer and registers' worth of random data. */
static void prepare(struct gen *g, struct rand_native *p) {
    uint32_t log = LOG;
    fill_randomly(g, p->fwram, FWRAM_BYTES);
    fill_randomly(g, p->guest, GUEST_BYTES);
    fill_randomly(g, p->flash, FLASH_BYTES);
    memcpy(p->fwram + LOG_POINTER, &log, sizeof log);
    rand_native_load(p, g->e);
    write_start(g);
    write_handler(g);
    for (unsigned i = 0; i < ENGINE_REGS; i++) {
        g->ready[i] = -1;
    }
}

static void make_phases(struct gen *g, const struct rand_native_request *rq) {
    g->at = 0;
    run_until(g, FIRST_PHASE);
    synchronise(g);
    for (uint32_t i = 0; i < rq->phases && !g->is_over; i++) {
        g->plant = i + 1 == rq->phases ? rq->plant : RAND_PLANT_NONE;
        emit_phase(g, i);
    }
    g->is_trapped = false;
    if (!g->is_over) {
        emit_drain(g);
        assemble(g, g->at, "csrw r0, sys_exit");
        char text[64];
        snprintf(text, sizeof text, "j %u", (unsigned)g->at + 1);
        assemble(g, g->at + 1, text);
        run_one(g);
    }
}

static bool allocate(struct rand_native *p, uint32_t phases) {
    p->code_bytes = (FIRST_PHASE + (phases + 1) * PHASE_BUNDLES) * BUNDLE_BYTES;
    p->code = calloc(1, p->code_bytes);
    p->fwram = calloc(1, FWRAM_BYTES);
    p->guest = calloc(1, GUEST_BYTES);
    p->flash = calloc(1, FLASH_BYTES);
    return p->code != NULL && p->fwram != NULL && p->guest != NULL && p->flash != NULL;
}

bool rand_native_make(struct rand_native *p, const struct rand_native_request *rq) {
    struct gen g = {.p = p, .rng = (rq->seed + 1) * 0x9e3779b97f4a7c15ull, .e = NULL};
    *p = (struct rand_native){.seed = rq->seed};
    if (!allocate(p, rq->phases) || (g.e = engine_iss_create()) == NULL) {
        snprintf(p->message, sizeof p->message, "out of memory");
        return false;
    }
    prepare(&g, p);
    make_phases(&g, rq);
    p->cycles = counter(&g, CSR_CYCLES);
    memcpy(p->code, g.e->ops->mem(g.e, ENGINE_MEM_CODE), p->code_bytes);
    g.e->ops->destroy(g.e);
    return p->is_planted || p->message[0] == '\0';
}

void rand_native_load(const struct rand_native *p, struct engine *e) {
    const struct engine_boot boot = {.flash_bytes = FLASH_BYTES, .ram_bytes = GUEST_BYTES};
    e->ops->set_boot(e, &boot);
    memcpy(e->ops->mem(e, ENGINE_MEM_CODE), p->code, p->code_bytes);
    memcpy(e->ops->mem(e, ENGINE_MEM_FWRAM), p->fwram, FWRAM_BYTES);
    memcpy(e->ops->mem(e, ENGINE_MEM_GUEST), p->guest, GUEST_BYTES);
    memcpy(e->ops->mem(e, ENGINE_MEM_FLASH), p->flash, FLASH_BYTES);
}

void rand_native_free(struct rand_native *p) {
    free(p->code);
    free(p->fwram);
    free(p->guest);
    free(p->flash);
    *p = (struct rand_native){0};
}
