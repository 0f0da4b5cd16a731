/* SPDX-License-Identifier: MIT
 * The ISS's time for memory (sim/iss/iss_mem.h): small programs with few lines in the caches, and
 * the cycle in which each bundle has to execute, found by hand. A chip of 16 bits: a line that is
 * asked for in cycle c has its first word in c + 11, a word more every two cycles, and the chip is
 * free in c + 43.
 */
#include <stdio.h>
#include <string.h>

#include "machine_encode.h"
#include "sim/engine.h"
#include "translator/support/native_text.h"

enum { MAX_BUNDLES = 16 };

struct mem_case {
    const char *name;
    uint32_t icache, second, dcache, ways, waits, firmware, ahead;
    const char *program[MAX_BUNDLES];
    const char *cycles; /* bundle@cycle of all that execute, up to the end of this text */
};

#define NOP "{ nop | nop | nop | nop }"
#define CHIP_FIRST 9
static const struct mem_case cases[] = {
    {"a line comes bundle by bundle", .icache = 0x1000,
     /* asked for in 3, of the chip in 5; the last word of bundle i comes in 22 + 8 i, and is there
        4 later */
     .program = {NOP, NOP, NOP, "{ nop | nop | nop | j 0 }"},
     .cycles = "0@29 1@37 2@45 3@53 0@54 1@55 2@56 3@57"},
    {"from the bundle that missed on, round the line", .icache = 0x1000,
     .program = {"{ nop | nop | nop | j 6 }", NOP, NOP, NOP, NOP, "{ nop | nop | nop | j 5 }",
                 "{ nop | nop | nop | j 5 }"},
     /* 6 is wanted in 32, when the first line is on its way until 50; so it is asked for then, of
        the chip in 52, and there in 73, 5 in 73 + 3 * 8 */
     .cycles = "0@29 6@76 5@100 5@101"},
    {"two lines of one place in the I$", .icache = 0x40,
     .program = {"{ nop | nop | nop | j 4 }", NOP, NOP, NOP, "{ nop | nop | nop | j 0 }"},
     .cycles = "0@29 4@76 0@123 4@170"},
    {"the same with a second level: the first time from the chip, then 5 cycles after being asked",
     .icache = 0x40, .second = 0x1000,
     .program = {"{ nop | nop | nop | j 4 }", NOP, NOP, NOP, "{ nop | nop | nop | j 0 }"},
     /* 0 is asked for again in 80, and has to wait for the chip's line, which is there in 97 */
     .cycles = "0@29 4@76 0@105 4@117 0@129"},
    {"packed in the chip: two cycles for the index, then only what is not 0", .icache = 0x1000,
     .firmware = 1,
     .program = {"{ addi r4, r0, 1 | nop | nop | nop }", NOP,
                 "{ addi r8, r0, 1 | addi r5, r0, 1 | nop | nop }", "{ nop | nop | nop | j 0 }"},
     /* asked for in 5; words in 18, 19 (an empty bundle takes a cycle), 23 and 25, there 4 later: 2
        was looked for in 24, too early, which costs a jump */
     .cycles = "0@25 1@26 2@35 3@36 0@37"},
    {"packed in a store of its own: a word a cycle from the fifth on", .icache = 0x1000,
     .firmware = 2,
     .program = {"{ addi r4, r0, 1 | nop | nop | nop }", NOP,
                 "{ addi r8, r0, 1 | addi r5, r0, 1 | nop | nop }", "{ nop | nop | nop | j 0 }"},
     .cycles = "0@15 1@16 2@17 3@18 0@19"},
    {"the store sends the next line, too, a bundle a cycle, and nothing of it is missed",
     .icache = 0x1000, .firmware = 2, .ahead = 1,
     .program = {NOP, NOP, NOP, NOP, NOP, "{ nop | nop | nop | j 0 }"},
     .cycles = "0@15 1@16 2@17 3@18 4@19 5@20 0@21"},
    {"another miss puts an end to that: what had come stays", .icache = 0x1000, .firmware = 2,
     .ahead = 1,
     .program = {"{ nop | nop | nop | j 8 }", NOP, NOP, NOP, NOP, NOP, NOP, NOP,
                 "{ nop | nop | nop | j 4 }"},
     /* 8 is asked for in 19, when 7 has come */
     .cycles = "0@15 8@31 4@32 5@33 6@34 7@35 8@36 4@37"},
    {"a load waits for its word, and the next for the one behind it", .dcache = 0x1000,
     .program = {"{ lw r4, 0(r0) | nop | nop | nop }", "{ lw r8, 4(r0) | nop | nop | nop }",
                 "{ nop | lw r5, 8(r0) | nop | nop }", "{ nop | lw r9, 8(r0) | nop | nop }",
                 "{ nop | lw r13, 8(r0) | nop | nop }", "{ nop | nop | nop | j 5 }"},
     /* seen after 1, asked for in 6; words 0, 1, 2 in 17, 19, 21; port 1 is taken in 20, 22, 24 */
     .cycles = "0@0 1@1 2@21 3@23 4@25 5@26"},
    {"the same if a line is waited for: it has come in 47", .dcache = 0x1000, .waits = 1,
     .program = {"{ lw r4, 0(r0) | nop | nop | nop }", "{ nop | nop | nop | nop }",
                 "{ lw r8, 4(r0) | nop | nop | nop }", "{ nop | nop | nop | j 3 }"},
     .cycles = "0@0 1@1 2@50 3@51"},
    {"... for the bundle behind, too, which waits after the next step", .dcache = 0x1000,
     .waits = 1,
     .program = {"{ nop | sw r0, 0(r0) | nop | nop }", "{ lw r4, 64(r0) | nop | nop | nop }",
                 "{ nop | nop | nop | j 3 }", "{ nop | nop | nop | j 3 }"},
     /* 2 would be in 50; asked for in 55, there in 96 */
     .cycles = "0@0 1@1 2@50 3@99"},
    {"a bubble is a step, too", .dcache = 0x1000, .waits = 1,
     .program = {"{ lw r4, 0(r0) | nop | nop | jr r0 }"}, .cycles = "0@0 0@52 0@56"},
    {"a line that was stored to goes to the chip before the next is asked for", .dcache = 0x40,
     .program = {"{ nop | sw r0, 0(r0) | nop | nop }", "{ lw r4, 64(r0) | nop | nop | nop }",
                 "{ lw r8, 128(r0) | nop | nop | nop }", "{ nop | nop | nop | j 3 }"},
     /* 0 and 1 ask in 6 and 49; what was stored to goes to the chip from 92 to 136, when 2 asks */
     .cycles = "0@0 1@1 2@20 3@63 3@150"},
    {"two misses of a bundle, one after the other", .dcache = 0x1000,
     .program = {"{ lw r4, 0(r0) | lw r5, 64(r0) | nop | nop }", "{ nop | nop | nop | j 1 }"},
     .cycles = "0@0 1@1 1@63"},
    {"two ways: what was used last stays", .dcache = 0x80, .ways = 2,
     .program = {"{ lw r4, 0(r0) | nop | nop | nop }", "{ lw r8, 64(r0) | nop | nop | nop }",
                 "{ lw r4, 0(r0) | nop | nop | nop }", "{ lw r8, 128(r0) | nop | nop | nop }",
                 "{ lw r4, 0(r0) | nop | nop | nop }", "{ nop | nop | nop | j 5 }"},
     .cycles = "0@0 1@1 2@20 3@63 4@64 5@106"},
    {"a store to code comes into the D$ first, then goes on what misses in the I$: 5 has come "
     "meanwhile",
     .icache = 0x1000, .dcache = 0x1000,
     .program = {"{ li32 r36, 0x40000070 | lit | nop | nop }", "{ nop | nop | nop | j 4 }",
                 "{ nop | sw r0, 0(r36) | nop | j 5 }", NOP, "{ nop | nop | nop | j 2 }",
                 "{ nop | nop | nop | j 5 }"},
     .cycles = "0@32 1@40 4@82 2@83 5@122 5@123"},
    {"the same if a line is waited for", .icache = 0x1000, .dcache = 0x1000, .waits = 1,
     .program = {"{ li32 r36, 0x40000070 | lit | nop | nop }", "{ nop | nop | nop | j 4 }",
                 "{ nop | sw r0, 0(r36) | nop | j 5 }", NOP, "{ nop | nop | nop | j 2 }",
                 "{ nop | nop | nop | j 5 }"},
     .cycles = "0@32 1@40 4@82 2@83 5@152 5@153"},
    {"a load that traps asks for nothing", .dcache = 0x1000,
     .program = {"{ nop | lw r5, 1(r0) | nop | nop }"}, .cycles = "0@0 0@4"},
};
enum { CASES = sizeof cases / sizeof cases[0] };

