/* SPDX-License-Identifier: MIT
 * The options of `selkirk`, each a row that says which subcommands know it; options.c reads them.
 */
#ifndef SELKIRK_SIM_CMD_OPTION_TABLE_H
#define SELKIRK_SIM_CMD_OPTION_TABLE_H

#include <stddef.h>
#include <stdint.h>

#define RAM_BY_DEFAULT (UINT32_MAX - 1) /* all there is; random programs are small */
enum {
    IN_RUN = 1,
    IN_DIS = 2,
    IN_LOCKSTEP = 4,
    IN_BOARD = 8,
    IN_LOAD = 16,
    IN_IMAGE = 32,
    IN_MACHINE = IN_RUN | IN_LOCKSTEP | IN_BOARD, /* simulates one */
    MAX_GEAR = 1,
};
enum kind { FLAG, TEXT, DATE, NUMBER32, NUMBER64, SIZE, BOOT, BOOT_FIELD, BOOT_WORD, LOAD, MEMORY };

struct option_row {
    const char *name;
    const char *argument; /* NULL: none */
    enum kind kind;
    size_t offset; /* in struct options */
    uint32_t commands;
    uint32_t mask; /* BOOT...: bits to set */
    uint32_t unit; /* BOOT_FIELD: what 1 in it means */
    const char *help;
};

extern const struct option_row option_table[];
extern const size_t option_rows;

/* Its bit: IN_RUN... Requires: there is such a command. */
uint32_t command_bit(const char *name);

#endif
