/* SPDX-License-Identifier: MIT
 * ISS: bundles of a machine whose memories take time (iss_mem.h).
 */
#include "sim/iss/iss.h"

/* The cycle in which the bundle was looked for in the I$. */
static uint64_t cycle_seen(const struct iss *c) {
    int64_t seen = (int64_t)iss_cycle(c) - FETCH_STEPS;
    for (unsigned i = 0; i < ISS_STALL_STEPS; i++) {
        seen -= c->stalled_step[i] > c->now - FETCH_STEPS ? (int64_t)c->stalled[i] : 0;
    }
    return seen > 0 ? (uint64_t)seen : 0;
}

/* A miss of data that is still to be seen to comes first, as if the bundle had executed that much
 * later. */
bool iss_timed_fetch(struct iss *c) {
    if (iss_mem_fetch(c->mem, c->index, cycle_seen(c))) {
        return true;
    }
    c->now++;
    iss_timed_freeze(c);
    iss_stall(c, c->now, iss_mem_code(c->mem, c->index, iss_cycle(c) - 1, c->guest));
    c->now += JUMP_REG_CYCLES;
    return false;
}

static bool is_access(const struct iss_op *op) {
    return op->handler >= ISS_LW && op->handler <= ISS_STORE;
}

bool iss_timed_port(struct iss *c, const struct iss_bundle *b) {
    bool wants_port1 = false;
    for (unsigned i = 0; i < b->ops_count; i++) {
        wants_port1 |= is_access(&b->op[i]) && b->op[i].slot != 0;
    }
    uint64_t wait = iss_mem_port(c->mem, wants_port1, iss_cycle(c), c->guest);
    iss_stall(c, c->now, wait);
    return wait == 0;
}

void iss_timed_data(struct iss *c, const struct iss_bundle *b) {
    struct iss_access access[ENGINE_SLOTS] = {0};
    for (unsigned i = 0; i < b->ops_count; i++) {
        const struct iss_op *op = &b->op[i];
        if (is_access(op)) {
            access[op->slot] = (struct iss_access){
                .addr = c->reg[op->rs1] + op->imm,
                .is_there = true,
                .is_store = op->handler == ISS_STORE,
            };
        }
    }
    iss_mem_data(c->mem, access, c->now, c->guest);
}

void iss_timed_freeze(struct iss *c) {
    while (c->now >= c->mem->due) {
        uint64_t bubbles = (uint64_t)(c->now - c->mem->due);
        int64_t due = c->mem->due;
        iss_stall(c, due, iss_mem_freeze(c->mem, iss_cycle(c) - bubbles));
    }
}
