/* SPDX-License-Identifier: MIT
 * Gear 1's inner loop of lifting: loads, stores, and arithmetic with an immediate, most of all
 * instructions, straight from the word to the IR by the decision tree's entry; all others by
 * lift.c. What comes out is the same. */
#include "translator/front/fetch.h"
#include "translator/guest/decode.h"
#include "translator/xlate_impl.h"

/* Is value v a constant? Those that the block began with are the usual case. */
static inline bool is_known(const struct ir_block *b, uint32_t v) {
    if (XL_LIKELY(v - 1 < IR_FIRST - 1))
        return false;
    return v == 0 || b->ins[v - IR_FIRST].op == IR_CONST;
}

/* False: not that simple; nothing has happened. */
static inline bool emit_plain(struct ir_block *b, uint32_t word, uint32_t entry) {
    uint32_t rd = word >> 7 & 31, a = b->value[word >> 15 & 31];
    uint32_t imm = rv_sign_fill(word, 20), op = tree_ir_op(entry);
    if (rd == 0)
        return false;
    if ((entry & TREE_FOLDS) != 0) {
        if (a == 0 && op == IR_ADDI)
            op = IR_CONST;
        else if (imm == 0 || XL_UNLIKELY(is_known(b, a)))
            return false;
    }
    ir_emit_one(b, op, rd, a, imm);
    return true;
}

static inline void emit_store(struct ir_block *b, uint32_t word, uint32_t entry) {
    ir_emit(b, (enum ir_op)tree_ir_op(entry), 0, b->value[word >> 15 & 31],
            b->value[word >> 20 & 31], rv_imm_s(word));
}

/* Emits the instruction, if it is that simple. */
static inline bool emit(struct ir_block *b, uint32_t word, uint32_t entry) {
    if ((entry & TREE_LIFTED) == 0)
        return false;
    if ((entry & TREE_PLAIN) != 0)
        return emit_plain(b, word, entry);
    emit_store(b, word, entry);
    return true;
}

enum lift lift_quickly(struct xl *xl, const struct guest_mem *mem, uint32_t n,
                       struct lift_stop *at) {
    struct ir_block *b = &xl->ir;
    const uint8_t *ram = mem->ram + (xl->next_pc - mem->base);
    const uint32_t to_pc = mem->base - (uint32_t)(uintptr_t)mem->ram;
    enum lift did = LIFT_DONE;
    uint32_t left = n;
    for (; left != 0; left--) {
        uint32_t word = fetch_insn(ram, 4);
        bool is_long = XL_LIKELY((word & 3) == 3);
        uint32_t entry = is_long ? tree_root(word) : 0;
        if ((entry & TREE_CLOSES) != 0) {
            *at = (struct lift_stop){rv_fields(rv_head_rs1_rs2(word, entry), rv_imm_b(word)), 4};
            did = LIFT_CONTROL;
            break;
        }
        if (!emit(b, word, entry)) {
            did = lift_word(b, word, (uint32_t)(uintptr_t)ram + to_pc);
            if (XL_UNLIKELY(did != LIFT_DONE)) {
                *at = (struct lift_stop){rv_decode_fields(word), rv_length(word)};
                break;
            }
        }
        ram += is_long ? 4 : 2;
    }
    xl->next_pc = (uint32_t)(uintptr_t)ram + to_pc;
    xl->n_insns += n - left;
    return did;
}
