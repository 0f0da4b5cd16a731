/* SPDX-License-Identifier: MIT
 * `selkirk board`: a board in simulation. No guest is in its flash and a pseudo terminal is its
 * serial port: `selkirk load --port` and `selkirk run --engine board:PATH` find it as they would
 * find one on a desk.
 */
#include "sim/cmd/selkirk.h"
#include "sim/cmd/pace.h"
#include "sim/cmd/pty.h"
#include "sim/cmd/stop.h"

static int run_board(const struct options *o, struct machine *m) {
    struct engine_hooks hooks = {0};
    pty_hooks(&hooks);
    pace_board(&hooks, m->engine, o->memory, pty_fd());
    fprintf(stderr, "selkirk: the board's serial port is %s\n",
            o->port_link != NULL ? o->port_link : pty_name());
    fflush(stderr);
    stop_watch(o->max_seconds);
    enum engine_stop stop =
        m->engine->ops->run(m->engine, &hooks, o->max_cycles, o->max_guest_insns);
    int status = run_ending(m, stop, o).status;
    pty_close();
    return status;
}

int cmd_board(const struct options *o) {
    struct machine m;
    int status;
    if (o->guest_file != NULL)
        return bad_input("a board has no guest of its own; '%s' is for selkirk load",
                         o->guest_file);
    status = machine_open(&m, o, NULL);
    if (status != 0)
        return status;
    status = pty_open(o->port_link);
    if (status == 0)
        status = run_board(o, &m);
    machine_close(&m);
    int written = stream_status(stderr);
    return written != 0 ? written : status;
}
