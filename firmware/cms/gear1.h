/* SPDX-License-Identifier: MIT
 * Gear 1 as the dispatcher sees it. */
#ifndef SELKIRK_CMS_GEAR1_H
#define SELKIRK_CMS_GEAR1_H

struct cms;
void gear1_init(struct cms *cms);
/* Counts one more arrival at the guest's pc; its new translation if it is hot enough now. */
struct tc_region *gear1_consider(struct cms *cms);
/* A translation that was put aside is thrown away: it does not know what is known now. */
void gear1_drop_aside(struct cms *cms);
/* Adds what was counted since the last time to the statistics. */
void gear1_sample(struct cms *cms);

#endif
