/* SPDX-License-Identifier: MIT
 * Putting a machine together: engine, firmware image, load list in FLASH, boot switches. The
 * workstation only places bytes; everything else is the firmware's job.
 */
#include "sim/cmd/selkirk.h"
#include "sim/cmd/stop.h"
#include "machine.h"
#include "firmware/cms/limits.h"
#include "firmware/log.h"
#include "translator/aot/packed.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int put_file(const char *path, enum load_kind kind, uint32_t address, struct flash *flash) {
    uint32_t left = flash_left(flash);
    errno = 0;
    FILE *f = fopen(path, "rb");
    bool is_read = f != NULL && flash_put_file(flash, kind, address, f);
    int why = errno;
    if (f != NULL)
        fclose(f);
    if (is_read)
        return 0;
    if (why == EFBIG)
        return bad_input("'%s' is larger than the %u bytes that are left of FLASH", path, left);
    if (why == ENOMEM)
        return complain(STATUS_NO_MEMORY, "not enough memory for '%s'", path);
    return bad_input("cannot read '%s': %s", path, strerror(why != 0 ? why : EIO));
}

/* Whether the guest file is one that can run, and what is loaded fits, is for the firmware to say.
 */
static int put_files(const struct options *o, struct flash *flash) {
    int status = put_file(o->guest_file, LOAD_ELF, 0, flash);
    for (unsigned i = 0; i < MAX_LOADS && o->loads[i].text != NULL && status == 0; i++) {
        const char *text = o->loads[i].text;
        char *path = strndup(text, (size_t)(strrchr(text, '@') - text));
        if (path == NULL)
            return complain(STATUS_NO_MEMORY, "not enough memory for --load %s", text);
        status = put_file(path, LOAD_BYTES, o->loads[i].address, flash);
        free(path);
    }
    return status;
}

/* TEXT of --append, then the arguments, with spaces between. */
static bool put_command_line(const struct options *o, struct flash *flash) {
    size_t room = o->append != NULL ? strlen(o->append) + 1 : 0, n = 0;
    for (uint32_t i = 0; i < o->n_guest_args; i++)
        room += strlen(o->guest_args[i]) + 1;
    char *text = malloc(room + 1);
    if (text == NULL)
        return false;
    if (o->append != NULL)
        n = (size_t)sprintf(text, "%s ", o->append);
    for (uint32_t i = 0; i < o->n_guest_args; i++)
        n += (size_t)sprintf(text + n, "%s ", o->guest_args[i]);
    bool is_done = n == 0 || flash_put(flash, LOAD_COMMAND_LINE, 0, text, n - 1);
    free(text);
    return is_done;
}

static bool put_texts(const struct options *o, struct flash *flash) {
    uint8_t date[8];
    for (unsigned i = 0; i < sizeof date; i++)
        date[i] = (uint8_t)(o->date >> 8 * i);
    return flash_put(flash, LOAD_NAME, 0, o->guest_file, strlen(o->guest_file)) &&
           put_command_line(o, flash) && flash_put(flash, LOAD_DATE, 0, date, sizeof date);
}

int guest_read(const struct options *o, struct flash *flash) {
    int status = 0;
    *flash = (struct flash){0};
    if (o->guest_file == NULL)
        return bad_input("no guest program named (see --help)");
    if (!put_texts(o, flash))
        status = errno == EFBIG
                     ? bad_input("name and command line of the guest are larger than FLASH")
                     : complain(STATUS_NO_MEMORY, "not enough memory for the guest's command line");
    if (status == 0)
        status = put_files(o, flash);
    if (status == 0 && flash->n_bytes > memory_info[o->memory].flash_bytes)
        status = bad_input(
            "'%s' and what is loaded with it are larger than the %u MiB of FLASH (--memory %s)",
            o->guest_file, memory_info[o->memory].flash_bytes >> 20, memory_info[o->memory].name);
    if (status != 0)
        flash_free(flash);
    return status;
}

/* Path of what lies beside the command: build/selkirk, build/firmware/selkirk.img. */
void path_beside(char *path, size_t bytes, const char *tail) {
    size_t tail_bytes = strlen(tail) + 1;
    ssize_t n = readlink("/proc/self/exe", path, bytes - tail_bytes);
    size_t end = n > 0 ? (size_t)n : 0;
    while (end > 0 && path[end - 1] != '/')
        end--;
    memcpy(path + end, tail, tail_bytes);
}

/* --memory-test, rounded up. */
static uint32_t test_units(const struct options *o) {
    uint64_t units = ((uint64_t)o->memory_test + LOAD_TEST_UNIT - 1) / LOAD_TEST_UNIT;
    return units < LOAD_TEST_MASK ? (uint32_t)units : LOAD_TEST_MASK;
}

uint32_t boot_without_guest(const struct options *o) {
    return 1u << LOAD_NONE_BIT | memory_info[o->memory].flash_bytes | test_units(o);
}

uint64_t latency_bound(const struct options *o) {
    uint32_t percent = o->memory_fields[MEMORY_FIELD_IRQ_PERCENT];
    return (uint64_t)IRQ_LATENCY_BOUND_CYCLES * (percent != 0 ? percent : 100) / 100;
}

/* What an engine has not been made for. The RTL has the caches of one configuration. */
static int check_memory(const struct options *o) {
    const struct memory_info *info = &memory_info[MEMORY_ULX3S];
    if (strcmp(o->engine, "rtl") != 0 || !memory_has_caches(o))
        return 0;
    if (o->memory != MEMORY_ULX3S)
        return bad_input("--memory %s: --engine rtl has no caches for it (it has those of %s)",
                         o->memory_text, info->name);
    for (unsigned i = 0; i < MEMORY_FIELD_COUNT; i++)
        if (i != MEMORY_FIELD_IRQ_PERCENT && o->memory_fields[i] != info->field[i])
            return bad_input("--memory %s: --engine rtl has %s=%u and no other", o->memory_text,
                             memory_field_info[i].name, info->field[i]);
    return 0;
}

