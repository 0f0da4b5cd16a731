/* SPDX-License-Identifier: MIT
 * Time while the machine waits (pace.h).
 *
 * The machine's clock, that of its memory configuration, is held to the wall clock in waits only:
 * it may not run ahead. It runs behind while the ISS is busy; a little of that is made up in the
 * next waits, the rest is forgotten, so that a wait after long work is no shorter than it should
 * be.
 */
#define _GNU_SOURCE
#include "sim/cmd/pace.h"
#include "machine.h"
#include <poll.h>
#include <time.h>
#include <unistd.h>

enum {
    NS_MADE_UP = 10000000,
    NS_AT_A_TIME = 100000000, /* then the engine sees whether it is to stop */
};
#define NS_PER_SECOND 1000000000ll

static struct {
    struct engine *engine;
    const struct memory_info *memory;
    uint64_t input_at;
    bool (*rx_ready)(void *ctx); /* the console's own */
    int (*rx)(void *ctx);
    int fd; /* where bytes come from */
    bool is_paced, is_input_over;
    uint64_t cycle; /* ... that belongs to the time `ns` */
    int64_t ns;     /* 0: none yet */
} pace;

static bool rx_ready(void *ctx) {
    struct engine *e = pace.engine;
    uint64_t now = (uint64_t)e->ops->csr(e, CSR_CYCLES + 1) << 32 | e->ops->csr(e, CSR_CYCLES);
    return now >= pace.input_at && pace.rx_ready(ctx);
}

static int rx(void *ctx) {
    return rx_ready(ctx) ? pace.rx(ctx) : -1;
}

static int64_t wall_clock(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * NS_PER_SECOND + t.tv_nsec;
}

enum { TICK_NS = NS_PER_SECOND / TICK_HZ };

static int64_t ns_of(uint64_t cycles) {
    return (int64_t)(cycles * TICK_NS * pace.memory->tick_num / pace.memory->tick_den);
}

static uint64_t cycles_of(int64_t ns) {
    return (uint64_t)ns * pace.memory->tick_den / (TICK_NS * pace.memory->tick_num);
}

/* Until there is input, or for `ns`. */
static void sleep_for(void *ctx, int64_t ns, bool wants_byte) {
    struct pollfd fd = {.fd = pace.fd, .events = POLLIN};
    struct timespec t = {.tv_sec = ns / NS_PER_SECOND, .tv_nsec = ns % NS_PER_SECOND};
    bool looks = wants_byte && !pace.is_input_over;
    if (ppoll(&fd, looks ? 1 : 0, &t, NULL) > 0)
        pace.is_input_over = !pace.rx_ready(ctx); /* a hang-up is always there */
}

static uint64_t keep_pace(void *ctx, uint64_t now, uint64_t due, bool wants_byte) {
    int64_t begin = wall_clock(), late = begin - pace.ns - ns_of(now - pace.cycle);
    if (pace.ns == 0 || late > NS_MADE_UP) {
        pace.ns = begin - (pace.ns == 0 ? 0 : NS_MADE_UP);
        pace.cycle = now;
    }
    int64_t left = pace.ns + ns_of(due - pace.cycle) - begin;
    if (left <= 0)
        return due;
    sleep_for(ctx, left < NS_AT_A_TIME ? left : NS_AT_A_TIME, wants_byte);
    uint64_t reached = pace.cycle + cycles_of(wall_clock() - pace.ns);
    return reached < now ? now : reached < due ? reached : due;
}

static uint64_t on_idle(void *ctx, uint64_t now, uint64_t due, bool wants_byte) {
    if (wants_byte && now < pace.input_at)
        return pace.input_at < due ? pace.input_at : due;
    return pace.is_paced ? keep_pace(ctx, now, due, wants_byte) : due;
}

static void begin(struct engine_hooks *hooks, struct engine *e, enum memory memory) {
    pace.engine = e;
    pace.memory = &memory_info[memory];
    pace.rx_ready = hooks->uart_rx_ready;
    pace.rx = hooks->uart_rx;
    pace.ns = 0;
    hooks->on_idle = on_idle;
}

void pace_hooks(struct engine_hooks *hooks, struct engine *e, enum memory memory,
                uint64_t input_at) {
    begin(hooks, e, memory);
    pace.fd = STDIN_FILENO;
    pace.is_paced = isatty(STDIN_FILENO);
    pace.input_at = input_at;
    if (input_at != 0) {
        hooks->uart_rx_ready = rx_ready;
        hooks->uart_rx = rx;
    }
}

void pace_board(struct engine_hooks *hooks, struct engine *e, enum memory memory, int fd) {
    begin(hooks, e, memory);
    pace.fd = fd;
    pace.is_paced = true;
}
