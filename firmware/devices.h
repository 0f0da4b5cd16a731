/* SPDX-License-Identifier: MIT
 * The guest's virtual devices, as QEMU's `virt` machine shows them to code that polls:
 *   0x00100000 test finisher · 0x02000000 CLINT (msip, mtimecmp, mtime; no interrupts yet)
 *   0x10000000 UART 16550 · tohost (a word of guest RAM, see htif.c) · semihosting (semihost.c)
 * The guest reaches them through the interpreter only: accesses from translated code trap, are
 * undone and interpreted.
 */
#ifndef SELKIRK_FIRMWARE_DEVICES_H
#define SELKIRK_FIRMWARE_DEVICES_H

#include <stdbool.h>
#include <stdint.h>
#include "translator/guest/interp.h"

struct devices {
    struct interp_dev ops;
    uint8_t uart_ier, uart_lcr, uart_mcr, uart_scr, uart_dll, uart_dlm, uart_fcr;
    bool has_rx; /* a byte was taken from the native UART and waits in rx */
    uint8_t rx;
    uint32_t msip;
    uint32_t mtimecmp, mtimecmp_high;
    uint32_t tohost;      /* guest address of the 64-bit word, 0: none */
    bool tohost_due;      /* a store to tohost was interpreted; look at it soon */
    uint32_t features_at; /* position in the semihosting features file */
    uint32_t semihost_errno;
};

struct cms;
void devices_init(struct cms *cms);
/* One byte to the guest's console; -1 or one byte from it. */
void console_put(struct cms *cms, uint8_t byte);
int console_get(struct cms *cms);
void semihost_call(struct cms *cms); /* at INTERP_SEMIHOST */
void htif_poll(struct cms *cms);     /* looks at tohost and does what it says */

#endif
