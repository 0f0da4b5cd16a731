/* SPDX-License-Identifier: MIT
 * Pass layout: places the pieces in code memory.
 *
 * The order is that of the RV addresses: the C compiler already laid likely paths out as
 * fall-through. A conditional branch reaches FORMAT_B_IMM bundles; one that does not is inverted
 * and skips an added bundle with a jump. Adding bundles may put other branches out of reach, so
 * placing is repeated until nothing changes (it ends, because what is far stays far). A far side
 * exit goes to a jump of its own behind the piece, which nobody runs into: pieces with side exits
 * end in a jump.
 */
#include "translator/aot/aot.h"

#include "machine.h"

/* Number of the first piece at rv_addr or behind it. */
static uint32_t find_piece(const struct native_code *nc, uint32_t rv_addr) {
    uint32_t low = 0, high = nc->n_pieces;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (nc->pieces[middle].rv_addr < rv_addr)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool layout_has(const struct native_code *nc, uint32_t rv_addr) {
    uint32_t i = find_piece(nc, rv_addr);
    return i < nc->n_pieces && nc->pieces[i].rv_addr == rv_addr;
}

uint32_t layout_piece(const struct native_code *nc, const struct program *p, uint32_t rv_addr) {
    if (!layout_has(nc, rv_addr))
        aot_die("no code at %s", program_where(p, rv_addr));
    return find_piece(nc, rv_addr);
}

uint32_t layout_native(const struct native_code *nc, const struct program *p, uint32_t rv_addr) {
    const struct piece *piece = &nc->pieces[layout_piece(nc, p, rv_addr)];
    return (uint32_t)MEM_CODE_BASE + BUNDLE_BYTES * piece->first_bundle;
}

static void place_pieces(struct native_code *nc) {
    nc->n_bundles = 0;
    for (uint32_t i = 0; i < nc->n_pieces; i++) {
        nc->pieces[i].first_bundle = nc->n_bundles;
        nc->n_bundles += piece_bundles(&nc->pieces[i]);
    }
}

uint32_t layout_bundle(const struct native_code *nc, const struct program *p, uint32_t rv_addr) {
    return (layout_native(nc, p, rv_addr) - (uint32_t)MEM_CODE_BASE) / BUNDLE_BYTES;
}

int32_t layout_offset(const struct native_code *nc, const struct program *p,
                      const struct piece *piece, const struct xl_fixup *fix) {
    return (int32_t)(layout_bundle(nc, p, fix->label) - (piece->first_bundle + fix->bundle));
}

bool piece_ends_in(const struct piece *piece, const struct xl_fixup *fix) {
    return fix->bundle + 1u == piece->n_bundles;
}

/* True when a branch was found that does not reach. */
static bool mark_far_in(const struct native_code *nc, const struct program *p,
                        struct piece *piece) {
    bool has_changed = false;
    for (uint32_t j = 0; j < piece->n_fixups; j++) {
        const struct xl_fixup *fix = &piece->fixups[j];
        bool is_last = piece_ends_in(piece, fix);
        bool is_known = is_last ? piece->is_far : (piece->far_exits >> j & 1) != 0;
        if (fix->kind != XL_FIX_BRANCH || is_known)
            continue;
        int32_t offset = layout_offset(nc, p, piece, fix);
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

uint32_t aot_layout(struct aot *a) {
    struct native_code *nc = &a->code;
    const struct program *p = &a->program;
    do
        place_pieces(nc);
    while (mark_far(nc, p));
    if (layout_native(nc, p, p->elf->header->e_entry) != MEM_CODE_BASE)
        aot_die("the entry point must be the first function");
    if (nc->n_bundles * 16ull > MEM_CODE_BYTES)
        aot_die("%u bundles do not fit code memory", nc->n_bundles);
    return nc->n_bundles;
}
