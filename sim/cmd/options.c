/* SPDX-License-Identifier: MIT
 * Command-line options of `selkirk`, from one table (option_table.c): parsing and --help cannot
 * differ.
 */
#include "sim/cmd/selkirk.h"
#include "sim/cmd/option_table.h"
#include "sim/cmd/date.h"
#include "sim/random/randguest.h"
#include "machine.h"
#include "firmware/tcache/tcache.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool parse_number(const char *text, uint64_t limit, bool has_suffix, uint64_t *value) {
    char *end = NULL;
    errno = 0;
    if (text[0] < '0' || text[0] > '9')
        return false;
    unsigned long long v = strtoull(text, &end, 0);
    unsigned shift = 0;
    if (has_suffix && (*end == 'K' || *end == 'k'))
        shift = 10;
    else if (has_suffix && (*end == 'M' || *end == 'm'))
        shift = 20;
    else if (has_suffix && (*end == 'G' || *end == 'g'))
        shift = 30;
    if (shift != 0)
        end++;
    if (errno != 0 || *end != '\0' || v > (limit >> shift))
        return false;
    *value = v << shift;
    return true;
}

/* A number of 1 or more into its field of the boot flags, rounded up to the field's unit. */
static bool set_boot_field(uint32_t *flags, const struct option_row *row, const char *argument) {
    uint32_t one = row->mask & (0u - row->mask), limit = row->mask / one * row->unit;
    uint64_t value = 0;
    if (!parse_number(argument, limit, false, &value) || value == 0) {
        bad_input("--%s wants a number from 1 to %u, not '%s'", row->name, limit, argument);
        return false;
    }
    *flags = (*flags & ~row->mask) | ((uint32_t)value + row->unit - 1) / row->unit * one;
    return true;
}

/* One of the words of the row's argument: its number into the field. */
static bool set_boot_word(uint32_t *flags, const struct option_row *row, const char *argument) {
    uint32_t one = row->mask & (0u - row->mask), number = 0;
    for (const char *word = row->argument; *word != '\0'; number++) {
        size_t length = strcspn(word, "|");
        if (strlen(argument) == length && strncmp(word, argument, length) == 0) {
            *flags = (*flags & ~row->mask) | number * one;
            return true;
        }
        word += length + (word[length] == '|');
    }
    bad_input("--%s wants %s, not '%s'", row->name, row->argument, argument);
    return false;
}

static bool is_word(const char *text, size_t length, const char *word) {
    return strlen(word) == length && strncmp(text, word, length) == 0;
}

void options_use_memory(struct options *o, enum memory memory, const char *text) {
    o->memory = memory;
    o->memory_text = text;
    memcpy(o->memory_fields, memory_info[memory].field, sizeof o->memory_fields);
}

static bool is_field_value(const struct memory_field_info *field, uint64_t value) {
    return value <= field->most && (!field->is_power || (value & (value - 1)) == 0);
}

/* FIELD=N, as far as the next comma. */
static bool set_memory_field(struct options *o, const char *text, size_t length) {
    size_t name_length = strcspn(text, "=");
    char number[24];
    for (uint32_t i = 0; i < MEMORY_FIELD_COUNT && name_length < length; i++) {
        const struct memory_field_info *field = &memory_field_info[i];
        uint64_t value;
        if (!is_word(text, name_length, field->name))
            continue;
        snprintf(number, sizeof number, "%.*s", (int)(length - name_length - 1),
                 text + name_length + 1);
        if (length - name_length > sizeof number ||
            !parse_number(number, UINT32_MAX, true, &value) || !is_field_value(field, value))
            return bad_input("--memory %s: %s wants a %s up to %u, not '%s'", o->memory_text,
                             field->name, field->is_power ? "power of two" : "number", field->most,
                             number),
                   false;
        o->memory_fields[i] = (uint32_t)value;
        return true;
    }
    bad_input("--memory %s: '%.*s' is no field of it with a value (docs/machine.md)",
              o->memory_text, (int)length, text);
    return false;
}

/* NAME[,FIELD=N...] */
static bool set_memory(struct options *o, const struct option_row *row, const char *argument) {
    size_t length = strcspn(argument, ",");
    bool is_known = false;
    for (uint32_t i = 0; i < MEMORY_COUNT && !is_known; i++) {
        is_known = is_word(argument, length, memory_info[i].name);
        if (is_known)
            options_use_memory(o, (enum memory)i, argument);
    }
    if (!is_known)
        return bad_input("--%s wants %s, not '%s'", row->name, row->argument, argument), false;
    for (const char *at = argument + length; *at == ','; at += length) {
        length = strcspn(++at, ",");
        if (!set_memory_field(o, at, length))
            return false;
    }
    return true;
}

bool memory_has_caches(const struct options *o) {
    return (o->memory_fields[MEMORY_FIELD_ICACHE] | o->memory_fields[MEMORY_FIELD_DCACHE]) != 0;
}

