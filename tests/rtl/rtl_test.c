/* SPDX-License-Identifier: MIT
 * Random native programs on the Verilated core, record by record against the ISS; every fourth
 * program also with memories that are not ready at random moments, where results must be the same
 * and only cycles may differ. Planted program errors must stop the RTL with an assertion at their
 * bundle.
 *
 *   rtl_test [first-seed [programs [phases [caches]]]]   caches: the machine of a ULX3S's memories
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine_tables.h"
#include "sim/lockstep/lockstep_native.h"
#include "sim/rtl/engine_rtl.h"
#include "tests/rtl/drop_csr.h"

enum { MAX_CYCLES = 4000000 };

struct totals {
    uint64_t bundles, stalled, planted;
};

static bool has_caches;

/* A machine of a ULX3S's memories. */
static void fit_caches(struct engine *e) {
    struct engine_boot boot = {.memory = MEMORY_ULX3S, .ram_bytes = 0x4000};
    memcpy(boot.memory_fields, memory_info[MEMORY_ULX3S].field, sizeof boot.memory_fields);
    e->ops->set_boot(e, &boot);
}

static bool reads_memory_counter(const struct vop_fields *f) {
    return f->op == VOP_CSRR && is_memory_counter((uint32_t)f->imm);
}

static bool is_same_as_iss(const struct rand_native *p, uint64_t *bundles) {
    static struct lockstep_native_result result;
    struct engine *iss = engine_iss_create();
    struct engine *rtl = has_caches ? engine_rtl_create_cached() : engine_rtl_create();
    rand_native_load(p, iss);
    rand_native_load(p, rtl);
    if (has_caches) {
        fit_caches(iss);
        fit_caches(rtl);
    }
    bool is_same = lockstep_native(iss, rtl, MAX_CYCLES, &result);
    /* with other times a program may take other ways, and break a rule there on both */
    is_same &= (result.stop == ENGINE_EXITED && result.bundles == p->bundles) ||
               (has_caches && (result.stop == ENGINE_EXITED || result.stop == ENGINE_ASSERT));
    if (!is_same) {
        fprintf(stderr, "seed %" PRIu64 ": stop %d, %" PRIu64 " of %" PRIu64 " bundles\n%s%s\n",
                p->seed, result.stop, result.bundles, p->bundles, result.report,
                rtl->ops->message(rtl));
    }
    *bundles += result.bundles;
    iss->ops->destroy(iss);
    rtl->ops->destroy(rtl);
    return is_same;
}

static bool is_plant_caught(const struct rand_native *p) {
    struct engine *rtl = engine_rtl_create();
    char pc[16];
    rand_native_load(p, rtl);
    enum engine_stop stop = rtl->ops->run(rtl, NULL, MAX_CYCLES, UINT64_MAX);
    snprintf(pc, sizeof pc, "0x%08x", (unsigned)p->planted_pc);
    bool is_caught = stop == ENGINE_ASSERT && strstr(rtl->ops->message(rtl), pc) != NULL;
    if (!is_caught) {
        fprintf(stderr, "seed %" PRIu64 ": planted error at %s not caught: stop %d %s\n", p->seed,
                pc, stop, rtl->ops->message(rtl));
    }
    rtl->ops->destroy(rtl);
    return is_caught;
}

static bool try_planted(uint64_t seed, uint32_t phases, struct totals *t) {
    struct rand_native p;
    struct rand_native_request rq = {.seed = seed, .phases = phases};
    rq.plant = 1 + seed % (RAND_PLANT_COUNT - 1);
    bool is_good = rand_native_make(&p, &rq);
    if (is_good && p.is_planted) {
        is_good = is_plant_caught(&p);
        t->planted++;
    }
    rand_native_free(&p);
    return is_good;
}

static bool try_legal(uint64_t seed, uint32_t phases, struct totals *t) {
    struct rand_native p;
    struct rand_native_request rq = {.seed = seed, .phases = phases};
    bool is_good = rand_native_make(&p, &rq);
    if (!is_good) {
        fprintf(stderr, "seed %" PRIu64 ": %s\n", seed, p.message);
    } else {
        if (has_caches) {
            drop_csr(&p, reads_memory_counter);
        }
        is_good = is_same_as_iss(&p, &t->bundles);
    }
    rand_native_free(&p);
    return is_good;
}

int main(int argc, char **argv) {
    uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 0) : 1;
    uint64_t programs = argc > 2 ? strtoull(argv[2], NULL, 0) : 40;
    uint32_t phases = argc > 3 ? (uint32_t)strtoul(argv[3], NULL, 0) : 12;
    struct totals t = {0};
    has_caches = argc > 4 && strcmp(argv[4], "caches") == 0;
    for (uint64_t seed = first; seed < first + programs; seed++) {
        if (!try_legal(seed, phases, &t) || !try_planted(seed, phases, &t)) {
            return 1;
        }
    }
    printf("%" PRIu64 " bundles equal on ISS and RTL, %" PRIu64
           " planted errors caught, seeds %" PRIu64 "..%" PRIu64 "\n",
           t.bundles, t.planted, first, first + programs - 1);
    return 0;
}
