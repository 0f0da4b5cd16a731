/* SPDX-License-Identifier: MIT
 * Semihosting calls, as far as a machine without files has an answer: console, exit, clocks.
 * Handles are fixed: 1 = :tt for reading, 2 and 3 = :tt for writing and appending, 4 =
 * :semihosting-features. What is not here is refused by name, not ignored. Which modes may
 * call is for the interpreter to say (guest_priv's semihosting). Parameter blocks and buffers must
 * be in RAM, and what the mode that calls could load or store itself: else a call fails before it
 * has done anything, with errno EFAULT. A call that waits for input can be interrupted, as
 * SYS_READC of QEMU: it has not happened then and is executed again after the handler.
 */
#include "firmware/cms/semihost.h"
#include "firmware/cms/irq.h"
#include "firmware/native.h"

enum semihost_op {
    SH_OPEN = 0x01,
    SH_CLOSE = 0x02,
    SH_WRITEC = 0x03,
    SH_WRITE0 = 0x04,
    SH_WRITE = 0x05,
    SH_READ = 0x06,
    SH_READC = 0x07,
    SH_ISERROR = 0x08,
    SH_ISTTY = 0x09,
    SH_SEEK = 0x0a,
    SH_FLEN = 0x0c,
    SH_REMOVE = 0x0e,
    SH_RENAME = 0x0f,
    SH_CLOCK = 0x10,
    SH_TIME = 0x11,
    SH_ERRNO = 0x13,
    SH_GET_CMDLINE = 0x15,
    SH_HEAPINFO = 0x16,
    SH_EXIT = 0x18,
    SH_EXIT_EXTENDED = 0x20,
    SH_ELAPSED = 0x30,
    SH_TICKFREQ = 0x31,
};

enum { HANDLE_IN = 1, HANDLE_OUT = 2, HANDLE_ERR = 3, HANDLE_FEATURES = 4 };
enum { A0 = 10, A1 = 11, STOPPED_APPLICATION_EXIT = 0x20026 };
enum { ERRNO_NOENT = 2, ERRNO_TOO_BIG = 7, ERRNO_BADF = 9, ERRNO_FAULT = 14 };
enum {
    MAX_PARAMETERS = 4,
    SLICE_BYTES = 16,           /* of a long call, between two looks at the interrupts */
    INPUT_WAIT_CYCLES = 1000000 /* then the end of the input is looked for */
};

/* Words of the parameter block, by operation. */
static const uint8_t n_parameters[] = {
    [SH_OPEN] = 3,          [SH_CLOSE] = 1,  [SH_WRITE] = 3,       [SH_READ] = 3,
    [SH_ISERROR] = 1,       [SH_ISTTY] = 1,  [SH_SEEK] = 2,        [SH_FLEN] = 1,
    [SH_REMOVE] = 2,        [SH_RENAME] = 4, [SH_GET_CMDLINE] = 2, [SH_HEAPINFO] = 1,
    [SH_EXIT_EXTENDED] = 2,
};

/* "SHFB" and the feature bits: SYS_EXIT_EXTENDED, stdout and stderr apart. */
static const uint8_t feature_bytes[] = {'S', 'H', 'F', 'B', 0x03};

/* What the guest itself could load or store here, in RAM: a call must not be a way around PMP. */
static bool may_use(const struct semihost *sh, uint32_t addr, uint32_t bytes,
                    enum priv_access access) {
    uint32_t offset = addr - sh->interp->mem.base;
    if (bytes == 0)
        return true;
    if (offset >= sh->interp->mem.bytes || bytes > sh->interp->mem.bytes - offset)
        return false;
    if (!sh->interp->priv.checks_data)
        return true;
    for (uint32_t at = addr & ~3u; at < addr + bytes; at += 4) /* PMP's granules */
        if (!priv_may_access(&sh->interp->priv, at, 4, access))
            return false;
    return true;
}

/* Requires: may_use. */
static uint32_t load_word(const struct semihost *sh, uint32_t addr) {
    uint32_t value = 0;
    for (uint32_t i = 0; i < 4; i++)
        value |= (uint32_t)guest_load8(&sh->interp->mem, addr + i) << 8 * i;
    return value;
}

