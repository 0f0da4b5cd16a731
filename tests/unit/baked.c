/* SPDX-License-Identifier: MIT
 * The list of guest pcs that are baked into a region (XL_NOTE_PCS) is right and complete: regions of
 * real programs are translated twice, the second time with all of the guest's RAM elsewhere. Where
 * both have the same shape exactly the words of the list differ, and each holds its constant.
 *
 *   baked GUEST.elf... */
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine.h"
#include "translator/sched/slots.h"
#include "translator/xlate_impl.h"

enum { RAM_BASE = 0x80000000u, MOVED_BY = 0x01234568, MAX_RAM = 1 << 22, MAX_FILE = 1 << 22 };

static uint8_t file[MAX_FILE];
static uint32_t ram[MAX_RAM / 4];
static struct xl xl[2];
static unsigned long n_regions, n_other, n_places, n_failures;

static uint32_t sign(uint32_t word, unsigned lsb) {
    return (uint32_t)((int32_t)word >> lsb);
}

/* Does the word in that place hold the constant, or a part of it? */
static bool holds(const uint32_t *code, const struct xl_note *n) {
    const uint32_t *bundle = code + n->bundle * XL_SLOTS;
    uint32_t word = bundle[n->slot], before = n->slot > 0 ? bundle[n->slot - 1] : 0;
    uint32_t upper = sign(n->guest_pc, XL_LOWER_BITS), imm = sign(word, 32 - FORMAT_I_IMM_BITS);
    if ((before & 0x7f) == VOP_LI32_OPCODE)
        return word == n->guest_pc;
    if ((word & 0x7f) == VOP_LI_OPCODE)
        return sign(word, 32 - FORMAT_U_IMM_BITS) == n->guest_pc;
    if ((word & 0x7f) == VOP_LUI_OPCODE)
        return sign(word, 32 - FORMAT_U_IMM_BITS) == upper;
    return imm == n->guest_pc || imm == (n->guest_pc & XL_LOWER_MASK);
}

static bool is_same_shape(const struct xl_result *a, const struct xl_result *b) {
    if (a->n_bundles != b->n_bundles || a->n_baked != b->n_baked)
        return false;
    for (uint32_t i = 0; i < a->n_baked; i++)
        if (a->baked[i].bundle != b->baked[i].bundle || a->baked[i].slot != b->baked[i].slot)
            return false;
    return true;
}

static const char *compare(const struct xl_result *a, const struct xl_result *b) {
    static bool is_noted[(XL_CYCLES + XL_RECHECK_BUNDLES) * XL_SLOTS];
    memset(is_noted, 0, sizeof is_noted);
    for (uint32_t i = 0; i < a->n_baked; i++) {
        is_noted[a->baked[i].bundle * XL_SLOTS + a->baked[i].slot] = true;
        if (!holds(xl_code(&xl[0]), &a->baked[i]) || !holds(xl_code(&xl[1]), &b->baked[i]))
            return "a place does not hold its constant";
    }
    n_places += a->n_baked;
    for (uint32_t i = 0; i < a->n_bundles * XL_SLOTS; i++)
        if (!is_noted[i] && xl_code(&xl[0])[i] != xl_code(&xl[1])[i])
            return "a word that is not in the list depends on where the guest is";
    return NULL;
}

static void try_region(uint32_t offset, uint32_t bytes, uint32_t flags) {
    const struct guest_mem mem[2] = {{(uint8_t *)ram, RAM_BASE, bytes},
                                     {(uint8_t *)ram, RAM_BASE + MOVED_BY, bytes}};
    struct xl_result res[2] = {{0}, {0}};
    for (int i = 0; i < 2; i++) {
        const struct xl_request rq = {.guest_pc = mem[i].base + offset,
                                      .mem = &mem[i],
                                      .max_insns = XL_MAX_INSNS,
                                      .flags = flags | XL_NOTE_PCS,
                                      .chaos_seed = offset,
                                      .likely_taken = -1};
        if (xl_translate_block(&xl[i], &rq, &res[i]) != XL_OK)
            return;
    }
    n_regions++;
    if (!is_same_shape(&res[0], &res[1])) {
        n_other++;
        return;
    }
    const char *bad = compare(&res[0], &res[1]);
    if (bad == NULL || n_failures++ > 5)
        return;
    printf("FAILED: region %08x, flags %u: %s\n", RAM_BASE + offset, flags, bad);
}

static void try_program(const char *path) {
    static const uint32_t flags[] = {0, XL_NO_FOLD, XL_NO_PACK, XL_CHAOS, XL_RECHECK};
    FILE *f = fopen(path, "rb");
    Elf32_Ehdr h;
    if (f == NULL || fread(file, 1, sizeof file, f) < sizeof h) {
        printf("FAILED: %s cannot be read\n", path);
        exit(1);
    }
    fclose(f);
    memcpy(&h, file, sizeof h);
    for (uint32_t i = 0; i < h.e_phnum; i++) {
        Elf32_Phdr p;
        memcpy(&p, file + h.e_phoff + i * sizeof p, sizeof p);
        if (p.p_type != PT_LOAD || (p.p_flags & PF_X) == 0 || p.p_filesz > MAX_RAM - 8)
            continue;
        memset(ram, 0, sizeof ram);
        memcpy(ram, file + p.p_offset, p.p_filesz);
        for (uint32_t at = 0; at < p.p_filesz; at += 4)
            for (uint32_t k = 0; k < sizeof flags / sizeof flags[0]; k++)
                try_region(at, (p.p_filesz + 7) & ~3u, flags[k]);
    }
}

int main(int argc, char **argv) {
    for (int i = 1; i < argc; i++)
        try_program(argv[i]);
    printf(
        "baked: %lu regions, %lu places; %lu regions have another shape elsewhere; %lu failures\n",
        n_regions, n_places, n_other, n_failures);
    bool is_enough = n_places > 1000 && n_other * 20 < n_regions;
    return n_failures == 0 && is_enough ? 0 : 1;
}
