/* SPDX-License-Identifier: MIT
 * loader_test ELF [FOLDER]: load lists that are damaged, or ask for what there is not, are refused
 * with the entry, its place or the address; bytes go over the ELF file's segments; the device tree
 * holds RAM's size and the command line, and stands where QEMU has it. The trees go to FOLDER, for
 * dtc to read. Lists and RAM are in buffers of their exact size: run it with the sanitizers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "firmware/guest/loader.h"
#include "sim/flash.h"

#define BASE 0x80000000u
enum { MIB = 1 << 20, MAX_ELF = 4 << 20, TREE_MAGIC = 0xedfe0dd0 /* as a little-endian word */ };

static int n_checks, n_wrong;
static uint8_t *elf;
static size_t elf_bytes;

static void expect(const char *what, uint32_t got, uint32_t wanted) {
    n_checks++;
    if (got == wanted)
        return;
    printf("loader_test: %s: 0x%x, wanted 0x%x\n", what, got, wanted);
    n_wrong++;
}

/* The guest's RAM after loading; NULL: refused. */
static uint8_t *load(const struct flash *f, size_t n_bytes, uint32_t ram_bytes,
                     struct loaded *guest, struct load_refusal *why) {
    uint8_t *copy = malloc(n_bytes != 0 ? n_bytes : 1), *ram = calloc(1, ram_bytes);
    if (copy == NULL || ram == NULL)
        abort();
    if (n_bytes != 0)
        memcpy(copy, f->bytes, n_bytes);
    const struct load_list list = {copy, (uint32_t)n_bytes};
    const struct guest_mem mem = {.ram = ram, .base = BASE, .bytes = ram_bytes};
    bool is_loaded = load_guest(&list, &mem, guest, why);
    free(copy);
    if (is_loaded)
        return ram;
    free(ram);
    return NULL;
}

static void refused(const char *what, const struct flash *f, size_t n_bytes, uint32_t ram_bytes,
                    const char *words, uint32_t number) {
    struct loaded guest;
    struct load_refusal why = {0};
    uint8_t *ram = load(f, n_bytes, ram_bytes, &guest, &why);
    n_checks++;
    if (ram == NULL && strstr(why.text, words) != NULL && why.shown[0].number == number)
        return;
    printf("loader_test: %s: %s (0x%x)\n", what, ram != NULL ? "is loaded" : why.text,
           why.shown[0].number);
    n_wrong++;
    free(ram);
}

static struct flash with_elf(void) {
    struct flash f = {0};
    if (!flash_put(&f, LOAD_ELF, 0, elf, elf_bytes))
        abort();
    return f;
}

static void test_refusals(void) {
    struct flash f = {0};
    refused("an empty list", &f, 0, MIB, "no ELF file", 0);
    f = with_elf();
    uint32_t end = (uint32_t)f.n_bytes;
    flash_put(&f, LOAD_BYTES, BASE + 16, "abcde", 5);
    refused("cut off in an entry", &f, end + 16, MIB, "cut off", end);
    refused("cut off in a header", &f, end + 8, MIB, "cut off", end);
    flash_put(&f, LOAD_BYTES, BASE + MIB - 4, "abcde", 5);
    refused("bytes over RAM's end", &f, f.n_bytes, MIB, "outside the guest's RAM", BASE + MIB - 4);
    flash_put(&f, (enum load_kind)77, 0, "", 0);
    refused("an unknown kind", &f, f.n_bytes, 2 * MIB, "unknown kind", 77);
    flash_free(&f);
    f = with_elf();
    flash_put(&f, LOAD_BYTES, BASE - 1, "abcde", 5);
    refused("bytes before RAM", &f, f.n_bytes, MIB, "outside the guest's RAM", BASE - 1);
    flash_free(&f);
    f = with_elf();
    char *text = calloc(1, MIB);
    if (text == NULL)
        abort();
    flash_put(&f, LOAD_COMMAND_LINE, 0, text, MIB);
    refused("a command line as large as RAM", &f, f.n_bytes, MIB, "device tree", MIB);
    flash_free(&f);
    free(text);
}

