/* SPDX-License-Identifier: MIT
 * A pseudo terminal on the simulated UART: to another process it is a board's serial port. Like
 * a line, it does not wait for a reader: what it cannot hold is lost. One at a time.
 *
 *   status = pty_open("/tmp/board");   // NULL: no name but /dev/pts/N
 *   pty_hooks(&hooks);
 *   pty_close();
 */
#ifndef SELKIRK_SIM_CMD_PTY_H
#define SELKIRK_SIM_CMD_PTY_H

#include "sim/engine.h"

/* Makes a symbolic link of that path; one that is there is replaced. 0, or the status after a
 * line on stderr. */
int pty_open(const char *path);
const char *pty_name(void); /* /dev/pts/N */
int pty_fd(void);
void pty_hooks(struct engine_hooks *hooks);
/* All that was sent is on its way; the link is gone. */
void pty_close(void);

#endif
