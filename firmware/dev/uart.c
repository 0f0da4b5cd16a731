/* SPDX-License-Identifier: MIT
 * Virtual UART 16550A, with the behaviour of QEMU's that drivers can see: 16-byte receive FIFO with
 * trigger levels, interrupt identification, loopback. A transmitted byte is sent at once, so the
 * transmitter is always empty; the interrupt that says so is latched (is_tx_due). Instead of the
 * receive time-out after four characters' time, bytes below the trigger level interrupt at once.
 * No line errors, no modem lines that change.
 */
#include "firmware/dev/devices.h"
#include "firmware/native.h"

/* Registers by offset; DLAB (LCR bit 7) puts the divisor over the first two. */
enum { UART_DATA, UART_IER, UART_IIR_FCR, UART_LCR, UART_MCR, UART_LSR, UART_MSR, UART_SCR };
enum {
    LCR_DLAB = 0x80,
    LSR_DATA_READY = 0x01,
    LSR_OVERRUN = 0x02,
    LSR_TX_EMPTY = 0x60, /* holding register and shifter */
    IIR_NONE = 0x01,
    IIR_TX_EMPTY = 0x02,
    IIR_RX_READY = 0x04,
    IIR_LINE_STATUS = 0x06,
    IIR_RX_TIMEOUT = 0x0c,
    IIR_FIFO = 0xc0,
    IER_RX = 0x01,
    IER_TX = 0x02,
    IER_LINE_STATUS = 0x04,
    IER_ALL = 0x0f,
    FCR_FIFO = 0x01,
    FCR_CLEAR_RX = 0x02,
    FCR_CLEAR_TX = 0x04,
    FCR_KEPT = 0xc9,
    MSR_CONNECTED = 0xb0, /* DCD, DSR, CTS */
    MCR_DTR = 0x01,
    MCR_RTS = 0x02,
    MCR_OUTS = 0x0c,
    MCR_OUT2 = 0x08,
    MCR_LOOP = 0x10,
    MCR_ALL = 0x1f,
    DLL_RESET = 0x0c,
};
/* What only a line has need of stays out of what is hot. */
#define COLD __attribute__((noinline, cold))

void uart_init(struct uart *u) {
    *u = (struct uart){.mcr = MCR_OUT2, .dll = DLL_RESET};
}

static COLD void put_on_line(struct line *line, uint8_t byte) {
    line_write(line, LINK_OUTPUT, byte);
}

/* A line is asked for while the native UART answers: it costs the others nothing. */
void console_put(struct devices *dev, uint8_t byte) {
    struct line *line = dev->line;
    uint32_t status = native_csrr(CSR_UART_STATUS);
    if (UNLIKELY(line != NULL)) {
        put_on_line(line, byte);
    } else {
        while ((status & NATIVE_UART_TX_READY) == 0)
            status = native_csrr(CSR_UART_STATUS);
        native_csrw(CSR_UART_TX, byte);
    }
    stats_add(dev->env.stats, STAT_CONSOLE_BYTES, 1);
}

static uint32_t capacity(const struct uart *u) {
    return (u->fcr & FCR_FIFO) != 0 ? UART_FIFO_BYTES : 1;
}

static void rx_put(struct uart *u, uint8_t byte) {
    if (u->rx_count >= capacity(u)) {
        u->has_overrun = true;
        return;
    }
    u->rx[(u->rx_first + u->rx_count++) % UART_FIFO_BYTES] = byte;
}

/* From the line's input. */
static COLD void refill(struct devices *dev) {
    int byte;
    while (dev->uart.rx_count < capacity(&dev->uart) && (byte = line_read(dev->line)) >= 0)
        rx_put(&dev->uart, (uint8_t)byte);
}

static COLD void receive_from_line(struct devices *dev, uint32_t in) {
    line_take(dev->line, (uint8_t)in);
    refill(dev);
}

/* What does not fit waits in the native UART, or on the line. */
static inline __attribute__((always_inline)) void receive(struct devices *dev) {
    struct uart *u = &dev->uart;
    while (u->rx_count < capacity(u)) {
        uint32_t in = native_csrr(CSR_UART_RX);
        if (in >> NATIVE_UART_NONE_BIT != 0)
            break;
        if (UNLIKELY(dev->line != NULL))
            receive_from_line(dev, in);
        else
            rx_put(u, (uint8_t)in);
    }
}

void uart_receive(struct devices *dev) {
    receive(dev);
}

bool uart_wants_byte(const struct uart *u) {
    return (u->ier & IER_RX) != 0 && u->rx_count < capacity(u);
}

/* Before an interrupt for it is enabled, input stays where no change of the FIFO can lose it. */
void uart_poll(struct devices *dev) {
    if ((dev->uart.ier & IER_RX) != 0)
        uart_receive(dev);
}

COLD uint32_t uart_poll_line(struct devices *dev) {
    uint32_t left = line_poll(dev->line);
    refill(dev);
    if (dev->line->must_stop)
        run_stop(&dev->run, 0);
    return left;
}

static int rx_get(struct devices *dev) {
    struct uart *u = &dev->uart;
    if (u->rx_count == 0)
        return -1;
    uint8_t byte = u->rx[u->rx_first];
    u->rx_first = (u->rx_first + 1) % UART_FIFO_BYTES;
    u->rx_count--;
    if (UNLIKELY(dev->line != NULL))
        refill(dev);
    return byte;
}

