/* SPDX-License-Identifier: MIT
 * Runs the directed native programs (native_cases.h) and, made here from the tables, one program
 * for every latency and distance; and those of undo_cases.c.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "machine_tables.h"
#include "translator/support/native_text.h"
#include "tests/native/native_cases.h"

enum {
    MAX_CYCLES = 100000,
    LINE_BYTES = 256,
    CODE_BYTES = 2048,
    END_BUNDLE = 900,
    DRAIN_BUNDLES = 4,
    MOST_SLOTS = 4, /* that a program is written for */
};

static bool put_bundle(struct engine *e, uint32_t index, char *line) {
    char text[LINE_BYTES], error[NATIVE_TEXT_BYTES];
    const char *slot[MOST_SLOTS] = {"nop", "nop", "nop", "nop"};
    uint32_t words[SLOT_COUNT];
    for (char *part = strtok(line, ";"); part != NULL; part = strtok(NULL, ";")) {
        part += strspn(part, " ");
        if (isdigit((unsigned char)*part)) {
            unsigned number = (unsigned)(*part - '0');
            slot[number] = part + 2;
            if (strncmp(part + 2, "li32", 4) == 0) {
                slot[number + 1] = "lit";
            }
        }
    }
    snprintf(text, sizeof text, "{ %s | %s | %s | %s }", slot[0], slot[1], slot[2], slot[3]);
    if (!native_parse_bundle(text, words, error)) {
        printf("%s: %s\n", text, error);
        return false;
    }
    memcpy(e->ops->mem(e, ENGINE_MEM_CODE) + index * BUNDLE_BYTES, words, sizeof words);
    return true;
}

static bool assemble(struct engine *e, const char *code) {
    uint32_t index = 0;
    bool is_good = true;
    while (*code != '\0' && is_good) {
        char line[LINE_BYTES];
        size_t bytes = strcspn(code, "\n");
        snprintf(line, sizeof line, "%.*s", (int)bytes, code);
        code += bytes + (code[bytes] != '\0');
        if (*line == '@') {
            index = (uint32_t)strtoul(line + 1, NULL, 0);
        } else {
            is_good = put_bundle(e, index++, line);
        }
    }
    for (unsigned i = 0; i < DRAIN_BUNDLES && is_good; i++) {
        char empty[] = "-";
        is_good = put_bundle(e, index++, empty);
    }
    char end[LINE_BYTES];
    snprintf(end, sizeof end, "2 csrw r0, sys_exit ; 3 j %d", END_BUNDLE);
    is_good = is_good && put_bundle(e, index, end);
    snprintf(end, sizeof end, "3 j %d", END_BUNDLE);
    return is_good && put_bundle(e, END_BUNDLE, end);
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
    return got == (uint32_t)strtoll(value, NULL, 0);
}

bool native_case_run(struct engine *(*create)(void), const struct native_case *c) {
    struct engine *e = create();
    bool is_iss = strcmp(e->ops->name, "iss") == 0;
    if (!is_iss && strncmp(c->name, "ISS:", 4) == 0) {
        e->ops->destroy(e);
        return true;
    }
    char expect[LINE_BYTES * 2], why[LINE_BYTES] = "";
    const struct engine_boot boot = {.flash_bytes = 0x1234, .ram_bytes = 0x10000};
    e->ops->set_boot(e, &boot);
    bool is_good = assemble(e, c->code);
    enum engine_stop stop =
        is_good ? e->ops->run(e, NULL, MAX_CYCLES, UINT64_MAX) : ENGINE_HOOK_STOP;
    snprintf(expect, sizeof expect, "%s%s", strstr(c->expect, "stop=") ? "" : "stop=exit ",
             c->expect);
    char *rest = NULL;
    for (char *word = strtok_r(expect, " ", &rest); word != NULL && is_good;
         word = strtok_r(NULL, " ", &rest)) {
        is_good = check_word(e, stop, word, why);
    }
    if (!is_good) {
        printf("%s, %s: %s\n%s", e->ops->name, c->name, why,
               stop == ENGINE_ASSERT ? e->ops->message(e) : "");
        puts("");
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
                        bool is_early) {
    unsigned ready = vop_latency[p->op] + (slot == p->slot ? 0u : CROSS_EXTRA_CYCLES);
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
    return distance == 0 || native_case_run(create, &c);
}

static bool run_latencies(struct engine *(*create)(void), unsigned *count) {
    bool is_good = true;
    for (size_t i = 0; i < sizeof producers / sizeof producers[0]; i++) {
        for (unsigned slot = 0; slot < SLOT_COUNT; slot++) {
            is_good &= run_latency(create, &producers[i], slot, false);
            is_good &= run_latency(create, &producers[i], slot, true);
            *count += 2;
        }
    }
    return is_good;
}

bool native_cases_run(struct engine *(*create)(void), unsigned *count) {
    bool is_good = run_latencies(create, count);
    is_good &= undo_cases_run(create, count);
    for (unsigned i = 0; i < native_cases_count; i++) {
        is_good &= native_case_run(create, &native_cases[i]);
        ++*count;
    }
    return is_good;
}
