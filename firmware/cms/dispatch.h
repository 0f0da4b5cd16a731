/* SPDX-License-Identifier: MIT
 * The dispatcher: finds or makes the translation of the guest's pc and enters it, or interprets;
 * handles every way back out of translated code. It runs until the guest has stopped
 * (struct run).
 */
#ifndef SELKIRK_CMS_DISPATCH_H
#define SELKIRK_CMS_DISPATCH_H

struct cms;
void dispatch_run(struct cms *cms);
void dispatch_init(struct cms *cms); /* before dispatch_run, and again after each reset */

#endif
