/* SPDX-License-Identifier: MIT
 * A small preemptive system: two tasks and an idle loop, round robin with a timer interrupt
 * (vectored), sleep by ecall, yield by software interrupt, wfi when nobody is ready. Each task
 * computes in registers and in a buffer of its own, so a register or a store that gets lost at a
 * switch changes its result. What is printed does not depend on when the interrupts come. */
#include <stdint.h>
#include <stdio.h>
#include "selkirk_guest.h"

enum { TASKS = 3, STACK_WORDS = 512, TICK = 2000, ROUNDS = 12, BUFFER = 64, MIN_SWITCHES = 20 };
enum { IDLE, CRC, WALK };
enum { CAUSE_ECALL = 11, CAUSE_SOFTWARE = 3, CAUSE_TIMER = 7, MIE_SOFTWARE = 8, MIE_TIMER = 128 };
#define INTERRUPT 0x80000000u

static volatile uint32_t *const msip = (volatile uint32_t *)0x02000000;
static volatile uint32_t *const mtimecmp = (volatile uint32_t *)0x02004000;
static volatile uint32_t *const mtime = (volatile uint32_t *)0x0200bff8;

struct task {
    uint32_t *frame; /* its registers, on its stack: word 0 pc, word n xn */
    uint32_t wake;   /* low word of mtime */
    volatile uint32_t is_asleep, is_done, result;
};
static struct task tasks[TASKS];
static uint32_t stacks[TASKS][STACK_WORDS] __attribute__((aligned(16)));
static unsigned current;
static volatile unsigned n_timer, n_software, n_ecall, n_switches, n_idle;

uint32_t *trap(uint32_t cause, uint32_t *frame);

#define EACH(op)                                                                                   \
    op(1) op(3) op(4) op(5) op(6) op(7) op(8) op(9) op(10) op(11) op(12) op(13) op(14) op(15)      \
        op(16) op(17) op(18) op(19) op(20) op(21) op(22) op(23) op(24) op(25) op(26) op(27) op(28) \
            op(29) op(30) op(31)
#define SAVE(n) "sw x" #n ", 4*" #n "(sp)\n"
#define LOAD(n) "lw x" #n ", 4*" #n "(sp)\n"
__asm__(".option push\n.option arch, +zicsr\n.option norelax\n.option norvc\n"
        ".balign 64\nvectors:\n"
        ".rept 12\nj trap_entry\n.endr\n"
        "trap_entry:\naddi sp, sp, -128\n" EACH(
            SAVE) "csrr a0, mcause\ncsrr t0, mepc\nsw t0, 0(sp)\nmv a1, sp\ncall trap\nmv sp, a0\n"
                  "lw t0, 0(sp)\ncsrw mepc, t0\n" EACH(
                      LOAD) "addi sp, sp, 128\nmret\n"
                            ".globl interrupts_on\ninterrupts_on:\n"
                            "la t0, vectors\nori t0, t0, 1\ncsrw mtvec, t0\ncsrw mie, a0\ncsrsi "
                            "mstatus, 8\nret\n"
                            ".globl wait_for_interrupt\nwait_for_interrupt:\nwfi\nret\n"
                            ".option pop\n");
void interrupts_on(uint32_t mie);
void wait_for_interrupt(void);

static void arm_timer(void) {
    uint32_t low = mtime[0], high = mtime[1];
    mtimecmp[1] = UINT32_MAX;
    mtimecmp[0] = low + TICK;
    mtimecmp[1] = high + (low + TICK < low);
}

static unsigned next_ready(void) {
    for (unsigned n = 1; n <= TASKS; n++) {
        unsigned i = (current + n) % TASKS;
        struct task *t = &tasks[i];
        if (t->is_asleep && (int32_t)(mtime[0] - t->wake) >= 0)
            t->is_asleep = 0;
        if (i != IDLE && !t->is_asleep && !t->is_done)
            return i;
    }
    return IDLE;
}

uint32_t *trap(uint32_t cause, uint32_t *frame) {
    tasks[current].frame = frame;
    if (cause == (INTERRUPT | CAUSE_TIMER)) {
        n_timer++;
    } else if (cause == (INTERRUPT | CAUSE_SOFTWARE)) {
        n_software++;
        *msip = 0;
    } else if (cause == CAUSE_ECALL) { /* sleep a0 ticks */
        n_ecall++;
        tasks[current].wake = mtime[0] + frame[10];
        tasks[current].is_asleep = 1;
        frame[0] += 4;
    } else {
        printf("trap %x at %x\n", (unsigned)cause, (unsigned)frame[0]);
        tasks[CRC].is_done = tasks[WALK].is_done = 1;
    }
    arm_timer();
    unsigned next = next_ready();
    n_switches += next != current;
    current = next;
    return tasks[next].frame;
}

static void sleep(uint32_t ticks) {
    register uint32_t a0 __asm__("a0") = ticks;
    __asm__ volatile("ecall" : "+r"(a0) : : "memory");
}

static void crc_task(void) {
    static uint32_t buffer[BUFFER];
    uint32_t crc = 1;
    for (unsigned round = 0; round < ROUNDS; round++) {
        for (unsigned i = 0; i < BUFFER; i++) {
            buffer[i] += crc ^ i;
            crc ^= buffer[i];
            for (unsigned bit = 0; bit < 16; bit++)
                crc = crc >> 1 ^ ((crc & 1u) != 0 ? 0xedb88320u : 0);
        }
        sleep(round * 100);
    }
    do /* nobody else is ready during the last of these */
        sleep(TICK);
    while (!tasks[WALK].is_done);
    sleep(TICK);
    tasks[CRC].result = crc;
    tasks[CRC].is_done = 1;
    for (;;)
        *msip = 1;
}

static void walk_task(void) {
    static uint8_t seen[BUFFER];
    uint32_t state = 12345, sum = 0;
    for (unsigned round = 0; round < ROUNDS * 2; round++) {
        for (unsigned i = 0; i < BUFFER; i++) {
            uint32_t at = next_random(&state) % BUFFER;
            seen[at]++;
            sum = sum * 5 + seen[at] + (sum >> 29);
        }
        *msip = 1; /* yield */
    }
    tasks[WALK].result = sum;
    tasks[WALK].is_done = 1;
    for (;;)
        *msip = 1;
}

static void create(unsigned task, void (*entry)(void)) {
    uint32_t *frame = &stacks[task][STACK_WORDS - 32];
    uint32_t gp, tp;
    __asm__("mv %0, gp\nmv %1, tp" : "=r"(gp), "=r"(tp));
    frame[0] = (uint32_t)(uintptr_t)entry;
    frame[3] = gp;
    frame[4] = tp;
    tasks[task].frame = frame;
}

int main(void) {
    create(CRC, crc_task);
    create(WALK, walk_task);
    arm_timer();
    interrupts_on(MIE_SOFTWARE | MIE_TIMER);
    while (!tasks[CRC].is_done || !tasks[WALK].is_done) {
        n_idle++;
        wait_for_interrupt();
    }
    printf("crc %08x\nwalk %08x\n", (unsigned)tasks[CRC].result, (unsigned)tasks[WALK].result);
    printf("sleeps %s\nyields %s\nticks %s\nswitches %s\nidle %s\n",
           n_ecall > ROUNDS ? "many" : "few", n_software > ROUNDS ? "many" : "few",
           n_timer > 2 ? "many" : "few", n_switches > MIN_SWITCHES ? "many" : "few",
           n_idle > 1 ? "many" : "few");
    return 0;
}
