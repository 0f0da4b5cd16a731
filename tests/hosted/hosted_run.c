/* SPDX-License-Identifier: MIT
 * Runs a guest ELF with the firmware's own runtime hosted on the workstation and translations on
 * the ISS.
 *
 *   hosted_run [--gear N] [--flags HEX] [--tcache BYTES] [--ram BYTES] [--max-cycles N] [--check N]
 *              [--input-at N]
 *              [--stats] [--dump FILE] guest.elf
 * Guest console is stdout, the rest stderr; exit status is the guest's. --flags: bits of boot.def.
 */
#include <stdlib.h>
#include <string.h>
#include "firmware/boot.h"
#include "sim/flash.h"
#include "firmware/cms/life.h"
#include "tests/hosted/hosted.h"
#include "translator/xlate_impl.h"

static struct xl translator;
static struct tc_tables tables;

struct options {
    struct engine_boot boot;
    uint32_t gear;
    bool has_stats;
    const char *elf;
};

static bool take_option(struct options *o, const char *name, const char *value) {
    uint64_t n = strtoull(value, NULL, 0);
    if (strcmp(name, "--gear") == 0)
        o->gear = (uint32_t)n;
    else if (strcmp(name, "--flags") == 0)
        o->boot.flags = (uint32_t)n;
    else if (strcmp(name, "--tcache") == 0)
        o->boot.tcache_bytes = (uint32_t)n;
    else if (strcmp(name, "--ram") == 0)
        o->boot.ram_bytes = (uint32_t)n;
    else if (strcmp(name, "--max-cycles") == 0)
        hosted.max_cycles = n;
    else if (strcmp(name, "--input-at") == 0)
        hosted.input_at = n;
    else if (strcmp(name, "--check") == 0)
        hosted.check_every = n;
    else if (strcmp(name, "--dump") == 0)
        hosted.dump = fopen(value, "w");
    else
        return false;
    return true;
}

static bool parse(struct options *o, int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--stats") == 0)
            o->has_stats = true;
        else if (i + 1 < argc && argv[i][0] == '-' && take_option(o, argv[i], argv[i + 1]))
            i++;
        else if (argv[i][0] != '-' && o->elf == NULL)
            o->elf = argv[i];
        else
            return false;
    }
    return o->elf != NULL;
}

static bool load(const struct options *o) {
    static struct flash flash;
    FILE *f = fopen(o->elf, "rb");
    if (f == NULL || !flash_put_file(&flash, LOAD_ELF, 0, f))
        return false;
    fclose(f);
    hosted.platform.load = flash_list(&flash);
    return true;
}

static void print_stats(const struct cms_stats *s) {
    static const char *const names[STAT_COUNT] = {
#define CSR(NAME, number, access, description)
#define COUNTER(NAME, number, description) [STAT_HW_##NAME] = "HW_" #NAME,
#define MEMORY_COUNTER(NAME, number, description)
#include "rtl/machine/csrs.def"
#undef CSR
#undef COUNTER
#undef MEMORY_COUNTER
#define STAT(NAME, kind, description) [STAT_##NAME] = #NAME,
#include "firmware/cms/stats.def"
#undef STAT
    };
    for (unsigned i = 0; i < STAT_COUNT; i++)
        if (s->now[i] != 0)
            fprintf(stderr, "%-24s %12llu %12llu\n", names[i], (unsigned long long)s->now[i],
                    (unsigned long long)s->roi[i]);
}

int main(int argc, char **argv) {
    struct options o = {.gear = 1, .boot.ram_bytes = 32u << 20};
    if (!parse(&o, argc, argv)) {
        fprintf(stderr, "usage: hosted_run [options] guest.elf (see the head of hosted_run.c)\n");
        return 2;
    }
    hosted_start(&o.boot);
    if (!load(&o)) {
        fprintf(stderr, "hosted: cannot read %s\n", o.elf);
        return 2;
    }
    o.boot.flags |= o.gear;
    hosted.engine->ops->set_boot(hosted.engine, &o.boot);
    cms_init(&cms_state, &hosted.platform, &translator, &tables);
    uint32_t status = boot_and_run(&cms_state);
    if (hosted.check_every != 0)
        hosted_check();
    if (o.has_stats)
        print_stats(&cms_state.stats);
    native_exit(status);
}
