/* SPDX-License-Identifier: MIT
 * Guest interrupts (irq.h): lines of the virtual devices to mip, the native timer's deadline,
 * delivery with its latency, and WFI.
 */
#include "firmware/cms/irq.h"
#include "firmware/cms/limits.h"
#include "firmware/cms/refuse.h"
#include "firmware/native.h"

static uint64_t cycles(void) {
    return native_counter(CSR_CYCLES);
}

/* True: it was low and is high now. */
static bool set_line(struct irq *irq, uint32_t bit, bool is_high) {
    uint32_t *mip = &irq->interp->priv.mip, old = *mip;
    *mip = is_high ? old | bit : old & ~bit;
    return is_high && (old & bit) == 0;
}

static uint32_t at_most(uint32_t value, uint32_t limit) {
    return value < limit ? value : limit;
}

static void set_deadline(struct irq *irq, uint32_t deadline) {
    irq->deadline = deadline;
    native_csrw(CSR_TIMER_CMP, deadline);
}

/* CYCLES when mtime reaches mtimecmp, if it does so after the machine's start. */
static uint64_t timer_due(const struct irq *irq) {
    const struct clint *clint = &irq->dev->clint;
    return time_cycle_of(&irq->time, clint->mtimecmp - clint->offset);
}

/* CYCLES when the timer's line became high, which it is. */
static uint64_t timer_since(const struct irq *irq, uint64_t mtime) {
    const struct clint *clint = &irq->dev->clint;
    uint64_t ticks = mtime - clint->offset; /* the platform's time: the guest does not set it */
    uint64_t since = mtime - clint->mtimecmp <= ticks ? timer_due(irq) : 0;
    /* or time or comparison was set past the other */
    return since < clint->set_at ? clint->set_at : since;
}

/* Takes over all lines and sets the deadline, `longest` cycles from now at most. A deadline at
 * mtimecmp is exact. */
static void look(struct irq *irq, uint32_t longest) {
    const struct clint *clint = &irq->dev->clint;
    uint64_t mtime = clint_mtime(clint);
    uint64_t now = cycles(); /* after mtime: the deadline is not too early */
    bool is_timer = mtime >= clint->mtimecmp;
    if (set_line(irq, PRIV_MIP_MTIP, is_timer))
        irq->timer_since = timer_since(irq, mtime);
    if (set_line(irq, PRIV_MIP_MSIP, clint->msip != 0))
        irq->software_since = now;
    uart_poll(irq->dev);
    uint32_t alarm_left = rtc_poll(&irq->dev->rtc);
    if (set_line(irq, PRIV_MIP_MEIP, plic_interrupts(irq->dev)))
        irq->external_since = now;
    stats_add(irq->stats, STAT_IRQ_LOOKS, 1);
    longest = at_most(longest, time_cycles_in(&irq->time, alarm_left));
    longest = at_most(longest, htif_cycles_left(&irq->dev->htif));
    if (UNLIKELY(irq->dev->line != NULL))
        longest = at_most(longest, uart_poll_line(irq->dev));
    if (!is_timer && clint->mtimecmp - mtime < time_ticks_in(&irq->time, longest))
        set_deadline(irq, (uint32_t)timer_due(irq));
    else
        set_deadline(irq, (uint32_t)now + longest);
    irq->dev->is_kicked = false;
}

static void look_at_lines(struct irq *irq) {
    look(irq, irq->period);
}

void irq_note_change(struct irq *irq) {
    const struct guest_priv *p = &irq->interp->priv;
    bool is_open = p->mode != PRIV_M || (p->mstatus & MSTATUS_MIE) != 0;
    uint32_t enabled = is_open ? p->mie : 0, more = enabled & ~irq->enabled;
    if (more != 0) {
        uint64_t now = cycles();
        irq->open_since = irq->enabled == 0 ? now : irq->open_since;
        irq->timer_since = (more & PRIV_MIP_MTIP) != 0 ? now : irq->timer_since;
        irq->software_since = (more & PRIV_MIP_MSIP) != 0 ? now : irq->software_since;
        irq->external_since = (more & PRIV_MIP_MEIP) != 0 ? now : irq->external_since;
    }
    irq->enabled = enabled;
}

static void count_delivery(struct irq *irq, uint32_t cause) {
    uint64_t since = irq->external_since;
    if (cause == (CAUSE_INTERRUPT | IRQ_MTI)) {
        since = irq->timer_since;
        stats_add(irq->stats, STAT_IRQ_TIMER, 1);
    } else if (cause == (CAUSE_INTERRUPT | IRQ_MSI)) {
        since = irq->software_since;
        stats_add(irq->stats, STAT_IRQ_SOFTWARE, 1);
    } else {
        stats_add(irq->stats, STAT_IRQ_EXTERNAL, 1);
    }
    irq->late_since = since > irq->open_since ? since : irq->open_since;
    irq->is_taken = true;
}

