/* SPDX-License-Identifier: MIT
 * A guest that tries to reach what is not its own: the firmware's memory, native code (its own
 * translations, too), the flash that it was loaded from, and the ends of its RAM, with every kind
 * of access, in M and in U mode, interpreted and in a translation. Each try must trap with the
 * right cause and address, once, or reach a virtual device that knows nothing of what is behind;
 * addresses are native ones, most of which mean something else in QEMU. RAM_BYTES: the run's --ram.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum {
    LOAD_FAULT = 5,
    STORE_FAULT = 7,
    FETCH_FAULT = 1,
    WARM_UP = 10,
    CODE_WORDS = 16,
    COPIED_WORDS = 4
};
enum { PMP_ALL = 0x1f, MPP = 3 << 11 };
enum { FLASH = 0x20000000, FLASH_END = 0x24000000 };
#define RAM_END (0x80000000u + RAM_BYTES)

struct trap {
    uint32_t cause, value, count;
};
static volatile struct trap trap; /* the last one */

/* Skips the instruction, which is never a compressed one; of a jump it goes back to the caller. A
 * call from U mode ends it. */
__attribute__((naked, aligned(4))) static void handler(void) {
    __asm__ volatile(".option push\n.option norvc\n"
                     "csrw mscratch, t0\n"
                     "la t0, %0\n"
                     "sw t1, -4(sp)\n"
                     "csrr t1, mtval\n"
                     "sw t1, 4(t0)\n"
                     "lw t1, 8(t0)\n"
                     "addi t1, t1, 1\n"
                     "sw t1, 8(t0)\n"
                     "csrr t1, mcause\n"
                     "sw t1, 0(t0)\n"
                     "addi t1, t1, -1\n"
                     "csrr t0, mepc\n"
                     "addi t0, t0, 4\n"
                     "bnez t1, 1f\n"
                     "mv t0, ra\n"
                     "1: csrw mepc, t0\n"
                     "addi t1, t1, -7\n"
                     "bnez t1, 2f\n"
                     "li t1, 0x1800\n"
                     "csrs mstatus, t1\n"
                     "2: lw t1, -4(sp)\n"
                     "csrr t0, mscratch\n"
                     "mret\n"
                     ".option pop\n" ::"i"(&trap));
}

#define TRY(name, instruction)                                                                     \
    __attribute__((noinline, aligned(4))) static uint32_t name(uint32_t address) {                 \
        register uint32_t a0 __asm__("a0") = address;                                              \
        __asm__ volatile(".option push\n.option norvc\n" instruction "\n.option pop\n"             \
                         : "+r"(a0)                                                                \
                         : "r"(0x5a5a5a5a)                                                         \
                         : "memory");                                                              \
        return a0;                                                                                 \
    }
TRY(try_lb, "lb %0, 0(%0)")
TRY(try_lhu, "lhu %0, 0(%0)")
TRY(try_lw, "lw %0, 0(%0)")
TRY(try_sb, "sb %1, 0(%0)")
TRY(try_sh, "sh %1, 0(%0)")
TRY(try_sw, "sw %1, 0(%0)")
TRY(try_far, "lw %0, -2048(%0)") /* the offset takes it there */
TRY(try_amo, "amoadd.w %0, %1, (%0)")
TRY(try_lr, "lr.w %0, (%0)")

__attribute__((naked, noinline, aligned(4))) static uint32_t try_jump(__attribute__((unused))
                                                                      uint32_t address) {
    __asm__ volatile(".option push\n.option norvc\njr a0\n.option pop\n");
}

__attribute__((noinline)) static void just_return(void) {
    __asm__ volatile("");
}

static const struct attempt {
    const char *name;
    uint32_t (*f)(uint32_t);
    uint32_t cause, offset;
    uint32_t erased; /* what it loads from flash; 0: it is no load */
} attempts[] = {{"lb", try_lb, LOAD_FAULT, 0, UINT32_MAX},
                {"lhu", try_lhu, LOAD_FAULT, 0, 0xffff},
                {"lw", try_lw, LOAD_FAULT, 0, UINT32_MAX},
                {"sb", try_sb, STORE_FAULT, 0, 0},
                {"sh", try_sh, STORE_FAULT, 0, 0},
                {"sw", try_sw, STORE_FAULT, 0, 0},
                {"far", try_far, LOAD_FAULT, 2048, UINT32_MAX},
                {"amo", try_amo, STORE_FAULT, 0, 0},
                {"lr", try_lr, LOAD_FAULT, 0, 0},
                {"jump", try_jump, FETCH_FAULT, 0, 0}};

/* The firmware's RAM and its end, flash, code memory (firmware, translations, the end), beside
 * guest RAM on both sides, addresses that wrap or differ from RAM's in one bit. */
