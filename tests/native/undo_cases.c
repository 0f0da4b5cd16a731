/* SPDX-License-Identifier: MIT
 * The undo log where it is full: guest-mode stores fill it to a few entries less, exactly, and too
 * far, at several distances from each other, and the handler walks all of it; firmware drops some
 * entries and the guest fills it again; a commit empties it. Programs made here, in the language of
 * native_cases.h.
 */
#include <stdarg.h>
#include <stdio.h>

#include "machine.h"
#include "tests/native/native_cases.h"

enum {
    ENTRIES = CONFIG_WIDE_UNDO_ENTRIES,
    TURN = 4, /* stores in a turn of the loop, bundle after bundle */
    LOOP_STORES = (ENTRIES / TURN - 1) * TURN, /* the others one by one */
    MAX_TAIL = ENTRIES - LOOP_STORES + 2,
    MAX_GAP = 3,
    CODE_BYTES = 4096,
    TEXT_BYTES = 256
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

static void put_empty(struct text *t, unsigned bundles) {
    for (unsigned i = 0; i < bundles; i++)
        put(t, "-\n");
}

/* n stores, with `gap` empty bundles between. */
static void put_stores(struct text *t, unsigned n, unsigned gap) {
    for (unsigned i = 0; i < n; i++) {
        put(t, "1 sw r36, %u(r40)\n", 4 * i);
        put_empty(t, gap);
    }
}

/* Guest mode in bundle 50, LOOP_STORES entries in the log; r40 is the next address. */
static void put_start(struct text *t) {
    put(t, "0 li32 r36, @100\n0 li32 r44, @50\n2 csrw r36, tvec\n0 li32 r40, 0x%x\n",
        (unsigned)MEM_GUEST_BASE);
    put(t, "2 li r46, %d\n0 addi r36, r0, 5\n-\n3 enter r44\n@50\n", LOOP_STORES / TURN);
    put(t, "1 sw r36, 0(r40)\n1 sw r36, 4(r40)\n1 sw r36, 8(r40) ; 2 addi r46, r46, -1\n"
           "1 sw r36, 12(r40) ; 0 addi r40, r40, 16\n3 bne+ r46, r0, -4\n");
}

/* From bundle 200 on: r50 entries are there; each is put back; r54 is the sum of their addresses,
 * r42 of their words. */
static void put_walk(struct text *t) {
    put(t, "@200\n2 csrr r34, trap_cause\n2 csrr r50, undo_count\n-\n-\n2 li r54, 0\n"
           "2 li r42, 0\n2 csrr r38, undo_count\n-\n-\n-\n3 beq r38, r0, 11\n"
           "2 csrr r58, undo_addr\n2 csrr r62, undo_data\n-\n-\n2 add r54, r54, r58\n"
           "2 add r42, r42, r62\n2 csrw r0, undo_pop ; 1 sw r62, 0(r58)\n-\n-\n3 j 206\n-\n");
}

static uint32_t sum_of_addresses(uint32_t entries) {
    return entries * (uint32_t)MEM_GUEST_BASE + 4 * (entries * (entries - 1) / 2);
}

/* What the walk must find, of `entries`: that many, and RAM as it was. */
static void put_expectation(struct text *t, unsigned cause, uint32_t entries) {
    put(t, "r34=%u r50=%u r54=%u r42=0 [80000000]=0 [%x]=0 [%x]=0", cause, (unsigned)entries,
        (unsigned)sum_of_addresses(entries), (unsigned)(MEM_GUEST_BASE + 4 * LOOP_STORES),
        (unsigned)(MEM_GUEST_BASE + 4 * (ENTRIES - 1)));
}

/* LOOP_STORES + tail stores, then an exit. */
static bool run_fill(struct engine *(*create)(void), unsigned tail, unsigned gap,
                     struct native_count *count) {
    struct text code = {0}, expect = {0};
    bool is_too_much = LOOP_STORES + tail > ENTRIES;
    char name[TEXT_BYTES];
    put_start(&code);
    put_stores(&code, tail, gap);
    put(&code, "3 exit 0\n@100\n3 j 200\n");
    put_walk(&code);
    put_expectation(&expect, is_too_much ? TRAP_UNDO_FULL : TRAP_EXIT,
                    is_too_much ? ENTRIES : LOOP_STORES + tail);
    snprintf(name, sizeof name, "undo log: %u stores, the last %u bundles apart",
             LOOP_STORES + tail, gap + 1);
    const struct native_case c = {name, code.bytes, expect.bytes};
    return native_case_run(create, &c, count);
}

/* Full; the firmware drops `pops` entries; the guest goes on until it is full again. */
static bool run_refill(struct engine *(*create)(void), unsigned pops, unsigned gap,
                       struct native_count *count) {
    struct text code = {0}, expect = {0};
    char name[TEXT_BYTES];
    put_start(&code);
    put_stores(&code, MAX_TAIL, 0);
    put(&code, "@100\n0 li32 r36, @200\n0 li32 r44, @160\n2 csrw r36, tvec\n");
    for (unsigned i = 0; i < pops; i++)
        put(&code, "2 csrw r0, undo_pop\n-\n");
    put(&code, "0 addi r36, r0, 6\n0 addi r40, r40, %d\n-\n3 enter r44\n@160\n",
        4 * ((int)(ENTRIES - LOOP_STORES) - (int)pops));
    put_stores(&code, pops + 2, gap);
    put(&code, "3 exit 0\n");
    put_walk(&code);
    /* words that were dropped keep the 5 of the first round, and are put back so by the second */
    put(&expect, "r34=%d r50=%d r54=%u r42=%u [80000000]=0", TRAP_UNDO_FULL, ENTRIES,
        (unsigned)sum_of_addresses(ENTRIES), 5 * pops);
    snprintf(name, sizeof name, "undo log: full, %u dropped, full again, %u bundles apart", pops,
             gap + 1);
    const struct native_case c = {name, code.bytes, expect.bytes};
    return native_case_run(create, &c, count);
}

/* Full or nearly; a commit, with a store in its bundle if it fits; then `stores` more. */
static bool run_commit(struct engine *(*create)(void), unsigned tail, unsigned stores, unsigned gap,
                       struct native_count *count) {
    struct text code = {0}, expect = {0};
    char name[TEXT_BYTES];
    bool is_full = LOOP_STORES + tail == ENTRIES;
    put_start(&code);
    put_stores(&code, tail, gap);
    put(&code, is_full ? "2 commit 1\n" : "2 commit 1 ; 1 sw r36, 64(r40)\n");
    put_empty(&code, gap);
    put_stores(&code, stores, 0);
    put(&code, "3 exit 0\n@100\n3 j 200\n");
    put_walk(&code);
    put(&expect, "r34=%d r50=%u r42=%u commits_guest=1", TRAP_EXIT, stores,
        5 * (stores < tail ? stores : tail));
    snprintf(name, sizeof name, "undo log: %u stores, commit, %u more, %u bundles apart",
             LOOP_STORES + tail, stores, gap + 1);
    const struct native_case c = {name, code.bytes, expect.bytes};
    return native_case_run(create, &c, count);
}

bool undo_cases_run(struct engine *(*create)(void), struct native_count *count) {
    bool is_good = true;
    for (unsigned gap = 0; gap <= MAX_GAP; gap++) {
        for (unsigned n = 0; n <= MAX_TAIL; n++)
            is_good &= run_fill(create, n, gap, count);
        for (unsigned pops = 1; pops <= 4; pops++)
            is_good &= run_refill(create, pops, gap, count);
        for (unsigned n = 1; n <= 6; n++)
            is_good &= run_commit(create, TURN - n % 3, n, gap, count);
    }
    return is_good;
}
