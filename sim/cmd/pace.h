/* SPDX-License-Identifier: MIT
 * What happens while the machine waits (operation wait, on the ISS): nothing, time jumps to what
 * comes next; but with a person at the terminal it passes as on a clock, so that a shell's `sleep
 * 3` takes three seconds, and a key that is pressed in between comes at its time. A board in
 * simulation that talks to another process (`selkirk board`) waits in the same way. These are
 * the only places where the wall clock enters a run. And, for tests: the console's input comes
 * in a given cycle, however long that takes.
 *
 *   console_hooks(&hooks);
 *   pace_hooks(&hooks, engine, o->memory, o->input_at);      // after everybody who sets uart_rx
 */
#ifndef SELKIRK_SIM_CMD_PACE_H
#define SELKIRK_SIM_CMD_PACE_H

#include "sim/engine.h"

void pace_hooks(struct engine_hooks *hooks, struct engine *e, enum memory memory,
                uint64_t input_at);
/* A board's UART stands on this descriptor: waits take their time, as at a terminal. */
void pace_board(struct engine_hooks *hooks, struct engine *e, enum memory memory, int fd);

#endif
