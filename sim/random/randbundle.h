/* SPDX-License-Identifier: MIT
 * Random native programs from a seed: legal in every timing rule, full of forwarding, branches,
 * traps and rollbacks.
 *
 *   struct rand_native p;
 *   struct rand_native_request rq = {.seed = 1, .phases = 8};
 *   if (!rand_native_make(&p, &rq))
 *       puts(p.message);             // an ISS error while making it: a bug of ours
 *   rand_native_load(&p, engine);    // any engine, fresh; then run it or lockstep_native() it
 *   rand_native_free(&p);
 *
 * A program is made by running it: each bundle is composed from what is ready in the cycle it will
 * issue in, appended, and executed on a private ISS, so that addresses and branch outcomes are
 * known. The composer keeps its own books of ready cycles, write ports and settle distances, apart
 * from the ISS's; so the two check each other. A phase is: firmware bundles, `enter`, guest bundles
 * that end in a trap; the trap handler logs the cause to FWRAM, walks the undo log and goes on with
 * the next phase. The last phase writes SYS_EXIT 0. With a plant, the program ends in one bundle
 * that breaks one rule.
 */
#ifndef SELKIRK_SIM_RANDOM_RANDBUNDLE_H
#define SELKIRK_SIM_RANDOM_RANDBUNDLE_H

#include "sim/engine.h"

#ifdef __cplusplus
extern "C" {
#endif

enum rand_native_plant {
    RAND_PLANT_NONE,
    RAND_PLANT_EARLY_READ,
    RAND_PLANT_WRITE_PORT,
    RAND_PLANT_WAW,
    RAND_PLANT_HOME_COMMIT, /* commit over a home that is in flight */
    RAND_PLANT_COUNT
};

struct rand_native_request {
    uint64_t seed;
    uint32_t phases;
    enum rand_native_plant plant;
};

struct rand_native {
    uint64_t seed;
    uint8_t *code, *fwram, *guest, *flash; /* as before the first bundle */
    uint32_t code_bytes;
    uint64_t bundles, cycles; /* executed while it was made */
    uint32_t traps[16];       /* by cause */
    bool is_planted;          /* a planted program may find no place; then it is legal */
    uint32_t planted_pc;      /* engines must stop there with ENGINE_ASSERT */
    char message[640];
};

bool rand_native_make(struct rand_native *p, const struct rand_native_request *rq);
void rand_native_load(const struct rand_native *p, struct engine *e);
void rand_native_free(struct rand_native *p);

#ifdef __cplusplus
}
#endif
#endif
