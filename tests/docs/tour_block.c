/* SPDX-License-Identifier: MIT
 * Shows one guest block as it goes through the translator's stages, for docs/00-tour.md.
 *
 *   tour_block guest.elf FUNCTION[.loop] guest|ir|bundles [no-fold] [no-pack]
 *
 * The block is the one at the function's first instruction; with .loop, the one that the function's
 * first backward branch goes to. guest: its instructions; ir: what they are lifted to; bundles:
 * what the scheduler makes of it, checked by xl_check. */
#include <stdio.h>
#include <string.h>

#include "translator/support/native_text.h"
#include "firmware/guest/elf.h"
#include "translator/guest/rv32.h"
#include "translator/xlate_impl.h"

enum {
    RAM_BASE = 0x80000000u,
    RAM_BYTES = 1 << 22,
    FILE_BYTES = 1 << 22,
    SEARCH_INSNS = 1000,
    TEXT_BYTES = 1 << 14
};

static uint8_t ram[RAM_BYTES], file[FILE_BYTES];
static struct xl xl;

static int complain(const char *what) {
    fprintf(stderr, "tour_block: %s\n", what);
    return 2;
}

static uint32_t word_at(uint32_t pc) {
    uint32_t word = 0;
    if (pc - RAM_BASE <= RAM_BYTES - 4)
        memcpy(&word, ram + (pc - RAM_BASE), 4);
    return word;
}

/* Fills ram; the symbol table stays in `file`. */
static bool load(const char *path, struct guest_elf *elf) {
    const struct guest_mem mem = {ram, RAM_BASE, RAM_BYTES};
    FILE *f = fopen(path, "rb");
    if (f == NULL)
        return false;
    uint32_t n = (uint32_t)fread(file, 1, sizeof file, f);
    fclose(f);
    if (elf_open(elf, file, n, RAM_BASE, RAM_BYTES) != ELF_OK)
        return false;
    elf_load(elf, &mem);
    return true;
}

/* Target of the first backward conditional branch from pc on, 0 if there is none. */
static uint32_t find_loop(uint32_t pc) {
    for (uint32_t i = 0; i < SEARCH_INSNS; i++, pc += 4) {
        struct rv_insn insn;
        rv_decode(word_at(pc), &insn);
        if (insn.op >= RV_BEQ && insn.op <= RV_BGEU && insn.imm < 0)
            return pc + (uint32_t)insn.imm;
    }
    return 0;
}

static bool find_block(const struct guest_elf *elf, const char *name, uint32_t *pc) {
    char function[64];
    const char *dot = strchr(name, '.');
    size_t length = dot != NULL ? (size_t)(dot - name) : strlen(name);
    if (length >= sizeof function)
        return false;
    memcpy(function, name, length);
    function[length] = '\0';
    if (!elf_symbol(elf, function, pc))
        return false;
    if (dot != NULL)
        *pc = find_loop(*pc);
    return *pc != 0;
}

static void print_guest(uint32_t pc, uint32_t n) {
    for (uint32_t i = 0; i < n; i++, pc += 4) {
        char text[64];
        rv_disasm(word_at(pc), pc, text, sizeof text);
        printf("%08x: %08x  %s\n", pc, word_at(pc), text);
    }
}

static void print_bundles(const struct xl_result *res) {
    for (uint32_t i = 0; i < res->n_bundles; i++) {
        char text[NATIVE_TEXT_BYTES];
        native_print_bundle(&xl_code(&xl)[i * SLOT_COUNT], text);
        printf("%2u  %s\n", i, text);
    }
    for (uint32_t i = 0; i < res->n_exits; i++)
        printf("exit to guest %08x: stub in bundle %u, branch in bundle %u\n",
               res->exits[i].guest_target, res->exits[i].stub_bundle, res->exits[i].branch_bundle);
    printf("%u guest instructions, %u operations, %u bundles\n", res->n_insns, res->n_ops,
           res->n_bundles);
}

static int show(uint32_t pc, const char *stage, uint32_t flags) {
    static char text[TEXT_BYTES];
    const struct guest_mem mem = {ram, RAM_BASE, RAM_BYTES};
    const struct xl_request rq = {
        .guest_pc = pc, .mem = &mem, .max_insns = XL_MAX_INSNS, .flags = flags, .likely_taken = -1};
    struct xl_result res;
    if (xl_translate_block(&xl, &rq, &res) != XL_OK)
        return complain("no translation");
    if (xl_check(&xl) != NULL)
        return complain(xl_check(&xl));
    if (strcmp(stage, "guest") == 0) {
        print_guest(pc, res.n_insns);
    } else if (strcmp(stage, "bundles") == 0) {
        print_bundles(&res);
    } else {
        xl_begin(&xl, &xl_abi_guest, flags, 0);
        if (lift_block(&xl, &rq, res.n_insns) != XL_OK)
            return complain("cannot be lifted");
        ir_print(&xl.ir, text, sizeof text);
        fputs(text, stdout);
    }
    return 0;
}

int main(int argc, char **argv) {
    struct guest_elf elf;
    uint32_t pc, flags = 0;
    if (argc < 4)
        return complain(
            "usage: tour_block guest.elf FUNCTION[.loop] guest|ir|bundles [no-fold] [no-pack]");
    for (int i = 4; i < argc; i++)
        flags |= strcmp(argv[i], "no-fold") == 0 ? XL_NO_FOLD : XL_NO_PACK;
    if (!load(argv[1], &elf))
        return complain("cannot load the guest");
    if (!find_block(&elf, argv[2], &pc))
        return complain("no such function or loop");
    return show(pc, argv[3], flags);
}
