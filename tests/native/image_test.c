/* SPDX-License-Identifier: MIT
 * The native image loader: a small image made here loads and answers symbol questions; damaged ones
 * are refused with one line, and no damage at random makes it read outside the file (run it with
 * the sanitizers to see that). Packed code comes out as it went in, a line at a time, too; none
 * that contradicts itself is opened.
 *
 *   image_test IMAGE STORED   the firmware's image, and the same without symbols
 */
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine.h"
#include "sim/image.h"

enum { RANDOM_TRIALS = 20000, MAX_FILE_BYTES = 16 << 20, FLIP_ALL = 64, FLIP_STEP = 997 };
enum { PACK_WORDS = 1024, PACK_ROOM = 8 * PACK_WORDS };

struct file {
    Elf32_Ehdr eh;
    Elf32_Phdr ph[3];
    Elf32_Shdr sh[3];
    Elf32_Sym sym[4];
    char strings[24];
    uint32_t code[4], data[2];
    uint32_t index, masks[4], words[3];
};

static struct file good_file(void) {
    struct file f = {0};
    const uint8_t ident[] = {0x7f, 'E', 'L', 'F', ELFCLASS32, ELFDATA2LSB, EV_CURRENT};
    memcpy(f.eh.e_ident, ident, sizeof ident);
    f.eh.e_type = ET_EXEC;
    f.eh.e_machine = IMAGE_ELF_MACHINE;
    f.eh.e_entry = MEM_CODE_BASE;
    f.eh.e_phoff = offsetof(struct file, ph);
    f.eh.e_phentsize = sizeof f.ph[0];
    f.eh.e_phnum = 3;
    f.eh.e_shoff = offsetof(struct file, sh);
    f.eh.e_shentsize = sizeof f.sh[0];
    f.eh.e_shnum = 3;
    f.ph[0] =
        (Elf32_Phdr){PT_LOAD, offsetof(struct file, code), MEM_CODE_BASE + 16, 0, 16, 16, 0, 0};
    f.ph[1] = (Elf32_Phdr){PT_LOAD, offsetof(struct file, data), 0x100, 0, 8, 32, 0, 0};
    f.ph[2] = (Elf32_Phdr){
        NATIVE_IMAGE_PT_PACKED, offsetof(struct file, index), MEM_CODE_BASE, 0, 32, 16, 0, 0};
    f.sh[1] = (Elf32_Shdr){.sh_type = SHT_SYMTAB, .sh_link = 2};
    f.sh[1].sh_offset = offsetof(struct file, sym);
    f.sh[1].sh_size = sizeof f.sym;
    f.sh[2] = (Elf32_Shdr){.sh_type = SHT_STRTAB, .sh_size = sizeof f.strings};
    f.sh[2].sh_offset = offsetof(struct file, strings);
    memcpy(f.strings, "\0start\0loop\0state\0", 18);
    f.sym[1] = (Elf32_Sym){.st_name = 1, .st_value = MEM_CODE_BASE, .st_shndx = SHN_ABS};
    f.sym[2] = (Elf32_Sym){.st_name = 7, .st_value = MEM_CODE_BASE + 32, .st_shndx = SHN_ABS};
    f.sym[3] = (Elf32_Sym){.st_name = 12, .st_value = 0x104, .st_shndx = SHN_ABS};
    memcpy(f.code, (uint32_t[]){1, 2, 3, 4}, sizeof f.code);
    memcpy(f.data, (uint32_t[]){5, 6}, sizeof f.data);
    f.masks[0] = 0xb; /* words 0, 1 and 3 of the bundle */
    memcpy(f.words, (uint32_t[]){7, 8, 9}, sizeof f.words);
    return f;
}

/* Opens a copy of the first `bytes` of the file. */
static bool parse(struct image *im, const struct file *f, size_t bytes, char error[128]) {
    uint8_t *copy = malloc(bytes != 0 ? bytes : 1);
    memcpy(copy, f, bytes);
    error[0] = '\0';
    bool is_open = image_parse(im, copy, bytes, error, 128);
    if (!is_open) {
        free(copy);
    }
    return is_open;
}

