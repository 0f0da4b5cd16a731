/* SPDX-License-Identifier: MIT
 * Instruction-set simulator of the native machine: sim/engine.h on a C model, exact to the bundle
 * and the cycle. The rules are docs/architecture.md sections 1-3 ("Exact rules"); operation
 * semantics come from ops.def.
 *
 * One bundle: read all sources and compute (step_read), stop on an early read, take a trap if there
 * is one, else apply: rare operations (iss_late.c), register writes, the store, commit, next pc.
 * run_loop is there four times: without and with hooks, without and with time for the memories
 * (iss_mem.h).
 */
#include <string.h>

#include "sim/iss/iss.h"

#define INLINE static inline __attribute__((always_inline))
#define unlikely(x) __builtin_expect(!!(x), 0)
#define SIDE 0u /* never evaluated: side_handler in iss_decode.c replaces those operations */

static void trap_note(struct iss_work *w, unsigned cause, unsigned slot, uint32_t addr) {
    if (!w->has_trap || cause < w->trap_cause || (cause == w->trap_cause && slot < w->trap_slot)) {
        w->has_trap = true;
        w->trap_cause = (uint8_t)cause;
        w->trap_slot = (uint8_t)slot;
        w->trap_addr = addr;
    }
}

INLINE uint32_t load(struct iss *c, const struct iss_op *op, uint32_t addr, uint32_t bytes,
                     struct iss_work *w) {
    const struct iss_region *r = &c->region[c->guest][addr >> 28];
    uint32_t offset = addr - r->base;
    if (unlikely((addr & (bytes - 1)) != 0)) {
        trap_note(w, TRAP_LOAD_MISALIGNED, op->slot, addr);
        return 0;
    }
    if (unlikely(offset >= r->load_bytes)) {
        trap_note(w, TRAP_LOAD_ACCESS, op->slot, addr);
        return 0;
    }
    uint32_t value = 0;
    memcpy(&value, r->bytes + offset, bytes);
    return value;
}

INLINE void store_check(struct iss *c, const struct iss_op *op, uint32_t addr, uint32_t data,
                        struct iss_work *w) {
    const struct iss_region *r = &c->region[c->guest][addr >> 28];
    uint32_t offset = addr - r->base;
    uint32_t bytes = op->rd;
    if (unlikely((addr & (bytes - 1)) != 0)) {
        trap_note(w, TRAP_STORE_MISALIGNED, op->slot, addr);
    } else if (unlikely(offset >= r->store_bytes || (r->base == MEM_CODE_BASE && bytes != 4))) {
        trap_note(w, TRAP_STORE_ACCESS, op->slot, addr);
    } else if (unlikely(c->guest && c->undo_count == ISS_UNDO_ENTRIES)) {
        trap_note(w, TRAP_UNDO_FULL, op->slot, 0);
    } else {
        w->store_at = r->bytes + offset;
    }
    w->store_addr = addr;
    w->store_data = bytes == 4 ? data : data & ((1u << bytes * 8) - 1);
    w->store_bytes = bytes;
}

static bool timer_is_pending(const struct iss *c) {
    return c->timer_on && (int32_t)((uint32_t)iss_cycle(c) - c->timer_cmp) >= 0;
}

INLINE void note_commit_traps(const struct iss *c, const struct iss_op *op, struct iss_work *w) {
    if (c->guest && unlikely(c->hit_granule != 0) && iss_prot_peek(c) != 0) {
        trap_note(w, TRAP_CODE_WRITE, op->slot, 0);
    }
    if (c->guest && timer_is_pending(c)) {
        trap_note(w, TRAP_INTERRUPT, op->slot, 0);
    }
}

static void jump_register(struct iss_work *w, uint32_t target) {
    w->bubbles = JUMP_REG_CYCLES;
    w->next = target / BUNDLE_BYTES & ISS_INDEX_MASK;
    if (iss_bundle_address(w->next) != target) {
        w->next |= ISS_BAD_TARGET;
    }
}

