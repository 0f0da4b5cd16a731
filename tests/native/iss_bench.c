/* SPDX-License-Identifier: MIT
 * Speed of the ISS in bundles a second: a loop of ALU bundles, a loop with loads, stores, multiply
 * and commits in guest mode; each without and with an on_bundle hook.
 *
 *   iss_bench [million bundles]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "machine.h"
#include "sim/engine.h"
#include "translator/support/native_text.h"

static const char *const alu_loop[] = {
    "{ addi r4, r4, 1 | xor r5, r5, r9 | slli r6, r10, 3 | sltu r7, r11, r15 }",
    "{ add r8, r8, r12 | addi r9, r9, 3 | nop | xor r11, r7, r11 }",
    "{ or r12, r4, r8 | and r13, r13, r9 | addi r34, r34, -1 | addi r15, r15, 1 }",
    "{ nop | add r17, r13, r17 | srli r14, r10, 2 | j 0 }",
};

/* Guest mode: bundles 0 to 3 get there, bundle 8 on is the loop. */
static const char *const memory_loop[] = {
    "{ li32 r4, 0x80001000 | lit | li32 r6, 0x40000080 | lit }",
    "{ nop | nop | nop | nop }",
    "{ nop | nop | nop | enter r6 }",
    "{ nop | nop | nop | nop }",
    "{ nop | nop | nop | nop }",
    "{ nop | nop | nop | nop }",
    "{ nop | nop | nop | nop }",
    "{ nop | nop | nop | nop }",
    "{ lw r8, 0(r4) | lw r9, 4(r4) | nop | nop }",
    "{ nop | nop | mul r10, r6, r6 | addi r15, r15, 1 }",
    "{ nop | nop | nop | addi r11, r11, 1 }",
    "{ add r16, r8, r15 | nop | nop | beq r11, r0, 1 }",
    "{ nop | nop | addi r34, r34, 1 | nop }",
    "{ nop | sw r10, 8(r4) | commit 5 | j 8 }",
};

static bool see_bundle(void *ctx, const struct engine_bundle *b) {
    *(uint64_t *)ctx += b->write_mask;
    return true;
}

static double seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void load_text(struct engine *e, const char *const *text, size_t count) {
    for (size_t i = 0; i < count; i++) {
        char error[NATIVE_TEXT_BYTES];
        uint32_t words[SLOT_COUNT];
        if (!native_parse_bundle(text[i], words, error)) {
            puts(error);
            exit(1);
        }
        memcpy(e->ops->mem(e, ENGINE_MEM_CODE) + i * BUNDLE_BYTES, words, sizeof words);
    }
}

static void measure(const char *name, const char *const *text, size_t count, uint64_t cycles) {
    uint64_t sum = 0;
    struct engine_hooks hooks = {.ctx = &sum, .on_bundle = see_bundle};
    double rate[2];
    for (unsigned hooked = 0; hooked < 2; hooked++) {
        struct engine *e = engine_iss_create();
        load_text(e, text, count);
        double start = seconds();
        enum engine_stop stop = e->ops->run(e, hooked ? &hooks : NULL, cycles, UINT64_MAX);
        rate[hooked] = (double)cycles / (seconds() - start) * 1e-6;
        if (stop != ENGINE_CYCLE_LIMIT) {
            printf("%s: stop %d %s\n", name, stop, e->ops->message(e));
            exit(1);
        }
        e->ops->destroy(e);
    }
    printf("%-24s %6.1f M bundles/s, %6.1f with an on_bundle hook\n", name, rate[0], rate[1]);
}

int main(int argc, char **argv) {
    uint64_t cycles = 1000000 * (argc > 1 ? strtoull(argv[1], NULL, 0) : 50);
    measure("ALU, 3.5 ops a bundle", alu_loop, sizeof alu_loop / sizeof alu_loop[0], cycles);
    measure("guest block with memory", memory_loop, sizeof memory_loop / sizeof memory_loop[0],
            cycles);
    return 0;
}
