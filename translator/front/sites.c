/* SPDX-License-Identifier: MIT
 * Which instructions are for the interpreter only (runtime/profile.h keeps them): looked up before
 * a block is translated, and for each of its instructions. */
#include "translator/guest/greg.h"
#include "translator/runtime/profile.h"

uint32_t site_print(const struct guest_mem *mem, uint32_t pc) {
    uint32_t low = guest_load16(mem, pc), high = 0;
    if ((low & 3u) == 3u && pc + 2 - mem->base < mem->bytes)
        high = guest_load16(mem, pc + 2);
    uint32_t print = (low ^ high << 5 ^ high >> 11) & 0xffffu;
    return print != 0 ? print : 1;
}

bool site_search(const struct profile_entry *pair, const struct guest_mem *mem, uint32_t pc) {
    const struct profile_entry *e = &pair[pair[0].pc != pc];
    return e->pc == pc && e->site != 0 && e->site == site_print(mem, pc);
}
