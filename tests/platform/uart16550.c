/* SPDX-License-Identifier: MIT
 * What drivers see of the 16550, register by register: values after reset, which bits are kept,
 * FIFO and its trigger levels, loopback, overrun, the interrupt identification and its priorities,
 * the line to the PLIC. QEMU prints the same (as-qemu.sh). */
#include "notes.h"

static volatile uint8_t *const uart = (volatile uint8_t *)0x10000000;
static volatile uint32_t *const plic_pending = (volatile uint32_t *)0x0c001000;
static volatile uint32_t *const plic_enable = (volatile uint32_t *)0x0c002000;
static volatile uint32_t *const plic_priority = (volatile uint32_t *)0x0c000000;
static volatile uint32_t *const plic_claim = (volatile uint32_t *)0x0c200004;

enum { DATA, IER, IIR, LCR, MCR, LSR, MSR, SCR, FCR = IIR };
enum { LOOP = 0x10, UART_IRQ = 10, SHORT = 1, LONG = 0xffff };

static void registers(void) {
    note("reset IER", uart[IER]);
    note("reset IIR", uart[IIR]);
    note("reset LCR", uart[LCR]);
    note("reset LSR", uart[LSR]);
    note("reset MSR", uart[MSR]);
    note("reset SCR", uart[SCR]);
    for (unsigned i = 0; i < 8; i++) {
        uart[SCR] = (uint8_t)(1u << i);
        note("SCR", uart[SCR]);
        uart[LCR] = (uint8_t)(0x1fu << i);
        note("LCR", uart[LCR]);
        uart[LCR] = 0;
    }
    uart[LCR] = 0x80;
    uart[DATA] = 0x34;
    uart[IER] = 0x12;
    note("divisor, low", uart[DATA]);
    note("divisor, high", uart[IER]);
    uart[LCR] = 0x03;
    note("IER is not the divisor", uart[IER]);
    uart[IER] = 0xff;
    note("IER keeps", uart[IER]);
    uart[IER] = 0;
    uart[MCR] = 0xef;
    note("MCR keeps", uart[MCR]);
    uart[LSR] = 0;
    note("LSR is read only", uart[LSR]);
    uart[MSR] = 0;
    note("MSR is read only", uart[MSR] & 0xf0);
}

static void loopback(void) {
    for (unsigned i = 0; i < 16; i++) {
        uart[MCR] = (uint8_t)(LOOP | i);
        note("MSR in loopback", uart[MSR] & 0xf0);
    }
    uart[MCR] = LOOP;
    note("empty", uart[LSR]);
    uart[DATA] = 'x';
    note("a byte", uart[LSR]);
    note("it is", uart[DATA]);
    note("empty again", uart[LSR]);
}

static void fifo(void) {
    uart[FCR] = 0x01;
    note("IIR with FIFO", uart[IIR]);
    for (unsigned i = 0; i < 17; i++)
        uart[DATA] = (uint8_t)(0x40 + i);
    note("17 bytes into 16", uart[LSR]);
    note("LSR forgets the overrun", uart[LSR]);
    for (unsigned i = 0; i < 16; i++)
        note("in order", uart[DATA]);
    note("all read", uart[LSR]);
    uart[DATA] = 'a';
    uart[DATA] = 'b';
    uart[FCR] = 0x03;
    note("cleared by FCR", uart[LSR]);
    uart[FCR] = 0x00;
    uart[FCR] = 0x01;
    note("IIR with FIFO, off and on", uart[IIR]);
}

/* QEMU's receive time-out is four characters of this length: short where it is waited for, very
 * long everywhere else. */
static void set_divisor(uint32_t divisor) {
    uart[LCR] = 0x83;
    uart[DATA] = (uint8_t)divisor;
    uart[IER] = (uint8_t)(divisor >> 8);
    uart[LCR] = 0x03;
}

static void transmit_interrupt(void) {
    uart[IER] = 0x02;
    note("enabled: empty", uart[IIR]);
    note("read: no more", uart[IIR]);
    uart[DATA] = 'y';
    note("sent: empty again", uart[IIR]);
    uart[IER] = 0;
    uart[DATA] = 'z';
    note("not enabled", uart[IIR]);
    uart[FCR] = 0x07;
}

/* With 8 bytes asked for, fewer are announced after a while. */
static void receive_interrupt(void) {
    uart[FCR] = 0x81;
    uart[IER] = 0x01;
    note("nothing", uart[IIR]);
    for (unsigned i = 0; i < 8; i++)
        uart[DATA] = (uint8_t)i;
    note("8 bytes", uart[IIR]);
    uart[DATA] = 8;
    for (unsigned i = 0; i < 9; i++)
        (void)uart[DATA];
    note("all read", uart[IIR]);
    set_divisor(SHORT);
    uart[DATA] = 'q';
    uint32_t id;
    for (uint32_t i = 0; i < 10000000 && (id = uart[IIR]) != 0xcc; i++)
        ;
    note("one byte, after a while", id);
    (void)uart[DATA];
    note("it is read", uart[IIR]);
    set_divisor(LONG);
    uart[FCR] = 0x00;
    uart[DATA] = 'r';
    note("without FIFO", uart[IIR]);
    (void)uart[DATA];
}

/* Bytes are announced at once when there are as many as asked for, not when there is one less. */
static void trigger_levels(void) {
    static const uint8_t levels[] = {1, 4, 8, 14};
    for (uint32_t n = 0; n < sizeof levels; n++) {
        uart[FCR] = (uint8_t)(0x01 | n << 6);
        for (unsigned i = 1; i < levels[n]; i++)
            uart[DATA] = (uint8_t)i;
        note("one less than the level", (uart[IIR] & 0x0f) == 0x04);
        uart[DATA] = 0;
        note("as many as the level", (uart[IIR] & 0x0f) == 0x04);
        for (unsigned i = 0; i < levels[n]; i++)
            (void)uart[DATA];
    }
    uart[FCR] = 0x00;
}

static void priorities(void) {
    uart[FCR] = 0x01;
    uart[IER] = 0x07;
    for (unsigned i = 0; i < 17; i++)
        uart[DATA] = (uint8_t)i;
    note("overrun, data, empty", uart[IIR]);
    (void)uart[LSR];
    note("data, empty", uart[IIR]);
    uart[FCR] = 0x03;
    note("empty", uart[IIR]);
    note("nothing", uart[IIR]);
    uart[IER] = 0;
}

static void line_to_plic(void) {
    uart[FCR] = 0x00; /* in QEMU the time-out of bytes that were there outlives their clearing */
    plic_priority[UART_IRQ] = 1;
    *plic_enable = 1u << UART_IRQ;
    uart[IER] = 0x01;
    note("not pending", *plic_pending >> UART_IRQ & 1);
    uart[DATA] = 's';
    note("pending", *plic_pending >> UART_IRQ & 1);
    uint32_t claimed = *plic_claim;
    note("claimed", claimed);
    note("not twice", *plic_claim);
    (void)uart[DATA];
    *plic_claim = claimed;
    note("completed", *plic_claim);
    uart[IER] = 0;
}

int main(void) {
    registers();
    set_divisor(LONG);
    loopback();
    fifo();
    transmit_interrupt();
    receive_interrupt();
    trigger_levels();
    priorities();
    line_to_plic();
    uart[MCR] = 0x08;
    uart[FCR] = 0x07;
    print_notes();
    return 0;
}
