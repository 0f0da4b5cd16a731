/* SPDX-License-Identifier: MIT
 * The operation wait on ISS and RTL: a byte that comes in the middle of a wait ends it in the same
 * cycle on both, if the wait is for bytes, too; limits end a run in a wait in the cycle they name,
 * and it goes on from there.
 */
#include <stdio.h>
#include <string.h>

#include "machine_encode.h"
#include "sim/rtl/engine_rtl.h"
#include "tests/native/native_put.h"

enum { DUE = 9000, MAX_CYCLES = 100000 };

/* r34 = CYCLES after the wait, r38 = the byte. */
static const char *const program[] = {
    "2 li r62, 9000",
    "2 csrw r62, timer_cmp",
    "-",
    "-",
    "-",
    "2 wait 1",
    "2 csrr r34, cycles",
    "2 csrr r38, uart_rx",
    "2 csrr r42, stalls",
    "-",
    "-",
    "2 csrw r0, sys_exit",
    "3 j 12",
    NULL,
};
enum { WAIT = 5 };

/* A byte comes in cycle `at`; 0: is there from the beginning. */
struct input {
    struct engine *e;
    uint32_t at;
    bool is_taken;
};

static bool has_byte(void *ctx) {
    const struct input *in = ctx;
    return !in->is_taken && in->e->ops->csr(in->e, CSR_CYCLES) >= in->at;
}

static int take_byte(void *ctx) {
    struct input *in = ctx;
    if (!has_byte(ctx))
        return -1;
    in->is_taken = true;
    return 'x';
}

struct result {
    uint32_t cycles, byte, stalls;
    enum engine_stop stop;
};

/* Runs in slices of `slice` cycles. */
static struct result run(struct engine *e, uint32_t at, uint32_t slice, bool wants_byte) {
    struct input in = {e, at, false};
    struct engine_hooks hooks = {.ctx = &in, .uart_rx = take_byte, .uart_rx_ready = has_byte};
    struct result r = {.stop = ENGINE_CYCLE_LIMIT};
    native_put_all(e, program);
    if (!wants_byte)
        native_put_at(e, WAIT, "2 wait 2");
    for (uint32_t limit = slice; r.stop == ENGINE_CYCLE_LIMIT && limit < MAX_CYCLES; limit += slice)
        r.stop = e->ops->run(e, &hooks, limit, UINT64_MAX);
    r.cycles = e->ops->reg(e, 34);
    r.byte = e->ops->reg(e, 38);
    r.stalls = e->ops->reg(e, 42);
    e->ops->destroy(e);
    return r;
}

/* The cycle in which a wait that begins in cycle 5 executes. */
static uint32_t expected(uint32_t at, bool wants_byte) {
    uint32_t seen = !wants_byte ? DUE
                    : at <= 5   ? 5
                                : (at + WAIT_LOOK_CYCLES - 1) / WAIT_LOOK_CYCLES * WAIT_LOOK_CYCLES;
    return (seen < DUE ? seen : DUE) + 1;
}

static bool is_right(const char *name, const struct result *r, uint32_t at, uint32_t slice,
                     bool wants_byte) {
    uint32_t end = expected(at, wants_byte), byte = at < end ? 'x' : 0x80000000u;
    bool is_good =
        r->stop == ENGINE_EXITED && r->cycles == end + 1 && r->byte == byte && r->stalls == end - 5;
    if (!is_good)
        printf("%s, byte at %u, slices of %u: stop %d, cycle %u instead of %u, byte 0x%x, %u "
               "stalls\n",
               name, at, slice, r->stop, r->cycles - 1, end, r->byte, r->stalls);
    return is_good;
}

int main(void) {
    static const uint32_t times[] = {0, 100, 1030, 5000, 8700, 8800, 50000};
    static const uint32_t slices[] = {MAX_CYCLES - 1, 3001, 512, 7};
    enum { TIMES = sizeof times / sizeof times[0], SLICES = sizeof slices / sizeof slices[0] };
    bool is_good = true;
    unsigned runs = 0;
    for (; runs < 2 * TIMES * SLICES; runs++) {
        uint32_t at = times[runs / 2 % TIMES], slice = slices[runs / 2 / TIMES];
        bool wants_byte = runs % 2 == 0;
        struct result iss = run(engine_iss_create(), at, slice, wants_byte);
        struct result rtl = run(engine_rtl_create(), at, slice, wants_byte);
        is_good &= is_right("iss", &iss, at, slice, wants_byte);
        is_good &= is_right("rtl", &rtl, at, slice, wants_byte);
    }
    printf("%u waits on ISS and RTL%s\n", runs, is_good ? "" : ": FAILED");
    return is_good ? 0 : 1;
}
