/* SPDX-License-Identifier: MIT
 * For guests that say what a device answers, to be compared with QEMU (as-qemu.sh): values are
 * collected first and printed at the end, since printing changes the UART. Where QEMU does not do
 * as the specification, or as this machine is meant to do, note_as says what is right: here it must
 * be so. Accesses are by explicit instructions of four bytes; one that traps is skipped, gives
 * 0xdead and is counted. */
#ifndef SELKIRK_PLATFORM_NOTES_H
#define SELKIRK_PLATFORM_NOTES_H

#include <stdint.h>
#include <stdio.h>

enum { MAX_NOTES = 512, TRAPPED = 0xdead };

static struct note {
    const char *what;
    uint32_t value, right;
    int has_right;
} notes[MAX_NOTES];
static unsigned n_notes;

static inline void note(const char *what, uint32_t value) {
    if (n_notes < MAX_NOTES)
        notes[n_notes++] = (struct note){what, value, 0, 0};
}

static inline void note_as(const char *what, uint32_t value, uint32_t right) {
    if (n_notes < MAX_NOTES)
        notes[n_notes++] = (struct note){what, value, right, 1};
}

static inline void print_notes(void) {
    for (unsigned i = 0; i < n_notes; i++) {
        const struct note *n = &notes[i];
        if (!n->has_right)
            printf("%s: %02x\n", n->what, (unsigned)n->value);
        else if (n->value == n->right)
            printf("%s: as is right\n", n->what);
        else
            printf("%s: %02x where %02x is right\n", n->what, (unsigned)n->value,
                   (unsigned)n->right);
    }
}

static volatile uint32_t traps; /* taken */

__attribute__((naked, aligned(4), unused)) static void skip_trap(void) {
    __asm__ volatile(".option push\n.option norvc\n"
                     "csrw mscratch, t0\n"
                     "sw t1, -4(sp)\n"
                     "la t0, %0\n"
                     "lw t1, 0(t0)\n"
                     "addi t1, t1, 1\n"
                     "sw t1, 0(t0)\n"
                     "csrr t0, mepc\n"
                     "addi t0, t0, 4\n"
                     "csrw mepc, t0\n"
                     "lw t1, -4(sp)\n"
                     "csrr t0, mscratch\n"
                     "mret\n"
                     ".option pop\n" ::"i"(&traps));
}

static inline void catch_traps(void) {
    __asm__ volatile("csrw mtvec, %0" ::"r"(skip_trap));
}

#define LOAD(name, instruction)                                                                    \
    static inline uint32_t name(uint32_t address) {                                                \
        uint32_t value = TRAPPED;                                                                  \
        __asm__ volatile(".option push\n.option norvc\n" instruction " %0, 0(%1)\n.option pop"     \
                         : "+&r"(value)                                                            \
                         : "r"(address)                                                            \
                         : "memory");                                                              \
        return value;                                                                              \
    }
LOAD(load8, "lbu")
LOAD(load16, "lhu")
LOAD(load32, "lw")

/* Stores tell whether they went through. */
#define STORE(name, instruction)                                                                   \
    static inline int name(uint32_t address, uint32_t value) {                                     \
        const uint32_t before = traps;                                                             \
        __asm__ volatile(".option push\n.option norvc\n" instruction                               \
                         " %0, 0(%1)\n.option pop" ::"r"(value),                                   \
                         "r"(address)                                                              \
                         : "memory");                                                              \
        return traps == before;                                                                    \
    }
STORE(store8, "sb")
STORE(store16, "sh")
STORE(store32, "sw")

#define READ_CSR(name)                                                                             \
    ({                                                                                             \
        uint32_t value_;                                                                           \
        __asm__ volatile("csrr %0, " #name : "=r"(value_)::"memory");                              \
        value_;                                                                                    \
    })
#define WRITE_CSR(name, value) __asm__ volatile("csrw " #name ", %0" ::"rK"(value) : "memory")

#endif
