/* SPDX-License-Identifier: MIT
 * The platform's time on ISS and RTL, with the clock of each memory configuration: what TIME_TICKS
 * reads in cycle c is c * num / den, rounded down, in each cycle of a few thousand, in a wait, too;
 * and the two engines agree on TIME_STEP.
 */
#include <stdio.h>
#include <string.h>

#include "machine_encode.h"
#include "sim/rtl/engine_rtl.h"
#include "tests/native/native_put.h"

enum { CYCLES = 4000, DUE = 1500 };

static const char *const program[] = {
    "2 li r62, 1500",
    "2 csrw r62, timer_cmp",
    "2 csrr r34, time_step",
    "2 csrr r38, time_ticks",
    "2 csrr r42, time_ticksh",
    "-",
    "2 wait 2",
    "2 csrr r46, time_ticks ; 3 j 7",
    NULL,
};
enum { STEP = 2, HIGH = 4 };

struct watch {
    const struct memory_info *memory;
    const char *engine;
    unsigned reads, wrong;
};

static bool on_bundle(void *ctx, const struct engine_bundle *b) {
    struct watch *w = ctx;
    uint32_t index = (b->pc - MEM_CODE_BASE) / BUNDLE_BYTES, value = b->write_value[UNIT_CSR_SLOT];
    uint64_t wanted = b->cycle * w->memory->tick_num / w->memory->tick_den;
    if ((b->write_mask >> UNIT_CSR_SLOT & 1) == 0 || index < STEP)
        return true;
    if (index == STEP)
        wanted = w->memory->tick_num << 16 | w->memory->tick_den;
    else if (index == HIGH)
        wanted = 0;
    w->reads++;
    if (value != wanted && w->wrong++ == 0)
        printf("%s, memory %s: bundle %u reads %u in cycle %llu, not %llu\n", w->engine,
               w->memory->name, index, value, (unsigned long long)b->cycle,
               (unsigned long long)wanted);
    return true;
}

static bool is_right(struct engine *e, enum memory memory) {
    struct watch w = {.memory = &memory_info[memory], .engine = e->ops->name};
    struct engine_hooks hooks = {.ctx = &w, .on_bundle = on_bundle};
    struct engine_boot boot = {.ram_bytes = 4096, .memory = memory};
    e->ops->set_boot(e, &boot);
    native_put_all(e, program);
    enum engine_stop stop = e->ops->run(e, &hooks, CYCLES, UINT64_MAX);
    if (stop != ENGINE_CYCLE_LIMIT)
        printf("%s: %s\n", w.engine, e->ops->message(e));
    e->ops->destroy(e);
    return stop == ENGINE_CYCLE_LIMIT && w.wrong == 0 && w.reads > CYCLES - DUE - 100;
}

int main(void) {
    bool is_good = true;
    for (unsigned i = 0; i < MEMORY_COUNT; i++) {
        is_good &= is_right(engine_iss_create(), (enum memory)i);
        is_good &= is_right(engine_rtl_create(), (enum memory)i);
    }
    printf("time of %d memory configurations on ISS and RTL%s\n", MEMORY_COUNT,
           is_good ? "" : ": FAILED");
    return is_good ? 0 : 1;
}
