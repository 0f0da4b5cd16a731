/* SPDX-License-Identifier: MIT
 * Files that a run leaves behind. That they can be written is found out before the run; what they
 * held before stays until they are written at its end.
 *
 *   struct output json;
 *   status = output_open(&json, "report.json");   // NULL: not asked for
 *   ...                                           // the run
 *   FILE *f = output_begin(&json);  fprintf(f, ...);
 *   status = output_end(&json);                   // or output_abandon(&json): as if never opened
 */
#ifndef SELKIRK_SIM_CMD_OUTPUT_H
#define SELKIRK_SIM_CMD_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

struct output {
    const char *path; /* NULL: nobody wants it */
    FILE *file;
    int error; /* errno of the first thing that went wrong */
    bool is_new;
};

/* 0, or STATUS_CANNOT_WRITE after a line on stderr. */
int output_open(struct output *o, const char *path);
/* Both are the same file on disk. */
bool output_is_same(const struct output *o, const char *path);
bool output_is_regular(const struct output *o);
FILE *output_begin(struct output *o);
int output_end(struct output *o);
void output_abandon(struct output *o);

#endif
