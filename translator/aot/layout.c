/* SPDX-License-Identifier: MIT
 * Places the pieces in code memory and resolves their labels (native_code.h).
 *
 * The order is that of the RV addresses: the C compiler already laid likely paths out as
 * fall-through. A conditional branch reaches FORMAT_B_IMM bundles; one that does not is inverted
 * and skips an added bundle with a jump. Adding bundles may put other branches out of reach, so
 * placing is repeated until nothing changes (it ends, because a far piece stays far).
 */
#include "translator/aot/native_code.h"

#include <stdlib.h>
#include "machine.h"
#include "machine_encode.h"

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

/* True when a branch was found that does not reach. */
static bool mark_far(struct native_code *nc, const struct program *p) {
    bool has_changed = false;
    for (uint32_t i = 0; i < nc->n_pieces; i++) {
        struct piece *piece = &nc->pieces[i];
        for (uint32_t j = 0; j < piece->n_fixups && !piece->is_far; j++) {
            const struct xl_fixup *fix = &piece->fixups[j];
            if (fix->kind != XL_FIX_BRANCH)
                continue;
            int32_t offset = branch_offset(nc, p, piece, fix);
            piece->is_far = offset < FORMAT_B_IMM_MIN || offset > FORMAT_B_IMM_MAX;
            has_changed |= piece->is_far;
        }
    }
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

static void patch_branch(const struct native_code *nc, const struct program *p,
                         const struct piece *piece, const struct xl_fixup *fix,
                         struct vop_fields *f) {
    f->imm = branch_offset(nc, p, piece, fix);
    if (!piece->is_far)
        return;
    f->op = inverted(f->op);
    f->pred = !f->pred;
    f->imm = 2;
    if (fix->bundle + 1u != piece->n_bundles)
        aot_die("far branch inside %s", program_where(p, piece->rv_addr));
    uint32_t *jump = &nc->words[4 * (piece->first_bundle + piece->n_bundles)];
    jump[3] = vop_encode_X(VOP_J, target_bundle(nc, p, fix->label));
}

static void resolve(const struct native_code *nc, const struct program *p,
                    const struct piece *piece, const struct xl_fixup *fix) {
    uint32_t *word = &nc->words[4 * (piece->first_bundle + fix->bundle) + fix->slot];
    uint32_t native = layout_native(nc, p, fix->label);
    struct vop_fields f;
    if (fix->kind == XL_FIX_LI32) {
        *word = native;
        return;
    }
    if (!vop_decode(*word, fix->slot, &f))
        aot_die("fixup of no operation in %s", program_where(p, piece->rv_addr));
    switch ((enum xl_fixup_kind)fix->kind) {
    case XL_FIX_BRANCH:
        patch_branch(nc, p, piece, fix, &f);
        break;
    case XL_FIX_JUMP:
        f.imm = (int32_t)target_bundle(nc, p, fix->label);
        break;
    case XL_FIX_LUI:
        f.imm = (int32_t)native >> 11;
        break;
    case XL_FIX_ADDI:
        f.imm = (int32_t)(native & 0x7ffu);
        break;
    case XL_FIX_LI32:
        break;
    }
    if (!vop_imm_fits(f.op, f.imm))
        aot_die("label out of reach in %s", program_where(p, piece->rv_addr));
    *word = vop_encode(&f);
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
    for (uint32_t i = 0; i < nc->n_pieces; i++) {
        const struct piece *piece = &nc->pieces[i];
        for (uint32_t j = 0; j < 4 * piece->n_bundles; j++)
            nc->words[4 * piece->first_bundle + j] = piece->words[j];
        for (uint32_t j = 0; j < piece->n_fixups; j++)
            resolve(nc, p, piece, &piece->fixups[j]);
        if (piece->next)
            nc->words[4 * (piece->first_bundle + piece_bundles(piece) - 1) + 3] =
                vop_encode_X(VOP_J, target_bundle(nc, p, piece->next));
    }
    for (uint32_t i = 0; i < p->n_data_refs; i++)
        put_word(p->data_refs[i].place, layout_native(nc, p, p->data_refs[i].target));
}
