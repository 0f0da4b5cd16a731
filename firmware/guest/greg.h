/* SPDX-License-Identifier: MIT
 * The guest state that instructions change, behind one set of inline functions:
 *   firmware:    registers are native registers 1..31 (rdh, wrh), a commit is the native commit.
 *   workstation: registers are an array, a commit counts, and stores are noted in an optional log.
 * Of a register number only the low five bits count: a shifted instruction word will do.
 * The interpreter's semantics are written on top of these and contain no conditional compilation.
 */
#ifndef SELKIRK_GUEST_GREG_H
#define SELKIRK_GUEST_GREG_H

#include <stdint.h>

#include "translator/xlate.h"

#ifdef SELKIRK_FIRMWARE
#include "native.h" /* firmware/native.h; hosted tests put their own in front */

struct guest_state {
    uint32_t unused; /* all of it lives in the machine */
};

static inline uint32_t guest_base(const struct guest_mem *mem) {
    (void)mem;
    return MEM_GUEST_BASE;
}

/* Guest RAM is where the guest sees it. */
static inline uint8_t *guest_byte(const struct guest_mem *mem, uint32_t addr) {
    (void)mem;
    return (uint8_t *)(uintptr_t)addr;
}

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

/* The guest took a trap or an interrupt: pc and privileged state in memory are the new ones. */
static inline void guest_commit_trap(struct guest_state *gs) {
    (void)gs;
    native_commit(0);
}

static inline void guest_note_store(struct guest_state *gs, uint32_t addr, uint32_t value,
                                    uint32_t bytes) {
    (void)gs;
    (void)value;
    (void)bytes;
    native_note_store(addr);
}

#else

static inline uint32_t guest_base(const struct guest_mem *mem) {
    return mem->base;
}

static inline uint8_t *guest_byte(const struct guest_mem *mem, uint32_t addr) {
    return mem->ram + (addr - mem->base);
}

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
    uint64_t traps;              /* taken, with interrupts */
    struct guest_store_log *log; /* may be null */
};

static inline uint32_t greg_read(const struct guest_state *gs, uint32_t n) {
    return gs->x[n & 31u];
}

static inline void greg_write(struct guest_state *gs, uint32_t n, uint32_t value) {
    gs->x[n & 31u] = value;
    gs->x[0] = 0;
}

static inline void guest_commit(struct guest_state *gs) {
    gs->insns++;
}

static inline void guest_commit_trap(struct guest_state *gs) {
    gs->traps++;
}

static inline void guest_note_store(struct guest_state *gs, uint32_t addr, uint32_t value,
                                    uint32_t bytes) {
    struct guest_store_log *log = gs->log;
    if (log == 0)
        return;
    if (log->n < log->capacity)
        log->entries[log->n] = (struct guest_store){addr, value, bytes};
    log->n++;
}
#endif

/* Accesses to guest RAM; the address is inside it and a multiple of the size. memcpy of a known
 * size and alignment is one load or store, and is right whatever type the memory was written with.
 */
static inline uint32_t guest_load32(const struct guest_mem *mem, uint32_t addr) {
    uint32_t value;
    __builtin_memcpy(&value, __builtin_assume_aligned(guest_byte(mem, addr), 4), 4);
    return value;
}

static inline uint16_t guest_load16(const struct guest_mem *mem, uint32_t addr) {
    uint16_t value;
    __builtin_memcpy(&value, __builtin_assume_aligned(guest_byte(mem, addr), 2), 2);
    return value;
}

static inline uint8_t guest_load8(const struct guest_mem *mem, uint32_t addr) {
    return *guest_byte(mem, addr);
}

static inline void guest_store32(const struct guest_mem *mem, uint32_t addr, uint32_t value) {
    __builtin_memcpy(__builtin_assume_aligned(guest_byte(mem, addr), 4), &value, 4);
}

static inline void guest_store16(const struct guest_mem *mem, uint32_t addr, uint16_t value) {
    __builtin_memcpy(__builtin_assume_aligned(guest_byte(mem, addr), 2), &value, 2);
}

static inline void guest_store8(const struct guest_mem *mem, uint32_t addr, uint8_t value) {
    *guest_byte(mem, addr) = value;
}

#endif
