/* SPDX-License-Identifier: MIT
 * elf_test ELF...: bad ELF files must be refused with the right reason, made by damaging a small
 * good one; then the given files are damaged at random places many times, and nothing may be read
 * or written out of bounds (the file is in a buffer of its exact size, RAM is between guard bytes;
 * run it with the address sanitizer, too). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "firmware/guest/elf.h"

#define BASE 0x80000000u
#define RAM 0x10000u
#define GUARD 64u
enum { FILE_BYTES = 256, MAX_ELF = 4 << 20, ROUNDS = 3000 };

static int n_checks, n_bad;

static void put16(uint8_t *p, uint32_t v) {
    p[0] = (uint8_t)v;
    p[1] = (uint8_t)(v >> 8);
}

static void put32(uint8_t *p, uint32_t v) {
    put16(p, v);
    put16(p + 2, v >> 16);
}

/* Header, one program header at 52, 64 bytes of code at 128 for BASE + 0x100. */
static void make_good(uint8_t *f) {
    memset(f, 0, FILE_BYTES);
    memcpy(f, "\177ELF\1\1\1", 7);
    put16(f + 16, 2);
    put16(f + 18, 243);
    put32(f + 20, 1);
    put32(f + 24, BASE + 0x100);
    put32(f + 28, 52);
    put16(f + 40, 52);
    put16(f + 42, 32);
    put16(f + 44, 1);
    put32(f + 52, 1);
    put32(f + 56, 128);
    put32(f + 60, BASE + 0x100);
    put32(f + 64, BASE + 0x100);
    put32(f + 68, 64);
    put32(f + 72, 96);
    put32(f + 76, 5);
    memset(f + 128, 0xa5, 64);
}

static const struct {
    const char *name;
    int offset, bytes; /* of the damage; bytes 0: none */
    uint32_t value;
    uint32_t file_bytes;
    enum elf_error error;
} cases[] = {
    {"good", 0, 0, 0, FILE_BYTES, ELF_OK},
    {"empty", 0, 0, 0, 0, ELF_NOT_ELF},
    {"magic", 0, 2, 0x5a4d, FILE_BYTES, ELF_NOT_ELF},
    {"only magic", 0, 0, 0, 8, ELF_TRUNCATED},
    {"half header", 0, 0, 0, 40, ELF_TRUNCATED},
    {"64 bit", 4, 2, 0x0102, FILE_BYTES, ELF_CLASS_64},
    {"big endian", 4, 2, 0x0201, FILE_BYTES, ELF_BIG_ENDIAN},
    {"x86", 18, 2, 3, FILE_BYTES, ELF_NOT_RISCV},
    {"object file with a segment", 16, 2, 1, FILE_BYTES, ELF_OK},
    {"core file", 16, 2, 4, FILE_BYTES, ELF_OK},
    {"position-independent", 16, 2, 3, FILE_BYTES, ELF_OK},
    {"compressed", 36, 4, 1, FILE_BYTES, ELF_OK},
    {"hard float", 36, 4, 4, FILE_BYTES, ELF_OK},
    {"no entry", 24, 4, 0, FILE_BYTES, ELF_OK},
    {"entry below RAM", 24, 4, BASE - 2, FILE_BYTES, ELF_OK},
    {"entry above RAM", 24, 4, BASE + RAM, FILE_BYTES, ELF_OK},
    {"entry past the code", 24, 4, BASE + 0x140, FILE_BYTES, ELF_OK},
    {"entry odd", 24, 4, BASE + 0x101, FILE_BYTES, ELF_OK},
    {"not executable", 76, 4, 6, FILE_BYTES, ELF_OK},
    {"no segments", 44, 2, 0, FILE_BYTES, ELF_NO_SEGMENTS},
    {"nothing to load", 52, 4, 4, FILE_BYTES, ELF_NO_SEGMENTS},
    {"table outside", 28, 4, FILE_BYTES - 8, FILE_BYTES, ELF_TABLE_OUTSIDE},
    {"table far outside", 28, 4, 0xfffffff0, FILE_BYTES, ELF_TABLE_OUTSIDE},
    {"many segments", 44, 2, 0xffff, FILE_BYTES, ELF_TABLE_OUTSIDE},
    {"small segment header", 42, 2, 8, FILE_BYTES, ELF_OK},
    {"truncated data", 0, 0, 0, 180, ELF_SEGMENT_TRUNCATED},
    {"data offset wraps", 56, 4, 0xfffffff8, FILE_BYTES, ELF_SEGMENT_TRUNCATED},
    {"data size wraps", 68, 4, 0xffffffff, FILE_BYTES, ELF_SEGMENT_SIZES},
    {"file larger than memory", 72, 4, 32, FILE_BYTES, ELF_SEGMENT_SIZES},
    {"below RAM", 64, 4, 0x10000, FILE_BYTES, ELF_SEGMENT_OUTSIDE_RAM},
    {"around RAM's base", 64, 4, BASE - 8, FILE_BYTES, ELF_OK},
    {"over RAM's end", 64, 4, BASE + RAM - 32, FILE_BYTES, ELF_SEGMENT_OUTSIDE_RAM},
    {"above RAM", 64, 4, BASE + RAM, FILE_BYTES, ELF_SEGMENT_OUTSIDE_RAM},
    {"bss over RAM's end", 72, 4, RAM, FILE_BYTES, ELF_SEGMENT_OUTSIDE_RAM},
    {"bss wraps", 72, 4, 0xfffffff0, FILE_BYTES, ELF_SEGMENT_OUTSIDE_RAM},
};

