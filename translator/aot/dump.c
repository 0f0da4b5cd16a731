/* SPDX-License-Identifier: MIT
 * The forms that passes over the program give, as text (aot.h). What is printed is the form in the
 * end, with what later passes have added to it.
 */
#include "translator/aot/aot.h"

#include "machine.h"
#include "translator/support/native_text.h"

static const char *const ends[] = {
    [END_FALL] = "falls into", [END_BRANCH] = "branches to", [END_JUMP] = "jumps to",
    [END_CALL] = "calls",      [END_JUMP_REG] = "returns",   [END_CALL_REG] = "calls a pointer",
    [END_ENTER] = "enters",    [END_STOP] = "stops"};

static void print_registers(const char *what, uint32_t set) {
    printf("  %s", what);
    for (uint32_t n = 1; n < 16; n++)
        if (set >> n & 1)
            printf(" x%u", n);
    printf("\n");
}

static void print_insn(const struct program *p, uint32_t rv_addr) {
    static const char *const refs[] = {[REF_CALL] = "call of", [REF_ADDR_HI] = "address of"};
    const struct aot_insn *insn = program_insn(p, rv_addr);
    char text[80];
    rv_disasm(insn->word, rv_addr, text, sizeof text);
    printf("  %08x  %s", rv_addr, text);
    if (insn->ref == REF_CALL || insn->ref == REF_ADDR_HI)
        printf("    %s %s", refs[insn->ref], program_where(p, insn->target));
    printf("\n");
}

static void dump_program(const struct program *p) {
    static const char *const likely[] = {"", ", likely not taken", ", likely taken"};
    for (uint32_t i = 0; i < p->n_blocks; i++) {
        const struct block *b = &p->blocks[i];
        const struct aot_insn *first = program_insn(p, b->rv_addr);
        printf("block %08x %s: %u instructions", b->rv_addr, program_where(p, b->rv_addr),
               b->n_insns);
        printf(", %s", ends[b->end]);
        if (b->end <= END_CALL)
            printf(" %08x", b->target);
        printf("%s", likely[first->likely]);
        if (first->runs != 0)
            printf(", %u runs", first->runs);
        printf("\n");
        print_registers("live in: ", first->live_in);
        print_registers("live out:", b->live_out);
        print_registers("early:   ", first->early);
        for (uint32_t k = 0; k < b->n_insns; k++)
            print_insn(p, b->rv_addr + 4 * k);
    }
}

static void dump_traces(const struct aot *a) {
    for (uint32_t i = 0; a->code.traces != NULL && i < a->program.n_blocks; i++) {
        const struct trace *tr = &a->code.traces[i];
        printf("trace %s: %u instructions in", program_where(&a->program, tr->parts[0]->rv_addr),
               tr->n_insns);
        for (uint32_t k = 0; k < tr->n_parts; k++)
            printf(" %08x", tr->parts[k]->rv_addr);
        printf("\n");
    }
}

static void dump_pieces(const struct aot *a) {
    for (uint32_t i = 0; i < a->code.n_pieces; i++) {
        const struct piece *piece = &a->code.pieces[i];
        printf("piece %s at %08x: %u bundles, %u added", program_where(&a->program, piece->rv_addr),
               (uint32_t)MEM_CODE_BASE + 16 * piece->first_bundle, piece->n_bundles,
               piece_bundles(piece) - piece->n_bundles);
        printf(", %u operations, %u side exits, %s\n", piece->n_ops, piece->n_side_exits,
               ends[piece->end]);
        form_print(piece->ops, piece->n_bundles, stdout);
        for (uint32_t k = 0; k < piece->n_fixups; k++)
            printf("      bundle %u slot %u: label %s\n", piece->fixups[k].bundle,
                   piece->fixups[k].slot, program_where(&a->program, piece->fixups[k].label));
    }
}

static void dump_words(const struct native_code *nc) {
    char text[NATIVE_TEXT_BYTES];
    for (uint32_t i = 0; i < nc->n_bundles; i++) {
        native_print_bundle(&nc->words[XL_SLOTS * i], text);
        printf("%08x  %s\n", (uint32_t)MEM_CODE_BASE + 16 * i, text);
    }
}

/* What tells the image from the words: where each piece is. */
static void dump_image(const struct aot *a) {
    for (uint32_t i = 0; i < a->code.n_pieces; i++)
        printf("%08x  %08x %s\n", (uint32_t)MEM_CODE_BASE + 16 * a->code.pieces[i].first_bundle,
               a->code.pieces[i].rv_addr, program_where(&a->program, a->code.pieces[i].rv_addr));
}

void aot_dump(const struct aot *a, enum pass pass) {
    switch (pass_info[pass].gives) {
    case PASS_GIVES_PROGRAM:
        dump_program(&a->program);
        break;
    case PASS_GIVES_TRACES:
        dump_traces(a);
        break;
    case PASS_GIVES_PIECES:
        dump_pieces(a);
        break;
    case PASS_GIVES_WORDS:
        dump_words(&a->code);
        break;
    default:
        dump_image(a);
        break;
    }
}
