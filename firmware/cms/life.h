/* SPDX-License-Identifier: MIT
 * Life of struct cms: from the boot switches to a state that a guest can be loaded into, and the
 * sum of what was counted. */
#ifndef SELKIRK_CMS_LIFE_H
#define SELKIRK_CMS_LIFE_H

struct cms;
struct cms_platform;
struct xl;
struct tc_tables;

/* Requires: *cms (but for its line) and *tables are all zero bytes.
 * Ensures: tables empty, statistics zero, devices and the guest's processor as after power-on. */
void cms_init(struct cms *cms, const struct cms_platform *platform, struct xl *xl,
              struct tc_tables *tables);
/* Devices and the guest's processor as after power-on; the RTC goes on. */
void cms_power_on(struct cms *cms);
/* Brings stats.now[] up to date. */
void cms_sample(struct cms *cms);

#endif