/* What is not there leaves the entry as it was. */
static void test_find(void) {
    struct flash f = with_elf();
    flash_put(&f, LOAD_DATE, 7, "12345678", 8);
    const struct load_list list = flash_list(&f);
    struct load_entry entry = {.length = 99};
    expect("a name is found", load_find(&list, LOAD_NAME, &entry), false);
    expect("the entry's kind then", entry.kind, 0);
    expect("the entry's length then", entry.length, 99);
    expect("the date is found", load_find(&list, LOAD_DATE, &entry), true);
    expect("its address", entry.address, 7);
    expect("its length", entry.length, 8);
    flash_free(&f);
}

static void test_bytes(void) {
    struct loaded guest;
    struct load_refusal why;
    struct flash f = with_elf();
    flash_put(&f, LOAD_BYTES, BASE + 2, "abcde", 5);
    flash_put(&f, LOAD_BYTES, BASE + 4, "X", 1);
    uint8_t *ram = load(&f, f.n_bytes, MIB, &guest, &why);
    expect("bytes over the ELF file's", ram != NULL && memcmp(ram + 2, "abXde", 5) == 0, 1);
    free(ram);
    flash_put(&f, LOAD_END, 0, "", 0);
    flash_put(&f, LOAD_BYTES, 0, "not looked at", 13);
    ram = load(&f, f.n_bytes, MIB, &guest, &why);
    expect("what stands behind the end", ram != NULL, 1);
    free(ram);
    flash_free(&f);
}

static uint32_t big32(const uint8_t *p) {
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void test_tree(const char *text, uint32_t ram_bytes, uint32_t address, const char *folder) {
    struct loaded guest = {0};
    struct load_refusal why;
    struct flash f = with_elf();
    if (text != NULL)
        flash_put(&f, LOAD_COMMAND_LINE, 0, text, strlen(text));
    uint8_t *ram = load(&f, f.n_bytes, ram_bytes, &guest, &why), *tree = ram + (guest.tree - BASE);
    flash_free(&f);
    if (ram == NULL)
        abort();
    if (address != 0)
        expect("where the tree is", guest.tree, address);
    uint32_t magic, bytes = big32(tree + 4);
    memcpy(&magic, tree, 4);
    expect("the tree's magic", magic, TREE_MAGIC);
    expect("the tree fits", bytes <= BASE + ram_bytes - guest.tree, 1);
    bool has_text = false;
    for (uint32_t at = 0; text != NULL && *text != 0 && at + strlen(text) < bytes; at++)
        has_text |= strcmp((const char *)tree + at, text) == 0;
    expect("the command line is in it", has_text, text != NULL && *text != 0);
    if (folder != NULL) {
        char path[512];
        snprintf(path, sizeof path, "%s/tree-%u-%u.dtb", folder, ram_bytes >> 10,
                 text != NULL ? (unsigned)strlen(text) : 0);
        FILE *out = fopen(path, "wb");
        if (out == NULL || fwrite(tree, 1, bytes, out) != bytes || fclose(out) != 0)
            abort();
    }
    free(ram);
}

int main(int argc, char **argv) {
    FILE *file = argc > 1 ? fopen(argv[1], "rb") : NULL;
    const char *folder = argc > 2 ? argv[2] : NULL;
    elf = malloc(MAX_ELF);
    if (file == NULL || elf == NULL)
        return 2;
    elf_bytes = fread(elf, 1, MAX_ELF, file);
    fclose(file);
    test_refusals();
    test_find();
    test_bytes();
    test_tree(NULL, 128 * MIB, 0x87e00000, folder);
    test_tree("", 128 * MIB, 0x87e00000, NULL);
    test_tree("a", 64 * MIB, 0x83e00000, folder);
    test_tree("abc", 16 * MIB, 0x80e00000, folder);
    test_tree("abcd", 4 * MIB, 0x80200000, folder);
    test_tree("console=ttyS0 root=/dev/ram", 2 * MIB, 0, folder);
    test_tree("abcdefgh", MIB, 0, folder);
    free(elf);
    printf("loader_test: %d checks, %d wrong\n", n_checks, n_wrong);
    return n_wrong == 0 ? 0 : 1;
}
