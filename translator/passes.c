/* SPDX-License-Identifier: MIT
 * Runs the passes over one region (passes.h). */
#include "translator/passes.h"

static uint32_t (*const region_pass[PASS_COUNT])(struct pass_work *w) = {
#define PROGRAM_PASS(NAME, name, takes, gives, off, counted, text)
#define REGION_PASS(NAME, name, takes, gives, off, counted, text) [PASS_##NAME] = pass_##name,
#include "translator/passes.def"
#undef PROGRAM_PASS
#undef REGION_PASS
};

void passes_begin(struct pass_work *w, const struct xl_abi *abi, uint32_t flags, uint32_t seed) {
    form_clear(&w->form);
    xl_begin(&w->xl, abi, flags, seed);
    w->off = 0;
    w->is_behind_branch = false;
    w->broken = NULL;
    for (uint32_t i = 0; i < PASS_COUNT; i++)
        w->counts[i] = 0;
}

bool passes_run(struct pass_work *w, enum pass first, enum pass last) {
    for (uint32_t i = first; i <= last; i++) {
        if (region_pass[i] == NULL || (w->off >> i & 1) != 0)
            continue;
        w->counts[i] += region_pass[i](w);
        if (w->look != NULL)
            w->look(w, (enum pass)i, w->ctx);
        if (w->xl.error != NULL || w->broken != NULL)
            return false;
    }
    return true;
}

uint32_t pass_lift(struct pass_work *w) {
    if (!w->lift(w, w->ctx))
        w->xl.error = "too many instructions";
    return w->xl.ir.n;
}

uint32_t pass_schedule(struct pass_work *w) {
    uint32_t before = w->is_behind_branch ? w->xl.n_ops : 0;
    bool fits = w->is_behind_branch ? xl_go_on(&w->xl, &w->form, w->live_at_exit)
                                    : sched_to_form(&w->xl, &w->form);
    if (!fits && w->xl.error == NULL)
        w->xl.error = "nothing to go on behind";
    return w->xl.n_ops - before;
}

uint32_t pass_encode(struct pass_work *w) {
    emit_bundles(form_first(&w->form), w->xl.n_bundles, &w->xl.code[XL_SLOTS]);
    return w->xl.n_bundles;
}

uint32_t pass_check(struct pass_work *w) {
    w->broken = xl_check(&w->xl);
    return w->xl.n_bundles;
}
