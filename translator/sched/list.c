/* SPDX-License-Identifier: MIT
 * The list of passes' way through the scheduler: into the scheduled form (form.h). The rules and
 * the placement are those of gear 1. */
#define SCHED_TO_FORM
#include "translator/sched/schedule.h"

bool sched_more(struct xl *xl, struct form *form) {
    xl->form = form;
    bool fits = sched_block(xl);
    form->last = xl->end;
    return fits;
}

bool sched_to_form(struct xl *xl, struct form *form) {
    start(xl);
    return sched_more(xl, form);
}
