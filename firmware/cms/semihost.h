/* SPDX-License-Identifier: MIT
 * Semihosting: the calls of ARM's specification, as RISC-V has taken them over, for a machine
 * without files. */
#ifndef SELKIRK_CMS_SEMIHOST_H
#define SELKIRK_CMS_SEMIHOST_H

#include <stdbool.h>
#include <stdint.h>

struct interp;
struct devices;
struct irq;

/* How far a long call is that an interrupt has come into. When the handler has come back, the guest
 * makes the same call again: at the same place, with the same stack and parameters. */
struct semihost_pause {
    uint32_t pc, sp, op, arg, from, bytes; /* pc 0: none */
    uint32_t length; /* 0: what is to be written is not checked to its end yet */
    uint32_t done;   /* bytes checked, or written */
};
enum { SEMIHOST_PAUSES = 8 };

struct semihost {
    struct interp *interp;
    struct devices *dev;
    struct irq *irq;
    uint32_t features_at; /* position in the semihosting features file */
    uint32_t last_errno;
    uint32_t wait;  /* cycles that the call under way waits before it is done again; 0: no */
    bool is_paused; /* the call under way gives way to an interrupt, and is done again */
    struct semihost_pause pauses[SEMIHOST_PAUSES];
    uint32_t next_pause; /* that is overwritten */
};

void semihost_init(struct semihost *sh, struct interp *interp, struct devices *dev,
                   struct irq *irq);
void semihost_call(struct semihost *sh); /* at INTERP_SEMIHOST */

#endif
