/* SPDX-License-Identifier: MIT
 * A pseudo terminal on the simulated UART (pty.h). The other side stays open here as well, so it
 * keeps its raw mode and what it holds while nobody has it open.
 */
#define _GNU_SOURCE /* ptsname and cfmakeraw */
#include "sim/cmd/pty.h"
#include "sim/cmd/selkirk.h"
#include "sim/cmd/stop.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

static struct {
    int fd, other_fd;
    const char *link; /* NULL: none */
    uint8_t out[4096], in[4096];
    size_t n_out, in_at, n_in;
} pty;

static int cannot_open(const char *what) {
    return complain(STATUS_CANNOT_WRITE, "cannot make a serial port%s%s: %s",
                    what != NULL ? " " : "", what != NULL ? what : "", strerror(errno));
}

static bool make_link(const char *path) {
    struct stat st;
    if (lstat(path, &st) == 0 && S_ISLNK(st.st_mode))
        unlink(path);
    if (symlink(pty_name(), path) != 0)
        return false;
    pty.link = path;
    return true;
}

static bool make_raw(int fd) {
    struct termios t;
    if (tcgetattr(fd, &t) != 0)
        return false;
    cfmakeraw(&t);
    return tcsetattr(fd, TCSANOW, &t) == 0;
}

int pty_open(const char *path) {
    pty.fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (pty.fd < 0 || grantpt(pty.fd) != 0 || unlockpt(pty.fd) != 0)
        return cannot_open(NULL);
    pty.other_fd = open(pty_name(), O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (pty.other_fd < 0 || !make_raw(pty.other_fd) || fcntl(pty.fd, F_SETFL, O_NONBLOCK) != 0)
        return cannot_open(pty_name());
    return path == NULL || make_link(path) ? 0 : cannot_open(path);
}

const char *pty_name(void) {
    return ptsname(pty.fd);
}

int pty_fd(void) {
    return pty.fd;
}

static void flush_output(void) {
    size_t done = 0;
    while (done < pty.n_out) {
        ssize_t n = write(pty.fd, pty.out + done, pty.n_out - done);
        if (n < 0 && errno != EINTR)
            break;
        done += n > 0 ? (size_t)n : 0;
    }
    pty.n_out = 0;
}

static void pty_tx(void *ctx, uint8_t byte) {
    (void)ctx;
    pty.out[pty.n_out++] = byte;
    if (pty.n_out == sizeof pty.out)
        flush_output();
}

static bool pty_rx_ready(void *ctx) {
    (void)ctx;
    flush_output(); /* the machine looks for an answer */
    if (pty.in_at < pty.n_in)
        return true;
    ssize_t n = read(pty.fd, pty.in, sizeof pty.in);
    pty.in_at = 0;
    pty.n_in = n > 0 ? (size_t)n : 0;
    return pty.n_in != 0;
}

static int pty_rx(void *ctx) {
    return pty_rx_ready(ctx) ? pty.in[pty.in_at++] : -1;
}

static void log_tx(void *ctx, uint8_t byte) {
    (void)ctx;
    fputc(byte, stderr);
}

void pty_hooks(struct engine_hooks *hooks) {
    hooks->on_uart_tx = pty_tx;
    hooks->on_log_tx = log_tx;
    hooks->uart_rx = pty_rx;
    hooks->uart_rx_ready = pty_rx_ready;
    hooks->stop_asked = &stop_asked;
}

/* What was sent and not read goes with us: a reader gets some time. */
static void drain(void) {
    enum { TURNS = 200, TURN_MS = 10 };
    int n = 0;
    for (int i = 0; i < TURNS && ioctl(pty.other_fd, FIONREAD, &n) == 0 && n > 0; i++)
        (void)poll(NULL, 0, TURN_MS);
}

void pty_close(void) {
    flush_output();
    drain();
    if (pty.link != NULL)
        unlink(pty.link);
}
