/* SPDX-License-Identifier: MIT
 * Virtual PLIC with one context, the hart's M mode. All 96 sources have their registers, but only
 * the UART's has a line. Lines are levels. A source becomes pending when its line is high and no
 * request of it is claimed, and stays so until it is claimed, even if the line falls (as the PLIC
 * specification has it, and QEMU). Offsets without a register read 0 and drop writes.
 */
#include "translator/cms.h"

enum {
    PLIC_PRIORITY = 0x0,
    PLIC_PENDING = 0x1000,
    PLIC_ENABLE = 0x2000,
    PLIC_THRESHOLD = 0x200000,
    PLIC_CLAIM = 0x200004,
    PRIORITY_MASK = 7,
};

static uint32_t bit_of(uint32_t source) {
    return 1u << source % 32;
}

/* The gateway: a high line makes the source pending, unless a request of it is with the hart. */
static void take_lines(struct devices *dev) {
    struct plic *p = &dev->plic;
    const uint32_t source = PLIC_UART_SOURCE;
    if (uart_interrupts(&dev->uart) && (p->claimed[source / 32] & bit_of(source)) == 0)
        p->is_uart_pending = true;
}

/* The source that a claim would give; 0: none. There is only one that can be. */
static uint32_t best(struct devices *dev) {
    const struct plic *p = &dev->plic;
    const uint32_t source = PLIC_UART_SOURCE;
    take_lines(dev);
    bool is_enabled = (p->enable[source / 32] & bit_of(source)) != 0;
    return is_enabled && p->priority[source] > p->threshold && p->is_uart_pending ? source : 0;
}

bool plic_interrupts(struct devices *dev) {
    return best(dev) != 0;
}

static uint32_t claim(struct cms *cms) {
    uint32_t source = best(&cms->dev);
    if (source != 0) {
        cms->dev.plic.claimed[source / 32] |= bit_of(source);
        cms->dev.plic.is_uart_pending = false;
    }
    return source;
}

uint32_t plic_load(struct cms *cms, uint32_t offset) {
    struct plic *p = &cms->dev.plic;
    uart_receive(&cms->dev.uart);
    take_lines(&cms->dev);
    if (offset < PLIC_SOURCES * 4)
        return p->priority[offset / 4];
    if (offset == PLIC_PENDING + PLIC_UART_SOURCE / 32 * 4)
        return p->is_uart_pending ? bit_of(PLIC_UART_SOURCE) : 0;
    if (offset - PLIC_ENABLE < PLIC_WORDS * 4)
        return p->enable[(offset - PLIC_ENABLE) / 4];
    if (offset == PLIC_THRESHOLD)
        return p->threshold;
    return offset == PLIC_CLAIM ? claim(cms) : 0;
}

void plic_store(struct cms *cms, uint32_t offset, uint32_t value) {
    struct plic *p = &cms->dev.plic;
    if (offset >= 4 && offset < PLIC_SOURCES * 4)
        p->priority[offset / 4] = value & PRIORITY_MASK;
    else if (offset - PLIC_ENABLE < PLIC_WORDS * 4)
        p->enable[(offset - PLIC_ENABLE) / 4] = offset == PLIC_ENABLE ? value & ~1u : value;
    else if (offset == PLIC_THRESHOLD)
        p->threshold = value & PRIORITY_MASK;
    else if (offset == PLIC_CLAIM && value < PLIC_SOURCES)
        p->claimed[value / 32] &= ~bit_of(value);
}
