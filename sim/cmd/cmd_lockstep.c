/* SPDX-License-Identifier: MIT
 * `selkirk lockstep`: a guest program, or random ones, compared with a model at every commit
 * point. Status 0: no difference, whatever the guest's own status was (it is printed).
 */
#include "sim/cmd/selkirk.h"
#include "sim/lockstep/lockstep.h"
#include "sim/cmd/pace.h"
#include "sim/random/randguest.h"
#include "sim/cmd/stop.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct totals {
    const struct model_ops *model;
    uint64_t programs;
    struct lockstep_counts counts;
};

/* The console of random programs: output goes nowhere, input comes at random. */
static struct {
    uint32_t rng;
    bool has_byte;
} noise;

static void noise_tx(void *ctx, uint8_t byte) {
    (void)ctx;
    (void)byte;
}

static bool noise_rx_ready(void *ctx) {
    (void)ctx;
    noise.rng = noise.rng * 1664525u + 1013904223u;
    noise.has_byte = noise.has_byte || noise.rng >> 26 == 0;
    return noise.has_byte;
}

static int noise_rx(void *ctx) {
    if (!noise_rx_ready(ctx))
        return -1;
    noise.has_byte = false;
    return (int)(noise.rng >> 16 & 0xffu);
}

static void noise_hooks(struct engine_hooks *hooks, uint32_t seed) {
    noise.rng = seed;
    noise.has_byte = false;
    hooks->on_uart_tx = noise_tx;
    hooks->uart_rx = noise_rx;
    hooks->uart_rx_ready = noise_rx_ready;
    hooks->uart_rx_over = NULL;
}

static void add_counts(struct totals *t, const struct lockstep_counts *c) {
    t->programs++;
    t->counts.insns += c->insns;
    t->counts.commits += c->commits;
    t->counts.pc_checks += c->pc_checks;
    t->counts.traps += c->traps;
    t->counts.interrupts += c->interrupts;
    t->counts.rollbacks += c->rollbacks;
    t->counts.rights_regions += c->rights_regions;
    if (c->latency_max > t->counts.latency_max)
        t->counts.latency_max = c->latency_max;
}

static void print_totals(const struct totals *t, const char *verdict) {
    const struct lockstep_counts *c = &t->counts;
    fprintf(stderr,
            "selkirk: lockstep: %llu program%s, %llu guest instructions, %llu commits, %llu pc "
            "checks, %llu traps, "
            "%llu interrupts (latency up to %llu cycles), %llu forced rollbacks, "
            "%llu translations that check rights: %s",
            (unsigned long long)t->programs, t->programs == 1 ? "" : "s",
            (unsigned long long)c->insns, (unsigned long long)c->commits,
            (unsigned long long)c->pc_checks, (unsigned long long)c->traps,
            (unsigned long long)c->interrupts, (unsigned long long)c->latency_max,
            (unsigned long long)c->rollbacks, (unsigned long long)c->rights_regions, verdict);
}

/* Runs one program with the console that hooks have; 0, or the exit status after an explanation on
 * stderr. */
static int check_program(const struct options *o, const struct flash *flash,
                         struct engine_hooks hooks, struct totals *t, int *guest_status) {
    struct machine m;
    int status = machine_open(&m, o, flash);
    if (status != 0)
        return status;
    struct lockstep *ls = lockstep_create(&m, o, t->model, flash);
    if (ls == NULL) {
        machine_close(&m);
        return complain(STATUS_NO_MEMORY, "not enough memory for the %s model", t->model->name);
    }
    if (o->random_programs == 0)
        pace_hooks(&hooks, m.engine, o->memory, o->input_at);
    lockstep_hooks(ls, &hooks);
    enum engine_stop stop = m.engine->ops->run(m.engine, &hooks, o->max_cycles, o->max_guest_insns);
    if (!lockstep_ok(ls)) {
        lockstep_explain(ls, stderr);
        status = STATUS_BUG;
    } else if (stop == ENGINE_EXITED && lockstep_is_refused(ls)) {
        status = STATUS_BAD_INPUT; /* the firmware has said why */
    } else {
        struct ending ending = run_ending(&m, stop, o);
        bool has_ended = strcmp(ending.by, "exit") == 0 || strcmp(ending.by, "refusal") == 0;
        status = has_ended ? 0 : ending.status;
    }
    struct lockstep_counts counts = lockstep_counts(ls);
    if (status == 0 && counts.latency_max > latency_bound(o)) {
        fprintf(stderr,
                "selkirk: an interrupt waited for %llu cycles; the bound is %llu (--memory %s)\n",
                (unsigned long long)counts.latency_max, (unsigned long long)latency_bound(o),
                o->memory_text);
        status = STATUS_BUG;
    }
    *guest_status = stop == ENGINE_EXITED ? (int)(m.engine->ops->exit_status(m.engine) & 0xff) : -1;
    add_counts(t, &counts);
    lockstep_destroy(ls);
    machine_close(&m);
    return status;
}

