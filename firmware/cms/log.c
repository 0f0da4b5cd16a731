/* SPDX-License-Identifier: MIT
 * Text for the developer, on the native log channel: a very small printf (%x eight hex digits, %u
 * decimal, %s text, %c character), and what is said when the machine stops for a reason of its own.
 */
#include <stdarg.h>
#include "firmware/cms/cms.h"
#include "firmware/guest/interp_slow.h"
#include "firmware/native.h"

static void log_char(char c) {
    native_csrw(CSR_LOG_TX, (uint8_t)c);
}

static void log_text(const char *text) {
    while (*text != 0)
        log_char(*text++);
}

static void log_hex(uint32_t value) {
    for (int shift = 28; shift >= 0; shift -= 4)
        log_char("0123456789abcdef"[value >> shift & 15u]);
}

static void log_decimal(uint32_t value) {
    char digits[10];
    uint32_t n = 0;
    do {
        digits[n++] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    while (n > 0)
        log_char(digits[--n]);
}

void cms_log(const char *format, ...) {
    va_list args;
    va_start(args, format);
    for (const char *p = format; *p != 0; p++) {
        if (*p != '%') {
            log_char(*p);
            continue;
        }
        switch (*++p) {
        case 'x':
            log_hex(va_arg(args, uint32_t));
            break;
        case 'u':
            log_decimal(va_arg(args, uint32_t));
            break;
        case 's':
            log_text(va_arg(args, const char *));
            break;
        default:
            log_char((char)va_arg(args, int));
        }
    }
    va_end(args);
}

/* "load denied by PMP in U mode (no entry matches)" */
static void log_denial(const struct cms *cms, uint32_t denial) {
    const struct guest_priv *p = &cms->interp.priv;
    const uint32_t cause = cms->interp.fault.cause;
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

static void log_reason(const struct cms *cms) {
    const struct interp_fault *f = &cms->interp.fault;
    const bool is_load = f->cause == CAUSE_LOAD_ACCESS;
    if (f->reason >= INTERP_BECAUSE_PMP)
        log_denial(cms, f->reason - INTERP_BECAUSE_PMP);
    else if (f->reason == INTERP_BECAUSE_ATOMIC)
        cms_log("atomic instruction outside RAM");
    else if (f->reason == INTERP_BECAUSE_MISALIGNED)
        cms_log("misaligned %s that is not all in RAM", is_load ? "load" : "store");
    else
        cms_log("%s", guest_cause_text(f->cause));
}

void cms_refuse_fault(struct cms *cms) {
    const struct interp_fault *f = &cms->interp.fault;
    const uint32_t mtvec = cms->interp.priv.mtvec;
    cms_log("selkirk: guest: ");
    log_reason(cms);
    cms_log(": 0x%x at pc 0x%x (instruction 0x%x), and ", f->tval, f->pc, f->word);
    if (interp_is_in_ram(&cms->interp, mtvec & ~3u))
        cms_log("it is the first of the trap handler: it would trap for ever\n");
    else
        cms_log("no trap handler: mtvec is 0x%x\n", mtvec);
    cms_refuse(cms);
}

_Noreturn void cms_bug(const char *file, int line, const char *what) {
    cms_log("selkirk: bug: %s:%u: %s\n", file, (uint32_t)line, what);
    dispatch_dump(&cms_state);
    native_exit(CMS_STATUS_BUG);
}
