/* SPDX-License-Identifier: MIT
 * Guest loader: checks and loads the ELF file in FLASH and sets the guest's first state as QEMU's
 * `virt` does (a0 = hart id 0; a1 = device tree), then runs it, again and again if it asks for a
 * reset. A bad file is refused on the log channel.
 */
#include "firmware/boot.h"
#include "firmware/fdt.h"
#include "firmware/native.h"
#include "translator/guest/elf.h"

static bool load_guest(struct cms *cms) {
    enum { A1 = 11 };
    struct guest_elf elf;
    uint32_t tohost;
    enum elf_error error = elf_open(&elf, cms->platform.flash, native_csrr(CSR_BOOT_FLASH),
                                    cms->mem.base, cms->mem.bytes);
    if (error != ELF_OK) {
        cms_log("selkirk: guest: %s", elf_error_text(error));
        if (error == ELF_SEGMENT_OUTSIDE_RAM || error == ELF_ENTRY_OUTSIDE)
            cms_log(": 0x%x", elf.bad_addr);
        cms_log("\n");
        return false;
    }
    uint32_t tree = fdt_place(&cms->mem);
    elf_load(&elf, &cms->mem);
    for (uint32_t n = 1; n < 32; n++)
        greg_write(&cms->gs, n, n == A1 ? tree : 0);
    cms->interp.pc = elf.entry;
    cms->interp.priv.misaligned_traps = (cms->flags & BOOT_MISALIGNED_TRAPS) != 0;
    if (elf_symbol(&elf, "tohost", &tohost) && (tohost & 7u) == 0 &&
        tohost - cms->mem.base < cms->mem.bytes) {
        cms->interp.tohost = tohost;
        cms->dev.tohost = tohost;
    }
    return true;
}

/* The finisher's reset: as after power-on, but RAM keeps what the ELF file does not cover. */
static bool reset(struct cms *cms) {
    tc_flush(cms);
    devices_init(cms);
    interp_init(&cms->interp, &cms->gs, &cms->mem, &cms->dev.ops, 0);
    dispatch_init(cms);
    cms->is_stopped = 0;
    return load_guest(cms);
}

uint32_t boot_and_run(struct cms *cms) {
    if (!load_guest(cms))
        return CMS_STATUS_REFUSED;
    dispatch_run(cms);
    while (cms->dev.must_reset) {
        if (!reset(cms))
            return CMS_STATUS_REFUSED;
        dispatch_run(cms);
    }
    stats_roi_end(cms);
    stats_sample(cms);
    return cms->exit_status & 0xff; /* as every shell sees it */
}
