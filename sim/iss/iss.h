/* SPDX-License-Identifier: MIT
 * The instruction-set simulator's insides, shared by sim/iss*.c. The public face is sim/engine.h.
 *
 * Time: `now` is the issue clock, which latencies are counted in; a stall freezes it. CYCLES = now
 * + stalls. Results are written when they issue (an early read is an error, so nobody can see the
 * difference); done[r] is the issue-clock cycle from which the owner slot may read r. Bundles are
 * decoded when they first execute; a store into CODE forgets the decoded bundle.
 */
#ifndef SELKIRK_SIM_ISS_ISS_H
#define SELKIRK_SIM_ISS_ISS_H

#include <assert.h>

#include "machine_encode.h"
#include "machine_tables.h"
#include "sim/engine.h"
#include "sim/iss/iss_mem.h"

enum {
    ISS_CODE_BUNDLES = CONFIG_WIDE_CODE_BUNDLES,
    ISS_UNDO_ENTRIES = CONFIG_WIDE_UNDO_ENTRIES,
    ISS_JT_ENTRIES = CONFIG_WIDE_JT_ENTRIES,
    ISS_GRANULES = CONFIG_WIDE_GRANULES,
    ISS_INDEX_MASK = MEM_CODE_BYTES / BUNDLE_BYTES - 1,
    ISS_PORT_CYCLES = 4, /* power of two, greater than any latency */
    ISS_STALL_STEPS = 4, /* power of two, greater than FETCH_STEPS */
    ISS_CSR_BLOCKS = 64,
    ISS_MESSAGE_BYTES = 640,
};
#define ISS_BAD_TARGET 0x80000000u /* in index: the jump's target was no bundle address */

/* Handlers: operations whose semantics ops.def spells out use their enum vop; the others these. */
enum iss_handler {
    ISS_LW = VOP_COUNT,
    ISS_LH,
    ISS_LHU,
    ISS_LB,
    ISS_LBU,
    ISS_STORE, /* bytes in rd */
    ISS_J,
    ISS_JL,
    ISS_JR,
    ISS_JLR,
    ISS_ENTER,
    ISS_EXIT,
    ISS_JTL,
    ISS_COMMIT,
    ISS_CSRR,
    ISS_CSRW,
    ISS_RDH,
    ISS_WRH,
    ISS_DIV, /* kind in rd: enum vop */
    ISS_DIVRES,
    ISS_WAIT,
};

struct iss_op {
    uint8_t handler, slot;
    uint8_t rd;       /* 0: no result; conditional branch: prediction bit; see enum iss_handler */
    uint8_t rs1, rs2; /* 0: not read */
    uint8_t cross1, cross2; /* CROSS_EXTRA_CYCLES if the source is another slot's */
    uint8_t latency;
    uint32_t imm; /* branches: target bundle index; li32: the literal */
};

enum iss_bundle_flags {
    ISS_B_ILLEGAL = 1,
    ISS_B_FIRMWARE = 2, /* has an operation that guest mode may not use */
    ISS_B_DIVRES = 4,
    ISS_B_LATE = 8, /* has an operation iss_late_ops() does */
    ISS_B_COMMIT = 16,
    ISS_B_WAIT = 32,
    ISS_B_MEMORY = 64, /* loads or stores */
};

struct iss_bundle {
    uint32_t generation;             /* decoded in this run of the engine, else not valid */
    uint8_t ops_count, writes_count; /* the operations with results come first */
    uint8_t flags;
    struct iss_op op[ENGINE_SLOTS];
    int64_t may_run; /* CODE_SETTLE_CYCLES after the last store into it */
    uint32_t
        misread_since; /* generation in which code memory took its branch slot's word wrongly */
};

/* Of the wait in the bundle that comes next. */
enum iss_wait { ISS_WAIT_NONE, ISS_WAIT_ON, ISS_WAIT_OVER };

struct iss_region {
    uint8_t *bytes;
    uint32_t base, load_bytes, store_bytes;
};

struct iss_jt_entry {
    uint32_t tag, native;
    bool is_valid;
};

/* What one bundle is about to do; filled while its sources are read, applied if it does not trap.
 */
struct iss_work {
    uint32_t value[ENGINE_SLOTS]; /* by position in iss_bundle.op */
    uint32_t next;                /* bundle index */
    uint32_t bubbles;
    uint32_t is_miss;
    bool has_trap, enters;
    uint8_t trap_cause, trap_slot;
    uint32_t trap_addr;
    uint8_t *store_at;
    uint32_t store_addr, store_data, store_bytes;
};

enum { ISS_NO_BUNDLE = 0xffffffff };

struct iss {
    struct engine engine;
    int64_t now;
    uint64_t stalls;
    int64_t stalled_step[ISS_STALL_STEPS]; /* of the last stalls: before which step ... */
    uint64_t stalled[ISS_STALL_STEPS];     /* ... how long */
    uint32_t index;                        /* bundle index, or ISS_BAD_TARGET | index */
    uint32_t guest;                        /* mode */
    uint32_t reg[ENGINE_REGS];
    int64_t done[ENGINE_REGS];
    int64_t port[ENGINE_SLOTS][ISS_PORT_CYCLES]; /* completion cycles taken */

    uint32_t dirty;     /* homes written since the commit */
    uint32_t saved[32]; /* their values at the commit */
    int64_t home_done;  /* latest completion of a guest-mode home write */
    uint32_t undo_count;
    uint32_t undo_addr[ISS_UNDO_ENTRIES], undo_data[ISS_UNDO_ENTRIES];

    uint32_t prot[ISS_GRANULES / 32]; /* a bit for each protected granule */
    uint32_t hit_granule;             /* address of the first that was hit; 0: none */
    bool is_hit_again;                /* another one was */
    int64_t hit_time, hit_again_time; /* when the stores issued */

