/* SPDX-License-Identifier: MIT
 * Pass reach: pieces that nobody enters go. Where every way into a block has a copy of it behind
 * itself (traces.c), the block's own piece is dead; so are small functions that are only jumped to.
 */
#include "translator/aot/aot.h"

#include <stdlib.h>

struct reach {
    struct native_code *nc;
    const struct program *p;
    uint32_t *todo; /* numbers of pieces that are entered, and what they lead to is not looked at */
    uint32_t n_todo;
};

static void enter_piece(struct reach *r, uint32_t number) {
    if (r->nc->pieces[number].is_entered)
        return;
    r->nc->pieces[number].is_entered = true;
    r->todo[r->n_todo++] = number;
}

static void enter(struct reach *r, uint32_t rv_addr) {
    enter_piece(r, layout_piece(r->nc, r->p, rv_addr));
}

/* Whether it runs into the piece behind it. */
static bool falls(const struct piece *piece) {
    return piece->next == 0 && (piece->end == END_FALL || piece->end == END_BRANCH);
}

static void follow(struct reach *r, uint32_t number) {
    const struct piece *piece = &r->nc->pieces[number];
    for (uint32_t j = 0; j < piece->n_fixups; j++)
        enter(r, piece->fixups[j].label);
    if (piece->next != 0)
        enter(r, piece->next);
    if (falls(piece))
        enter_piece(r, number + 1);
}

/* Those that are entered close up. Returns how many were not. */
static uint32_t drop(struct native_code *nc) {
    uint32_t n = 0, n_before = nc->n_pieces;
    for (uint32_t i = 0; i < n_before; i++) {
        if (nc->pieces[i].is_entered) {
            nc->pieces[n++] = nc->pieces[i];
            continue;
        }
        free(nc->pieces[i].ops);
        free(nc->pieces[i].fixups);
    }
    nc->n_pieces = n;
    return n_before - n;
}

uint32_t aot_reach(struct aot *a) {
    struct reach r = {
        .nc = &a->code, .p = &a->program, .todo = aot_alloc(a->code.n_pieces, sizeof *r.todo)};
    enter(&r, r.p->elf->header->e_entry);
    for (uint32_t i = 0; i < r.p->n_data_refs; i++)
        enter(&r, r.p->data_refs[i].target);
    while (r.n_todo != 0)
        follow(&r, r.todo[--r.n_todo]);
    free(r.todo);
    return drop(r.nc);
}
