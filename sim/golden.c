/* SPDX-License-Identifier: MIT
 * Golden model: see golden.h. Its devices swallow everything; a value that comes from outside the
 * guest is taken from the engine after the instruction.
 */
#include "sim/golden.h"
#include "firmware/loader.h"
#include "machine.h"
#include <stdlib.h>
#include <string.h>

static enum interp_dev_result device_load(void *ctx, uint32_t addr, uint32_t bytes,
                                          uint32_t *value) {
    struct golden *g = ctx;
    (void)addr;
    (void)bytes;
    *value = 0;
    g->needs_oracle = true;
    return g->has_no_device ? INTERP_DEV_NONE : INTERP_DEV_OK;
}

static enum interp_dev_result device_store(void *ctx, uint32_t addr, uint32_t bytes,
                                           uint32_t value) {
    struct golden *g = ctx;
    (void)addr;
    (void)bytes;
    (void)value;
    return g->has_no_device ? INTERP_DEV_NONE : INTERP_DEV_OK;
}

/* The guest's instructions are counted alike on both sides; cycles and time are the engine's. */
static uint32_t read_csr(void *ctx, enum rv_csr csr) {
    const struct golden *g = ctx;
    if (csr == RV_CSR_INSTRET)
        return (uint32_t)g->gs.insns;
    return csr == RV_CSR_INSTRETH ? (uint32_t)(g->gs.insns >> 32) : 0;
}

enum { REG_A1 = 11 };

struct golden *golden_create(uint32_t ram_bytes, const struct load_list *list) {
    struct loaded guest;
    struct load_refusal why;
    struct golden *g = calloc(1, sizeof *g);
    if (g == NULL || (g->ram = calloc(1, ram_bytes)) == NULL)
        abort();
    g->device = (struct interp_dev){
        .ctx = g, .load = device_load, .store = device_store, .read_csr = read_csr};
    g->ram_bytes = ram_bytes;
    g->log = (struct guest_store_log){.entries = g->stores, .capacity = GOLDEN_STORES};
    g->gs.log = &g->log;
    struct guest_mem mem = {.ram = g->ram, .base = MEM_GUEST_BASE, .bytes = ram_bytes};
    g->is_refused = !load_guest(list, &mem, &guest, &why);
    g->gs.x[REG_A1] = guest.tree;
    interp_init(&g->in, &g->gs, &mem, &g->device, guest.entry);
    return g;
}

void golden_destroy(struct golden *g) {
    free(g->ram);
    free(g);
}

/* The instruction at pc, whatever its alignment; 0 outside RAM. */
static uint32_t fetch_word(const struct golden *g) {
    uint32_t offset = g->in.pc - MEM_GUEST_BASE, word = 0;
    if (offset < g->ram_bytes)
        memcpy(&word, g->ram + offset, g->ram_bytes - offset < 4 ? g->ram_bytes - offset : 4);
    return (word & 3) == 3 ? word : word & 0xffff;
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

static void note_step(struct golden *g, uint32_t word) {
    uint32_t slot = (uint32_t)(g->n_steps++ % GOLDEN_RING);
    g->ring_pc[slot] = g->in.pc;
    g->ring_word[slot] = word;
}

const char *golden_step(struct golden *g, const struct golden_oracle *oracle) {
    enum { X_RESULT = 10 };
    struct rv_insn insn;
    uint32_t word = fetch_word(g);
    rv_decode(word, &insn);
    note_step(g, word);
    g->needs_oracle = reads_engines_csr(&insn);
    switch (interp_run(&g->in, 1)) {
    case INTERP_FAULT:
    case INTERP_TRAP:
        return guest_cause_text(g->in.fault.cause);
    case INTERP_SEMIHOST:
        oracle->copy_stores(oracle->ctx, g->ram);
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
    return NULL;
}

static const char *take_interrupt(struct golden *g, uint32_t cause) {
    g->in.priv.mip = 1u << (cause & 31);
    bool may = priv_pending_interrupt(&g->in.priv) == cause;
    g->in.priv.mip = 0;
    if (!may)
        return "an interrupt that is not enabled";
    return interp_interrupt(&g->in, cause) ? NULL : "an interrupt without a handler";
}

const char *golden_trap(struct golden *g, uint32_t cause) {
    note_step(g, fetch_word(g));
    if ((cause & CAUSE_INTERRUPT) != 0)
        return take_interrupt(g, cause);
    g->has_no_device = cause == CAUSE_LOAD_ACCESS || cause == CAUSE_STORE_ACCESS;
    enum interp_event event = interp_run(&g->in, 1);
    g->has_no_device = false;
    return event == INTERP_TRAP ? NULL : "a guest trap at an instruction that does not trap";
}
