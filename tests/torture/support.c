/* SPDX-License-Identifier: MIT
 * What a torture program needs beside tests/prog/start.S and uart.c: the ways a C library ends a
 * program. A torture program passes if it ends with status 0: by returning 0 from main or by
 * exit(0); abort() is the usual way to fail. */
#include <stdlib.h>

enum { STATUS_ABORTED = 134 }; /* what a shell shows for SIGABRT */

_Noreturn void machine_exit(int status);
_Noreturn void _exit(int status);

_Noreturn void _exit(int status) {
    machine_exit(status);
}

_Noreturn void abort(void) {
    machine_exit(STATUS_ABORTED);
}
