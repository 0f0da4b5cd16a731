/* SPDX-License-Identifier: MIT
 * guest_run [-v] ELF: runs a guest program in the interpreter on the workstation. Console on
 * stdout, exit status as a last line "[exit status N]" as in tests/prog/NAME.expect; -v prints the
 * instructions. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/guest/virt_host.h"

enum { MAX_ELF_BYTES = 16 << 20 };
static const uint64_t max_insns = 200u * 1000u * 1000u;

static void put_char(void *ctx, uint8_t c) {
    (void)ctx;
    putchar(c);
}

static uint32_t read_file(const char *path, uint8_t *bytes) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        exit(2);
    }
    const size_t n = fread(bytes, 1, MAX_ELF_BYTES, file);
    fclose(file);
    return (uint32_t)n;
}

static int report(const struct virt_host *v, enum virt_host_stop stop) {
    char text[80];
    const struct interp_fault *f = &v->golden->in.fault;
    switch (stop) {
    case VIRT_EXITED:
        printf("[exit status %d]\n", v->exit_status);
        return 0;
    case VIRT_LIMIT:
        fprintf(stderr, "guest_run: more than %llu instructions\n", (unsigned long long)max_insns);
        return 1;
    case VIRT_FAULT:
        rv_disasm(f->word, f->pc, text, sizeof text);
        fprintf(stderr, "guest_run: %s at pc 0x%08x (%s), address 0x%08x\n",
                guest_cause_text(f->cause), f->pc, text, f->tval);
        return 1;
    }
    return 1;
}

int main(int argc, char **argv) {
    const bool is_verbose = argc == 3 && strcmp(argv[1], "-v") == 0;
    if (argc != 2 && !is_verbose) {
        fprintf(stderr, "usage: guest_run [-v] ELF\n");
        return 2;
    }
    uint8_t *bytes = malloc(MAX_ELF_BYTES);
    struct virt_host *v = virt_host_create(put_char, NULL);
    const enum elf_error error = virt_host_load(v, bytes, read_file(argv[argc - 1], bytes));
    if (error != ELF_OK) {
        fprintf(stderr, "guest_run: %s: %s\n", argv[argc - 1], elf_error_text(error));
        return 2;
    }
    const int status = report(v, virt_host_run(v, max_insns));
    if (is_verbose)
        fprintf(stderr, "%9llu instructions, %9llu in the region of interest: %s\n",
                (unsigned long long)v->golden->gs.insns, (unsigned long long)v->roi_insns, argv[2]);
    virt_host_destroy(v);
    free(bytes);
    return status;
}
