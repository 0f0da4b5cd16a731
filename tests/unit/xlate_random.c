/* SPDX-License-Identifier: MIT
 * The translator against the interpreter: random guest blocks are translated, run on the ISS in
 * guest mode and compared: registers, memory, where they leave; after a fault, that rollback and
 * undo log give the state before; then once more with pointers at any address and loads and stores
 * done byte by byte. Each block is done with several flags, by gear 1 and by the list of passes.
 * Before the block a bundle writes four homes and another does nothing, so that the boundary rule
 * at the entry is used to the full.
 *
 *   xlate_random [-v] FIRST_SEED BLOCKS [native]     native: time the translator alone, no ISS */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine_encode.h"
#include "sim/engine.h"
#include "tests/unit/genblock.h"
#include "translator/front/misaligned.h"
#include "firmware/guest/interp.h"
#include "translator/passes.h"
#include "translator/xlate_impl.h"

enum {
    RAM_BASE = 0x80000000u,
    RAM_BYTES = 0x10000,
    CODE_OFFSET = 0x1000,
    DATA_OFFSET = 0x8000,
    DATA_BYTES = 0x400,
    ENTRY_BUNDLE = 64,
    MISS_BUNDLE = 8,
    HIT_BUNDLE = 9,
    HIT_EXIT = 77,
    BY_LIST = 1 << 16 /* with enum xl_flags: by the list of passes */
};

static struct xl xl;
static struct pass_work work;
static const uint32_t *code; /* of the last translation */
static uint8_t golden_ram[RAM_BYTES];
static bool is_verbose;
static struct misaligned misaligned; /* every pc of the block */

struct run {
    struct engine *engine;
    struct genblock gen;
    uint32_t start; /* of the block in RAM */
    uint32_t x[32]; /* before */
    struct guest_state gs;
    struct interp in;
    struct engine_bundle trap;
    uint32_t bundles;
    uint64_t n_insns, n_bundles, n_blocks, n_faults, n_short;
};

static bool on_bundle(void *ctx, const struct engine_bundle *b) {
    struct run *r = ctx;
    r->bundles++;
    r->trap = *b;
    return !b->is_trap;
}

static void set_initial(struct run *r, uint64_t seed) {
    gen_block(&r->gen, seed);
    memset(golden_ram, 0, sizeof golden_ram);
    r->start = CODE_OFFSET + (uint32_t)(seed & 2); /* half of them between words */
    gen_code(&r->gen, golden_ram + r->start);
    for (uint32_t i = 0; i < DATA_BYTES; i++)
        golden_ram[DATA_OFFSET + i] = (uint8_t)gen_random(&r->gen, 256);
    for (uint32_t i = 1; i < 32; i++) {
        uint32_t kind = gen_random(&r->gen, 4);
        r->x[i] = kind == 0 ? gen_random(&r->gen, 8) - 4
                            : gen_random(&r->gen, 1u << 31) << 1 | (kind & 1);
    }
    r->x[2] = RAM_BASE + DATA_OFFSET + 256;
    r->x[8] = RAM_BASE + DATA_OFFSET + 64 * gen_random(&r->gen, 4);
    r->x[9] = RAM_BASE + DATA_OFFSET + 512;
}

/* Device accesses do not exist here: whatever is outside RAM faults. */
static enum interp_dev_result no_load(void *ctx, uint32_t addr, uint32_t bytes, uint32_t *value) {
    (void)ctx, (void)addr, (void)bytes, (void)value;
    return INTERP_DEV_NONE;
}
static enum interp_dev_result no_store(void *ctx, uint32_t addr, uint32_t bytes, uint32_t value) {
    (void)ctx, (void)addr, (void)bytes, (void)value;
    return INTERP_DEV_NONE;
}
static uint32_t no_csr(void *ctx, enum rv_csr csr) {
    (void)ctx, (void)csr;
    return 0;
}
static const struct interp_dev no_devices = {NULL, no_load, no_store, no_csr, NULL};

