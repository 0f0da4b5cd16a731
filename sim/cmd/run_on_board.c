/* SPDX-License-Identifier: MIT
 * `selkirk run --engine board:PORT`: the guest runs on a board, its console is here, and the
 * board's report ends it, as in simulation.
 */
#include "sim/cmd/selkirk.h"
#include "sim/cmd/output.h"
#include "sim/cmd/report.h"
#include "sim/cmd/station.h"
#include "sim/cmd/stop.h"
#include "firmware/dev/line.h"
#include <stddef.h>
#include <string.h>
#include <unistd.h>

struct run {
    const struct options *o;
    struct station station;
    struct engine_hooks console;
    struct output json;
    uint32_t sent, taken; /* bytes of input, and those that the guest has */
    bool is_input_over;   /* and the board knows */
    struct cms_stats stats;
    size_t n_stats; /* bytes of it that have come */
    uint32_t status;
    bool has_ended;
    bool is_stopped, is_stop_sent; /* by us; the board knows */
    struct ending ending;          /* that has */
};

/* As much input as the board has room for. */
static void send_input(struct run *r) {
    uint8_t bytes[LINE_IN_BYTES];
    uint32_t n = 0;
    int byte = -1;
    if (r->is_input_over || !link_can_send(&r->station.link))
        return;
    while (r->sent - r->taken < LINE_IN_BYTES && (byte = r->console.uart_rx(NULL)) >= 0) {
        bytes[n++] = (uint8_t)byte;
        r->sent++;
    }
    if (n != 0) {
        station_send(&r->station, LINK_INPUT, bytes, n);
    } else if (r->console.uart_rx_over(NULL)) {
        station_send(&r->station, LINK_INPUT_END, NULL, 0);
        r->is_input_over = true;
    }
}

static void take_bytes(const struct link_frame *f, void (*put)(void *ctx, uint8_t byte)) {
    for (uint32_t i = 0; i < f->n_bytes; i++)
        put(NULL, f->bytes[i]);
}

static void take_stats(struct run *r, const struct link_frame *f) {
    size_t left = sizeof r->stats - r->n_stats, n = f->n_bytes < left ? f->n_bytes : left;
    memcpy((uint8_t *)&r->stats + r->n_stats, f->bytes, n);
    r->n_stats += n;
}

static void take_frame(struct run *r, const struct link_frame *f) {
    switch (f->type) {
    case LINK_OUTPUT:
        take_bytes(f, r->console.on_uart_tx);
        break;
    case LINK_LOG:
        take_bytes(f, r->console.on_log_tx);
        break;
    case LINK_TAKEN:
        r->taken = f->n_bytes == 4 ? link_get32(f->bytes) : r->taken;
        break;
    case LINK_REPORT:
        take_stats(r, f);
        break;
    case LINK_END:
        r->has_ended = f->n_bytes == 4;
        r->status = r->has_ended ? link_get32(f->bytes) : 0;
        break;
    default:
        break;
    }
}

/* The guest stops, and the report comes; a second signal does not wait for it. */
static void stop_guest(struct run *r) {
    int status = station_status(STATION_STOPPED);
    r->ending = (struct ending){status, status == STATUS_LIMIT ? "limit" : "signal"};
    r->is_stopped = r->station.is_stopping = true;
}

static void send_stop(struct run *r) {
    if (!r->is_stopped || r->is_stop_sent || !link_can_send(&r->station.link))
        return;
    station_send(&r->station, LINK_STOP, NULL, 0);
    r->is_stop_sent = true;
}

/* The console's own look for input also shows what the guest has written. */
static struct ending converse(struct run *r) {
    struct link_frame f;
    while (!r->has_ended) {
        send_stop(r);
        send_input(r);
        (void)r->console.uart_rx_ready(NULL);
        bool has_room = !r->is_input_over && r->sent - r->taken < LINE_IN_BYTES &&
                        link_can_send(&r->station.link);
        enum station_event event =
            station_wait(&r->station, &f, has_room ? STDIN_FILENO : -1, r->is_stopped);
        if (event == STATION_LOST)
            return (struct ending){station_status(event), "line"};
        if (event == STATION_STOPPED)
            stop_guest(r);
        if (event == STATION_FRAME)
            take_frame(r, &f);
    }
    return r->is_stopped ? r->ending : exit_ending(r->status);
}

/* The configuration that has the board's clock. */
static bool find_memory(const struct run *r, enum memory *memory) {
    for (uint32_t i = 0; i < MEMORY_COUNT; i++) {
        const struct memory_info *m = &memory_info[(r->o->memory + i) % MEMORY_COUNT];
        if ((m->tick_num << 16 | m->tick_den) == r->station.facts.time_step &&
            m->guest_bytes >= r->station.facts.ram_bytes) {
            *memory = (enum memory)(m - memory_info);
            return true;
        }
    }
    complain(0, "the board's clock is of no known memory configuration: no report");
    return false;
}

static int write_reports(struct run *r, struct ending ending) {
    static struct report report;
    enum memory memory;
    bool is_whole = r->n_stats >= offsetof(struct cms_stats, mark);
    if (!r->o->report && r->json.path == NULL)
        return 0;
    if (!is_whole || !find_memory(r, &memory) ||
        !report_take(&report, &r->stats, memory, r->o, ending)) {
        output_abandon(&r->json);
        return is_whole ? STATUS_BUG : 0;
    }
    if (r->o->report)
        report_text(&report, stderr);
    if (r->json.path == NULL)
        return 0;
    report_json(&report, output_begin(&r->json));
    return output_end(&r->json);
}

static int finish(struct run *r, struct ending ending) {
    int written = console_finish();
    if (written != 0)
        ending = (struct ending){written, "console"};
    stop_clock_off();
    written = write_reports(r, ending);
    if (written == 0)
        written = stream_status(stderr);
    return written != 0 && ending.status != STATUS_BUG ? written : ending.status;
}

static int load_and_run(struct run *r, const struct flash *flash) {
    int status = station_open(&r->station, options_port(r->o), r->o->baud, r->o->patience);
    if (status != 0)
        return status;
    status =
        station_load(&r->station, flash, LINK_STAYS, r->o->guest_file, isatty(STDERR_FILENO) != 0);
    if (status == 0) {
        console_hooks(&r->console);
        status = finish(r, converse(r));
    }
    station_close(&r->station);
    return status;
}

int run_on_board(const struct options *o) {
    static struct run r;
    struct flash flash;
    r.o = o;
    int status = guest_read(o, &flash);
    if (status != 0)
        return status;
    status = output_open(&r.json, o->report_json);
    if (status == 0) {
        stop_watch(o->max_seconds);
        status = load_and_run(&r, &flash);
    }
    output_abandon(&r.json);
    flash_free(&flash);
    return status;
}
