/* SPDX-License-Identifier: MIT
 * The board's end of the framed link (line.h). None of it is hot: bytes come at the line's speed.
 */
#include "firmware/dev/line.h"
#include "firmware/libc.h"
#include "firmware/native.h"
#include "translator/aot/native_image.h"

enum { LONGEST_CYCLES = 1 << 30 };

/* A load list that comes. */
struct load {
    uint8_t *memory;
    uint32_t room, n_bytes, crc, have;
    bool is_started;
    enum link_start how;
};

static uint32_t cycles(void) {
    return native_csrr(CSR_CYCLES);
}

static void put_native(void *ctx, uint8_t byte) {
    (void)ctx;
    while ((native_csrr(CSR_UART_STATUS) & NATIVE_UART_TX_READY) == 0)
        ;
    native_csrw(CSR_UART_TX, byte);
}

void line_init(struct line *line, const struct link_facts *facts) {
    link_init(&line->link, put_native, NULL, LINE_INTERVAL_CYCLES);
    link_listen(&line->link, facts);
}

static void take_input(struct line *line, const struct link_frame *f) {
    line->is_input_over |= f->type == LINK_INPUT_END;
    line->must_stop |= f->type == LINK_STOP;
    if (f->type != LINK_INPUT)
        return;
    for (uint32_t i = 0; i < f->n_bytes && line->n_in < LINE_IN_BYTES; i++)
        line->in[(line->taken + line->n_in++) % LINE_IN_BYTES] = f->bytes[i];
}

/* The next frame of what has come. */
static bool next_frame(struct line *line, struct link_frame *f) {
    for (;;) {
        uint32_t in = native_csrr(CSR_UART_RX);
        if (in >> NATIVE_UART_NONE_BIT != 0)
            return false;
        if (link_take(&line->link, (uint8_t)in, f))
            return true;
    }
}

void line_take(struct line *line, uint8_t byte) {
    struct link_frame f;
    if (link_take(&line->link, byte, &f))
        take_input(line, &f);
}

static void take_frames(struct line *line) {
    struct link_frame f;
    while (next_frame(line, &f))
        take_input(line, &f);
    link_poll(&line->link, cycles());
}

/* Stands still until a byte has come or something is to be repeated. The timer is the guest's. */
static void wait_for_line(const struct line *line) {
    uint32_t deadline = native_csrr(CSR_TIMER_CMP), now = cycles();
    uint32_t left = link_time_left(&line->link, now);
    native_csrw(CSR_TIMER_CMP, now + (left < LONGEST_CYCLES ? left : LONGEST_CYCLES));
    native_wait(NATIVE_WAIT_BYTE);
    native_csrw(CSR_TIMER_CMP, deadline);
}

static void send_frame(struct line *line, enum link_type type, const void *bytes, uint32_t n) {
    while (!link_can_send(&line->link)) {
        wait_for_line(line);
        take_frames(line);
    }
    link_send(&line->link, type, bytes, n, cycles());
}

static void flush(struct line *line) {
    uint32_t n = line->out.n;
    line->out.n = 0;
    if (n != 0)
        send_frame(line, line->out.type, line->out.bytes, n);
}

void line_send(struct line *line, enum link_type type, const void *bytes, uint32_t n) {
    flush(line);
    send_frame(line, type, bytes, n);
}

static void send_number(struct line *line, enum link_type type, uint32_t number) {
    uint8_t bytes[4];
    link_put32(bytes, number);
    line_send(line, type, bytes, sizeof bytes);
}

/* Lines go at once while nothing is under way; else they gather, so that many short ones do not
 * each cost a frame. */
void line_write(struct line *line, enum link_type type, uint8_t byte) {
    if (line->out.n != 0 && line->out.type != type)
        flush(line);
    if (line->out.n == 0)
        line->out.since = cycles();
    line->out.type = (uint8_t)type;
    line->out.bytes[line->out.n++] = byte;
    if (line->out.n == LINE_OUT_BYTES || (byte == '\n' && link_is_idle(&line->link)))
        flush(line);
}

