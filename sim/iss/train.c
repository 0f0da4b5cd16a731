/* SPDX-License-Identifier: MIT
 * firmware-profile: runs guest programs on the ISS with a firmware image and prints what the
 * firmware's bundles did: native address, how often executed, and how often another bundle than the
 * one behind it came next. `aot --profile` takes from it which way branches go.
 *
 *   firmware-profile IMAGE GUEST.elf...
 *   firmware-profile --counts FOLDER IMAGE GUEST.elf...
 *
 * The second is for a firmware in which the compiler counts (sim/iss/counts.h): no bundles are
 * printed, FOLDER gets the compiler's files.
 *
 * A guest that fails or does not end is no error here: what was counted until then is as good. One
 * of which a counting firmware executes nothing is: all would be taken for cold.
 */
#include "machine.h"
#include "sim/engine.h"
#include "sim/flash.h"
#include "sim/image.h"
#include "sim/iss/counts.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { CODE_BUNDLES = CONFIG_WIDE_CODE_BUNDLES, MAX_CYCLES = 2500000, RAM_BYTES = 32 << 20 };

struct train {
    uint64_t runs[CODE_BUNDLES], jumps[CODE_BUNDLES];
    uint32_t last; /* bundle before; only counted while is_firmware */
    bool is_firmware;
    struct counts counts;
    const char *folder; /* of the compiler's files */
    bool is_compiler;   /* the compiler counts, not the bundles are counted */
};

static bool on_bundle(void *ctx, const struct engine_bundle *b) {
    struct train *t = ctx;
    uint32_t bundle = (b->pc - MEM_CODE_BASE) / BUNDLE_BYTES % CODE_BUNDLES;
    if (t->is_firmware && !b->is_guest) {
        t->runs[t->last]++;
        t->jumps[t->last] += bundle != t->last + 1;
    }
    t->last = bundle;
    t->is_firmware = !b->is_guest;
    return true;
}

/* Console and log go nowhere. */
static void no_tx(void *ctx, uint8_t byte) {
    (void)ctx;
    (void)byte;
}

static bool run(struct train *t, const struct image *image, const char *guest) {
    struct engine *e = engine_iss_create();
    struct engine_hooks hooks = {.ctx = t,
                                 .on_bundle = t->is_compiler ? NULL : on_bundle,
                                 .on_uart_tx = no_tx,
                                 .on_log_tx = no_tx};
    struct flash flash = {0};
    FILE *file = fopen(guest, "rb");
    if (e == NULL || file == NULL || !flash_put_file(&flash, LOAD_ELF, 0, file))
        return false;
    fclose(file);
    struct engine_boot boot = {
        .flash_bytes = (uint32_t)flash.n_bytes, .ram_bytes = RAM_BYTES, .flags = 1};
    e->ops->set_boot(e, &boot);
    image_load(image, e);
    flash_load(&flash, e);
    flash_free(&flash);
    t->is_firmware = false;
    (void)e->ops->run(e, &hooks, MAX_CYCLES, UINT64_MAX);
    bool has_run = !t->is_compiler || e->ops->csr(e, CSR_INSNS_FW) != 0;
    if (t->is_compiler)
        counts_add(&t->counts, e->ops->mem(e, ENGINE_MEM_FWRAM));
    e->ops->destroy(e);
    return has_run;
}

static void print(const struct train *t) {
    for (uint32_t i = 0; i < CODE_BUNDLES; i++)
        if (t->runs[i] > 0)
            printf("%08" PRIx32 " %" PRIu64 " %" PRIu64 "\n",
                   (uint32_t)MEM_CODE_BASE + i * BUNDLE_BYTES, t->runs[i], t->jumps[i]);
}

static bool write_counts(struct train *t, const struct image *image) {
    struct engine *e = engine_iss_create();
    if (e == NULL)
        return false;
    image_load(image, e);
    bool is_written = counts_write(&t->counts, e->ops->mem(e, ENGINE_MEM_FWRAM), t->folder);
    e->ops->destroy(e);
    return is_written;
}

static int train(struct train *t, const char *path, int n_guests, char **guests) {
    struct image image;
    char error[256];
    if (!image_open(&image, path, error, sizeof error)) {
        fprintf(stderr, "firmware-profile: '%s': %s\n", path, error);
        return 2;
    }
    if (t->is_compiler && !counts_open(&t->counts, &image)) {
        fprintf(stderr, "firmware-profile: '%s' does not count\n", path);
        return 2;
    }
    for (int i = 0; i < n_guests; i++)
        if (!run(t, &image, guests[i])) {
            fprintf(stderr,
                    "firmware-profile: '%s' cannot be read, or nothing of it was executed\n",
                    guests[i]);
            return 2;
        }
    bool is_written = true;
    if (t->is_compiler)
        is_written = write_counts(t, &image);
    else
        print(t);
    image_close(&image);
    if (is_written && fflush(stdout) == 0 && ferror(stdout) == 0)
        return 0;
    fputs("firmware-profile: cannot write the profile\n", stderr);
    return 1;
}

int main(int argc, char **argv) {
    static struct train t;
    if (argc > 2 && strcmp(argv[1], "--counts") == 0) {
        t.is_compiler = true;
        t.folder = argv[2];
        argc -= 2;
        argv += 2;
    }
    if (argc >= 3)
        return train(&t, argv[1], argc - 2, argv + 2);
    fputs("usage: firmware-profile [--counts FOLDER] IMAGE GUEST.elf...\n", stderr);
    return 2;
}
