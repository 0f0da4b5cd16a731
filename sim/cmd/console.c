/* SPDX-License-Identifier: MIT
 * The guest's console on stdin and stdout, and the terminal it may be on.
 */
#include "sim/cmd/selkirk.h"
#include "sim/cmd/stop.h"
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static struct termios saved_terminal;
static volatile sig_atomic_t is_terminal_wanted; /* raw, while we have it */
static volatile sig_atomic_t is_terminal_changed;

/* In the background the terminal is somebody else's; SIGCONT brings us back here. */
static bool is_in_background(void) {
    pid_t group = tcgetpgrp(STDIN_FILENO);
    return group != -1 && group != getpgrp();
}

void console_restore(void) {
    if (is_terminal_changed && !is_in_background())
        tcsetattr(STDIN_FILENO, TCSANOW, &saved_terminal);
    is_terminal_changed = false;
}

void console_resume(void) {
    if (!is_terminal_wanted || is_terminal_changed || is_in_background() ||
        tcgetattr(STDIN_FILENO, &saved_terminal) != 0)
        return;
    struct termios raw = saved_terminal;
    raw.c_lflag &= (tcflag_t) ~(ICANON | ECHO);
    is_terminal_changed = true;
    tcsetattr(STDIN_FILENO, TCSANOW, &raw);
}

static struct {
    uint8_t bytes[4096];
    size_t n;
    int error; /* errno of the write that failed; nothing is written after it */
} output;

/* A full pipe that somebody made non-blocking is waited for. */
static bool must_try_again(void) {
    struct pollfd fd = {.fd = STDOUT_FILENO, .events = POLLOUT};
    if (errno == EINTR)
        return stop_asked != SIGALRM;
    return (errno == EAGAIN || errno == EWOULDBLOCK) &&
           (poll(&fd, 1, -1) > 0 || (errno == EINTR && stop_asked != SIGALRM));
}

static void flush_output(void) {
    for (size_t done = 0; done < output.n && output.error == 0;) {
        ssize_t n = write(STDOUT_FILENO, output.bytes + done, output.n - done);
        if (n >= 0)
            done += (size_t)n;
        else if (!must_try_again())
            output.error = errno;
    }
    output.n = 0;
    if (output.error != 0)
        stop_ask(STOP_CONSOLE);
}

static void console_tx(void *ctx, uint8_t byte) {
    (void)ctx;
    output.bytes[output.n++] = byte;
    if (byte == '\n' || output.n == sizeof output.bytes)
        flush_output();
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
    if (output.n > 0) /* a prompt, perhaps */
        flush_output();
    if (byte_ahead >= 0 || is_input_over)
        return byte_ahead >= 0;
    struct pollfd fd = {.fd = STDIN_FILENO, .events = POLLIN};
    if (poll(&fd, 1, 0) <= 0 || (fd.revents & (POLLIN | POLLHUP | POLLERR | POLLNVAL)) == 0)
        return false;
    unsigned char byte;
    ssize_t n = read(STDIN_FILENO, &byte, 1);
    if (n == 1)
        byte_ahead = byte;
    else if (n == 0 || (errno != EINTR && errno != EAGAIN))
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

static bool console_rx_over(void *ctx) {
    (void)ctx;
    return is_input_over && byte_ahead < 0;
}

void console_hooks(struct engine_hooks *hooks) {
    hooks->on_uart_tx = console_tx;
    hooks->on_log_tx = log_tx;
    hooks->uart_rx = console_rx;
    hooks->uart_rx_ready = console_rx_ready;
    hooks->uart_rx_over = console_rx_over;
    hooks->stop_asked = &stop_asked;
    if (isatty(STDIN_FILENO)) {
        is_terminal_wanted = true;
        atexit(console_restore);
        console_resume();
    }
}

int console_finish(void) {
    flush_output();
    is_terminal_wanted = false;
    console_restore();
    if (output.error == 0)
        return 0;
    return complain(STATUS_CANNOT_WRITE, "cannot write the guest's console: %s",
                    strerror(output.error));
}
