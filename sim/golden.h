/* SPDX-License-Identifier: MIT
 * The golden model of lock-step: the guest interpreter on a guest RAM of its own.
 *
 *   struct golden *g = golden_create(ram_bytes, &list);   // load list
 *   while (commit of n instructions) { golden_step(g, &oracle) n times; compare g->gs.x, g->in.pc,
 * ... }
 *
 * What it cannot know (device loads, counters, mip, semihosting results, when an interrupt comes
 * and whether there is a device) it takes from the engine that is checked.
 */
#ifndef SELKIRK_SIM_GOLDEN_H
#define SELKIRK_SIM_GOLDEN_H

#include "firmware/load_list.h"
#include "translator/guest/interp.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { GOLDEN_STORES = 4096, GOLDEN_RING = 16 };

struct golden_oracle {
    void *ctx;
    uint32_t (*reg)(void *ctx, uint32_t n); /* the engine's guest register now */
    void (*copy_stores)(
        void *ctx,
        uint8_t *ram); /* makes ram agree where the engine stored since its last commit */
};

struct golden {
    struct guest_state gs;
    struct interp in;
    struct interp_dev device;
    uint8_t *ram;
    uint32_t ram_bytes;
    struct guest_store_log log;
    struct guest_store stores[GOLDEN_STORES];
    bool needs_oracle;  /* the instruction read a device, a counter or mip */
    bool is_refused;    /* the load list cannot be loaded: there is no guest */
    bool has_no_device; /* the engine found no device at this address: an access fault */
    uint32_t ring_pc[GOLDEN_RING], ring_word[GOLDEN_RING];
    uint64_t n_steps;
};

struct golden *golden_create(uint32_t ram_bytes, const struct load_list *list);
void golden_destroy(struct golden *g);
/* One instruction. NULL, or what the golden model objects to (a static text). */
const char *golden_step(struct golden *g, const struct golden_oracle *oracle);
/* The engine took a guest trap or interrupt before the instruction at pc: so does the golden model,
 * if it may. NULL, or the objection. */
const char *golden_trap(struct golden *g, uint32_t cause);

#endif