void line_log(struct line *line, uint8_t byte) {
    if (line->is_linked)
        line_write(line, LINK_LOG, byte);
    else
        put_native(NULL, byte);
}

uint32_t line_poll(struct line *line) {
    take_frames(line);
    uint32_t now = cycles();
    if (link_can_send(&line->link) && line->taken - line->told >= LINE_IN_BYTES / 2) {
        line->told = line->taken;
        send_number(line, LINK_TAKEN, line->told);
    }
    bool is_stale = now - line->out.since >= LINE_STALE_CYCLES && link_can_send(&line->link);
    if (is_stale || link_is_idle(&line->link))
        flush(line);
    uint32_t left = link_time_left(&line->link, now);
    return line->out.n != 0 && left > LINE_STALE_CYCLES ? LINE_STALE_CYCLES : left;
}

int line_read(struct line *line) {
    if (line->n_in == 0)
        return -1;
    line->n_in--;
    return line->in[line->taken++ % LINE_IN_BYTES];
}

bool line_is_over(const struct line *line) {
    return line->is_input_over && line->n_in == 0;
}

/* Until all has arrived, or the workstation is silent for long. Takes no byte more than that: it
 * may be the guest's. */
static void drain(struct line *line) {
    for (uint32_t n = 0; n < LINE_LAST_INTERVALS && !link_is_idle(&line->link);) {
        uint32_t in = native_csrr(CSR_UART_RX);
        if (in >> NATIVE_UART_NONE_BIT == 0) {
            line_take(line, (uint8_t)in);
            continue;
        }
        wait_for_line(line);
        n += link_time_left(&line->link, cycles()) == 0;
        link_poll(&line->link, cycles());
    }
}

void line_end(struct line *line, uint32_t status) {
    if (!line->is_linked)
        return;
    send_number(line, LINK_END, status);
    drain(line);
}

/* The same list as before, perhaps from another process: it goes on where it was. */
static void begin_load(struct line *line, struct load *load, const struct link_frame *f) {
    uint32_t n = link_get32(f->bytes), crc = link_get32(f->bytes + 4);
    if (n != load->n_bytes || crc != load->crc)
        load->have = 0;
    load->n_bytes = n <= load->room ? n : 0;
    load->crc = crc;
    send_number(line, LINK_HAVE, load->have);
}

static void take_data(struct load *load, const struct link_frame *f) {
    if (f->n_bytes > load->n_bytes - load->have)
        return;
    memcpy(load->memory + load->have, f->bytes, f->n_bytes);
    load->have += f->n_bytes;
}

/* Of what stands in the memory, not of what came. */
static void start(struct line *line, struct load *load, const struct link_frame *f) {
    load->is_started = load->n_bytes != 0 && load->have == load->n_bytes &&
                       native_image_crc_add(0, load->memory, load->n_bytes) == load->crc;
    load->have = load->is_started ? load->have : 0;
    load->how = f->bytes[0] == LINK_STAYS ? LINK_STAYS : LINK_ENDS;
    send_number(line, LINK_HAVE, load->have);
}

static void take_load(struct line *line, struct load *load, const struct link_frame *f) {
    if (f->type == LINK_LOAD && f->n_bytes == 8)
        begin_load(line, load, f);
    else if (f->type == LINK_DATA)
        take_data(load, f);
    else if (f->type == LINK_START && f->n_bytes == 1)
        start(line, load, f);
    else
        take_input(line, f);
}

enum link_start line_load(struct line *line, uint8_t *memory, uint32_t room,
                          struct load_list *list) {
    struct load load = {.memory = memory, .room = room};
    struct link_frame f;
    while (!load.is_started) {
        wait_for_line(line);
        while (!load.is_started && next_frame(line, &f))
            take_load(line, &load, &f);
        link_poll(&line->link, cycles());
    }
    if (load.how == LINK_ENDS)
        drain(line);
    line->is_linked = load.how == LINK_STAYS;
    *list = (struct load_list){memory, load.n_bytes};
    return load.how;
}
