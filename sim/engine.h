/* SPDX-License-Identifier: MIT
 * An engine runs native bundles: the ISS or the RTL under Verilator. Same bundles, same cycle
 * counts.
 *
 *   struct engine *e = engine_iss_create();          // or engine_rtl_create()
 *   e->ops->set_boot(e, &boot);
 *   flash_load(&flash, e);   // and image into CODE / FWRAM
 *   enum engine_stop s = e->ops->run(e, &hooks, max_cycles, max_guest_insns);
 *   e->ops->destroy(e);
 */
#ifndef SELKIRK_SIM_ENGINE_H
#define SELKIRK_SIM_ENGINE_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "machine_tables.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ENGINE_SLOTS = SLOT_COUNT, ENGINE_REGS = REG_COUNT, ENGINE_LOOK_CYCLES = 1 << 16 };

enum engine_mem { ENGINE_MEM_FWRAM, ENGINE_MEM_FLASH, ENGINE_MEM_CODE, ENGINE_MEM_GUEST };

enum engine_stop {
    ENGINE_EXITED,      /* SYS_EXIT written; see exit_status() */
    ENGINE_CYCLE_LIMIT, /* cycles reached max_cycles */
    ENGINE_INSN_LIMIT,  /* INSNS_FW + INSNS_GUEST reached max_guest_insns */
    ENGINE_HOOK_STOP,   /* a hook returned false */
    ENGINE_ASKED,       /* *stop_asked was not 0 */
    ENGINE_NO_MEMORY,   /* of the workstation */
    ENGINE_WAVES,       /* the waves can no longer be written */
    ENGINE_ASSERT,      /* program error (use before ready, ...); see message() */
};

/* What the operator asks of the machine; becomes the BOOT_* CSRs. */
struct engine_boot {
    uint32_t flash_bytes;  /* size of the load list */
    uint32_t ram_bytes;    /* guest RAM, as CSR GUEST_MASK can say it */
    uint32_t flags;        /* boot.def, low byte = highest gear */
    uint32_t tcache_bytes; /* 0: all */
    enum memory memory;    /* its clock is what the platform's time is made of */
    uint32_t memory_fields[MEMORY_FIELD_COUNT]; /* its caches; 0: each access takes a cycle */
    uint32_t image_bytes;                       /* of CODE that are the firmware's */
};

/* One bundle that took effect, or that trapped. Register writes are those ISSUED by this bundle
 * (value known when complete; the RTL reports the bundle once its last result has completed, still
 * in program order). */
struct engine_bundle {
    uint64_t cycle; /* of its execute stage */
    uint32_t pc;    /* native address */
    bool is_guest;  /* mode it executed in */
    bool is_trap;   /* trapped: no effect, cause below */
    uint32_t cause; /* TRAP_* */
    uint32_t trap_addr;
    uint8_t write_mask;              /* bit s: slot s writes a register */
    uint8_t write_reg[ENGINE_SLOTS]; /* 0..63 */
    uint32_t write_value[ENGINE_SLOTS];
    bool is_store;
    uint32_t store_addr, store_data, store_bytes;
    bool is_commit;
    uint32_t commit_insns;
};

/* All hooks may be NULL. Returning false stops the engine after the bundle. */
struct engine_hooks {
    void *ctx;
    bool (*on_bundle)(void *ctx, const struct engine_bundle *b); /* every bundle */
    bool (*on_commit)(void *ctx, uint32_t pc, bool is_guest,
                      uint32_t insns); /* after the commit; reg() is exact */
    void (*on_store)(void *ctx, uint32_t addr, uint32_t data, uint32_t bytes,
                     bool is_guest); /* guest RAM only */
    /* on_bundle need not hear of firmware bundles that do no more than compute and branch: the ISS
     * is faster then */
    bool skips_firmware;
    void (*on_uart_tx)(void *ctx, uint8_t byte);
    void (*on_log_tx)(void *ctx, uint8_t byte);
    int (*uart_rx)(void *ctx); /* next input byte, or -1 */
    bool (*uart_rx_ready)(void *ctx);
    bool (*uart_rx_over)(void *ctx); /* no byte is left, and none will come; NULL: never */
    /* Looked at now and then (ENGINE_LOOK_CYCLES) and after on_uart_tx; not 0: the engine stops
     * after the bundle. */
    const volatile sig_atomic_t *stop_asked;
    /* The machine waits (operation wait), and nothing will happen before cycle `due` unless a byte
     * comes, if that counts. Returns the cycle, from `now` to `due`, in which to look again; real
     * time may pass. NULL: at the next multiple of WAIT_LOOK_CYCLES. The ISS asks, the RTL does
     * not: it simulates each cycle and looks at each multiple. */
    uint64_t (*on_idle)(void *ctx, uint64_t now, uint64_t due, bool wants_byte);
};

struct engine;
struct engine_ops {
    const char *name; /* "iss", "rtl" */
    bool has_misses;  /* does what memory_fields say; else each access takes a cycle */
    void (*destroy)(struct engine *e);
    /* Before the first run. False: not enough memory. */
    bool (*set_boot)(struct engine *e, const struct engine_boot *boot);
    /* Direct view of a memory before, after and between runs (little-endian bytes). */
    uint8_t *(*mem)(struct engine *e, enum engine_mem which);
    size_t (*mem_bytes)(struct engine *e, enum engine_mem which);
    enum engine_stop (*run)(struct engine *e, const struct engine_hooks *hooks, uint64_t max_cycles,
                            uint64_t max_guest_insns);
    uint32_t (*reg)(struct engine *e, unsigned number);
    void (*set_reg)(struct engine *e, unsigned number, uint32_t value);
    uint32_t (*pc)(struct engine *e);
    bool (*is_guest)(struct engine *e);
    void (*set_pc)(struct engine *e, uint32_t pc, bool is_guest);
    uint32_t (*csr)(struct engine *e,
                    unsigned number); /* no side effect; counters: low word, high at +1 */
    void (*set_csr)(struct engine *e, unsigned number, uint32_t value);
    uint32_t (*exit_status)(struct engine *e);
    const char *(*message)(struct engine *e);              /* why ENGINE_ASSERT */
    bool (*trace)(struct engine *e, const char *fst_path); /* waves; false: this engine has none */
    bool (*trace_end)(struct engine *e); /* false: the waves are not all in the file */
};
struct engine {
    const struct engine_ops *ops;
};

/* NULL: not enough memory. */
struct engine *engine_iss_create(void);
struct engine *engine_rtl_create(void);
/* With the caches and the chip of memory configuration ulx3s. */
struct engine *engine_rtl_create_cached(void);

#ifdef __cplusplus
}
#endif
#endif
