/* SPDX-License-Identifier: MIT
 * Where guest pcs are baked into a region's code (XL_NOTE_PCS; docs/architecture.md, section 5):
 * while it is lifted, the constants that auipc and links make, and those folded from them, are
 * marked; when it is scheduled, the words that hold them are looked for. Without the flag nothing
 * of this is called. */
#include "machine.h"
#include "translator/sched/slots.h"
#include "translator/xlate_impl.h"

static bool is_marked(const struct xl *xl, uint32_t v) {
    uint32_t i = v - IR_FIRST;
    return v >= IR_FIRST && (xl->baked.marks[i / 32] >> i % 32 & 1) != 0;
}

void baked_begin(struct xl *xl) {
    xl->baked.n = 0;
    for (uint32_t i = 0; i < IR_MAX_INS / 32; i++)
        xl->baked.marks[i] = 0;
}

void baked_mark(struct xl *xl, uint32_t ins) {
    xl->baked.marks[ins / 32] |= 1u << ins % 32;
    xl->ready[IR_FIRST + ins] = 0; /* not placed */
}

/* The guest instruction, whose operands had values a and c, is IR instruction n_before, if it is one
 * at all: several are never folded. */
void baked_lifted(struct xl *xl, const struct rv_insn *insn, uint32_t n_before, uint32_t a,
                  uint32_t c) {
    uint32_t last = xl->ir.n - 1;
    if (xl->ir.n != n_before + 1)
        return;
    const struct ir_ins *in = &xl->ir.ins[last];
    bool is_made = insn->op == RV_AUIPC || is_marked(xl, a) || is_marked(xl, c);
    /* a constant, or an immediate in place of a second register that was known */
    if (is_made &&
        (in->op == IR_CONST || (ir_kind[in->op] == IRK_RI && rv_format[insn->op] == RV_FORMAT_R)))
        baked_mark(xl, last);
}

static void note(struct xl *xl, uint32_t t, uint32_t slot, uint32_t guest_pc) {
    if (xl->baked.n < XL_MAX_BAKED)
        xl->baked.notes[xl->baked.n++] =
            (struct xl_note){guest_pc, (uint16_t)(t - 1), (uint16_t)slot};
}

static uint32_t word_at(const struct xl *xl, uint32_t t, uint32_t slot) {
    return xl->code[t * XL_SLOTS + slot];
}

/* The operation that writes register r in cycle t, and the lui before it if it adds to that. */
static void note_words(struct xl *xl, const struct ir_ins *in, uint32_t t, uint32_t r) {
    uint32_t slot = bank_of(r), opcode = word_at(xl, t, slot) & 0x7f;
    note(xl, t, opcode == VOP_LI32_OPCODE ? slot + 1 : slot, in->imm);
    if (in->op != IR_CONST || opcode != VOP_ADDI_OPCODE)
        return;
    do
        t--;
    while ((word_at(xl, t, slot) & 0x7f) != VOP_LUI_OPCODE);
    note(xl, t, slot, in->imm);
}

void baked_note(struct xl *xl, uint32_t ins) {
    uint32_t v = IR_FIRST + ins;
    const struct ir_ins *in = &xl->ir.ins[ins];
    uint32_t latency = sched_op_of(in->op).latency;
    if (xl->ready[v] == 0)
        return;
    note_words(xl, in, xl->ready[v] - latency, xl->loc[v]);
    if (xl->twin_value == v)
        note_words(xl, in, xl->twin_ready - latency, xl->twin_reg);
}

void baked_find(struct xl *xl) {
    for (uint32_t i = 0; i < xl->ir.n; i++)
        if (is_marked(xl, IR_FIRST + i))
            baked_note(xl, i);
}