/* A copy of exactly the file's size, so that the sanitizer sees any read outside. */
static enum elf_error open_copy(const uint8_t *bytes, uint32_t n, uint8_t *ram) {
    struct guest_elf elf;
    const struct guest_mem mem = {.ram = ram + GUARD, .base = BASE, .bytes = RAM};
    uint8_t *copy = malloc(n + 1);
    uint32_t tohost;
    memcpy(copy, bytes, n);
    copy = realloc(copy, n == 0 ? 1 : n);
    const enum elf_error error = elf_open(&elf, copy, n, BASE, RAM);
    if (error == ELF_OK) {
        elf_load(&elf, &mem);
        (void)elf_symbol(&elf, "tohost", &tohost);
    }
    free(copy);
    for (uint32_t i = 0; i < GUARD; i++) {
        n_checks++;
        if (ram[i] != 0x5a || ram[GUARD + RAM + i] != 0x5a) {
            printf("elf_test: wrote outside RAM\n");
            n_bad++;
            break;
        }
    }
    return error;
}

static void test_cases(uint8_t *ram) {
    uint8_t file[FILE_BYTES];
    for (unsigned n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        make_good(file);
        if (cases[n].bytes == 2)
            put16(file + cases[n].offset, cases[n].value);
        if (cases[n].bytes == 4)
            put32(file + cases[n].offset, cases[n].value);
        const enum elf_error error = open_copy(file, cases[n].file_bytes, ram);
        n_checks++;
        if (error != cases[n].error) {
            printf("elf_test: %s: got '%s', wanted '%s'\n", cases[n].name, elf_error_text(error),
                   elf_error_text(cases[n].error));
            n_bad++;
        }
    }
}

static void test_load(uint8_t *ram) {
    uint8_t file[FILE_BYTES];
    make_good(file);
    memset(ram + GUARD, 0xff, RAM);
    open_copy(file, FILE_BYTES, ram);
    for (uint32_t a = 0; a < 0x200; a++) {
        const uint8_t wanted = a < 0x100 ? 0xff : a < 0x140 ? 0xa5 : a < 0x160 ? 0 : 0xff;
        n_checks++;
        if (ram[GUARD + a] != wanted) {
            printf("elf_test: byte %x of RAM is %02x, wanted %02x\n", a, ram[GUARD + a], wanted);
            n_bad++;
            return;
        }
    }
}

static void damage_at_random(const uint8_t *good, uint32_t n, uint8_t *ram, uint32_t seed) {
    static const uint8_t nasty[] = {0, 1, 0x7f, 0x80, 0xff};
    uint8_t *bytes = malloc(n);
    for (int round = 0; round < ROUNDS; round++) {
        memcpy(bytes, good, n);
        uint32_t size = n;
        for (int place = 0; place < 1 + round % 5; place++) {
            seed = seed * 1664525u + 1013904223u;
            /* mostly in the headers at the start, where it hurts */
            const uint32_t at = (seed >> 8) % (round % 4 != 0 && n > 200 ? 200 : n);
            bytes[at] = (seed >> 4 & 1) != 0 ? nasty[(seed >> 5) % 5] : (uint8_t)(seed >> 24);
        }
        if (round % 8 == 0)
            size = (seed >> 3) % n;
        open_copy(bytes, size, ram);
    }
    free(bytes);
}

int main(int argc, char **argv) {
    uint8_t *ram = malloc(RAM + 2 * GUARD), *bytes = malloc(MAX_ELF);
    memset(ram, 0x5a, RAM + 2 * GUARD);
    test_cases(ram);
    test_load(ram);
    for (int arg = 1; arg < argc; arg++) {
        FILE *file = fopen(argv[arg], "rb");
        if (file == NULL) {
            perror(argv[arg]);
            return 2;
        }
        const uint32_t n = (uint32_t)fread(bytes, 1, MAX_ELF, file);
        fclose(file);
        damage_at_random(bytes, n, ram, (uint32_t)arg);
    }
    free(ram);
    free(bytes);
    printf("elf_test: %d checks (%d damaged files), %d wrong\n", n_checks, (argc - 1) * ROUNDS,
           n_bad);
    return n_bad == 0 ? 0 : 1;
}
