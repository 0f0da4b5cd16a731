/* SPDX-License-Identifier: MIT
 * decode_test [words] [seed]: compares the guest decoder and disassembler with objdump on random
 * words. A third of the words is random, a third has an opcode of ours, a third is an instruction
 * of ours with random operands. Text must be equal; what we call illegal must not be one of our
 * mnemonics for objdump. */
#define _POSIX_C_SOURCE 200809L

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "translator/guest/rv32.h"

enum { BASE = 0x1000, LINE = 256, MAX_SHOWN = 10 };

static const struct {
    uint32_t match, mask;
} rows[] = {
#define RV(NAME, mnemonic, match, mask, FORMAT, flags) {match, mask},
#include "translator/guest/rv32.def"
#undef RV
};
enum { ROWS = sizeof rows / sizeof rows[0] };

static uint32_t next_random(uint64_t *state) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 32);
}

/* 32-bit encodings only: low bits 11, and not the prefix of longer ones. */
static uint32_t pick_word(uint64_t *state) {
    for (;;) {
        const uint32_t random = next_random(state);
        const uint32_t row = next_random(state) % ROWS;
        uint32_t word = random;
        switch (next_random(state) % 3) {
        case 1:
            word = (random & ~0x7fu) | (rows[row].match & 0x7fu);
            break;
        case 2:
            word = (random & ~rows[row].mask) | rows[row].match;
            break;
        }
        word |= 3u;
        if ((word & 0x1cu) != 0x1cu)
            return word;
    }
}

/* objdump's line "    1000:\t00000013          \taddi\tzero,zero,0 # x" to "addi zero,zero,0". */
static bool parse_line(const char *line, uint32_t *addr, uint32_t *word, char *text) {
    int at = 0;
    if (sscanf(line, " %x:\t%x%n", addr, word, &at) != 2 || line[at] == 0)
        return false;
    const char *p = line + at;
    while (*p == ' ' || *p == '\t')
        p++;
    char *out = text;
    for (; *p != 0 && *p != '\n' && *p != '#' && *p != '<'; p++)
        *out++ = *p == '\t' ? ' ' : *p;
    while (out > text && out[-1] == ' ')
        out--;
    *out = 0;
    return true;
}

static bool is_our_mnemonic(const char *text) {
    const size_t n = strcspn(text, " ");
    for (int op = 1; op < RV_OP_COUNT; op++)
        if (strlen(rv_mnemonic[op]) == n && strncmp(rv_mnemonic[op], text, n) == 0)
            return true;
    return false;
}

/* objdump names hundreds of CSRs, we name six: the middle operand is not compared for the others.
 */
static bool is_same_csr_text(const char *ours, const char *theirs) {
    const char *our_comma = strchr(ours, ','), *their_comma = strchr(theirs, ',');
    return strstr(ours, ",0x") != NULL && their_comma != NULL &&
           strncmp(ours, theirs, (size_t)(our_comma - ours)) == 0 &&
           strcmp(strrchr(ours, ','), strrchr(theirs, ',')) == 0;
}

/* In raw files objdump writes branch targets with 0x, in ELF files (and we) without. */
static bool is_same_target_text(const char *ours, const char *theirs) {
    const char *our_target = strrchr(ours, ','), *their_target = strstr(theirs, ",0x");
    return their_target != NULL && our_target - ours == their_target - theirs &&
           strncmp(ours, theirs, (size_t)(our_target - ours)) == 0 &&
           strcmp(our_target + 1, their_target + 3) == 0;
}

/* Shift amounts above 31 are reserved in RV32; objdump 2.40 prints them. */
static bool is_long_shift(uint32_t word) {
    return (word & 0x0200207fu) == 0x02000013u && (word & 0x1000u) != 0;
}

static bool is_same(uint32_t word, uint32_t addr, const char *theirs, char *ours) {
    struct rv_insn insn;
    const enum rv_op op = rv_decode(word, &insn);
    rv_disasm(word, addr, ours, LINE);
    if (strcmp(ours, theirs) == 0)
        return true;
    switch ((enum rv_format)rv_format[op]) {
    case RV_FORMAT_NONE:
        return !is_our_mnemonic(theirs) || is_long_shift(word);
    case RV_FORMAT_CSR:
    case RV_FORMAT_CSRI:
        return is_same_csr_text(ours, theirs);
    case RV_FORMAT_B:
    case RV_FORMAT_J:
        return is_same_target_text(ours, theirs);
    case RV_FORMAT_FENCE: /* reserved fields are to be ignored, objdump shows the word */
        return strncmp(theirs, ".4byte", 6) == 0 && (word & 0x000fff80u) + (word >> 20) != 0;
    default:
        return false;
    }
}

static void write_words(const char *path, uint32_t n, uint64_t seed) {
    FILE *raw = fopen(path, "wb");
    if (raw == NULL) {
        perror(path);
        exit(2);
    }
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t word = pick_word(&seed);
        for (int byte = 0; byte < 4; byte++)
            fputc((int)(word >> (8 * byte) & 0xffu), raw);
    }
    fclose(raw);
}

int main(int argc, char **argv) {
    const uint32_t n = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 0) : 20000;
    const uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;
    char path[LINE], command[2 * LINE], line[LINE], theirs[LINE], ours[LINE];
    uint32_t checked = 0, bad = 0, legal = 0, addr, word;

    snprintf(path, sizeof path, "/tmp/decode_test.%d.bin", (int)getpid());
    write_words(path, n, seed);
    snprintf(command, sizeof command,
             "riscv64-unknown-elf-objdump -D -z -b binary -m riscv:rv32 -M no-aliases "
             "--adjust-vma=%d %s",
             BASE, path);
    FILE *objdump = popen(command, "r");
    while (objdump != NULL && fgets(line, sizeof line, objdump) != NULL) {
        if (!parse_line(line, &addr, &word, theirs))
            continue;
        struct rv_insn insn;
        checked++;
        legal += rv_decode(word, &insn) != RV_ILLEGAL;
        if (is_same(word, addr, theirs, ours))
            continue;
        if (bad++ < MAX_SHOWN)
            printf("%08x at %x: objdump '%s', ours '%s'\n", word, addr, theirs, ours);
    }
    if (objdump == NULL || pclose(objdump) != 0 || checked != n) {
        printf("decode_test: objdump gave %u of %u lines\n", checked, n);
        return 1;
    }
    remove(path);
    printf("decode_test: seed %llu, %u words, %u of them legal, %u differ from objdump\n",
           (unsigned long long)seed, checked, legal, bad);
    return bad == 0 ? 0 : 1;
}
