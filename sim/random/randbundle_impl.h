/* SPDX-License-Identifier: MIT
 * Inside of the random native programs: the composer's state. randbundle.c makes programs and
 * phases, randbundle_ops.c fills the slots of one bundle.
 */
#ifndef SELKIRK_SIM_RANDOM_RANDBUNDLE_IMPL_H
#define SELKIRK_SIM_RANDOM_RANDBUNDLE_IMPL_H

#include "machine_encode.h"
#include "sim/random/randbundle.h"

enum {
    GEN_PORT_CYCLES = 8,
    GEN_POINTERS = 4,
    GEN_RECENT = 8,
    GEN_CSR_BLOCKS = 64,
    GEN_WAIT_CYCLES = 1000
};

struct gen {
    struct rand_native *p;
    struct engine *e;
    uint64_t rng;
    int64_t now;                /* issue clock of the bundle being composed */
    int64_t ready[ENGINE_REGS]; /* for the owner slot */
    int64_t port[ENGINE_SLOTS][GEN_PORT_CYCLES];
    int64_t home_done;
    int64_t csr_ready[GEN_CSR_BLOCKS];
    uint32_t at; /* bundle index */
    bool guest, in_loop, no_control, may_trap, is_trapped, is_over;
    uint64_t keep; /* registers not to be written */
    uint8_t pointer[GEN_POINTERS];
    uint32_t pointer_value[GEN_POINTERS];
    uint8_t recent[GEN_RECENT];
    unsigned recent_count;
    enum rand_native_plant plant;
};

/* A bundle being composed. */
struct draft {
    uint32_t word[ENGINE_SLOTS];
    unsigned used; /* slots */
    bool has_commit;
    bool leaves_code; /* jumps where no bundle can be */
};

static inline uint32_t gen_random(struct gen *g, uint32_t below) {
    g->rng ^= g->rng << 13;
    g->rng ^= g->rng >> 7;
    g->rng ^= g->rng << 17;
    return (uint32_t)((g->rng >> 32) * below >> 32);
}

static inline bool gen_chance(struct gen *g, uint32_t one_in) {
    return gen_random(g, one_in) == 0;
}

static inline uint32_t gen_reg_value(const struct gen *g, unsigned reg) {
    return g->e->ops->reg(g->e, reg);
}

/* randbundle_ops.c */
bool gen_is_ready(const struct gen *g, unsigned reg, unsigned slot);
int gen_pick_dest(struct gen *g, unsigned slot, unsigned latency,
                  const struct draft *d);       /* -1: none */
void gen_fill(struct gen *g, struct draft *d);  /* random legal operations into free slots */
bool gen_plant(struct gen *g, struct draft *d); /* break the rule g->plant, if there is a place */
void gen_put(struct draft *d, unsigned slot, const struct vop_fields *f);
void gen_put_trap(struct gen *g, struct draft *d); /* something that traps */
/* The books after a bundle that took effect. */
void gen_account(struct gen *g, const uint32_t word[ENGINE_SLOTS]);

#endif
