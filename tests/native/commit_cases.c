/* SPDX-License-Identifier: MIT
 * Inner commit points without any firmware: the region of region_code.h in guest mode, and a
 * handler that reads what the trap left, walks the undo log and stops.
 *
 * What traps behind a commit point goes back to it: registers by hardware, memory by the undo log,
 * and COMMIT_PC names it. What traps before the first goes back to the start, and COMMIT_PC still
 * names the commit of the entry before. A commit that the timer or a store into protected code
 * stops is none.
 */
#include <stdarg.h>
#include <stdio.h>

#include "machine.h"
#include "tests/native/native_cases.h"
#include "tests/native/region_code.h"

enum {
    DATA = MEM_GUEST_BASE + 0x5000,
    REGION = 50, /* bundles */
    HANDLER = 100,
    AGAIN = 300,
    ENTRY = 22, /* the cycle of the region's first bundle, if nothing is guarded */
    FAR = 100000,
    NONE = 0xffff,
    CODE_BYTES = 4096,
    TEXT_BYTES = 256,
    REG_DATA = 9,
    REG_FROM = 10
};

struct text {
    char bytes[CODE_BYTES];
    int used;
};

__attribute__((format(printf, 2, 3))) static void put(struct text *t, const char *form, ...) {
    va_list values;
    va_start(values, form);
    t->used += vsnprintf(t->bytes + t->used, sizeof t->bytes - (size_t)t->used, form, values);
    va_end(values);
}

/* One way through the region, and what the handler must see after it. */
struct way {
    const char *name;
    uint32_t data, from; /* x9, x10 */
    unsigned exit;       /* x11 */
    uint32_t timer;      /* when it is due */
    bool is_guarded;     /* the granule of DATA is protected */

    unsigned cause, trap_at, commit_at; /* the latter two: bundles of the region */
    unsigned a, b, c;                   /* how often each part has been done */
    unsigned undone;                    /* stores */
};

static const struct way ways[] = {
    {"a load traps behind point 2", DATA, 64, 0, FAR, false, TRAP_LOAD_ACCESS, REGION_LOAD_C,
     REGION_COMMIT_B, 1, 1, 0, 1},
    {"exit 0", DATA, DATA, 0, FAR, false, TRAP_EXIT, 23, 22, 1, 1, 1, 0},
    {"exit 1", DATA, DATA, 1, FAR, false, TRAP_EXIT, 25, 24, 1, 1, 1, 0},
    {"exit 2", DATA, DATA, 2, FAR, false, TRAP_EXIT, 27, 26, 1, 1, 1, 0},
    {"exit 3", DATA, DATA, 3, FAR, false, TRAP_EXIT, 29, 28, 1, 1, 1, 0},
    {"exit 4", DATA, DATA, 4, FAR, false, TRAP_EXIT, 21, 20, 1, 1, 1, 0},
    {"a store into protected code, seen at point 2", DATA, DATA, 0, FAR, true, TRAP_CODE_WRITE,
     REGION_COMMIT_B, REGION_COMMIT_A, 1, 0, 0, 1},
    {"timer due at point 1", DATA, DATA, 0, ENTRY + REGION_COMMIT_A, false, TRAP_INTERRUPT,
     REGION_COMMIT_A, NONE, 0, 0, 0, 1},
    {"timer due behind point 1", DATA, DATA, 0, ENTRY + REGION_COMMIT_A + 1, false, TRAP_INTERRUPT,
     REGION_COMMIT_B, REGION_COMMIT_A, 1, 0, 0, 1},
    {"timer due at point 2", DATA, DATA, 0, ENTRY + REGION_COMMIT_B, false, TRAP_INTERRUPT,
     REGION_COMMIT_B, REGION_COMMIT_A, 1, 0, 0, 1},
};

static void put_home(struct text *t, unsigned home, uint32_t value) {
    put(t, "0 li32 r36, 0x%x\n-\n%u addi r%u, r36, 0\n", (unsigned)value, home % 4, home);
}

