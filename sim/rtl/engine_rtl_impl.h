/* SPDX-License-Identifier: MIT
 * Shared by the files of the Verilated engine: its state, and the way to the model's signals. They
 * are compiled once for each model (rtl/rtl.mk): memories on chip, or caches and a chip.
 *   engine_rtl.cpp     the run: clock, events, records, limits
 *   rtl_state.cpp      registers, pc
 *   rtl_csr.cpp        control registers and counters as the outside sees them
 *   rtl_arrays.cpp     the memories on chip; what is beside the bundles of a loaded image
 *   rtl_caches.cpp     ... of the other model
 */
#ifndef SELKIRK_SIM_RTL_ENGINE_RTL_IMPL_H
#define SELKIRK_SIM_RTL_ENGINE_RTL_IMPL_H

#include <cstdint>
#include <memory>

#ifdef MODEL_Vcached
#include "Vcached.h"
#include "Vcached___024root.h"
#define RTL_NAMESPACE rtl_cached
typedef Vcached rtl_model;
#else
#include "Vtop.h"
#include "Vtop___024root.h"
#define RTL_NAMESPACE rtl
typedef Vtop rtl_model;
#endif
#include "machine.h"
#include "sim/rtl/engine_rtl.h"
#include "sim/rtl/waves.h"
#include "verilated.h"

/* Signals of the model m. */
#define SOC(name) m->rootp->top__DOT__u_soc__DOT__##name
#define CORE(name) SOC(u_core__DOT__##name)

namespace RTL_NAMESPACE {

enum { HOMES = 32 };

struct rtl_engine {
    struct engine engine; /* first: what the outside sees */
    std::unique_ptr<VerilatedContext> context;
    std::unique_ptr<rtl_model> model;
    wave_file waves;
    uint64_t time;
    bool is_started;
    bool has_records; /* regs and committed follow the retire port */
    uint32_t regs[ENGINE_REGS];
    uint32_t committed[HOMES];
    bool was_guest; /* the last record's mode */
    uint64_t insns;
    uint32_t exit_status;
    uint32_t image_bytes; /* of CODE that are the firmware's */
    int rx_byte;          /* fetched from the hook, not yet taken; -1 none */
    const struct engine_hooks *hooks;
    char message[200];
};

inline rtl_engine *self(struct engine *e) {
    return reinterpret_cast<rtl_engine *>(e);
}

/* A new one, or NULL; seed: engine_rtl.h. */
struct engine *create(uint32_t seed);
/* Pulls the reset line. */
void reset(rtl_engine *r);
void half_cycle(rtl_engine *r, unsigned clock);

/* Of the memories (rtl_arrays.cpp, rtl_caches.cpp): before the first bundle of an image that was
 * just loaded; before each run; and whenever the outside may look at them. */
extern const bool has_misses;
void load_memories(rtl_engine *r);
void enter_memories(rtl_engine *r);
void see_memories(rtl_engine *r);
/* A MEMORY_COUNTER of csrs.def; false: the model has none of that number. */
bool memory_counter(rtl_model *m, unsigned number, uint64_t *value);

/* Registers as they are in the banks, which the pipeline is ahead of. */
void read_banks(rtl_engine *r);

void set_memory(rtl_model *m, enum memory memory);

inline uint32_t native_index(uint32_t address) {
    return address / BUNDLE_BYTES & (MEM_CODE_BYTES / BUNDLE_BYTES - 1);
}

inline uint32_t native_address(uint32_t index) {
    return MEM_CODE_BASE | index * BUNDLE_BYTES;
}

/* Of struct engine_ops. */
bool set_boot(struct engine *e, const struct engine_boot *boot);
uint8_t *mem(struct engine *e, enum engine_mem which);
size_t mem_bytes(struct engine *e, enum engine_mem which);
uint32_t reg(struct engine *e, unsigned number);
void set_reg(struct engine *e, unsigned number, uint32_t value);
uint32_t pc(struct engine *e);
bool is_guest(struct engine *e);
void set_pc(struct engine *e, uint32_t pc, bool is_guest);
uint32_t csr(struct engine *e, unsigned number);
void set_csr(struct engine *e, unsigned number, uint32_t value);

} // namespace RTL_NAMESPACE

#endif
