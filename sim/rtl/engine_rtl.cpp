/* SPDX-License-Identifier: MIT
 * The Verilated SoC as an engine (sim/engine.h). A cycle is two evaluations of the model; the
 * harness does more only when top.sv's event_o says so. With a hook that wants records the retire
 * port is on, and registers are kept up in program order from its records, so that reg() in a hook
 * is exact although younger bundles are already in the pipeline. Limits: set_pc() and set_reg() act
 * before the first run; set_csr() reaches plain registers only (TVEC, GUEST_MASK, JT_MISS,
 * TIMER_*). engine_rtl_create_stalling(seed) makes memories that are not ready at random moments.
 */
#include "sim/rtl/engine_rtl.h"

#include <cstdio>
#include <cstring>
#include <new>

#include "sim/rtl/engine_rtl_impl.h"

namespace RTL_NAMESPACE {

void half_cycle(rtl_engine *r, unsigned clock) {
    rtl_model *m = r->model.get();
    m->clk_i = clock != 0;
    m->eval();
    r->waves.dump(r->time);
    r->time += WAVE_CYCLE / 2;
}

void reset(rtl_engine *r) {
    rtl_model *m = r->model.get();
    m->rst_ni = 0;
    for (unsigned i = 0; i < 3; i++) {
        half_cycle(r, 1);
        half_cycle(r, 0);
    }
    m->rst_ni = 1;
    half_cycle(r, 0);
}

} // namespace RTL_NAMESPACE

