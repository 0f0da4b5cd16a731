/* SPDX-License-Identifier: MIT
 * The golden model (model.h): the guest interpreter on a guest RAM of its own. Its devices swallow
 * everything; a value that comes from outside the guest is taken from the engine after the
 * instruction.
 */
#include "sim/lockstep/model.h"
#include "firmware/guest/interp.h"
#include <stdlib.h>
#include <string.h>

enum { REG_A1 = 11, STEP_STORES = 16 };

struct model {
    struct guest_state gs;
    struct interp in;
    struct interp_dev device;
    struct guest_store_log log; /* of one instruction */
    struct guest_store logged[STEP_STORES];
    struct model_stores stores;
    bool needs_oracle;  /* the instruction read a device, a counter or mip */
    bool has_no_device; /* the engine found no device at this address: an access fault */
};

static enum interp_dev_result device_load(void *ctx, uint32_t addr, uint32_t bytes,
                                          uint32_t *value) {
    struct model *g = ctx;
    (void)addr;
    (void)bytes;
    *value = 0;
    g->needs_oracle = true;
    return g->has_no_device ? INTERP_DEV_NONE : INTERP_DEV_OK;
}

static enum interp_dev_result device_store(void *ctx, uint32_t addr, uint32_t bytes,
                                           uint32_t value) {
    struct model *g = ctx;
    (void)addr;
    (void)bytes;
    (void)value;
    return g->has_no_device ? INTERP_DEV_NONE : INTERP_DEV_OK;
}

/* The guest's instructions are counted alike on both sides; cycles and time are the engine's. */
static uint32_t read_csr(void *ctx, enum rv_csr csr) {
    const struct model *g = ctx;
    if (csr == RV_CSR_INSTRET)
        return (uint32_t)g->gs.insns;
    return csr == RV_CSR_INSTRETH ? (uint32_t)(g->gs.insns >> 32) : 0;
}

static struct model *create(const struct model_start *start) {
    struct model *g = calloc(1, sizeof *g);
    if (g == NULL)
        return NULL;
    g->device = (struct interp_dev){
        .ctx = g, .load = device_load, .store = device_store, .read_csr = read_csr};
    g->log = (struct guest_store_log){.entries = g->logged, .capacity = STEP_STORES};
    g->gs.log = &g->log;
    g->gs.x[REG_A1] = start->a1;
    struct guest_mem mem = {.ram = start->ram, .base = start->ram_base, .bytes = start->ram_bytes};
    interp_init(&g->in, &g->gs, &mem, &g->device, start->pc);
    g->in.priv.misaligned_traps = start->misaligned_traps;
    g->in.priv.semihosting = start->semihosting;
    return g;
}

static void destroy(struct model *g) {
    free(g);
}

/* The instruction at pc, whatever its alignment; 0 outside RAM. */
static uint32_t fetch_word(const struct model *g) {
    const struct guest_mem *mem = &g->in.mem;
    uint32_t offset = g->in.pc - mem->base, word = 0;
    if (offset < mem->bytes)
        memcpy(&word, mem->ram + offset, mem->bytes - offset < 4 ? mem->bytes - offset : 4);
    return word;
}

/* What the devices' lines are and what time it is is for the engine to say. */
static bool reads_engines_csr(const struct rv_insn *insn) {
    enum { MIP = 0x344, MCYCLE = 0xb00, HIGH = 0x80 };
    enum rv_format format = (enum rv_format)rv_format[insn->op];
    int32_t counter = insn->imm & ~HIGH;
    return (format == RV_FORMAT_CSR || format == RV_FORMAT_CSRI) &&
           (insn->imm == MIP || counter == MCYCLE || counter == RV_CSR_CYCLE ||
            counter == RV_CSR_TIME);
}

static void note_stores(struct model *g) {
    for (uint32_t i = 0; i < g->log.n; i++, g->stores.n++)
        if (g->stores.n < MODEL_STORES_MAX)
            g->stores.addrs[g->stores.n] = g->log.entries[i].addr;
    g->log.n = 0;
}

static const char *step(struct model *g, const struct model_oracle *oracle) {
    enum { X_RESULT = 10 };
    struct rv_insn insn;
    rv_decode(fetch_word(g), &insn);
    g->needs_oracle = reads_engines_csr(&insn);
    switch (interp_run(&g->in, 1)) {
    case INTERP_FAULT:
    case INTERP_TRAP:
        return guest_cause_text(g->in.fault.cause);
    case INTERP_SEMIHOST:
        oracle->copy_stores(oracle->ctx, g->in.mem.ram);
        g->gs.x[X_RESULT] = oracle->reg(oracle->ctx, X_RESULT);
        interp_complete(&g->in);
        break;
    case INTERP_LIMIT:
    case INTERP_BLOCK:
    case INTERP_FENCE_I:
    case INTERP_PRIV:
    case INTERP_WFI:
    case INTERP_ROI_BEGIN:
    case INTERP_ROI_END:
    case INTERP_EXIT:
    case INTERP_TOHOST:
        break;
    }
    if (g->needs_oracle && insn.rd != 0)
        g->gs.x[insn.rd] = oracle->reg(oracle->ctx, insn.rd);
    note_stores(g);
    return NULL;
}

static const char *take_interrupt(struct model *g, uint32_t cause) {
    g->in.priv.mip = 1u << (cause & 31);
    bool may = priv_pending_interrupt(&g->in.priv) == cause;
    g->in.priv.mip = 0;
    if (!may)
        return "an interrupt that is not enabled";
    return interp_interrupt(&g->in, cause) ? NULL : "an interrupt without a handler";
}

static const char *trap(struct model *g, const struct model_oracle *oracle, uint32_t cause) {
    (void)oracle;
    if ((cause & CAUSE_INTERRUPT) != 0)
        return take_interrupt(g, cause);
    g->has_no_device = cause == CAUSE_LOAD_ACCESS || cause == CAUSE_STORE_ACCESS;
    enum interp_event event = interp_run(&g->in, 1);
    g->has_no_device = false;
    return event == INTERP_TRAP ? NULL : "a guest trap at an instruction that does not trap";
}

static const uint32_t *regs(const struct model *g) {
    return g->gs.x;
}

static uint32_t pc(const struct model *g) {
    return g->in.pc;
}

/* All of it but what comes from outside. */
static void priv(const struct model *g, struct guest_priv *p) {
    memcpy(p, &g->in.priv, offsetof(struct guest_priv, mip));
}

static struct model_stores *stores(struct model *g) {
    return &g->stores;
}

const struct model_ops golden_model = {
    .name = "golden model",
    .priv_bytes = sizeof(struct guest_priv),
    .create = create,
    .destroy = destroy,
    .step = step,
    .trap = trap,
    .regs = regs,
    .pc = pc,
    .priv = priv,
    .stores = stores,
};
