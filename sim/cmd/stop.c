/* SPDX-License-Identifier: MIT
 * Signals and the clock (sim/cmd/stop.h). Handlers use only what POSIX allows in them.
 */
#define _DEFAULT_SOURCE
#include "sim/cmd/stop.h"
#include "sim/cmd/selkirk.h"
#include <errno.h>
#include <sys/time.h>
#include <time.h>

volatile sig_atomic_t stop_asked;

void stop_ask(int reason) {
    if (stop_asked == 0)
        stop_asked = reason;
}

/* What the signal does by default, now or as soon as the handler returns. */
static void die_of(int number) {
    console_restore();
    signal(number, SIG_DFL);
    raise(number);
}

static int64_t milliseconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* timeout(1) sends its signal twice, to the command and to its process group. */
static void on_request(int number) {
    enum { SAME_REQUEST_MS = 200 };
    static volatile int64_t first; /* 0: none yet; the two signals do not interrupt each other */
    int error = errno;
    if (first != 0 && milliseconds() - first > SAME_REQUEST_MS)
        die_of(number);
    if (first == 0)
        first = milliseconds();
    stop_ask(number);
    errno = error;
}

/* Every second from the end on: a write to a console that nobody reads is interrupted by it. */
static void on_clock(int number) {
    stop_ask(number);
}

/* Ctrl-Z: the terminal is the shell's until SIGCONT. */
static void on_terminal_stop(int number) {
    int error = errno;
    sigset_t set;
    struct sigaction mine, plain = {.sa_handler = SIG_DFL};
    console_restore();
    sigaction(number, &plain, &mine);
    raise(number);
    sigemptyset(&set);
    sigaddset(&set, number);
    sigprocmask(SIG_UNBLOCK, &set, NULL); /* stops here */
    sigaction(number, &mine, NULL);
    console_resume();
    errno = error;
}

static void on_continue(int number) {
    int error = errno;
    (void)number;
    console_resume();
    errno = error;
}

/* A signal that the parent chose to ignore (nohup) stays ignored. */
static void handle(int number, void (*handler)(int), int flags) {
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags}, before;
    sigemptyset(&action.sa_mask);
    sigaddset(&action.sa_mask, SIGINT);
    sigaddset(&action.sa_mask, SIGTERM);
    if (sigaction(number, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
        sigaction(number, &action, NULL);
}

/* Signals whose default does no harm, or that are dealt with elsewhere. */
static bool is_left_alone(int number) {
    static const int numbers[] = {SIGKILL, SIGSTOP, SIGTTIN,  SIGTTOU, SIGCHLD,
                                  SIGURG,  SIGPIPE, SIGWINCH, SIGXFSZ};
    for (unsigned i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (numbers[i] == number)
            return true;
    return false;
}

void stop_watch(uint32_t max_seconds) {
    static char stack[65536]; /* for the end that an overflow of the other one is */
    const stack_t other = {.ss_sp = stack, .ss_size = sizeof stack};
    sigaltstack(&other, NULL);
    for (int number = 1; number <= SIGRTMAX; number++)
        if (!is_left_alone(number))
            handle(number, die_of, SA_ONSTACK);
    handle(SIGINT, on_request, SA_RESTART);
    handle(SIGTERM, on_request, SA_RESTART);
    handle(SIGTSTP, on_terminal_stop, SA_RESTART);
    handle(SIGCONT, on_continue, SA_RESTART);
    handle(SIGALRM, on_clock, 0);
    struct itimerval clock = {.it_interval = {.tv_sec = 1}, .it_value = {.tv_sec = max_seconds}};
    setitimer(ITIMER_REAL, &clock, NULL);
}

void stop_clock_off(void) {
    struct itimerval off = {0};
    setitimer(ITIMER_REAL, &off, NULL);
}
