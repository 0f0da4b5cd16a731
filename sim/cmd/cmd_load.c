/* SPDX-License-Identifier: MIT
 * `selkirk load`: a guest into a board, over its serial port. Once it runs, the port is its
 * console.
 */
#include "sim/cmd/selkirk.h"
#include "sim/cmd/station.h"
#include "sim/cmd/stop.h"

int cmd_load(const struct options *o) {
    static struct station station;
    struct flash flash;
    int status = guest_read(o, &flash);
    if (status != 0)
        return status;
    stop_watch(0);
    status = station_open(&station, o->port, o->baud, o->patience);
    if (status == 0) {
        status = station_load(&station, &flash, LINK_ENDS, o->guest_file, true);
        station_close(&station);
    }
    flash_free(&flash);
    int written = stream_status(stderr);
    return written != 0 ? written : status;
}
