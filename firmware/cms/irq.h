/* SPDX-License-Identifier: MIT
 * Guest interrupts. The virtual devices' lines (timer, software, external) are levels; they are
 * looked at when the native timer says so (deadline: mtimecmp, RTC alarm, or the poll period), and
 * after an instruction that may have changed them or what is enabled. A pending and enabled
 * interrupt is taken there and then: always at a commit point, before the next instruction.
 *
 *   dev->is_kicked = true; // a line may have changed: look at them before going on
 *   irq_check(irq);        // mie, mstatus or mode have changed; the lines have not
 *   irq_poll(irq);         // look, set the native timer anew, take what is to be taken
 *
 * Latency: cycles from the later of "line high" and "enabled" to the moment when the handler's
 * first instruction is interpreted or its translation entered.
 */
#ifndef SELKIRK_CMS_IRQ_H
#define SELKIRK_CMS_IRQ_H

#include <stdbool.h>
#include <stdint.h>
#include "firmware/dev/devices.h"
#include "firmware/dev/time_base.h"
#include "firmware/guest/interp.h"

/* The longest wait in one piece; differences of CYCLES are right up to twice as many. */
enum { IRQ_IDLE_CYCLES = 1 << 30 };

struct irq {
    struct interp *interp;
    struct devices *dev;
    struct cms_stats *stats;
    uint32_t deadline; /* low word of CYCLES; also in CSR TIMER_CMP */
    uint32_t period;   /* cycles between two looks, at most */
    struct time_base time;
    bool is_taken;    /* its handler has not begun yet */
    uint32_t enabled; /* as last seen: what the guest would take, bits of mip */
    /* CYCLES, whole: a line may be high, or the machine stand still, for any time */
    uint64_t late_since; /* of the one taken: when it was pending and enabled */
    uint64_t open_since; /* when enabled became more than nothing */
    /* when the line became high, or was enabled */
    uint64_t timer_since, software_since, external_since;
};

/* chaos_period: cycles between two looks at most, 0: as usual. */
void irq_init(struct irq *irq, struct interp *interp, struct devices *dev, struct cms_stats *stats,
              uint32_t chaos_period);
void irq_poll(struct irq *irq);
uint32_t irq_read_mip(struct irq *irq); /* the guest reads mip: as the lines are now */
void irq_note_change(struct irq *irq);  /* the guest has changed what it would take */
void irq_check(struct irq *irq);        /* the same, and takes what is pending as far as is known */
void irq_wait(struct irq *irq);         /* WFI: until something enabled is pending */
/* Time passes until a byte has been received, an interrupt is taken, or `longest` cycles
 * (IRQ_IDLE_CYCLES at most) are over, or less. */
void irq_wait_for_byte(struct irq *irq, uint32_t longest);
/* Is there one to be taken, as the lines are now? It is taken as soon as the dispatcher looks. For
 * what takes long and can stop in the middle. */
bool irq_is_due(struct irq *irq);
/* The interrupt taken, whose handler has not begun, has waited for long: no time to translate. */
bool irq_is_late(const struct irq *irq);
void irq_count_latency(struct irq *irq); /* the handler of the interrupt taken begins now */

#endif
