/* SPDX-License-Identifier: MIT
 * Scheduled form -> words (sched/form.h), by the machine tables alone. Gear 1 does without: its
 * scheduler writes words at once (sched/write.h); tests/unit/forms.c compares the two. */
#include "translator/sched/form.h"

/* Requires: immediates fit their fields. Cost: linear. */
void emit_bundles(const struct vop_fields *ops, uint32_t n_bundles, uint32_t *words) {
    for (uint32_t i = 0; i < n_bundles * XL_SLOTS; i++) {
        words[i] = vop_encode(&ops[i]);
        if (vop_flags[ops[i].op] & OPF_LITERAL) {
            words[i + 1] = (uint32_t)ops[i].imm;
            i++;
        }
    }
}
