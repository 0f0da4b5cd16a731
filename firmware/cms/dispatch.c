/* SPDX-License-Identifier: MIT
 * The dispatcher. One turn: guest pc -> its translation, or a new one when the block has become hot
 * enough -> enter it and see why it came back; or interpret to the end of the block.
 *
 *   exit            guest pc from          then
 *   direct N        exit record N          the next turn chains N when it finds the target
 *   indirect        register 47            the next turn puts the target into the jump-target table
 *   stale           start of the region    drop it: stopped, or its guest code has changed
 *   interrupt       last commit point      look at tohost and the guest's interrupts, go on
 *   fault           last commit point      undo stores, drop the region, interpret its block
 *   code write      last commit point      undo stores, drop what changed, interpret its block
 *
 * After interrupt and fault the hardware has put the registers back to the last commit point, which
 * is the start of the region that trapped, or one inside it that it has passed. A misaligned access
 * is learned where it is interpreted (front/misaligned.h), and the next translation does it; where
 * that is switched off it leaves the region in place: a new one would do no better.
 */
#include "firmware/cms/dispatch.h"
#include "firmware/cms/cms.h"
#include "firmware/cms/gear1.h"
#include "firmware/cms/life.h"
#include "firmware/cms/refuse.h"
#include "firmware/native.h"

enum { GUEST_SP = 2 };

static const char *const how_text[] = {
    [HOW_NONE] = "-", [HOW_INTERPRET] = "interpret", [HOW_ENTER] = "enter"};

static struct dispatch_note *note(struct cms *cms, enum dispatch_how how, uint32_t native) {
    struct dispatch_note *n = &cms->ring[cms->n_dispatched++ & (DISPATCH_RING - 1)];
    n->guest_pc = cms->interp.pc;
    n->native = native;
    n->how = (uint16_t)how;
    n->cause = 0;
    n->trap_addr = 0;
    return n;
}

void bug_dump(void) {
    struct cms *cms = &cms_state;
    cms_log("selkirk: guest pc 0x%x, live regions %u, last dispatches (oldest first):\n",
            cms->interp.pc, tc_live_regions(&cms->tc));
    for (uint32_t i = 0; i < DISPATCH_RING; i++) {
        const struct dispatch_note *n = &cms->ring[(cms->n_dispatched + i) & (DISPATCH_RING - 1)];
        if (n->how != HOW_NONE)
            cms_log("selkirk:   pc 0x%x %s native 0x%x cause %u addr 0x%x\n", n->guest_pc,
                    how_text[n->how], n->native, n->cause, n->trap_addr);
    }
    for (uint32_t r = 1; r < 32; r++)
        cms_log("selkirk:   x%u 0x%x\n", r, native_rdh(r));
}

void dispatch_init(struct cms *cms) {
    cms->n_dispatched = 0;
    cms->must_interpret = cms->max_gear == 0;
    uint32_t chaos = (cms->flags & BOOT_CHAOS_IRQ) != 0 ? cms->flags >> BOOT_CHAOS_IRQ_SHIFT : 0;
    irq_init(&cms->irq, &cms->interp, &cms->dev, &cms->stats, chaos * BOOT_CHAOS_IRQ_UNIT);
}

/* Puts guest memory back to the commit point. */
static void undo_stores(struct cms *cms) {
    uint32_t n = native_csrr(CSR_UNDO_COUNT);
    if (n == 0)
        return;
    stat_add(cms, STAT_UNDO_WALKS, 1);
    stat_add(cms, STAT_UNDO_ENTRIES, n);
    for (; n > 0; n--) {
        guest_store32(&cms->mem, native_csrr(CSR_UNDO_ADDR), native_csrr(CSR_UNDO_DATA));
        native_csrw(CSR_UNDO_POP, 0);
    }
}

/* Looks at tohost and the interrupts. A store to tohost of which a part was not seen may go on. */
static void look_around(struct cms *cms) {
    irq_poll(&cms->irq);
    cms->must_interpret |= cms->dev.htif.n_watched != 0;
}

/* A store to tohost: the instruction is interpreted from now on, and no translation goes on that
 * may have it. */
static void note_tohost(struct cms *cms) {
    struct interp *in = &cms->interp;
    cms->dev.htif.stored |= in->tohost_bytes;
    in->tohost_bytes = 0;
    if (!site_has(cms->profile.entries, &cms->mem, in->tohost_pc)) {
        cms_add_site(cms, in->tohost_pc);
        gear1_drop_aside(cms);
        tc_scan_granule(&cms->tc, in->tohost_pc & ~(GRANULE_BYTES - 1u), true);
    }
    htif_look(&cms->dev, false);
    cms->must_interpret |= cms->dev.htif.n_watched != 0;
}