/* Operations with side effects, as far as they can be done before it is known that the bundle has
 * no trap. */
INLINE uint32_t side_op(struct iss *c, const struct iss_op *op, uint32_t a, uint32_t b,
                        struct iss_work *w) {
    switch ((enum iss_handler)op->handler) {
    case ISS_LW:
        return load(c, op, a + op->imm, 4, w);
    case ISS_LH:
        return (uint32_t)(int16_t)load(c, op, a + op->imm, 2, w);
    case ISS_LHU:
        return load(c, op, a + op->imm, 2, w);
    case ISS_LB:
        return (uint32_t)(int8_t)load(c, op, a + op->imm, 1, w);
    case ISS_LBU:
        return load(c, op, a + op->imm, 1, w);
    case ISS_STORE:
        store_check(c, op, a + op->imm, b, w);
        return 0;
    case ISS_JL:
    case ISS_J:
        w->next = op->imm;
        return iss_bundle_address(c->index + 1);
    case ISS_ENTER:
        w->enters = true;
        jump_register(w, a);
        return 0;
    case ISS_JR:
    case ISS_JLR:
        jump_register(w, a);
        return iss_bundle_address(c->index + 1);
    case ISS_EXIT:
        trap_note(w, TRAP_EXIT, op->slot, op->imm);
        return 0;
    case ISS_COMMIT:
        note_commit_traps(c, op, w);
        return 0;
    case ISS_RDH:
        return c->reg[a & 31];
    case ISS_DIVRES:
        return c->div_result;
    case ISS_JTL:
    case ISS_CSRR:
    case ISS_CSRW:
    case ISS_WRH:
    case ISS_DIV:
    case ISS_WAIT:
        return 0; /* iss_late_ops, iss_wait */
    }
    return 0;
}

INLINE uint32_t branch(const struct iss_op *op, uint32_t taken, struct iss_work *w) {
    w->next = taken ? op->imm : w->next;
    w->is_miss = taken ^ op->rd;
    w->bubbles = w->is_miss ? BRANCH_MISS_CYCLES : BRANCH_HIT_CYCLES;
    return 0;
}

INLINE uint32_t execute(struct iss *c, const struct iss_op *op, struct iss_work *w) {
    const uint32_t a = c->reg[op->rs1], b = c->reg[op->rs2], imm = op->imm;
    switch (op->handler) {
#define OP(NAME, mnemonic, opcode, format, unit, slots, flags, semantics, text)                    \
    case VOP_##NAME:                                                                               \
        return (flags)&OPF_BRANCH ? branch(op, (semantics), w) : (semantics);
#include "rtl/machine/ops.def"
#undef OP
    default:
        return side_op(c, op, a, b, w);
    }
}

/* Reads sources, computes values; negative: some source was not ready. */
INLINE int64_t step_read(struct iss *c, const struct iss_bundle *b, struct iss_work *w) {
    int64_t slack = 0;
    const int64_t now = c->now;
    for (unsigned i = 0; i < b->ops_count; i++) {
        const struct iss_op *op = &b->op[i];
        slack |= now - op->cross1 - c->done[op->rs1];
        slack |= now - op->cross2 - c->done[op->rs2];
        if (unlikely(op->handler == ISS_RDH)) {
            slack |= now - CROSS_EXTRA_CYCLES - c->done[c->reg[op->rs1] & 31];
        }
        w->value[i] = execute(c, op, w);
    }
    return slack;
}

INLINE void save_home(struct iss *c, unsigned rd, int64_t done) {
    if ((c->dirty >> rd & 1) == 0) {
        c->dirty |= 1u << rd;
        c->saved[rd] = c->reg[rd];
    }
    c->home_done = done > c->home_done ? done : c->home_done;
}

