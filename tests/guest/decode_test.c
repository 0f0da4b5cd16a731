/* SPDX-License-Identifier: MIT
 * decode_test [words] [seed]: compares the guest decoder and disassembler with objdump on every
 * compressed encoding and on random words. A third of the words is random, a third has an opcode of
 * ours, a third is an instruction of ours with random operands. Text must be equal; what we call
 * illegal must not be one of our mnemonics for objdump, which is told which extensions we have.
 * Then the decision tree against the table that it is made of: for every combination of the bits
 * outside rd and rs1, with several registers, the operation is that of the row that fits (of two
 * the one with the larger mask), its operands are those of the row's format. */
#define _POSIX_C_SOURCE 200809L

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "translator/guest/rv32.h"

enum { BASE = 0x1000, LINE = 256, MAX_SHOWN = 10 };
#define ARCH "rv32imac_zicsr_zifencei_zba_zbb_zbs"

static const struct {
    uint32_t match, mask;
    enum rv_op op;
    enum rv_format format;
} rows[] = {
#define RV(NAME, mnemonic, match, mask, FORMAT, ...) {match, mask, RV_##NAME, RV_FORMAT_##FORMAT},
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

/* Without symbols objdump writes branch targets with 0x, with them (and we) without. */
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
    case RV_FORMAT_R: /* objdump 2.40 does not know Zicond */
        return (op == RV_CZERO_EQZ || op == RV_CZERO_NEZ) && strncmp(theirs, ".4byte", 6) == 0;
    case RV_FORMAT_FENCE: /* reserved fields are to be ignored, objdump shows the word */
        return strncmp(theirs, ".4byte", 6) == 0 && (word & 0x000fff80u) + (word >> 20) != 0;
    default:
        return false;
    }
}

/* objdump knows floating point (which we do not have), prints reserved shifts of more than 31, and
 * calls jumps with reserved operands unknown. */
static bool is_same_compressed(uint32_t half, uint32_t addr, const char *theirs, char *ours) {
    struct rv_insn insn;
    const enum rv_op op = rv_decode(half, &insn);
    rv_disasm(half, addr, ours, LINE);
    if (strcmp(ours, theirs) == 0)
        return insn.length == 2;
    if (op == RV_ILLEGAL)
        return strncmp(theirs, "c.f", 3) == 0 || strncmp(theirs, ".2byte", 6) == 0 ||
               strcmp(theirs, "c.unimp") == 0 || strcmp(theirs, "c.addi16sp sp,0") == 0 ||
               strncmp(theirs, "c.s", 3) == 0;
    return is_same_target_text(ours, theirs) ||
           (strchr(ours, ',') == NULL && strncmp(ours, "c.j", 3) == 0 && /* one operand */
            strncmp(strstr(theirs, " 0x") == NULL ? "" : strstr(theirs, " 0x") + 3,
                    strchr(ours, ' ') + 1, LINE) == 0);
}

static void write_all(const char *path, uint32_t n, uint32_t bytes, uint32_t (*pick)(void *),
                      void *ctx) {
    FILE *raw = fopen(path, "wb");
    if (raw == NULL) {
        perror(path);
        exit(2);
    }
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t word = pick(ctx);
        for (uint32_t byte = 0; byte < bytes; byte++)
            fputc((int)(word >> (8 * byte) & 0xffu), raw);
    }
    fclose(raw);
}

static uint32_t pick_random(void *ctx) {
    return pick_word(ctx);
}

/* All half words in order, but those that begin a longer instruction. */
static uint32_t pick_next_half(void *ctx) {
    uint32_t *next = ctx;
    while ((*next & 3u) == 3u)
        ++*next;
    return (*next)++;
}

typedef bool compare(uint32_t word, uint32_t addr, const char *theirs, char *ours);

/* Number of differences; exits when objdump did not print all. */
static uint32_t compare_file(const char *path, uint32_t n, compare *is_equal, uint32_t *legal) {
    char command[4 * LINE], line[LINE], theirs[LINE], ours[LINE];
    uint32_t checked = 0, bad = 0, addr, word;
    snprintf(command, sizeof command,
             "echo '.incbin \"%s\"' | riscv64-unknown-elf-as -march=%s -o %s.o - && "
             "riscv64-unknown-elf-objcopy --strip-all %s.o && riscv64-unknown-elf-objdump -D -z "
             "-j .text -M no-aliases --adjust-vma=%d %s.o && rm %s.o",
             path, ARCH, path, path, BASE, path, path);
    FILE *objdump = popen(command, "r");
    *legal = 0;
    while (objdump != NULL && fgets(line, sizeof line, objdump) != NULL) {
        if (!parse_line(line, &addr, &word, theirs))
            continue;
        struct rv_insn insn;
        checked++;
        *legal += rv_decode(word, &insn) != RV_ILLEGAL;
        if (is_equal(word, addr, theirs, ours))
            continue;
        if (bad++ < MAX_SHOWN)
            printf("%08x at %x: objdump '%s', ours '%s'\n", word, addr, theirs, ours);
    }
    if (objdump == NULL || pclose(objdump) != 0 || checked != n) {
        printf("decode_test: objdump gave %u of %u lines\n", checked, n);
        exit(1);
    }
    remove(path);
    return bad;
}

/* --- the tree against the table */
static uint32_t bits(uint32_t word, unsigned low, unsigned n) {
    return word >> low & ((1u << n) - 1u);
}

