/* SPDX-License-Identifier: MIT
 * The guest's console on stdin and stdout, and the terminal it may be on.
 */
#include "sim/selkirk.h"
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

static struct termios saved_terminal;
static volatile sig_atomic_t is_terminal_changed;

void console_restore(void) {
    if (is_terminal_changed)
        tcsetattr(STDIN_FILENO, TCSANOW, &saved_terminal);
    is_terminal_changed = false;
}

/* Ctrl-C and the like: the terminal first, then what the signal does by default. */
static void restore_and_die(int number) {
    console_restore();
    raise(number);
}

static void restore_on_signals(void) {
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    struct sigaction action = {.sa_handler = restore_and_die, .sa_flags = (int)SA_RESETHAND};
    for (unsigned i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        sigaction(numbers[i], &action, NULL);
}

static bool has_output; /* not flushed yet */

static void console_tx(void *ctx, uint8_t byte) {
    (void)ctx;
    putchar(byte);
    has_output = byte != '\n';
    if (!has_output)
        fflush(stdout);
}

static void log_tx(void *ctx, uint8_t byte) {
    (void)ctx;
    fputc(byte, stderr);
}

/* One byte is read ahead: only a read tells the end of the input from a byte that waits. */
static bool is_input_over;
static int byte_ahead = -1;

static bool console_rx_ready(void *ctx) {
    (void)ctx;
    if (has_output) /* a prompt, perhaps */
        fflush(stdout);
    has_output = false;
    if (byte_ahead >= 0 || is_input_over)
        return byte_ahead >= 0;
    struct pollfd fd = {.fd = STDIN_FILENO, .events = POLLIN};
    if (poll(&fd, 1, 0) <= 0 || (fd.revents & (POLLIN | POLLHUP)) == 0)
        return false;
    unsigned char byte;
    if (read(STDIN_FILENO, &byte, 1) == 1)
        byte_ahead = byte;
    else
        is_input_over = true;
    return byte_ahead >= 0;
}

static int console_rx(void *ctx) {
    if (!console_rx_ready(ctx))
        return -1;
    int byte = byte_ahead;
    byte_ahead = -1;
    return byte;
}

void console_hooks(struct engine_hooks *hooks) {
    hooks->on_uart_tx = console_tx;
    hooks->on_log_tx = log_tx;
    hooks->uart_rx = console_rx;
    hooks->uart_rx_ready = console_rx_ready;
    if (isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &saved_terminal) == 0) {
        struct termios raw = saved_terminal;
        raw.c_lflag &= (tcflag_t) ~(ICANON | ECHO);
        atexit(console_restore);
        restore_on_signals();
        is_terminal_changed = tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0;
    }
}