static bool test_good(void) {
    struct file f = good_file();
    struct image im;
    struct engine *e = engine_iss_create();
    uint32_t address = 0, offset = 0, word = 0;
    char error[128];
    bool is_good = parse(&im, &f, sizeof f, error) && im.entry == MEM_CODE_BASE;
    if (!is_good) {
        printf("a good image is refused: %s\n", error);
        return false;
    }
    memset(e->ops->mem(e, ENGINE_MEM_FWRAM), 0xff, 0x200);
    image_load(&im, e);
    memcpy(&word, e->ops->mem(e, ENGINE_MEM_CODE) + 16 + 8, sizeof word);
    is_good &= word == 3;
    is_good &= memcmp(e->ops->mem(e, ENGINE_MEM_CODE), (uint32_t[]){7, 8, 0, 9}, 16) == 0;
    memcpy(&word, e->ops->mem(e, ENGINE_MEM_FWRAM) + 0x104, sizeof word);
    is_good &= word == 6 && e->ops->mem(e, ENGINE_MEM_FWRAM)[0x11f] == 0 &&
               e->ops->mem(e, ENGINE_MEM_FWRAM)[0x120] == 0xff;
    is_good &= image_symbol(&im, "state", &address) && address == 0x104;
    is_good &= !image_symbol(&im, "nothing", &address);
    const char *name = image_nearest(&im, MEM_CODE_BASE + 40, &offset);
    is_good &= name != NULL && strcmp(name, "loop") == 0 && offset == 8;
    is_good &= image_nearest(&im, 0x100, &offset) == NULL;
    image_close(&im);
    e->ops->destroy(e);
    if (!is_good) {
        puts("image: contents or symbols are wrong");
    }
    return is_good;
}

static bool is_refused(const struct file *f, size_t bytes, const char *why) {
    struct image im;
    char error[128];
    if (parse(&im, f, bytes, error)) {
        image_close(&im);
        printf("not refused: %s\n", why);
        return false;
    }
    return strlen(error) > 5 && strchr(error, '\n') == NULL;
}

