/* SPDX-License-Identifier: MIT
 * Life of struct cms: from the boot switches to a state that dispatch_run can start from, and to
 * the stop. */
#include "firmware/cms/cms.h"
#include "firmware/native.h"

static void init_tcache(struct cms *cms, struct tc_region *regions) {
    uint32_t first = cms->platform.code_first_bytes;
    uint32_t bytes = cms->platform.code_bytes - first;
    uint32_t wanted = native_csrr(CSR_BOOT_TCACHE);
    tc_init(cms, regions, first, wanted != 0 && wanted < bytes ? wanted : bytes);
}

void cms_init(struct cms *cms, const struct cms_platform *platform, struct xl *xl,
              struct tc_region *regions) {
    cms->platform = *platform;
    cms->xl = xl;
    cms->flags = native_csrr(CSR_BOOT_FLAGS);
    if ((cms->flags & BOOT_CHAOS_ROLLBACK) != 0)
        cms->flags |= BOOT_NO_CHAIN | BOOT_NO_JTL;
    cms->max_gear = cms->flags & BOOT_GEAR_MASK;
    cms->threshold = (cms->flags & BOOT_EAGER) != 0 ? 1 : XLATE_THRESHOLD;
    cms->mem.ram = platform->guest_ram;
    cms->mem.base = MEM_GUEST_BASE;
    cms->mem.bytes = native_csrr(CSR_BOOT_RAM);
    native_csrw(CSR_GUEST_MASK, cms->mem.bytes - 1);
    init_tcache(cms, regions);
    stats_init(cms); /* notes where the regions are */
    devices_init(cms);
    interp_init(&cms->interp, &cms->gs, &cms->mem, &cms->dev.ops, 0);
    gear1_init(cms);
    cms->rights.is_off = (cms->flags & BOOT_NO_RIGHTS) != 0;
    dispatch_init(cms);
}

void cms_stop(struct cms *cms, uint32_t exit_status) {
    cms->is_stopped = 1;
    cms->exit_status = exit_status & 0xff; /* as every shell sees it */
}

void cms_refuse(struct cms *cms) {
    cms->is_stopped = 1;
    cms->exit_status = CMS_STATUS_REFUSED;
}
