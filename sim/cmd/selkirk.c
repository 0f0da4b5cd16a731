/* SPDX-License-Identifier: MIT
 * The `selkirk` command: chooses the subcommand. sim/README.md tells which file does what.
 */
#include "sim/cmd/selkirk.h"
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct command {
    const char *name;
    int (*run)(const struct options *o);
    const char *help;
};

static const struct command commands[] = {
    {"run", cmd_run, "run a guest program"},
    {"dis", cmd_dis, "disassemble a native image or a tcache dump"},
    {"lockstep", cmd_lockstep, "compare a run with a model of the guest, commit by commit"},
    {"load", cmd_load, "load a guest program into a board and start it"},
    {"image", cmd_image, "write an image for a board's flash: firmware, or guest"},
    {"board", cmd_board, "simulate a board with a serial port"},
};
enum { COMMANDS = sizeof commands / sizeof commands[0] };

/* A descriptor 0 to 2 that is closed would be given to the next file opened. What takes its place
 * refuses what the descriptor is for, so that it is noticed. */
static void occupy_standard_streams(void) {
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) == -1 && open("/dev/full", fd == 0 ? O_WRONLY : O_RDONLY) < 0)
            _exit(STATUS_CANNOT_WRITE);
}

static int usage(void) {
    printf("usage: selkirk COMMAND [options] [file]\n\ncommands:\n");
    for (size_t i = 0; i < COMMANDS; i++)
        printf("  %-10s %s\n", commands[i].name, commands[i].help);
    printf("\n`selkirk COMMAND --help` lists a command's options.\n");
    return stream_status(stdout);
}

int main(int argc, char **argv) {
    occupy_standard_streams();
    signal(SIGPIPE, SIG_IGN); /* a write that fails is noticed where it happens */
    signal(SIGXFSZ, SIG_IGN);
    if (argc < 2)
        return bad_input("no command (run, dis, lockstep, load, image, board; --help)");
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0)
        return usage();
    for (size_t i = 0; i < COMMANDS; i++) {
        struct options o;
        if (strcmp(argv[1], commands[i].name) != 0)
            continue;
        if (!options_parse(&o, argv[1], argc - 2, argv + 2))
            return STATUS_BAD_INPUT;
        if (!o.help)
            return commands[i].run(&o);
        options_usage(argv[1]);
        return stream_status(stdout);
    }
    return bad_input("unknown command '%s' (run, dis, lockstep, load, image, board; --help)",
                     argv[1]);
}
