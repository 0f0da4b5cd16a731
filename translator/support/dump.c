/* SPDX-License-Identifier: MIT
 * Dumps of a translation's stages (dump.h). Workstation only. */
#include "translator/support/dump.h"

#include <string.h>

#include "translator/support/native_text.h"

unsigned xl_dump_channel(const char *option) {
#define CHANNEL(NAME, bit, text, description)                                                      \
    if (strcmp(option, text) == 0)                                                                 \
        return 1u << (bit);
    XL_CHANNELS(CHANNEL)
#undef CHANNEL
    return 0;
}

static void dump_ir(const struct xl *xl, FILE *file) {
    static char text[IR_MAX_INS * 64];
    ir_print(&xl->ir, text, sizeof text);
    fputs(text, file);
}

static void dump_sched(const struct xl *xl, FILE *file) {
    char text[NATIVE_TEXT_BYTES];
    for (uint32_t i = 0; i < xl->n_bundles; i++) {
        native_print_bundle(&xl_code(xl)[i * XL_SLOTS], text);
        fprintf(file, "%4u  %s\n", i, text);
    }
    for (uint32_t i = 0; i < xl->ir.n; i++)
        if (ir_flags[xl->ir.ins[i].op] & IRF_RESULT && xl->ir.ins[i].op != IR_COPY)
            fprintf(file, "      %%%u in r%u, ready in bundle %u\n", i, xl->loc[IR_FIRST + i],
                    xl->ready[IR_FIRST + i] - 1u);
}

static void dump_out(const struct xl *xl, FILE *file) {
    static const char *const kinds[] = {"taken", "next", "jump"};
    static const char *const fixups[] = {"branch", "jump", "li32", "lui", "addi"};
    for (uint32_t i = 0; i < xl->n_bundles; i++) {
        const uint32_t *w = &xl_code(xl)[i * XL_SLOTS];
        fprintf(file, "%4u  %08x %08x %08x %08x\n", i, w[0], w[1], w[2], w[3]);
    }
    for (uint32_t i = 0; i < xl->n_exits; i++)
        fprintf(file, "      exit %s to %08x: stub %u, branch %u\n", kinds[xl->exits[i].kind],
                xl->exits[i].guest_target, xl->exits[i].stub_bundle, xl->exits[i].branch_bundle);
    for (uint32_t i = 0; i < xl->n_fixups; i++)
        fprintf(file, "      fixup %s of label %08x: bundle %u, slot %u\n",
                fixups[xl->fixups[i].kind], xl->fixups[i].label, xl->fixups[i].bundle,
                xl->fixups[i].slot);
}

void xl_dump(const struct xl *xl, unsigned channels, FILE *file) {
    if (channels & XL_DUMP_IR)
        dump_ir(xl, file);
    if (channels & XL_DUMP_SCHED)
        dump_sched(xl, file);
    if (channels & XL_DUMP_OUT)
        dump_out(xl, file);
}

const struct pass_info pass_info[PASS_COUNT] = {
#define OPTIONAL true
#define NEEDED false
#define PASS(NAME, name, gives, is_of_region, off, counted, text)                                  \
    [PASS_##NAME] = {#name, PASS_GIVES_##gives, is_of_region, off, counted, text},
#define PROGRAM_PASS(NAME, name, takes, gives, off, counted, text)                                 \
    PASS(NAME, name, gives, false, off, counted, text)
#define REGION_PASS(NAME, name, takes, gives, off, counted, text)                                  \
    PASS(NAME, name, gives, true, off, counted, text)
#include "translator/passes.def"
#undef PROGRAM_PASS
#undef REGION_PASS
#undef PASS
};

void form_print(const struct vop_fields *ops, uint32_t n_bundles, FILE *file) {
    for (uint32_t i = 0; i < n_bundles; i++) {
        char text[NATIVE_TEXT_BYTES];
        uint32_t words[XL_SLOTS];
        emit_bundles(&ops[i * XL_SLOTS], 1, words);
        native_print_bundle(words, text);
        fprintf(file, "%4u  %s\n", i, text);
    }
}

void pass_dump(const struct pass_work *w, enum pass pass, FILE *file) {
    if (pass_info[pass].gives == PASS_GIVES_IR)
        dump_ir(&w->xl, file);
    else if (pass_info[pass].gives == PASS_GIVES_FORM)
        form_print(form_first(&w->form), w->xl.n_bundles, file);
    else
        dump_out(&w->xl, file);
}
