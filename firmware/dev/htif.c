/* SPDX-License-Identifier: MIT
 * `tohost`: a 64-bit word of guest RAM (symbol in the ELF) through which simulators' guests talk:
 *   bits 63..48 = 0, bit 0 = 1    exit with status value >> 1
 *   bits 63..48 = 0x0101          byte in the low bits to the console; the word is cleared
 * Anything else is refused. An RV32 guest needs two stores for the word, or more, in any order,
 * with anything between them, and half a console message looks like an exit. So a message counts
 * when it is known to be whole:
 *   1. each of its bytes has been stored to since the word was 0; or
 *   2. it is a console message with a byte that is not 0, whichever half came last; or
 *   3. nothing has changed for HTIF_SETTLE_CYCLES, in which the guest has executed
 *      HTIF_SETTLE_INSNS or waits (a guest that stores no more than the low word).
 * The interpreter sees every store; an instruction that was seen to store there is interpreted from
 * then on. Stores of translated code are found when the timer is due or the guest waits; then the
 * guest is interpreted for a while, to see where they come from; so it is between two halves.
 */
#include "firmware/dev/devices.h"
#include "firmware/native.h"

enum {
    HTIF_CONSOLE_PUT = 0x01010000,
    HTIF_ALL_BYTES = 0xff,
    HTIF_SETTLE_CYCLES = 1 << 20, /* more than interrupts between two stores take */
    HTIF_SETTLE_INSNS = 1 << 16,  /* the same at gear 0 */
    HTIF_WATCH_STRETCHES = 128,
};

static bool is_console(uint32_t high) {
    return (high & 0xffff0000u) == HTIF_CONSOLE_PUT;
}

static void forget(struct htif *h) {
    h->low = h->high = h->stored = 0;
}

static void take(struct devices *dev) {
    struct htif *h = &dev->htif;
    uint32_t low = h->low, high = h->high;
    if (high == 0 && (low & 1u) != 0) {
        run_stop(&dev->run, low >> 1);
    } else if (is_console(high)) {
        console_put(dev, (uint8_t)low);
        guest_store32(dev->env.mem, h->tohost, 0);
        guest_store32(dev->env.mem, h->tohost + 4, 0);
        forget(h);
    } else {
        cms_log("selkirk: guest: unsupported tohost request 0x%x%x\n", high, low);
        run_refuse(&dev->run);
    }
}

static uint64_t guest_insns(void) {
    return native_counter(CSR_INSNS_FW) + native_counter(CSR_INSNS_GUEST);
}

static bool is_settled(const struct htif *h, bool is_idle) {
    return native_counter(CSR_CYCLES) - h->since >= HTIF_SETTLE_CYCLES &&
           (is_idle || guest_insns() - h->since_insns >= HTIF_SETTLE_INSNS);
}

static bool is_whole(const struct htif *h, bool is_idle) {
    return h->stored == HTIF_ALL_BYTES || (is_console(h->high) && h->low != 0) ||
           is_settled(h, is_idle);
}

void htif_look(struct devices *dev, bool is_idle) {
    struct htif *h = &dev->htif;
    if (h->tohost == 0)
        return;
    uint32_t low = guest_load32(dev->env.mem, h->tohost);
    uint32_t high = guest_load32(dev->env.mem, h->tohost + 4);
    if ((low | high) == 0) {
        forget(h);
        return;
    }
    if (low != h->low || high != h->high) {
        h->low = low;
        h->high = high;
        h->since = native_counter(CSR_CYCLES);
        h->since_insns = guest_insns();
    }
    h->n_watched = h->stored != HTIF_ALL_BYTES ? HTIF_WATCH_STRETCHES : 0;
    if (is_whole(h, is_idle))
        take(dev);
}

bool htif_watches(struct htif *h) {
    return --h->n_watched != 0;
}

uint32_t htif_cycles_left(const struct htif *h) {
    return (h->low | h->high) == 0 ? UINT32_MAX : HTIF_SETTLE_CYCLES;
}
