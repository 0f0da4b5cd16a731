/* SPDX-License-Identifier: MIT
 * Native lock-step, see sim/lockstep/lockstep_native.h.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine_tables.h"
#include "sim/lockstep/lockstep_native.h"

enum { LOW_BYTES = 1 << 20 };

struct stream {
    struct engine_bundle *record;
    size_t count, capacity;
};

struct session {
    struct engine *engine[2];
    struct stream expected; /* of engine[0] */
    size_t next;            /* of engine[1]: index in expected */
    bool is_different, is_out_of_memory;
    struct lockstep_native_result *result;
};

static void say(struct session *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(struct session *s, const char *format, ...) {
    char *report = s->result->report;
    size_t used = strlen(report);
    va_list args;
    va_start(args, format);
    vsnprintf(report + used, LOCKSTEP_NATIVE_REPORT_BYTES - used, format, args);
    va_end(args);
}

static void say_bundle(struct session *s, const char *who, const struct engine_bundle *b) {
    say(s, "%-4s cycle %llu pc %08x %c", who, (unsigned long long)b->cycle, (unsigned)b->pc,
        b->is_guest ? 'G' : 'F');
    if (b->is_trap) {
        say(s, " trap %s addr %08x", b->cause < TRAP_COUNT ? trap_name[b->cause] : "?",
            (unsigned)b->trap_addr);
    }
    for (unsigned i = 0; i < ENGINE_SLOTS; i++) {
        if (b->write_mask >> i & 1) {
            say(s, " r%u=%08x", b->write_reg[i], (unsigned)b->write_value[i]);
        }
    }
    if (b->is_store) {
        say(s, " [%08x]%u=%08x", (unsigned)b->store_addr, (unsigned)b->store_bytes,
            (unsigned)b->store_data);
    }
    if (b->is_commit) {
        say(s, " commit %u", (unsigned)b->commit_insns);
    }
    say(s, "\n");
}

static bool writes_equal(const struct engine_bundle *a, const struct engine_bundle *b) {
    bool equal = a->write_mask == b->write_mask;
    for (unsigned i = 0; i < ENGINE_SLOTS && equal; i++) {
        if (a->write_mask >> i & 1) {
            equal = a->write_reg[i] == b->write_reg[i] && a->write_value[i] == b->write_value[i];
        }
    }
    return equal;
}

static bool bundles_equal(const struct engine_bundle *a, const struct engine_bundle *b) {
    if (a->cycle != b->cycle || a->pc != b->pc || a->is_guest != b->is_guest ||
        a->is_trap != b->is_trap) {
        return false;
    }
    if (a->is_trap) {
        return a->cause == b->cause && a->trap_addr == b->trap_addr;
    }
    bool stores_equal =
        a->is_store == b->is_store &&
        (!a->is_store || (a->store_addr == b->store_addr && a->store_bytes == b->store_bytes &&
                          a->store_data == b->store_data));
    bool commits_equal =
        a->is_commit == b->is_commit && (!a->is_commit || a->commit_insns == b->commit_insns);
    return writes_equal(a, b) && stores_equal && commits_equal;
}

static void difference(struct session *s, const struct engine_bundle *got) {
    size_t at = s->next;
    size_t from = at > LOCKSTEP_NATIVE_CONTEXT ? at - LOCKSTEP_NATIVE_CONTEXT : 0;
    s->is_different = true;
    say(s, "first difference at bundle %zu; before it:\n", at);
    for (size_t i = from; i < at; i++) {
        say_bundle(s, "both", &s->expected.record[i]);
    }
    say_bundle(s, s->engine[0]->ops->name, &s->expected.record[at]);
    say_bundle(s, s->engine[1]->ops->name, got);
}

static bool on_expected(void *ctx, const struct engine_bundle *b) {
    struct session *s = ctx;
    struct stream *e = &s->expected;
    if (e->count == e->capacity) {
        size_t capacity = e->capacity != 0 ? 2 * e->capacity : 4096;
        void *grown = realloc(e->record, capacity * sizeof *e->record);
        if (grown == NULL) {
            s->is_out_of_memory = true;
            return false;
        }
        e->record = grown;
        e->capacity = capacity;
    }
    e->record[e->count++] = *b;
    return true;
}

static bool on_compared(void *ctx, const struct engine_bundle *b) {
    struct session *s = ctx;
    if (s->next == s->expected.count) {
        return true; /* after SYS_EXIT, or the end of the other's cycles */
    }
    if (!bundles_equal(&s->expected.record[s->next], b)) {
        difference(s, b);
        return false;
    }
    s->next++;
    return true;
}

static void compare_registers(struct session *s) {
    for (unsigned i = 0; i < ENGINE_REGS; i++) {
        uint32_t a = s->engine[0]->ops->reg(s->engine[0], i);
        uint32_t b = s->engine[1]->ops->reg(s->engine[1], i);
        if (a != b) {
            s->is_different = true;
            say(s, "at the end register %u: %s %08x, %s %08x\n", i, s->engine[0]->ops->name,
                (unsigned)a, s->engine[1]->ops->name, (unsigned)b);
        }
    }
}

static void compare_range(struct session *s, enum engine_mem which, size_t from, size_t bytes) {
    const uint8_t *a = s->engine[0]->ops->mem(s->engine[0], which) + from;
    const uint8_t *b = s->engine[1]->ops->mem(s->engine[1], which) + from;
    if (memcmp(a, b, bytes) == 0) {
        return;
    }
    size_t at = 0;
    while (a[at] == b[at]) {
        at++;
    }
    s->is_different = true;
    say(s, "at the end %s offset %zx: %s %02x, %s %02x\n",
        which == ENGINE_MEM_GUEST ? "guest RAM" : "FWRAM", from + at, s->engine[0]->ops->name,
        a[at], s->engine[1]->ops->name, b[at]);
}

/* The low part of both memories, and whatever a store of the first engine changed. */
static void compare_memories(struct session *s) {
    compare_range(s, ENGINE_MEM_FWRAM, 0, LOW_BYTES);
    compare_range(s, ENGINE_MEM_GUEST, 0, LOW_BYTES);
    for (size_t i = 0; i < s->expected.count && !s->is_different; i++) {
        const struct engine_bundle *b = &s->expected.record[i];
        bool is_guest = b->store_addr - MEM_GUEST_BASE < MEM_GUEST_BYTES;
        if (b->is_store && (is_guest || b->store_addr < MEM_FWRAM_BYTES)) {
            compare_range(s, is_guest ? ENGINE_MEM_GUEST : ENGINE_MEM_FWRAM,
                          b->store_addr - (is_guest ? MEM_GUEST_BASE : MEM_FWRAM_BASE),
                          b->store_bytes);
        }
    }
}

static void compare_counters(struct session *s) {
    /* with caches it may be waiting when it ends, and some cycles of that count */
    bool has_misses = s->engine[0]->ops->csr(s->engine[0], CSR_CHIP_CYCLES) != 0;
    for (unsigned i = 0; i < CSR_INFO_COUNT; i++) {
        unsigned number = csr_info[i].number;
        bool is_open = number == CSR_CYCLES || (number == CSR_STALLS && has_misses);
        if (!csr_info[i].is_counter || is_open || is_memory_counter(number)) {
            continue;
        }
        uint32_t a = s->engine[0]->ops->csr(s->engine[0], number);
        uint32_t b = s->engine[1]->ops->csr(s->engine[1], number);
        if (a != b) {
            s->is_different = true;
            say(s, "at the end counter %s: %s %u, %s %u\n", csr_info[i].name,
                s->engine[0]->ops->name, (unsigned)a, s->engine[1]->ops->name, (unsigned)b);
        }
    }
}

static void compare_ends(struct session *s, const enum engine_stop stop[2]) {
    struct engine *a = s->engine[0], *b = s->engine[1];
    if (stop[0] != stop[1] ||
        (stop[0] == ENGINE_EXITED && a->ops->exit_status(a) != b->ops->exit_status(b))) {
        s->is_different = true;
        say(s, "%s stopped with %d (status %u) %s\n%s stopped with %d (status %u) %s\n",
            a->ops->name, stop[0], (unsigned)a->ops->exit_status(a),
            stop[0] == ENGINE_ASSERT ? a->ops->message(a) : "", b->ops->name, stop[1],
            (unsigned)b->ops->exit_status(b), stop[1] == ENGINE_ASSERT ? b->ops->message(b) : "");
    }
    if (stop[0] == ENGINE_EXITED && s->next != s->expected.count) {
        s->is_different = true;
        say(s, "%s ended %zu bundles early\n", b->ops->name, s->expected.count - s->next);
    }
    if (stop[0] == ENGINE_EXITED && !s->is_different) {
        compare_registers(s);
        compare_memories(s);
        compare_counters(s);
    }
}

bool lockstep_native(struct engine *first, struct engine *second, uint64_t max_cycles,
                     struct lockstep_native_result *result) {
    struct session s = {.engine = {first, second}, .result = result};
    struct engine_hooks hooks = {.ctx = &s, .on_bundle = on_expected};
    enum engine_stop stop[2];
    result->report[0] = '\0';
    stop[0] = first->ops->run(first, &hooks, max_cycles, UINT64_MAX);
    hooks.on_bundle = on_compared;
    stop[1] = second->ops->run(second, &hooks, max_cycles, UINT64_MAX);
    if (s.is_out_of_memory) {
        s.is_different = true;
        say(&s, "out of memory after %zu bundles\n", s.expected.count);
    } else if (!s.is_different) {
        compare_ends(&s, stop);
    }
    result->bundles = s.next;
    result->stop = stop[0];
    free(s.expected.record);
    return !s.is_different;
}
