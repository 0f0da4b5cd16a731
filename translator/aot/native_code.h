/* SPDX-License-Identifier: MIT
 * The firmware as bundles: made block by block (lower.c), placed and linked (layout.c), and written
 * as the native image (image.c).
 *
 *   struct native_code nc = {0};
 *   lower_program(&nc, &program, flags, TRACE_RUNS);
 *   layout_place(&nc, &program);   // addresses known, fixups resolved, data references rewritten
 *   image_write(&nc, &program, "selkirk.img");
 *
 * A piece is what was scheduled at once: a basic block, or a part of one that was too large. Pieces
 * are in the order of their RV addresses, which is also their order in code memory.
 */
#ifndef SELKIRK_AOT_NATIVE_CODE_H
#define SELKIRK_AOT_NATIVE_CODE_H

#include "translator/aot/program.h"
#include "translator/sched/form.h"

struct piece {
    uint32_t rv_addr;
    uint32_t n_insns;
    uint32_t n_bundles;
    uint32_t n_ops;
    struct vop_fields *ops; /* scheduled form, four a bundle; labels are not resolved */
    uint32_t n_side_exits;
    uint32_t n_fixups;
    struct xl_fixup *fixups;
    enum block_end end; /* of its last part; target and fall: where it goes on, as rv_addr */
    uint32_t target, fall;
    uint32_t next; /* rv_addr that an added last bundle jumps to; 0: runs into the next piece */
    bool is_far;   /* its branch is inverted and skips a jump that reaches the target */
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
    uint32_t n_pieces;
    struct piece *pieces;
    uint32_t n_bundles; /* placed */
    uint32_t *words;    /* linked */
};

/* Puts a lifted block's instructions in order of their critical path (order.c). */
void order_block(struct ir_block *b);

/* Sums with constants go into the immediates of what uses them (address.c). */
void fold_addresses(struct ir_block *b);

/* Which homes are readable by all slots in a piece's first bundle (edges.c). assume: all those that
 * the present schedules allow, and any home of blocks that are only reached through bubbles.
 * withdraw: the present schedules were made with what was assumed; takes back what they do not
 * keep, true if there was any. */
void edges_assume_early(const struct native_code *nc, const struct program *p);
bool edges_withdraw_late(const struct native_code *nc, const struct program *p);

/* Takes from a profile which way the pieces' branches go; for the next lower_program (profile.c).
 */
void profile_apply(const struct native_code *nc, const struct program *p, const char *path);

/* flags: enum xl_flags. trace_runs: times that the profile must have seen a trace for it to go on
 * behind a branch. */
enum { TRACE_RUNS = 200 };
void lower_program(struct native_code *nc, const struct program *p, uint32_t flags,
                   uint32_t trace_runs);
void layout_place(struct native_code *nc, const struct program *p);
void image_write(const struct native_code *nc, const struct program *p, const char *path);

/* After layout_place: native address of the block or piece at rv_addr; dies when there is none. */
uint32_t layout_native(const struct native_code *nc, const struct program *p, uint32_t rv_addr);

#endif