/* Misses are made by the chip that all parts lie in. */
static bool check_memory(const struct options *o) {
    const uint32_t *fields = o->memory_fields;
    bool has_chip = memory_info[o->memory].chip_bytes != 0 && fields[MEMORY_FIELD_CHIP_WORD] != 0;
    if (has_chip || !memory_has_caches(o))
        return true;
    bad_input("--memory %s: a cache, but no chip behind it", o->memory_text);
    return false;
}

static bool set_date(uint64_t *date, const struct option_row *row, const char *argument) {
    if (date_parse(argument, date))
        return true;
    bad_input("--%s wants a date of %d to %d (2026-01-31, 2026-01-31T12:30:00 or seconds since "
              "1970), not '%s'",
              row->name, DATE_FIRST_YEAR, DATE_LAST_YEAR, argument);
    return false;
}

static bool set_load(struct option_load *loads, const struct option_row *row,
                     const char *argument) {
    const char *at = strrchr(argument, '@');
    uint64_t address = 0;
    if (at == NULL || at == argument || !parse_number(at + 1, UINT32_MAX, false, &address)) {
        bad_input("--%s wants %s, such as initrd@0x84000000, not '%s'", row->name, row->argument,
                  argument);
        return false;
    }
    for (unsigned i = 0; i < MAX_LOADS; i++)
        if (loads[i].text == NULL) {
            loads[i] = (struct option_load){argument, (uint32_t)address};
            return true;
        }
    bad_input("--%s can be given %d times, and '%s' is one more", row->name, MAX_LOADS, argument);
    return false;
}

static bool set_option(struct options *o, const struct option_row *row, const char *argument) {
    char *at = (char *)o + row->offset;
    uint64_t value = 0, limit = row->kind == NUMBER64 ? UINT64_MAX : UINT32_MAX;
    switch (row->kind) {
    case FLAG:
        *(bool *)at = true;
        return true;
    case BOOT:
        *(uint32_t *)(void *)at |= row->mask;
        return true;
    case BOOT_FIELD:
        return set_boot_field((uint32_t *)(void *)at, row, argument);
    case BOOT_WORD:
        return set_boot_word((uint32_t *)(void *)at, row, argument);
    case MEMORY:
        return set_memory(o, row, argument);
    case TEXT:
        *(const char **)(void *)at = argument;
        return true;
    case LOAD:
        return set_load((struct option_load *)(void *)at, row, argument);
    case DATE:
        return set_date((uint64_t *)(void *)at, row, argument);
    case SIZE: /* check_values says what is too much */
        if (!parse_number(argument, UINT64_MAX, true, &value))
            break;
        *(uint32_t *)(void *)at = value < RAM_BY_DEFAULT ? (uint32_t)value : UINT32_MAX;
        return true;
    case NUMBER32:
        if (!parse_number(argument, limit, false, &value))
            break;
        *(uint32_t *)(void *)at = (uint32_t)value;
        return true;
    case NUMBER64:
        if (!parse_number(argument, limit, false, &value))
            break;
        *(uint64_t *)(void *)at = value;
        return true;
    }
    if (row->kind == SIZE)
        bad_input("--%s wants a number of bytes, K, M or G, not '%s'", row->name, argument);
    else
        bad_input("--%s wants a number from 0 to %llu, not '%s'", row->name,
                  (unsigned long long)limit, argument);
    return false;
}

static const struct option_row *find_row(const char *word, uint32_t bit,
                                         const char **inline_argument) {
    size_t length = strcspn(word, "=");
    *inline_argument = word[length] == '=' ? word + length + 1 : NULL;
    for (size_t i = 0; i < option_rows; i++)
        if ((option_table[i].commands & bit) != 0 && strlen(option_table[i].name) == length &&
            strncmp(option_table[i].name, word, length) == 0)
            return &option_table[i];
    return NULL;
}

/* One bit is set, or two are, from 4 KiB on; no more than there is. */
static bool check_ram(const struct options *o) {
    const struct memory_info *memory = &memory_info[o->memory];
    uint32_t bytes = o->ram_bytes, second = bytes & (bytes - 1);
    if (bytes >= 4096 && bytes % 4096 == 0 && (second & (second - 1)) == 0 &&
        bytes <= memory->guest_bytes)
        return true;
    bad_input("--ram wants a power of two, or the sum of two, from 4K to %uM (--memory %s), "
              "not %u bytes%s",
              memory->guest_bytes >> 20, memory->name, bytes,
              bytes == UINT32_MAX ? " or more" : "");
    return false;
}

/* What belongs to the board, and not to a run. */
static bool check_for_board(const struct options *o) {
    const struct {
        const char *name;
        bool is_given;
    } rows[] = {{"gear", o->gear != MAX_GEAR},
                {"ram", o->ram_bytes != RAM_BY_DEFAULT},
                {"tcache", o->tcache_bytes != 0},
                {"max-cycles", o->max_cycles != UINT64_MAX},
                {"max-guest-instructions", o->max_guest_insns != UINT64_MAX},
                {"input-at", o->input_at != 0},
                {"trace", o->trace_file != NULL},
                {"dump-tcache", o->tcache_dump != NULL},
                {"hot", o->hot},
                {"firmware", o->firmware != NULL}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].is_given)
            return bad_input("--%s is not for a board (--engine %s)", rows[i].name, o->engine),
                   false;
    for (size_t i = 0; i < option_rows; i++)
        if ((o->boot_flags & option_table[i].mask) != 0)
            return bad_input("--%s is a switch of the board, not of a run on it (--engine %s)",
                             option_table[i].name, o->engine),
                   false;
    return true;
}