static const uint32_t places[] = {
    0x00000000, 0x00000004, 0x00010000,  0x0007fffc,       0x003ffffc, 0x00400000,
    0x20000000, 0x20000100, 0x20fffffc,  0x24000000,       0x30000000, 0x40000000,
    0x40010000, 0x40080000, 0x401ffffc,  0x50000000,       0x60000000, 0x7ffffffc,
    0x7ffff800, RAM_END,    RAM_END + 4, RAM_END + 0x1000, 0x81c00000, 0x81fffffc,
    0x88000000, 0x90000000, 0xa0000000,  0xc0000000,       0xf0000000, 0xfffffffc};
enum {
    N_PLACES = sizeof places / sizeof places[0],
    N_ATTEMPTS = sizeof attempts / sizeof attempts[0]
};

/* Where its RAM's parts meet, if they are two, and its end (with 4 MiB the stack is there):
 * accesses must get there. */
#define RAM_MIDDLE                                                                                 \
    (0x80000000u + (RAM_BYTES > 0x400000 ? (RAM_BYTES & (RAM_BYTES - 1)) : RAM_BYTES / 2))
static const uint32_t own_places[] = {RAM_MIDDLE - 4, RAM_MIDDLE,
                                      RAM_END - (RAM_BYTES > 0x400000 ? 4 : 0x40000)};
enum { N_OWN = sizeof own_places / sizeof own_places[0] };

static int wrong, tries;
static uint32_t good[2];
static uint32_t copies[2 * N_ATTEMPTS * N_PLACES][CODE_WORDS]; /* no two tries at one pc */

/* The guest's flash is where the native one is: plain accesses must find an erased one there. */
static bool is_erased(const struct attempt *a, uint32_t place, uint32_t got, uint32_t n_traps) {
    return place >= FLASH && place < FLASH_END && n_traps == 0 &&
           (a->erased != 0 ? got == a->erased : a->f == try_sb || a->f == try_sh || a->f == try_sw);
}

static void expect(const struct attempt *a, uint32_t place, uint32_t (*f)(uint32_t),
                   const char *how) {
    uint32_t before = trap.count;
    uint32_t got = f(place + a->offset);
    tries++;
    if (is_erased(a, place, got, trap.count - before))
        return;
    if (trap.count == before + 1 && trap.cause == a->cause && trap.value == place)
        return;
    if (wrong++ < 10)
        printf("%s at %08x, %s: cause %d value %08x, %d traps\n", a->name, (unsigned)place, how,
               (int)trap.cause, (unsigned)trap.value, (int)(trap.count - before));
}

static void reach(const struct attempt *a, uint32_t place, uint32_t (*f)(uint32_t),
                  const char *how) {
    uint32_t before = trap.count;
    f(place + a->offset);
    if (trap.count == before)
        return;
    if (wrong++ < 10)
        printf("%s at %08x, its own, %s: cause %d\n", a->name, (unsigned)place, how,
               (int)trap.cause);
}

/* A copy of the access becomes hot on an address that is the guest's own, and then goes elsewhere;
 * once it has done so it is interpreted. */
static void attempt(const struct attempt *a, uint32_t place, const char *mode, uint32_t *copy) {
    uint32_t (*f)(uint32_t) = (uint32_t(*)(uint32_t))(uintptr_t)copy;
    uint32_t own = (uint32_t)(uintptr_t)(a->f == try_jump ? (void *)just_return : (void *)good);
    for (unsigned i = 0; i < COPIED_WORDS; i++)
        copy[i] = ((const uint32_t *)(uintptr_t)a->f)[i];
    __asm__ volatile(".option push\n.option arch, +zifencei\nfence.i\n.option pop" ::: "memory");
    for (int i = 0; i < WARM_UP; i++)
        f(own + a->offset);
    for (unsigned i = 0; i < N_OWN && a->f != try_jump; i++)
        reach(a, own_places[i], f, mode);
    expect(a, place, f, mode);
    expect(a, place, f, mode);
}

static void attempt_all(const char *mode, uint32_t (*copy)[CODE_WORDS]) {
    for (unsigned i = 0; i < N_ATTEMPTS; i++)
        for (unsigned p = 0; p < N_PLACES; p++)
            attempt(&attempts[i], places[p], mode, *copy++);
}

static void user_mode(void) {
    __asm__ volatile("csrw pmpaddr0, %0\ncsrw pmpcfg0, %1\n"
                     "csrc mstatus, %2\nla t0, 1f\ncsrw mepc, t0\nmret\n.balign 4\n1:" ::"r"(-1),
                     "r"(PMP_ALL), "r"(MPP)
                     : "t0", "memory");
}

int main(void) {
    __asm__ volatile("csrw mtvec, %0" ::"r"(handler));
    attempt_all("M mode", copies);
    user_mode();
    attempt_all("U mode", copies + N_ATTEMPTS * N_PLACES);
    __asm__ volatile(".option push\n.option norvc\necall\n.option pop" ::: "memory");
    printf("%d tries, %d wrong\n", tries, wrong);
    return wrong != 0;
}