static void store_byte(struct semihost *sh, uint32_t addr, uint8_t value) {
    guest_store8(&sh->interp->mem, addr, value);
    guest_note_store(sh->interp->gs, addr, value, 1);
}

static void store_word(struct semihost *sh, uint32_t addr, uint32_t value) {
    for (uint32_t i = 0; i < 4; i++)
        store_byte(sh, addr + i, (uint8_t)(value >> 8 * i));
}

static uint32_t fail(struct semihost *sh, uint32_t error) {
    sh->last_errno = error;
    return UINT32_MAX;
}

static bool is_name(const struct semihost *sh, uint32_t addr, uint32_t bytes, const char *name) {
    for (; *name != 0; name++, addr++, bytes--)
        if (bytes == 0 || guest_load8(&sh->interp->mem, addr) != (uint8_t)*name)
            return false;
    return bytes == 0;
}

/* No more is looked at than the longest name there is, and a byte: the time is bounded. */
static uint32_t open_file(struct semihost *sh, const uint32_t *p) {
    enum { NAME, MODE, LENGTH, MODES = 12 };
    static const char features[] = ":semihosting-features";
    uint32_t length = p[LENGTH] < sizeof features ? p[LENGTH] : sizeof features;
    if (!may_use(sh, p[NAME], length, PRIV_READ))
        return fail(sh, ERRNO_FAULT);
    if (is_name(sh, p[NAME], length, ":tt") && p[MODE] < MODES)
        return p[MODE] < 4 ? HANDLE_IN : p[MODE] < 8 ? HANDLE_OUT : HANDLE_ERR;
    if (is_name(sh, p[NAME], length, features)) {
        sh->features_at = 0;
        return HANDLE_FEATURES;
    }
    return fail(sh, ERRNO_NOENT);
}

static bool is_open(uint32_t handle) {
    return handle >= HANDLE_IN && handle <= HANDLE_FEATURES;
}

static uint32_t close_file(struct semihost *sh, uint32_t handle) {
    return is_open(handle) ? 0 : fail(sh, ERRNO_BADF);
}

static uint32_t write_char(struct semihost *sh, uint32_t addr) {
    if (!may_use(sh, addr, 1, PRIV_READ))
        return fail(sh, ERRNO_FAULT);
    console_put(sh->dev, guest_load8(&sh->interp->mem, addr));
    return 0;
}

/* The call under way, or the one of which it is the rest. */
static struct semihost_pause begin_or_go_on(struct semihost *sh, uint32_t from, uint32_t bytes) {
    enum { SP = 2 };
    struct semihost_pause call = {.pc = sh->interp->pc,
                                  .sp = greg_read(sh->interp->gs, SP),
                                  .op = greg_read(sh->interp->gs, A0),
                                  .arg = greg_read(sh->interp->gs, A1),
                                  .from = from,
                                  .bytes = bytes};
    for (uint32_t i = 0; i < SEMIHOST_PAUSES; i++) {
        struct semihost_pause *p = &sh->pauses[i];
        if (p->pc != call.pc || p->sp != call.sp || p->op != call.op || p->arg != call.arg ||
            p->from != from || p->bytes != bytes)
            continue;
        call = *p;
        p->pc = 0;
    }
    return call;
}

/* Every SLICE_BYTES: does the call give way to an interrupt? */
static bool must_pause(struct semihost *sh, const struct semihost_pause *call) {
    if (call->done % SLICE_BYTES != 0 || !irq_is_due(sh->irq))
        return false;
    sh->is_paused = true;
    sh->pauses[sh->next_pause++ % SEMIHOST_PAUSES] = *call;
    return true;
}

/* Looks at the bytes from call->from on, to the last one or, if call->bytes is 0, to the 0 behind
 * them. False: the guest may not use them. */
static bool check_bytes(struct semihost *sh, struct semihost_pause *call, enum priv_access access) {
    uint32_t offset = call->from - sh->interp->mem.base, bytes = call->bytes;
    if (bytes > sh->interp->mem.bytes || offset > sh->interp->mem.bytes - bytes)
        return false;
    if (call->length == 0 && bytes != 0 && !sh->interp->priv.checks_data) {
        call->length = bytes;
        call->done = 0;
    }
    while (call->length == 0 && !sh->is_paused) {
        uint32_t at = call->from + call->done++;
        if (!may_use(sh, at, 1, access))
            return false;
        if (bytes != 0 ? call->done == bytes : guest_load8(&sh->interp->mem, at) == 0) {
            call->length = call->done;
            call->done = 0;
        }
        (void)must_pause(sh, call);
    }
    return true;
}

