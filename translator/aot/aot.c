/* SPDX-License-Identifier: MIT
 * aot: the ahead-of-time translator. The firmware, compiled to RV32EM and linked with its
 * relocations kept, becomes a native image for the VLIW core (design D1). Same lifting, scheduling
 * and encoding as for guest code; every code pointer becomes a native address, so nothing looks up
 * RV addresses later.
 *
 * Usage and switches: `aot --help`. Bad input ends in one line and exit status 2.
 */
#include "translator/aot/native_code.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "usage: aot [--no-pack] [--no-fold] [--no-traces] [--trace-runs N]\n"
    "           [--stats] [--profile FILE] firmware.elf image\n"
    "Translates an RV32EM ELF (linked with --emit-relocs --no-relax) to a native image.\n"
    "  --no-pack  one operation a bundle\n"
    "  --no-fold  no constant folding or copy propagation\n"
    "  --no-traces  a conditional branch ends what is scheduled at once\n"
    "  --trace-runs N  go on behind a branch only where the profile has N executions (default "
    "%d)\n"
    "  --profile  predict branches by what they did in a run of the image without it\n"
    "  --stats    print sizes\n";

struct options {
    uint32_t flags; /* enum xl_flags */
    uint32_t trace_runs;
    bool is_verbose;
    const char *profile, *in, *out;
};

static uint32_t read_number(const char *text) {
    char *end;
    unsigned long n = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || n > UINT32_MAX)
        aot_die("not a number: %s (see --help)", text);
    return (uint32_t)n;
}

static struct options read_options(int argc, char **argv) {
    struct options o = {.trace_runs = TRACE_RUNS};
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            printf(usage, TRACE_RUNS);
            exit(0);
        }
        if (strcmp(argv[i], "--no-pack") == 0)
            o.flags |= XL_NO_PACK;
        else if (strcmp(argv[i], "--no-fold") == 0)
            o.flags |= XL_NO_FOLD;
        else if (strcmp(argv[i], "--no-traces") == 0)
            o.flags |= XL_NO_TRACES;
        else if (strcmp(argv[i], "--stats") == 0)
            o.is_verbose = true;
        else if (strcmp(argv[i], "--trace-runs") == 0 && i + 1 < argc)
            o.trace_runs = read_number(argv[++i]);
        else if (strcmp(argv[i], "--profile") == 0 && i + 1 < argc)
            o.profile = argv[++i];
        else if (argv[i][0] == '-')
            aot_die("unknown option %s (see --help)", argv[i]);
        else if (!o.in)
            o.in = argv[i];
        else if (!o.out)
            o.out = argv[i];
        else
            aot_die("too many files (see --help)");
    }
    if (!o.out)
        aot_die("an ELF and an image are needed (see --help)");
    return o;
}

/* The firmware asks how much of code memory its own image takes. */
static void set_image_bytes(const struct program *p, uint32_t n_bytes) {
    const struct elf_rv *elf = p->elf;
    for (uint32_t i = 0; i < elf->n_symbols; i++) {
        const Elf32_Sym *s = &elf->symbols[i];
        if (strcmp(elf_rv_symbol_name(elf, s), "native_image_bytes") != 0 ||
            s->st_shndx >= elf->header->e_shnum)
            continue;
        const Elf32_Shdr *in = &elf->sections[s->st_shndx];
        uint32_t offset = s->st_value - in->sh_addr;
        if (in->sh_type != SHT_PROGBITS || in->sh_size < 4 || offset > in->sh_size - 4)
            aot_die("%s: native_image_bytes is not initialised data", elf->path);
        for (int b = 0; b < 4; b++)
            elf_rv_section_bytes(elf, in)[offset + (uint32_t)b] = (uint8_t)(n_bytes >> 8 * b);
    }
}

static void print_stats(const struct program *p, const struct native_code *nc) {
    uint32_t n_insns = 0, n_ops = 0, n_far = 0, n_side_exits = 0;
    for (uint32_t i = 0; i < nc->n_pieces; i++) {
        n_insns += nc->pieces[i].n_insns;
        n_ops += nc->pieces[i].n_ops;
        n_far += nc->pieces[i].is_far;
        n_side_exits += nc->pieces[i].n_side_exits;
    }
    printf("aot: %u instructions in %u blocks (%u pieces, %u far branches, %u side exits), %u of "
           "%u reached\n",
           n_insns, p->n_blocks, nc->n_pieces, n_far, n_side_exits, n_insns, p->n_insns);
    printf(
        "aot: %u bundles, %u operations: %.2f bundles an instruction, %.2f operations a bundle\n",
        nc->n_bundles, n_ops, (double)nc->n_bundles / n_insns, (double)n_ops / nc->n_bundles);
}

/* The image as a board may store it: for each line of four bundles a mask of its 16 words, where in its group of lines its words begin, and
 * those that are no NOP; for each group where its words begin. */
static void print_packed(const struct native_code *nc) {
    enum { LINE_WORDS = 16, GROUP_LINES = 256, MASK_BYTES = 2, OFFSET_BYTES = 2, WORD_BYTES = 4 };
    uint32_t n_words = 4 * nc->n_bundles, n_used = 0;
    uint32_t n_lines = (n_words + LINE_WORDS - 1) / LINE_WORDS;
    uint32_t index =
        n_lines * OFFSET_BYTES + (n_lines + GROUP_LINES - 1) / GROUP_LINES * WORD_BYTES;
    for (uint32_t i = 0; i < n_words; i++)
        n_used += nc->words[i] != VOP_NOP_OPCODE;
    printf("aot: %u bytes; packed %u: masks %u, %u used words %u, index %u (%.2f words a line of "
           "four bundles)\n",
           n_words * WORD_BYTES, n_lines * MASK_BYTES + n_used * WORD_BYTES + index,
           n_lines * MASK_BYTES, n_used, n_used * WORD_BYTES, index, (double)n_used / n_lines);
}

int main(int argc, char **argv) {
    struct options o = read_options(argc, argv);
    struct elf_rv elf;
    struct program p;
    struct native_code nc = {0};
    elf_rv_read(&elf, o.in);
    program_read(&p, &elf);
    program_find_blocks(&p);
    program_find_liveness(&p);
    lower_program(&nc, &p, o.flags, o.trace_runs);
    layout_place(&nc, &p);
    if (o.profile) {
        profile_apply(&nc, &p, o.profile);
        lower_program(&nc, &p, o.flags, o.trace_runs);
        layout_place(&nc, &p);
    }
    set_image_bytes(&p, 16 * nc.n_bundles);
    image_write(&nc, &p, o.out);
    if (o.is_verbose) {
        print_stats(&p, &nc);
        print_packed(&nc);
    }
    return 0;
}
