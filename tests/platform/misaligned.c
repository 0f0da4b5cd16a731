/* SPDX-License-Identifier: MIT
 * Misaligned loads and stores in a loop that gets translated, at every offset, and what the trap
 * handler sees of them if they trap (selkirk's --misaligned-traps): the cause, the address and that
 * nothing else has happened. Then the handler does the access byte by byte, as machine-mode
 * software on such a machine does, so the sum at the end is the same either way. */
#include <stdint.h>
#include <stdio.h>

enum { ROUNDS = 16, CAUSE_LOAD = 4, CAUSE_STORE = 6 };
enum { OPCODE_LOAD = 0x03, FUNCT3_LH = 1, FUNCT3_LHU = 5 };

static uint8_t buffer[16] __attribute__((aligned(8)));
static unsigned n_loads, n_stores, n_wrong;

static void check(int is_right) {
    n_wrong += !is_right;
}

/* mepc's instruction is one of those below: all have 4 bytes, base a1, data register a2. Gives a2's
 * new value. */
uint32_t emulate(uint32_t a2, uint32_t base);
uint32_t emulate(uint32_t a2, uint32_t base) {
    uint32_t cause, address, pc;
    __asm__ volatile("csrr %0, mcause\ncsrr %1, mtval\ncsrr %2, mepc"
                     : "=r"(cause), "=r"(address), "=r"(pc));
    uint32_t insn = *(const uint16_t *)pc | (uint32_t) * (const uint16_t *)(pc + 2) << 16;
    uint32_t funct3 = insn >> 12 & 7;
    unsigned bytes = 1u << (funct3 & 3);
    uint8_t *at = (uint8_t *)address;
    check(address == base && (address & (bytes - 1)) != 0);
    if (cause == CAUSE_LOAD) {
        check((insn & 0x7f) == OPCODE_LOAD);
        n_loads++;
        a2 = 0;
        for (unsigned i = 0; i < bytes; i++)
            a2 |= (uint32_t)at[i] << 8 * i;
        if (funct3 == FUNCT3_LH)
            a2 = (uint32_t)(int16_t)a2;
    } else {
        check(cause == CAUSE_STORE);
        n_stores++;
        for (unsigned i = 0; i < bytes; i++)
            at[i] = (uint8_t)(a2 >> 8 * i);
    }
    __asm__ volatile("csrw mepc, %0" ::"r"(pc + 4));
    return a2;
}

/* Saves what a C function may change, and calls emulate(a2, a1). */
__asm__(".option push\n.option norvc\n"
        ".balign 4\nhandler:\n"
        "addi sp, sp, -64\n"
        "sw ra, 0(sp)\nsw t0, 4(sp)\nsw t1, 8(sp)\nsw t2, 12(sp)\nsw a0, 16(sp)\nsw a1, 20(sp)\nsw "
        "a3, 24(sp)\nsw a4, 28(sp)\n"
        "sw a5, 32(sp)\nsw a6, 36(sp)\nsw a7, 40(sp)\nsw t3, 44(sp)\nsw t4, 48(sp)\nsw t5, "
        "52(sp)\nsw t6, 56(sp)\n"
        "mv a0, a2\ncall emulate\nmv a2, a0\n"
        "lw ra, 0(sp)\nlw t0, 4(sp)\nlw t1, 8(sp)\nlw t2, 12(sp)\nlw a0, 16(sp)\nlw a1, 20(sp)\nlw "
        "a3, 24(sp)\nlw a4, 28(sp)\n"
        "lw a5, 32(sp)\nlw a6, 36(sp)\nlw a7, 40(sp)\nlw t3, 44(sp)\nlw t4, 48(sp)\nlw t5, "
        "52(sp)\nlw t6, 56(sp)\n"
        "addi sp, sp, 64\nmret\n"
        "set_handler:\nla t0, handler\ncsrw mtvec, t0\nret\n.option pop\n");
void set_handler(void);

/* The access as one instruction of 4 bytes with base a1 and data a2. */
#define ACCESS(op, address, value)                                                                 \
    do {                                                                                           \
        register uintptr_t a1 __asm__("a1") = (uintptr_t)(address);                                \
        register uint32_t a2 __asm__("a2") = (value);                                              \
        __asm__ volatile(".option push\n.option norvc\n" op " %0, 0(%1)\n.option pop"              \
                         : "+r"(a2)                                                                \
                         : "r"(a1)                                                                 \
                         : "memory");                                                              \
        (value) = a2;                                                                              \
    } while (0)

static uint32_t once(uint32_t seed) {
    uint32_t value, sum = 0;
    for (unsigned offset = 0; offset < 8; offset++) {
        value = seed + offset * 0x01f35a97u;
        ACCESS("sw", buffer + offset, value);
        value >>= 7;
        ACCESS("sh", buffer + (offset ^ 5), value);
        ACCESS("lw", buffer + (offset ^ 3), value);
        sum += value;
        ACCESS("lh", buffer + offset, value);
        sum ^= value;
        ACCESS("lhu", buffer + (offset ^ 1), value);
        sum += value << 3;
    }
    return sum;
}

int main(void) {
    uint32_t sum = 0;
    set_handler();
    for (uint32_t round = 0; round < ROUNDS; round++)
        sum = (sum << 5 | sum >> 27) ^ once(round * 0x9e3779b9u);
    printf("sum %08lx, %u loads and %u stores trapped, %u of them wrongly\n", (unsigned long)sum,
           n_loads, n_stores, n_wrong);
    return n_wrong != 0;
}
