/* SPDX-License-Identifier: MIT
 * Putting a machine together: engine, firmware image, load list in FLASH, boot switches; and the
 * guest's console. The workstation only places bytes; everything else is the firmware's job.
 */
#include "sim/selkirk.h"
#include "machine.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static struct termios saved_terminal;
static volatile sig_atomic_t is_terminal_changed;

void console_restore(void) {
    if (is_terminal_changed)
        tcsetattr(STDIN_FILENO, TCSANOW, &saved_terminal);
    is_terminal_changed = false;
}

/* Ctrl-C and the like: the terminal first, then what the signal does by default. */
static void restore_and_die(int number) {
    console_restore();
    raise(number);
}

static void restore_on_signals(void) {
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    struct sigaction action = {.sa_handler = restore_and_die, .sa_flags = (int)SA_RESETHAND};
    for (unsigned i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        sigaction(numbers[i], &action, NULL);
}

static bool has_output; /* not flushed yet */

static void console_tx(void *ctx, uint8_t byte) {
    (void)ctx;
    putchar(byte);
    has_output = byte != '\n';
    if (!has_output)
        fflush(stdout);
}

static void log_tx(void *ctx, uint8_t byte) {
    (void)ctx;
    fputc(byte, stderr);
}

/* One byte is read ahead: only a read tells the end of the input from a byte that waits. */
static bool is_input_over;
static int byte_ahead = -1;

static bool console_rx_ready(void *ctx) {
    (void)ctx;
    if (has_output) /* a prompt, perhaps */
        fflush(stdout);
    has_output = false;
    if (byte_ahead >= 0 || is_input_over)
        return byte_ahead >= 0;
    struct pollfd fd = {.fd = STDIN_FILENO, .events = POLLIN};
    if (poll(&fd, 1, 0) <= 0 || (fd.revents & (POLLIN | POLLHUP)) == 0)
        return false;
    unsigned char byte;
    if (read(STDIN_FILENO, &byte, 1) == 1)
        byte_ahead = byte;
    else
        is_input_over = true;
    return byte_ahead >= 0;
}

static int console_rx(void *ctx) {
    if (!console_rx_ready(ctx))
        return -1;
    int byte = byte_ahead;
    byte_ahead = -1;
    return byte;
}

static bool console_rx_over(void *ctx) {
    (void)ctx;
    return is_input_over && byte_ahead < 0;
}

void console_hooks(struct engine_hooks *hooks) {
    hooks->on_uart_tx = console_tx;
    hooks->on_log_tx = log_tx;
    hooks->uart_rx = console_rx;
    hooks->uart_rx_ready = console_rx_ready;
    hooks->uart_rx_over = console_rx_over;
    if (isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &saved_terminal) == 0) {
        struct termios raw = saved_terminal;
        raw.c_lflag &= (tcflag_t) ~(ICANON | ECHO);
        atexit(console_restore);
        restore_on_signals();
        is_terminal_changed = tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0;
    }
}

/* Whether the file is a guest that can run is for the firmware to say. */
static int put_guest_file(const struct options *o, struct flash *flash) {
    FILE *f = fopen(o->guest_file, "rb");
    errno = 0;
    bool is_read = f != NULL && flash_put_file(flash, LOAD_ELF, 0, f);
    int why = errno;
    if (f != NULL)
        fclose(f);
    if (is_read)
        return 0;
    if (why == EFBIG)
        return bad_input("'%s' is larger than the %u MiB of FLASH", o->guest_file,
                         CONFIG_WIDE_FLASH_BYTES >> 20);
    return bad_input("cannot read '%s'", o->guest_file);
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

int guest_read(const struct options *o, struct flash *flash) {
    uint8_t date[8];
    *flash = (struct flash){0};
    if (o->guest_file == NULL)
        return bad_input("no guest program named (see --help)");
    for (unsigned i = 0; i < sizeof date; i++)
        date[i] = (uint8_t)(o->date >> 8 * i);
    int status = put_guest_file(o, flash);
    if (status == 0 &&
        (!flash_put(flash, LOAD_NAME, 0, o->guest_file, strlen(o->guest_file)) ||
         !put_command_line(o, flash) || !flash_put(flash, LOAD_DATE, 0, date, sizeof date)))
        status = bad_input("'%s' is too large for FLASH", o->guest_file);
    if (status != 0)
        flash_free(flash);
    return status;
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

int machine_open(struct machine *m, const struct options *o, const struct flash *flash) {
    char path[4096];
    char error[256];
    default_firmware_path(path, sizeof path);
    const char *firmware = o->firmware != NULL ? o->firmware : path;
    if (!image_open(&m->image, firmware, error, sizeof error))
        return bad_input("firmware image '%s': %s", firmware, error);
    m->engine = strcmp(o->engine, "rtl") == 0 ? engine_rtl_create() : engine_iss_create();
    struct engine_boot boot = {
        .flash_bytes = (uint32_t)flash->n_bytes,
        .ram_bytes = o->ram_bytes,
        .flags = o->boot_flags | o->gear,
        .tcache_bytes = o->tcache_bytes,
    };
    m->engine->ops->set_boot(m->engine, &boot);
    image_load(&m->image, m->engine);
    flash_load(flash, m->engine);
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
