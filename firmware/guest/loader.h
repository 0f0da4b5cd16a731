/* SPDX-License-Identifier: MIT
 * From the load list (load_list.h) to a guest that can start: device tree, ELF file and bytes in
 * guest RAM. The firmware loads with it, and so does the golden model of lock-step.
 *
 *   struct loaded guest;
 *   struct load_refusal why;
 *   if (!load_guest(&list, &mem, &guest, &why)) ... why.text, why.shown ...
 *
 * What is loaded later lies over what was loaded before: tree, the ELF file's segments in their
 * order, then bytes in theirs. RAM that nothing covers is left alone. The work is bounded by the
 * sizes of RAM and list, whatever is in the list.
 */
#ifndef SELKIRK_GUEST_LOADER_H
#define SELKIRK_GUEST_LOADER_H

#include "firmware/guest/load_list.h"
#include "translator/xlate.h"

/* Why nothing runs, when RAM may have been written to; or what the guest is without. */
struct load_refusal {
    const char *text;
    struct {
        const char *format; /* of cms_log, with the number; NULL: nothing to show */
        uint32_t number;
    } shown[2];
};

struct loaded {
    uint32_t entry;  /* where the guest starts */
    uint32_t tree;   /* guest address of the device tree */
    uint32_t tohost; /* of the 64-bit word; 0: none */
    uint32_t heap,
        heap_end; /* the largest part of RAM to which nothing is loaded, below the tree */
    struct load_refusal missing; /* text NULL: nothing */
};

bool load_guest(const struct load_list *list, const struct guest_mem *mem, struct loaded *guest,
                struct load_refusal *why);

#endif
