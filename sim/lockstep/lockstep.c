/* SPDX-License-Identifier: MIT
 * Lock-step with a model (model.h). The engine's guest RAM is followed in a copy of our own,
 * fed by the store hook in program order, because an engine with a pipeline may already hold
 * younger stores. Undone stores need no special care: the firmware's undo walk stores the old
 * words, so at the next commit both memories must agree wherever either side stored.
 *
 * A commit of no instructions by the firmware says that the guest has taken a trap or an interrupt;
 * the model takes the same one. Privileged state is compared at every commit of the
 * firmware.
 *
 * The pc is compared twice: after a commit of the firmware (the interpreter's pc in FWRAM), and on
 * arrival at the first bundle of a translated region, whose guest pc the firmware's records tell.
 */
#include "sim/lockstep/lockstep.h"
#include "translator/support/native_text.h"
#include "firmware/guest/loader.h"
#include "machine.h"
#include "translator/guest/rv32.h"
#include "firmware/cms/limits.h"
#include "firmware/cms/stats.h"
#include "firmware/tcache/tcache.h"
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { TOUCHED = 8192, RING = 16, CODE_BUNDLES = CONFIG_WIDE_CODE_BUNDLES };

/* A guest instruction, or the one before which a trap was taken. */
struct insn_note {
    uint32_t pc, word;
};

struct arrival {
    uint32_t native, guest_pc;
    uint64_t insns;
};

/* Of a bundle, what an explanation shows. */
struct bundle_note {
    uint64_t cycle;
    uint32_t pc;
    bool is_guest, is_trap;
};

struct lockstep {
    struct machine *m;
    const struct model_ops *ops;
    struct model *model;
    uint8_t *model_ram;
    uint32_t tohost; /* guest address of the 64-bit word; 0: none */
    struct model_oracle oracle;
    uint8_t *shadow; /* engine's guest RAM as of the hooks */
    uint32_t ram_bytes;
    uint32_t touched[TOUCHED]; /* word addresses the engine stored to since the last commit */
    uint32_t n_touched;
    uint32_t stats_addr;
    uint16_t *region_at;          /* per bundle of CODE: region number + 1 as last seen */
    struct insn_note notes[RING]; /* by the model */
    struct arrival arrivals[RING];
    struct bundle_note bundles[RING];
    bool was_guest;  /* the last bundle executed in guest mode */
    bool is_refused; /* the load list cannot be loaded: there is no guest */
    uint64_t n_notes, n_arrivals, n_bundles;
    struct lockstep_counts counts;
    char difference[256];
};

