/* SPDX-License-Identifier: MIT
 * Whether the guest goes on, and what it leaves behind when it does not. */
#ifndef SELKIRK_DEV_RUN_H
#define SELKIRK_DEV_RUN_H

#include <stdbool.h>
#include <stdint.h>
#include "firmware/log.h"

struct run {
    uint32_t is_stopped; /* 0 or 1 */
    uint32_t exit_status;
    bool must_reset; /* the guest asked the finisher for a reset */
};

/* The guest's own end; of its status the low eight bits count, as every shell sees it. */
static inline void run_stop(struct run *run, uint32_t exit_status) {
    run->is_stopped = 1;
    run->exit_status = exit_status & 0xff;
}

/* It asks for something that this machine does not have; the log says what. */
static inline void run_refuse(struct run *run) {
    run->is_stopped = 1;
    run->exit_status = CMS_STATUS_REFUSED;
}

#endif
