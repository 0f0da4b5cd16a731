/* SPDX-License-Identifier: MIT
 * Guest loader: checks and loads the ELF file in FLASH and sets the guest's first state as QEMU's
 * `virt` does (a0 = hart id 0; a1 = 0, no device tree), then runs it. A bad file is refused on the
 * log channel.
 */
#include "firmware/boot.h"
#include "firmware/native.h"
#include "translator/guest/elf.h"

static bool load_guest(struct cms *cms) {
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
    elf_load(&elf, &cms->mem);
    for (uint32_t n = 1; n < 32; n++)
        greg_write(&cms->gs, n, 0);
    cms->interp.pc = elf.entry;
    if (elf_symbol(&elf, "tohost", &tohost) && (tohost & 7u) == 0 &&
        tohost - cms->mem.base < cms->mem.bytes) {
        cms->interp.tohost = tohost;
        cms->dev.tohost = tohost;
    }
    return true;
}

uint32_t boot_and_run(struct cms *cms) {
    if (!load_guest(cms))
        return CMS_STATUS_REFUSED;
    dispatch_run(cms);
    stats_roi_end(cms);
    stats_sample(cms);
    return cms->exit_status & 0xff; /* as every shell sees it */
}
