/* SPDX-License-Identifier: MIT
 * The firmware itself has trapped: a bug of ours. Prints what the machine still knows and stops
 * with exit status 70. start.S has kept the registers and given this a fresh stack.
 */
#include "firmware/log.h"
#include "firmware/native.h"

_Noreturn void firmware_panic(uint32_t cause, uint32_t native_pc, uint32_t addr) {
    cms_log("selkirk: bug: firmware trapped: cause %u at native pc 0x%x, address 0x%x\n", cause,
            native_pc, addr);
    for (uint32_t r = 1; r <= 15; r++)
        cms_log("selkirk:   firmware x%u 0x%x\n", r, native_panic_regs[r - 1]);
    bug_dump();
    log_end(CMS_STATUS_BUG);
    native_exit(CMS_STATUS_BUG);
}