/* The region that trapped; the guest goes back to its last commit point. COMMIT_PC may be older
 * than the entry: then nothing has been committed since, and the guest is where it was entered. */
static struct tc_region *roll_back(struct cms *cms) {
    struct tc_region *r = tc_find_native(&cms->tc, native_csrr(CSR_TRAP_PC));
    bool has_committed = native_csrr(CSR_INSNS_GUEST) != cms->insns_at_entry;
    cms_assert(r != NULL);
    undo_stores(cms);
    cms->interp.pc = r->guest_pc;
    if (has_committed)
        cms->interp.pc = tc_commit_point(&cms->tc, r, native_csrr(CSR_COMMIT_PC));
    return r;
}

static void poll_code_writes(struct cms *cms) {
    uint32_t hit = native_csrr(CSR_PROT_HIT);
    if (hit != 0)
        smc_handle(&cms->smc, hit);
    if (UNLIKELY(cms->smc.n_checked != 0))
        smc_poll(&cms->smc);
    if (UNLIKELY(cms->tc.scan.is_on))
        smc_scan_on(&cms->smc);
}

/* It has committed nothing. */
static void leave_stale(struct cms *cms) {
    struct tc_region *r = tc_find_native(&cms->tc, native_csrr(CSR_TRAP_PC));
    cms_assert(r != NULL && (r->rechecks || r->is_stopped));
    cms->interp.pc = r->guest_pc;
    stat_add(cms, STAT_EXIT_STALE, 1);
    smc_stale(&cms->smc, r);
}

static void leave_by_exit(struct cms *cms, uint32_t exit_number) {
    if (exit_number == XL_EXIT_INDIRECT) {
        cms->interp.pc = native_trap_target();
        cms->was_indirect = (cms->flags & BOOT_NO_JTL) == 0;
        stat_add(cms, STAT_EXIT_INDIRECT, 1);
        return;
    }
    if (UNLIKELY(exit_number == XL_EXIT_STALE)) {
        leave_stale(cms);
        return;
    }
    cms->interp.pc = tc_exit_of(&cms->tc, exit_number)->made.guest_target;
    if ((cms->flags & BOOT_NO_CHAIN) == 0 && tc_learn(&cms->tc, exit_number))
        cms->tc.pending_exit = exit_number;
    stat_add(cms, STAT_EXIT_DIRECT, 1);
}

/* A store into a protected granule, noticed at a commit: perhaps the region's own, perhaps one that
 * was committed just before. */
static void leave_by_code_write(struct cms *cms) {
    stat_add(cms, STAT_FAULT_CODE_WRITE, 1);
    roll_back(cms);
    poll_code_writes(cms);
    cms->must_interpret = 1;
}

/* One of the region's accesses is not in the windows that it looks at. */
static void leave_by_rights(struct cms *cms) {
    stat_add(cms, STAT_EXIT_RIGHTS, 1);
    struct tc_region *r = roll_back(cms);
    if (rights_widen(&cms->rights, r->guest_pc))
        tc_invalidate(&cms->tc, r);
    cms->must_interpret = 1;
}

static void leave_by_fault(struct cms *cms, uint32_t cause) {
    switch (cause) {
    case TRAP_LOAD_MISALIGNED:
        stat_add(cms, STAT_FAULT_LOAD_MISALIGNED, 1);
        break;
    case TRAP_LOAD_ACCESS:
        stat_add(cms, STAT_FAULT_LOAD_ACCESS, 1);
        break;
    case TRAP_STORE_MISALIGNED:
        stat_add(cms, STAT_FAULT_STORE_MISALIGNED, 1);
        break;
    case TRAP_STORE_ACCESS:
        stat_add(cms, STAT_FAULT_STORE_ACCESS, 1);
        break;
    case TRAP_UNDO_FULL:
        stat_add(cms, STAT_FAULT_UNDO_FULL, 1);
        break;
    default:
        cms_bug(__FILE__, __LINE__, "translated code did something impossible");
    }
    struct tc_region *r = roll_back(cms);
    bool is_misaligned = cause == TRAP_LOAD_MISALIGNED || cause == TRAP_STORE_MISALIGNED;
    if (!is_misaligned || cms->interp.misaligned != NULL)
        tc_invalidate(&cms->tc, r);
    cms->must_interpret = 1;
}

/* A timer that is due at a commit: the guest's interrupts are looked at. */
static void leave_by_interrupt(struct cms *cms) {
    stat_add(cms, STAT_EXIT_INTERRUPT, 1);
    roll_back(cms);
    poll_code_writes(cms);
    if (UNLIKELY((cms->flags & BOOT_CHAOS_IRQ) != 0))
        cms->must_interpret = 1; /* the next may come before this region's commit again */
    look_around(cms);
}