/* False: the block faults. */
static bool run_golden(struct run *r, uint32_t n_insns, bool is_bytewise) {
    struct guest_mem mem = {golden_ram, RAM_BASE, RAM_BYTES};
    memcpy(r->gs.x, r->x, sizeof r->x);
    r->gs.log = NULL;
    r->gs.insns = 0;
    interp_init(&r->in, &r->gs, &mem, &no_devices, RAM_BASE + r->start);
    r->in.priv.misaligned_traps = !is_bytewise; /* as translated code sees it */
    while (r->gs.insns < n_insns)
        if (interp_run(&r->in, n_insns - (uint32_t)r->gs.insns) == INTERP_FAULT)
            return false;
    return true;
}

static void put_bundle(struct run *r, uint32_t index, const uint32_t *words) {
    memcpy(r->engine->ops->mem(r->engine, ENGINE_MEM_CODE) + index * 16, words, 16);
}

static void load_code(struct run *r, const struct xl_result *res) {
    const struct engine_ops *ops = r->engine->ops;
    uint32_t entry[4], stub[4] = {0, 0, 0, vop_encode_X(VOP_EXIT, 0)};
    static const uint32_t nothing[4];
    for (uint32_t s = 0; s < 4; s++) {
        uint32_t n = gen_random(&r->gen, 8) * 4 + s;
        entry[s] = vop_encode_I(VOP_ADDI, n >> 2, n, 0);
    }
    put_bundle(r, ENTRY_BUNDLE - 1 - CROSS_EXTRA_CYCLES, entry);
    put_bundle(r, ENTRY_BUNDLE - 1, nothing);
    put_bundle(r, MISS_BUNDLE, stub);
    stub[3] = vop_encode_X(VOP_EXIT, HIT_EXIT);
    put_bundle(r, HIT_BUNDLE, stub);
    for (uint32_t i = 0; i < res->n_bundles; i++)
        put_bundle(r, ENTRY_BUNDLE + i, code + 4 * i);
    for (uint32_t i = 0; i < res->n_exits; i++) {
        stub[3] = vop_encode_X(VOP_EXIT, XL_EXIT_FIRST_DIRECT + i);
        put_bundle(r, ENTRY_BUNDLE + res->exits[i].stub_bundle, stub);
    }
    ops->set_csr(r->engine, CSR_GUEST_MASK, RAM_BYTES - 1);
    ops->set_csr(r->engine, CSR_JT_MISS, MEM_CODE_BASE + MISS_BUNDLE * 16);
    ops->set_csr(r->engine, CSR_JT_FLUSH, 0);
    if (gen_random(&r->gen, 2)) {
        ops->set_csr(r->engine, CSR_JT_TAG, r->in.pc);
        ops->set_csr(r->engine, CSR_JT_INSERT, MEM_CODE_BASE + HIT_BUNDLE * 16);
    }
    for (uint32_t i = 1; i < 32; i++)
        ops->set_reg(r->engine, i, r->x[i]);
}

static void undo(struct engine *e) {
    while (e->ops->csr(e, CSR_UNDO_COUNT) != 0) {
        uint32_t data = e->ops->csr(e, CSR_UNDO_DATA);
        memcpy(e->ops->mem(e, ENGINE_MEM_GUEST) + (e->ops->csr(e, CSR_UNDO_ADDR) - RAM_BASE), &data,
               4);
        e->ops->set_csr(e, CSR_UNDO_POP, 0);
    }
}

static const char *compare_state(struct run *r, const uint32_t *x, const uint8_t *ram) {
    static char text[120];
    for (uint32_t i = 1; i < 32; i++)
        if (r->engine->ops->reg(r->engine, i) != x[i]) {
            snprintf(text, sizeof text, "x%u is %08x, should be %08x", i,
                     r->engine->ops->reg(r->engine, i), x[i]);
            return text;
        }
    if (memcmp(r->engine->ops->mem(r->engine, ENGINE_MEM_GUEST), ram, RAM_BYTES) != 0)
        return "memory differs";
    return NULL;
}

static const char *check_way_out(struct run *r, const struct xl_result *res) {
    uint32_t n = r->trap.trap_addr;
    if (r->trap.cause != TRAP_EXIT)
        return "trap, but the interpreter has no fault";
    if (n == XL_EXIT_INDIRECT || n == HIT_EXIT) {
        uint32_t to = r->engine->ops->reg(r->engine, XL_INDIRECT_PC_REG);
        return res->n_exits != 0 ? "indirect exit"
               : to == r->in.pc  ? NULL
                                 : "wrong indirect target";
    }
    if (n - 1 >= res->n_exits || res->exits[n - 1].guest_target != r->in.pc)
        return "wrong exit";
    return NULL;
}

