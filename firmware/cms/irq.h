/* SPDX-License-Identifier: MIT
 * Guest interrupts. The virtual devices' lines (timer, software, external) are levels; they are
 * looked at when the native timer says so (deadline: mtimecmp, RTC alarm, or the poll period), and
 * after an instruction that may have changed them or what is enabled. A pending and enabled
 * interrupt is taken there and then: always at a commit point, before the next instruction.
 *
 *   irq_kick(cms);        // a line may have changed: look at them before going on
 *   irq_check(cms);       // mie, mstatus or mode have changed; the lines have not
 *   irq_poll(cms);        // look, set the native timer anew, take what is to be taken
 *
 * Latency: cycles from the later of "line high" and "enabled" to the moment when the handler's
 * first instruction is interpreted or its translation entered.
 */
#ifndef SELKIRK_CMS_IRQ_H
#define SELKIRK_CMS_IRQ_H

#include <stdbool.h>
#include <stdint.h>
#include "firmware/dev/time_base.h"

/* The longest wait in one piece; differences of CYCLES are right up to twice as many. */
enum { IRQ_IDLE_CYCLES = 1 << 30 };

struct irq {
    uint32_t deadline; /* low word of CYCLES; also in CSR TIMER_CMP */
    uint32_t period;   /* cycles between two looks, at most */
    struct time_base time;
    bool is_kicked;
    bool is_taken;    /* its handler has not begun yet */
    uint32_t enabled; /* as last seen: what the guest would take, bits of mip */
    /* CYCLES, whole: a line may be high, or the machine stand still, for any time */
    uint64_t late_since; /* of the one taken: when it was pending and enabled */
    uint64_t open_since; /* when enabled became more than nothing */
    /* when the line became high, or was enabled */
    uint64_t timer_since, software_since, external_since;
};

struct cms;
void irq_init(struct cms *cms);
void irq_poll(struct cms *cms);
uint32_t irq_read_mip(struct cms *cms); /* the guest reads mip: as the lines are now */
void irq_note_change(struct cms *cms);  /* the guest has changed what it would take */
void irq_check(struct cms *cms);        /* the same, and takes what is pending as far as is known */
void irq_wait(struct cms *cms);         /* WFI: until something enabled is pending */
/* Time passes until a byte has been received, an interrupt is taken, or `longest` cycles
 * (IRQ_IDLE_CYCLES at most) are over, or less. */
void irq_wait_for_byte(struct cms *cms, uint32_t longest);
/* Is there one to be taken, as the lines are now? It is taken as soon as the dispatcher looks. For
 * what takes long and can stop in the middle. */
bool irq_is_due(struct cms *cms);
/* The interrupt taken, whose handler has not begun, has waited for long: no time to translate. */
bool irq_is_late(const struct cms *cms);
void irq_count_latency(struct cms *cms); /* the handler of the interrupt taken begins now */

#endif
