/* SPDX-License-Identifier: MIT
 * Putting a machine together: engine, firmware image, guest ELF in FLASH, boot switches. The
 * workstation only places bytes; everything else is the firmware's job.
 */
#include "sim/selkirk.h"
#include "machine.h"
#include "translator/guest/elf.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static uint8_t *read_whole_file(const char *path, size_t limit, size_t *bytes) {
    FILE *f = fopen(path, "rb");
    uint8_t *data = NULL;
    if (f == NULL || (data = malloc(limit + 1)) == NULL) {
        if (f != NULL)
            fclose(f);
        return NULL;
    }
    *bytes = fread(data, 1, limit + 1, f);
    bool is_bad = ferror(f) != 0;
    fclose(f);
    if (!is_bad)
        return data;
    free(data);
    return NULL;
}

int guest_read(const struct options *o, uint8_t **elf, size_t *elf_bytes) {
    struct guest_elf checked;
    if (o->guest_file == NULL)
        return bad_input("no guest program named (see --help)");
    *elf = read_whole_file(o->guest_file, CONFIG_WIDE_FLASH_BYTES, elf_bytes);
    if (*elf == NULL)
        return bad_input("cannot read '%s'", o->guest_file);
    if (*elf_bytes > CONFIG_WIDE_FLASH_BYTES) {
        free(*elf);
        return bad_input("'%s' is larger than the %u MiB of FLASH", o->guest_file,
                         CONFIG_WIDE_FLASH_BYTES >> 20);
    }
    enum elf_error e = elf_open(&checked, *elf, (uint32_t)*elf_bytes, MEM_GUEST_BASE, o->ram_bytes);
    if (e == ELF_OK)
        return 0;
    free(*elf);
    return bad_input("'%s': %s", o->guest_file, elf_error_text(e));
}

/* The firmware image lies beside the command: build/selkirk, build/firmware/selkirk.img. */
static void default_firmware_path(char *path, size_t bytes) {
    static const char tail[] = "firmware/selkirk.img";
    ssize_t n = readlink("/proc/self/exe", path, bytes - sizeof tail - 1);
    size_t end = n > 0 ? (size_t)n : 0;
    while (end > 0 && path[end - 1] != '/')
        end--;
    memcpy(path + end, tail, sizeof tail);
}

int machine_open(struct machine *m, const struct options *o, const uint8_t *elf, size_t elf_bytes) {
    char path[4096];
    char error[256];
    default_firmware_path(path, sizeof path);
    const char *firmware = o->firmware != NULL ? o->firmware : path;
    if (!image_open(&m->image, firmware, error, sizeof error))
        return bad_input("firmware image '%s': %s", firmware, error);
    m->engine = strcmp(o->engine, "rtl") == 0 ? engine_rtl_create() : engine_iss_create();
    struct engine_boot boot = {
        .flash_bytes = (uint32_t)elf_bytes,
        .ram_bytes = o->ram_bytes,
        .flags = o->boot_flags | o->gear,
        .tcache_bytes = o->tcache_bytes,
    };
    m->engine->ops->set_boot(m->engine, &boot);
    image_load(&m->image, m->engine);
    memcpy(m->engine->ops->mem(m->engine, ENGINE_MEM_FLASH), elf, elf_bytes);
    return 0;
}

void machine_close(struct machine *m) {
    m->engine->ops->destroy(m->engine);
    image_close(&m->image);
}

int stop_status(const struct machine *m, enum engine_stop stop, const struct options *o) {
    struct engine *e = m->engine;
    switch (stop) {
    case ENGINE_EXITED:
        return (int)(e->ops->exit_status(e) & 0xff);
    case ENGINE_CYCLE_LIMIT:
        fprintf(stderr, "selkirk: stopped at the limit of %llu cycles\n",
                (unsigned long long)o->max_cycles);
        return STATUS_LIMIT;
    case ENGINE_INSN_LIMIT:
        fprintf(stderr, "selkirk: stopped at the limit of %llu guest instructions\n",
                (unsigned long long)o->max_guest_insns);
        return STATUS_LIMIT;
    case ENGINE_ASSERT:
        fprintf(stderr, "selkirk: program error: %s\n", e->ops->message(e));
        return STATUS_BUG;
    case ENGINE_HOOK_STOP:
        return STATUS_BUG;
    }
    return STATUS_BUG;
}
