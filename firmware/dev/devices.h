/* SPDX-License-Identifier: MIT
 * The guest's virtual devices, as QEMU's `virt` machine shows them:
 *   0x00100000 test finisher · 0x02000000 CLINT (clint.c) · 0x0c000000 PLIC (plic.c)
 *   0x10000000 UART 16550A (uart.c), PLIC source 10 · 0x00101000 RTC (rtc.c), PLIC source 11
 *   0x10100000 firmware configuration (fw_cfg.c) · 0x00001000 reset ROM, 0x10001000 eight empty
 *   virtio slots, 0x20000000 flash (memories.c)
 *   tohost (a word of guest RAM, see htif.c)
 * The guest reaches them through the interpreter only: accesses from translated code trap, are
 * undone and interpreted. Their interrupt lines are levels; irq.c looks at them at commit points.
 */
#ifndef SELKIRK_DEV_DEVICES_H
#define SELKIRK_DEV_DEVICES_H

#include <stdbool.h>
#include <stdint.h>
#include "firmware/guest/load_list.h"
#include "machine.h"
#include "firmware/cms/stats.h"
#include "firmware/dev/line.h"
#include "firmware/dev/run.h"
#include "firmware/dev/time_base.h"
#include "firmware/guest/interp.h"

enum { UART_FIFO_BYTES = 16 };
enum { PLIC_SOURCES = 97, PLIC_WORDS = 3, PLIC_CONTEXTS = 2 };

/* The state of each device that has any, and what it answers with (devices.def). */
#define DEVICE_STATE(name, ...)                                                                    \
    struct name {                                                                                  \
        __VA_ARGS__                                                                                \
    };
#include "firmware/dev/devices.def"

struct heap {
    uint32_t start, end; /* guest addresses: where nothing was loaded */
};

struct htif {
    uint32_t tohost;    /* guest address of the 64-bit word, 0: none */
    uint32_t low, high; /* as last looked at */
    uint64_t since;     /* CYCLES when it became so, and how many guest instructions there were */
    uint64_t since_insns;
    uint32_t stored;    /* bit n: byte n was stored to since the word was 0, as far as was seen */
    uint32_t n_watched; /* stretches that are interpreted to see stores, still to come */
};

/* What the devices reach beyond themselves. */
struct dev_env {
    struct cms_stats *stats;
    const struct guest_mem *mem;
    const struct load_list *load;
    const struct guest_priv *priv;
};

struct devices {
    struct run run;
    bool is_kicked; /* an interrupt line may have changed: look before the guest goes on */
    struct dev_env env;
#define DEVICE_STATE(name, ...) struct name name;
#include "firmware/dev/devices.def"
    struct heap heap;
    struct htif htif;
    struct line *line; /* to the workstation, instead of the bare native UART; NULL: none */
};

/* As after power-on, but for the time of the RTC. */
void devices_init(struct devices *dev, const struct dev_env *env, struct line *line);
/* An access outside RAM, of 1, 2 or 4 bytes, to a multiple of that (interp.h). */
enum interp_dev_result devices_load(struct devices *dev, uint32_t addr, uint32_t bytes,
                                    uint32_t *value);
enum interp_dev_result devices_store(struct devices *dev, uint32_t addr, uint32_t bytes,
                                     uint32_t value);
/* The counters. The caller sees to it that two words belong together. */
uint32_t devices_read_csr(const struct devices *dev, enum rv_csr csr);
/* One byte to the guest's console; -1 or one byte from it. */
void console_put(struct devices *dev, uint8_t byte);
int console_get(struct devices *dev);
bool console_is_over(const struct devices *dev); /* no byte is left, and none will come */
/* Is there a whole message in tohost? Does what it says. is_idle: the guest is in WFI. While
 * n_watched is not 0, the next stretch of the guest is to be interpreted. */
void htif_look(struct devices *dev, bool is_idle);
/* After a stretch of interpretation, while n_watched is not 0: the next is to be one, too. */
bool htif_watches(struct htif *h);
uint32_t htif_cycles_left(const struct htif *h); /* to when it must be looked at, at the latest */

/* A 64-bit register of which one word is stored to. */
static inline uint64_t word_low(uint64_t old, uint32_t low) {
    return (old & ~(uint64_t)UINT32_MAX) | low;
}
static inline uint64_t word_high(uint64_t old, uint32_t high) {
    return (uint64_t)high << 32 | (uint32_t)old;
}

/* Loads and stores at an offset in a device, of a size that it takes. A store that may have moved
 * an interrupt line is an event; a load that may have kicks. */
#define DEVICE(base, size, size_of_page, load_sizes, store_sizes, load, store)                     \
    uint32_t load(struct devices *dev, uint32_t offset, uint32_t bytes);                           \
    enum interp_dev_result store(struct devices *dev, uint32_t offset, uint32_t bytes,             \
                                 uint32_t value);
#define DEVICE_LINE(name, source) bool name##_interrupts(const struct name *device);
#include "firmware/dev/devices.def"

void uart_init(struct uart *u);
void uart_receive(struct devices *dev);       /* takes what has come into the receive FIFO */
void uart_poll(struct devices *dev);          /* the same, if receiving interrupts */
bool uart_wants_byte(const struct uart *u);   /* uart_poll would take a byte */
uint32_t uart_poll_line(struct devices *dev); /* line_poll, and what it brought; there is a line */

uint64_t clint_platform_ticks(void); /* since power-on; the guest cannot change it */
uint64_t clint_mtime(const struct clint *c);

bool plic_interrupts(struct devices *dev); /* the line to the hart's M mode */

void fw_cfg_init(struct devices *dev);

void rtc_init(struct devices *dev);
uint64_t
rtc_start_seconds(const struct load_list *load); /* since 1970, when the machine is started */
/* Lets the alarm go off if it is time; nanoseconds to it, UINT32_MAX: no less, or it is not set. */
uint32_t rtc_poll(struct rtc *r);

#endif
