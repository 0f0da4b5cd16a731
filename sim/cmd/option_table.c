/* SPDX-License-Identifier: MIT
 * All options and what --help says of them. Boot flags come from rtl/machine/boot.def.
 */
#include "sim/cmd/option_table.h"
#include "sim/cmd/selkirk.h"
#include "machine.h"
#include <stdio.h>
#include <string.h>

#define AT(member) offsetof(struct options, member)
const struct option_row option_table[] = {
    {"engine", "iss|rtl|board:PORT", TEXT, AT(engine), IN_RUN, 0, 0,
     "what runs the bundles (default iss); a board on a serial port"},
    {"engine", "iss|rtl", TEXT, AT(engine), IN_LOCKSTEP | IN_BOARD, 0, 0,
     "what runs the bundles (default iss)"},
    {"out", "FILE", TEXT, AT(out), IN_IMAGE, 0, 0, "the image"},
    {"number", "N", NUMBER32, AT(number), IN_IMAGE, 0, 0,
     "of two firmwares in a flash the one with the higher number starts (default 1)"},
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
    {"memory", MEMORY_NAMES, MEMORY, AT(memory), IN_IMAGE, 0, 0,
     "the board's memory configuration (default ulx3s)"},
    {"ram", "SIZE", SIZE, AT(ram_bytes), IN_MACHINE, 0, 0,
     "guest RAM, a power of two or the sum of two, 4K at least (default: what the memory "
     "configuration has; 1M for --random)"},
    {"memory-test", "SIZE", SIZE, AT(memory_test), IN_BOARD | IN_IMAGE, 0, 0,
     "RAM that the board tests before it takes a guest (default none)"},
    {"append", "TEXT", TEXT, AT(append), IN_RUN | IN_LOCKSTEP | IN_LOAD | IN_IMAGE, 0, 0,
     "the guest's command line; arguments behind the ELF file go on with it"},
    {"load", "FILE@ADDRESS", LOAD, AT(loads), IN_RUN | IN_LOCKSTEP | IN_LOAD | IN_IMAGE, 0, 0,
     "put a file's bytes into the guest's RAM, over the ELF file's; up to 16 times"},
    {"rtc", "DATE", DATE, AT(date), IN_RUN | IN_LOCKSTEP | IN_LOAD | IN_IMAGE, 0, 0,
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
    {"firmware", "FILE", TEXT, AT(firmware), IN_MACHINE | IN_IMAGE, 0, 0,
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
const size_t option_rows = sizeof option_table / sizeof option_table[0];

uint32_t command_bit(const char *name) {
    static const char *const names[] = {"run", "dis", "lockstep", "board", "load", "image"};
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
        [IN_IMAGE] =
            "image --out FILE [options] [guest.elf [arguments]]\nWrites an image for a board's "
            "flash: the firmware, or a guest that the board starts with.\nWhere it goes: "
            "docs/boards.",
    };
    uint32_t bit = command_bit(name);
    printf("usage: selkirk %s\n\noptions:\n", about[bit]);
    for (size_t i = 0; i < option_rows; i++) {
        char left[48];
        if ((option_table[i].commands & bit) == 0)
            continue;
        snprintf(left, sizeof left, "--%s %s", option_table[i].name,
                 option_table[i].argument ? option_table[i].argument : "");
        printf("  %-28s %s\n", left, option_table[i].help);
    }
}
