/* SPDX-License-Identifier: MIT
 * Places the pieces in code memory and resolves their labels (native_code.h).
 *
 * The order is that of the RV addresses: the C compiler already laid likely paths out as
 * fall-through. A conditional branch reaches FORMAT_B_IMM bundles; one that does not is inverted
 * and skips an added bundle with a jump. Adding bundles may put other branches out of reach, so
 * placing is repeated until nothing changes (it ends, because what is far stays far). A far side
 * exit goes to a jump of its own behind the piece, which nobody runs into: pieces with side exits
 * end in a jump.
 */
#include "translator/aot/native_code.h"

#include <stdlib.h>
#include <string.h>
#include "machine.h"
#include "translator/sched/slots.h"

static const struct piece *find_piece(const struct native_code *nc, uint32_t rv_addr) {
    uint32_t low = 0, high = nc->n_pieces;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (nc->pieces[middle].rv_addr < rv_addr)
            low = middle + 1;
        else
            high = middle;
    }
    return low < nc->n_pieces && nc->pieces[low].rv_addr == rv_addr ? &nc->pieces[low] : NULL;
}

uint32_t layout_native(const struct native_code *nc, const struct program *p, uint32_t rv_addr) {
    const struct piece *piece = find_piece(nc, rv_addr);
    if (!piece)
        aot_die("no code at %s", program_where(p, rv_addr));
    return (uint32_t)MEM_CODE_BASE + 16 * piece->first_bundle;
}

static void place_pieces(struct native_code *nc) {
    nc->n_bundles = 0;
    for (uint32_t i = 0; i < nc->n_pieces; i++) {
        nc->pieces[i].first_bundle = nc->n_bundles;
        nc->n_bundles += piece_bundles(&nc->pieces[i]);
    }
}

static uint32_t target_bundle(const struct native_code *nc, const struct program *p,
                              uint32_t rv_addr) {
    return (layout_native(nc, p, rv_addr) - (uint32_t)MEM_CODE_BASE) / 16;
}

static int32_t branch_offset(const struct native_code *nc, const struct program *p,
                             const struct piece *piece, const struct xl_fixup *fix) {
    return (int32_t)(target_bundle(nc, p, fix->label) - (piece->first_bundle + fix->bundle));
}

static bool is_last_branch(const struct piece *piece, const struct xl_fixup *fix) {
    return fix->bundle + 1u == piece->n_bundles;
}

/* True when a branch was found that does not reach. */
static bool mark_far_in(const struct native_code *nc, const struct program *p,
                        struct piece *piece) {
    bool has_changed = false;
    for (uint32_t j = 0; j < piece->n_fixups; j++) {
        const struct xl_fixup *fix = &piece->fixups[j];
        bool is_last = is_last_branch(piece, fix);
        bool is_known = is_last ? piece->is_far : (piece->far_exits >> j & 1) != 0;
        if (fix->kind != XL_FIX_BRANCH || is_known)
            continue;
        int32_t offset = branch_offset(nc, p, piece, fix);
        if (offset >= FORMAT_B_IMM_MIN && offset <= FORMAT_B_IMM_MAX)
            continue;
        has_changed = true;
        if (is_last)
            piece->is_far = true;
        else
            piece->far_exits |= 1u << j;
    }
    return has_changed;
}

static bool mark_far(struct native_code *nc, const struct program *p) {
    bool has_changed = false;
    for (uint32_t i = 0; i < nc->n_pieces; i++)
        has_changed |= mark_far_in(nc, p, &nc->pieces[i]);
    return has_changed;
}

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
    f->imm = branch_offset(nc, p, piece, fix);
    if (piece->far_exits >> fixup & 1) {
        jump = exit_jump(piece, fixup);
        f->imm = (int32_t)jump - fix->bundle;
    } else if (is_last_branch(piece, fix) && piece->is_far) {
        jump = piece->n_bundles;
        f->op = inverted(f->op);
        f->pred = !f->pred;
        f->imm = 2;
    } else {
        return;
    }
    jump_at(ops, jump, target_bundle(nc, p, fix->label));
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
        f->imm = (int32_t)target_bundle(nc, p, fix->label);
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
        jump_at(ops, piece_end(piece) - 1, target_bundle(nc, p, piece->next));
    emit_bundles(ops, n_bundles, &nc->words[XL_SLOTS * piece->first_bundle]);
    free(ops);
}

static void put_word(uint8_t *place, uint32_t value) {
    for (int i = 0; i < 4; i++)
        place[i] = (uint8_t)(value >> 8 * i);
}

void layout_place(struct native_code *nc, const struct program *p) {
    do
        place_pieces(nc);
    while (mark_far(nc, p));
    if (layout_native(nc, p, p->elf->header->e_entry) != MEM_CODE_BASE)
        aot_die("the entry point must be the first function");
    if (nc->n_bundles * 16ull > MEM_CODE_BYTES)
        aot_die("%u bundles do not fit code memory", nc->n_bundles);
    free(nc->words);
    nc->words = aot_alloc(nc->n_bundles, 16);
    for (uint32_t i = 0; i < nc->n_pieces; i++)
        link_piece(nc, p, &nc->pieces[i]);
    for (uint32_t i = 0; i < p->n_data_refs; i++)
        put_word(p->data_refs[i].place, layout_native(nc, p, p->data_refs[i].target));
}
