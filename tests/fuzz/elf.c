/* SPDX-License-Identifier: MIT
 * Fuzz target: ELF files. The bytes are a guest program in a load list, and a load list, loaded
 * as the firmware does it, and a native image or tcache dump, loaded and disassembled as `selkirk`
 * does it. Memories are exactly as large as what they stand for.
 */
#include "tests/fuzz/fuzz.h"
#include "firmware/guest/loader.h"
#include "machine.h"
#include "sim/cmd/selkirk.h"
#include <stdlib.h>
#include <string.h>

static const uint32_t ram_sizes[] = {4096, 64 << 10};

static void load_both(const uint8_t *data, uint32_t size, uint32_t ram_bytes) {
    struct loaded guest;
    struct load_refusal why;
    struct load_list as_it_is = {data, size}, list;
    struct flash flash = {0};
    struct guest_mem mem = {.ram = malloc(ram_bytes), .base = MEM_GUEST_BASE, .bytes = ram_bytes};
    if (mem.ram == NULL || !flash_put(&flash, LOAD_ELF, 0, data, size))
        abort();
    list = flash_list(&flash);
    (void)load_guest(&list, &mem, &guest, &why);
    (void)load_guest(&as_it_is, &mem, &guest, &why);
    flash_free(&flash);
    free(mem.ram);
}

/* An engine that is nothing but its memories. */
static uint8_t *memories[ENGINE_MEM_GUEST + 1];

static uint8_t *memory(struct engine *e, enum engine_mem which) {
    (void)e;
    return memories[which];
}

static const struct engine_ops ops = {.mem = memory};
static struct engine engine = {.ops = &ops};

static void load_image(const uint8_t *data, size_t size) {
    static FILE *nowhere;
    struct image image;
    uint32_t value;
    char error[256];
    uint8_t *copy = malloc(size != 0 ? size : 1);
    if (copy == NULL)
        abort();
    if (size != 0)
        memcpy(copy, data, size);
    if (!image_parse(&image, copy, size, error, sizeof error)) {
        free(copy);
        return;
    }
    if (nowhere == NULL && (nowhere = fopen("/dev/null", "w")) == NULL)
        abort();
    image_load(&image, &engine);
    (void)image_symbol(&image, "cms_state", &value);
    (void)dis_print(&image, "fuzz", nowhere);
    image_close(&image);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (memories[ENGINE_MEM_CODE] == NULL) {
        memories[ENGINE_MEM_CODE] = malloc(CONFIG_WIDE_CODE_BUNDLES * BUNDLE_BYTES);
        memories[ENGINE_MEM_FWRAM] = malloc(CONFIG_WIDE_FWRAM_BYTES);
    }
    for (size_t i = 0; i < sizeof ram_sizes / sizeof ram_sizes[0]; i++)
        load_both(data, (uint32_t)size, ram_sizes[i]);
    load_image(data, size);
    return 0;
}
