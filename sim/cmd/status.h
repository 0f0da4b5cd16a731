/* SPDX-License-Identifier: MIT
 * Exit status of the command: the guest's own; 2 bad input (one line on stderr, nothing written);
 * 70 our own failed assertion or a lock-step difference; 71 not enough memory; 74 an output cannot
 * be written, or a board is silent; 124 a limit was reached; 128 + N stopped by signal N. */
#ifndef SELKIRK_SIM_CMD_STATUS_H
#define SELKIRK_SIM_CMD_STATUS_H

enum {
    STATUS_BAD_INPUT = 2,
    STATUS_BUG = 70,
    STATUS_NO_MEMORY = 71,
    STATUS_CANNOT_WRITE = 74,
    STATUS_LIMIT = 124,
    STATUS_SIGNAL = 128, /* + its number */
};

#endif
