/* SPDX-License-Identifier: MIT
 * Turns a bundle's four words into what sim/iss/iss.c executes. Operations with results come first;
 * results to register 0 are dropped here. Legality (opcode, slot, spare bits) is vop_decode's.
 */
#include <string.h>

#include "sim/iss/iss.h"

static_assert(ISS_PORT_CYCLES > UNIT_MUL_LATENCY && ISS_PORT_CYCLES > UNIT_LOAD_SUB_LATENCY &&
                  ISS_PORT_CYCLES > UNIT_CSR_LATENCY && ISS_PORT_CYCLES > UNIT_JUMP_TABLE_LATENCY,
              "port table too short");

static const uint8_t side_handler[VOP_COUNT] = {
    [VOP_LW] = ISS_LW,         [VOP_LH] = ISS_LH,       [VOP_LHU] = ISS_LHU,   [VOP_LB] = ISS_LB,
    [VOP_LBU] = ISS_LBU,       [VOP_SW] = ISS_STORE,    [VOP_SH] = ISS_STORE,  [VOP_SB] = ISS_STORE,
    [VOP_DIV] = ISS_DIV,       [VOP_DIVU] = ISS_DIV,    [VOP_REM] = ISS_DIV,   [VOP_REMU] = ISS_DIV,
    [VOP_DIVRES] = ISS_DIVRES, [VOP_J] = ISS_J,         [VOP_JL] = ISS_JL,     [VOP_JR] = ISS_JR,
    [VOP_JLR] = ISS_JLR,       [VOP_ENTER] = ISS_ENTER, [VOP_EXIT] = ISS_EXIT, [VOP_JTL] = ISS_JTL,
    [VOP_COMMIT] = ISS_COMMIT, [VOP_CSRR] = ISS_CSRR,   [VOP_CSRW] = ISS_CSRW, [VOP_RDH] = ISS_RDH,
    [VOP_WRH] = ISS_WRH,       [VOP_WAIT] = ISS_WAIT,
};

static uint8_t cross_cycles(unsigned reg, unsigned slot) {
    return reg != 0 && reg % ENGINE_SLOTS != slot ? CROSS_EXTRA_CYCLES : 0;
}

static uint8_t store_bytes(enum vop op) {
    return op == VOP_SB ? 1 : op == VOP_SH ? 2 : 4;
}

static struct iss_op make_op(uint32_t index, unsigned slot, const struct vop_fields *f) {
    const struct vop_info *info = &vop_info[f->op];
    struct iss_op op = {.slot = (uint8_t)slot, .imm = (uint32_t)f->imm};
    op.handler = side_handler[f->op] != 0 ? side_handler[f->op] : (uint8_t)f->op;
    op.rd = info->writes_rd ? f->rd : 0;
    op.rs1 = info->reads_rs1 ? f->rs1 : 0;
    op.rs2 = info->reads_rs2 ? f->rs2 : 0;
    op.cross1 = cross_cycles(op.rs1, slot);
    op.cross2 = cross_cycles(op.rs2, slot);
    op.latency = info->latency;
    if (info->flags & OPF_BRANCH) {
        op.rd = f->pred;
        op.imm = (index + (uint32_t)f->imm) & ISS_INDEX_MASK;
    } else if (op.handler == ISS_STORE) {
        op.rd = store_bytes(f->op);
    } else if (op.handler == ISS_DIV) {
        op.rd = (uint8_t)f->op;
    }
    return op;
}

static uint8_t bundle_flags(const struct iss_op *op, enum vop vop) {
    uint8_t flags = vop_info[vop].flags & OPF_FIRMWARE ? ISS_B_FIRMWARE : 0;
    if (op->handler >= ISS_LW && op->handler <= ISS_STORE) {
        return flags | ISS_B_MEMORY;
    }
    switch (op->handler) {
    case ISS_DIVRES:
        return flags | ISS_B_DIVRES;
    case ISS_WAIT:
        return flags | ISS_B_WAIT;
    case ISS_COMMIT:
        return flags | ISS_B_COMMIT;
    case ISS_CSRR:
    case ISS_CSRW:
    case ISS_WRH:
    case ISS_DIV:
    case ISS_JTL:
        return flags | ISS_B_LATE;
    default:
        return flags;
    }
}

/* The bundle's words; a decoded bundle is only made of fitted code memory. */
static void bundle_words(const struct iss *c, uint32_t index, uint32_t word[ENGINE_SLOTS]) {
    memcpy(word, c->memory[ENGINE_MEM_CODE] + (size_t)index * BUNDLE_BYTES, BUNDLE_BYTES);
}

static bool is_li32(uint32_t word, unsigned slot) {
    struct vop_fields f;
    return vop_decode(word, slot, &f) && (vop_info[f.op].flags & OPF_LITERAL) != 0;
}

void iss_take_literal(struct iss *c, uint32_t index, unsigned slot, uint32_t word) {
    enum { BRANCH = UNIT_BRANCH_SLOT };
    struct iss_bundle *b = &c->decoded[index];
    uint32_t old[ENGINE_SLOTS];
    bundle_words(c, index, old);
    if (slot == BRANCH) {
        bool is_wrong = (c->li32_index == index) != is_li32(old[BRANCH - 1], BRANCH - 1);
        b->misread_since = is_wrong ? c->generation : 0;
    } else if (slot == BRANCH - 1) {
        bool is_now = is_li32(word, slot);
        bool was_wrong = b->misread_since == c->generation;
        c->li32_index = is_now ? index : ISS_NO_BUNDLE;
        if (is_now != is_li32(old[slot], slot)) { /* the branch slot's word stays what it was */
            b->misread_since = was_wrong ? 0 : c->generation;
        }
    }
}

static bool is_pointless(const struct iss_op *op, enum vop vop) {
    return vop == VOP_NOP || (vop == VOP_LI && op->rd == 0);
}

void iss_decode_bundle(struct iss *c, uint32_t index) {
    struct iss_bundle *b = &c->decoded[index];
    struct iss_op quiet[ENGINE_SLOTS];
    unsigned quiet_count = 0;
    uint32_t word[ENGINE_SLOTS];
    bundle_words(c, index, word);
    b->generation = c->generation;
    b->flags = 0;
    b->writes_count = 0;
    for (unsigned slot = 0; slot < ENGINE_SLOTS; slot++) {
        struct vop_fields f;
        if (!vop_decode(word[slot], slot, &f)) {
            b->flags = ISS_B_ILLEGAL;
            return;
        }
        struct iss_op op = make_op(index, slot, &f);
        b->flags |= bundle_flags(&op, f.op);
        bool has_result = vop_info[f.op].writes_rd && op.rd != 0;
        if (vop_info[f.op].flags & OPF_LITERAL) {
            op.imm = word[++slot];
        }
        if (has_result) {
            b->op[b->writes_count++] = op;
        } else if (!is_pointless(&op, f.op)) {
            quiet[quiet_count++] = op;
        }
    }
    memcpy(&b->op[b->writes_count], quiet, quiet_count * sizeof quiet[0]);
    b->ops_count = (uint8_t)(b->writes_count + quiet_count);
}
