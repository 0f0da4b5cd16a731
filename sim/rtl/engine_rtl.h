/* SPDX-License-Identifier: MIT
 * The Verilated engine. engine_rtl_create() (sim/engine.h) has memories that are always ready; this
 * one has memories that are not ready at random moments, which must change nothing but cycle
 * counts. Seed 0: always ready.
 */
#ifndef SELKIRK_SIM_RTL_ENGINE_RTL_H
#define SELKIRK_SIM_RTL_ENGINE_RTL_H

#include "sim/engine.h"

#ifdef __cplusplus
extern "C" {
#endif

struct engine *engine_rtl_create_stalling(uint32_t seed);
struct engine *engine_rtl_create_cached_stalling(uint32_t seed);

/* Pulls the reset line, whatever the core is doing. Memories, registers and what only the
 * configuration clears (protection bits, jump-target table) keep what they hold. */
void engine_rtl_reset(struct engine *e);

#ifdef __cplusplus
}
#endif
#endif
