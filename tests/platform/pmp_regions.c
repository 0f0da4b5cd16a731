/* SPDX-License-Identifier: MIT
 * Hot code under PMP, where regions check what they touch: accesses of all sizes walk over the
 * edges of every kind of entry, in U mode, in M mode under MPRV and under a locked entry; code runs
 * out of what may be executed; rights are taken away and given back while regions exist; code
 * changes itself in U mode; tasks take turns, each with entries of its own. What traps, where, and
 * what was read goes into a sum for each part; QEMU says the same.
 *
 * All of it that traps is 4 bytes long. */
#include <stdint.h>
#include <stdio.h>

enum { ROUNDS = 6, REACH = 8, TASKS = 3, SWITCHES = 60, CODE_BYTES = 64 };
enum { R = 1, W = 2, X = 4, TOR = 1 << 3, NA4 = 2 << 3, NAPOT = 3 << 3, L = 1 << 7 };
enum { MPP = 3 << 11, MPRV = 1 << 17 };

struct traps {
    uint32_t sum, count, saved[2];
};
static volatile struct traps traps;

/* An exception's instruction is skipped; a fetch that is refused goes back to the caller; a call
 * from U mode goes on in M mode. */
__attribute__((naked, aligned(4))) static void handler(void) {
    __asm__ volatile(".option push\n.option norvc\n"
                     "csrw mscratch, t0\n"
                     "la t0, %0\n"
                     "sw t1, 8(t0)\n"
                     "sw t2, 12(t0)\n"
                     "lw t1, 0(t0)\n"
                     "slli t2, t1, 5\n"
                     "add t1, t1, t2\n"
                     "csrr t2, mcause\n"
                     "add t1, t1, t2\n"
                     "csrr t2, mtval\n"
                     "xor t1, t1, t2\n"
                     "sw t1, 0(t0)\n"
                     "lw t1, 4(t0)\n"
                     "addi t1, t1, 1\n"
                     "sw t1, 4(t0)\n"
                     "csrr t1, mcause\n"
                     "csrr t2, mepc\n"
                     "addi t2, t2, 4\n"
                     "addi t1, t1, -1\n"
                     "bnez t1, 1f\n"
                     "mv t2, ra\n"
                     "1: csrw mepc, t2\n"
                     "addi t1, t1, -7\n"
                     "bnez t1, 2f\n"
                     "li t1, 0x1800\n"
                     "csrs mstatus, t1\n"
                     "2: lw t1, 8(t0)\n"
                     "lw t2, 12(t0)\n"
                     "csrr t0, mscratch\n"
                     "mret\n"
                     ".option pop\n" ::"i"(&traps));
}

static void set_entry(unsigned n, uint32_t config, uint32_t addr) {
    uint32_t cfg;
    __asm__ volatile("csrr %0, pmpcfg0" : "=r"(cfg));
    cfg = (cfg & ~(0xffu << 8 * n)) | config << 8 * n;
    switch (n) {
    case 0:
        __asm__ volatile("csrw pmpaddr0, %0" ::"r"(addr));
        break;
    case 1:
        __asm__ volatile("csrw pmpaddr1, %0" ::"r"(addr));
        break;
    case 2:
        __asm__ volatile("csrw pmpaddr2, %0" ::"r"(addr));
        break;
    default:
        __asm__ volatile("csrw pmpaddr3, %0" ::"r"(addr));
        break;
    }
    __asm__ volatile("csrw pmpcfg0, %0" ::"r"(cfg) : "memory");
}

static void to_user(void) {
    __asm__ volatile(".option push\n.option norvc\ncsrc mstatus, %0\nla t0, 1f\ncsrw mepc, t0\n"
                     "mret\n1:\n.option pop" ::"r"(MPP)
                     : "t0", "memory");
}

static void to_machine(void) {
    __asm__ volatile(".option push\n.option norvc\necall\n.option pop" ::: "memory");
}

static void fence_i(void) {
    __asm__ volatile(".option push\n.option arch, +zifencei\nfence.i\n.option pop" ::: "memory");
}

/* --- data */
static uint32_t data[256] __attribute__((aligned(1024)));

