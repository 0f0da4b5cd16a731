/* SPDX-License-Identifier: MIT
 * Emits the reference pages docs/isa.md and docs/machine.md.
 */
#include "rtl/machine/gen_model.h"

void emit_isa_md(const struct model *m, FILE *f)
{
    fputs("# Native instruction set\n\n| operation | meaning |\n|---|---|\n", f);
    for (size_t i = 0; i < m->ops_count; i++) {
        fprintf(f, "| `%s` | %s |\n", m->ops[i].mnemonic, m->ops[i].text);
    }
}

void emit_machine_md(const struct model *m, FILE *f)
{
    fputs("# The machine\n\n| unit | latency |\n|---|---|\n", f);
    for (size_t i = 0; i < m->units_count; i++) {
        fprintf(f, "| %s | %u |\n", m->units[i].name, m->units[i].latency);
    }
}
