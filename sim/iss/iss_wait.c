/* SPDX-License-Identifier: MIT
 * ISS: the operation wait. In the RTL it stalls in every cycle until the timer is due or a byte has
 * been received; here time jumps from one look for a byte to the next, or to what on_idle says
 * (engine.h). Looks are in the wait's first cycle and at multiples of WAIT_LOOK_CYCLES.
 */
#include "sim/iss/iss.h"

/* First cycle from `now` on in which the timer is pending. */
static uint64_t timer_due(const struct iss *c, uint64_t now) {
    bool is_due = (int32_t)((uint32_t)now - c->timer_cmp) >= 0;
    return is_due ? now : now + (uint32_t)(c->timer_cmp - (uint32_t)now);
}

static uint64_t next_look(uint64_t cycle) {
    return (cycle + WAIT_LOOK_CYCLES - 1) / WAIT_LOOK_CYCLES * WAIT_LOOK_CYCLES;
}

/* When something may have happened, if nothing has in cycle `now`. */
static uint64_t next_event(const struct iss *c, uint64_t now, uint64_t due, bool wants_byte) {
    const struct engine_hooks *h = c->hooks;
    uint64_t at = next_look(now + 1);
    if (h->on_idle != NULL)
        at = next_look(h->on_idle(h->ctx, now, due, wants_byte));
    else if (h->uart_rx_ready == NULL || !wants_byte)
        at = due;
    return at < due ? at : due;
}

bool iss_wait(struct iss *c, bool wants_byte) {
    uint64_t now = iss_cycle(c), due = timer_due(c, now), at;
    if (iss_is_stop_asked(c)) {
        iss_stop(c, ENGINE_ASKED);
        return false;
    }
    if (c->wait == ISS_WAIT_OVER) {
        c->wait = ISS_WAIT_NONE;
        return true;
    }
    if (c->now < c->csr_settled[CSR_TIMER_CMP / 8]) {
        iss_error(c, "wait less than %d cycles after a csrw of the timer", CSR_SETTLE_CYCLES);
        return false;
    }
    bool looks = wants_byte && (c->wait == ISS_WAIT_NONE || now % WAIT_LOOK_CYCLES == 0);
    c->wait = ISS_WAIT_ON;
    if (due == now || (looks && iss_has_byte(c))) {
        c->wait = ISS_WAIT_OVER;
        at = now + 1;
    } else {
        at = next_event(c, now, due, wants_byte);
    }
    iss_stall(c, c->now, (at < c->max_cycles ? at : c->max_cycles) - now);
    return false;
}
