/* SPDX-License-Identifier: MIT
 * Where the cycles went: per firmware function and per translated guest region, by watching every
 * bundle.
 *
 *   struct hot *h = hot_create();
 *   hot_hooks(h, &hooks); ... run ...
 *   hot_print(h, &machine, stderr);  hot_destroy(h);
 */
#ifndef SELKIRK_SIM_CMD_HOT_H
#define SELKIRK_SIM_CMD_HOT_H

#include "sim/cmd/selkirk.h"
#include <stdio.h>

struct hot;
struct hot *hot_create(void); /* NULL: not enough memory */
void hot_destroy(struct hot *h);
void hot_hooks(struct hot *h, struct engine_hooks *hooks); /* hooks->ctx becomes h's */
void hot_print(const struct hot *h, const struct machine *m, FILE *out);

#endif
