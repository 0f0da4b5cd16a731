/* SPDX-License-Identifier: MIT
 * Rejects inconsistent machine tables.
 */
#include <string.h>

#include "rtl/machine/gen_model.h"

unsigned check_model(const struct model *m, FILE *err)
{
    unsigned complaints = 0;
    for (size_t i = 0; i < m->ops_count; i++) {
        for (size_t k = 0; k < i; k++) {
            if (m->ops[i].opcode == m->ops[k].opcode) {
                fprintf(err, "gen: operations %s and %s have the same opcode\n", m->ops[i].name,
                        m->ops[k].name);
                complaints++;
            }
        }
    }
    return complaints;
}