/* CHAOS_ROLLBACK: exits are not chained, so each entry is a commit. The N-th finds the timer due.
 * What was rolled back is interpreted, or every other time executed again. */
static uint32_t enter_to_roll_back(struct cms *cms, uint32_t native) {
    uint32_t period = (cms->flags & BOOT_CHAOS_ROLLBACK) >> BOOT_CHAOS_ROLLBACK_SHIFT;
    if (++cms->n_since_rollback < period)
        return native_enter(native);
    cms->n_since_rollback = 0;
    native_csrw(CSR_TIMER_CMP, native_csrr(CSR_CYCLES));
    uint32_t cause = native_enter(native);
    native_csrw(CSR_TIMER_CMP, cms->irq.deadline);
    if (cause != TRAP_INTERRUPT)
        return cause;
    stat_add(cms, STAT_CHAOS_ROLLBACKS, 1);
    cms->must_interpret |= period == 1 || (cms->stats.now[STAT_CHAOS_ROLLBACKS] & 1) != 0;
    return cause;
}

static void enter(struct cms *cms, const struct tc_region *r) {
    struct dispatch_note *n = note(cms, HOW_ENTER, r->native);
    cms->insns_at_entry = native_csrr(CSR_INSNS_GUEST);
    bool must_roll_back = UNLIKELY((cms->flags & BOOT_CHAOS_ROLLBACK) != 0);
    uint32_t cause = must_roll_back ? enter_to_roll_back(cms, r->native) : native_enter(r->native);
    uint32_t addr = native_csrr(CSR_TRAP_ADDR);
    n->cause = (uint16_t)cause;
    n->trap_addr = addr;
    if (LIKELY(cause == TRAP_EXIT)) {
        leave_by_exit(cms, addr);
    } else if (cause == TRAP_CODE_WRITE) {
        leave_by_code_write(cms);
    } else if (cause == TRAP_INTERRUPT) {
        leave_by_interrupt(cms);
    } else if (cause == TRAP_LOAD_ACCESS && addr == XL_RIGHTS_TRAP && r->rights != 0) {
        leave_by_rights(cms);
    } else {
        leave_by_fault(cms, cause);
    }
}

static void after_interpretation(struct cms *cms, enum interp_event event) {
    switch (event) {
    case INTERP_LIMIT:
    case INTERP_BLOCK:
    case INTERP_EXIT: /* the device has said run_stop */
        break;
    case INTERP_TRAP:
        stat_add(cms, STAT_GUEST_TRAPS, 1);
        irq_note_change(&cms->irq);
        break;
    case INTERP_PRIV:
        irq_check(&cms->irq);
        break;
    case INTERP_WFI:
        irq_wait(&cms->irq);
        cms->must_interpret |= cms->dev.htif.n_watched != 0;
        break;
    case INTERP_FENCE_I:
        stat_add(cms, STAT_FENCE_I, 1);
        break;
    case INTERP_ROI_BEGIN:
        cms_sample(cms);
        stats_roi_begin(&cms->stats);
        break;
    case INTERP_ROI_END:
        cms_sample(cms);
        stats_roi_end(&cms->stats);
        break;
    case INTERP_TOHOST:
        note_tohost(cms);
        break;
    case INTERP_SEMIHOST:
        semihost_call(&cms->semihost);
        break;
    case INTERP_FAULT:
        refuse_fault(&cms->interp, &cms->dev.run);
        break;
    }
}

static uint32_t max_interpreted(const struct cms *cms) {
    const struct guest_priv *p = &cms->interp.priv;
    bool is_dear = UNLIKELY((p->checks_data | p->checks_fetch) != 0) && p->mie != 0;
    return is_dear ? (uint32_t)IRQ_CHECKED_INSNS : cms_max_insns(cms);
}

/* To the end of the block, at most as far as a region can reach; an interpret-only instruction
 * alone, so that what follows it can be translated, and the first one of a new context. With gear 0
 * alone there is nobody to hand the next block to, so it goes on for many, but looks up now and
 * then when the guest waits for interrupts. */
static enum interp_event interpret_block(struct cms *cms) {
    if (UNLIKELY(cms->max_gear == 0))
        return interp_run_blocks(&cms->interp, max_interpreted(cms),
                                 cms->interp.priv.mie == 0 ? GEAR0_BLOCKS : GEAR0_BLOCKS_IRQ);
    const bool is_one = cms->is_at_site | cms->has_made_rights;
    return interp_run(&cms->interp, is_one ? 1 : max_interpreted(cms));
}

/* A new context takes its time, so none is made while an interrupt waits for its handler to begin:
 * the handler's first instructions are interpreted without. */
