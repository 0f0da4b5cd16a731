/* SPDX-License-Identifier: MIT
 * Virtual PLIC with QEMU's two contexts, the hart's M mode and its S mode, whose line goes nowhere.
 * All 96 sources have their registers, but only the UART and the RTC have lines. Lines are levels.
 * A source becomes pending when its line is high and no request of it is claimed, and stays so
 * until it is claimed, even if the line falls (as the PLIC specification has it, and QEMU). Offsets
 * without a register read 0 and drop writes.
 */
#include "firmware/dev/devices.h"

enum {
    PLIC_PRIORITY = 0x0,
    PLIC_PENDING = 0x1000,
    PLIC_ENABLE = 0x2000,
    PLIC_ENABLE_BYTES = 0x80, /* of a context */
    PLIC_CONTEXT = 0x200000,
    PLIC_CONTEXT_BYTES = 0x1000,
    THRESHOLD = 0x0, /* in a context */
    CLAIM = 0x4,
    PRIORITY_MASK = 7,
    M_MODE = 0, /* context */
};

#define DEVICE_LINE(name, source) | 1 << (source)
enum {
    ALL_LINES = 0
#include "firmware/dev/devices.def"
    ,
    FIRST_LINE = __builtin_ctz(ALL_LINES),
    LAST_LINE = 31 - __builtin_clz(ALL_LINES)
};

/* The gateways: a high line makes the source pending, unless a request of it is with the hart. */
static void take_lines(struct devices *dev) {
    uint32_t lines = 0;
#define DEVICE_LINE(name, source) lines |= (uint32_t)name##_interrupts(&dev->name) << (source);
#include "firmware/dev/devices.def"
    dev->plic.pending |= lines & ~dev->plic.claimed;
}

/* The source that a claim would give: the highest priority, then the lowest number; 0: none. */
static uint32_t best(const struct plic *p, uint32_t context) {
    uint32_t asking = p->pending & p->contexts[context].enable[0], source = 0;
    uint32_t priority = p->contexts[context].threshold;
    if (asking == 0)
        return 0;
    for (uint32_t n = FIRST_LINE; n <= LAST_LINE; n++)
        if ((asking >> n & 1u) != 0 && p->priority[n] > priority) {
            priority = p->priority[n];
            source = n;
        }
    return source;
}

bool plic_interrupts(struct devices *dev) {
    take_lines(dev);
    return best(&dev->plic, M_MODE) != 0;
}

static uint32_t claim(struct devices *dev, uint32_t context) {
    struct plic *p = &dev->plic;
    uint32_t source = best(p, context);
    if (source != 0) {
        p->claimed |= 1u << source;
        p->pending &= ~(1u << source);
        dev->is_kicked = true;
    }
    return source;
}

static uint32_t *enable_word(struct plic *p, uint32_t offset) {
    uint32_t at = offset - PLIC_ENABLE, word = at % PLIC_ENABLE_BYTES / 4;
    if (at >= PLIC_CONTEXTS * PLIC_ENABLE_BYTES || word >= PLIC_WORDS)
        return NULL;
    return &p->contexts[at / PLIC_ENABLE_BYTES].enable[word];
}

uint32_t plic_load(struct devices *dev, uint32_t offset, uint32_t bytes) {
    struct plic *p = &dev->plic;
    uint32_t at = offset - PLIC_CONTEXT, context = at / PLIC_CONTEXT_BYTES;
    const uint32_t *enable = enable_word(p, offset);
    (void)bytes;
    uart_receive(dev);
    (void)rtc_poll(&dev->rtc);
    take_lines(dev);
    if (enable != NULL)
        return *enable;
    if (offset < PLIC_SOURCES * 4)
        return p->priority[offset / 4];
    if (offset == PLIC_PENDING)
        return p->pending;
    if (context >= PLIC_CONTEXTS)
        return 0;
    if (at % PLIC_CONTEXT_BYTES == THRESHOLD)
        return p->contexts[context].threshold;
    return at % PLIC_CONTEXT_BYTES == CLAIM ? claim(dev, context) : 0;
}

static void complete(struct plic *p, uint32_t source) {
    if (source < 32)
        p->claimed &= ~(1u << source);
}

enum interp_dev_result plic_store(struct devices *dev, uint32_t offset, uint32_t bytes,
                                  uint32_t value) {
    struct plic *p = &dev->plic;
    uint32_t at = offset - PLIC_CONTEXT, context = at / PLIC_CONTEXT_BYTES;
    uint32_t *enable = enable_word(p, offset);
    (void)bytes;
    if (enable != NULL)
        *enable = value;
    else if (offset >= 4 && offset < PLIC_SOURCES * 4)
        p->priority[offset / 4] = value & PRIORITY_MASK;
    else if (context < PLIC_CONTEXTS && at % PLIC_CONTEXT_BYTES == THRESHOLD)
        p->contexts[context].threshold = value & PRIORITY_MASK;
    else if (context < PLIC_CONTEXTS && at % PLIC_CONTEXT_BYTES == CLAIM)
        complete(p, value);
    return INTERP_DEV_EVENT;
}