#define REFUSED(member, value)                                                                     \
    do {                                                                                           \
        struct file f = good_file();                                                               \
        f.member = (value);                                                                        \
        is_good &= is_refused(&f, sizeof f, #member " = " #value);                                 \
    } while (0)

static bool test_refused(void) {
    struct file whole = good_file();
    bool is_good = is_refused(&whole, 20, "a file of 20 bytes");
    is_good &= is_refused(&whole, offsetof(struct file, data), "a truncated segment");
    REFUSED(eh.e_ident[0], 'E');
    REFUSED(eh.e_ident[EI_CLASS], ELFCLASS64);
    REFUSED(eh.e_ident[EI_DATA], ELFDATA2MSB);
    REFUSED(eh.e_machine, EM_RISCV);
    REFUSED(eh.e_type, ET_REL);
    REFUSED(eh.e_phnum, 0);
    REFUSED(eh.e_phoff, 0xfffffff0u);
    REFUSED(ph[0].p_filesz, 0xfffffff0u);
    REFUSED(ph[0].p_vaddr, MEM_GUEST_BASE);
    REFUSED(ph[0].p_vaddr, MEM_CODE_BASE + CONFIG_WIDE_CODE_BUNDLES * BUNDLE_BYTES - 8);
    REFUSED(ph[1].p_memsz, CONFIG_WIDE_FWRAM_BYTES);
    REFUSED(ph[1].p_memsz, 4);
    REFUSED(ph[2].p_filesz, 31);
    REFUSED(ph[2].p_filesz, 19);
    REFUSED(ph[2].p_filesz, 0);
    REFUSED(ph[2].p_memsz, 15);
    REFUSED(ph[2].p_memsz, 0x10000000);
    REFUSED(ph[2].p_vaddr, MEM_CODE_BASE + 64);
    REFUSED(ph[0].p_type, NATIVE_IMAGE_PT_PACKED);
    REFUSED(index, 1);
    REFUSED(masks[0], 0xf);
    REFUSED(masks[0], 0x3);
    REFUSED(masks[0], 0x13);
    REFUSED(masks[3], 0x10000);
    REFUSED(sh[1].sh_offset, sizeof(struct file));
    REFUSED(sh[2].sh_size, 1u << 20);
    return is_good;
}

/* Words of code, some of them 0, in all lengths and densities. */
static uint32_t random_code(uint32_t *words, unsigned trial) {
    uint32_t n = trial < 300 ? trial : (uint32_t)rand() % PACK_WORDS;
    for (uint32_t i = 0; i < n; i++) {
        words[i] = (unsigned)rand() % 8 < trial % 9 ? (uint32_t)rand() + 1 : 0;
    }
    return n;
}

static bool is_same_code(const struct packed *p, const uint32_t *words, uint32_t n) {
    for (uint32_t i = p->n_lines; i-- > 0;) {
        uint32_t line[PACKED_LINE_WORDS];
        packed_line(p, i, line);
        for (uint32_t k = 0; k < PACKED_LINE_WORDS; k++) {
            uint32_t at = i * PACKED_LINE_WORDS + k;
            if (line[k] != (at < n ? words[at] : 0)) {
                return false;
            }
        }
    }
    return p->n_lines * PACKED_LINE_WORDS >= n;
}

/* Out again as it went in; refused cut off anywhere or with a bit of index or masks turned over. */
static bool test_packed(void) {
    static uint32_t words[PACK_WORDS];
    static uint8_t bytes[PACK_ROOM];
    for (unsigned trial = 0; trial < 600; trial++) {
        struct packed p;
        uint32_t n = random_code(words, trial), n_bytes = packed_bytes(words, n);
        packed_write(bytes, words, n);
        bool is_good = packed_open(&p, bytes, n_bytes, n) == NULL && is_same_code(&p, words, n);
        for (uint32_t cut = 1; cut <= n_bytes && cut < 40; cut++) {
            is_good &= packed_open(&p, bytes, n_bytes - cut, n) != NULL;
        }
        for (uint32_t bit = 0; bit < 8 * packed_head_bytes(packed_lines(n)); bit += 7) {
            bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
            is_good &= packed_open(&p, bytes, n_bytes, n) != NULL;
            bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
        if (!is_good) {
            printf("packed code of %u words is wrong\n", n);
            return false;
        }
    }
    return true;
}

static struct engine *load(const char *path) {
    struct image im;
    char error[128];
    if (!image_open(&im, path, error, sizeof error)) {
        printf("%s: %s\n", path, error);
        exit(1);
    }
    struct engine *e = engine_iss_create();
    image_load(&im, e);
    image_close(&im);
    return e;
}

/* Both files put the same into CODE and FWRAM. */
static bool test_stored(const char *path, const char *stored) {
    struct engine *a = load(path), *b = load(stored);
    bool is_good = memcmp(a->ops->mem(a, ENGINE_MEM_CODE), b->ops->mem(b, ENGINE_MEM_CODE),
                          CONFIG_WIDE_CODE_BUNDLES * BUNDLE_BYTES) == 0 &&
                   memcmp(a->ops->mem(a, ENGINE_MEM_FWRAM), b->ops->mem(b, ENGINE_MEM_FWRAM),
                          CONFIG_WIDE_FWRAM_BYTES) == 0;
    a->ops->destroy(a);
    b->ops->destroy(b);
    if (!is_good) {
        puts("the stored image is not the image");
    }
    return is_good;
}

static void damage_at_random(void) {
    srand(1);
    for (unsigned i = 0; i < RANDOM_TRIALS; i++) {
        struct file f = good_file();
        struct image im;
        uint32_t offset;
        char error[128];
        for (int n = rand() % 4; n >= 0; n--) {
            ((uint8_t *)&f)[(size_t)rand() % offsetof(struct file, strings)] = (uint8_t)rand();
        }
        if (parse(&im, &f, sizeof f - (size_t)(rand() % 3) * 30, error)) {
            image_symbol(&im, "state", &offset);
            image_nearest(&im, MEM_CODE_BASE + 64, &offset);
            image_close(&im);
        }
    }
}

static uint8_t *read_file(const char *path, size_t *n) {
    FILE *f = fopen(path, "rb");
    uint8_t *bytes = malloc(MAX_FILE_BYTES);
    if (f == NULL || bytes == NULL) {
        perror(path);
        exit(2);
    }
    *n = fread(bytes, 1, MAX_FILE_BYTES, f);
    fclose(f);
    return bytes;
}

/* A bit of every FLIP_STEP-th byte turned over, all eight one after the other: the checksum is
 * wrong, or the file no image any more. Returns how many got through. */
static unsigned flip_bits(const char *path, unsigned *n_flips) {
    unsigned n_missed = 0;
    size_t n;
    uint8_t *file = read_file(path, &n);
    for (size_t at = 0; at < n; at += at < FLIP_ALL ? 1 : FLIP_STEP) {
        struct image im;
        char error[128];
        uint8_t *copy = malloc(n);
        memcpy(copy, file, n);
        copy[at] ^= (uint8_t)(1u << (at + at / FLIP_STEP) % 8);
        if (!image_parse(&im, copy, n, error, sizeof error)) {
            free(copy);
        } else {
            n_missed += image_check(&im, error, sizeof error);
            image_close(&im);
        }
        ++*n_flips;
    }
    free(file);
    return n_missed;
}

int main(int argc, char **argv) {
    unsigned n_flips = 0, n_missed = 0;
    bool is_good = test_good();
    is_good &= test_refused();
    is_good &= test_packed();
    if (argc == 3)
        is_good &= test_stored(argv[1], argv[2]);
    damage_at_random();
    for (int i = 1; i < argc; i++)
        n_missed += flip_bits(argv[i], &n_flips);
    is_good &= n_missed == 0;
    printf("native image loader: one good image, 28 refused, %d damaged at random, %u of %u turned "
           "bits noticed%s\n",
           RANDOM_TRIALS, n_flips - n_missed, n_flips, is_good ? "" : ": FAILED");
    return is_good ? 0 : 1;
}
