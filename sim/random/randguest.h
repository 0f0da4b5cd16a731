/* SPDX-License-Identifier: MIT
 * Random guest programs for lock-step: a complete RV32IMAC ELF file made from a seed.
 *
 *   uint8_t *elf = randguest_make(seed, 10000, &bytes);  // executes about 10000 instructions
 *   ... flash_put(&flash, LOAD_ELF, 0, elf, bytes) ...  free(elf);
 *
 * A program is straight-line code, forward branches, nested counted loops, calls (two levels, link
 * registers x1 and x5), indirect jumps through a table, loads and stores of every size into a 4 KiB
 * window, all of RV32IM's arithmetic, compressed code, atomic instructions, CSRs, traps with a
 * handler, misaligned accesses, code that rewrites itself, devices and their interrupts, U mode,
 * PMP and mstatus as they come; it ends through the test finisher with status 0.
 */
#ifndef SELKIRK_SIM_RANDOM_RANDGUEST_H
#define SELKIRK_SIM_RANDOM_RANDGUEST_H

#include <stddef.h>
#include <stdint.h>

enum { RANDGUEST_RAM_BYTES = 1 << 20 }; /* the least that a program needs */

uint8_t *randguest_make(uint32_t seed, uint32_t insns, size_t *bytes);

#endif
