/* SPDX-License-Identifier: MIT
 * What ends a run from outside the machine: signals, --max-seconds, a console that cannot be
 * written. The engine looks at stop_asked (struct engine_hooks) and stops after a bundle; then
 * everything is written as at any other end. A second one, a moment later, ends the command at
 * once.
 */
#ifndef SELKIRK_SIM_CMD_STOP_H
#define SELKIRK_SIM_CMD_STOP_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

enum { STOP_CONSOLE = -1 }; /* else the number of a signal; SIGALRM: the seconds are over */

/* 0, or the first reason there was. */
extern volatile sig_atomic_t stop_asked;

/* From now on signals ask for a stop, and so does the clock after max_seconds (0: never). The
 * terminal is left as it was by every signal that ends or stops the command. */
void stop_watch(uint32_t max_seconds);
/* The clock no longer counts: what is left is to write the results. */
void stop_clock_off(void);
void stop_ask(int reason);

#endif