static enum rights_found change_rights(struct cms *cms) {
    struct rights *rights = &cms->rights;
    uint32_t begin = native_csrr(CSR_CYCLES);
    enum rights_found found = rights_update(rights, &cms->interp.priv, &cms->mem,
                                            native_rdh(GUEST_SP), !cms->irq.is_taken);
    if (found == RIGHTS_LATER)
        return found;
    stat_add(cms, STAT_RIGHTS_CHANGES, rights_id(rights) != cms->tc.rights);
    tc_set_rights(&cms->tc, rights_id(rights));
    if (found == RIGHTS_NEW) {
        cms->has_made_rights = true;
        stat_add(cms, STAT_RIGHTS_MADE, 1);
        stat_add(cms, STAT_RIGHTS_CYCLES, native_csrr(CSR_CYCLES) - begin);
    }
    return found;
}

/* The interpreter checks fetches: where it need not ask. It does without the answer while something
 * else takes the time that a context may take: a scan, or a handler that has not begun. */
static void find_code(struct cms *cms) {
    const uint32_t *has_changed = &cms->interp.priv.has_changed;
    if (*has_changed != 0 && (cms->irq.is_taken | cms->tc.scan.is_on) == 0)
        (void)change_rights(cms);
    struct xl_window none = {0, 0};
    cms->interp.code = (*has_changed | cms->rights.is_closed) != 0
                           ? none
                           : rights_code_at(&cms->rights, cms->interp.pc);
}

static void interpret(struct cms *cms) {
    note(cms, HOW_INTERPRET, 0);
    if (UNLIKELY(cms->interp.priv.checks_fetch != 0))
        find_code(cms);
    if (UNLIKELY(cms->irq.is_taken))
        irq_count_latency(&cms->irq);
    uint32_t begin = native_csrr(CSR_CYCLES);
    enum interp_event event = interpret_block(cms);
    stat_add(cms, STAT_INTERP_RUNS, 1);
    stat_add(cms, STAT_INTERP_CYCLES, native_csrr(CSR_CYCLES) - begin);
    cms->tc.pending_exit = TC_NO_EXIT;
    cms->was_indirect = false;
    cms->must_interpret = cms->max_gear == 0;
    if (UNLIKELY(cms->dev.htif.n_watched != 0) && htif_watches(&cms->dev.htif))
        cms->must_interpret = 1;
    cms->is_at_site = cms->has_made_rights = false;
    poll_code_writes(cms);
    if (event != INTERP_BLOCK)
        after_interpretation(cms, event);
    if (cms->dev.is_kicked || (int32_t)(native_csrr(CSR_CYCLES) - cms->irq.deadline) >= 0)
        look_around(cms);
}

/* May a translation be entered, although one of choose's reasons against it is there? */
static bool may_enter(struct cms *cms) {
    if ((cms->dev.run.is_stopped | cms->must_interpret | cms->tc.scan.is_on) != 0)
        return false;
    if (cms->interp.priv.has_changed != 0 && change_rights(cms) != RIGHTS_KNOWN)
        return false;
    return cms->rights.is_closed == 0;
}

/* The translation to enter, or NULL: interpret, or stop. */
static struct tc_region *choose(struct cms *cms) {
    if ((cms->dev.run.is_stopped | cms->must_interpret | cms->tc.scan.is_on |
         cms->interp.priv.has_changed | cms->rights.is_closed) != 0 &&
        !may_enter(cms))
        return NULL;
    struct tc_region *r = tc_find(&cms->tc, cms->interp.pc);
    if (r != NULL || profile_stays_cold(&cms->profile, cms->interp.pc, cms->threshold))
        return r;
    return gear1_consider(cms);
}

/* A translation was left for something that may be an interrupt: then the guest is elsewhere. */
static void look_between_slices(struct cms *cms) {
    uint32_t pc = cms->interp.pc;
    cms->job.is_left = false;
    look_around(cms);
    if (cms->interp.pc != pc) {
        cms->tc.pending_exit = TC_NO_EXIT;
        cms->was_indirect = false;
    }
}

void dispatch_run(struct cms *cms) {
    for (;;) {
        struct tc_region *r = choose(cms);
        if (r == NULL) {
            if (cms->dev.run.is_stopped != 0)
                return;
            if (UNLIKELY(cms->job.is_left))
                look_between_slices(cms);
            else
                interpret(cms);
            continue;
        }
        if (UNLIKELY(cms->irq.is_taken))
            irq_count_latency(&cms->irq);
        if (cms->tc.pending_exit != TC_NO_EXIT) {
            tc_chain(&cms->tc, cms->tc.pending_exit, r);
            cms->tc.pending_exit = TC_NO_EXIT;
        } else if (cms->was_indirect) {
            tc_jump_table_add(&cms->tc, r);
            cms->was_indirect = false;
        }
        enter(cms, r);
    }
}