int console_get(struct devices *dev) {
    uart_receive(dev);
    return rx_get(dev);
}

COLD bool console_is_over(const struct devices *dev) {
    if (dev->line != NULL)
        return line_is_over(dev->line);
    return (native_csrr(CSR_UART_STATUS) & NATIVE_UART_INPUT_OVER) != 0;
}

static uint32_t trigger_level(const struct uart *u) {
    static const uint8_t levels[] = {1, 4, 8, 14};
    return (u->fcr & FCR_FIFO) != 0 ? levels[u->fcr >> 6] : 1;
}

/* The interrupt of highest priority, as IIR names it. */
static uint8_t interrupt_id(const struct uart *u) {
    if ((u->ier & IER_LINE_STATUS) != 0 && u->has_overrun)
        return IIR_LINE_STATUS;
    if ((u->ier & IER_RX) != 0 && u->rx_count > 0)
        return u->rx_count >= trigger_level(u) ? IIR_RX_READY : IIR_RX_TIMEOUT;
    return (u->ier & IER_TX) != 0 && u->is_tx_due ? IIR_TX_EMPTY : IIR_NONE;
}

bool uart_interrupts(const struct uart *u) {
    return interrupt_id(u) != IIR_NONE;
}

static uint8_t load_iir(struct uart *u) {
    uint8_t id = interrupt_id(u);
    if (id == IIR_TX_EMPTY)
        u->is_tx_due = false;
    return (uint8_t)(((u->fcr & FCR_FIFO) != 0 ? IIR_FIFO : 0) | id);
}

static uint8_t load_lsr(struct uart *u) {
    uint8_t value = LSR_TX_EMPTY;
    if (u->rx_count > 0)
        value |= LSR_DATA_READY;
    if (u->has_overrun)
        value |= LSR_OVERRUN;
    u->has_overrun = false;
    return value;
}

/* In loopback the modem's outputs come back as its inputs. */
static uint8_t load_msr(const struct uart *u) {
    if ((u->mcr & MCR_LOOP) == 0)
        return MSR_CONNECTED;
    return (uint8_t)((u->mcr & MCR_OUTS) << 4 | (u->mcr & MCR_RTS) << 3 | (u->mcr & MCR_DTR) << 5);
}

static uint8_t load_register(struct devices *dev, uint32_t offset) {
    struct uart *u = &dev->uart;
    bool is_divisor = (u->lcr & LCR_DLAB) != 0;
    int byte;
    switch (offset) {
    case UART_DATA:
        if (is_divisor)
            return u->dll;
        byte = rx_get(dev);
        return byte < 0 ? 0 : (uint8_t)byte;
    case UART_IER:
        return is_divisor ? u->dlm : u->ier;
    case UART_IIR_FCR:
        return load_iir(u);
    case UART_LCR:
        return u->lcr;
    case UART_MCR:
        return u->mcr;
    case UART_LSR:
        return load_lsr(u);
    case UART_MSR:
        return load_msr(u);
    default:
        return u->scr;
    }
}

/* A load can move the line only if an interrupt is enabled. Whatever the size, one register. */
uint32_t uart_load(struct devices *dev, uint32_t offset, uint32_t bytes) {
    struct uart *u = &dev->uart;
    (void)bytes;
    receive(dev);
    if (u->ier != 0)
        dev->is_kicked = true;
    return load_register(dev, offset);
}

static void store_data(struct devices *dev, uint8_t value) {
    struct uart *u = &dev->uart;
    if ((u->mcr & MCR_LOOP) != 0)
        rx_put(u, value);
    else
        console_put(dev, value);
    u->is_tx_due = true;
}

static void store_ier(struct uart *u, uint8_t value) {
    if (((u->ier ^ value) & IER_TX) != 0)
        u->is_tx_due = (value & IER_TX) != 0;
    u->ier = value & IER_ALL;
}

static void store_fcr(struct uart *u, uint8_t value) {
    if (((u->fcr ^ value) & FCR_FIFO) != 0)
        value |= FCR_CLEAR_RX | FCR_CLEAR_TX;
    if ((value & FCR_CLEAR_RX) != 0)
        u->rx_count = 0;
    if ((value & FCR_CLEAR_TX) != 0)
        u->is_tx_due = true;
    u->fcr = value & FCR_KEPT;
}

/* Nor can a store, but a byte may take its time to be sent: a guest that waits for interrupts has
 * them looked at before it sends more. */
enum interp_dev_result uart_store(struct devices *dev, uint32_t offset, uint32_t bytes,
                                  uint32_t word) {
    struct uart *u = &dev->uart;
    uint8_t value = (uint8_t)word, old_ier = u->ier;
    (void)bytes;
    bool is_divisor = (u->lcr & LCR_DLAB) != 0;
    switch (offset) {
    case UART_DATA:
        if (is_divisor)
            u->dll = value;
        else
            store_data(dev, value);
        break;
    case UART_IER:
        if (is_divisor)
            u->dlm = value;
        else
            store_ier(u, value);
        break;
    case UART_IIR_FCR:
        store_fcr(u, value);
        break;
    case UART_LCR:
        u->lcr = value;
        break;
    case UART_MCR:
        u->mcr = value & MCR_ALL;
        break;
    case UART_SCR:
        u->scr = value;
        break;
    default: /* LSR and MSR are read only */
        break;
    }
    return (old_ier | u->ier | dev->env.priv->mie) != 0 ? INTERP_DEV_EVENT : INTERP_DEV_OK;
}
