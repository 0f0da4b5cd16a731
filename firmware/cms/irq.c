/* SPDX-License-Identifier: MIT
 * Guest interrupts (irq.h): lines of the virtual devices to mip, the native timer's deadline,
 * delivery with its latency, and WFI.
 */
#include "firmware/cms/cms.h"
#include "firmware/native.h"

static uint64_t cycles(void) {
    return native_counter(CSR_CYCLES);
}

/* True: it was low and is high now. */
static bool set_line(struct cms *cms, uint32_t bit, bool is_high) {
    uint32_t *mip = &cms->interp.priv.mip, old = *mip;
    *mip = is_high ? old | bit : old & ~bit;
    return is_high && (old & bit) == 0;
}

static uint32_t at_most(uint32_t value, uint32_t limit) {
    return value < limit ? value : limit;
}

static void set_deadline(struct cms *cms, uint32_t deadline) {
    cms->irq.deadline = deadline;
    native_csrw(CSR_TIMER_CMP, deadline);
}

/* CYCLES when mtime reaches mtimecmp, if it does so after the machine's start. */
static uint64_t timer_due(const struct cms *cms) {
    const struct clint *clint = &cms->dev.clint;
    return time_cycle_of(&cms->irq.time, clint->mtimecmp - clint->offset);
}

/* CYCLES when the timer's line became high, which it is. */
static uint64_t timer_since(const struct cms *cms, uint64_t mtime) {
    const struct clint *clint = &cms->dev.clint;
    uint64_t ticks = mtime - clint->offset; /* the platform's time: the guest does not set it */
    uint64_t since = mtime - clint->mtimecmp <= ticks ? timer_due(cms) : 0;
    /* or time or comparison was set past the other */
    return since < clint->set_at ? clint->set_at : since;
}

/* Takes over all lines and sets the deadline, `longest` cycles from now at most. A deadline at
 * mtimecmp is exact. */
static void look(struct cms *cms, uint32_t longest) {
    struct irq *irq = &cms->irq;
    const struct clint *clint = &cms->dev.clint;
    uint64_t mtime = clint_mtime(clint);
    uint64_t now = cycles(); /* after mtime: the deadline is not too early */
    bool is_timer = mtime >= clint->mtimecmp;
    if (set_line(cms, PRIV_MIP_MTIP, is_timer))
        irq->timer_since = timer_since(cms, mtime);
    if (set_line(cms, PRIV_MIP_MSIP, clint->msip != 0))
        irq->software_since = now;
    uart_poll(&cms->dev.uart);
    uint32_t alarm_left = rtc_poll(&cms->dev.rtc);
    if (set_line(cms, PRIV_MIP_MEIP, plic_interrupts(&cms->dev)))
        irq->external_since = now;
    stat_add(cms, STAT_IRQ_LOOKS, 1);
    longest = at_most(longest, time_cycles_in(&irq->time, alarm_left));
    longest = at_most(longest, htif_cycles_left(cms));
    if (!is_timer && clint->mtimecmp - mtime < time_ticks_in(&irq->time, longest))
        set_deadline(cms, (uint32_t)timer_due(cms));
    else
        set_deadline(cms, (uint32_t)now + longest);
    irq->is_kicked = false;
}

static void look_at_lines(struct cms *cms) {
    look(cms, cms->irq.period);
}