static uint32_t signed_bits(uint32_t word, unsigned low, unsigned n) {
    return (uint32_t)((int32_t)(bits(word, low, n) << (32 - n)) >> (32 - n));
}

static uint32_t immediate(uint32_t word, enum rv_format format) {
    switch (format) {
    case RV_FORMAT_I:
    case RV_FORMAT_LOAD:
    case RV_FORMAT_JALR:
        return signed_bits(word, 20, 12);
    case RV_FORMAT_SHIFT:
        return bits(word, 20, 5);
    case RV_FORMAT_S:
        return signed_bits(word, 25, 7) * 32 + bits(word, 7, 5);
    case RV_FORMAT_B:
        return signed_bits(word, 31, 1) * 4096 + bits(word, 7, 1) * 2048 + bits(word, 25, 6) * 32 +
               bits(word, 8, 4) * 2;
    case RV_FORMAT_U:
        return bits(word, 12, 20) << 12;
    case RV_FORMAT_J:
        return signed_bits(word, 31, 1) * (1u << 20) + bits(word, 12, 8) * 4096 +
               bits(word, 20, 1) * 2048 + bits(word, 21, 10) * 2;
    case RV_FORMAT_CSR:
    case RV_FORMAT_CSRI:
    case RV_FORMAT_FENCE:
        return bits(word, 20, 12);
    default:
        return 0;
    }
}

static struct rv_insn by_table(uint32_t word) {
    const uint32_t no_rd = 1u << RV_FORMAT_S | 1u << RV_FORMAT_B | 1u << RV_FORMAT_FENCE |
                           1u << RV_FORMAT_EXACT | 1u << RV_FORMAT_NONE;
    const uint32_t no_rs1 = 1u << RV_FORMAT_U | 1u << RV_FORMAT_J | 1u << RV_FORMAT_FENCE |
                            1u << RV_FORMAT_EXACT | 1u << RV_FORMAT_NONE;
    const uint32_t rs2 =
        1u << RV_FORMAT_R | 1u << RV_FORMAT_AMO | 1u << RV_FORMAT_S | 1u << RV_FORMAT_B;
    enum rv_op op = RV_ILLEGAL;
    enum rv_format format = RV_FORMAT_NONE;
    uint32_t mask = 0;
    for (unsigned i = 0; i < ROWS; i++)
        if ((word & rows[i].mask) == rows[i].match && (mask & ~rows[i].mask) == 0) {
            op = rows[i].op;
            format = rows[i].format;
            mask = rows[i].mask;
        }
    return (struct rv_insn){.op = (uint8_t)op,
                            .rd = (uint8_t)(no_rd >> format & 1u ? 0 : bits(word, 7, 5)),
                            .rs1 = (uint8_t)(no_rs1 >> format & 1u ? 0 : bits(word, 15, 5)),
                            .rs2 = (uint8_t)(rs2 >> format & 1u ? bits(word, 20, 5) : 0),
                            .imm = (int32_t)immediate(word, format),
                            .length = 4};
}

static bool is_as_table(uint32_t word) {
    const struct rv_insn wanted = by_table(word);
    struct rv_insn got;
    return rv_decode(word, &got) == wanted.op && got.head == wanted.head && got.imm == wanted.imm &&
           got.length == wanted.length;
}

enum { COMBINATIONS = 1 << 20, REGISTERS = 5 };

/* Number of differences. */
static uint32_t compare_tree(uint64_t *state) {
    static const uint32_t registers[REGISTERS] = {0, 0xf8f80, 1u << 7, 1u << 15};
    uint32_t bad = 0;
    for (uint32_t i = 0; i < COMBINATIONS; i++)
        for (uint32_t r = 0; r < REGISTERS; r++) {
            const uint32_t operands = r + 1 < REGISTERS ? registers[r] : next_random(state);
            const uint32_t word =
                3u | (i & 31u) << 2 | (i >> 5 & 7u) << 12 | (i >> 8) << 20 | (operands & 0xf8f80u);
            if (!is_as_table(word) && bad++ < MAX_SHOWN)
                printf("%08x: the tree says %s, the table %s\n", word,
                       rv_mnemonic[rv_decode(word, &(struct rv_insn){0})],
                       rv_mnemonic[by_table(word).op]);
        }
    return bad;
}

int main(int argc, char **argv) {
    enum { COMPRESSED = 3 << 14 };
    const uint32_t n = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 0) : 20000;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 0) : 1, state = seed;
    uint32_t half = 0, legal, legal_short;
    char path[LINE];

    snprintf(path, sizeof path, "/tmp/decode_test.%d.bin", (int)getpid());
    write_all(path, COMPRESSED, 2, pick_next_half, &half);
    uint32_t bad = compare_file(path, COMPRESSED, is_same_compressed, &legal_short);
    write_all(path, n, 4, pick_random, &state);
    bad += compare_file(path, n, is_same, &legal);
    printf(
        "decode_test: %d compressed encodings, %u of them legal; seed %llu, %u words, %u of them "
        "legal: %u differ from objdump\n",
        COMPRESSED, legal_short, (unsigned long long)seed, n, legal, bad);
    const uint32_t bad_tree = compare_tree(&state);
    printf("decode_test: the tree decodes %d words, %u of them not as the table says\n",
           COMBINATIONS * REGISTERS, bad_tree);
    return bad == 0 && bad_tree == 0 ? 0 : 1;
}