/* Compares what the block did with what the interpreter says; before: memory before it. */
static const char *judge(struct run *r, const struct xl_result *res, bool ok,
                         const uint8_t *before) {
    if (!ok) {
        r->n_faults++;
        return r->trap.cause == TRAP_EXIT ? "no trap where the interpreter faults"
                                          : compare_state(r, r->x, before);
    }
    r->n_blocks++;
    r->n_insns += res->n_insns;
    r->n_bundles += r->bundles - 2 - CROSS_EXTRA_CYCLES;
    const char *bad = check_way_out(r, res);
    return bad != NULL ? bad : compare_state(r, r->gs.x, golden_ram);
}

/* By gear 1. */
static const char *translate(const struct xl_request *rq, struct xl_result *res) {
    if (xl_translate_block(&xl, rq, res) != XL_OK)
        return "no translation";
    code = xl_code(&xl);
    return xl_check(&xl);
}

static bool lift_by_list(struct pass_work *w, void *ctx) {
    struct xl_request rq = *(const struct xl_request *)ctx;
    rq.flags |= XL_NO_FOLD;
    return lift_block(&w->xl, &rq, rq.max_insns) == XL_OK;
}

/* By the list of passes, all of them. What does not fit is left to gear 1. */
static const char *translate_by_list(struct xl_request *rq, struct xl_result *res) {
    passes_begin(&work, &xl_abi_guest, rq->flags, rq->chaos_seed);
    work.lift = lift_by_list;
    work.ctx = rq;
    if (!passes_run(&work, PASS_LIFT, PASS_CHECK))
        return work.broken != NULL ? work.broken : translate(rq, res);
    *res = (struct xl_result){.n_bundles = work.xl.n_bundles,
                              .n_insns = work.xl.n_insns,
                              .n_ops = work.xl.n_ops,
                              .n_exits = work.xl.n_exits,
                              .exits = work.xl.exits};
    code = xl_code(&work.xl);
    return NULL;
}

static const char *run_block(struct run *r, uint32_t flags, uint32_t chaos, uint32_t likely,
                             bool is_bytewise) {
    const struct engine_ops *ops = r->engine->ops;
    struct guest_mem mem = {golden_ram, RAM_BASE, RAM_BYTES};
    static uint8_t before[RAM_BYTES];
    struct xl_result res;
    struct xl_request rq = {.guest_pc = RAM_BASE + r->start,
                            .mem = &mem,
                            .max_insns = r->gen.n,
                            .flags = flags & ~(uint32_t)BY_LIST,
                            .misaligned = is_bytewise ? &misaligned : NULL,
                            .chaos_seed = chaos,
                            .likely_taken = (int)likely - 1};
    memcpy(before, golden_ram, RAM_BYTES);
    const char *bad = flags & BY_LIST ? translate_by_list(&rq, &res) : translate(&rq, &res);
    if (bad != NULL)
        return bad;
    bool ok = run_golden(r, res.n_insns, is_bytewise);
    load_code(r, &res);
    memcpy(ops->mem(r->engine, ENGINE_MEM_GUEST), before, RAM_BYTES);
    r->bundles = 0;
    ops->set_pc(r->engine, MEM_CODE_BASE + (ENTRY_BUNDLE - 1 - CROSS_EXTRA_CYCLES) * 16, true);
    struct engine_hooks hooks = {.ctx = r, .on_bundle = on_bundle};
    enum engine_stop stop = ops->run(r->engine, &hooks, UINT64_MAX, UINT64_MAX);
    if (stop != ENGINE_HOOK_STOP)
        return stop == ENGINE_ASSERT ? ops->message(r->engine) : "engine stopped";
    undo(r->engine);
    r->n_short += res.n_insns != r->gen.n;
    bad = judge(r, &res, ok, before);
    memcpy(golden_ram, before, RAM_BYTES);
    return bad;
}

static void show(const struct run *r, uint64_t seed, uint32_t flags) {
    char text[80];
    printf("seed %llu flags %u:\n", (unsigned long long)seed, flags);
    uint32_t pc = RAM_BASE + r->start;
    for (uint32_t i = 0; i < r->gen.n; pc += r->gen.lengths[i++]) {
        rv_disasm(r->gen.words[i], pc, text, sizeof text);
        printf("  %s\n", text);
    }
}

