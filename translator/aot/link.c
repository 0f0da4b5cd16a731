/* SPDX-License-Identifier: MIT
 * Pass link: labels get their addresses, in the scheduled form, and that becomes the words of the
 * program; places in data that hold code addresses get the native ones. What layout.c found out of
 * reach goes by added bundles with jumps.
 */
#include "translator/aot/aot.h"

#include <stdlib.h>
#include <string.h>
#include "machine.h"
#include "translator/sched/slots.h"

static enum vop inverted(enum vop op) {
    switch (op) {
    case VOP_BEQ:
        return VOP_BNE;
    case VOP_BNE:
        return VOP_BEQ;
    case VOP_BLT:
        return VOP_BGE;
    case VOP_BGE:
        return VOP_BLT;
    case VOP_BLTU:
        return VOP_BGEU;
    case VOP_BGEU:
        return VOP_BLTU;
    default:
        aot_die("no inverse of operation %d", (int)op);
    }
}

/* The bundle of a far side exit's own jump, within the piece. */
static uint32_t exit_jump(const struct piece *piece, uint32_t fixup) {
    return piece_end(piece) + (uint32_t)__builtin_popcount(piece->far_exits & ((1u << fixup) - 1));
}

static void jump_at(struct vop_fields *ops, uint32_t bundle, uint32_t target) {
    ops[XL_SLOTS * bundle + BRANCH_SLOT] = (struct vop_fields){.op = VOP_J, .imm = (int32_t)target};
}

static void patch_branch(const struct native_code *nc, const struct program *p,
                         const struct piece *piece, uint32_t fixup, struct vop_fields *ops,
                         struct vop_fields *f) {
    const struct xl_fixup *fix = &piece->fixups[fixup];
    uint32_t jump;
    f->imm = layout_offset(nc, p, piece, fix);
    if (piece->far_exits >> fixup & 1) {
        jump = exit_jump(piece, fixup);
        f->imm = (int32_t)jump - fix->bundle;
    } else if (piece_ends_in(piece, fix) && piece->is_far) {
        jump = piece->n_bundles;
        f->op = inverted(f->op);
        f->pred = !f->pred;
        f->imm = 2;
    } else {
        return;
    }
    jump_at(ops, jump, layout_bundle(nc, p, fix->label));
}

static void resolve(const struct native_code *nc, const struct program *p,
                    const struct piece *piece, uint32_t fixup, struct vop_fields *ops) {
    const struct xl_fixup *fix = &piece->fixups[fixup];
    struct vop_fields *f = &ops[XL_SLOTS * fix->bundle + fix->slot];
    uint32_t native = layout_native(nc, p, fix->label);
    switch ((enum xl_fixup_kind)fix->kind) {
    case XL_FIX_BRANCH:
        patch_branch(nc, p, piece, fixup, ops, f);
        break;
    case XL_FIX_JUMP:
        f->imm = (int32_t)layout_bundle(nc, p, fix->label);
        break;
    case XL_FIX_LUI:
        f->imm = (int32_t)native >> 11;
        break;
    case XL_FIX_ADDI:
        f->imm = (int32_t)(native & 0x7ffu);
        break;
    case XL_FIX_LI32:
        f->imm = (int32_t)native;
        return;
    }
    if (!vop_imm_fits(f->op, f->imm))
        aot_die("label out of reach in %s", program_where(p, piece->rv_addr));
}

/* The piece's bundles with their labels, and those added behind it, as words in their place. */
static void link_piece(const struct native_code *nc, const struct program *p,
                       const struct piece *piece) {
    uint32_t n_bundles = piece_bundles(piece);
    struct vop_fields *ops = aot_alloc(XL_SLOTS * n_bundles, sizeof *ops);
    memcpy(ops, piece->ops, XL_SLOTS * piece->n_bundles * sizeof *ops);
    for (uint32_t j = 0; j < piece->n_fixups; j++)
        resolve(nc, p, piece, j, ops);
    if (piece->next)
        jump_at(ops, piece_end(piece) - 1, layout_bundle(nc, p, piece->next));
    emit_bundles(ops, n_bundles, &nc->words[XL_SLOTS * piece->first_bundle]);
    free(ops);
}

static void put_word(uint8_t *place, uint32_t value) {
    for (int i = 0; i < 4; i++)
        place[i] = (uint8_t)(value >> 8 * i);
}

uint32_t aot_link(struct aot *a) {
    struct native_code *nc = &a->code;
    const struct program *p = &a->program;
    uint32_t n_labels = p->n_data_refs;
    nc->words = aot_alloc(nc->n_bundles, 16);
    for (uint32_t i = 0; i < nc->n_pieces; i++) {
        link_piece(nc, p, &nc->pieces[i]);
        n_labels += nc->pieces[i].n_fixups;
    }
    for (uint32_t i = 0; i < p->n_data_refs; i++)
        put_word(p->data_refs[i].place, layout_native(nc, p, p->data_refs[i].target));
    return n_labels;
}