static int random_programs(const struct options *o, struct totals *t) {
    for (uint32_t i = 0; i < o->random_programs; i++) {
        size_t bytes;
        int guest_status;
        uint32_t seed = o->seed + i;
        struct engine_hooks hooks = {0};
        console_hooks(&hooks);
        noise_hooks(&hooks, seed);
        struct flash flash = {0};
        uint8_t *elf = randguest_make(seed, o->random_insns, &bytes);
        int status = STATUS_NO_MEMORY;
        if (elf != NULL && flash_put(&flash, LOAD_ELF, 0, elf, bytes))
            status = check_program(o, &flash, hooks, t, &guest_status);
        else
            complain(status, "not enough memory for a program");
        free(elf);
        flash_free(&flash);
        if (status == 0 && guest_status != 0) {
            fprintf(stderr, "selkirk: random program ended with status %d\n", guest_status);
            status = STATUS_BUG;
        }
        if (status != 0) {
            if (status == STATUS_BUG)
                fprintf(
                    stderr,
                    "selkirk: random program of seed %u (again: selkirk lockstep --random 1 --seed "
                    "%u --length %u "
                    "--engine %s --gear %u --model %s --memory %s)\n",
                    seed, seed, o->random_insns, o->engine, o->gear, o->model, o->memory_text);
            return status;
        }
        if (i % 100 == 99)
            fprintf(stderr, "selkirk: lockstep: %u of %u programs, %llu guest instructions\n",
                    i + 1, o->random_programs, (unsigned long long)t->counts.insns);
    }
    return 0;
}

int cmd_lockstep(const struct options *o) {
    struct totals t = {0};
    int guest_status = 0;
    int status;
    if (o->random_programs > 0 && o->guest_file != NULL)
        return bad_input("--random makes its own programs; '%s' is one too many", o->guest_file);
    if (o->random_programs > 0 && o->ram_bytes < RANDGUEST_RAM_BYTES)
        return bad_input("--random needs --ram of at least %uK", RANDGUEST_RAM_BYTES >> 10);
    t.model = model_find(o->model, o->model_file);
    if (t.model == NULL)
        return STATUS_BAD_INPUT;
    stop_watch(o->max_seconds);
    if (o->random_programs > 0) {
        fprintf(stderr, "selkirk: lockstep: seeds %u to %u, engine %s, gear %u\n", o->seed,
                o->seed + o->random_programs - 1, o->engine, o->gear);
        status = random_programs(o, &t);
    } else {
        struct flash flash;
        status = guest_read(o, &flash);
        if (status != 0)
            return status;
        struct engine_hooks hooks = {0};
        console_hooks(&hooks);
        status = check_program(o, &flash, hooks, &t, &guest_status);
        flash_free(&flash);
        if (status == STATUS_BAD_INPUT)
            return status;
        int written = console_finish();
        status = status == STATUS_BUG || written == 0 ? status : written;
    }
    if (t.programs > 0) {
        print_totals(&t, status == 0 ? "no difference" : "stopped");
        if (o->random_programs == 0)
            fprintf(stderr, " (guest status %d)", guest_status);
        fputc('\n', stderr);
    }
    int written = stream_status(stderr);
    return status == STATUS_BUG || written == 0 ? status : written;
}