/* One access, and two with the same base, at each address from first on. */
#define WALK(name, type, load, store)                                                              \
    __attribute__((noinline)) static uint32_t name(uint32_t at, uint32_t end, uint32_t step) {     \
        uint32_t sum = 0, got = 0;                                                                 \
        for (; at != end; at += step) {                                                            \
            __asm__ volatile(".option push\n.option norvc\n" load " %0, 0(%1)\n.option pop"        \
                             : "+r"(got)                                                           \
                             : "r"(at)                                                             \
                             : "memory");                                                          \
            sum = sum * 31 + got;                                                                  \
        }                                                                                          \
        return sum;                                                                                \
    }                                                                                              \
    __attribute__((noinline)) static uint32_t name##_store(uint32_t at, uint32_t end,              \
                                                           uint32_t step) {                        \
        uint32_t got = 0;                                                                          \
        for (; at != end; at += step)                                                              \
            __asm__ volatile(".option push\n.option norvc\n" store " %1, 0(%1)\n" load             \
                             " %0, %2(%1)\n" store " %0, %2(%1)\n.option pop"                      \
                             : "+r"(got)                                                           \
                             : "r"(at), "i"(-(int)sizeof(type))                                    \
                             : "memory");                                                          \
        return got;                                                                                \
    }
WALK(bytes, uint8_t, "lb", "sb")
WALK(halves, uint16_t, "lhu", "sh")
WALK(words, uint32_t, "lw", "sw")

static uint32_t walk(uint32_t edge, uint32_t misaligned) {
    uint32_t first = edge - REACH, end = edge + REACH, sum = 0;
    for (int round = 0; round < ROUNDS; round++) {
        sum = sum * 7 + bytes(first, end, 1) + bytes_store(first, end, 1);
        sum = sum * 7 + halves(first, end, 2) + halves_store(first, end, 2);
        sum = sum * 7 + words(first, end, 4) + words_store(first, end, 4);
        if (misaligned == 0)
            continue;
        sum = sum * 7 + halves(first + 1, end + 1, 2) + halves_store(first + 1, end + 1, 2);
        sum = sum * 7 + words(first + 2, end + 2, 4) + words_store(first + 2, end + 2, 4);
    }
    return sum;
}

static uint32_t walk_all(uint32_t misaligned) {
    uint32_t at = (uint32_t)(uintptr_t)data, sum = 0;
    for (uint32_t edge = 128; edge <= 640; edge += 128)
        sum = sum * 13 + walk(at + edge, misaligned);
    return sum * 13 + walk(at + 132, misaligned);
}

static void begin(void) {
    for (uint32_t i = 0; i < 256; i++)
        data[i] = i * 0x9e3779b9u;
    traps.sum = traps.count = 0;
}

static void say(const char *part, uint32_t sum) {
    printf("%s: %lu traps, sum %08lx %08lx\n", part, (unsigned long)traps.count,
           (unsigned long)traps.sum, (unsigned long)sum);
}

static uint32_t in_user(uint32_t misaligned) {
    to_user();
    uint32_t sum = walk_all(misaligned);
    to_machine();
    return sum;
}

static uint32_t napot(const void *at, uint32_t bytes) {
    return (uint32_t)(uintptr_t)at >> 2 | (bytes / 8 - 1);
}

static void walk_in_user(const char *part, uint32_t config0, uint32_t addr0, uint32_t config1,
                         uint32_t addr1, uint32_t misaligned) {
    begin();
    set_entry(0, 0, 0);
    set_entry(1, 0, 0);
    set_entry(0, config0, addr0);
    set_entry(1, config1, addr1);
    set_entry(2, NAPOT | R | W | X, UINT32_MAX);
    say(part, in_user(misaligned));
}

static void walks(void) {
    const uint32_t at = (uint32_t)(uintptr_t)data >> 2;
    walk_in_user("NAPOT, none", NAPOT, napot(&data[32], 128), 0, 0, 1);
    walk_in_user("NAPOT, read", NAPOT | R, napot(&data[64], 256), 0, 0, 1);
    walk_in_user("NAPOT, execute", NAPOT | X, napot(&data[64], 256), 0, 0, 1);
    walk_in_user("NA4, none", NA4, at + 32, 0, 0, 1);
    walk_in_user("TOR, read", 0, at + 32, TOR | R, at + 64, 1);
    walk_in_user("TOR, none, and NA4, read", NA4 | R, at + 128, TOR, at + 160, 1);
    walk_in_user("seam", NAPOT | R | W, napot(&data[32], 128), NAPOT | R | W, napot(&data[64], 256),
                 1);
}

/* M mode's data as U's */
static void under_mprv(void) {
    begin();
    set_entry(0, NAPOT | R, napot(&data[64], 256));
    set_entry(1, 0, 0);
    __asm__ volatile("csrc mstatus, %0\ncsrs mstatus, %1" ::"r"(MPP), "r"(MPRV) : "memory");
    uint32_t sum = walk_all(1);
    __asm__ volatile("csrc mstatus, %0" ::"r"(MPRV) : "memory");
    say("MPRV", sum);
}

/* Three words that may not be touched: data in three windows, and what walks from one into the
 * next. */
