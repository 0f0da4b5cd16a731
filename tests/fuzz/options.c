/* SPDX-License-Identifier: MIT
 * Fuzz target: the command line. The first byte chooses the subcommand, every line of the rest is a
 * word. What is accepted must be what later code relies on.
 */
#include "tests/fuzz/fuzz.h"
#include "machine.h"
#include "sim/cmd/selkirk.h"
#include "firmware/tcache/tcache.h"
#include <stdlib.h>
#include <string.h>

enum { MAX_WORDS = 64 };

static void require(bool condition) {
    if (!condition)
        abort();
}

static void check_accepted(const struct options *o) {
    require(strcmp(o->engine, "iss") == 0 || strcmp(o->engine, "rtl") == 0);
    require(o->trace_file == NULL || strcmp(o->engine, "rtl") == 0);
    require(o->gear <= 1);
    uint32_t second = o->ram_bytes & (o->ram_bytes - 1);
    require(o->memory < MEMORY_COUNT);
    require(o->ram_bytes >= 4096 && o->ram_bytes <= memory_info[o->memory].guest_bytes &&
            (second & (second - 1)) == 0);
    require(o->tcache_bytes == 0 || o->tcache_bytes >= TC_MIN_BYTES);
    require((o->boot_flags & 0xff) == 0); /* the gear's place */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const names[] = {"run", "dis", "lockstep"};
    char *words[MAX_WORDS];
    int n = 0;
    struct options o;
    if (size == 0)
        return 0;
    char *text = malloc(size);
    if (text == NULL)
        abort();
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    for (char *at = text; at != NULL && n < MAX_WORDS;) {
        words[n++] = at;
        at = strchr(at, '\n');
        if (at != NULL)
            *at++ = '\0';
    }
    const char *name = names[data[0] % 3];
    if (options_parse(&o, name, n, words) && !o.help && strcmp(name, "dis") != 0)
        check_accepted(&o);
    free(text);
    return 0;
}
