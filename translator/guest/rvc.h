/* SPDX-License-Identifier: MIT
 * Compressed instructions: rv_decode's other half (rvc.c). Everybody else calls rv_decode. */
#ifndef SELKIRK_GUEST_RVC_H
#define SELKIRK_GUEST_RVC_H

#include <stdbool.h>

#include "translator/guest/rv32.h"

/* The low half of a word whose low two bits are not 11. */
struct rv_fields rvc_decode(uint32_t half);

#endif
