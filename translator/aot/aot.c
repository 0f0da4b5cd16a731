/* SPDX-License-Identifier: MIT
 * aot: the ahead-of-time translator. The firmware, compiled to RV32EM and linked with its
 * relocations kept, becomes a native image for the VLIW core (design D1). Same lifting, scheduling
 * and encoding as for guest code; every code pointer becomes a native address, so nothing looks up
 * RV addresses later. What it does is a list of passes: passes.def.
 *
 * Usage and switches: `aot --help`. Bad input ends in one line and exit status 2.
 */
#include "translator/aot/aot.h"

#include <stdlib.h>
#include <string.h>

static void print_usage(void) {
    printf(
        "usage: aot [--no-pack] [--no-PASS] [--dump PASS] [--trace-runs N] [--stats]\n"
        "           [--size] [--profile FILE] [--stored FILE] firmware.elf image\n"
        "Translates an RV32EM ELF (linked with --emit-relocs --no-relax) to a native image.\n"
        "  --no-pack       one operation a bundle\n"
        "  --no-PASS       without a pass of the list below; without those marked * nothing works\n"
        "  --dump PASS     print what the pass gives, as it is in the end\n"
        "  --trace-runs N  copy code behind other only where the profile has N executions for "
        "each\n"
        "                  instruction (default %d)\n"
        "  --profile FILE  predict branches by what they did in a run of the image without it\n"
        "  --stored FILE   also write the image without symbols, as a board stores it\n"
        "  --size          print what each function takes in the image\n"
        "  --stats         print sizes, and of each pass how much it did\n"
        "Passes, in order:\n",
        TRACE_RUNS);
    for (uint32_t i = 0; i < PASS_COUNT; i++)
        printf("  %-9s%c %s%s\n", pass_info[i].name, pass_info[i].is_optional ? ' ' : '*',
               pass_info[i].is_of_region ? "  " : "", pass_info[i].text);
}

static uint32_t read_number(const char *text) {
    char *end;
    unsigned long n = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || n > UINT32_MAX)
        aot_die("not a number: %s (see --help)", text);
    return (uint32_t)n;
}

static enum pass find_pass(const char *name) {
    for (uint32_t i = 0; i < PASS_COUNT; i++)
        if (strcmp(name, pass_info[i].name) == 0)
            return (enum pass)i;
    aot_die("no pass is called %s (see --help)", name);
}

static void leave_out(struct aot *a, enum pass pass) {
    if (!pass_info[pass].is_optional)
        aot_die("nothing works without pass %s (see --help)", pass_info[pass].name);
    a->off |= 1u << pass;
}

/* How many arguments the option at argv[0] takes, itself included. */
static int read_option(struct aot *a, int n_left, char **argv) {
    const char *option = argv[0];
    if (strcmp(option, "--help") == 0) {
        print_usage();
        exit(0);
    }
    if (strcmp(option, "--stats") == 0) {
        a->is_verbose = true;
    } else if (strcmp(option, "--size") == 0) {
        a->asks_size = true;
    } else if (strcmp(option, "--no-pack") == 0) {
        a->flags |= XL_NO_PACK;
    } else if (strncmp(option, "--no-", 5) == 0) {
        leave_out(a, find_pass(option + 5));
    } else if (n_left < 2) {
        aot_die("unknown option %s, or nothing behind it (see --help)", option);
    } else {
        if (strcmp(option, "--dump") == 0)
            a->dump = find_pass(argv[1]);
        else if (strcmp(option, "--trace-runs") == 0)
            a->trace_runs = read_number(argv[1]);
        else if (strcmp(option, "--profile") == 0)
            a->profile = argv[1];
        else if (strcmp(option, "--stored") == 0)
            a->stored = argv[1];
        else
            aot_die("unknown option %s (see --help)", option);
        return 2;
    }
    return 1;
}

static void read_options(struct aot *a, int argc, char **argv) {
    for (int i = 1; i < argc;) {
        if (argv[i][0] == '-') {
            i += read_option(a, argc - i, &argv[i]);
            continue;
        }
        if (a->in != NULL && a->out != NULL)
            aot_die("too many files (see --help)");
        *(a->in == NULL ? &a->in : &a->out) = argv[i++];
    }
    if (a->out == NULL)
        aot_die("an ELF and an image are needed (see --help)");
}

int main(int argc, char **argv) {
    static struct aot a = {.trace_runs = TRACE_RUNS, .dump = PASS_COUNT};
    read_options(&a, argc, argv);
    aot_translate(&a);
    if (a.is_verbose)
        aot_print_stats(&a);
    if (a.asks_size)
        aot_print_size(&a);
    return 0;
}
