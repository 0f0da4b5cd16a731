/* SPDX-License-Identifier: MIT
 * Golden model of the guest for the workstation: the interpreter with its own RAM and a log of its
 * stores, stepped one instruction at a time. What is outside RAM is the user's business (struct
 * interp_dev): in lock-step its load and read_csr hand out the values that the engine got, its
 * store records them.
 *
 *   struct golden *g = golden_create(&dev, ram_base, ram_bytes);
 *   if (golden_load(g, elf, n) != ELF_OK) ...
 *   enum interp_event e = golden_step(g);      // events as in interp.h; g->in.pc, g->gs.x[]
 *   compare g->log.entries[0 .. g->log.n - 1]; golden_clear_log(g); */
#ifndef SELKIRK_GUEST_GOLDEN_H
#define SELKIRK_GUEST_GOLDEN_H

#include "firmware/guest/elf.h"
#include "firmware/guest/interp.h"

enum { GOLDEN_LOG_STORES = 4096 };

struct golden {
    struct interp in;
    struct guest_state gs;
    struct guest_mem mem;
    struct guest_store_log log; /* stores since golden_clear_log; n > capacity: overflow */
    struct guest_store entries[GOLDEN_LOG_STORES];
};

/* Never returns null; all registers and RAM are 0. */
struct golden *golden_create(const struct interp_dev *dev, uint32_t ram_base, uint32_t ram_bytes);
void golden_destroy(struct golden *g);

/* Loads a program and puts the pc on its entry; tohost is watched if the program has it. */
enum elf_error golden_load(struct golden *g, const uint8_t *elf, uint32_t n_bytes);

/* One instruction. INTERP_LIMIT and INTERP_BLOCK both mean: it is done, nothing special. */
enum interp_event golden_step(struct golden *g);

void golden_clear_log(struct golden *g);

#endif
