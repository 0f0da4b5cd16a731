/* SPDX-License-Identifier: MIT
 * What the compiler's counters in a firmware saw in some runs.
 *
 *   struct counts c;
 *   counts_open(&c, &image);             // false: the image does not count
 *   counts_add(&c, fwram);               // after each run
 *   counts_write(&c, fwram, "folder");   // a file of the compiler's for each source file
 */
#ifndef SELKIRK_SIM_COUNTS_H
#define SELKIRK_SIM_COUNTS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "machine.h"
#include "sim/image.h"

struct counts {
    uint32_t first, end; /* of pointers to what there is for each source file */
    const uint8_t *fwram;
    uint64_t *sums; /* by address of the counter / 8 */
    uint64_t greatest;
    uint32_t n_runs;
    FILE *file;
};

bool counts_open(struct counts *c, const struct image *im);
void counts_add(struct counts *c, const uint8_t *fwram);
bool counts_write(struct counts *c, const uint8_t *fwram, const char *folder);

#endif
