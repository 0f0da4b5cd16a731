/* SPDX-License-Identifier: MIT
 * The two ways from IR to words give the same: gear 1's, which encodes while it schedules, and the
 * list of passes, which stores the scheduled form and encodes that. Random guest blocks, with
 * several flags; words, exits and what the region says of itself are compared.
 *
 *   forms FIRST_SEED BLOCKS */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/genblock.h"
#include "translator/sched/form.h"

enum { RAM_BASE = 0x80000000u, RAM_WORDS = 64 };

static struct xl fused, listed;
static struct form form;

static bool by_list(const struct xl_request *rq) {
    form_clear(&form);
    xl_begin(&listed, &xl_abi_guest, rq->flags, rq->chaos_seed);
    if (lift_block(&listed, rq, rq->max_insns) != XL_OK || !sched_to_form(&listed, &form))
        return false;
    emit_bundles(form_first(&form), listed.n_bundles, &listed.code[XL_SLOTS]);
    return true;
}

static bool by_gear1(const struct xl_request *rq) {
    xl_begin(&fused, &xl_abi_guest, rq->flags, rq->chaos_seed);
    return lift_block(&fused, rq, rq->max_insns) == XL_OK && xl_finish(&fused);
}

/* What differs, or NULL. */
static const char *compare(void) {
    if (fused.n_bundles != listed.n_bundles)
        return "number of bundles";
    if (memcmp(xl_code(&fused), xl_code(&listed), 16 * fused.n_bundles) != 0)
        return "words";
    if (fused.n_ops != listed.n_ops)
        return "operations";
    if (fused.n_exits != listed.n_exits ||
        memcmp(fused.exits, listed.exits, fused.n_exits * sizeof fused.exits[0]) != 0)
        return "exits";
    return xl_check(&listed);
}

int main(int argc, char **argv) {
    static const uint32_t flags[] = {0, XL_NO_FOLD, XL_NO_PACK, XL_NO_JTL, XL_NO_LATE, XL_CHAOS};
    static uint32_t ram[RAM_WORDS];
    static struct genblock gen;
    struct guest_mem mem = {(uint8_t *)ram, RAM_BASE, sizeof ram};
    if (argc != 3) {
        fprintf(stderr, "usage: forms FIRST_SEED BLOCKS\n");
        return 2;
    }
    unsigned long first = strtoul(argv[1], NULL, 0), n = strtoul(argv[2], NULL, 0);
    unsigned long failures = 0, fit = 0, bundles = 0;
    for (unsigned long seed = first; seed < first + n && failures < 5; seed++) {
        gen_block(&gen, seed);
        gen_code(&gen, mem.ram);
        for (uint32_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
            struct xl_request rq = {.guest_pc = mem.base,
                                    .mem = &mem,
                                    .max_insns = gen.n,
                                    .flags = flags[i],
                                    .chaos_seed = (uint32_t)seed,
                                    .likely_taken = (int)(seed % 3) - 1};
            bool fits = by_gear1(&rq);
            const char *bad = fits != by_list(&rq) ? "one of them fits" : fits ? compare() : NULL;
            if (bad != NULL) {
                printf("FAILED: seed %lu flags %u: %s\n", seed, flags[i], bad);
                failures++;
            }
            fit += fits;
            bundles += fits ? fused.n_bundles : 0;
        }
    }
    printf("forms: %lu regions of %lu bundles, the same both ways; %lu failures\n", fit, bundles,
           failures);
    return failures != 0;
}