static void put_entry(struct text *t, const struct way *w) {
    put(t, "0 li32 r36, @%d\n-\n2 csrw r36, tvec\n", HANDLER);
    put(t, "0 li32 r36, 0x%x\n-\n2 csrw r36, timer_cmp\n", (unsigned)w->timer);
    put(t, "2 li r34, 1\n2 csrw r34, timer_on\n");
    if (w->is_guarded)
        put(t, "0 li32 r36, 0x%x\n-\n2 csrw r36, prot_set\n", (unsigned)DATA);
    put_home(t, REG_DATA, w->data);
    put_home(t, REG_FROM, w->from);
    put(t, "0 addi r12, r0, 0 ; 1 addi r13, r0, 1\n2 addi r14, r0, 2 ; 3 addi r15, r0, 3\n");
    put(t, "0 li32 r36, @%d\n3 addi r11, r0, %u\n3 enter r36\n", REGION, w->exit);
    put(t, "@%d\n", REGION);
    for (unsigned i = 0; i < REGION_BUNDLES; i++)
        put(t, "%s\n", region_code[i]);
}

/* Cause r34, pc r38, COMMIT_PC r42, undo entries r46; memory is put back. */
static void put_handler(struct text *t) {
    put(t, "@%d\n2 csrr r34, trap_cause\n2 csrr r38, trap_pc\n2 csrr r42, commit_pc\n", HANDLER);
    put(t,
        "2 csrr r46, undo_count\n2 csrr r50, undo_count\n-\n-\n-\n3 beq r50, r0, 10\n"
        "2 csrr r58, undo_addr\n2 csrr r62, undo_data\n-\n-\n-\n"
        "2 csrw r0, undo_pop ; 1 sw r62, 0(r58)\n-\n-\n3 j %d\n-\n",
        HANDLER + 4);
}

static void put_expectation(struct text *t, const struct way *w) {
    put(t, "r34=%u r38=@%u r46=%u", w->cause, REGION + w->trap_at, w->undone);
    if (w->commit_at == NONE)
        put(t, " r42=0");
    else
        put(t, " r42=@%u", REGION + w->commit_at);
    put(t, " r5=%u r6=%u r7=%u commits_guest=%u", w->a, 2 * w->b, w->c, w->a + w->b + w->c);
    put(t, " [%x]=%u [%x]=%u [%x]=%u", DATA, w->a, DATA + 4, 2 * w->b, DATA + 8, w->c);
}

static bool run_way(struct engine *(*create)(void), const struct way *w,
                    struct native_count *count) {
    struct text code = {0}, expect = {0};
    char name[TEXT_BYTES];
    snprintf(name, sizeof name, "commit points: %s", w->name);
    put_entry(&code, w);
    put_handler(&code);
    put_expectation(&expect, w);
    const struct native_case c = {name, code.bytes, expect.bytes};
    return native_case_run(create, &c, count);
}

/* Once through, then the first store traps: COMMIT_PC is that of the time before. */
static bool run_twice(struct engine *(*create)(void), struct native_count *count) {
    static const struct way first = {.data = DATA, .from = 64, .timer = FAR};
    struct text code = {0}, expect = {0};
    put_entry(&code, &first);
    put_handler(&code);
    put_home(&code, REG_DATA, 64);
    put(&code, "0 li32 r36, @%d\n0 li32 r40, @%d\n2 csrw r36, tvec\n-\n-\n3 enter r40\n", AGAIN,
        REGION);
    put(&code, "@%d\n2 csrr r34, trap_cause\n2 csrr r38, trap_pc\n2 csrr r42, commit_pc\n", AGAIN);
    put(&code, "2 csrr r46, undo_count\n");
    put(&expect, "r34=%d r38=@%d r42=@%d r46=0 r5=1 r6=2 r7=0 commits_guest=2 rollbacks=2",
        TRAP_STORE_ACCESS, REGION + REGION_STORE_A, REGION + REGION_COMMIT_B);
    const struct native_case c = {"commit points: a store traps before the first of a second entry",
                                  code.bytes, expect.bytes};
    return native_case_run(create, &c, count);
}

bool commit_cases_run(struct engine *(*create)(void), struct native_count *count) {
    bool is_good = run_twice(create, count);
    for (unsigned i = 0; i < sizeof ways / sizeof ways[0]; i++)
        is_good &= run_way(create, &ways[i], count);
    return is_good;
}
