/* SPDX-License-Identifier: MIT
 * The ISS as an engine: creation, memories, and what may be looked at from outside.
 * Memories are anonymous mappings, so that pages nobody touches cost nothing.
 */
#define _DEFAULT_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "sim/iss/iss.h"

static const size_t memory_bytes[4] = {
    [ENGINE_MEM_FWRAM] = CONFIG_WIDE_FWRAM_BYTES,
    [ENGINE_MEM_FLASH] = CONFIG_WIDE_FLASH_BYTES,
    [ENGINE_MEM_CODE] = (size_t)ISS_CODE_BUNDLES * BUNDLE_BYTES,
    [ENGINE_MEM_GUEST] = CONFIG_WIDE_GUEST_BYTES,
};
static_assert(ENGINE_MEM_GUEST == 3, "order of memory_bytes");

static size_t decoded_bytes(void) {
    return (size_t)ISS_CODE_BUNDLES * sizeof(struct iss_bundle);
}

static void *map_zeroes(size_t bytes) {
    void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                   -1, 0);
    return p == MAP_FAILED ? NULL : p;
}

static void iss_destroy(struct engine *e) {
    struct iss *c = (struct iss *)e;
    for (unsigned i = 0; i < 4; i++) {
        if (c->memory[i] != NULL) {
            munmap(c->memory[i], memory_bytes[i]);
        }
    }
    if (c->decoded != NULL) {
        munmap(c->decoded, decoded_bytes());
    }
    iss_mem_destroy(c->mem);
    free(c);
}

static bool iss_set_boot(struct engine *e, const struct engine_boot *boot) {
    struct iss *c = (struct iss *)e;
    c->boot = *boot;
    iss_regions_set(c);
    return iss_mem_create(&c->mem, boot->memory, boot->memory_fields, boot->image_bytes,
                          c->memory[ENGINE_MEM_CODE]);
}

static uint8_t *iss_mem(struct engine *e, enum engine_mem which) {
    return ((struct iss *)e)->memory[which];
}

static size_t iss_mem_bytes(struct engine *e, enum engine_mem which) {
    (void)e;
    return memory_bytes[which];
}

static uint32_t iss_reg(struct engine *e, unsigned number) {
    return ((struct iss *)e)->reg[number % ENGINE_REGS];
}

static void iss_set_reg(struct engine *e, unsigned number, uint32_t value) {
    struct iss *c = (struct iss *)e;
    number %= ENGINE_REGS;
    c->reg[number] = number == 0 ? 0 : value;
}

static uint32_t iss_pc(struct engine *e) {
    return iss_bundle_address(((struct iss *)e)->index);
}

static bool iss_is_guest(struct engine *e) {
    return ((struct iss *)e)->guest != 0;
}

static void iss_set_pc(struct engine *e, uint32_t pc, bool is_guest) {
    struct iss *c = (struct iss *)e;
    c->index = pc / BUNDLE_BYTES & ISS_INDEX_MASK;
    c->wait = ISS_WAIT_NONE;
    if (iss_bundle_address(c->index) != pc) {
        c->index |= ISS_BAD_TARGET;
    }
    if (is_guest != (c->guest != 0)) {
        iss_mode_change(c, is_guest, iss_cycle(c));
    }
}

static uint32_t iss_csr(struct engine *e, unsigned number) {
    return iss_csr_peek((struct iss *)e, number);
}

static void iss_set_csr(struct engine *e, unsigned number, uint32_t value) {
    static const struct engine_hooks no_hooks = {0};
    struct iss *c = (struct iss *)e;
    c->hooks = &no_hooks;
    iss_csr_write(c, number, value);
}

static uint32_t iss_exit_status(struct engine *e) {
    return ((struct iss *)e)->exit_status;
}

static const char *iss_message(struct engine *e) {
    return ((struct iss *)e)->message;
}

static bool iss_trace(struct engine *e, const char *fst_path) {
    (void)e, (void)fst_path;
    return false;
}

static bool iss_trace_end(struct engine *e) {
    (void)e;
    return true;
}

static const struct engine_ops ops = {
    .name = "iss",
    .destroy = iss_destroy,
    .set_boot = iss_set_boot,
    .mem = iss_mem,
    .mem_bytes = iss_mem_bytes,
    .run = iss_run,
    .reg = iss_reg,
    .set_reg = iss_set_reg,
    .pc = iss_pc,
    .is_guest = iss_is_guest,
    .set_pc = iss_set_pc,
    .csr = iss_csr,
    .set_csr = iss_set_csr,
    .exit_status = iss_exit_status,
    .message = iss_message,
    .trace = iss_trace,
    .trace_end = iss_trace_end,
};

static void reset(struct iss *c) {
    for (unsigned i = 0; i < ENGINE_REGS; i++) {
        c->done[i] = -CROSS_EXTRA_CYCLES;
    }
    memset(c->port, 0xff, sizeof c->port);
    c->tvec = c->jt_miss = MEM_CODE_BASE;
    c->li32_index = ISS_NO_BUNDLE;
    c->guest_mask = CONFIG_WIDE_GUEST_BYTES - 1;
    iss_regions_set(c);
}

struct engine *engine_iss_create(void) {
    struct iss *c = calloc(1, sizeof *c);
    if (c == NULL) {
        return NULL;
    }
    c->engine.ops = &ops;
    c->decoded = map_zeroes(decoded_bytes());
    bool is_complete = c->decoded != NULL;
    for (unsigned i = 0; i < 4; i++) {
        c->memory[i] = map_zeroes(memory_bytes[i]);
        is_complete &= c->memory[i] != NULL;
    }
    if (!is_complete) {
        iss_destroy(&c->engine);
        return NULL;
    }
    reset(c);
    return &c->engine;
}
