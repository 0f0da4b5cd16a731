/* SPDX-License-Identifier: MIT
 * The `selkirk` command: what its parts share. One file a subcommand; selkirk.c chooses.
 */
#ifndef SELKIRK_SIM_CMD_SELKIRK_H
#define SELKIRK_SIM_CMD_SELKIRK_H

#include "sim/engine.h"
#include "sim/flash.h"
#include "sim/image.h"
#include "sim/cmd/say.h"
#include "sim/cmd/status.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Everything the subcommands can be asked. */
enum { MAX_LOADS = 16 };

struct options {
    const char *engine;   /* "iss", "rtl", or "board:" and a serial port */
    const char *firmware; /* native image */
    const char *report_json;
    const char *trace_file;
    const char *tcache_dump;
    const char *guest_file;
    struct option_load {
        const char *text; /* FILE@ADDRESS */
        uint32_t address;
    } loads[MAX_LOADS];      /* --load, up to the first without a text */
    const char *append;      /* the guest's command line begins with this */
    char *const *guest_args; /* and goes on with these */
    uint32_t n_guest_args;
    uint64_t max_cycles;      /* UINT64_MAX: none */
    uint64_t max_guest_insns; /* UINT64_MAX: none */
    uint64_t date;            /* seconds since 1970 when the guest's machine is started */
    uint32_t max_seconds;     /* 0: none */
    uint64_t input_at;        /* cycle in which the console's input comes; 0: from the beginning */
    enum memory memory;
    const char *memory_text;                    /* as it was named, with what is said otherwise */
    uint32_t memory_fields[MEMORY_FIELD_COUNT]; /* the memory's, or what was said otherwise */
    uint32_t ram_bytes;
    uint32_t tcache_bytes;
    uint32_t gear;
    uint32_t boot_flags; /* BOOT_* masks */
    bool report;
    bool hot; /* cycles per function and region */
    bool help;
    /* load, and run on a board */
    const char *port; /* of load */
    uint32_t baud;
    uint32_t patience; /* seconds */
    /* image */
    const char *out;
    uint32_t number;
    /* board */
    const char *port_link; /* NULL: none */
    uint32_t memory_test;  /* bytes of RAM; 0: none; of image, too */
    /* lockstep */
    const char *model;      /* "golden" or "spike" */
    const char *model_file; /* its plug-in; NULL: the one beside the command */
    uint32_t random_programs;
    uint32_t random_insns; /* per program */
    uint32_t seed;
};

/* Parses argv for subcommand `name`; false: a line has been printed. */
bool options_parse(struct options *o, const char *name, int argc, char **argv);
void options_usage(const char *name);
/* As --memory does; text is how it was named. */
void options_use_memory(struct options *o, enum memory memory, const char *text);
/* The serial port of a board that runs the guest; NULL: there is none, the guest runs here. */
const char *options_port(const struct options *o);

int cmd_run(const struct options *o);
int cmd_dis(const struct options *o);
int cmd_lockstep(const struct options *o);
int cmd_board(const struct options *o);
int cmd_load(const struct options *o);
int cmd_image(const struct options *o);
/* `selkirk run` on a board. */
int run_on_board(const struct options *o);

/* Text of a native image or tcache dump; 0, or the exit status after a line on stderr. */
int dis_print(const struct image *image, const char *name, FILE *out);

/* A machine ready to run: engine with firmware image loaded and a load list in FLASH. */
struct machine {
    struct engine *engine;
    struct image image;
};
/* flash NULL: no load list, a workstation brings one. 0, or the exit status after a line on
 * stderr. */
int machine_open(struct machine *m, const struct options *o, const struct flash *flash);
void machine_close(struct machine *m);
/* The firmware's image; it fits the memory that was asked for. 0, or the exit status after a line
 * on stderr. */
int firmware_open(const struct options *o, struct image *im);
/* BOOT_FLASH of a machine without a load list. */
uint32_t boot_without_guest(const struct options *o);
/* The memory that was asked for has some. */
bool memory_has_caches(const struct options *o);
/* The longest that an interrupt may wait, in cycles, with the memory that was asked for. */
uint64_t latency_bound(const struct options *o);
/* Path of a file by its place from where the command lies. */
void path_beside(char *path, size_t bytes, const char *tail);
/* The load list that the options ask for; 0, or the exit status after a line on stderr. Free it
 * with flash_free. */
int guest_read(const struct options *o, struct flash *flash);

/* The guest's console on stdin and stdout, the developer's log on stderr. */
void console_hooks(struct engine_hooks *hooks);
/* After the run. 0, or STATUS_CANNOT_WRITE after a line on stderr. */
int console_finish(void);
/* For signal handlers: the terminal as it was, and as the guest's console wants it again. */
void console_restore(void);
void console_resume(void);

/* How a run ended: the command's status so far, and which kind of end it was. */
struct ending {
    int status;
    const char *by; /* docs/report.md, ended_by */
};
/* By the status that CSR SYS_EXIT got. */
struct ending exit_ending(uint32_t status);
/* Says on stderr why a run that did not exit stopped. */
struct ending run_ending(const struct machine *m, enum engine_stop stop, const struct options *o);

#endif