INLINE void step_write(struct iss *c, const struct iss_bundle *b, const struct iss_work *w) {
    for (unsigned i = 0; i < b->writes_count; i++) {
        const struct iss_op *op = &b->op[i];
        const unsigned rd = op->rd;
        const int64_t done = c->now + op->latency;
        int64_t *port = &c->port[op->slot][done & (ISS_PORT_CYCLES - 1)];
        if (unlikely(c->done[rd] >= done || *port == done)) {
            iss_error_write(c, op, rd);
            return;
        }
        if (c->guest && rd < 32) {
            save_home(c, rd, done);
        }
        *port = done;
        c->done[rd] = done;
        c->reg[rd] = w->value[i];
    }
}

/* A word is about to be stored into a bundle. */
static void forget_bundle(struct iss *c, uint32_t addr, uint32_t word) {
    uint32_t index = (addr - MEM_CODE_BASE) / BUNDLE_BYTES;
    struct iss_bundle *b = &c->decoded[index];
    b->generation = 0;
    b->may_run = c->now + CODE_SETTLE_CYCLES;
    iss_take_literal(c, index, addr / 4 % ENGINE_SLOTS, word);
}

INLINE void step_store(struct iss *c, const struct iss_work *w) {
    if (c->guest) {
        uint32_t n = c->undo_count++;
        c->undo_addr[n] = w->store_addr & ~3u;
        memcpy(&c->undo_data[n], w->store_at - (w->store_addr & 3), 4);
    } else if (w->store_addr >> 28 == MEM_CODE_BASE >> 28) {
        forget_bundle(c, w->store_addr, w->store_data);
    }
    if (w->store_addr >= MEM_GUEST_BASE && unlikely(iss_prot_is_set(c, w->store_addr))) {
        iss_prot_hit(c, w->store_addr);
    }
    if (w->store_bytes == 4) {
        memcpy(w->store_at, &w->store_data, 4);
    } else {
        memcpy(w->store_at, &w->store_data, w->store_bytes);
    }
}

static uint32_t commit_insns(const struct iss_bundle *b) {
    for (unsigned i = b->writes_count; i < b->ops_count; i++) {
        if (b->op[i].handler == ISS_COMMIT) {
            return b->op[i].imm;
        }
    }
    return 0;
}

INLINE void step_commit(struct iss *c, uint32_t insns) {
    if (!c->guest) {
        c->insns_fw += insns;
    } else {
        c->insns_guest += insns;
        c->commits_guest++;
        c->dirty = 0;
        c->undo_count = 0;
        c->commit_pc = iss_bundle_address(c->index);
        if (unlikely(c->home_done > c->now + 1)) {
            iss_error(c, "commit with a home in flight until cycle %lld",
                      (long long)(c->home_done + (int64_t)c->stalls));
            return;
        }
    }
    if (c->insns_fw + c->insns_guest >= c->max_insns) {
        iss_stop(c, ENGINE_INSN_LIMIT);
    }
}

static void record_begin(const struct iss *c, struct engine_bundle *r) {
    memset(r, 0, sizeof *r);
    r->cycle = iss_cycle(c);
    r->pc = iss_bundle_address(c->index);
    r->is_guest = c->guest != 0;
}

static void record_effects(const struct iss_bundle *b, const struct iss_work *w,
                           struct engine_bundle *r) {
    for (unsigned i = 0; i < b->writes_count; i++) {
        unsigned slot = b->op[i].slot;
        r->write_mask |= (uint8_t)(1u << slot);
        r->write_reg[slot] = b->op[i].rd;
        r->write_value[slot] = w->value[i];
    }
    r->is_store = w->store_bytes != 0;
    r->store_addr = w->store_addr;
    r->store_data = w->store_data;
    r->store_bytes = w->store_bytes;
    r->is_commit = (b->flags & ISS_B_COMMIT) != 0;
    r->commit_insns = r->is_commit ? commit_insns(b) : 0;
}

