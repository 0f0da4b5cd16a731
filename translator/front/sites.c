/* SPDX-License-Identifier: MIT
 * The set of interpret-only instructions (runtime/profile.h) as the translator sees it: the search
 * that goes on when the first place of a pc is taken. */
#include "translator/runtime/profile.h"

bool site_search(const struct sites *s, uint32_t pc) {
    for (uint32_t i = profile_slot(pc); s->pcs[i & (SITE_ENTRIES - 1)] != 0; i++)
        if (s->pcs[i & (SITE_ENTRIES - 1)] == pc + 1)
            return true;
    return false;
}