void irq_note_change(struct cms *cms) {
    const struct guest_priv *p = &cms->interp.priv;
    struct irq *irq = &cms->irq;
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

static void count_delivery(struct cms *cms, uint32_t cause) {
    struct irq *irq = &cms->irq;
    uint64_t since = irq->external_since;
    if (cause == (CAUSE_INTERRUPT | IRQ_MTI)) {
        since = irq->timer_since;
        stat_add(cms, STAT_IRQ_TIMER, 1);
    } else if (cause == (CAUSE_INTERRUPT | IRQ_MSI)) {
        since = irq->software_since;
        stat_add(cms, STAT_IRQ_SOFTWARE, 1);
    } else {
        stat_add(cms, STAT_IRQ_EXTERNAL, 1);
    }
    irq->late_since = since > irq->open_since ? since : irq->open_since;
    irq->is_taken = true;
}

bool irq_is_late(const struct cms *cms) {
    return cycles() - cms->irq.late_since >= IRQ_LATE_CYCLES;
}

void irq_count_latency(struct cms *cms) {
    uint64_t latency = cycles() - cms->irq.late_since;
    cms->irq.is_taken = false;
    cms->stats.now[STAT_IRQ_LATENCY_CYCLES] += latency;
    if (latency > cms->stats.now[STAT_IRQ_LATENCY_MAX])
        cms->stats.now[STAT_IRQ_LATENCY_MAX] = latency;
}

static void deliver(struct cms *cms) {
    uint32_t cause = priv_pending_interrupt(&cms->interp.priv);
    if (cause == 0)
        return;
    count_delivery(cms, cause);
    if (!interp_interrupt(&cms->interp, cause))
        cms_refuse_fault(cms);
    irq_note_change(cms);
}

void irq_check(struct cms *cms) {
    const struct guest_priv *p = &cms->interp.priv;
    if (cms->irq.is_kicked) /* irq_poll does it */
        return;
    irq_note_change(cms);
    if ((p->mip & cms->irq.enabled) != 0)
        deliver(cms);
}

void irq_poll(struct cms *cms) {
    irq_note_change(cms);
    htif_look(cms, false);
    look_at_lines(cms);
    deliver(cms);
}

/* What it finds is taken after this stretch of interpretation, as after an access to a device. */
uint32_t irq_read_mip(struct cms *cms) {
    const struct guest_priv *p = &cms->interp.priv;
    look_at_lines(cms);
    if ((p->mip & p->mie) != 0)
        irq_kick(cms);
    return p->mip;
}

/* Stands still until the deadline, when a line may have changed, or until a byte has come, if that
 * counts. What the native UART holds and nobody takes must not count: it would for ever. */
static void stand_still(struct cms *cms, bool wants_byte) {
    stat_add(cms, STAT_WAITS, 1);
    if (wants_byte || uart_wants_byte(&cms->dev.uart))
        native_wait(NATIVE_WAIT_BYTE);
    else
        native_wait(NATIVE_WAIT_TIMER);
}

/* After a look that was for a wait: the guest goes on. */
static void shorten_deadline(struct cms *cms) {
    uint32_t latest = native_csrr(CSR_CYCLES) + cms->irq.period;
    if ((int32_t)(cms->irq.deadline - latest) > 0)
        set_deadline(cms, latest);
}

/* Time passes here, in firmware mode, until a line that mie names is high. */
void irq_wait(struct cms *cms) {
    uint64_t begin = cycles();
    stat_add(cms, STAT_WFI, 1);
    irq_note_change(cms);
    htif_look(cms, true);
    look(cms, IRQ_IDLE_CYCLES);
    while (!priv_wfi_is_over(&cms->interp.priv) && !cms->is_stopped) {
        stand_still(cms, false);
        htif_look(cms, true);
        look(cms, IRQ_IDLE_CYCLES);
    }
    shorten_deadline(cms);
    cms->stats.now[STAT_WFI_CYCLES] += cycles() - begin;
    deliver(cms);
}

void irq_wait_for_byte(struct cms *cms, uint32_t longest) {
    const struct guest_priv *p = &cms->interp.priv;
    irq_note_change(cms);
    look(cms, longest);
    if ((p->mip & cms->irq.enabled) == 0) {
        stand_still(cms, true);
        look(cms, longest);
    }
    shorten_deadline(cms);
    deliver(cms);
}

bool irq_is_due(struct cms *cms) {
    struct irq *irq = &cms->irq;
    if (!irq->is_kicked && (int32_t)(native_csrr(CSR_CYCLES) - irq->deadline) < 0)
        return false;
    look_at_lines(cms);
    if (priv_pending_interrupt(&cms->interp.priv) != 0)
        irq_kick(cms);
    return irq->is_kicked;
}

void irq_init(struct cms *cms) {
    cms->irq = (struct irq){.period = POLL_PERIOD_CYCLES};
    time_init(&cms->irq.time, native_csrr(CSR_TIME_STEP));
    if ((cms->flags & BOOT_CHAOS_IRQ) != 0)
        cms->irq.period = (cms->flags >> BOOT_CHAOS_IRQ_SHIFT) * BOOT_CHAOS_IRQ_UNIT;
    look_at_lines(cms);
    irq_kick(cms); /* loading the guest may take any time */
    native_csrw(CSR_TIMER_ON, 1);
}
