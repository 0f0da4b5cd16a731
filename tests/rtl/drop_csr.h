/* SPDX-License-Identifier: MIT
 * Takes reads of some control registers out of random native programs: what they read is not the
 * same on both sides, and that is known.
 */
#ifndef SELKIRK_TESTS_RTL_DROP_CSR_H
#define SELKIRK_TESTS_RTL_DROP_CSR_H

#include <string.h>

#include "machine_encode.h"
#include "sim/random/randbundle.h"

/* Operations that is_dropped says something of have a number that reads 0 and drops writes. */
static inline void drop_csr(struct rand_native *p, bool (*is_dropped)(const struct vop_fields *f)) {
    enum { NO_CSR = 0x7f00 };
    for (uint32_t at = 4 * UNIT_CSR_SLOT; at < p->code_bytes; at += BUNDLE_BYTES) {
        struct vop_fields f;
        uint32_t word;
        memcpy(&word, p->code + at, 4);
        if (vop_decode(word, UNIT_CSR_SLOT, &f) && is_dropped(&f)) {
            f.imm = NO_CSR;
            word = vop_encode(&f);
            memcpy(p->code + at, &word, 4);
        }
    }
}

#endif
