/* SPDX-License-Identifier: MIT
 * The reset line, pulled whatever the core is doing: a core that was stopped in the middle of
 * something runs the next random program as the ISS does from the start, record by record. What it
 * was doing: a guest with a full undo log, a wait, or a random program, cut off in any cycle.
 * Between the programs the test clears what a reset leaves alone: memories, registers, protection
 * bits and jump-target table; so what is cut off fills none of the latter two.
 *
 *   reset_test [first-seed [programs]]
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine_encode.h"
#include "sim/lockstep/lockstep_native.h"
#include "sim/random/randbundle.h"
#include "sim/rtl/engine_rtl.h"
#include "tests/native/native_put.h"

enum { MAX_CYCLES = 400000, PHASES = 12, NO_CSR = 0x7f00, CLEARED_BYTES = 1 << 20 };

/* Guest mode in bundle 8; stores until the log is full, then the handler (bundle 12). */
static const char *const fill_log[] = {
    "0 li32 r36, @12",
    "0 li32 r40, @8",
    "2 csrw r36, tvec",
    "0 li32 r36, 0x80000000",
    "-",
    "-",
    "3 enter r40",
    "-",
    "1 sw r36, 0(r36) ; 2 commit 1",
    "0 addi r4, r4, 4", /* a home is dirty */
    "0 addi r36, r36, 4 ; 1 sw r36, 0(r36)",
    "3 j 10",
    "3 j 12",
    NULL,
};
/* A division under way, the timer on and due, a wait that would end in cycle 20,000. */
static const char *const wait_long[] = {
    "0 addi r4, r0, 7 ; 1 addi r5, r0, 1",
    "2 li r62, 20000",
    "2 csrw r62, timer_cmp",
    "2 csrw r5, timer_on",
    "-",
    "-",
    "2 div r62, r4",
    "2 wait 1",
    "3 j 8",
    NULL,
};
/* Each protection bit and each entry of the jump-target table that a random program may set. */
static const char *const clear_tables[] = {
    "0 li32 r32, 0x80000000",
    "2 li r62, 2048",
    "3 li r35, 0",
    "2 csrw r32, prot_clear",
    "2 csrw r35, jt_tag",
    "2 csrw r0, jt_insert ; 3 addi r35, r35, 2",
    "2 addi r62, r62, -1",
    "0 addi r32, r32, 512",
    "3 bne+ r62, r0, -5",
    "-",
    "2 csrw r0, sys_exit",
    "3 j 11",
    NULL,
};

static void write_program(struct engine *e, const char *const *program) {
    memset(e->ops->mem(e, ENGINE_MEM_CODE), 0, CLEARED_BYTES);
    native_put_all(e, program);
}

/* After a reset, all that it left alone. */
static void clear(struct engine *e) {
    write_program(e, clear_tables);
    if (e->ops->run(e, NULL, MAX_CYCLES, UINT64_MAX) != ENGINE_EXITED) {
        puts("the program that clears the tables does not end");
        exit(1);
    }
}

static void clear_memories(struct engine *e) {
    memset(e->ops->mem(e, ENGINE_MEM_CODE), 0, CLEARED_BYTES);
    memset(e->ops->mem(e, ENGINE_MEM_FWRAM), 0, e->ops->mem_bytes(e, ENGINE_MEM_FWRAM));
    memset(e->ops->mem(e, ENGINE_MEM_GUEST), 0, CLEARED_BYTES);
    for (unsigned i = 1; i < ENGINE_REGS; i++)
        e->ops->set_reg(e, i, 0);
}

static void leave_tables_alone(struct rand_native *p) {
    for (uint32_t at = 4 * UNIT_CSR_SLOT; at < p->code_bytes; at += BUNDLE_BYTES) {
        struct vop_fields f;
        uint32_t word;
        memcpy(&word, p->code + at, 4);
        if (vop_decode(word, UNIT_CSR_SLOT, &f) && f.op == VOP_CSRW &&
            (f.imm == CSR_JT_INSERT || f.imm == CSR_PROT_SET)) {
            f.imm = NO_CSR;
            word = vop_encode(&f);
            memcpy(p->code + at, &word, 4);
        }
    }
}

static bool make(struct rand_native *p, uint64_t seed) {
    struct rand_native_request rq = {.seed = seed, .phases = PHASES};
    if (rand_native_make(p, &rq))
        return true;
    fprintf(stderr, "seed %" PRIu64 ": %s\n", seed, p->message);
    return false;
}

/* Something that is cut off in a cycle that depends on the seed. */
static bool interrupt_work(struct engine *rtl, uint64_t seed) {
    uint64_t cycles = 2000 + seed * 37 % 101;
    bool is_random = seed % 4 >= 2; /* without the tables it may go astray */
    if (seed % 4 == 0) {
        write_program(rtl, fill_log);
    } else if (seed % 4 == 1) {
        write_program(rtl, wait_long);
    } else {
        struct rand_native p;
        if (!make(&p, seed + 500000))
            return false;
        leave_tables_alone(&p);
        rand_native_load(&p, rtl);
        cycles = 100 + seed * 7919 % p.cycles;
        rand_native_free(&p);
    }
    if (rtl->ops->run(rtl, NULL, cycles, UINT64_MAX) == ENGINE_CYCLE_LIMIT || is_random)
        return true;
    fprintf(stderr, "what is to be cut off has stopped: %s\n", rtl->ops->message(rtl));
    return false;
}

static bool is_same_as_iss(struct engine *rtl, uint64_t seed, uint64_t *bundles) {
    static struct lockstep_native_result result;
    struct rand_native p;
    if (!make(&p, seed))
        return false;
    struct engine *iss = engine_iss_create();
    rand_native_load(&p, iss);
    rand_native_load(&p, rtl);
    bool is_same = lockstep_native(iss, rtl, MAX_CYCLES, &result);
    is_same &= result.stop == ENGINE_EXITED && result.bundles == p.bundles;
    if (!is_same)
        fprintf(stderr, "after a reset, seed %" PRIu64 ": stop %d, bundle %" PRIu64 "\n%s%s\n",
                seed, result.stop, result.bundles, result.report, rtl->ops->message(rtl));
    *bundles += result.bundles;
    iss->ops->destroy(iss);
    rand_native_free(&p);
    return is_same;
}

int main(int argc, char **argv) {
    uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 0) : 1;
    uint64_t programs = argc > 2 ? strtoull(argv[2], NULL, 0) : 20;
    uint64_t bundles = 0;
    struct engine *rtl = engine_rtl_create();
    for (uint64_t seed = first; seed < first + programs; seed++) {
        if (!interrupt_work(rtl, seed))
            return 1;
        engine_rtl_reset(rtl);
        clear_memories(rtl);
        if (!is_same_as_iss(rtl, seed, &bundles))
            return 1;
        engine_rtl_reset(rtl);
        clear(rtl);
        engine_rtl_reset(rtl);
    }
    rtl->ops->destroy(rtl);
    printf("%" PRIu64 " resets in the middle of something; then %" PRIu64
           " bundles equal on ISS and RTL\n",
           programs, bundles);
    return 0;
}