static void call_hooks(struct iss *c, const struct engine_bundle *r) {
    const struct engine_hooks *h = c->hooks;
    bool goes_on = true;
    if (h->on_store != NULL && r->is_store && r->store_addr - MEM_GUEST_BASE < MEM_GUEST_BYTES) {
        h->on_store(h->ctx, r->store_addr, r->store_data, r->store_bytes, r->is_guest);
    }
    if (h->on_bundle != NULL) {
        goes_on = h->on_bundle(h->ctx, r);
    }
    if (h->on_commit != NULL && r->is_commit) {
        goes_on &= h->on_commit(h->ctx, r->pc, r->is_guest, r->commit_insns);
    }
    if (!goes_on && !c->is_stopped) {
        iss_stop(c, ENGINE_HOOK_STOP);
    }
}

static void step_trap(struct iss *c, uint32_t cause, uint32_t addr, bool is_hooked) {
    struct engine_bundle record;
    record_begin(c, &record);
    record.is_trap = true;
    record.cause = cause;
    record.trap_addr = addr;
    iss_take_trap(c, cause, addr);
    if (is_hooked) {
        call_hooks(c, &record);
    }
}

/* The stall of divres, as far as max_cycles. False: the bundle has still to wait. */
static bool wait_divider(struct iss *c) {
    int64_t now = (int64_t)iss_cycle(c);
    if (c->div_ready <= now) {
        return true;
    }
    bool is_over = (uint64_t)c->div_ready < c->max_cycles;
    iss_stall(c, c->now, (is_over ? (uint64_t)c->div_ready : c->max_cycles) - (uint64_t)now);
    return is_over;
}

/* Somebody wants to hear of a bundle without trap (engine.h). */
INLINE bool is_wanted(const struct iss *c, const struct iss_bundle *b, const struct iss_work *w) {
    return c->guest || !c->hooks->skips_firmware || w->store_bytes != 0 || w->enters ||
           (b->flags & (ISS_B_COMMIT | ISS_B_LATE)) != 0;
}

/* Everything a bundle without trap does. */
INLINE void step_apply(struct iss *c, const struct iss_bundle *b, struct iss_work *w,
                       bool has_hooks, bool is_timed) {
    struct engine_bundle record;
    bool is_hooked = has_hooks && is_wanted(c, b, w);
    if (is_hooked) {
        record_begin(c, &record);
    }
    if (unlikely(b->flags & ISS_B_LATE)) {
        iss_late_ops(c, b, w, is_hooked ? &record : NULL);
    }
    if (is_hooked) {
        record_effects(b, w, &record);
    }
    step_write(c, b, w);
    if (w->store_bytes != 0) {
        step_store(c, w);
    }
    if (b->flags & ISS_B_COMMIT) {
        step_commit(c, commit_insns(b));
    }
    c->bundles++;
    c->branch_misses += w->is_miss;
    c->index = w->next;
    c->now += 1 + w->bubbles;
    if (is_timed && unlikely(c->now >= c->mem->due)) {
        iss_timed_freeze(c);
    }
    if (unlikely(w->enters)) {
        iss_mode_change(c, 1, iss_cycle(c));
    }
    if (is_hooked && c->stop != ENGINE_ASSERT) {
        call_hooks(c, &record);
    }
}

/* Of a bundle with a wait. */
static bool wants_byte(const struct iss_bundle *b) {
    for (unsigned i = 0; i < b->ops_count; i++) {
        if (b->op[i].handler == ISS_WAIT) {
            return (b->op[i].imm & 1) != 0;
        }
    }
    return false;
}