static void windows(void) {
    const uint32_t at = (uint32_t)(uintptr_t)data >> 2;
    uint32_t sum = 0;
    begin();
    set_entry(0, NA4, at + 32);
    set_entry(1, NA4, at + 64);
    set_entry(2, NA4, at + 96);
    set_entry(3, NAPOT | R | W | X, UINT32_MAX);
    to_user();
    for (uint32_t n = 0; n < SWITCHES; n++)
        for (uint32_t k = 0; k < 4; k++) {
            uint32_t edge = (uint32_t)(uintptr_t)&data[32 * k];
            sum = sum * 3 + words(edge - 16, edge + 16, 4) + halves_store(edge - 8, edge + 8, 2);
        }
    to_machine();
    set_entry(2, NAPOT | R | W | X, UINT32_MAX);
    set_entry(3, 0, 0);
    say("three windows", sum);
}

/* --- rights that come and go while regions exist */
static void changes(void) {
    uint32_t sum = 0;
    begin();
    for (uint32_t n = 0; n < SWITCHES; n++) {
        set_entry(0, NAPOT | (n % 3 == 0 ? 0 : n % 3 == 1 ? R : R | W), napot(&data[32], 128));
        to_user();
        uint32_t edge = (uint32_t)(uintptr_t)&data[32];
        sum = sum * 3 + words(edge - 32, edge + 32, 4) + words_store(edge - 32, edge + 32, 4);
        to_machine();
    }
    say("changes", sum);
}

/* Each task has its own 128 bytes and nothing of the others'. */
static void tasks(void) {
    uint32_t sum = 0;
    begin();
    for (uint32_t n = 0; n < SWITCHES; n++) {
        uint32_t own = 32 * (n % TASKS);
        set_entry(0, NAPOT | R | W, napot(&data[own], 128));
        set_entry(1, NAPOT, napot(data, 512));
        to_user();
        for (uint32_t k = 0; k < TASKS; k++) {
            uint32_t edge = (uint32_t)(uintptr_t)&data[32 * k];
            sum = sum * 3 + words(edge, edge + 128, 16) + bytes_store(edge + 4, edge + 124, 30);
        }
        to_machine();
    }
    say("tasks", sum);
}

/* --- code */
static uint32_t code[64] __attribute__((aligned(256)));

static uint32_t call(const uint32_t *at, uint32_t value) {
    return ((uint32_t(*)(uint32_t))(uintptr_t)at)(value);
}

/* It adds 1, 2, 3... and comes back from the middle or the end; the entries' edge is in between. */
static void make_code(void) {
    for (uint32_t i = 0; i < 32; i++)
        code[i] = (i + 1) << 20 | 10 << 15 | 10 << 7 | 0x13; /* addi a0, a0, i + 1 */
    code[32] = 0x00008067;                                   /* ret */
    fence_i();
}

static void runs_out(const char *part, uint32_t right) {
    uint32_t sum = 0;
    begin();
    make_code();
    set_entry(1, 0, 0);
    for (uint32_t n = 0; n < SWITCHES; n++) {
        set_entry(0, NAPOT | (n / 20 % 2 == 0 ? X | R | W : right), napot(&code[16], CODE_BYTES));
        to_user();
        sum = sum * 5 + call(code, n) + call(&code[17], n);
        to_machine();
    }
    say(part, sum);
}

/* In U mode code is written that is executed right after, in an entry of its own. */
static void changes_itself(void) {
    uint32_t sum = 0;
    begin();
    make_code();
    set_entry(0, NAPOT | R | W | X, napot(code, 256));
    set_entry(1, NAPOT | R, napot(data, 1024));
    to_user();
    for (uint32_t n = 0; n < SWITCHES; n++) {
        code[7] = (n & 1023) << 20 | 10 << 15 | 10 << 7 | 0x13;
        fence_i();
        sum = sum * 5 + call(code, n) + data[n];
    }
    to_machine();
    say("changes itself", sum);
}

/* The last part: locked entries stay. */
static void locked(void) {
    begin();
    set_entry(3, L | NAPOT | R, napot(&data[64], 256));
    set_entry(0, 0, 0);
    set_entry(1, 0, 0);
    set_entry(2, 0, 0);
    say("locked", walk_all(1));
    begin();
    set_entry(0, NAPOT | R | W | X, napot(&data[32], 128));
    say("locked, unlocked before it", walk_all(0));
}

int main(void) {
    __asm__ volatile("csrw mtvec, %0" ::"r"(handler));
    walks();
    under_mprv();
    windows();
    changes();
    tasks();
    runs_out("execute", R | W);
    runs_out("execute only", X);
    changes_itself();
    locked();
    return 0;
}