static uint32_t run_seed(struct run *r, uint64_t seed, struct run *plain) {
    static const uint32_t flags[] = {
        0, XL_CHAOS, XL_NO_FOLD, XL_NO_PACK, XL_NO_JTL | XL_CHAOS, BY_LIST, BY_LIST | XL_CHAOS};
    uint32_t failures = 0;
    for (uint32_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        struct run *counted = i == 0 ? plain : r;
        set_initial(counted, seed);
        const char *bad = run_block(counted, flags[i], (uint32_t)seed, (uint32_t)(seed % 3), false);
        if (bad != NULL) {
            show(counted, seed, flags[i]);
            printf("  FAILED: %s\n", bad);
            failures++;
        } else if (is_verbose) {
            show(counted, seed, flags[i]);
        }
    }
    return failures;
}

/* Pointers at any address, every load and store byte by byte. */
static uint32_t run_bytewise(struct run *r, uint64_t seed) {
    static const uint32_t flags[] = {0, XL_CHAOS, XL_NO_FOLD, BY_LIST};
    uint32_t failures = 0, pc = RAM_BASE + CODE_OFFSET;
    misaligned_clear(&misaligned);
    for (uint32_t i = 0; i <= 2 * XL_MAX_INSNS; i++)
        misaligned_add(&misaligned, pc + 2 * i);
    for (uint32_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        set_initial(r, seed);
        r->x[2] += gen_random(&r->gen, 4);
        r->x[8] += gen_random(&r->gen, 4);
        r->x[9] += gen_random(&r->gen, 4);
        const char *bad = run_block(r, flags[i], (uint32_t)seed, (uint32_t)(seed % 3), true);
        if (bad != NULL) {
            show(r, seed, flags[i]);
            printf("  FAILED byte by byte: %s\n", bad);
            failures++;
        }
    }
    return failures;
}

/* Translates only; for counting instructions with a profiler. */
static void run_native(struct run *r, uint64_t first, uint64_t n) {
    struct guest_mem mem = {golden_ram, RAM_BASE, RAM_BYTES};
    uint64_t insns = 0, ops = 0;
    for (uint64_t seed = first; seed < first + n; seed++) {
        set_initial(r, seed);
        struct xl_request rq = {
            .guest_pc = RAM_BASE + r->start, .mem = &mem, .max_insns = 32, .likely_taken = -1};
        struct xl_result res;
        if (xl_translate_block(&xl, &rq, &res) == XL_OK)
            insns += res.n_insns, ops += res.n_ops;
    }
    printf("%llu guest instructions, %llu operations\n", (unsigned long long)insns,
           (unsigned long long)ops);
}

int main(int argc, char **argv) {
    static struct run run, plain, bytewise;
    if (argc > 1 && strcmp(argv[1], "-v") == 0)
        is_verbose = true, argc--, argv++;
    if (argc < 3) {
        fprintf(stderr, "usage: xlate_random [-v] FIRST_SEED BLOCKS [native]\n");
        return 2;
    }
    uint64_t first = strtoull(argv[1], NULL, 0), n = strtoull(argv[2], NULL, 0);
    if (argc > 3) {
        run_native(&run, first, n);
        return 0;
    }
    struct engine_boot boot = {.ram_bytes = RAM_BYTES};
    run.engine = plain.engine = bytewise.engine = engine_iss_create();
    run.engine->ops->set_boot(run.engine, &boot);
    uint32_t failures = 0;
    for (uint64_t seed = first; seed < first + n && failures < 5; seed++)
        failures += run_seed(&run, seed, &plain) + run_bytewise(&bytewise, seed);
    printf("seeds %llu..%llu: %u failures; %llu blocks, %llu byte by byte, %llu faults, %llu cut "
           "short; "
           "%.3f bundles per guest instruction\n",
           (unsigned long long)first, (unsigned long long)(first + n - 1), failures,
           (unsigned long long)(run.n_blocks + plain.n_blocks),
           (unsigned long long)bytewise.n_blocks,
           (unsigned long long)(run.n_faults + plain.n_faults), (unsigned long long)plain.n_short,
           (double)plain.n_bundles / (double)plain.n_insns);
    return failures != 0;
}
