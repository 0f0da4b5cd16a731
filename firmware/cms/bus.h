/* SPDX-License-Identifier: MIT
 * What the interpreter finds outside RAM: the devices, counters, and interrupt lines. */
#ifndef SELKIRK_CMS_BUS_H
#define SELKIRK_CMS_BUS_H

struct cms;
void bus_init(struct cms *cms); /* cms->bus */

#endif
