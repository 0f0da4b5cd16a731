/* SPDX-License-Identifier: MIT
 * Virtual devices that the guest sees at addresses outside RAM (devices.h): test finisher, CLINT
 * without interrupts, UART 16550 for code that polls. Every access teaches the profiler that the
 * instruction is for the interpreter. An address with no device behind it is an access fault.
 */
#include "translator/cms.h"
#include "firmware/native.h"

enum { FINISHER_BASE = 0x00100000, FINISHER_PASS = 0x5555, FINISHER_FAIL = 0x3333 };

enum {
    CLINT_BASE = 0x02000000,
    CLINT_BYTES = 0x10000,
    CLINT_MSIP = 0x0,
    CLINT_MTIMECMP = 0x4000,
    CLINT_MTIMECMP_HIGH = 0x4004,
    CLINT_MTIME = 0xbff8,
    CLINT_MTIME_HIGH = 0xbffc,
};

enum { UART_BASE = 0x10000000, UART_BYTES = 8 };
/* 16550 registers by offset; DLAB (LCR bit 7) puts the divisor over the first two. */
enum { UART_DATA, UART_IER, UART_IIR_FCR, UART_LCR, UART_MCR, UART_LSR, UART_MSR, UART_SCR };
enum {
    LCR_DLAB = 0x80,
    LSR_DATA_READY = 0x01,
    LSR_TX_EMPTY = 0x60, /* holding register and shifter: sent at once */
    IIR_NONE = 0x01,
    IIR_TX_EMPTY = 0x02,
    IIR_RX_READY = 0x04,
    IIR_FIFO = 0xc0,
    IER_RX = 0x01,
    IER_TX = 0x02,
    FCR_FIFO = 0x01,
    MSR_CONNECTED = 0xb0, /* DCD, DSR, CTS: as QEMU's */
    MCR_RESET = 0x08,
    DLL_RESET = 0x0c,
};

enum { NATIVE_RX_NONE_BIT = 31, UART_STATUS_TX_READY = 1 };

void console_put(struct cms *cms, uint8_t byte) {
    while ((native_csrr(CSR_UART_STATUS) & UART_STATUS_TX_READY) == 0)
        ;
    native_csrw(CSR_UART_TX, byte);
    stat_add(cms, STAT_CONSOLE_BYTES, 1);
}

/* Looks whether a byte has come in; it waits in dev->rx. */
static bool has_input(struct devices *dev) {
    if (!dev->has_rx) {
        uint32_t in = native_csrr(CSR_UART_RX);
        dev->has_rx = in >> NATIVE_RX_NONE_BIT == 0;
        dev->rx = (uint8_t)in;
    }
    return dev->has_rx;
}

int console_get(struct cms *cms) {
    if (!has_input(&cms->dev))
        return -1;
    cms->dev.has_rx = false;
    return cms->dev.rx;
}

static uint8_t uart_interrupt(struct devices *dev) {
    uint8_t fifo = (dev->uart_fcr & FCR_FIFO) != 0 ? IIR_FIFO : 0;
    if ((dev->uart_ier & IER_RX) != 0 && has_input(dev))
        return fifo | IIR_RX_READY;
    return (uint8_t)(fifo | ((dev->uart_ier & IER_TX) != 0 ? IIR_TX_EMPTY : IIR_NONE));
}

static uint8_t uart_load(struct cms *cms, uint32_t offset) {
    struct devices *dev = &cms->dev;
    bool is_divisor = (dev->uart_lcr & LCR_DLAB) != 0;
    int byte;
    switch (offset) {
    case UART_DATA:
        if (is_divisor)
            return dev->uart_dll;
        byte = console_get(cms);
        return byte < 0 ? 0 : (uint8_t)byte;
    case UART_IER:
        return is_divisor ? dev->uart_dlm : dev->uart_ier;
    case UART_IIR_FCR:
        return uart_interrupt(dev);
    case UART_LCR:
        return dev->uart_lcr;
    case UART_MCR:
        return dev->uart_mcr;
    case UART_LSR:
        return has_input(dev) ? LSR_TX_EMPTY | LSR_DATA_READY : LSR_TX_EMPTY;
    case UART_MSR:
        return MSR_CONNECTED;
    default:
        return dev->uart_scr;
    }
}

static void uart_store(struct cms *cms, uint32_t offset, uint8_t value) {
    struct devices *dev = &cms->dev;
    bool is_divisor = (dev->uart_lcr & LCR_DLAB) != 0;
    switch (offset) {
    case UART_DATA:
        if (is_divisor)
            dev->uart_dll = value;
        else
            console_put(cms, value);
        break;
    case UART_IER:
        if (is_divisor)
            dev->uart_dlm = value;
        else
            dev->uart_ier = value & 0x0f;
        break;
    case UART_IIR_FCR:
        dev->uart_fcr = value & 0xc9;
        break;
    case UART_LCR:
        dev->uart_lcr = value;
        break;
    case UART_MCR:
        dev->uart_mcr = value & 0x1f;
        break;
    case UART_SCR:
        dev->uart_scr = value;
        break;
    default: /* LSR and MSR are read only */
        break;
    }
}

