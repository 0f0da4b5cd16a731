/* SPDX-License-Identifier: MIT
 * The load list (firmware/guest/load_list.h) as the workstation builds it: what a machine finds in
 * FLASH.
 *
 *   struct flash f = {0};
 *   if (!flash_put(&f, LOAD_ELF, 0, elf, elf_bytes)) ... no memory, or more than FLASH holds
 *   struct load_list list = flash_list(&f);
 *   flash_free(&f);
 */
#ifndef SELKIRK_SIM_FLASH_H
#define SELKIRK_SIM_FLASH_H

#include "firmware/guest/load_list.h"
#include "sim/engine.h"
#include <stdio.h>

struct flash {
    uint8_t *bytes;
    size_t n_bytes, room;
};

/* False, nothing changed: errno says why (EFBIG: FLASH is full). */
bool flash_put(struct flash *f, enum load_kind kind, uint32_t address, const void *bytes,
               size_t n_bytes);
/* The same with all that can be read from a file. */
bool flash_put_file(struct flash *f, enum load_kind kind, uint32_t address, FILE *file);
/* How many bytes the next entry may have. */
uint32_t flash_left(const struct flash *f);
struct load_list flash_list(const struct flash *f);
/* Copies it into the engine's FLASH. */
void flash_load(const struct flash *f, struct engine *e);
void flash_free(struct flash *f);

#endif
