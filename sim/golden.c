/* SPDX-License-Identifier: MIT
 * Golden model: see golden.h. Its devices swallow everything; a value that comes from outside the
 * guest is taken from the engine after the instruction.
 */
#include "sim/golden.h"
#include "machine.h"
#include "translator/guest/elf.h"
#include <stdlib.h>
#include <string.h>

static enum interp_dev_result device_load(void *ctx, uint32_t addr, uint32_t bytes, uint32_t *value)
{
    struct golden *g = ctx;
    (void)addr;
    (void)bytes;
    *value = 0;
    g->needs_oracle = true;
    return INTERP_DEV_OK;
}

static enum interp_dev_result device_store(void *ctx, uint32_t addr, uint32_t bytes, uint32_t value)
{
    (void)ctx;
    (void)addr;
    (void)bytes;
    (void)value;
    return INTERP_DEV_OK;
}

static uint32_t read_csr(void *ctx, enum rv_csr csr)
{
    struct golden *g = ctx;
    (void)csr;
    g->needs_oracle = true;
    return 0;
}

struct golden *golden_create(uint32_t ram_bytes, const uint8_t *elf, size_t elf_bytes)
{
    struct guest_elf program;
    struct golden *g = calloc(1, sizeof *g);
    if (g == NULL || (g->ram = calloc(1, ram_bytes)) == NULL)
        abort();
    g->device = (struct interp_dev){
        .ctx = g, .load = device_load, .store = device_store, .read_csr = read_csr};
    g->ram_bytes = ram_bytes;
    g->log = (struct guest_store_log){.entries = g->stores, .capacity = GOLDEN_STORES};
    g->gs.log = &g->log;
    struct guest_mem mem = {.ram = g->ram, .base = MEM_GUEST_BASE, .bytes = ram_bytes};
    if (elf_open(&program, elf, (uint32_t)elf_bytes, mem.base, mem.bytes) != ELF_OK)
        abort(); /* the caller has checked it */
    elf_load(&program, &mem);
    interp_init(&g->in, &g->gs, &mem, &g->device, program.entry);
    return g;
}

void golden_destroy(struct golden *g)
{
    free(g->ram);
    free(g);
}

static uint32_t fetch_word(const struct golden *g)
{
    uint32_t offset = g->in.pc - MEM_GUEST_BASE, word = 0;
    if (offset <= g->ram_bytes - 4)
        memcpy(&word, g->ram + offset, 4);
    return word;
}

const char *golden_step(struct golden *g, const struct golden_oracle *oracle)
{
    enum { X_RESULT = 10 };
    uint32_t slot = (uint32_t)(g->n_steps++ % GOLDEN_RING), word = fetch_word(g), rd = word >> 7 & 31;
    g->ring_pc[slot] = g->in.pc;
    g->ring_word[slot] = word;
    g->needs_oracle = false;
    switch (interp_run(&g->in, 1)) {
    case INTERP_FAULT:
        return guest_cause_text(g->in.fault.cause);
    case INTERP_SEMIHOST:
        oracle->copy_stores(oracle->ctx, g->ram);
        g->gs.x[X_RESULT] = oracle->reg(oracle->ctx, X_RESULT);
        interp_complete(&g->in);
        break;
    case INTERP_LIMIT:
    case INTERP_BLOCK:
    case INTERP_FENCE_I:
    case INTERP_TRAP:
    case INTERP_PRIV:
    case INTERP_WFI:
    case INTERP_ROI_BEGIN:
    case INTERP_ROI_END:
    case INTERP_EXIT:
    case INTERP_TOHOST:
        break;
    }
    if (g->needs_oracle && rd != 0)
        g->gs.x[rd] = oracle->reg(oracle->ctx, rd);
    return NULL;
}
