/* SPDX-License-Identifier: MIT
 * A loop under PMP as operating systems set it up, MEM = 1: with a load and a store each time.
 * KIND:
 *   1  U mode, all of it by TOR (xv6)           2  U mode, all of it by NAPOT of another size
 *   3  U mode, code RX, three parts of data RW  4  M mode, a locked entry elsewhere
 *   5  U mode as 8, two tasks by turns, each with an entry of its own; first with two windows
 *   6  M mode under MPRV, a guard entry and all 7  the same, and the code locked (Zephyr)
 *   8  U mode, no access to three words: data in three windows
 *   9  U mode as 3, a system call for each call of the loop */
#include "cliff.h"

enum { R = 1, W = 2, X = 4, TOR = 1 << 3, NA4 = 2 << 3, NAPOT = 3 << 3, L = 1 << 7 };
enum { TURNS = 1000, LOOPS = 50, RAM = 0x80000000 };
enum { WARM = KIND == 5 ? 800 : 20, ALL_WINDOWS_AT = 400, CALLS_OF_A_TASK = 100 };
#define SIZED(base, bytes) ((uint32_t)(base) >> 2 | ((bytes) / 8 - 1))
#define ENTRY(n, address) __asm__ volatile("csrw pmpaddr" #n ", %0" ::"r"(address))
#define CONFIG(value) __asm__ volatile("csrw pmpcfg0, %0" ::"r"(value))

static uint32_t cells[3][64] __attribute__((aligned(256)));
/* From one of the three parts to the next; 0: all accesses are to the first. */
static uint32_t apart = KIND == 8 ? 64 : 0;
#if KIND == 5
static uint32_t n_calls;
#define CHANGE_TASK "csrr t0, pmpaddr2\n xori t0, t0, 64\n csrw pmpaddr2, t0\n"
#else
#define CHANGE_TASK
#endif

__attribute__((noipa)) static uint32_t work(uint32_t a) {
    uint32_t b = 7;
    for (uint32_t i = 0; i < LOOPS; i++) {
#if MEM
        uint32_t *at = &cells[0][i % 3 * apart + i % 64];
        b += *at;
        *at = a;
#endif
        a = a * 5 + b;
        b ^= a >> 3;
        b += i;
    }
#if KIND == 9
    __asm__ volatile("ecall" ::: "memory");
#elif KIND == 5
    if (++n_calls == ALL_WINDOWS_AT)
        apart = 64;
    if (n_calls % CALLS_OF_A_TASK == 0)
        __asm__ volatile("ecall" ::: "memory");
#endif
    return a ^ b;
}

/* A call from U mode is done; what else traps is the end. */
__attribute__((naked, aligned(4))) static void handler(void) {
    __asm__ volatile("csrw mscratch, t0\n"
                     "csrr t0, mcause\n"
                     "addi t0, t0, -8\n"
                     "bnez t0, 1f\n"
                     "csrr t0, mepc\n"
                     "addi t0, t0, 4\n"
                     "csrw mepc, t0\n" CHANGE_TASK "csrr t0, mscratch\n"
                     "mret\n"
                     "1: csrr t0, mcause\n"
                     "addi t0, t0, -7\n" /* the store that ends the run */
                     "csrr a0, mtval\n"
                     "li a1, 0x100000\n"
                     "sub a0, a0, a1\n"
                     "or a0, a0, t0\n"
                     "j machine_exit\n");
}

static void set_up(void) {
#if KIND == 1 || KIND == 2
    ENTRY(0, KIND == 1 ? 0xffffffff : 0x7fffffff);
    CONFIG((KIND == 1 ? TOR : NAPOT) | R | W | X);
#elif KIND == 3 || KIND == 9
    ENTRY(0, SIZED(RAM, 0x1000));
    ENTRY(1, SIZED(RAM + 0x1000, 0x1000));
    ENTRY(2, SIZED(RAM + 0x2000, 0x2000));
    ENTRY(3, SIZED(RAM, 0x8000000));
    CONFIG(NAPOT * 0x01010101 | R | X | (R | W) << 8 | (R | W) << 16 | (R | W) << 24);
#elif KIND == 4
    ENTRY(0, SIZED(RAM + 0x1000000, 0x1000));
    CONFIG(L | NAPOT);
#elif KIND == 6 || KIND == 7
    ENTRY(0, RAM + 0x1000000u >> 2);
    ENTRY(1, 0xffffffff);
    ENTRY(2, SIZED(RAM, 0x1000));
    CONFIG(NA4 | (NAPOT | R | W | X) << 8 | (KIND == 7 ? (L | NAPOT | R | X) << 16 : 0));
#elif KIND == 5 || KIND == 8
    ENTRY(0, (uint32_t)(uintptr_t)&cells[0][63] >> 2);
    ENTRY(1, (uint32_t)(uintptr_t)&cells[1][63] >> 2);
    ENTRY(2, KIND == 5 ? RAM + 0x1000000u >> 2 : (uint32_t)(uintptr_t)&cells[2][63] >> 2);
    ENTRY(3, 0xffffffff);
    CONFIG(NA4 | NA4 << 8 | NA4 << 16 | (uint32_t)(NAPOT | R | W | X) << 24);
#endif
}

int main(void) {
    __asm__ volatile("csrw mtvec, %0" ::"r"(handler));
    set_up();
    if (KIND == 6 || KIND == 7)
        __asm__ volatile("csrc mstatus, %0\ncsrs mstatus, %1" ::"r"(0x1800), "r"(0x20000));
    else if (KIND != 4)
        __asm__ volatile("csrc mstatus, %0\nla t0, 1f\ncsrw mepc, t0\nmret\n1:" ::"r"(0x1800)
                         : "t0", "memory");
    measure(work, WARM, TURNS);
    return 0;
}