INLINE void step(struct iss *c, bool is_hooked, bool is_timed) {
    if (unlikely(c->index >= ISS_CODE_BUNDLES)) {
        step_trap(c, TRAP_FETCH_ACCESS, 0, is_hooked);
        return;
    }
    if (is_timed && c->index / MEM_LINE_BUNDLES != c->mem->line && !iss_timed_fetch(c)) {
        return;
    }
    const struct iss_bundle *b = &c->decoded[c->index];
    if (unlikely(b->generation != c->generation)) {
        if (c->now < b->may_run) {
            iss_error(c, "bundle runs less than %d cycles after a store into it",
                      CODE_SETTLE_CYCLES);
            return;
        }
        if (b->misread_since == c->generation) {
            iss_error(c, "the branch slot's word was not stored after the one below it, which "
                         "says whether it is a literal");
            return;
        }
        iss_decode_bundle(c, c->index);
    }
    if (unlikely(b->flags & (ISS_B_ILLEGAL | ISS_B_FIRMWARE | ISS_B_DIVRES))) {
        if (b->flags & ISS_B_ILLEGAL || (c->guest && b->flags & ISS_B_FIRMWARE)) {
            step_trap(c, TRAP_ILLEGAL_OP, 0, is_hooked);
            return;
        }
        if (b->flags & ISS_B_WAIT && !iss_wait(c, wants_byte(b))) {
            return;
        }
        if (b->flags & ISS_B_DIVRES && !wait_divider(c)) {
            return;
        }
    }
    const bool has_access = is_timed && (b->flags & ISS_B_MEMORY) != 0;
    if (has_access && !iss_timed_port(c, b)) {
        return;
    }
    struct iss_work w;
    w.next = (c->index + 1) & ISS_INDEX_MASK;
    w.bubbles = 0;
    w.is_miss = 0;
    w.has_trap = w.enters = false;
    w.store_bytes = w.store_addr = w.store_data = 0;
    if (unlikely(step_read(c, b, &w) < 0)) {
        iss_error_early_read(c, b);
        return;
    }
    if (unlikely(w.has_trap)) {
        step_trap(c, w.trap_cause, w.trap_addr, is_hooked);
        return;
    }
    if (has_access) {
        iss_timed_data(c, b);
    }
    step_apply(c, b, &w, is_hooked, is_timed);
}

/* Looks whether to go on, and says for how long. */
static __attribute__((noinline)) uint64_t look(struct iss *c, uint64_t max_cycles) {
    uint64_t now = iss_cycle(c);
    if (now >= max_cycles) {
        iss_stop(c, ENGINE_CYCLE_LIMIT);
    } else if (iss_is_stop_asked(c)) {
        iss_stop(c, ENGINE_ASKED);
    }
    return max_cycles - now > ENGINE_LOOK_CYCLES ? now + ENGINE_LOOK_CYCLES : max_cycles;
}

INLINE void run_loop(struct iss *c, uint64_t max_cycles, bool is_hooked, bool is_timed) {
    while (!c->is_stopped) {
        const uint64_t until = look(c, max_cycles);
        while (!c->is_stopped && iss_cycle(c) < until) {
            step(c, is_hooked, is_timed);
        }
    }
}

/* The plain run apart, as it is the one that has to be fast. */
static __attribute__((noinline)) void run_timed(struct iss *c, uint64_t max_cycles,
                                                bool is_hooked) {
    if (is_hooked) {
        run_loop(c, max_cycles, true, true);
    } else {
        run_loop(c, max_cycles, false, true);
    }
}

enum engine_stop iss_run(struct engine *e, const struct engine_hooks *hooks, uint64_t max_cycles,
                         uint64_t max_guest_insns) {
    static const struct engine_hooks no_hooks = {0};
    struct iss *c = (struct iss *)e;
    if (c->has_exited) {
        return ENGINE_EXITED;
    }
    c->hooks = hooks != NULL ? hooks : &no_hooks;
    c->max_insns = max_guest_insns;
    c->max_cycles = max_cycles;
    c->is_stopped = false;
    c->stop = ENGINE_CYCLE_LIMIT;
    c->generation++;
    bool is_hooked =
        c->hooks->on_bundle != NULL || c->hooks->on_commit != NULL || c->hooks->on_store != NULL;
    if (c->mem != NULL) {
        run_timed(c, max_cycles, is_hooked);
    } else if (is_hooked) {
        run_loop(c, max_cycles, true, false);
    } else {
        run_loop(c, max_cycles, false, false);
    }
    c->hooks = &no_hooks;
    return c->stop;
}
