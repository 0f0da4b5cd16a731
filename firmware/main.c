/* SPDX-License-Identifier: MIT
 * The firmware's main program: from reset to the guest's exit status. The loader has left a
 * load list with the guest in FLASH, or one comes over the native UART; its bytes are not trusted.
 * start.S calls main and stops the machine with its result.
 */
#include "firmware/boot.h"
#include "firmware/cms/cms.h"
#include "firmware/cms/life.h"
#include "firmware/cms/linked.h"
#include "firmware/native.h"
#include "translator/aot/packed.h"
#include "translator/xlate_impl.h"

enum { LINE_BYTES = PACKED_LINE_WORDS * PACKED_WORD_BYTES };

struct cms cms_state; /* the workstation's report finds it by this name */
static struct xl translator;
static struct tc_tables tables;
static struct linked linked;

int main(void) {
    struct cms *cms = &cms_state;
    const uint32_t flash = native_csrr(CSR_BOOT_FLASH);
    struct cms_platform platform = {
        .guest_ram = (uint8_t *)MEM_GUEST_BASE,
        .load = {(const uint8_t *)MEM_FLASH_BASE, flash},
        .code = (volatile uint32_t *)MEM_CODE_BASE,
        /* whole lines of the image may lie elsewhere (translator/aot/packed.h) */
        .code_first_bytes = (native_image_bytes + LINE_BYTES - 1) / LINE_BYTES * LINE_BYTES,
        .code_bytes = CONFIG_WIDE_CODE_BUNDLES * TC_BUNDLE_BYTES,
    };
    if (native_csrr(CSR_CONFIG_ID) != MACHINE_ID) {
        cms_log("selkirk: this firmware is for machine 0x%x, not 0x%x\n", MACHINE_ID,
                native_csrr(CSR_CONFIG_ID));
        return CMS_STATUS_REFUSED;
    }
    if (flash >> LOAD_NONE_BIT != 0)
        linked_load(&linked, cms, &platform, flash);
    cms_init(cms, &platform, &translator, &tables);
    uint32_t status = boot_and_run(cms);
    linked_end(&linked, cms, status);
    return (int)status;
}
