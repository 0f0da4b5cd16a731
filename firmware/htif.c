/* SPDX-License-Identifier: MIT
 * `tohost`: a 64-bit word of guest RAM (symbol in the ELF) through which simulators' guests talk:
 *   bits 63..48 = 0, bit 0 = 1    exit with status value >> 1
 *   bits 63..48 = 0x0101          byte in the low bits to the console; the word is cleared
 * Anything else is refused. An RV32 guest writes the two halves one after the other, so the
 * interpreter's notice of a store is followed up only after a few more instructions (dispatch.c);
 * stores of translated code are found by the timer.
 */
#include "translator/cms.h"

enum { HTIF_CONSOLE_PUT = 0x01010000 };

void htif_poll(struct cms *cms) {
    uint32_t addr = cms->dev.tohost;
    if (addr == 0)
        return;
    uint32_t low = guest_load32(&cms->mem, addr);
    uint32_t high = guest_load32(&cms->mem, addr + 4);
    if ((low | high) == 0)
        return;
    if (high == 0 && (low & 1u) != 0) {
        cms_stop(cms, low >> 1);
    } else if ((high & 0xffff0000u) == HTIF_CONSOLE_PUT) {
        console_put(cms, (uint8_t)low);
        guest_store32(&cms->mem, addr, 0);
        guest_store32(&cms->mem, addr + 4, 0);
    } else {
        cms_log("selkirk: guest: unsupported tohost request 0x%x%x\n", high, low);
        cms_refuse(cms);
    }
}
