/* SPDX-License-Identifier: MIT
 * Lock-step of an engine with a model (design D10): at every commit point guest registers, pc and
 * the memory stored to since the last commit are compared.
 *
 *   struct lockstep *ls = lockstep_create(&machine, o, model, &flash);
 *   lockstep_hooks(ls, &hooks);
 *   stop = run(engine, &hooks, ...);          // ENGINE_HOOK_STOP at the first difference
 *   if (!lockstep_ok(ls)) lockstep_explain(ls, stderr);
 *   lockstep_destroy(ls);
 */
#ifndef SELKIRK_SIM_LOCKSTEP_LOCKSTEP_H
#define SELKIRK_SIM_LOCKSTEP_LOCKSTEP_H

#include "sim/lockstep/model.h"
#include "sim/cmd/selkirk.h"
#include <stdio.h>

struct lockstep_counts {
    uint64_t insns, commits, pc_checks;
    uint64_t traps, interrupts; /* taken by the guest */
    uint64_t rollbacks;         /* forced, as the firmware says */
    uint64_t rights_regions;    /* translations that check rights, as the firmware says */
    uint64_t latency_max;       /* cycles, of an interrupt, as the firmware says */
};

struct lockstep;
/* NULL: not enough memory. */
struct lockstep *lockstep_create(struct machine *m, const struct options *o,
                                 const struct model_ops *model, const struct flash *flash);
void lockstep_destroy(struct lockstep *ls);
/* Adds its hooks; the console's stay as they are. */
void lockstep_hooks(struct lockstep *ls, struct engine_hooks *hooks);
bool lockstep_ok(const struct lockstep *ls);
/* There is nothing to compare: the golden model cannot load the guest. */
bool lockstep_is_refused(const struct lockstep *ls);
struct lockstep_counts lockstep_counts(const struct lockstep *ls);
/* The difference with its context: guest instructions, regions entered, bundles. */
void lockstep_explain(const struct lockstep *ls, FILE *out);

#endif
