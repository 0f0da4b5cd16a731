/* SPDX-License-Identifier: MIT
 * A load list over the framed link, from where the board has it already (station.h). */
#include "sim/cmd/station.h"
#include "sim/cmd/selkirk.h"
#include "translator/aot/native_image.h"
#include <unistd.h>

struct transfer {
    struct station *s;
    const struct flash *flash;
    uint32_t at; /* bytes that are sent */
    bool has_progress;
    uint32_t shown; /* tenths */
};

/* A line at a terminal, ten elsewhere. */
static void show(struct transfer *t) {
    uint32_t tenths = (uint32_t)((uint64_t)t->at * 10 / t->flash->n_bytes);
    bool is_terminal = isatty(STDERR_FILENO);
    if (!t->has_progress || (!is_terminal && tenths == t->shown))
        return;
    t->shown = tenths;
    fprintf(stderr, "%sselkirk: %u of %u bytes sent%s", is_terminal ? "\r" : "", t->at,
            (uint32_t)t->flash->n_bytes, is_terminal && t->at != t->flash->n_bytes ? "" : "\n");
}

static void send_some(struct transfer *t) {
    while (t->at < t->flash->n_bytes && link_can_send(&t->s->link)) {
        uint32_t left = (uint32_t)t->flash->n_bytes - t->at;
        uint32_t n = left < LINK_PAYLOAD_BYTES ? left : LINK_PAYLOAD_BYTES;
        station_send(t->s, LINK_DATA, t->flash->bytes + t->at, n);
        t->at += n;
        show(t);
    }
}

/* Sends a frame and takes the board's HAVE. */
static int ask(struct transfer *t, enum link_type type, const void *bytes, uint32_t n,
               uint32_t *have) {
    struct link_frame f;
    station_send(t->s, type, bytes, n);
    for (;;) {
        enum station_event event = station_wait(t->s, &f, -1, true);
        if (event == STATION_LOST || event == STATION_STOPPED)
            return station_status(event);
        if (event == STATION_FRAME && f.type == LINK_HAVE && f.n_bytes == 4) {
            *have = link_get32(f.bytes);
            return 0;
        }
    }
}

/* Until the board has all of it. */
static int send_all(struct transfer *t) {
    struct link_frame f;
    for (send_some(t); !link_is_idle(&t->s->link); send_some(t)) {
        enum station_event event = station_wait(t->s, &f, -1, true);
        if (event == STATION_LOST || event == STATION_STOPPED)
            return station_status(event);
    }
    return 0;
}

static int attempt(struct transfer *t, enum link_start how, bool *is_started) {
    uint8_t list[8], mode = (uint8_t)how;
    uint32_t have = 0, n = (uint32_t)t->flash->n_bytes;
    link_put32(list, n);
    link_put32(list + 4, native_image_crc_add(0, t->flash->bytes, n));
    int status = ask(t, LINK_LOAD, list, sizeof list, &have);
    if (status == 0 && have != 0)
        complain(0, "goes on at byte %u, where a transfer before ended", have);
    t->at = have < n ? have : n;
    if (status == 0)
        status = send_all(t);
    if (status == 0)
        status = ask(t, LINK_START, &mode, 1, &have);
    *is_started = status == 0 && have == n;
    return status;
}

int station_load(struct station *s, const struct flash *flash, enum link_start how,
                 const char *name, bool has_progress) {
    enum { ATTEMPTS = 3 };
    struct transfer t = {.s = s, .flash = flash, .has_progress = has_progress};
    bool is_started = false;
    int status = 0;
    if (flash->n_bytes > s->facts.room)
        return bad_input("'%s' and what is loaded with it are %u bytes, and the board on '%s' has "
                         "room for %u",
                         name, (uint32_t)flash->n_bytes, s->path, s->facts.room);
    for (int i = 0; i < ATTEMPTS && status == 0 && !is_started; i++)
        status = attempt(&t, how, &is_started);
    if (status == 0 && !is_started)
        status =
            complain(STATUS_CANNOT_WRITE,
                     "the board on '%s' does not keep what is loaded: its memory is bad", s->path);
    if (has_progress && is_started)
        complain(0, "'%s': %u bytes loaded, verified and started", name, (uint32_t)flash->n_bytes);
    return status;
}
