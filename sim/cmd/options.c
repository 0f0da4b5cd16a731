/* SPDX-License-Identifier: MIT
 * Command-line options of `selkirk`, from one table: parsing and --help cannot differ.
 * Every option says which subcommands know it. Boot flags come from rtl/machine/boot.def.
 */
#include "sim/cmd/selkirk.h"
#include "sim/cmd/date.h"
#include "sim/random/randguest.h"
#include "machine.h"
#include "firmware/tcache/tcache.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RAM_BY_DEFAULT (UINT32_MAX - 1) /* all there is; random programs are small */
enum {
    IN_RUN = 1,
    IN_DIS = 2,
    IN_LOCKSTEP = 4,
    IN_BOARD = 8,
    IN_LOAD = 16,
    IN_MACHINE = IN_RUN | IN_LOCKSTEP | IN_BOARD, /* simulates one */
    MAX_GEAR = 1,
};
enum kind { FLAG, TEXT, DATE, NUMBER32, NUMBER64, SIZE, BOOT, BOOT_FIELD, BOOT_WORD, LOAD, MEMORY };

struct option_row {
    const char *name;
    const char *argument; /* NULL: none */
    enum kind kind;
    size_t offset; /* in struct options */
    uint32_t commands;
    uint32_t mask; /* BOOT...: bits to set */
    uint32_t unit; /* BOOT_FIELD: what 1 in it means */
    const char *help;
};

#define AT(member) offsetof(struct options, member)
static const struct option_row table[] = {
    {"engine", "iss|rtl|board:PORT", TEXT, AT(engine), IN_RUN, 0, 0,
     "what runs the bundles (default iss); a board on a serial port"},
    {"engine", "iss|rtl", TEXT, AT(engine), IN_LOCKSTEP | IN_BOARD, 0, 0,
     "what runs the bundles (default iss)"},
    {"port", "PORT", TEXT, AT(port), IN_LOAD, 0, 0, "serial port that the board is on"},
    {"baud", "N", NUMBER32, AT(baud), IN_RUN | IN_LOAD, 0, 0,
     "bits a second on the board's serial port (default 115200)"},
    {"patience", "SECONDS", NUMBER32, AT(patience), IN_RUN | IN_LOAD, 0, 0,
     "give a silent board up after so long (default 30)"},
    {"port-link", "PATH", TEXT, AT(port_link), IN_BOARD, 0, 0,
     "make a symbolic link to the serial port"},
    {"gear", "N", NUMBER32, AT(gear), IN_MACHINE, 0, 0,
     "highest gear allowed: 0 interpret, 1 translate blocks (default 1)"},
    {"memory", MEMORY_NAMES, MEMORY, AT(memory), IN_MACHINE, 0, 0,
     "memory configuration: sizes, clock, guest RAM, caches (default " MEMORY_DEFAULT
     "; docs/machine.md); NAME,FIELD=N,... changes fields of it"},
    {"ram", "SIZE", SIZE, AT(ram_bytes), IN_MACHINE, 0, 0,
     "guest RAM, a power of two or the sum of two, 4K at least (default: what the memory "
     "configuration has; 1M for --random)"},
    {"memory-test", "SIZE", SIZE, AT(memory_test), IN_BOARD, 0, 0,
     "RAM that the board tests before it takes a guest (default none)"},
    {"append", "TEXT", TEXT, AT(append), IN_RUN | IN_LOCKSTEP | IN_LOAD, 0, 0,
     "the guest's command line; arguments behind the ELF file go on with it"},
    {"load", "FILE@ADDRESS", LOAD, AT(loads), IN_RUN | IN_LOCKSTEP | IN_LOAD, 0, 0,
     "put a file's bytes into the guest's RAM, over the ELF file's; up to 16 times"},
    {"rtc", "DATE", DATE, AT(date), IN_RUN | IN_LOCKSTEP | IN_LOAD, 0, 0,
     "UTC at the guest's start: 2026-01-31, 2026-01-31T12:30:00 or seconds since 1970 (default "
     "2026-01-01)"},
    {"max-cycles", "N", NUMBER64, AT(max_cycles), IN_MACHINE, 0, 0,
     "stop with status 124 after N native cycles"},
    {"max-guest-instructions", "N", NUMBER64, AT(max_guest_insns), IN_MACHINE, 0, 0,
     "stop with status 124 after N guest instructions"},
    {"max-seconds", "N", NUMBER32, AT(max_seconds), IN_MACHINE, 0, 0,
     "stop with status 124 after N seconds by the clock on the wall (0: never)"},
    {"trace", "FILE.fst", TEXT, AT(trace_file), IN_RUN, 0, 0, "write waves (engine rtl)"},
    {"report", NULL, FLAG, AT(report), IN_RUN, 0, 0,
     "print a performance report on stderr at the end"},
    {"hot", NULL, FLAG, AT(hot), IN_RUN, 0, 0,
     "list the firmware functions and guest regions that took most cycles"},
    {"report-json", "FILE", TEXT, AT(report_json), IN_RUN, 0, 0,
     "write the report as JSON (docs/report.md)"},
    {"dump-tcache", "FILE", TEXT, AT(tcache_dump), IN_RUN, 0, 0,
     "write the translation cache at the end, for `selkirk dis`"},
    {"input-at", "N", NUMBER64, AT(input_at), IN_RUN | IN_LOCKSTEP, 0, 0,
     "for tests: the console's input comes in cycle N, not before"},
    {"tcache", "SIZE", SIZE, AT(tcache_bytes), IN_MACHINE, 0, 0,
     "bytes of code memory for translations (default all)"},
    {"firmware", "FILE", TEXT, AT(firmware), IN_MACHINE, 0, 0,
     "native firmware image (default beside the command)"},
    {"model", "golden|spike", TEXT, AT(model), IN_LOCKSTEP, 0, 0,
     "what to compare with (default golden; `make spike` builds the other, docs/spike.md)"},
    {"model-file", "FILE", TEXT, AT(model_file), IN_LOCKSTEP, 0, 0,
     "plug-in of --model spike (default beside the command)"},
    {"random", "N", NUMBER32, AT(random_programs), IN_LOCKSTEP, 0, 0,
     "run N random guest programs instead of a file"},
    {"length", "N", NUMBER32, AT(random_insns), IN_LOCKSTEP, 0, 0,
     "guest instructions a random program executes, about (default 10000)"},
    {"seed", "N", NUMBER32, AT(seed), IN_LOCKSTEP, 0, 0,
     "seed of the first random program (default 1)"},
#define BOOT_FLAG(NAME, bit, option, description)                                                  \
    {option, NULL, BOOT, AT(boot_flags), IN_MACHINE, 1u << (bit), 0, description},
#define BOOT_NUMBER(NAME, bit, bits, unit, option, description)                                    \
    {option, "N",        BOOT_FIELD, AT(boot_flags), IN_MACHINE, ((1u << (bits)) - 1) << (bit),    \
     unit,   description},
#define BOOT_CHOICE(NAME, bit, bits, option, words, description)                                   \
    {option, words,      BOOT_WORD, AT(boot_flags), IN_MACHINE, ((1u << (bits)) - 1) << (bit),     \
     0,      description},
#include "rtl/machine/boot.def"
#undef BOOT_FLAG
#undef BOOT_NUMBER
#undef BOOT_CHOICE
    {"help", NULL, FLAG, AT(help), UINT32_MAX, 0, 0, "this text"},
};
enum { ROWS = sizeof table / sizeof table[0] };