/* False: the guest may not read it, and nothing was written; or no longer, after an interrupt. */
static bool write_text(struct semihost *sh, uint32_t from, uint32_t bytes) {
    struct semihost_pause call = begin_or_go_on(sh, from, bytes);
    if (!check_bytes(sh, &call, PRIV_READ))
        return false;
    uint32_t n = bytes != 0 ? bytes : call.length - 1;
    while (!sh->is_paused && call.done < n) {
        if (!may_use(sh, from + call.done, 1, PRIV_READ))
            return false;
        console_put(sh->dev, guest_load8(&sh->interp->mem, from + call.done++));
        (void)(call.done < n && must_pause(sh, &call));
    }
    return true;
}

static uint32_t write0(struct semihost *sh, uint32_t addr) {
    return write_text(sh, addr, 0) ? 0 : fail(sh, ERRNO_FAULT);
}

/* Result: bytes not written. */
static uint32_t write_file(struct semihost *sh, const uint32_t *p) {
    enum { HANDLE, FROM, LENGTH };
    bool is_output = p[HANDLE] == HANDLE_OUT || p[HANDLE] == HANDLE_ERR;
    if (is_output && (p[LENGTH] == 0 || write_text(sh, p[FROM], p[LENGTH])))
        return 0;
    fail(sh, is_output ? ERRNO_FAULT : ERRNO_BADF);
    return p[LENGTH];
}

/* The call waits for a byte: it is done again when one has come, or after the handler of an
 * interrupt that comes before. At the end of the input it does not. */
static void wait_for_byte(struct semihost *sh) {
    if (!console_is_over(sh->dev))
        sh->wait = INPUT_WAIT_CYCLES;
}

static int next_byte(struct semihost *sh, uint32_t handle) {
    if (handle == HANDLE_FEATURES)
        return sh->features_at < sizeof feature_bytes ? feature_bytes[sh->features_at++] : -1;
    return console_get(sh->dev);
}

/* Result: bytes not read, all of them at the end of the input. Gives what is there, or until an
 * interrupt is due, but waits for the first byte. */
static uint32_t read_file(struct semihost *sh, const uint32_t *p) {
    enum { HANDLE, TO, LENGTH };
    bool is_input = p[HANDLE] == HANDLE_IN || p[HANDLE] == HANDLE_FEATURES;
    struct semihost_pause call = begin_or_go_on(sh, p[TO], p[LENGTH]);
    if (!is_input || (p[LENGTH] != 0 && !check_bytes(sh, &call, PRIV_WRITE))) {
        fail(sh, is_input ? ERRNO_FAULT : ERRNO_BADF);
        return p[LENGTH];
    }
    uint32_t n = 0;
    for (; n < p[LENGTH] && !sh->is_paused; n++) {
        if (n != 0 && n % SLICE_BYTES == 0 && irq_is_due(sh->irq))
            break;
        if (!may_use(sh, p[TO] + n, 1, PRIV_WRITE)) { /* not since an interrupt's handler */
            fail(sh, ERRNO_FAULT);
            return p[LENGTH] - n;
        }
        int byte = next_byte(sh, p[HANDLE]);
        if (byte < 0)
            break;
        store_byte(sh, p[TO] + n, (uint8_t)byte);
    }
    if (n == 0 && p[LENGTH] != 0 && p[HANDLE] == HANDLE_IN && !sh->is_paused)
        wait_for_byte(sh);
    return p[LENGTH] - n;
}

/* -1 at the end of the input. */
static uint32_t read_char(struct semihost *sh) {
    int byte = console_get(sh->dev);
    if (byte < 0)
        wait_for_byte(sh);
    return (uint32_t)byte;
}

static uint32_t seek(struct semihost *sh, const uint32_t *p) {
    if (p[0] != HANDLE_FEATURES || p[1] > sizeof feature_bytes)
        return fail(sh, ERRNO_BADF);
    sh->features_at = p[1];
    return 0;
}