static bool differ(struct lockstep *ls, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static bool differ(struct lockstep *ls, const char *format, ...) {
    va_list args;
    va_start(args, format);
    vsnprintf(ls->difference, sizeof ls->difference, format, args);
    va_end(args);
    return false;
}

/* The firmware has stored a zero into tohost while a console message stood there: it has taken the
 * message, and the model's goes with it. */
static void note_message_taken(struct lockstep *ls, uint32_t offset, uint32_t data) {
    enum { CONSOLE_PUT = 0x0101, TOHOST_BYTES = 8 };
    if (data != 0 || ls->tohost == 0 || offset - (ls->tohost - MEM_GUEST_BASE) >= TOHOST_BYTES)
        return;
    const uint8_t *word = ls->model_ram + (ls->tohost - MEM_GUEST_BASE);
    if ((word[6] | word[7] << 8) == CONSOLE_PUT)
        memset(ls->model_ram + (offset & ~3u), 0, 4);
}

static void on_store(void *ctx, uint32_t addr, uint32_t data, uint32_t bytes, bool is_guest) {
    struct lockstep *ls = ctx;
    uint32_t offset = addr - MEM_GUEST_BASE;
    if (offset >= ls->ram_bytes)
        return;
    memcpy(ls->shadow + offset, &data, bytes);
    if (ls->counts.commits == 0)
        return; /* the firmware is loading the program */
    if (!is_guest && bytes == 4)
        note_message_taken(ls, offset, data);
    offset &= ~3u;
    if (ls->n_touched != 0 && ls->n_touched <= TOUCHED && ls->touched[ls->n_touched - 1] == offset)
        return;
    if (ls->n_touched < TOUCHED)
        ls->touched[ls->n_touched] = offset;
    ls->n_touched++;
}

static uint32_t fwram_word(const struct lockstep *ls, uint32_t addr) {
    struct engine *e = ls->m->engine;
    uint32_t word = 0;
    if (addr <= e->ops->mem_bytes(e, ENGINE_MEM_FWRAM) - 4)
        memcpy(&word, e->ops->mem(e, ENGINE_MEM_FWRAM) + addr, 4);
    return word;
}

static uint32_t stats_field(const struct lockstep *ls, size_t offset) {
    return fwram_word(ls, ls->stats_addr + (uint32_t)offset);
}

static bool same_word(struct lockstep *ls, uint32_t offset) {
    uint32_t have, want;
    memcpy(&have, ls->shadow + offset, 4);
    memcpy(&want, ls->model_ram + offset, 4);
    if (have == want)
        return true;
    return differ(ls, "memory at %08x is %08x, %s has %08x", MEM_GUEST_BASE + offset, have,
                  ls->ops->name, want);
}

/* All of RAM, of which most pages were never touched on either side. */
static bool same_ram(struct lockstep *ls) {
    enum { AT_ONCE = 4096 };
    for (uint32_t at = 0; at < ls->ram_bytes; at += AT_ONCE) {
        if (memcmp(ls->shadow + at, ls->model_ram + at, AT_ONCE) == 0)
            continue;
        for (uint32_t offset = at; offset < at + AT_ONCE; offset += 4)
            if (!same_word(ls, offset))
                return false;
    }
    return true;
}

static bool same_stores(struct lockstep *ls) {
    const struct model_stores *stores = ls->ops->stores(ls->model);
    bool is_first = ls->counts.commits == 1; /* the firmware's loader is checked as well */
    if (is_first || ls->n_touched > TOUCHED || stores->n > MODEL_STORES_MAX)
        return same_ram(ls);
    for (uint32_t i = 0; i < ls->n_touched; i++)
        if (!same_word(ls, ls->touched[i]))
            return false;
    for (uint32_t i = 0; i < stores->n; i++)
        if (!same_word(ls, (stores->addrs[i] - MEM_GUEST_BASE) & ~3u))
            return false;
    return true;
}

static bool same_registers(struct lockstep *ls) {
    struct engine *e = ls->m->engine;
    const uint32_t *regs = ls->ops->regs(ls->model);
    for (uint32_t n = 1; n < 32; n++) {
        uint32_t have = e->ops->reg(e, n);
        if (have != regs[n])
            return differ(ls, "x%u is %08x, %s has %08x", n, have, ls->ops->name, regs[n]);
    }
    return true;
}

static bool same_pc(struct lockstep *ls, uint32_t have) {
    uint32_t want = ls->ops->pc(ls->model);
    ls->counts.pc_checks++;
    if (have == want)
        return true;
    return differ(ls, "guest pc is %08x, %s has %08x", have, ls->ops->name, want);
}

/* Fields of struct guest_priv before mip, in words. */
static const struct {
    const char *name;
    size_t offset;
} priv_fields[] = {
#define FIELD(name)                                                                                \
    { #name, offsetof(struct guest_priv, name) }
    FIELD(mode),          FIELD(mstatus),       FIELD(mtvec),
    FIELD(mepc),          FIELD(mcause),        FIELD(mtval),
    FIELD(mscratch),      FIELD(mie),           FIELD(mcounteren),
    FIELD(mcountinhibit), FIELD(pmpcfg),        FIELD(pmpaddr),
    FIELD(is_reserved),   FIELD(reserved_addr), FIELD(reserved_value),
    FIELD(checks_data),   FIELD(checks_fetch),  FIELD(is_locked),
    FIELD(is_open),       FIELD(pmp_used),      FIELD(misaligned_traps),
    FIELD(semihosting),   FIELD(instret),
#undef FIELD
};

static const char *priv_field_at(size_t offset) {
    size_t n = sizeof priv_fields / sizeof priv_fields[0];
    while (n > 1 && priv_fields[n - 1].offset > offset)
        n--;
    return priv_fields[n - 1].name;
}

static bool read_priv(const struct lockstep *ls, struct guest_priv *priv) {
    struct engine *e = ls->m->engine;
    uint32_t addr = stats_field(ls, offsetof(struct cms_stats, priv_addr));
    if (addr == 0 || addr > e->ops->mem_bytes(e, ENGINE_MEM_FWRAM) - sizeof *priv)
        return false;
    memcpy(priv, e->ops->mem(e, ENGINE_MEM_FWRAM) + addr, sizeof *priv);
    return true;
}

static uint32_t oracle_reg(void *ctx, uint32_t n) {
    struct lockstep *ls = ctx;
    return ls->m->engine->ops->reg(ls->m->engine, n);
}

static uint32_t oracle_mip(void *ctx) {
    struct guest_priv priv;
    return read_priv(ctx, &priv) ? priv.mip : 0;
}

static void oracle_stores(void *ctx, uint8_t *ram) {
    struct lockstep *ls = ctx;
    if (ls->n_touched > TOUCHED)
        memcpy(ram, ls->shadow, ls->ram_bytes);
    for (uint32_t i = 0; i < ls->n_touched && i < TOUCHED; i++)
        memcpy(ram + ls->touched[i], ls->shadow + ls->touched[i], 4);
}

static bool same_priv(struct lockstep *ls) {
    struct guest_priv have, want;
    if (!read_priv(ls, &have))
        return true;
    want = have;
    ls->ops->priv(ls->model, &want);
    if (memcmp(&have, &want, offsetof(struct guest_priv, mip)) == 0)
        return true;
    for (size_t at = 0; at < offsetof(struct guest_priv, mip); at += 4) {
        uint32_t have_word, want_word;
        memcpy(&have_word, (const char *)&have + at, 4);
        memcpy(&want_word, (const char *)&want + at, 4);
        if (have_word != want_word)
            return differ(ls, "%s (word %u of guest_priv) is %08x, %s has %08x", priv_field_at(at),
                          (unsigned)(at / 4), have_word, ls->ops->name, want_word);
    }
    return true;
}

/* The instruction at the model's pc. */
static struct insn_note *note_insn(struct lockstep *ls) {
    uint32_t pc = ls->ops->pc(ls->model), offset = pc - MEM_GUEST_BASE, word = 0;
    if (offset < ls->ram_bytes)
        memcpy(&word, ls->model_ram + offset,
               ls->ram_bytes - offset < 4 ? ls->ram_bytes - offset : 4);
    struct insn_note *note = &ls->notes[ls->n_notes++ % RING];
    *note = (struct insn_note){pc, (word & 3) == 3 ? word : word & 0xffff};
    return note;
}

/* The firmware's commit of no instructions: the guest has taken a trap or an interrupt. */
static bool follow_trap(struct lockstep *ls) {
    struct guest_priv priv;
    if (!read_priv(ls, &priv))
        return differ(ls,
                      "guest trap, but the firmware does not say where its privileged state is");
    bool is_interrupt = (priv.mcause & CAUSE_INTERRUPT) != 0;
    const struct insn_note *note = note_insn(ls);
    if (is_interrupt && note->word == RV_SEMIHOST_BREAK) /* what the call has stored so far */
        oracle_stores(ls, ls->model_ram);
    const char *objection = ls->ops->trap(ls->model, &ls->oracle, priv.mcause);
    if (is_interrupt)
        ls->counts.interrupts++;
    else
        ls->counts.traps++;
    if (objection == NULL)
        return true;
    return differ(ls, "%s at %08x, mcause %08x: %s", ls->ops->name, ls->ops->pc(ls->model),
                  priv.mcause, objection);
}

static bool on_commit(void *ctx, uint32_t pc, bool is_guest, uint32_t insns) {
    struct lockstep *ls = ctx;
    (void)pc;
    if (ls->is_refused)
        return differ(ls, "the firmware runs a guest that cannot be loaded");
    for (uint32_t i = 0; i < insns; i++) {
        note_insn(ls);
        const char *objection = ls->ops->step(ls->model, &ls->oracle);
        if (objection != NULL)
            return differ(ls, "%s at %08x: %s", ls->ops->name, ls->ops->pc(ls->model), objection);
    }
    if (insns == 0 && !is_guest && !follow_trap(ls))
        return false;
    ls->counts.commits++;
    ls->counts.insns += insns;
    if (!is_guest && !same_priv(ls))
        return false;
    if (!is_guest &&
        !same_pc(ls, fwram_word(ls, stats_field(ls, offsetof(struct cms_stats, interp_pc_addr)))))
        return false;
    if (!same_registers(ls) || !same_stores(ls))
        return false;
    ls->n_touched = 0;
    ls->ops->stores(ls->model)->n = 0;
    return true;
}

static bool region_read(const struct lockstep *ls, uint32_t number, struct tc_region *r) {
    struct engine *e = ls->m->engine;
    uint32_t table = stats_field(ls, offsetof(struct cms_stats, regions_addr));
    uint64_t at = table + (uint64_t)number * sizeof *r;
    if (table == 0 || at + sizeof *r > e->ops->mem_bytes(e, ENGINE_MEM_FWRAM))
        return false;
    memcpy(r, e->ops->mem(e, ENGINE_MEM_FWRAM) + at, sizeof *r);
    return true;
}

/* The live region whose first bundle is at `native`. */
static bool region_starting_at(struct lockstep *ls, uint32_t native, struct tc_region *r) {
    uint32_t bundle = (native - MEM_CODE_BASE) / 16;
    if (bundle >= CODE_BUNDLES)
        return false;
    uint32_t hint = ls->region_at[bundle];
    if (hint != 0 && region_read(ls, hint - 1, r) && r->is_live && r->native == native)
        return true;
    return false;
}

static void learn_regions(struct lockstep *ls) {
    struct tc_region r;
    for (uint32_t i = 0; i < TC_MAX_REGIONS && region_read(ls, i, &r); i++) {
        uint32_t bundle = (r.native - MEM_CODE_BASE) / 16;
        if (r.is_live && bundle < CODE_BUNDLES)
            ls->region_at[bundle] = (uint16_t)(i + 1);
    }
}

static bool on_bundle(void *ctx, const struct engine_bundle *b) {
    struct lockstep *ls = ctx;
    struct tc_region r;
    bool was_guest = ls->was_guest;
    ls->bundles[ls->n_bundles++ % RING] =
        (struct bundle_note){b->cycle, b->pc, b->is_guest, b->is_trap};
    ls->was_guest = b->is_guest;
    if (!b->is_guest)
        return true;
    bool is_start = region_starting_at(ls, b->pc, &r);
    if (!is_start && !was_guest) { /* entered by the firmware: a region made since we last looked */
        learn_regions(ls);
        is_start = region_starting_at(ls, b->pc, &r);
    }
    if (!is_start)
        return true;
    ls->arrivals[ls->n_arrivals++ % RING] = (struct arrival){b->pc, r.guest_pc, ls->counts.insns};
    return same_pc(ls, r.guest_pc);
}

/* The machine as the firmware leaves it to the guest, loaded by the same code. */
static struct model *start_model(struct lockstep *ls, const struct options *o,
                                 const struct flash *flash) {
    const struct load_list list = flash_list(flash);
    struct guest_mem mem = {.ram = ls->model_ram, .base = MEM_GUEST_BASE, .bytes = o->ram_bytes};
    struct loaded guest;
    struct load_refusal why;
    ls->is_refused = !load_guest(&list, &mem, &guest, &why);
    ls->tohost = ls->is_refused ? 0 : guest.tohost;
    struct model_start start = {
        .ram = ls->model_ram,
        .ram_base = MEM_GUEST_BASE,
        .ram_bytes = o->ram_bytes,
        .pc = guest.entry,
        .a1 = guest.tree,
        .misaligned_traps = (o->boot_flags & BOOT_MISALIGNED_TRAPS) != 0,
        .semihosting = (o->boot_flags & BOOT_SEMIHOSTING) >> BOOT_SEMIHOSTING_SHIFT,
    };
    return ls->ops->create(&start);
}

struct lockstep *lockstep_create(struct machine *m, const struct options *o,
                                 const struct model_ops *model, const struct flash *flash) {
    struct lockstep *ls = calloc(1, sizeof *ls);
    if (ls == NULL)
        return NULL;
    ls->m = m;
    ls->ram_bytes = o->ram_bytes;
    ls->ops = model;
    ls->shadow = calloc(1, o->ram_bytes);
    ls->model_ram = calloc(1, o->ram_bytes);
    ls->region_at = calloc(CODE_BUNDLES, sizeof *ls->region_at);
    if (ls->shadow != NULL && ls->model_ram != NULL && ls->region_at != NULL)
        ls->model = start_model(ls, o, flash);
    if (ls->model == NULL) {
        lockstep_destroy(ls);
        return NULL;
    }
    ls->oracle = (struct model_oracle){ls, oracle_reg, oracle_mip, oracle_stores};
    if (!image_symbol(&m->image, "cms_state", &ls->stats_addr))
        ls->stats_addr = 0;
    return ls;
}

void lockstep_destroy(struct lockstep *ls) {
    if (ls->model != NULL)
        ls->ops->destroy(ls->model);
    free(ls->model_ram);
    free(ls->shadow);
    free(ls->region_at);
    free(ls);
}

void lockstep_hooks(struct lockstep *ls, struct engine_hooks *hooks) {
    hooks->ctx = ls;
    hooks->on_bundle = on_bundle;
    hooks->on_commit = on_commit;
    hooks->on_store = on_store;
    hooks->skips_firmware = true;
}

bool lockstep_ok(const struct lockstep *ls) {
    return ls->difference[0] == '\0';
}

bool lockstep_is_refused(const struct lockstep *ls) {
    return ls->is_refused;
}

static uint32_t statistic(const struct lockstep *ls, enum cms_stat which) {
    return stats_field(ls, offsetof(struct cms_stats, now) + 8 * (size_t)which);
}

struct lockstep_counts lockstep_counts(const struct lockstep *ls) {
    struct lockstep_counts counts = ls->counts;
    counts.latency_max = statistic(ls, STAT_IRQ_LATENCY_MAX);
    counts.rollbacks = statistic(ls, STAT_CHAOS_ROLLBACKS);
    return counts;
}

static uint64_t ring_start(uint64_t n, uint32_t capacity) {
    return n > capacity ? n - capacity : 0;
}

static void explain_bundle(const struct lockstep *ls, const struct bundle_note *b, FILE *out) {
    struct engine *e = ls->m->engine;
    char text[NATIVE_TEXT_BYTES];
    uint32_t words[SLOT_COUNT];
    uint32_t offset = 0;
    memcpy(words, e->ops->mem(e, ENGINE_MEM_CODE) + (b->pc - MEM_CODE_BASE), sizeof words);
    native_print_bundle(words, text);
    const char *symbol = b->is_guest ? NULL : image_nearest(&ls->m->image, b->pc, &offset);
    fprintf(out, "  %12llu %s %08x %s%s", (unsigned long long)b->cycle,
            b->is_guest ? "guest" : "fw   ", b->pc, text, b->is_trap ? "  TRAP" : "");
    if (symbol != NULL)
        fprintf(out, "  <%s+%x>", symbol, offset);
    fputc('\n', out);
}

void lockstep_explain(const struct lockstep *ls, FILE *out) {
    fprintf(out, "selkirk: lock-step difference after %llu guest instructions, %llu commits: %s\n",
            (unsigned long long)ls->counts.insns, (unsigned long long)ls->counts.commits,
            ls->difference);
    fprintf(out, " last guest instructions (%s):\n", ls->ops->name);
    for (uint64_t i = ring_start(ls->n_notes, RING); i < ls->n_notes; i++) {
        const struct insn_note *note = &ls->notes[i % RING];
        char text[64];
        rv_disasm(note->word, note->pc, text, sizeof text);
        fprintf(out, "  %08x  %08x  %s\n", note->pc, note->word, text);
    }
    fprintf(out, " last regions entered (native, guest pc, guest instructions before):\n");
    for (uint64_t i = ring_start(ls->n_arrivals, RING); i < ls->n_arrivals; i++) {
        const struct arrival *a = &ls->arrivals[i % RING];
        fprintf(out, "  %08x  %08x  %llu\n", a->native, a->guest_pc, (unsigned long long)a->insns);
    }
    fprintf(out, " last bundles:\n");
    for (uint64_t i = ring_start(ls->n_bundles, RING); i < ls->n_bundles; i++)
        explain_bundle(ls, &ls->bundles[i % RING], out);
}
