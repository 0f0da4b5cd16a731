/* SPDX-License-Identifier: MIT
 * The guest's virtual devices, as QEMU's `virt` machine shows them:
 *   0x00100000 test finisher · 0x02000000 CLINT (clint.c) · 0x0c000000 PLIC (plic.c)
 *   0x10000000 UART 16550A (uart.c), PLIC source 10
 *   tohost (a word of guest RAM, see htif.c) · semihosting (semihost.c)
 * The guest reaches them through the interpreter only: accesses from translated code trap, are
 * undone and interpreted. Their interrupt lines are levels; irq.c looks at them at commit points.
 */
#ifndef SELKIRK_FIRMWARE_DEVICES_H
#define SELKIRK_FIRMWARE_DEVICES_H

#include <stdbool.h>
#include <stdint.h>
#include "firmware/load_list.h"
#include "translator/guest/interp.h"

enum { UART_FIFO_BYTES = 16, PLIC_SOURCES = 97, PLIC_WORDS = 4, PLIC_UART_SOURCE = 10 };

struct uart {
    uint8_t ier, lcr, mcr, scr, dll, dlm, fcr;
    bool is_tx_due;   /* the transmitter has become empty and nobody was told yet (IIR) */
    bool has_overrun; /* LSR bit, until read */
    uint8_t rx[UART_FIFO_BYTES];
    uint32_t rx_first, rx_count; /* ring */
};

struct clint {
    uint32_t msip;
    uint64_t mtimecmp;
    uint64_t offset; /* mtime minus the platform's time */
    uint64_t set_at; /* CYCLES when mtime or mtimecmp was last stored to */
};

struct plic {
    uint8_t priority[PLIC_SOURCES];
    uint8_t threshold;
    uint32_t enable[PLIC_WORDS];
    uint32_t claimed[PLIC_WORDS];
    bool is_uart_pending;
};

struct devices {
    struct interp_dev ops;
    struct uart uart;
    struct clint clint;
    struct plic plic;
    bool must_reset;      /* the guest asked the finisher for a reset */
    uint32_t tohost;      /* guest address of the 64-bit word, 0: none */
    bool tohost_due;      /* a store to tohost was interpreted; look at it soon */
    uint32_t features_at; /* position in the semihosting features file */
    uint32_t semihost_errno;
    uint32_t
        semihost_wait; /* cycles that the call under way waits before it is done again; 0: no */
};

struct cms;
void devices_init(struct cms *cms);
/* One byte to the guest's console; -1 or one byte from it. */
void console_put(struct cms *cms, uint8_t byte);
int console_get(struct cms *cms);
void semihost_call(struct cms *cms); /* at INTERP_SEMIHOST */
void htif_poll(struct cms *cms);     /* looks at tohost and does what it says */

void uart_init(struct uart *u);
uint8_t uart_load(struct cms *cms, uint32_t offset);
void uart_store(struct cms *cms, uint32_t offset, uint8_t value);
void uart_receive(struct uart *u); /* takes what the native UART has into the receive FIFO */
void uart_poll(struct uart *u);    /* the same, if receiving interrupts */
bool uart_wants_byte(const struct uart *u); /* uart_poll would take a byte */
bool uart_interrupts(const struct uart *u);

void clint_init(struct clint *c);
uint64_t clint_mtime(const struct clint *c);
uint32_t clint_load(const struct clint *c, uint32_t offset);
void clint_store(struct clint *c, uint32_t offset, uint32_t value);

uint32_t plic_load(struct cms *cms, uint32_t offset);
void plic_store(struct cms *cms, uint32_t offset, uint32_t value);
bool plic_interrupts(struct devices *dev); /* the line to the hart's M mode */

#endif
