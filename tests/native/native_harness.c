/* SPDX-License-Identifier: MIT
 * Runs the directed native programs (native_cases.h) and, made here from the tables, one program
 * for every latency and distance; and those of
 * undo_cases.c and commit_cases.c.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "machine_tables.h"
#include "sim/lockstep/lockstep_native.h"
#include "tests/native/native_cases.h"
#include "tests/native/native_put.h"

enum {
    MAX_CYCLES = 100000,
    LINE_BYTES = 256,
    CODE_BYTES = 2048,
    END_BUNDLE = 900,
    DRAIN_BUNDLES = 4,
};

static enum native_put assemble(struct engine *e, const char *code, char *error) {
    uint32_t index = 0;
    enum native_put result = NATIVE_PUT_DONE;
    while (*code != '\0' && result == NATIVE_PUT_DONE) {
        char line[LINE_BYTES];
        size_t bytes = strcspn(code, "\n");
        snprintf(line, sizeof line, "%.*s", (int)bytes, code);
        code += bytes + (code[bytes] != '\0');
        if (*line == '@')
            index = (uint32_t)strtoul(line + 1, NULL, 0);
        else
            result = native_put(e, index++, line, error);
    }
    char end[LINE_BYTES];
    if (result != NATIVE_PUT_DONE)
        return result;
    for (unsigned i = 0; i < DRAIN_BUNDLES; i++)
        native_put(e, index++, "-", error);
    snprintf(end, sizeof end, "2 csrw r0, sys_exit ; 3 j %d", END_BUNDLE);
    native_put(e, index, end, error);
    snprintf(end, sizeof end, "3 j %d", END_BUNDLE);
    return native_put(e, END_BUNDLE, end, error);
}

static bool csr_number(const char *name, unsigned *number) {
    for (unsigned i = 0; i < CSR_INFO_COUNT; i++) {
        if (strcasecmp(csr_info[i].name, name) == 0) {
            *number = csr_info[i].number;
            return true;
        }
    }
    return false;
}

static const char *stop_name(enum engine_stop stop) {
    return stop == ENGINE_EXITED ? "exit" : stop == ENGINE_ASSERT ? "assert" : "limit";
}

static uint32_t expected_value(const char *value) {
    return *value == '@' ? native_put_address(value, &value) : (uint32_t)strtoll(value, NULL, 0);
}

/* One word NAME=VALUE of the expectations. */
static bool check_word(struct engine *e, enum engine_stop stop, char *word, char *why) {
    char *value = strchr(word, '=');
    unsigned number = 0;
    uint32_t got;
    *value++ = '\0';
    if (strcmp(word, "stop") == 0) {
        snprintf(why, LINE_BYTES, "stopped by %s", stop_name(stop));
        return strcmp(value, stop_name(stop)) == 0;
    }
    if (strcmp(word, "says") == 0) {
        snprintf(why, LINE_BYTES, "message lacks %.60s", value);
        return strstr(e->ops->message(e), value) != NULL;
    }
    if (*word == 'r' && isdigit((unsigned char)word[1])) {
        got = e->ops->reg(e, (unsigned)strtoul(word + 1, NULL, 10));
    } else if (*word == '[') {
        uint32_t address = (uint32_t)strtoul(word + 1, NULL, 16);
        bool is_guest = address >= MEM_GUEST_BASE;
        memcpy(&got,
               e->ops->mem(e, is_guest ? ENGINE_MEM_GUEST : ENGINE_MEM_FWRAM) +
                   (address - (is_guest ? MEM_GUEST_BASE : MEM_FWRAM_BASE)),
               sizeof got);
    } else if (csr_number(word, &number)) {
        got = e->ops->csr(e, number);
    } else {
        snprintf(why, LINE_BYTES, "unknown word %s", word);
        return false;
    }
    snprintf(why, LINE_BYTES, "%s is 0x%x (%d), not %s", word, (unsigned)got, (int)got, value);
    return got == expected_value(value);
}

/* Runs a program that is in CODE; why: what is not as expected. */
static bool run_case(struct engine *e, const struct native_case *c, char *why) {
    char expect[LINE_BYTES * 2];
    bool is_good = true;
    enum engine_stop stop = e->ops->run(e, NULL, MAX_CYCLES, UINT64_MAX);
    snprintf(expect, sizeof expect, "%s%s", strstr(c->expect, "stop=") ? "" : "stop=exit ",
             c->expect);
    char *rest = NULL;
    for (char *word = strtok_r(expect, " ", &rest); word != NULL && is_good;
         word = strtok_r(NULL, " ", &rest))
        is_good = check_word(e, stop, word, why);
    if (!is_good && stop == ENGINE_ASSERT)
        snprintf(why + strlen(why), LINE_BYTES - strlen(why), "\n%.200s", e->ops->message(e));
    return is_good;
}

static bool is_for(const struct engine *e, const struct native_case *c) {
    if (strncmp(c->name, "ISS:", 4) == 0)
        return strcmp(e->ops->name, "iss") == 0;
    return !isdigit((unsigned char)*c->name) || strtoul(c->name, NULL, 10) == SLOT_COUNT;
}

