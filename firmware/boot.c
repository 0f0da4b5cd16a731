/* SPDX-License-Identifier: MIT
 * Guest start: loads what the load list says (loader.c), sets the guest's first state as QEMU's
 * `virt` does (a0 = hart id 0; a1 = device tree), then runs it, again and again if it asks for a
 * reset. What cannot be loaded is refused in one line on the log channel.
 */
#include "firmware/boot.h"
#include "firmware/cms/cms.h"
#include "firmware/cms/dispatch.h"
#include "firmware/cms/life.h"
#include "firmware/native.h"
#include "firmware/guest/loader.h"

/* Control characters as in C: a refusal is one line, whatever the file's name. */
static void log_text(const struct load_entry *entry) {
    static const char digits[] = "0123456789abcdef";
    for (uint32_t i = 0; i < entry->length; i++) {
        uint8_t c = entry->bytes[i];
        if (c == '\n')
            cms_log("\\n");
        else if (c < 0x20 || c == 0x7f)
            cms_log("\\x%c%c", digits[c >> 4], digits[c & 15]);
        else
            cms_log("%c", c);
    }
}

/* One line: selkirk: 'NAME': why (segment 1, at 0x1000) */
static void log_line(const struct load_list *list, const struct load_refusal *why) {
    struct load_entry name;
    cms_log("selkirk: ");
    if (load_find(list, LOAD_NAME, &name)) {
        cms_log("'");
        log_text(&name);
        cms_log("': ");
    }
    cms_log("%s", why->text);
    const char *separator = " (", *end = "";
    for (unsigned i = 0; i < sizeof why->shown / sizeof why->shown[0]; i++) {
        if (why->shown[i].format == NULL)
            continue;
        cms_log("%s", separator);
        cms_log(why->shown[i].format, why->shown[i].number);
        separator = ", ";
        end = ")";
    }
    cms_log("%s\n", end);
}

static bool start_guest(struct cms *cms, bool is_first) {
    enum { A1 = 11 };
    struct loaded guest;
    struct load_refusal why;
    if (!load_guest(&cms->platform.load, &cms->mem, &guest, &why)) {
        log_line(&cms->platform.load, &why);
        return false;
    }
    if (is_first && guest.missing.text != NULL)
        log_line(&cms->platform.load, &guest.missing);
    for (uint32_t n = 1; n < 32; n++)
        greg_write(&cms->gs, n, n == A1 ? guest.tree : 0);
    cms->interp.pc = guest.entry;
    cms->dev.rom = (struct rom){.entry = guest.entry, .tree = guest.tree};
    cms->dev.heap = (struct heap){.start = guest.heap, .end = guest.heap_end};
    cms->interp.priv.misaligned_traps = (cms->flags & BOOT_MISALIGNED_TRAPS) != 0;
    cms->interp.priv.semihosting = (cms->flags & BOOT_SEMIHOSTING) >> BOOT_SEMIHOSTING_SHIFT;
    if (guest.tohost != 0)
        cms->interp.tohost = guest.tohost;
    cms->dev.htif.tohost = guest.tohost;
    return true;
}

/* The finisher's reset: as after power-on, but RAM keeps what the ELF file does not cover. */
static bool reset(struct cms *cms) {
    tc_flush(&cms->tc);
    cms_power_on(cms);
    dispatch_init(cms);
    return start_guest(cms, false);
}

uint32_t boot_and_run(struct cms *cms) {
    dispatch_init(cms);
    if (!start_guest(cms, true))
        return CMS_STATUS_REFUSED;
    dispatch_run(cms);
    while (cms->dev.run.must_reset) {
        if (!reset(cms))
            return CMS_STATUS_REFUSED;
        dispatch_run(cms);
    }
    cms_sample(cms);
    stats_roi_end(&cms->stats);
    return cms->dev.run.exit_status;
}
