/* SPDX-License-Identifier: MIT
 * Random native programs on the ISS: every program composed legally runs without an error, gives
 * the same on the fast path as with hooks, and every kind of planted program error is caught at its
 * bundle.
 *
 *   rand_test [first-seed [programs]]
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine_tables.h"
#include "sim/lockstep/lockstep_native.h"
#include "sim/random/randbundle.h"

enum { PHASES = 12, MAX_CYCLES = 2000000 };

static const char *const plant_name[RAND_PLANT_COUNT] = {"none", "early read", "write port",
                                                         "write after write", "home at commit"};

static bool run_and_compare(const struct rand_native *p) {
    static struct lockstep_native_result result;
    struct engine *hooked = engine_iss_create(), *other = engine_iss_create();
    struct engine *fast = engine_iss_create();
    rand_native_load(p, hooked);
    rand_native_load(p, other);
    rand_native_load(p, fast);
    bool is_same = lockstep_native(hooked, other, MAX_CYCLES, &result);
    enum engine_stop stop = fast->ops->run(fast, NULL, MAX_CYCLES, UINT64_MAX);
    is_same &= stop == result.stop && stop == ENGINE_EXITED;
    is_same &= result.bundles == p->bundles;
    for (unsigned i = 0; i < ENGINE_REGS; i++) {
        is_same &= fast->ops->reg(fast, i) == hooked->ops->reg(hooked, i);
    }
    for (unsigned i = CSR_CYCLES; i <= CSR_STALLS; i++) {
        is_same &= fast->ops->csr(fast, i) == hooked->ops->csr(hooked, i);
    }
    if (!is_same) {
        fprintf(stderr, "seed %" PRIu64 ": %s%s\n", p->seed, result.report,
                stop == ENGINE_ASSERT ? fast->ops->message(fast) : "the runs differ");
    }
    hooked->ops->destroy(hooked);
    other->ops->destroy(other);
    fast->ops->destroy(fast);
    return is_same;
}

static bool is_plant_caught(const struct rand_native *p, enum rand_native_plant plant) {
    struct engine *e = engine_iss_create();
    char pc[16];
    rand_native_load(p, e);
    enum engine_stop stop = e->ops->run(e, NULL, MAX_CYCLES, UINT64_MAX);
    snprintf(pc, sizeof pc, "0x%08x", (unsigned)p->planted_pc);
    bool is_caught = stop == ENGINE_ASSERT && strstr(e->ops->message(e), pc) != NULL;
    if (!is_caught) {
        fprintf(stderr, "seed %" PRIu64 ": planted %s at %s not caught: stop %d %s\n", p->seed,
                plant_name[plant], pc, stop, e->ops->message(e));
    }
    e->ops->destroy(e);
    return is_caught;
}

static bool try_seed(uint64_t seed, enum rand_native_plant plant, uint64_t *bundles,
                     uint32_t counts[16]) {
    struct rand_native p;
    struct rand_native_request rq = {.seed = seed, .phases = PHASES, .plant = plant};
    bool is_good = rand_native_make(&p, &rq);
    if (!is_good) {
        fprintf(stderr, "seed %" PRIu64 ": legal program, but %s\n", seed, p.message);
    } else if (p.is_planted) {
        is_good = is_plant_caught(&p, plant);
        counts[plant]++;
    } else if (plant == RAND_PLANT_NONE) {
        is_good = run_and_compare(&p);
        for (unsigned i = 0; i < 16; i++) {
            counts[i] += p.traps[i];
        }
    }
    *bundles += p.bundles;
    rand_native_free(&p);
    return is_good;
}

int main(int argc, char **argv) {
    uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 0) : 1;
    uint64_t programs = argc > 2 ? strtoull(argv[2], NULL, 0) : 100;
    uint32_t traps[16] = {0}, plants[16] = {0};
    uint64_t bundles = 0;
    for (uint64_t seed = first; seed < first + programs; seed++) {
        enum rand_native_plant plant = 1 + seed % (RAND_PLANT_COUNT - 1);
        if (!try_seed(seed, RAND_PLANT_NONE, &bundles, traps) ||
            !try_seed(seed, plant, &bundles, plants)) {
            return 1;
        }
    }
    bool is_complete = true;
    for (unsigned i = 1; i < TRAP_COUNT; i++) {
        printf("%s %u, ", trap_name[i], traps[i]);
        is_complete &= traps[i] != 0;
    }
    for (unsigned i = 1; i < RAND_PLANT_COUNT; i++) {
        printf("%s %u, ", plant_name[i], plants[i]);
        is_complete &= plants[i] != 0;
    }
    printf("%" PRIu64 " bundles, seeds %" PRIu64 "..%" PRIu64 "%s\n", bundles, first,
           first + programs - 1, is_complete ? "" : ": some trap or plant never happened");
    return is_complete || programs < 100 ? 0 : 1;
}