static struct engine *start(struct engine *(*create)(void), const struct native_case *c,
                            enum native_put *put, char *why) {
    const struct engine_boot boot = {.flash_bytes = 0x1234, .ram_bytes = 0x10000};
    struct engine *e = create();
    e->ops->set_boot(e, &boot);
    *put = is_for(e, c) ? assemble(e, c->code, why) : NATIVE_PUT_NO_ROOM;
    return e;
}

static bool is_same(struct engine *(*create)(void), struct engine *(*reference)(void),
                    const struct native_case *c) {
    static struct lockstep_native_result result;
    char why[LINE_BYTES];
    enum native_put put;
    struct engine *first = start(reference, c, &put, why), *second = start(create, c, &put, why);
    bool is_good = lockstep_native(first, second, MAX_CYCLES, &result);
    if (!is_good)
        printf("%s, %s and %s:\n%s", c->name, first->ops->name, second->ops->name, result.report);
    first->ops->destroy(first);
    second->ops->destroy(second);
    return is_good;
}

bool native_case_run(struct engine *(*create)(void), const struct native_case *c,
                     struct native_count *count) {
    char why[LINE_BYTES] = "";
    enum native_put put;
    struct engine *e = start(create, c, &put, why);
    bool is_good = true;
    if (put == NATIVE_PUT_NO_ROOM) {
        count->left_out++;
    } else {
        count->run++;
        is_good = put == NATIVE_PUT_DONE && run_case(e, c, why);
        if (!is_good)
            printf("%s, %s: %s\n", e->ops->name, c->name, why);
        else if (count->reference != NULL && strstr(c->expect, "stop=") == NULL)
            is_good = is_same(create, count->reference, c);
    }
    e->ops->destroy(e);
    return is_good;
}

/* A producer of register rd in its slot; latencies come from the tables. */
struct producer {
    const char *text;
    enum vop op;
    unsigned slot, rd;
};

static const struct producer producers[] = {
    {"addi r4, r0, 7", VOP_ADDI, 0, 4},    {"lui r5, 3", VOP_LUI, 1, 5},
    {"slli r6, r0, 3", VOP_SLLI, 2, 6},    {"srl r9, r0, r0", VOP_SRL, 1, 9},
    {"lw r8, 64(r0)", VOP_LW, 0, 8},       {"lw r9, 64(r0)", VOP_LW, 1, 9},
    {"lb r8, 64(r0)", VOP_LB, 0, 8},       {"lhu r9, 64(r0)", VOP_LHU, 1, 9},
    {"mul r10, r0, r0", VOP_MUL, 2, 10},   {"mulhu r10, r0, r0", VOP_MULHU, 2, 10},
    {"csrr r10, cycles", VOP_CSRR, 2, 10}, {"rdh r12, r0", VOP_RDH, 0, 12},
    {"jtl r11, r0", VOP_JTL, 3, 11},       {"divres r14", VOP_DIVRES, 2, 14},
    {"li32 r6, 0x1234", VOP_LI32, 2, 6},   {"sltiu r7, r0, 1", VOP_SLTIU, 3, 7},
};

/* Reads each producer's register from each slot, one cycle too early and just in time. */
static bool run_latency(struct engine *(*create)(void), const struct producer *p, unsigned slot,
                        bool is_early, struct native_count *count) {
    bool is_own = slot == p->slot % SLOT_COUNT;
    unsigned ready = vop_latency[p->op] + (is_own ? 0u : CROSS_EXTRA_CYCLES);
    unsigned distance = ready - (is_early ? 1 : 0);
    char code[CODE_BYTES], name[LINE_BYTES];
    int n = snprintf(code, sizeof code, "%u %s\n", p->slot, p->text);
    for (unsigned i = 1; i < distance; i++) {
        n += snprintf(code + n, sizeof code - (size_t)n, "-\n");
    }
    snprintf(code + n, sizeof code - (size_t)n, "%u or r%u, r%u, r0\n-\n-\n", slot, 40 + slot,
             p->rd);
    snprintf(name, sizeof name, "latency: %s read by slot %u after %u", p->text, slot, distance);
    const struct native_case c = {name, code, is_early ? "stop=assert" : "stop=exit"};
    return distance == 0 || native_case_run(create, &c, count);
}

static bool run_latencies(struct engine *(*create)(void), struct native_count *count) {
    bool is_good = true;
    for (size_t i = 0; i < sizeof producers / sizeof producers[0]; i++) {
        for (unsigned slot = 0; slot < SLOT_COUNT; slot++) {
            is_good &= run_latency(create, &producers[i], slot, false, count);
            is_good &= run_latency(create, &producers[i], slot, true, count);
        }
    }
    return is_good;
}

bool native_cases_run(struct engine *(*create)(void), struct engine *(*reference)(void)) {
    struct native_count count = {.reference = reference};
    bool is_good = run_latencies(create, &count);
    is_good &= undo_cases_run(create, &count);
    is_good &= commit_cases_run(create, &count);
    for (unsigned i = 0; i < native_cases_count; i++)
        is_good &= native_case_run(create, &native_cases[i], &count);
    printf("%u directed native programs on %d slots%s", count.run, SLOT_COUNT,
           is_good ? "" : ": FAILED");
    if (count.left_out != 0)
        printf(", %u left out", count.left_out);
    puts(reference != NULL ? "; bundle by bundle as on the other engine" : "");
    return is_good;
}
