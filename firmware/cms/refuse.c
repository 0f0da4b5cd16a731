/* SPDX-License-Identifier: MIT
 * A guest that nobody can help any more: why, in one line (refuse.h). */
#include "firmware/cms/refuse.h"
#include "firmware/guest/interp_impl.h"
#include "firmware/log.h"

/* "load denied by PMP in U mode (no entry matches)" */
static void log_denial(const struct interp *in, uint32_t denial) {
    const struct guest_priv *p = &in->priv;
    const uint32_t cause = in->fault.cause;
    const bool is_fetch = cause == CAUSE_FETCH_ACCESS;
    const uint32_t mode = is_fetch ? p->mode : priv_data_mode(p);
    cms_log("%s denied by PMP in %c mode ",
            is_fetch                     ? "instruction fetch"
            : cause == CAUSE_LOAD_ACCESS ? "load"
                                         : "store",
            mode == PRIV_M ? 'M' : 'U');
    if (denial == PRIV_NO_ENTRY)
        cms_log("(no entry matches)");
    else if (denial < PRIV_PMP_ENTRIES)
        cms_log("(entry %u does not allow it)", denial);
    else
        cms_log("(entry %u matches a part of it)", denial - PRIV_PARTLY);
}

static void log_reason(const struct interp *in) {
    const struct interp_fault *f = &in->fault;
    const bool is_load = f->cause == CAUSE_LOAD_ACCESS;
    if (f->reason >= INTERP_BECAUSE_PMP)
        log_denial(in, f->reason - INTERP_BECAUSE_PMP);
    else if (f->reason == INTERP_BECAUSE_ATOMIC)
        cms_log("atomic instruction outside RAM");
    else if (f->reason == INTERP_BECAUSE_MISALIGNED)
        cms_log("misaligned %s that is not all in RAM", is_load ? "load" : "store");
    else
        cms_log("%s", guest_cause_text(f->cause));
}

void refuse_fault(const struct interp *in, struct run *run) {
    const struct interp_fault *f = &in->fault;
    const uint32_t mtvec = in->priv.mtvec;
    cms_log("selkirk: guest: ");
    log_reason(in);
    cms_log(": 0x%x at pc 0x%x (instruction 0x%x), and ", f->tval, f->pc, f->word);
    if (interp_is_in_ram(in, mtvec & ~3u))
        cms_log("it is the first of the trap handler: it would trap for ever\n");
    else
        cms_log("no trap handler: mtvec is 0x%x\n", mtvec);
    run_refuse(run);
}
