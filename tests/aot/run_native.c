/* SPDX-License-Identifier: MIT
 * Runs a native image on the ISS with no guest: run_native [--cycles] image. The log channel is
 * stdout, the machine's exit status is the command's; a machine program error or a run that does
 * not end is status 71. */
#include <stdio.h>
#include <string.h>

#include "machine.h"
#include "sim/engine.h"
#include "sim/image.h"

static void on_log(void *ctx, uint8_t byte) {
    (void)ctx;
    putchar(byte);
}

int main(int argc, char **argv) {
    bool wants_cycles = argc == 3 && strcmp(argv[1], "--cycles") == 0;
    struct image image;
    char error[256];
    if (argc < 2 || !image_open(&image, argv[argc - 1], error, sizeof error)) {
        fprintf(stderr, "run_native: %s\n", argc < 2 ? "no image" : error);
        return 71;
    }
    struct engine *e = engine_iss_create();
    struct engine_boot boot = {.ram_bytes = CONFIG_WIDE_GUEST_BYTES};
    struct engine_hooks hooks = {.on_log_tx = on_log};
    e->ops->set_boot(e, &boot);
    image_load(&image, e);
    enum engine_stop stop = e->ops->run(e, &hooks, 100000000u, UINT64_MAX);
    int status = (int)e->ops->exit_status(e);
    if (wants_cycles)
        fprintf(stderr, "%u cycles\n", e->ops->csr(e, CSR_CYCLES));
    if (stop != ENGINE_EXITED) {
        uint32_t offset = 0, pc = e->ops->pc(e);
        const char *where = image_nearest(&image, pc, &offset);
        fprintf(stderr, "run_native: stopped (%d) at 0x%08x %s+0x%x: %s\n", (int)stop, pc,
                where ? where : "?", offset, e->ops->message(e));
        status = 71;
    }
    e->ops->destroy(e);
    image_close(&image);
    return status;
}