bool irq_is_late(const struct irq *irq) {
    return cycles() - irq->late_since >= IRQ_LATE_CYCLES;
}

void irq_count_latency(struct irq *irq) {
    uint64_t latency = cycles() - irq->late_since;
    irq->is_taken = false;
    irq->stats->now[STAT_IRQ_LATENCY_CYCLES] += latency;
    if (latency > irq->stats->now[STAT_IRQ_LATENCY_MAX])
        irq->stats->now[STAT_IRQ_LATENCY_MAX] = latency;
}

static void deliver(struct irq *irq) {
    uint32_t cause = priv_pending_interrupt(&irq->interp->priv);
    if (cause == 0)
        return;
    count_delivery(irq, cause);
    if (!interp_interrupt(irq->interp, cause))
        refuse_fault(irq->interp, &irq->dev->run);
    irq_note_change(irq);
}

void irq_check(struct irq *irq) {
    const struct guest_priv *p = &irq->interp->priv;
    if (irq->dev->is_kicked) /* irq_poll does it */
        return;
    irq_note_change(irq);
    if ((p->mip & irq->enabled) != 0)
        deliver(irq);
}

void irq_poll(struct irq *irq) {
    irq_note_change(irq);
    htif_look(irq->dev, false);
    look_at_lines(irq);
    deliver(irq);
}

/* What it finds is taken after this stretch of interpretation, as after an access to a device. */
uint32_t irq_read_mip(struct irq *irq) {
    const struct guest_priv *p = &irq->interp->priv;
    look_at_lines(irq);
    if ((p->mip & p->mie) != 0)
        irq->dev->is_kicked = true;
    return p->mip;
}

/* Stands still until the deadline, when a line may have changed, or until a byte has come, if that
 * counts. What the native UART holds and nobody takes must not count: it would for ever. (A line
 * takes every byte.) */
static void stand_still(struct irq *irq, bool wants_byte) {
    stats_add(irq->stats, STAT_WAITS, 1);
    if (wants_byte || uart_wants_byte(&irq->dev->uart) || irq->dev->line != NULL)
        native_wait(NATIVE_WAIT_BYTE);
    else
        native_wait(NATIVE_WAIT_TIMER);
}

/* After a look that was for a wait: the guest goes on. */
static void shorten_deadline(struct irq *irq) {
    uint32_t latest = native_csrr(CSR_CYCLES) + irq->period;
    if ((int32_t)(irq->deadline - latest) > 0)
        set_deadline(irq, latest);
}

/* Time passes here, in firmware mode, until a line that mie names is high. */
void irq_wait(struct irq *irq) {
    uint64_t begin = cycles();
    stats_add(irq->stats, STAT_WFI, 1);
    irq_note_change(irq);
    htif_look(irq->dev, true);
    look(irq, IRQ_IDLE_CYCLES);
    while (!priv_wfi_is_over(&irq->interp->priv) && !irq->dev->run.is_stopped) {
        stand_still(irq, false);
        htif_look(irq->dev, true);
        look(irq, IRQ_IDLE_CYCLES);
    }
    shorten_deadline(irq);
    irq->stats->now[STAT_WFI_CYCLES] += cycles() - begin;
    deliver(irq);
}

void irq_wait_for_byte(struct irq *irq, uint32_t longest) {
    const struct guest_priv *p = &irq->interp->priv;
    irq_note_change(irq);
    look(irq, longest);
    if ((p->mip & irq->enabled) == 0) {
        stand_still(irq, true);
        look(irq, longest);
    }
    shorten_deadline(irq);
    deliver(irq);
}

bool irq_is_due(struct irq *irq) {
    if (!irq->dev->is_kicked && (int32_t)(native_csrr(CSR_CYCLES) - irq->deadline) < 0)
        return false;
    look_at_lines(irq);
    if (priv_pending_interrupt(&irq->interp->priv) != 0)
        irq->dev->is_kicked = true;
    return irq->dev->is_kicked;
}

void irq_init(struct irq *irq, struct interp *interp, struct devices *dev, struct cms_stats *stats,
              uint32_t chaos_period) {
    *irq = (struct irq){.interp = interp, .dev = dev, .stats = stats, .period = POLL_PERIOD_CYCLES};
    time_init(&irq->time, native_csrr(CSR_TIME_STEP));
    if (chaos_period != 0)
        irq->period = chaos_period;
    look_at_lines(irq);
    dev->is_kicked = true; /* loading the guest may take any time */
    native_csrw(CSR_TIMER_ON, 1);
}