static bool check_values(const struct options *o, uint32_t bit) {
    if (o->help || bit == IN_DIS)
        return true;
    if (bit == IN_LOAD && o->port == NULL)
        return bad_input("load wants --port PORT"), false;
    if (bit == IN_IMAGE && o->out == NULL)
        return bad_input("image wants --out FILE"), false;
    if (bit == IN_IMAGE && memory_info[o->memory].chip_bytes == 0)
        return bad_input("--memory %s: that of no board", o->memory_text), false;
    if (bit == IN_LOAD || bit == IN_IMAGE)
        return true;
    if (bit == IN_RUN && options_port(o) != NULL)
        return check_for_board(o);
    if (strcmp(o->engine, "iss") != 0 && strcmp(o->engine, "rtl") != 0)
        return bad_input("--engine wants iss or rtl, not '%s'", o->engine), false;
    if (strcmp(o->model, "golden") != 0 && strcmp(o->model, "spike") != 0)
        return bad_input("--model wants golden or spike, not '%s'", o->model), false;
    if (o->gear > MAX_GEAR)
        return bad_input("--gear wants 0 to %d, not %u", MAX_GEAR, o->gear), false;
    if (!check_ram(o) || !check_memory(o))
        return false;
    if (o->tcache_bytes != 0 && o->tcache_bytes < TC_MIN_BYTES)
        return bad_input("--tcache wants at least %d bytes (0: all), not %u", TC_MIN_BYTES,
                         o->tcache_bytes),
               false;
    if (o->trace_file != NULL && strcmp(o->engine, "rtl") != 0)
        return bad_input("--trace '%s' needs --engine rtl, not %s", o->trace_file, o->engine),
               false;
    return true;
}

const char *options_port(const struct options *o) {
    static const char board[] = "board:";
    if (o->port != NULL)
        return o->port;
    return strncmp(o->engine, board, sizeof board - 1) == 0 ? o->engine + sizeof board - 1 : NULL;
}

static void set_defaults(struct options *o) {
    *o = (struct options){
        .engine = "iss",
        .model = "golden",
        .gear = MAX_GEAR,
        .baud = 115200,
        .patience = 30,
        .ram_bytes = RAM_BY_DEFAULT,
        .max_cycles = UINT64_MAX,
        .max_guest_insns = UINT64_MAX,
        .date = LOAD_DATE_BY_DEFAULT,
        .random_insns = 10000,
        .seed = 1,
        .number = 1,
    };
    options_use_memory(o, (enum memory)0, MEMORY_DEFAULT);
}

/* The file, or behind it an argument of the guest, kept at the front of argv. */
static bool take_word(struct options *o, uint32_t bit, char **argv, char *word) {
    if (o->guest_file == NULL) {
        o->guest_file = word;
        return true;
    }
    if (bit == IN_DIS) {
        bad_input("one file at a time: '%s' and '%s'", o->guest_file, word);
        return false;
    }
    o->guest_args = argv;
    argv[o->n_guest_args++] = word;
    return true;
}

bool options_parse(struct options *o, const char *name, int argc, char **argv) {
    uint32_t bit = command_bit(name);
    bool only_files = false;
    set_defaults(o);
    if (bit == IN_IMAGE)
        options_use_memory(o, MEMORY_ULX3S, memory_info[MEMORY_ULX3S].name);
    for (int i = 0; i < argc; i++) {
        if (only_files || argv[i][0] != '-' || argv[i][1] == '\0') {
            if (!take_word(o, bit, argv, argv[i]))
                return false;
            continue;
        }
        if (strcmp(argv[i], "--") == 0) {
            only_files = true;
            continue;
        }
        const char *argument;
        const struct option_row *row =
            strncmp(argv[i], "--", 2) == 0 ? find_row(argv[i] + 2, bit, &argument) : NULL;
        if (row == NULL || (argument != NULL && row->argument == NULL))
            return bad_input("unknown option '%s' (see selkirk %s --help)", argv[i], name), false;
        if (row->argument != NULL && argument == NULL &&
            (argument = ++i < argc ? argv[i] : NULL) == NULL)
            return bad_input("--%s wants %s", row->name, row->argument), false;
        if (!set_option(o, row, argument))
            return false;
    }
    if (o->ram_bytes == RAM_BY_DEFAULT && options_port(o) == NULL)
        o->ram_bytes =
            o->random_programs > 0 ? RANDGUEST_RAM_BYTES : memory_info[o->memory].ram_default;
    return check_values(o, bit);
}
