/* SPDX-License-Identifier: MIT
 * The workstation's end of the framed link (station.h). */
#define _GNU_SOURCE /* cfmakeraw, B3000000 */
#include "sim/cmd/station.h"
#include "sim/cmd/selkirk.h"
#include "sim/cmd/stop.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/file.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { INTERVAL_US = 300000, LOOK_MS = 100, CONTROL_BYTES = 64, US_PER_SECOND = 1000000 };

static uint64_t now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * US_PER_SECOND + (uint64_t)t.tv_nsec / 1000;
}

static const struct rate {
    uint32_t baud;
    speed_t speed;
} rates[] = {
    {9600, B9600},       {19200, B19200},     {38400, B38400},     {57600, B57600},
    {115200, B115200},   {230400, B230400},   {460800, B460800},   {921600, B921600},
    {1000000, B1000000}, {1500000, B1500000}, {2000000, B2000000}, {3000000, B3000000},
};
enum { RATES = sizeof rates / sizeof rates[0] };

static const struct rate *find_rate(uint32_t baud) {
    for (unsigned i = 0; i < RATES; i++)
        if (rates[i].baud == baud)
            return &rates[i];
    return NULL;
}

/* Raw, 8 bits, no modem lines. What is no terminal has no rate. */
static bool set_line(int fd, uint32_t baud) {
    struct termios t;
    if (tcgetattr(fd, &t) != 0)
        return errno == ENOTTY;
    cfmakeraw(&t);
    t.c_cflag |= CLOCAL | CREAD;
    cfsetispeed(&t, find_rate(baud)->speed);
    cfsetospeed(&t, find_rate(baud)->speed);
    return tcsetattr(fd, TCSANOW, &t) == 0;
}

/* -1: errno says why. EWOULDBLOCK: somebody else has it. */
static int open_port(const char *path, uint32_t baud) {
    int fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 || (flock(fd, LOCK_EX | LOCK_NB) == 0 && set_line(fd, baud)))
        return fd;
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

static void put_byte(void *ctx, uint8_t byte) {
    struct station *s = ctx;
    if (s->n_out < sizeof s->out) /* full: it is lost, as on any line */
        s->out[s->n_out++] = byte;
}

static void close_port(struct station *s) {
    close(s->fd);
    s->fd = -1;
    s->n_out = 0;
}

static void write_port(struct station *s) {
    ssize_t n = write(s->fd, s->out, s->n_out);
    if (n > 0) {
        s->n_out -= (size_t)n;
        memmove(s->out, s->out + n, s->n_out);
    } else if (n < 0 && errno != EAGAIN && errno != EINTR) {
        close_port(s);
    }
}

static void read_port(struct station *s) {
    ssize_t n = read(s->fd, s->in, sizeof s->in);
    s->in_at = 0;
    s->n_in = n > 0 ? (size_t)n : 0;
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
        close_port(s);
}

static bool take_bytes(struct station *s, struct link_frame *frame) {
    while (s->in_at < s->n_in)
        if (link_take(&s->link, s->in[s->in_at++], frame))
            return true;
    return false;
}

/* Until a byte can be read or written, a frame is to be repeated, or for a moment. */
static void sleep_for(struct station *s, int other_fd, uint32_t left_us) {
    int ms = left_us / 1000 < LOOK_MS ? (int)(left_us / 1000) + 1 : LOOK_MS;
    struct pollfd fds[] = {{.fd = s->fd, .events = (short)(POLLIN | (s->n_out ? POLLOUT : 0))},
                           {.fd = other_fd, .events = POLLIN}};
    if (poll(fds, 2, ms) <= 0)
        return;
    if ((fds[0].revents & POLLOUT) != 0)
        write_port(s);
    if (s->fd >= 0 && (fds[0].revents & ~POLLOUT) != 0)
        read_port(s);
}

static bool is_lost(struct station *s, bool is_expected) {
    uint64_t now = now_us();
    bool has_spoken = s->link.n_good != s->n_good;
    if (has_spoken || (!is_expected && s->link.is_open && link_is_idle(&s->link) && s->fd >= 0))
        s->heard = now;
    s->n_good = s->link.n_good;
    return now - s->heard >= (uint64_t)s->patience * US_PER_SECOND;
}

