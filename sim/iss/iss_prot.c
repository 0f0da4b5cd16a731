/* SPDX-License-Identifier: MIT
 * ISS: code-granule protection. A store into a granule of guest RAM whose bit is set is a hit; it
 * is seen PROT_HIT_CYCLES later, and stays until PROT_HIT is written.
 */
#include "sim/iss/iss.h"

enum { HIT = 1, HIT_AGAIN = 2 };

static_assert(GRANULE_BYTES > (HIT | HIT_AGAIN), "PROT_HIT's bits lie below the granule address");
static_assert(MEM_GUEST_BASE != 0, "hit_granule 0 means none");

void iss_prot_hit(struct iss *c, uint32_t addr) {
    uint32_t granule = addr & ~(GRANULE_BYTES - 1u);
    if (c->hit_granule == 0) {
        c->hit_granule = granule;
        c->hit_time = c->now;
    } else if (granule != c->hit_granule && !c->is_hit_again) {
        c->is_hit_again = true;
        c->hit_again_time = c->now;
    }
}

uint32_t iss_prot_peek(const struct iss *c) {
    if (c->hit_granule == 0 || c->now < c->hit_time + PROT_HIT_CYCLES) {
        return 0;
    }
    bool is_again = c->is_hit_again && c->now >= c->hit_again_time + PROT_HIT_CYCLES;
    return c->hit_granule | HIT | (is_again ? HIT_AGAIN : 0u);
}

void iss_prot_write(struct iss *c, unsigned number, uint32_t value) {
    uint32_t granule = value / GRANULE_BYTES % ISS_GRANULES;
    uint32_t bit = 1u << granule % 32;
    switch (number) {
    case CSR_PROT_HIT:
        c->hit_granule = 0;
        c->is_hit_again = false;
        break;
    case CSR_PROT_SET:
        c->prot[granule / 32] |= bit;
        break;
    default:
        c->prot[granule / 32] &= ~bit;
        break;
    }
}
