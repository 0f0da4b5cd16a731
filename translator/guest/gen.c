/* SPDX-License-Identifier: MIT
 * The generator of what decoder and translator have from rv32.def.
 *   gen DIR      writes rv32_tree.h, rv32_steps.h and rv32_values.h into DIR
 *   gen --check  only checks the table
 * Always checks it first; with complaints nothing is written and the status is 1. */
#include "translator/guest/gen.h"

#include <stdlib.h>
#include <string.h>

static bool write_product(const char *folder, const char *name, void (*emit)(FILE *f)) {
    char path[4096];
    const int n = snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = n > 0 && (size_t)n < sizeof path ? fopen(path, "w") : NULL;
    if (f == NULL) {
        fprintf(stderr, "gen: cannot write %s/%s\n", folder, name);
        return false;
    }
    fputs("/* Made by translator/guest/gen from rv32.def. Do not edit. */\n", f);
    emit(f);
    const bool has_failed = ferror(f) != 0;
    if (fclose(f) != 0 || has_failed) {
        fprintf(stderr, "gen: cannot write %s\n", path);
        return false;
    }
    return true;
}

/* Column EXECUTE: what COMPUTE says. */
void gen_emit_values(FILE *f) {
    fputs("static uint32_t rv_value(enum rv_op op, uint32_t a, uint32_t b, uint32_t imm) {\n"
          "    switch (op) {\n",
          f);
    for (unsigned op = RV_ILLEGAL + 1; op < RV_OP_COUNT; op++) {
        const char *text = gen_rows[op].execute(0, 0, 0, 0).text;
        if (text != NULL)
            fprintf(f, "    case RV_%s:\n        return %s;\n", gen_rows[op].name, text);
    }
    fputs("    default: /* the others have handlers of their own */\n        return 0;\n    }\n}\n",
          f);
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fputs("usage: gen DIR | gen --check\n", stderr);
        return 2;
    }
    if (gen_check_tree() + gen_check_lift() != 0)
        return EXIT_FAILURE;
    if (strcmp(argv[1], "--check") == 0)
        return EXIT_SUCCESS;
    return write_product(argv[1], "rv32_tree.h", gen_emit_tree) &&
                   write_product(argv[1], "rv32_steps.h", gen_emit_steps) &&
                   write_product(argv[1], "rv32_values.h", gen_emit_values)
               ? EXIT_SUCCESS
               : EXIT_FAILURE;
}
