/* SPDX-License-Identifier: MIT
 * Signals and the clock (sim/stop.h). Handlers use only what POSIX allows in them: tcgetattr and
 * tcsetattr, sigaction, raise, _exit.
 */
#define _DEFAULT_SOURCE
#include "sim/stop.h"
#include "sim/selkirk.h"
#include <errno.h>
#include <sys/time.h>

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

static void on_request(int number) {
    if (stop_asked != 0)
        die_of(number);
    else
        stop_asked = number;
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
