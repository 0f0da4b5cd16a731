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

/* A function of the operation: `format` with the row's text, of the rows of these kinds that have
 * one. The others do not come. */
static void emit_function(FILE *f, const char *head, const char *format, unsigned kinds) {
    fprintf(f, "\nstatic uint32_t %s {\n    switch (op) {\n", head);
    for (unsigned op = RV_ILLEGAL + 1; op < RV_OP_COUNT; op++) {
        const struct gen_executed e = gen_rows[op].execute(0, 0, 0, 0);
        if (e.text == NULL || (kinds >> e.kind & 1u) == 0)
            continue;
        const char *const place = strchr(format, '@');
        fprintf(f, "    case RV_%s:\n        return %.*s%s%s;\n", gen_rows[op].name,
                (int)(place - format), format, e.text, place + 1);
    }
    fputs("    default:\n        __builtin_trap();\n    }\n}\n", f);
}

/* Column EXECUTE as functions. */
void gen_emit_values(FILE *f) {
    emit_function(f, "rv_value(enum rv_op op, uint32_t a, uint32_t b, uint32_t imm)", "@",
                  1u << KIND_VALUE);
    emit_function(f, "rv_atomic_value(enum rv_op op, uint32_t old, uint32_t b)", "@",
                  1u << KIND_ATOMIC);
    emit_function(f, "rv_csr_value(enum rv_op op, uint32_t old, uint32_t b)", "@", 1u << KIND_CSR);
    emit_function(f, "rv_access_bytes(enum rv_op op)", "(uint32_t)sizeof(@)",
                  1u << KIND_LOAD | 1u << KIND_STORE);
    emit_function(f, "rv_load_value(enum rv_op op, uint32_t value)", "(uint32_t)(@)value",
                  1u << KIND_LOAD);
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
