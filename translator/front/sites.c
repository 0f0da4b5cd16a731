/* SPDX-License-Identifier: MIT
 * Which instructions are for the interpreter only: looked up before a block is translated, and for
 * each of its instructions. */
#include "translator/front/fetch.h"
#include "translator/front/sites.h"

uint32_t site_print(const struct guest_mem *mem, uint32_t pc) {
    uint32_t word = fetch_insn(mem->ram + (pc - mem->base), mem->base + mem->bytes - pc);
    uint32_t low = word & 0xffffu, high = (word & 3) == 3 ? word >> 16 : 0;
    uint32_t print = (low ^ high << 5 ^ high >> 11) & 0xffffu;
    return print != 0 ? print : 1;
}

bool site_search(const struct site_entry *pair, const struct guest_mem *mem, uint32_t pc) {
    const struct site_entry *e = &pair[pair[0].pc != pc];
    return e->pc == pc && e->site != 0 && e->site == site_print(mem, pc);
}
