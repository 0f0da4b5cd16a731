/* SPDX-License-Identifier: MIT
 * Golden model of the guest (golden.h). Workstation only. */
#include "firmware/guest/golden.h"

#include <stdio.h>
#include <stdlib.h>

struct golden *golden_create(const struct interp_dev *dev, uint32_t ram_base, uint32_t ram_bytes) {
    struct golden *g = calloc(1, sizeof *g);
    uint8_t *ram = calloc(1, ram_bytes);
    if (g == NULL || ram == NULL) {
        fprintf(stderr, "out of memory\n");
        exit(70);
    }
    g->mem = (struct guest_mem){.ram = ram, .base = ram_base, .bytes = ram_bytes};
    g->log = (struct guest_store_log){.entries = g->entries, .capacity = GOLDEN_LOG_STORES, .n = 0};
    g->gs.log = &g->log;
    interp_init(&g->in, &g->gs, &g->mem, dev, ram_base);
    return g;
}

void golden_destroy(struct golden *g) {
    free(g->mem.ram);
    free(g);
}

enum elf_error golden_load(struct golden *g, const uint8_t *bytes, uint32_t n_bytes) {
    struct guest_elf elf;
    const enum elf_error error = elf_open(&elf, bytes, n_bytes, g->mem.base, g->mem.bytes);
    if (error != ELF_OK)
        return error;
    elf_load(&elf, &g->mem);
    interp_init(&g->in, &g->gs, &g->mem, g->in.dev, elf.entry);
    if (!elf_symbol(&elf, "tohost", &g->in.tohost))
        g->in.tohost = 1;
    return ELF_OK;
}

enum interp_event golden_step(struct golden *g) {
    return interp_run(&g->in, 1);
}

void golden_clear_log(struct golden *g) {
    g->log.n = 0;
}
