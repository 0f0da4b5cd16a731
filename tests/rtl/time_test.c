/* SPDX-License-Identifier: MIT
 * The platform's time on ISS and RTL, with the clock of each memory configuration: what TIME_TICKS reads in cycle c is c * num / den, rounded
 * down, in each cycle of a few thousand, in a wait, too; and the two engines agree on TIME_STEP.
 */
#include <stdio.h>
#include <string.h>

#include "machine_encode.h"
#include "sim/rtl/engine_rtl.h"
#include "translator/support/native_text.h"

enum { CYCLES = 4000, DUE = 1500 };

static const char *const program[] = {
    "{ nop | nop | li r62, 1500 | nop }",
    "{ nop | nop | csrw r62, timer_cmp | nop }",
    "{ nop | nop | csrr r34, time_step | nop }",
    "{ nop | nop | csrr r38, time_ticks | nop }",
    "{ nop | nop | csrr r42, time_ticksh | nop }",
    "{ nop | nop | nop | nop }",
    "{ nop | nop | wait 2 | nop }",
    "{ nop | nop | csrr r46, time_ticks | j 7 }",
};
enum { STEP = 2, HIGH = 4 };
enum { BUNDLES = sizeof program / sizeof program[0] };

struct watch {
    const struct memory_info *memory;
    const char *engine;
    unsigned reads, wrong;
};

static bool on_bundle(void *ctx, const struct engine_bundle *b) {
    struct watch *w = ctx;
    uint32_t index = (b->pc - MEM_CODE_BASE) / BUNDLE_BYTES, value = b->write_value[2];
    uint64_t wanted = b->cycle * w->memory->tick_num / w->memory->tick_den;
    if ((b->write_mask >> 2 & 1) == 0 || index < STEP)
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
    for (uint32_t i = 0; i < BUNDLES; i++) {
        char error[NATIVE_TEXT_BYTES];
        uint32_t word[ENGINE_SLOTS];
        if (!native_parse_bundle(program[i], word, error))
            printf("%s: %s\n", program[i], error);
        memcpy(e->ops->mem(e, ENGINE_MEM_CODE) + (size_t)i * BUNDLE_BYTES, word, sizeof word);
    }
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