enum station_event station_wait(struct station *s, struct link_frame *frame, int other_fd,
                                bool is_expected) {
    if (take_bytes(s, frame))
        return STATION_FRAME;
    if (is_lost(s, is_expected)) {
        complain(0, s->fd < 0 ? "the port '%s' is gone" : "no board answers on '%s'", s->path);
        return STATION_LOST;
    }
    if (s->fd < 0)
        s->fd = open_port(s->path, s->baud);
    link_poll(&s->link, (uint32_t)now_us());
    if (stop_asked != 0 && !s->is_stopping)
        return STATION_STOPPED;
    sleep_for(s, other_fd, link_time_left(&s->link, (uint32_t)now_us()));
    return STATION_OTHER;
}

int station_status(enum station_event event) {
    if (event == STATION_LOST)
        return STATUS_CANNOT_WRITE;
    if (stop_asked == SIGALRM)
        return complain(STATUS_LIMIT, "stopped at the limit of seconds");
    return complain(STATUS_SIGNAL + stop_asked, "stopped by signal %d (%s)", stop_asked,
                    strsignal(stop_asked));
}

void station_send(struct station *s, enum link_type type, const void *bytes, uint32_t n) {
    link_send(&s->link, type, bytes, n, (uint32_t)now_us());
}

static void take_facts(struct station *s, const struct link_frame *f) {
    uint32_t *const facts[] = {&s->facts.time_step, &s->facts.ram_bytes, &s->facts.room,
                               &s->facts.tested, &s->facts.bad_at};
    enum { FACTS = sizeof facts / sizeof facts[0], FACTS_AT = 5 };
    for (uint32_t i = 0; i < FACTS && f->n_bytes >= FACTS_AT + 4 * (i + 1); i++)
        *facts[i] = link_get32(f->bytes + FACTS_AT + 4 * i);
}

/* HELLO until somebody answers. */
static int greet(struct station *s) {
    struct link_frame f;
    link_init(&s->link, put_byte, s, INTERVAL_US);
    link_connect(&s->link, (uint32_t)now_us() ^ (uint32_t)getpid() << 20, (uint32_t)now_us());
    s->heard = now_us();
    for (;;) {
        enum station_event event = station_wait(s, &f, -1, true);
        if (event == STATION_LOST || event == STATION_STOPPED)
            return station_status(event);
        if (event != STATION_FRAME)
            continue;
        if (f.bytes[0] != LINK_VERSION)
            return bad_input("the board on '%s' speaks version %u of the link, not %u", s->path,
                             f.bytes[0], LINK_VERSION);
        take_facts(s, &f);
        return 0;
    }
}

int station_open(struct station *s, const char *path, uint32_t baud, uint32_t patience) {
    *s = (struct station){.path = path, .baud = baud, .patience = patience, .fd = -1};
    if (find_rate(baud) == NULL)
        return bad_input("--baud wants a usual rate from 9600 to 3000000, not %u", baud);
    s->fd = open_port(path, baud);
    if (s->fd < 0 && errno == EWOULDBLOCK)
        return bad_input("the port '%s' is in use", path);
    if (s->fd < 0)
        return bad_input("cannot open the port '%s': %s", path, strerror(errno));
    int status = greet(s);
    if (status == 0 && s->facts.room == 0)
        status = bad_input("the board on '%s' runs a guest: reset it", path);
    if (status == 0 && s->facts.bad_at != 0)
        status = complain(STATUS_CANNOT_WRITE,
                          "the memory of the board on '%s' is bad at native address 0x%08x", path,
                          s->facts.bad_at);
    if (status != 0)
        station_close(s);
    return status;
}

void station_close(struct station *s) {
    while (s->fd >= 0 && s->n_out != 0 && s->link.is_open) {
        struct pollfd fd = {.fd = s->fd, .events = POLLOUT};
        if (poll(&fd, 1, LOOK_MS) <= 0)
            break;
        write_port(s);
    }
    if (s->fd >= 0)
        close(s->fd);
    s->fd = -1;
}
