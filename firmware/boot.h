/* SPDX-License-Identifier: MIT
 * From an initialised struct cms to the guest's exit status; shared by the firmware's main and the
 * hosted one. */
#ifndef SELKIRK_FIRMWARE_BOOT_H
#define SELKIRK_FIRMWARE_BOOT_H

#include "firmware/cms/cms.h"

/* Loads the guest from FLASH, runs it, completes the statistics. Result: exit status of the
 * machine. */
uint32_t boot_and_run(struct cms *cms);

#endif
