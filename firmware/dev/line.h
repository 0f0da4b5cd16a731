/* SPDX-License-Identifier: MIT
 * The native UART with a framed link on it (link.h): the board's end. A machine that finds no load
 * list takes one from the workstation; if the workstation stays, the guest's console, the log
 * and the report go through the link from then on.
 *
 *   line_init(&line, &facts);
 *   enum link_start how = line_load(&line, memory, room, &list);   // waits as long as it takes
 *   line_write(&line, LINK_OUTPUT, 'x');   line_poll(&line);   // all 65536 cycles, or so
 *   line_send(&line, LINK_REPORT, bytes, n);   line_end(&line, status);
 *
 * Time is CYCLES. Nobody gives up: a guest whose output nobody takes waits, as for a slow terminal.
 */
#ifndef SELKIRK_DEV_LINE_H
#define SELKIRK_DEV_LINE_H

#include "firmware/dev/link.h"
#include "firmware/guest/load_list.h"

enum {
    LINE_IN_BYTES = 256,  /* input that the guest has not taken: no more may be on its way */
    LINE_OUT_BYTES = 256, /* output in one frame */
    LINE_INTERVAL_CYCLES = 30000000,
    LINE_STALE_CYCLES = 1000000, /* output waits no longer to become more */
    LINE_LAST_INTERVALS = 16,    /* before the machine stops, answer or not */
};

/* The native UART as its CSRs show it (csrs.def): bit of UART_RX, masks of UART_STATUS. */
enum { NATIVE_UART_NONE_BIT = 31, NATIVE_UART_TX_READY = 1, NATIVE_UART_INPUT_OVER = 4 };

struct line {
    struct link link;
    struct {
        uint8_t type; /* enum link_type */
        uint32_t n, since;
        uint8_t bytes[LINE_OUT_BYTES];
    } out;
    uint8_t in[LINE_IN_BYTES];
    uint32_t n_in;        /* ring, from `taken` on */
    uint32_t taken, told; /* bytes of input the guest has taken, and as the workstation knows */
    bool is_input_over;
    bool is_linked; /* the workstation stays; else what is said goes over the bare native UART */
    bool must_stop; /* the workstation says so */
};

void line_init(struct line *line, const struct link_facts *facts);
/* Waits for a load list that is whole and for the word to start. */
enum link_start line_load(struct line *line, uint8_t *memory, uint32_t room,
                          struct load_list *list);
/* One byte of OUTPUT or LOG; several may go together. */
void line_write(struct line *line, enum link_type type, uint8_t byte);
/* One byte for the developer, linked or not. */
void line_log(struct line *line, uint8_t byte);
/* Next byte of input that has been taken, or -1. */
int line_read(struct line *line);
bool line_is_over(const struct line *line); /* no byte of input is left, and none will come */
/* One byte of the native UART. */
void line_take(struct line *line, uint8_t byte);
/* Takes what has come, repeats, sends what is due. Result: cycles to the next call, at most. */
uint32_t line_poll(struct line *line);
/* A frame behind what was written. */
void line_send(struct line *line, enum link_type type, const void *bytes, uint32_t n);
/* The last frame, if linked; waits until everything has arrived, within reason. */
void line_end(struct line *line, uint32_t status);

#endif