struct watch {
    char got[200];
    size_t length, enough;
};

static bool on_bundle(void *ctx, const struct engine_bundle *b) {
    struct watch *w = ctx;
    w->length += (size_t)snprintf(w->got + w->length, sizeof w->got - w->length, "%s%u@%llu",
                                  w->length == 0 ? "" : " ", (b->pc - MEM_CODE_BASE) / BUNDLE_BYTES,
                                  (unsigned long long)b->cycle);
    return w->length < w->enough;
}

static bool load(struct engine *e, const struct mem_case *c) {
    for (uint32_t i = 0; i < MAX_BUNDLES && c->program[i] != NULL; i++) {
        char error[NATIVE_TEXT_BYTES];
        uint32_t word[ENGINE_SLOTS];
        if (!native_parse_bundle(c->program[i], word, error)) {
            printf("%s: %s\n", c->program[i], error);
            return false;
        }
        memcpy(e->ops->mem(e, ENGINE_MEM_CODE) + (size_t)i * BUNDLE_BYTES, word, sizeof word);
    }
    return true;
}

static bool is_right(const struct mem_case *c) {
    struct engine *e = engine_iss_create();
    struct watch w = {.enough = strlen(c->cycles)};
    struct engine_hooks hooks = {.ctx = &w, .on_bundle = on_bundle};
    struct engine_boot boot = {.memory = MEMORY_ULX3S, .image_bytes = MAX_BUNDLES * BUNDLE_BYTES};
    uint32_t *field = boot.memory_fields;
    field[MEMORY_FIELD_ICACHE] = c->icache;
    field[MEMORY_FIELD_CODE_SECOND] = c->second;
    field[MEMORY_FIELD_DCACHE] = c->dcache;
    field[MEMORY_FIELD_DCACHE_WAYS] = c->ways;
    field[MEMORY_FIELD_DCACHE_WAITS] = c->waits;
    field[MEMORY_FIELD_FIRMWARE] = c->firmware;
    field[MEMORY_FIELD_STORE_AHEAD] = c->ahead;
    field[MEMORY_FIELD_CHIP_FIRST] = CHIP_FIRST;
    field[MEMORY_FIELD_CHIP_WORD] = 2;
    field[MEMORY_FIELD_CHIP_AGAIN] = 3;
    field[MEMORY_FIELD_STORE_FIRST] = 4;
    bool is_good = e->ops->set_boot(e, &boot) && load(e, c) &&
                   e->ops->run(e, &hooks, 1000, UINT64_MAX) == ENGINE_HOOK_STOP &&
                   strcmp(w.got, c->cycles) == 0;
    if (!is_good) {
        printf("%s:\n  wanted %s\n  got    %s\n", c->name, c->cycles, w.got);
    }
    e->ops->destroy(e);
    return is_good;
}

int main(void) {
    unsigned wrong = 0;
    for (unsigned i = 0; i < CASES; i++) {
        wrong += !is_right(&cases[i]);
    }
    printf("%d programs with caches: %u not in their cycles\n", CASES, wrong);
    return wrong != 0;
}
