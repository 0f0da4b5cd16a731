/* SPDX-License-Identifier: MIT
 * The generator of the machine description's products.
 *   gen DIR         writes headers, tables, package and linker constants into DIR
 *   gen --docs DIR  writes isa.md and machine.md into DIR
 *   gen --check     only checks the tables
 * Always checks the tables first (gen_check.c); with complaints nothing is written and the status
 * is 1.
 */
#include <stdlib.h>
#include <string.h>

#include "rtl/machine/gen_model.h"

struct product {
    const char *name;
    void (*emit)(const struct model *m, FILE *f);
};

static const struct product products[] = {
    {"machine.h", emit_machine_h},       {"machine_tables.h", emit_tables_h},
    {"machine_tables.c", emit_tables_c}, {"machine_encode.h", emit_encode_h},
    {"machine_decode.c", emit_decode_c}, {"vliw_pkg.sv", emit_pkg_sv},
    {"memory.ld", emit_memory_ld},       {NULL, NULL},
};

static const struct product docs[] = {
    {"isa.md", emit_isa_md},
    {"machine.md", emit_machine_md},
    {NULL, NULL},
};

static bool write_all(const struct product *list, const char *folder, const struct model *m) {
    for (; list->name; list++) {
        char path[4096];
        int n = snprintf(path, sizeof path, "%s/%s", folder, list->name);
        FILE *f = n > 0 && (size_t)n < sizeof path ? fopen(path, "w") : NULL;
        if (!f) {
            fprintf(stderr, "gen: cannot write %s/%s\n", folder, list->name);
            return false;
        }
        list->emit(m, f);
        bool failed = ferror(f) != 0;
        if (fclose(f) != 0 || failed) {
            fprintf(stderr, "gen: cannot write %s\n", path);
            return false;
        }
    }
    return true;
}

int main(int argc, char **argv) {
    bool is_check = argc == 2 && strcmp(argv[1], "--check") == 0;
    bool is_docs = argc == 3 && strcmp(argv[1], "--docs") == 0;
    if (!is_check && !is_docs && argc != 2) {
        fputs("usage: gen DIR | gen --docs DIR | gen --check\n", stderr);
        return 2;
    }
    const struct model *m = model_load();
    if (check_model(m, stderr) != 0) {
        return EXIT_FAILURE;
    }
    if (is_check) {
        return EXIT_SUCCESS;
    }
    return write_all(is_docs ? docs : products, argv[argc - 1], m) ? EXIT_SUCCESS : EXIT_FAILURE;
}
