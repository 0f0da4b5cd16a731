/* SPDX-License-Identifier: MIT
 * The `selkirk` command: chooses the subcommand. sim/README.md tells which file does what.
 */
#include "sim/selkirk.h"
#include <stdio.h>
#include <string.h>

struct command {
    const char *name;
    int (*run)(const struct options *o);
    const char *help;
};

static const struct command commands[] = {
    {"run", cmd_run, "run a guest program"},
    {"dis", cmd_dis, "disassemble a native image or a tcache dump"},
    {"lockstep", cmd_lockstep, "compare a run with a model of the guest, commit by commit"},
};
enum { COMMANDS = sizeof commands / sizeof commands[0] };

static void usage(void) {
    printf("usage: selkirk COMMAND [options] [file]\n\ncommands:\n");
    for (size_t i = 0; i < COMMANDS; i++)
        printf("  %-10s %s\n", commands[i].name, commands[i].help);
    printf("\n`selkirk COMMAND --help` lists a command's options.\n");
}

int main(int argc, char **argv) {
    if (argc < 2) {
        usage();
        return STATUS_BAD_INPUT;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        usage();
        return 0;
    }
    for (size_t i = 0; i < COMMANDS; i++) {
        struct options o;
        if (strcmp(argv[1], commands[i].name) != 0)
            continue;
        if (!options_parse(&o, argv[1], argc - 2, argv + 2))
            return STATUS_BAD_INPUT;
        if (!o.help)
            return commands[i].run(&o);
        options_usage(argv[1]);
        return 0;
    }
    return bad_input("unknown command '%s' (run, dis, lockstep; --help)", argv[1]);
}
