/* SPDX-License-Identifier: MIT
 * The workstation's end of the framed link (firmware/dev/link.h): a serial port, a clock, and
 * how long a silent board is waited for. A port that goes away is opened again when it comes
 * back: to the link that is a bad line.
 *
 *   struct station s;
 *   status = station_open(&s, "/dev/ttyUSB0", 115200, 30);    // and says hello
 *   status = station_load(&s, &flash, LINK_STAYS, "guest.elf");
 *   while ((event = station_wait(&s, &frame, STDIN_FILENO)) != STATION_LOST) ...
 *   station_close(&s);
 */
#ifndef SELKIRK_SIM_CMD_STATION_H
#define SELKIRK_SIM_CMD_STATION_H

#include "firmware/dev/link.h"
#include "sim/flash.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct station {
    struct link link;
    const char *path;
    int fd; /* -1: gone, for now */
    uint32_t baud;
    uint32_t patience; /* seconds */
    uint64_t heard;    /* microseconds: a good frame came then, or nobody was expected to speak */
    uint32_t n_good;   /* as of then */
    struct link_facts facts;
    uint8_t out[1 << 16], in[4096];
    size_t n_out, in_at, n_in;
    bool is_stopping; /* stop_asked has been heard, and something is still to come */
};

enum station_event {
    STATION_FRAME,   /* *frame is there, until the next call */
    STATION_OTHER,   /* something may have changed */
    STATION_STOPPED, /* stop_asked */
    STATION_LOST,    /* silent for too long; a line has been printed */
};

/* 0, or the exit status after a line on stderr. Then the board is there, and facts are its own. */
int station_open(struct station *s, const char *path, uint32_t baud, uint32_t patience);
/* The load list, verified and started. name: for messages. */
int station_load(struct station *s, const struct flash *flash, enum link_start how,
                 const char *name, bool has_progress);
/* Takes a frame, or waits for a moment: for the board, for room to send, for other_fd (-1: none).
 * is_expected: the board has something to say, and silence is counted. */
enum station_event station_wait(struct station *s, struct link_frame *frame, int other_fd,
                                bool is_expected);
/* Of the last two. STOPPED: prints a line. */
int station_status(enum station_event event);
void station_send(struct station *s, enum link_type type, const void *bytes, uint32_t n);
void station_close(struct station *s);

#endif
