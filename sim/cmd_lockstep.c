/* SPDX-License-Identifier: MIT
 * `selkirk lockstep`: a guest program, or random ones, compared with the golden interpreter at every
 * commit point. Status 0: no difference, whatever the guest's own status was (it is printed).
 */
#include "sim/selkirk.h"
#include "sim/lockstep.h"
#include "sim/randguest.h"
#include "translator/cms.h"
#include <stdio.h>
#include <stdlib.h>

struct totals {
    uint64_t programs, insns, commits, pc_checks;
};

static void swallow(void *ctx, uint8_t byte)
{
    (void)ctx;
    (void)byte;
}

/* Runs one program; 0, or the exit status after an explanation on stderr. */
static int check_program(const struct options *o, const uint8_t *elf, size_t elf_bytes, bool is_quiet,
                         struct totals *t, int *guest_status)
{
    struct machine m;
    struct engine_hooks hooks = {0};
    int status = machine_open(&m, o, elf, elf_bytes);
    if (status != 0)
        return status;
    struct lockstep *ls = lockstep_create(&m, o, elf, elf_bytes);
    console_hooks(&hooks);
    lockstep_hooks(ls, &hooks);
    if (is_quiet)
        hooks.on_uart_tx = swallow;
    enum engine_stop stop = m.engine->ops->run(m.engine, &hooks, o->max_cycles, o->max_guest_insns);
    fflush(stdout);
    console_restore();
    if (!lockstep_ok(ls)) {
        lockstep_explain(ls, stderr);
        status = STATUS_BUG;
    } else if (stop != ENGINE_EXITED) {
        status = stop_status(&m, stop, o);
    } else if ((m.engine->ops->exit_status(m.engine) & CMS_STATUS_IS_OURS) != 0) {
        status = STATUS_BUG; /* the firmware has said why */
    }
    *guest_status = stop == ENGINE_EXITED ? (int)(m.engine->ops->exit_status(m.engine) & 0xff) : -1;
    t->programs++;
    t->insns += lockstep_insns(ls);
    t->commits += lockstep_commits(ls);
    t->pc_checks += lockstep_pc_checks(ls);
    lockstep_destroy(ls);
    machine_close(&m);
    return status;
}

static int random_programs(const struct options *o, struct totals *t)
{
    for (uint32_t i = 0; i < o->random_programs; i++) {
        size_t bytes;
        int guest_status;
        uint32_t seed = o->seed + i;
        uint8_t *elf = randguest_make(seed, o->random_insns, &bytes);
        int status = elf == NULL ? STATUS_BUG : check_program(o, elf, bytes, true, t, &guest_status);
        free(elf);
        if (status == 0 && guest_status != 0) {
            fprintf(stderr, "selkirk: random program ended with status %d\n", guest_status);
            status = STATUS_BUG;
        }
        if (status != 0) {
            fprintf(stderr, "selkirk: random program of seed %u (again: selkirk lockstep --random 1 --seed %u --length %u "
                            "--engine %s --gear %u)\n", seed, seed, o->random_insns, o->engine, o->gear);
            return status;
        }
        if (i % 100 == 99)
            fprintf(stderr, "selkirk: lockstep: %u of %u programs, %llu guest instructions\n", i + 1, o->random_programs,
                    (unsigned long long)t->insns);
    }
    return 0;
}

int cmd_lockstep(const struct options *o)
{
    struct totals t = {0};
    int guest_status = 0;
    int status;
    if (o->random_programs > 0 && o->guest_file != NULL)
        return bad_input("--random makes its own programs; '%s' is one too many", o->guest_file);
    if (o->random_programs > 0 && o->ram_bytes < RANDGUEST_RAM_BYTES)
        return bad_input("--random needs --ram of at least %uK", RANDGUEST_RAM_BYTES >> 10);
    if (o->random_programs > 0) {
        fprintf(stderr, "selkirk: lockstep: seeds %u to %u, engine %s, gear %u\n", o->seed, o->seed + o->random_programs - 1,
                o->engine, o->gear);
        status = random_programs(o, &t);
    } else {
        uint8_t *elf;
        size_t elf_bytes;
        status = guest_read(o, &elf, &elf_bytes);
        if (status != 0)
            return status;
        status = check_program(o, elf, elf_bytes, false, &t, &guest_status);
        free(elf);
    }
    fprintf(stderr, "selkirk: lockstep: %llu program%s, %llu guest instructions, %llu commits, %llu pc checks: %s",
            (unsigned long long)t.programs, t.programs == 1 ? "" : "s", (unsigned long long)t.insns,
            (unsigned long long)t.commits, (unsigned long long)t.pc_checks, status == 0 ? "no difference" : "stopped");
    if (o->random_programs == 0)
        fprintf(stderr, " (guest status %d)", guest_status);
    fputc('\n', stderr);
    return status;
}
