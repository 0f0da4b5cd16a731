/* SPDX-License-Identifier: MIT
 * The firmware's main program: from reset to the guest's exit status. The loader has left a
 * load list with the guest in FLASH; its bytes are not trusted. start.S calls main and stops the
 * machine with its result.
 */
#include "firmware/boot.h"
#include "firmware/cms/cms.h"
#include "firmware/cms/life.h"
#include "firmware/native.h"
#include "translator/xlate_impl.h"

struct cms cms_state; /* the workstation's report finds it by this name */
static struct xl translator;
static struct tc_tables tables;

int main(void) {
    struct cms *cms = &cms_state;
    const struct cms_platform platform = {
        .guest_ram = (uint8_t *)MEM_GUEST_BASE,
        .load = {(const uint8_t *)MEM_FLASH_BASE, native_csrr(CSR_BOOT_FLASH)},
        .code = (volatile uint32_t *)MEM_CODE_BASE,
        .code_first_bytes = native_image_bytes,
        .code_bytes = CONFIG_WIDE_CODE_BUNDLES * TC_BUNDLE_BYTES,
    };
    if (native_csrr(CSR_CONFIG_ID) != MACHINE_ID) {
        cms_log("selkirk: this firmware is for machine 0x%x, not 0x%x\n", MACHINE_ID,
                native_csrr(CSR_CONFIG_ID));
        return CMS_STATUS_REFUSED;
    }
    cms_init(cms, &platform, &translator, &tables);
    return (int)boot_and_run(cms);
}