static uint32_t command_bit(const char *name) {
    static const char *const names[] = {"run", "dis", "lockstep", "board", "load"};
    uint32_t n = 0;
    while (strcmp(name, names[n]) != 0)
        n++;
    return 1u << n; /* ORDER commands: as the enumeration has them */
}

void options_usage(const char *name) {
    static const char *const about[] = {
        [IN_RUN] = "run [options] guest.elf [arguments]\nRuns an RV32IMAC ELF file through the "
                   "firmware on the VLIW "
                   "core. Its console is\nstdin and stdout; its exit status becomes the "
                   "command's.\nArguments that begin with - stand behind --.",
        [IN_DIS] =
            "dis FILE\nDisassembles a native image or a tcache dump (guest code beside bundles).",
        [IN_LOCKSTEP] =
            "lockstep [options] guest.elf [arguments] | --random N\nRuns a guest and compares "
            "registers, pc and stores with the golden interpreter at every\ncommit "
            "point; stops at the first difference with status 70.",
        [IN_BOARD] =
            "board [options]\nA board in simulation, with nothing in its flash. Its serial "
            "port is a pseudo terminal\nfor `selkirk load` and `selkirk run --engine "
            "board:PORT`; it ends with the guest.",
        [IN_LOAD] = "load --port PORT [options] guest.elf [arguments]\nLoads a guest into a board, "
                    "verifies and starts it. Then its console is the bare serial\nport, for any "
                    "terminal program.",
    };
    uint32_t bit = command_bit(name);
    printf("usage: selkirk %s\n\noptions:\n", about[bit]);
    for (size_t i = 0; i < ROWS; i++) {
        char left[48];
        if ((table[i].commands & bit) == 0)
            continue;
        snprintf(left, sizeof left, "--%s %s", table[i].name,
                 table[i].argument ? table[i].argument : "");
        printf("  %-28s %s\n", left, table[i].help);
    }
}

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
    for (size_t i = 0; i < ROWS; i++)
        if ((table[i].commands & bit) != 0 && strlen(table[i].name) == length &&
            strncmp(table[i].name, word, length) == 0)
            return &table[i];
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
    for (size_t i = 0; i < ROWS; i++)
        if ((o->boot_flags & table[i].mask) != 0)
            return bad_input("--%s is a switch of the board, not of a run on it (--engine %s)",
                             table[i].name, o->engine),
                   false;
    return true;
}

static bool check_values(const struct options *o, uint32_t bit) {
    if (o->help || bit == IN_DIS)
        return true;
    if (bit == IN_LOAD && o->port == NULL)
        return bad_input("load wants --port PORT"), false;
    if (bit == IN_LOAD)
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