static enum interp_dev_result clint_load(struct devices *dev, uint32_t offset, uint32_t *value) {
    switch (offset) {
    case CLINT_MSIP:
        *value = dev->msip;
        return INTERP_DEV_OK;
    case CLINT_MTIMECMP:
        *value = dev->mtimecmp;
        return INTERP_DEV_OK;
    case CLINT_MTIMECMP_HIGH:
        *value = dev->mtimecmp_high;
        return INTERP_DEV_OK;
    case CLINT_MTIME:
        *value = native_csrr(CSR_TIME_TICKS);
        return INTERP_DEV_OK;
    case CLINT_MTIME_HIGH:
        *value = native_csrr(CSR_TIME_TICKSH);
        return INTERP_DEV_OK;
    default:
        return INTERP_DEV_NONE;
    }
}

static enum interp_dev_result clint_store(struct devices *dev, uint32_t offset, uint32_t value) {
    switch (offset) {
    case CLINT_MSIP:
        dev->msip = value & 1u;
        return INTERP_DEV_OK;
    case CLINT_MTIMECMP:
        dev->mtimecmp = value;
        return INTERP_DEV_OK;
    case CLINT_MTIMECMP_HIGH:
        dev->mtimecmp_high = value;
        return INTERP_DEV_OK;
    default: /* mtime cannot be set */
        return INTERP_DEV_NONE;
    }
}

static enum interp_dev_result finisher_store(struct cms *cms, uint32_t value) {
    uint32_t code = value & 0xffffu;
    if (code == FINISHER_PASS)
        cms_stop(cms, 0);
    else if (code == FINISHER_FAIL)
        cms_stop(cms, value >> 16);
    else
        return INTERP_DEV_NONE; /* reset is not offered */
    return INTERP_DEV_EXIT;
}

static enum interp_dev_result load(void *ctx, uint32_t addr, uint32_t bytes, uint32_t *value) {
    struct cms *cms = ctx;
    site_add(cms, cms->interp.pc);
    stat_add(cms, STAT_DEVICE_READS, 1);
    *value = 0;
    if (addr - UART_BASE < UART_BYTES)
        *value = uart_load(cms, addr - UART_BASE);
    else if (addr - CLINT_BASE < CLINT_BYTES && bytes == 4)
        return clint_load(&cms->dev, addr - CLINT_BASE, value);
    else if (addr != FINISHER_BASE)
        return INTERP_DEV_NONE;
    return INTERP_DEV_OK;
}

static enum interp_dev_result store(void *ctx, uint32_t addr, uint32_t bytes, uint32_t value) {
    struct cms *cms = ctx;
    site_add(cms, cms->interp.pc);
    stat_add(cms, STAT_DEVICE_WRITES, 1);
    if (addr - UART_BASE < UART_BYTES) {
        uart_store(cms, addr - UART_BASE, (uint8_t)value);
        return INTERP_DEV_OK;
    }
    if (addr - CLINT_BASE < CLINT_BYTES && bytes == 4)
        return clint_store(&cms->dev, addr - CLINT_BASE, value);
    return addr == FINISHER_BASE ? finisher_store(cms, value) : INTERP_DEV_NONE;
}

static uint32_t read_csr(void *ctx, enum rv_csr csr) {
    (void)ctx;
    switch (csr) {
    case RV_CSR_CYCLE:
        return (uint32_t)native_counter(CSR_CYCLES);
    case RV_CSR_CYCLEH:
        return (uint32_t)(native_counter(CSR_CYCLES) >> 32);
    case RV_CSR_TIME:
        return native_csrr(CSR_TIME_TICKS);
    case RV_CSR_TIMEH:
        return native_csrr(CSR_TIME_TICKSH);
    case RV_CSR_INSTRET:
        return (uint32_t)(native_counter(CSR_INSNS_FW) + native_counter(CSR_INSNS_GUEST));
    case RV_CSR_INSTRETH:
        return (uint32_t)((native_counter(CSR_INSNS_FW) + native_counter(CSR_INSNS_GUEST)) >> 32);
    }
    return 0;
}

void devices_init(struct cms *cms) {
    cms->dev.ops.ctx = cms;
    cms->dev.ops.load = load;
    cms->dev.ops.store = store;
    cms->dev.ops.read_csr = read_csr;
    cms->dev.uart_mcr = MCR_RESET;
    cms->dev.uart_dll = DLL_RESET;
    cms->dev.mtimecmp = cms->dev.mtimecmp_high = 0;
}