namespace {

using namespace RTL_NAMESPACE;

enum {
    EVENT_UART = 1,
    EVENT_LOG = 2,
    EVENT_EXIT = 4,
    EVENT_LOOK = 8,
    EVENT_RETIRE = 16,
    EVENT_ERROR = 32,
    EVENT_COMMIT = 64,
    DRAIN_CYCLES = 8,
    LOOK_CYCLES = 1 << 12, /* a few milliseconds */
};

void fill_bundle(const rtl_model *m, struct engine_bundle *b) {
    memset(b, 0, sizeof *b);
    b->cycle = m->retire_cycle_o;
    b->pc = m->retire_pc_o;
    b->is_guest = m->retire_guest_o;
    b->is_trap = m->retire_trap_o;
    b->cause = m->retire_cause_o;
    b->trap_addr = m->retire_trap_addr_o;
    b->write_mask = m->retire_write_o;
    for (unsigned s = 0; s < ENGINE_SLOTS; s++) {
        b->write_reg[s] =
            (uint8_t)((m->retire_index_o >> RD_BITS * s & ((1u << RD_BITS) - 1)) * ENGINE_SLOTS +
                      s);
        b->write_value[s] = m->retire_value_o[s];
    }
    b->is_store = m->retire_store_o;
    b->store_addr = m->retire_store_addr_o;
    b->store_data = m->retire_store_data_o;
    b->store_bytes = m->retire_store_bytes_o;
    b->is_commit = m->retire_commit_o;
    b->commit_insns = m->retire_insns_o;
}

/* Registers as of this bundle, in program order. */
void follow_registers(rtl_engine *r, const struct engine_bundle *b) {
    for (unsigned s = 0; s < ENGINE_SLOTS; s++) {
        if (b->write_mask >> s & 1) {
            r->regs[b->write_reg[s]] = b->write_value[s];
            if (!b->is_guest && b->write_reg[s] < HOMES) {
                r->committed[b->write_reg[s]] = b->write_value[s];
            }
        }
    }
    if (b->is_guest && b->is_trap) {
        memcpy(r->regs, r->committed, sizeof r->committed);
    } else if (b->is_guest && b->is_commit) {
        memcpy(r->committed, r->regs, sizeof r->committed);
    }
}

bool retire(rtl_engine *r) {
    const struct engine_hooks *h = r->hooks;
    struct engine_bundle b;
    fill_bundle(r->model.get(), &b);
    follow_registers(r, &b);
    if (h->on_store && b.is_store && b.store_addr - MEM_GUEST_BASE < MEM_GUEST_BYTES) {
        h->on_store(h->ctx, b.store_addr, b.store_data, b.store_bytes, b.is_guest);
    }
    if (b.is_commit || b.is_guest != r->was_guest) { /* hooks look at memories then */
        see_memories(r);
    }
    r->was_guest = b.is_guest;
    bool goes_on = !h->on_bundle || h->on_bundle(h->ctx, &b);
    if (h->on_commit && b.is_commit) {
        goes_on &= h->on_commit(h->ctx, b.pc, b.is_guest, b.commit_insns);
    }
    return goes_on;
}

/* A csrr of the UART is in M: show it the next input byte before the clock edge. */
void look(rtl_engine *r) {
    rtl_model *m = r->model.get();
    if (r->rx_byte < 0 && r->hooks->uart_rx) {
        r->rx_byte = r->hooks->uart_rx(r->hooks->ctx);
    }
    m->uart_rx_valid_i = r->rx_byte >= 0;
    m->uart_rx_data_i = (uint8_t)(r->rx_byte & 0xff);
    m->uart_rx_over_i =
        r->rx_byte < 0 && r->hooks->uart_rx_over && r->hooks->uart_rx_over(r->hooks->ctx);
    m->eval();
    if (m->uart_rx_take_o) {
        r->rx_byte = -1;
    }
}

void broken_rule(rtl_engine *r) {
    static const char *const rule[8] = {"?",
                                        "read before it is ready",
                                        "two results of the slot in one cycle",
                                        "written while an earlier write is in flight",
                                        "home in flight at a commit",
                                        "?",
                                        "?",
                                        "?"};
    const rtl_model *m = r->model.get();
    snprintf(r->message, sizeof r->message, "rtl: bundle 0x%08x slot %u register %u: %s",
             m->error_pc_o, m->error_slot_o, m->error_number_o, rule[m->error_o]);
}

uint64_t cycles(rtl_engine *r) {
    rtl_model *m = r->model.get();
    return CORE(u_counters__DOT__cycles_q);
}

/* As far as the ISS goes: the bundle that executes in that cycle has done nothing yet, or the next
 * one, if there are bubbles. */
bool is_at(rtl_engine *r, uint64_t cycle) {
    rtl_model *m = r->model.get();
    return cycles(r) >= cycle && CORE(u_control__DOT__valid_m_q) != 0;
}

bool is_stop_asked(const rtl_engine *r) {
    return r->hooks->stop_asked != nullptr && *r->hooks->stop_asked != 0;
}

/* Whatever top.sv reports of the cycle after the last clock edge. Returns true when the run must
 * stop. */
bool handle(rtl_engine *r, unsigned event, enum engine_stop *stop) {
    const struct engine_hooks *h = r->hooks;
    rtl_model *m = r->model.get();
    if (event & EVENT_UART && h->on_uart_tx) {
        h->on_uart_tx(h->ctx, (uint8_t)m->io_data_o);
        if (is_stop_asked(r)) {
            *stop = ENGINE_ASKED;
            return true;
        }
    }
    if (event & EVENT_LOG && h->on_log_tx) {
        h->on_log_tx(h->ctx, (uint8_t)m->io_data_o);
    }
    if (event & EVENT_LOOK) {
        look(r);
    }
    if (event & EVENT_COMMIT) {
        r->insns += m->insns_o;
    }
    if (event & EVENT_RETIRE && !retire(r)) {
        *stop = ENGINE_HOOK_STOP;
        return true;
    }
    if (event & EVENT_ERROR) {
        broken_rule(r);
        *stop = ENGINE_ASSERT;
        return true;
    }
    if (event & EVENT_EXIT) {
        r->exit_status = m->io_data_o;
        *stop = ENGINE_EXITED;
        return true;
    }
    return false;
}

/* Records of bundles that were done when the run stopped are still on their way. */
void drain(rtl_engine *r, enum engine_stop stop) {
    rtl_model *m = r->model.get();
    unsigned wanted = stop == ENGINE_EXITED || stop == ENGINE_ASSERT ? 1 : 0;
    for (unsigned i = 0; i < DRAIN_CYCLES && wanted != 0; i++) {
        half_cycle(r, 1);
        half_cycle(r, 0);
        if (m->event_o & EVENT_RETIRE) {
            wanted--;
            retire(r);
        }
    }
}

void start(rtl_engine *r) {
    if (!r->is_started) {
        load_memories(r);
        r->is_started = true;
    }
    enter_memories(r);
    if (!r->has_records) {
        read_banks(r);
    }
}

bool must_stop(rtl_engine *r, enum engine_stop *stop) {
    if (is_stop_asked(r)) {
        *stop = ENGINE_ASKED;
        return true;
    }
    if (r->waves.is_due(r->time) && !r->waves.flush(r->time)) {
        *stop = ENGINE_WAVES;
        return true;
    }
    return false;
}

enum engine_stop run(rtl_engine *r, const struct engine_hooks *hooks, uint64_t max_cycles,
                     uint64_t max_guest_insns) {
    static const struct engine_hooks no_hooks = {};
    rtl_model *m = r->model.get();
    enum engine_stop stop = ENGINE_CYCLE_LIMIT;
    r->hooks = hooks ? hooks : &no_hooks;
    start(r);
    r->has_records = r->hooks->on_bundle || r->hooks->on_commit || r->hooks->on_store;
    m->trace_on_i = r->has_records;
    uint64_t next_look = cycles(r);
    while (!is_at(r, max_cycles)) {
        if (cycles(r) == next_look) {
            next_look += LOOK_CYCLES;
            if (must_stop(r, &stop)) {
                break;
            }
        }
        half_cycle(r, 1);
        half_cycle(r, 0);
        unsigned event = m->event_o;
        if (event == 0) {
            continue;
        }
        if (handle(r, event, &stop)) {
            break;
        }
        if (r->insns >= max_guest_insns) {
            stop = ENGINE_INSN_LIMIT;
            break;
        }
    }
    if (r->has_records) {
        drain(r, stop);
    }
    see_memories(r);
    return stop;
}

enum engine_stop rtl_run(struct engine *e, const struct engine_hooks *hooks, uint64_t max_cycles,
                         uint64_t max_guest_insns) {
    try {
        return run(self(e), hooks, max_cycles, max_guest_insns);
    } catch (const std::exception &) { /* of the wave writer: no memory, or its zlib has none */
        return ENGINE_NO_MEMORY;
    }
}

bool rtl_trace_end(struct engine *e) {
    rtl_engine *r = self(e);
    return r->waves.end(r->time);
}

void rtl_destroy(struct engine *e) {
    rtl_engine *r = self(e);
    rtl_trace_end(e);
    Verilated::threadContextp(r->context.get()); /* there may have been another engine since */
    r->model->final();
    delete r;
}

uint32_t rtl_exit_status(struct engine *e) {
    return self(e)->exit_status;
}

const char *rtl_message(struct engine *e) {
    return self(e)->message;
}

bool rtl_trace(struct engine *e, const char *fst_path) {
    rtl_engine *r = self(e);
    return r->waves.open(*r->model, fst_path);
}

const struct engine_ops ops = {
    "rtl",   has_misses, rtl_destroy,     set_boot,    mem,       mem_bytes,
    rtl_run, reg,        set_reg,         pc,          is_guest,  set_pc,
    csr,     set_csr,    rtl_exit_status, rtl_message, rtl_trace, rtl_trace_end,
};

} // namespace

struct engine *RTL_NAMESPACE::create(uint32_t seed) {
    rtl_engine *r = new (std::nothrow) rtl_engine();
    if (r == nullptr) {
        return nullptr;
    }
    r->engine.ops = &ops;
    r->rx_byte = -1;
    try {
        r->context.reset(new VerilatedContext);
        r->context->traceEverOn(true);
        r->model.reset(new rtl_model{r->context.get(), "top"});
    } catch (const std::exception &) { /* no memory, no threads */
        delete r;
        return nullptr;
    }
    r->model->stall_seed_i = seed;
    r->model->boot_ram_i = (uint32_t)mem_bytes(&r->engine, ENGINE_MEM_GUEST);
    set_memory(r->model.get(), has_misses ? MEMORY_ULX3S : MEMORY_IDEAL);
    reset(r);
    return &r->engine;
}
