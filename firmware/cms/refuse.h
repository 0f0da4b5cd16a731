/* SPDX-License-Identifier: MIT
 * A trap that the guest cannot take, because its handler is not in RAM: one line on the log channel
 * says which trap, where and why, and the guest is stopped. */
#ifndef SELKIRK_CMS_REFUSE_H
#define SELKIRK_CMS_REFUSE_H

#include "firmware/dev/run.h"
#include "firmware/guest/interp.h"

/* Requires: in->fault is the trap. */
void refuse_fault(const struct interp *in, struct run *run);

#endif