static uint32_t file_length(struct semihost *sh, uint32_t handle) {
    if (handle == HANDLE_FEATURES)
        return sizeof feature_bytes;
    return is_open(handle) ? 0 : fail(sh, ERRNO_BADF);
}

/* The console is one, whatever it is connected to. */
static uint32_t is_terminal(struct semihost *sh, uint32_t handle) {
    return is_open(handle) ? handle != HANDLE_FEATURES : fail(sh, ERRNO_BADF);
}

/* Hundredths of a second, ticks / 100000: ticks / 32 by 3125. */
static uint32_t clock_centiseconds(void) {
    return (uint32_t)time_divide(clint_platform_ticks() >> 5, TICK_HZ / 100 / 32);
}

static uint32_t elapsed(struct semihost *sh, uint32_t block) {
    uint64_t ticks = clint_platform_ticks();
    if (!may_use(sh, block, 8, PRIV_WRITE))
        return fail(sh, ERRNO_FAULT);
    store_word(sh, block, (uint32_t)ticks);
    store_word(sh, block + 4, (uint32_t)(ticks >> 32));
    return 0;
}

/* What SYS_GET_CMDLINE gives, as in QEMU: the ELF file's name, and behind a space the command line.
 */
struct command_line {
    struct load_entry name, text;
    uint32_t length;
};

static struct command_line find_command_line(const struct semihost *sh) {
    struct command_line line = {0};
    (void)load_find(sh->dev->env.load, LOAD_NAME, &line.name);
    bool has_text = load_find(sh->dev->env.load, LOAD_COMMAND_LINE, &line.text);
    line.length = line.name.length + (has_text ? 1 : 0) + line.text.length;
    return line;
}

/* Byte i, 0 behind the last one. */
static uint8_t command_line_byte(const struct command_line *line, uint32_t i) {
    if (i < line->name.length)
        return line->name.bytes[i];
    if (i >= line->length)
        return 0;
    return i == line->name.length ? ' ' : line->text.bytes[i - line->name.length - 1];
}

/* The parameter block keeps what it holds until the last byte is there, for a call that an
 * interrupt comes into is made again with it; bytes of the text that go into it are put there at
 * the end. False: the guest may no longer write there, after an interrupt. */
static bool put_command_line(struct semihost *sh, const struct command_line *line, uint32_t to,
                             uint32_t block, struct semihost_pause *call) {
    enum { BLOCK_BYTES = 8, LENGTH = 4 };
    while (call->done <= line->length && !sh->is_paused) {
        uint32_t at = to + call->done;
        if (!may_use(sh, at, 1, PRIV_WRITE))
            return false;
        if (at - block >= BLOCK_BYTES)
            store_byte(sh, at, command_line_byte(line, call->done));
        call->done++;
        (void)(call->done <= line->length && must_pause(sh, call));
    }
    if (sh->is_paused)
        return true;
    store_word(sh, block + LENGTH, line->length);
    for (uint32_t at = block; at < block + BLOCK_BYTES; at++)
        if (at - to <= line->length)
            store_byte(sh, at, command_line_byte(line, at - to));
    return true;
}

static uint32_t command_line(struct semihost *sh, const uint32_t *p, uint32_t block) {
    enum { TO, ROOM, LENGTH = 4 };
    struct command_line line = find_command_line(sh);
    if (line.length >= p[ROOM])
        return fail(sh, ERRNO_TOO_BIG);
    struct semihost_pause call = begin_or_go_on(sh, p[TO], line.length + 1);
    bool is_done = may_use(sh, block + LENGTH, 4, PRIV_WRITE) &&
                   check_bytes(sh, &call, PRIV_WRITE) &&
                   put_command_line(sh, &line, p[TO], block, &call);
    return is_done ? 0 : fail(sh, ERRNO_FAULT);
}

/* As QEMU has it: the largest part of RAM to which nothing was loaded, the heap from its beginning
 * on, the stack down from its end, and each may go as far as the other. */
