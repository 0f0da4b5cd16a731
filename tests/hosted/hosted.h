/* SPDX-License-Identifier: MIT
 * The machine under hosted firmware: one ISS, reached by the functions of
 * include/firmware/native.h.
 *
 *   hosted_start(&boot);  cms_init(&cms_state, &hosted.platform, &xl, &tables);
 *   status = boot_and_run(&cms_state);
 */
#ifndef SELKIRK_TESTS_HOSTED_H
#define SELKIRK_TESTS_HOSTED_H

#include <stdio.h>
#include "sim/engine.h"
#include "firmware/cms/cms.h"

struct hosted {
    struct engine *engine;
    struct cms_platform platform;
    uint64_t insns_fw;
    uint64_t firmware_cycles; /* time that hosted firmware is said to have taken */
    uint32_t timer_cmp;       /* as the firmware wrote it */
    uint64_t input_at;        /* input comes in this cycle, not before */
    bool has_input_ended;
    uint32_t trap_target;
    uint64_t max_cycles;
    uint64_t entries;
    uint64_t check_every; /* tcache invariants at every n-th entry; 0: never */
    FILE *dump;           /* every translation as it is entered first; NULL: none */
};
extern struct hosted hosted;

void hosted_start(const struct engine_boot *boot);
/* Stops the program with status 70 if a tcache invariant is broken, jump-target table included. */
void hosted_check(void);

#endif