    struct iss_region region[2][16]; /* by mode and top four address bits */
    uint8_t *memory[4];              /* by enum engine_mem */
    struct iss_bundle *decoded;
    uint32_t generation;
    uint32_t li32_index; /* bundle whose li32 was the last word stored below a branch slot */

    int64_t div_ready; /* in CYCLES */
    uint32_t div_result;
    enum iss_wait wait;
    struct iss_jt_entry jt[ISS_JT_ENTRIES];
    uint32_t tvec, trap_cause, trap_pc, trap_addr, trap_mode, commit_pc, guest_mask;
    uint32_t jt_miss, jt_tag, timer_cmp, timer_on;
    uint64_t spi_free;                   /* in CYCLES: the byte has been sent */
    uint8_t spi_byte;                    /* that came back with it */
    int64_t csr_settled[ISS_CSR_BLOCKS]; /* by CSR number / 8: when csrr may follow */
    struct engine_boot boot;
    struct iss_mem *mem; /* NULL: each access takes a cycle */

    uint64_t bundles;                  /* all that took effect */
    uint64_t mode_cycle, mode_bundles; /* when the current mode began */
    uint64_t cycles_guest, bundles_guest, insns_fw, insns_guest, commits_guest;
    uint64_t branch_misses, jt_hits, jt_misses, rollbacks;

    const struct engine_hooks *hooks;
    uint64_t max_insns, max_cycles;
    bool is_stopped, has_exited;
    enum engine_stop stop;
    uint32_t exit_status;
    char message[ISS_MESSAGE_BYTES];
};

static inline uint64_t iss_cycle(const struct iss *c) {
    return (uint64_t)c->now + c->stalls;
}

/* The machine stands still before a step. */
static inline void iss_stall(struct iss *c, int64_t step, uint64_t cycles) {
    int64_t i = step & (ISS_STALL_STEPS - 1);
    c->stalled[i] = cycles + (c->stalled_step[i] == step ? c->stalled[i] : 0);
    c->stalled_step[i] = step;
    c->stalls += cycles;
}

static inline uint32_t iss_bundle_address(uint32_t index) {
    return MEM_CODE_BASE | (index & ISS_INDEX_MASK) * BUNDLE_BYTES;
}

static inline void iss_stop(struct iss *c, enum engine_stop why) {
    c->is_stopped = true;
    c->stop = why;
}

static inline bool iss_is_stop_asked(const struct iss *c) {
    return c->hooks->stop_asked != NULL && *c->hooks->stop_asked != 0;
}

/* iss.c */
enum engine_stop iss_run(struct engine *e, const struct engine_hooks *hooks, uint64_t max_cycles,
                         uint64_t max_guest_insns);

/* iss_decode.c */
void iss_decode_bundle(struct iss *c, uint32_t index);
/* A word is about to be stored into slot `slot` of a bundle. Code memory decodes the branch slot's
 * word when it is stored, and takes it for a literal if the last word stored below it was the li32
 * of the same bundle (rtl/code_mem.sv); what it gets wrong must not run. */
void iss_take_literal(struct iss *c, uint32_t index, unsigned slot, uint32_t word);

/* iss_wait.c: waits for what comes next, as far as max_cycles. True: the wait is over, and the
 * bundle executes in this cycle. */
bool iss_wait(struct iss *c, bool wants_byte);

/* iss_timed.c: of bundles, when memories take time. fetch, port: false if the bundle cannot execute
 * yet, and time has passed. data: of a bundle that does not trap, before its results are written.
 * freeze: after each step, what accesses before have to wait for. */
bool iss_timed_fetch(struct iss *c);
bool iss_timed_port(struct iss *c, const struct iss_bundle *b);
void iss_timed_data(struct iss *c, const struct iss_bundle *b);
void iss_timed_freeze(struct iss *c);

/* iss_csr.c: csr numbers as in csrs.def. */
bool iss_has_byte(const struct iss *c);                /* a byte has been received */
uint32_t iss_csr_peek(struct iss *c, unsigned number); /* no side effect */
uint32_t iss_csr_read(struct iss *c, unsigned number); /* as csrr */
void iss_csr_write(struct iss *c, unsigned number, uint32_t value);
void iss_regions_set(struct iss *c); /* after a change of guest_mask */
uint32_t iss_jt_lookup(struct iss *c, uint32_t guest_pc, bool *is_hit);

/* iss_prot.c: code-granule protection. */
void iss_prot_hit(struct iss *c, uint32_t addr); /* a store into a protected granule */
void iss_prot_write(struct iss *c, unsigned number, uint32_t value); /* csrw PROT_* */
uint32_t iss_prot_peek(const struct iss *c);                         /* PROT_HIT now */

static inline bool iss_prot_is_set(const struct iss *c, uint32_t addr) {
    uint32_t granule = addr / GRANULE_BYTES % ISS_GRANULES;
    return (c->prot[granule / 32] >> granule % 32 & 1) != 0;
}

/* iss_late.c: what no fast path needs. */
void iss_late_ops(struct iss *c, const struct iss_bundle *b, struct iss_work *w,
                  struct engine_bundle *record);
uint32_t iss_divide(enum vop op, uint32_t a, uint32_t b);
void iss_take_trap(struct iss *c, uint32_t cause, uint32_t addr);
void iss_mode_change(struct iss *c, uint32_t guest, uint64_t first_cycle);

/* iss_error.c: stop with ENGINE_ASSERT and a message that names cycle, pc, bundle. */
void iss_error(struct iss *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
void iss_error_early_read(struct iss *c, const struct iss_bundle *b);
void iss_error_write(struct iss *c, const struct iss_op *op, unsigned reg);

#endif
