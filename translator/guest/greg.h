/* SPDX-License-Identifier: MIT
 * The guest state that instructions change, behind one set of inline functions:
 *   firmware:    registers are native registers 1..31 (rdh, wrh), a commit is the native commit.
 *   workstation: registers are an array, a commit counts, and stores are noted in an optional log.
 * The interpreter's semantics are written on top of these and contain no conditional compilation. */
#ifndef SELKIRK_TRANSLATOR_GUEST_GREG_H
#define SELKIRK_TRANSLATOR_GUEST_GREG_H

#include <stdint.h>

#ifdef SELKIRK_FIRMWARE
#include "firmware/native.h"

struct guest_state {
    uint32_t unused; /* all of it lives in the machine */
};

static inline uint32_t greg_read(const struct guest_state *gs, uint32_t n) {
    (void)gs;
    return native_rdh(n);
}

static inline void greg_write(struct guest_state *gs, uint32_t n, uint32_t value) {
    (void)gs;
    native_wrh(n, value);
}

/* One guest instruction is complete; the pc in memory is the next one's. */
static inline void guest_commit(struct guest_state *gs) {
    (void)gs;
    native_commit(1);
}

static inline void guest_note_store(struct guest_state *gs, uint32_t addr, uint32_t value, uint32_t bytes) {
    (void)gs;
    (void)addr;
    (void)value;
    (void)bytes;
}

#else

struct guest_store {
    uint32_t addr, value, bytes;
};

/* Stores to guest RAM in program order; the user empties it (n = 0). Stores beyond the capacity are
 * counted in n, but not kept. */
struct guest_store_log {
    struct guest_store *entries;
    uint32_t capacity;
    uint32_t n;
};

struct guest_state {
    uint32_t x[32];
    uint64_t insns;              /* committed */
    struct guest_store_log *log; /* may be null */
};

static inline uint32_t greg_read(const struct guest_state *gs, uint32_t n) {
    return gs->x[n];
}

static inline void greg_write(struct guest_state *gs, uint32_t n, uint32_t value) {
    gs->x[n] = value;
    gs->x[0] = 0;
}

static inline void guest_commit(struct guest_state *gs) {
    gs->insns++;
}

static inline void guest_note_store(struct guest_state *gs, uint32_t addr, uint32_t value, uint32_t bytes) {
    struct guest_store_log *log = gs->log;
    if (log == 0)
        return;
    if (log->n < log->capacity)
        log->entries[log->n] = (struct guest_store){addr, value, bytes};
    log->n++;
}
#endif

#endif
