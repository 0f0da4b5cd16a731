/* SPDX-License-Identifier: MIT
 * The hash of guest pcs: n bits that spread evenly code at any regular distances, the same code
 * again some power of two away, and what is left of regularity in a program. A guest can still make
 * pcs that collide; so every search that it leads to has a bounded length.
 */
#ifndef SELKIRK_SUPPORT_PC_HASH_H
#define SELKIRK_SUPPORT_PC_HASH_H

#include <stdint.h>

static inline uint32_t pc_hash(uint32_t pc, unsigned bits) {
    return (pc ^ pc >> 14) * 0x2c1b3c6du >> (32 - bits);
}

#endif