/* A store in block RAM has an end. */
static int check_store(const struct options *o, const struct image *im, const char *firmware) {
    const uint32_t *fields = o->memory_fields;
    uint32_t n = im->code_bytes / PACKED_WORD_BYTES, lines = packed_lines(n);
    uint32_t words = (packed_bytes(im->code, n) - packed_head_bytes(lines)) / PACKED_WORD_BYTES;
    if (fields[MEMORY_FIELD_FIRMWARE] != FIRMWARE_IN_STORE ||
        (lines <= fields[MEMORY_FIELD_STORE_LINES] && words <= fields[MEMORY_FIELD_STORE_ROOM]))
        return 0;
    return bad_input("firmware image '%s': %u lines, %u words; the store of --memory %s has room "
                     "for %u and %u",
                     firmware, lines, words, o->memory_text, fields[MEMORY_FIELD_STORE_LINES],
                     fields[MEMORY_FIELD_STORE_ROOM]);
}

static struct engine *create_engine(const struct options *o) {
    if (strcmp(o->engine, "rtl") != 0)
        return engine_iss_create();
    return memory_has_caches(o) ? engine_rtl_create_cached() : engine_rtl_create();
}

int firmware_open(const struct options *o, struct image *im) {
    char path[4096];
    char error[256];
    path_beside(path, sizeof path, "firmware/selkirk.img");
    const char *firmware = o->firmware != NULL ? o->firmware : path;
    if (!image_open(im, firmware, error, sizeof error))
        return bad_input("firmware image '%s': %s", firmware, error);
    int status = check_store(o, im, firmware);
    if (status != 0)
        image_close(im);
    return status;
}

int machine_open(struct machine *m, const struct options *o, const struct flash *flash) {
    int status = check_memory(o);
    if (status == 0)
        status = firmware_open(o, &m->image);
    if (status != 0)
        return status;
    m->engine = create_engine(o);
    if (m->engine == NULL) {
        image_close(&m->image);
        return complain(STATUS_NO_MEMORY, "not enough memory for the machine (--engine %s)",
                        o->engine);
    }
    struct engine_boot boot = {
        .flash_bytes = flash != NULL ? (uint32_t)flash->n_bytes : boot_without_guest(o),
        .ram_bytes = o->ram_bytes,
        .flags = o->boot_flags | o->gear,
        .tcache_bytes = o->tcache_bytes,
        .memory = o->memory,
        .image_bytes = m->image.code_bytes,
    };
    memcpy(boot.memory_fields, o->memory_fields, sizeof boot.memory_fields);
    if (!m->engine->ops->set_boot(m->engine, &boot)) {
        machine_close(m);
        return complain(STATUS_NO_MEMORY, "not enough memory for the caches of --memory %s",
                        o->memory_text);
    }
    image_load(&m->image, m->engine);
    if (flash != NULL)
        flash_load(flash, m->engine);
    return 0;
}

void machine_close(struct machine *m) {
    m->engine->ops->destroy(m->engine);
    image_close(&m->image);
}

static struct ending ending_asked(const struct options *o) {
    int reason = stop_asked;
    if (reason == STOP_CONSOLE)
        return (struct ending){STATUS_CANNOT_WRITE, "console"}; /* console_finish tells */
    if (reason != SIGALRM) {
        complain(0, "stopped by signal %d (%s)", reason, strsignal(reason));
        return (struct ending){STATUS_SIGNAL + reason, "signal"};
    }
    return (struct ending){
        complain(STATUS_LIMIT, "stopped at the limit of %u seconds", o->max_seconds), "limit"};
}

struct ending exit_ending(uint32_t status) {
    if ((status & CMS_STATUS_IS_OURS) == 0)
        return (struct ending){(int)(status & 0xff), "exit"};
    return status == CMS_STATUS_REFUSED ? (struct ending){STATUS_BAD_INPUT, "refusal"}
                                        : (struct ending){STATUS_BUG, "bug"};
}

struct ending run_ending(const struct machine *m, enum engine_stop stop, const struct options *o) {
    struct engine *e = m->engine;
    switch (stop) {
    case ENGINE_EXITED:
        return exit_ending(e->ops->exit_status(e));
    case ENGINE_CYCLE_LIMIT:
        return (struct ending){complain(STATUS_LIMIT, "stopped at the limit of %llu cycles",
                                        (unsigned long long)o->max_cycles),
                               "limit"};
    case ENGINE_INSN_LIMIT:
        return (struct ending){complain(STATUS_LIMIT,
                                        "stopped at the limit of %llu guest instructions",
                                        (unsigned long long)o->max_guest_insns),
                               "limit"};
    case ENGINE_ASKED:
        return ending_asked(o);
    case ENGINE_WAVES:
        return (struct ending){STATUS_CANNOT_WRITE, "waves"}; /* closing them tells */
    case ENGINE_NO_MEMORY:
        return (struct ending){complain(STATUS_NO_MEMORY, "not enough memory to go on"), "memory"};
    case ENGINE_ASSERT:
        complain(STATUS_BUG, "program error: %s", e->ops->message(e));
        break;
    case ENGINE_HOOK_STOP:
        break;
    }
    return (struct ending){STATUS_BUG, "bug"};
}
