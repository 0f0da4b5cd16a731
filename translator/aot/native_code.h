/* SPDX-License-Identifier: MIT
 * The firmware on its way to bundles: traces (traces.c), pieces in the scheduled form (pieces.c),
 * which get addresses (layout.c), and the words of the whole (link.c).
 *
 * A trace is what is scheduled as one: blocks, each of which ends in a jump to the next, runs into
 * it, or ends in a branch that likely goes there. A piece is what became of it, or of a part of a
 * block that was too large. Pieces are in the order of their RV addresses, which is also their
 * order in code memory.
 */
#ifndef SELKIRK_AOT_NATIVE_CODE_H
#define SELKIRK_AOT_NATIVE_CODE_H

#include "translator/aot/program.h"
#include "translator/sched/form.h"

enum { TRACE_PARTS = 10 };

struct trace {
    const struct block *parts[TRACE_PARTS];
    enum likely likely[TRACE_PARTS]; /* where a part's branch goes */
    uint32_t n_parts, n_insns;
};

struct piece {
    uint32_t rv_addr, last_part; /* rv_addr of the first and the last part */
    uint32_t n_insns;
    uint32_t n_bundles;
    uint32_t n_ops;
    struct vop_fields *ops; /* scheduled form, four a bundle; labels are not resolved */
    uint32_t n_side_exits;
    uint32_t n_fixups;
    struct xl_fixup *fixups;
    enum block_end end; /* of its last part; target and fall: where it goes on, as rv_addr */
    uint32_t target, fall;
    uint32_t next;   /* rv_addr that an added last bundle jumps to; 0: runs into the next piece */
    bool is_entered; /* somebody jumps to it or runs into it (reach.c) */
    bool is_far;     /* its branch is inverted and skips a jump that reaches the target */
    uint32_t far_exits; /* bit i: fixup i is of a side exit that reaches its target by a jump of its
                           own */
    uint32_t first_bundle; /* placed: index in code memory */
};

/* Where a piece's own bundles and the two that may be added for its last branch end: the far jump
 * and the jump to what is next. */
static inline uint32_t piece_end(const struct piece *piece) {
    return piece->n_bundles + piece->is_far + (piece->next != 0);
}

/* Bundles of a piece with all that are added behind it; jumps of far side exits are the last. */
static inline uint32_t piece_bundles(const struct piece *piece) {
    return piece_end(piece) + (uint32_t)__builtin_popcount(piece->far_exits);
}

struct native_code {
    struct trace *traces; /* by block; NULL: every block alone */
    uint32_t n_pieces;
    struct piece *pieces;
    uint32_t n_bundles; /* placed */
    uint32_t *words;    /* linked */
};

void trace_shorten(struct trace *tr); /* without its last part, and what then cannot stay */
uint32_t trace_side_exits(const struct trace *tr);

/* The piece at rv_addr: whether there is one, its number; after layout where it is, as address and
 * as bundle of code memory. All but the first die when there is none. */
bool layout_has(const struct native_code *nc, uint32_t rv_addr);
uint32_t layout_piece(const struct native_code *nc, const struct program *p, uint32_t rv_addr);
uint32_t layout_native(const struct native_code *nc, const struct program *p, uint32_t rv_addr);
uint32_t layout_bundle(const struct native_code *nc, const struct program *p, uint32_t rv_addr);
/* Bundles from a branch to its label. */
int32_t layout_offset(const struct native_code *nc, const struct program *p,
                      const struct piece *piece, const struct xl_fixup *fix);
/* Is it the branch in the piece's last bundle, not a side exit? */
bool piece_ends_in(const struct piece *piece, const struct xl_fixup *fix);

#endif