static uint32_t heap_info(struct semihost *sh, uint32_t block) {
    enum { HEAP_BASE, HEAP_LIMIT, STACK_BASE, STACK_LIMIT, WORDS };
    const struct heap *heap = &sh->dev->heap;
    const uint32_t words[WORDS] = {[HEAP_BASE] = heap->start,
                                   [HEAP_LIMIT] = heap->end,
                                   [STACK_BASE] = heap->end,
                                   [STACK_LIMIT] = heap->start};
    if (!may_use(sh, block, sizeof words, PRIV_WRITE))
        return fail(sh, ERRNO_FAULT);
    for (uint32_t i = 0; i < WORDS; i++)
        store_word(sh, block + 4 * i, words[i]);
    return 0;
}

static uint32_t stop(struct semihost *sh, uint32_t reason, uint32_t status) {
    run_stop(&sh->dev->run, reason == STOPPED_APPLICATION_EXIT ? status : 1);
    return 0;
}

static uint32_t refuse(struct semihost *sh, uint32_t op) {
    cms_log("selkirk: guest: unsupported semihosting call 0x%x at pc 0x%x\n", op, sh->interp->pc);
    run_refuse(&sh->dev->run);
    return UINT32_MAX;
}

static uint32_t console_call(struct semihost *sh, uint32_t op, uint32_t arg, const uint32_t *p) {
    switch (op) {
    case SH_OPEN:
        return open_file(sh, p);
    case SH_CLOSE:
        return close_file(sh, p[0]);
    case SH_WRITEC:
        return write_char(sh, arg);
    case SH_WRITE0:
        return write0(sh, arg);
    case SH_WRITE:
        return write_file(sh, p);
    case SH_READ:
        return read_file(sh, p);
    case SH_READC:
        return read_char(sh);
    case SH_ISTTY:
        return is_terminal(sh, p[0]);
    case SH_SEEK:
        return seek(sh, p);
    case SH_FLEN:
        return file_length(sh, p[0]);
    default:
        return refuse(sh, op);
    }
}

static uint32_t serve(struct semihost *sh, uint32_t op, uint32_t arg, const uint32_t *p) {
    switch (op) {
    case SH_ISERROR:
        return p[0] >> 31;
    case SH_REMOVE:
    case SH_RENAME:
        return fail(sh, ERRNO_NOENT);
    case SH_CLOCK:
        return clock_centiseconds();
    case SH_TIME: /* by --rtc's calendar, not the wall clock's */
        return (uint32_t)rtc_start_seconds(sh->dev->env.load) + clock_centiseconds() / 100;
    case SH_ERRNO:
        return sh->last_errno;
    case SH_GET_CMDLINE:
        return command_line(sh, p, arg);
    case SH_HEAPINFO:
        return heap_info(sh, p[0]);
    case SH_EXIT:
        return stop(sh, arg, 0);
    case SH_EXIT_EXTENDED:
        return stop(sh, p[0], p[1]);
    case SH_ELAPSED:
        return elapsed(sh, arg);
    case SH_TICKFREQ:
        return TICK_HZ;
    default:
        return console_call(sh, op, arg, p);
    }
}

/* The parameter block is read once, so what a call stores can't change its own parameters. */
static uint32_t read_and_serve(struct semihost *sh, uint32_t op, uint32_t arg) {
    uint32_t n = op < sizeof n_parameters ? n_parameters[op] : 0, p[MAX_PARAMETERS] = {0};
    if (!may_use(sh, arg, 4 * n, PRIV_READ))
        return fail(sh, ERRNO_FAULT);
    for (uint32_t i = 0; i < n; i++)
        p[i] = load_word(sh, arg + 4 * i);
    return serve(sh, op, arg, p);
}

void semihost_call(struct semihost *sh) {
    uint32_t op = greg_read(sh->interp->gs, A0);
    sh->wait = 0;
    sh->is_paused = false;
    uint32_t result = read_and_serve(sh, op, greg_read(sh->interp->gs, A1));
    if (sh->wait != 0) {
        irq_wait_for_byte(sh->irq, sh->wait);
        return;
    }
    if (sh->is_paused)
        return;
    stats_add(sh->dev->env.stats, STAT_SEMIHOST_CALLS, 1);
    greg_write(sh->interp->gs, A0, result);
    interp_complete(sh->interp);
}

void semihost_init(struct semihost *sh, struct interp *interp, struct devices *dev,
                   struct irq *irq) {
    *sh = (struct semihost){.interp = interp, .dev = dev, .irq = irq};
}
