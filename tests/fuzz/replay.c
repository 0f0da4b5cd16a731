/* SPDX-License-Identifier: MIT
 * replay FAILURE MUTATIONS FILE...: runs a fuzz target on each file, then on MUTATIONS damaged
 * copies of it, which a seeded generator makes: the same ones every time. Sanitizers and abort()
 * end the program, an input that takes more than HANG_SECONDS of processor time is a hang; the
 * input is then written to the file FAILURE. The target's own messages go nowhere.
 */
#include "tests/fuzz/fuzz.h"
#include <fcntl.h>
#include <sanitizer/asan_interface.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

enum { MAX_BYTES = 1 << 16, HANG_SECONDS = 5 };

static uint8_t input[MAX_BYTES];
static size_t input_bytes;
static const char *failure_file;
static int messages; /* standard error as it was */

static uint32_t below(uint32_t n) {
    static uint32_t x = 1;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    return x % n;
}

static void say(const char *text) {
    if (write(messages, text, strlen(text)) < 0)
        _exit(1);
}

static void save_input(void) {
    int file = open(failure_file, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (file < 0 || write(file, input, input_bytes) < 0)
        return;
    say("replay: failed; the input is the file ");
    say(failure_file);
    say("\n");
}

static void on_signal(int number) {
    say(number == SIGPROF ? "replay: hang\n" : "replay: abort\n");
    save_input();
    _exit(1);
}

/* Of processor time: the machine may be busy with something else. */
static void set_limit(time_t seconds) {
    const struct itimerval limit = {.it_value.tv_sec = seconds};
    setitimer(ITIMER_PROF, &limit, NULL);
}

/* In memory of exactly its size, so that the sanitizer sees what lies outside. */
static void run(void) {
    uint8_t *copy = malloc(input_bytes != 0 ? input_bytes : 1);
    if (copy == NULL)
        abort();
    memcpy(copy, input, input_bytes);
    set_limit(HANG_SECONDS);
    LLVMFuzzerTestOneInput(copy, input_bytes);
    set_limit(0);
    free(copy);
}

static void put_word(size_t at) {
    const uint32_t nasty[] = {0,
                              1,
                              0x7fffffff,
                              0x80000000,
                              0xffffffff,
                              (uint32_t)input_bytes,
                              1u << below(32),
                              below(1 << 16),
                              below(UINT32_MAX)};
    uint32_t word = nasty[below(sizeof nasty / sizeof nasty[0])];
    memcpy(input + at, &word, input_bytes - at < 4 ? input_bytes - at : 4);
}

/* Copies some of the input over another part, or between two bytes, or takes it out. */
static void move_block(void) {
    size_t from = below((uint32_t)input_bytes), to = below((uint32_t)input_bytes);
    size_t bytes = below((uint32_t)(input_bytes - from)), tail = input_bytes - to;
    if (below(2) == 0) {
        memmove(input + to, input + from, bytes < tail ? bytes : tail);
    } else if (from > to) {
        memmove(input + to, input + from, input_bytes - from);
        input_bytes -= from - to;
    } else if (input_bytes + bytes <= MAX_BYTES) {
        memmove(input + to + bytes, input + to, tail);
        input_bytes += bytes;
    }
}

static void mutate(void) {
    for (uint32_t n = 1 + below(4); n > 0 && input_bytes > 0; n--) {
        /* half of the places are in the headers at the start */
        size_t at = below(below(2) == 0 && input_bytes > 256 ? 256 : (uint32_t)input_bytes);
        switch (below(8)) {
        case 0:
            move_block();
            break;
        case 1:
            input_bytes = below((uint32_t)input_bytes);
            break;
        case 2:
        case 3:
            put_word(at);
            break;
        case 4:
            put_word(at & ~(size_t)3);
            break;
        default:
            input[at] = (uint8_t)below(256);
        }
    }
}

static size_t read_file(const char *path, uint8_t *bytes) {
    FILE *f = fopen(path, "rb");
    if (f == NULL) {
        say("replay: cannot read ");
        say(path);
        say("\n");
        exit(2);
    }
    size_t n = fread(bytes, 1, MAX_BYTES, f);
    fclose(f);
    return n;
}

int main(int argc, char **argv) {
    static uint8_t seed[MAX_BYTES];
    messages = dup(STDERR_FILENO);
    if (argc < 4)
        return 2;
    failure_file = argv[1];
    unsigned long mutations = strtoul(argv[2], NULL, 10);
    __sanitizer_set_report_fd((void *)(intptr_t)messages);
    __sanitizer_set_death_callback(save_input);
    if (freopen("/dev/null", "w", stderr) == NULL)
        return 2;
    signal(SIGPROF, on_signal);
    signal(SIGABRT, on_signal);
    for (int i = 3; i < argc; i++) {
        size_t seed_bytes = read_file(argv[i], seed);
        for (unsigned long k = 0; k <= mutations; k++) {
            memcpy(input, seed, seed_bytes);
            input_bytes = seed_bytes;
            if (k > 0)
                mutate();
            run();
        }
    }
    printf("replay: %d files, %lu mutations of each: no complaint\n", argc - 3, mutations);
    return 0;
}
