/* SPDX-License-Identifier: MIT
 * Fuzz target: guest code. The first byte chooses gear and switches, the rest is code, whatever it
 * is, behind a prologue that points registers at RAM, its end and devices, and a trap handler that
 * skips what trapped. It runs for a while on the ISS in lock-step with the golden interpreter: no
 * difference, no assertion, no panic of the firmware.
 */
#include "tests/fuzz/fuzz.h"
#include "machine.h"
#include "sim/lockstep/lockstep.h"
#include "firmware/log.h"
#include <stdlib.h>
#include <string.h>

enum { RAM_BYTES = 64 << 10, MAX_CODE_BYTES = 16 << 10, MAX_INSNS = 2000, MAX_CYCLES = 1500000 };

/* A gear-1 run each with: nothing, eager, eager and a tiny tcache, eager and random scheduling;
 * gear 0. */
static const struct {
    uint32_t flags, tcache_bytes;
} ways[] = {
    {1, 0},
    {1 | BOOT_EAGER, 0},
    {1 | BOOT_EAGER | BOOT_CHAOS_EVICT, 1024},
    {1 | BOOT_EAGER | BOOT_CHAOS_SCHED, 0},
    {0, 0},
};

struct guest_file {
    uint32_t header[13], segment[8], prologue[18];
    uint8_t code[MAX_CODE_BYTES];
};

static const struct guest_file frame = {
    .header = {0x464c457f, 0x00010101, 0, 0, 0x00f30002, 1, MEM_GUEST_BASE, 52, 0, 0, 0x00200034, 1,
               0},
    .segment = {1, 52 + 32, MEM_GUEST_BASE, MEM_GUEST_BASE, 0, 0, 7, 4},
    .prologue =
        {
            0x00000297, /* auipc t0, 0 */
            0x02428293, /* addi t0, t0, handler */
            0x30529073, /* csrw mtvec, t0 */
            0x80008137, /* lui sp, 0x80008: RAM */
            0x80000437, /* lui s0, 0x80000: this code */
            0x100004b7, /* lui s1, 0x10000: UART */
            0x02000937, /* lui s2, 0x02000: CLINT */
            0x800109b7, /* lui s3, 0x80010: end of RAM */
            0x0280006f, /* j code */
            0x34202ff3, /* handler: csrr t6, mcause */
            0x000fd663, /* bgez t6, .+12 */
            0x30405073, /* csrwi mie, 0: one interrupt is enough */
            0x30200073, /* mret */
            0x34102ff3, /* csrr t6, mepc */
            0x004f8f93, /* addi t6, t6, 4 */
            0x341f9073, /* csrw mepc, t6 */
            0x30200073, /* mret */
            0x00000013, /* nop */
        },
};

static bool no_input(void *ctx) {
    (void)ctx;
    return false;
}

static void swallow(void *ctx, uint8_t byte) {
    (void)ctx;
    (void)byte;
}

static void run(struct machine *m, const struct flash *flash, uint8_t way) {
    struct engine_hooks hooks = {
        .on_uart_tx = swallow, .on_log_tx = swallow, .uart_rx_ready = no_input};
    const struct engine_boot boot = {.flash_bytes = (uint32_t)flash->n_bytes,
                                     .ram_bytes = RAM_BYTES,
                                     .flags = ways[way].flags,
                                     .tcache_bytes = ways[way].tcache_bytes};
    m->engine->ops->set_boot(m->engine, &boot);
    image_load(&m->image, m->engine);
    flash_load(flash, m->engine);
    const struct options options = {.ram_bytes = RAM_BYTES, .boot_flags = boot.flags};
    struct lockstep *ls = lockstep_create(m, &options, &golden_model, flash);
    if (ls == NULL)
        abort();
    lockstep_hooks(ls, &hooks);
    enum engine_stop stop = m->engine->ops->run(m->engine, &hooks, MAX_CYCLES, MAX_INSNS);
    if (!lockstep_ok(ls)) {
        lockstep_explain(ls, stderr);
        abort();
    }
    lockstep_destroy(ls);
    if (stop == ENGINE_ASSERT) {
        fprintf(stderr, "program error: %s\n", m->engine->ops->message(m->engine));
        abort();
    }
    if (stop == ENGINE_EXITED && m->engine->ops->exit_status(m->engine) == CMS_STATUS_BUG)
        abort(); /* a panic of the firmware */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct machine m;
    char path[4096], error[256];
    if (size < 2 || size - 1 > MAX_CODE_BYTES)
        return 0;
    if (m.image.bytes == NULL) {
        const char *build = getenv("BUILD");
        snprintf(path, sizeof path, "%s/firmware/selkirk.img", build != NULL ? build : "build");
        if (!image_open(&m.image, path, error, sizeof error))
            abort();
    }
    struct guest_file *file = malloc(sizeof *file);
    m.engine = engine_iss_create();
    if (file == NULL || m.engine == NULL)
        abort();
    *file = frame;
    memcpy(file->code, data + 1, size - 1);
    file->segment[4] = file->segment[5] = (uint32_t)(sizeof file->prologue + size - 1);
    struct flash flash = {0};
    if (!flash_put(&flash, LOAD_ELF, 0, file, sizeof *file - MAX_CODE_BYTES + size - 1))
        abort();
    run(&m, &flash, data[0] % (sizeof ways / sizeof ways[0]));
    flash_free(&flash);
    m.engine->ops->destroy(m.engine);
    free(file);
    return 0;
}
