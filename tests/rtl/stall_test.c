/* SPDX-License-Identifier: MIT
 * Random native programs with memories that are not ready at random moments: everything but cycles
 * must be as on the ISS, record by record, and at the end in registers and memories. Time is taken
 * out of the programs first (csrr of cycle counters, of the platform time and of SPI_DATA read 0,
 * the timer stays off); where that changes a program's way into a broken rule, the way to there
 * counts.
 *
 *   stall_test [first-seed [programs [phases]]]
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/rtl/engine_rtl.h"
#include "tests/rtl/drop_csr.h"

enum { MAX_CYCLES = 400000, MAX_RECORDS = 400000, IN_FLIGHT = 3 };

struct session {
    struct engine_bundle *records;
    size_t count, next;
    bool is_different;
};

static bool is_time(int32_t number) {
    switch (number & ~1) {
    case CSR_CYCLES:
    case CSR_CYCLES_GUEST:
    case CSR_STALLS:
    case CSR_TIME_TICKS:
    case CSR_SPI_DATA:
        return true;
    default:
        return false;
    }
}

static bool is_of_time(const struct vop_fields *f) {
    return (f->op == VOP_CSRR && is_time(f->imm)) || (f->op == VOP_CSRW && f->imm == CSR_TIMER_ON);
}

static bool on_expected(void *ctx, const struct engine_bundle *b) {
    struct session *s = ctx;
    if (s->count == MAX_RECORDS) {
        return false;
    }
    s->records[s->count] = *b;
    s->records[s->count].cycle = 0;
    s->count++;
    return true;
}

/* Fields that mean nothing in a record are cleared in both. */
static void normalise(struct engine_bundle *b) {
    b->cycle = 0;
    for (unsigned i = 0; i < ENGINE_SLOTS; i++) {
        if (b->is_trap || !(b->write_mask >> i & 1)) {
            b->write_reg[i] = 0;
            b->write_value[i] = 0;
        }
    }
    b->write_mask = b->is_trap ? 0 : b->write_mask;
    b->is_store &= !b->is_trap;
    b->is_commit &= !b->is_trap;
    if (!b->is_store) {
        b->store_addr = b->store_data = b->store_bytes = 0;
    }
    b->commit_insns = b->is_commit ? b->commit_insns : 0;
    b->cause = b->is_trap ? b->cause : 0;
    b->trap_addr = b->is_trap ? b->trap_addr : 0;
}

static bool is_equal(struct engine_bundle a, struct engine_bundle b) {
    normalise(&a);
    normalise(&b);
    bool is_same = a.pc == b.pc && a.is_guest == b.is_guest && a.is_trap == b.is_trap &&
                   a.cause == b.cause && a.trap_addr == b.trap_addr && a.write_mask == b.write_mask;
    is_same &= memcmp(a.write_reg, b.write_reg, sizeof a.write_reg) == 0;
    is_same &= memcmp(a.write_value, b.write_value, sizeof a.write_value) == 0;
    is_same &= a.is_store == b.is_store && a.store_addr == b.store_addr &&
               a.store_data == b.store_data && a.store_bytes == b.store_bytes;
    return is_same && a.is_commit == b.is_commit && a.commit_insns == b.commit_insns;
}

static void print_bundle(const char *who, const struct engine_bundle *b) {
    fprintf(stderr, "%s pc %08x guest %d trap %d cause %u addr %08x", who, (unsigned)b->pc,
            b->is_guest, b->is_trap, (unsigned)b->cause, (unsigned)b->trap_addr);
    for (unsigned i = 0; i < ENGINE_SLOTS; i++) {
        if (b->write_mask >> i & 1) {
            fprintf(stderr, " r%u=%08x", b->write_reg[i], (unsigned)b->write_value[i]);
        }
    }
    fprintf(stderr, " store %d [%08x]%u=%08x commit %d\n", b->is_store, (unsigned)b->store_addr,
            (unsigned)b->store_bytes, (unsigned)b->store_data, b->is_commit);
}

static bool on_compared(void *ctx, const struct engine_bundle *b) {
    struct session *s = ctx;
    if (s->next == s->count) {
        return false;
    }
    if (!is_equal(s->records[s->next], *b)) {
        fprintf(stderr, "first difference at bundle %zu\n", s->next);
        print_bundle("iss", &s->records[s->next]);
        print_bundle("rtl", b);
        s->is_different = true;
        return false;
    }
    s->next++;
    return true;
}

static bool is_end_equal(struct engine *a, struct engine *b) {
    static const enum engine_mem which[] = {ENGINE_MEM_FWRAM, ENGINE_MEM_GUEST};
    bool is_same = true;
    for (unsigned i = 0; i < ENGINE_REGS; i++) {
        is_same &= a->ops->reg(a, i) == b->ops->reg(b, i);
    }
    for (unsigned i = 0; i < 2; i++) {
        is_same &= memcmp(a->ops->mem(a, which[i]), b->ops->mem(b, which[i]),
                          a->ops->mem_bytes(a, which[i])) == 0;
    }
    return is_same;
}

static bool try_seed(uint64_t seed, uint32_t phases, struct session *s) {
    struct rand_native p;
    struct rand_native_request rq = {.seed = seed, .phases = phases};
    if (!rand_native_make(&p, &rq)) {
        fprintf(stderr, "seed %" PRIu64 ": %s\n", seed, p.message);
        rand_native_free(&p);
        return false;
    }
    drop_csr(&p, is_of_time);
    struct engine *iss = engine_iss_create();
    struct engine *rtl = engine_rtl_create_stalling((uint32_t)seed | 1u);
    struct engine_hooks expect = {.ctx = s, .on_bundle = on_expected};
    struct engine_hooks compare = {.ctx = s, .on_bundle = on_compared};
    rand_native_load(&p, iss);
    rand_native_load(&p, rtl);
    s->count = s->next = 0;
    s->is_different = false;
    enum engine_stop stop = iss->ops->run(iss, &expect, MAX_CYCLES, UINT64_MAX);
    if (stop == ENGINE_ASSERT) { /* what completes beside the broken rule means nothing */
        s->count -= s->count < IN_FLIGHT ? s->count : IN_FLIGHT;
    }
    rtl->ops->run(rtl, &compare, 10ull * MAX_CYCLES, UINT64_MAX);
    bool is_good = !s->is_different && s->next == s->count;
    if (is_good && stop == ENGINE_EXITED) {
        is_good = is_end_equal(iss, rtl);
    }
    if (!is_good) {
        fprintf(stderr, "seed %" PRIu64 ": %zu of %zu bundles equal%s\n", seed, s->next, s->count,
                rtl->ops->message(rtl));
    }
    iss->ops->destroy(iss);
    rtl->ops->destroy(rtl);
    rand_native_free(&p);
    return is_good;
}

int main(int argc, char **argv) {
    uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 0) : 1;
    uint64_t programs = argc > 2 ? strtoull(argv[2], NULL, 0) : 20;
    uint32_t phases = argc > 3 ? (uint32_t)strtoul(argv[3], NULL, 0) : 12;
    struct session s = {.records = malloc(MAX_RECORDS * sizeof *s.records)};
    uint64_t bundles = 0;
    for (uint64_t seed = first; s.records != NULL && seed < first + programs; seed++) {
        if (!try_seed(seed, phases, &s)) {
            return 1;
        }
        bundles += s.next;
    }
    free(s.records);
    printf("%" PRIu64 " bundles equal on ISS and stalling RTL, seeds %" PRIu64 "..%" PRIu64 "\n",
           bundles, first, first + programs - 1);
    return bundles == 0;
}
