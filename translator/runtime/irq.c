/* SPDX-License-Identifier: MIT
 * Guest interrupts (irq.h): lines of the virtual devices to mip, the native timer's deadline,
 * delivery with its latency, and WFI.
 */
#include "translator/cms.h"
#include "firmware/native.h"

enum { CYCLES_PER_TICK = 10, UART_STATUS_HAS_BYTE = 2 };

static void set_line(struct cms *cms, uint32_t bit, bool is_high, uint32_t *since, uint32_t when) {
    uint32_t *mip = &cms->interp.priv.mip;
    if (is_high && (*mip & bit) == 0)
        *since = when;
    *mip = is_high ? *mip | bit : *mip & ~bit;
}

/* Takes over all lines and sets the deadline. A deadline at mtimecmp is exact to a tick. */
static void look_at_lines(struct cms *cms) {
    struct irq *irq = &cms->irq;
    const struct clint *clint = &cms->dev.clint;
    uint64_t mtime = clint_mtime(clint);
    uint32_t now = native_csrr(CSR_CYCLES); /* after mtime: the deadline is not too early */
    uint64_t late = mtime - clint->mtimecmp;
    bool is_timer = mtime >= clint->mtimecmp;
    uint32_t late_cycles = UINT32_MAX; /* of a line that is high from reset, at last */
    if (late < UINT32_MAX / CYCLES_PER_TICK - 1)
        late_cycles = now % CYCLES_PER_TICK + (uint32_t)late * CYCLES_PER_TICK;
    if (late_cycles > now - clint->set_at) /* time or comparison was set past the other */
        late_cycles = now - clint->set_at;
    set_line(cms, PRIV_MIP_MTIP, is_timer, &irq->timer_since, now - late_cycles);
    set_line(cms, PRIV_MIP_MSIP, clint->msip != 0, &irq->software_since, now);
    uart_poll(&cms->dev.uart);
    uint64_t alarm_left = rtc_poll(&cms->dev.rtc);
    set_line(cms, PRIV_MIP_MEIP, plic_interrupts(&cms->dev), &irq->external_since, now);
    stat_add(cms, STAT_IRQ_LOOKS, 1);
    uint64_t ticks_left = is_timer ? UINT64_MAX : 0 - late;
    if (alarm_left < (uint64_t)UINT32_MAX && rtc_ticks_of((uint32_t)alarm_left) < ticks_left)
        ticks_left = rtc_ticks_of((uint32_t)alarm_left);
    irq->deadline = now + irq->period;
    if (ticks_left < irq->period / CYCLES_PER_TICK)
        irq->deadline = now + (uint32_t)ticks_left * CYCLES_PER_TICK;
    native_csrw(CSR_TIMER_CMP, irq->deadline);
    irq->is_kicked = false;
}

void irq_note_change(struct cms *cms) {
    const struct guest_priv *p = &cms->interp.priv;
    struct irq *irq = &cms->irq;
    bool is_open = p->mode != PRIV_M || (p->mstatus & MSTATUS_MIE) != 0;
    uint32_t enabled = is_open ? p->mie : 0, more = enabled & ~irq->enabled;
    if (more != 0) {
        uint32_t now = native_csrr(CSR_CYCLES);
        irq->open_since = irq->enabled == 0 ? now : irq->open_since;
        irq->timer_since = (more & PRIV_MIP_MTIP) != 0 ? now : irq->timer_since;
        irq->software_since = (more & PRIV_MIP_MSIP) != 0 ? now : irq->software_since;
        irq->external_since = (more & PRIV_MIP_MEIP) != 0 ? now : irq->external_since;
    }
    irq->enabled = enabled;
}

static void count_delivery(struct cms *cms, uint32_t cause) {
    struct irq *irq = &cms->irq;
    uint32_t since = irq->external_since, now = native_csrr(CSR_CYCLES);
    if (cause == (CAUSE_INTERRUPT | IRQ_MTI)) {
        since = irq->timer_since;
        stat_add(cms, STAT_IRQ_TIMER, 1);
    } else if (cause == (CAUSE_INTERRUPT | IRQ_MSI)) {
        since = irq->software_since;
        stat_add(cms, STAT_IRQ_SOFTWARE, 1);
    } else {
        stat_add(cms, STAT_IRQ_EXTERNAL, 1);
    }
    irq->late_since = now - since < now - irq->open_since ? since : irq->open_since;
    irq->is_taken = true;
}

bool irq_is_late(const struct cms *cms) {
    return native_csrr(CSR_CYCLES) - cms->irq.late_since >= IRQ_LATE_CYCLES;
}

void irq_count_latency(struct cms *cms) {
    uint32_t latency = native_csrr(CSR_CYCLES) - cms->irq.late_since;
    cms->irq.is_taken = false;
    stat_add(cms, STAT_IRQ_LATENCY_CYCLES, latency);
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
    irq_note_change(cms);
    if ((p->mip & cms->irq.enabled) != 0 && !cms->irq.is_kicked)
        deliver(cms);
}

void irq_poll(struct cms *cms) {
    irq_note_change(cms);
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

/* Time passes here, in firmware mode, until a line that mie names is high. */
void irq_wait(struct cms *cms) {
    uint32_t begin = native_csrr(CSR_CYCLES);
    stat_add(cms, STAT_WFI, 1);
    irq_note_change(cms);
    look_at_lines(cms);
    while (!priv_wfi_is_over(&cms->interp.priv)) {
        while ((int32_t)(native_csrr(CSR_CYCLES) - cms->irq.deadline) < 0 &&
               (native_csrr(CSR_UART_STATUS) & UART_STATUS_HAS_BYTE) == 0)
            ;
        look_at_lines(cms);
    }
    stat_add(cms, STAT_WFI_CYCLES, native_csrr(CSR_CYCLES) - begin);
    deliver(cms);
}

void irq_init(struct cms *cms) {
    cms->irq = (struct irq){.period = POLL_PERIOD_CYCLES};
    if ((cms->flags & BOOT_CHAOS_IRQ) != 0)
        cms->irq.period = (cms->flags >> BOOT_CHAOS_IRQ_SHIFT) * BOOT_CHAOS_IRQ_UNIT;
    look_at_lines(cms);
    native_csrw(CSR_TIMER_ON, 1);
}
