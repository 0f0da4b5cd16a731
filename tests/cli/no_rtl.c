/* SPDX-License-Identifier: MIT
 * Stands for the RTL engine in programs that are linked without it. */
#include "sim/engine.h"

struct engine *engine_rtl_create(void) {
    return NULL;
}

struct engine *engine_rtl_create_cached(void) {
    return NULL;
}
