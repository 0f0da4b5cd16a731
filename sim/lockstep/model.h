/* SPDX-License-Identifier: MIT
 * A model: what lock-step holds an engine against. The golden interpreter is one (golden.c), Spike
 * another (a plug-in opened at run time; spike/model.cpp).
 *
 *   const struct model_ops *ops = model_find("golden", NULL);   // or "spike"
 *   struct model *m = ops->create(&start);
 *   while (commit of n instructions) { ops->step(m, &oracle) n times; compare ops->regs(m), ... }
 *
 * What a model cannot know (device loads, counters, mip, semihosting results, when an interrupt
 * comes and whether there is a device) it takes from the engine that is checked.
 */
#ifndef SELKIRK_SIM_LOCKSTEP_MODEL_H
#define SELKIRK_SIM_LOCKSTEP_MODEL_H

#include "firmware/guest/priv.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The machine at the guest's first instruction. */
struct model_start {
    uint8_t *ram; /* guest RAM with the program in it; stays the caller's, the model stores there */
    uint32_t ram_base, ram_bytes;
    uint32_t pc, a1;
    bool misaligned_traps;
    uint32_t semihosting; /* enum priv_semihosting */
};

struct model_oracle {
    void *ctx;
    uint32_t (*reg)(void *ctx, uint32_t n); /* the engine's guest register now */
    uint32_t (*mip)(void *ctx);             /* its interrupt lines */
    /* makes ram agree where the engine stored since its last commit */
    void (*copy_stores)(void *ctx, uint8_t *ram);
};

enum { MODEL_STORES_MAX = 8192 };

/* Addresses stored to, in RAM: each names the aligned word it lies in. */
struct model_stores {
    uint32_t n; /* more than MODEL_STORES_MAX: the rest is not in addrs */
    uint32_t addrs[MODEL_STORES_MAX];
};

struct model;
struct model_ops {
    const char *name;
    size_t priv_bytes; /* sizeof(struct guest_priv), so that an old plug-in is noticed */
    struct model *(*create)(const struct model_start *start);
    void (*destroy)(struct model *m);
    /* One instruction. NULL, or what the model objects to (a static text). */
    const char *(*step)(struct model *m, const struct model_oracle *oracle);
    /* The engine took a guest trap or interrupt before the instruction at pc: so does the model, if
     * it may. NULL, or the objection. */
    const char *(*trap)(struct model *m, const struct model_oracle *oracle, uint32_t cause);
    const uint32_t *(*regs)(const struct model *m); /* x0 to x31 */
    uint32_t (*pc)(const struct model *m);
    /* Overwrites the fields that the model knows; the others stay as the engine has them. */
    void (*priv)(const struct model *m, struct guest_priv *p);
    struct model_stores *(*stores)(struct model *m); /* since the caller last set n to 0 */
};

/* A model by name. The plug-in is `file`, or NULL: the one beside the command. NULL: a line has
 * been printed. */
const struct model_ops *model_find(const char *name, const char *file);

extern const struct model_ops golden_model;

#ifdef __cplusplus
}
#endif
#endif
