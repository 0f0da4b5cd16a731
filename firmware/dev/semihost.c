/* SPDX-License-Identifier: MIT
 * Semihosting calls, as far as a machine without files has an answer: console, exit, clocks.
 * Handles are fixed: 1 = :tt for reading, 2 and 3 = :tt for writing and appending, 4 =
 * :semihosting-features. What is not here is refused by name, not ignored. Which modes may
 * call is for the interpreter to say (guest_priv's semihosting). Parameter blocks and buffers must
 * be in RAM, and what the mode that calls could load or store itself: else a call fails before it
 * has done anything, with errno EFAULT. A call that waits for input can be interrupted, as SYS_READC of
 * QEMU: it has not happened then and is executed again after the handler.
 */
#include "firmware/cms/cms.h"
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
enum { UART_STATUS_INPUT_OVER = 4 };
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
static bool may_use(const struct cms *cms, uint32_t addr, uint32_t bytes, enum priv_access access) {
    uint32_t offset = addr - cms->mem.base;
    if (bytes == 0)
        return true;
    if (offset >= cms->mem.bytes || bytes > cms->mem.bytes - offset)
        return false;
    if (!cms->interp.priv.checks_data)
        return true;
    for (uint32_t at = addr & ~3u; at < addr + bytes; at += 4) /* PMP's granules */
        if (!priv_may_access(&cms->interp.priv, at, 4, access))
            return false;
    return true;
}

/* Requires: may_use. */
static uint32_t load_word(const struct cms *cms, uint32_t addr) {
    uint32_t value = 0;
    for (uint32_t i = 0; i < 4; i++)
        value |= (uint32_t)guest_load8(&cms->mem, addr + i) << 8 * i;
    return value;
}

static void store_byte(struct cms *cms, uint32_t addr, uint8_t value) {
    guest_store8(&cms->mem, addr, value);
    guest_note_store(&cms->gs, addr, value, 1);
}

static void store_word(struct cms *cms, uint32_t addr, uint32_t value) {
    for (uint32_t i = 0; i < 4; i++)
        store_byte(cms, addr + i, (uint8_t)(value >> 8 * i));
}

static uint32_t fail(struct cms *cms, uint32_t error) {
    cms->dev.semihost_errno = error;
    return UINT32_MAX;
}

static bool is_name(const struct cms *cms, uint32_t addr, uint32_t bytes, const char *name) {
    for (; *name != 0; name++, addr++, bytes--)
        if (bytes == 0 || guest_load8(&cms->mem, addr) != (uint8_t)*name)
            return false;
    return bytes == 0;
}

/* No more is looked at than the longest name there is, and a byte: the time is bounded. */
static uint32_t open_file(struct cms *cms, const uint32_t *p) {
    enum { NAME, MODE, LENGTH, MODES = 12 };
    static const char features[] = ":semihosting-features";
    uint32_t length = p[LENGTH] < sizeof features ? p[LENGTH] : sizeof features;
    if (!may_use(cms, p[NAME], length, PRIV_READ))
        return fail(cms, ERRNO_FAULT);
    if (is_name(cms, p[NAME], length, ":tt") && p[MODE] < MODES)
        return p[MODE] < 4 ? HANDLE_IN : p[MODE] < 8 ? HANDLE_OUT : HANDLE_ERR;
    if (is_name(cms, p[NAME], length, features)) {
        cms->dev.features_at = 0;
        return HANDLE_FEATURES;
    }
    return fail(cms, ERRNO_NOENT);
}

static bool is_open(uint32_t handle) {
    return handle >= HANDLE_IN && handle <= HANDLE_FEATURES;
}

static uint32_t close_file(struct cms *cms, uint32_t handle) {
    return is_open(handle) ? 0 : fail(cms, ERRNO_BADF);
}

static uint32_t write_char(struct cms *cms, uint32_t addr) {
    if (!may_use(cms, addr, 1, PRIV_READ))
        return fail(cms, ERRNO_FAULT);
    console_put(cms, guest_load8(&cms->mem, addr));
    return 0;
}

/* The call under way, or the one of which it is the rest. */
static struct semihost_pause begin_or_go_on(struct cms *cms, uint32_t from, uint32_t bytes) {
    enum { SP = 2 };
    struct semihost_pause call = {.pc = cms->interp.pc,
                                  .sp = greg_read(&cms->gs, SP),
                                  .op = greg_read(&cms->gs, A0),
                                  .arg = greg_read(&cms->gs, A1),
                                  .from = from,
                                  .bytes = bytes};
    for (uint32_t i = 0; i < SEMIHOST_PAUSES; i++) {
        struct semihost_pause *p = &cms->dev.pauses[i];
        if (p->pc != call.pc || p->sp != call.sp || p->op != call.op || p->arg != call.arg ||
            p->from != from || p->bytes != bytes)
            continue;
        call = *p;
        p->pc = 0;
    }
    return call;
}

/* Every SLICE_BYTES: does the call give way to an interrupt? */
static bool must_pause(struct cms *cms, const struct semihost_pause *call) {
    if (call->done % SLICE_BYTES != 0 || !irq_is_due(cms))
        return false;
    cms->dev.semihost_is_paused = true;
    cms->dev.pauses[cms->dev.next_pause++ % SEMIHOST_PAUSES] = *call;
    return true;
}

/* Looks at the bytes from call->from on, to the last one or, if call->bytes is 0, to the 0 behind
 * them. False: the guest may not use them. */
static bool check_bytes(struct cms *cms, struct semihost_pause *call, enum priv_access access) {
    uint32_t offset = call->from - cms->mem.base, bytes = call->bytes;
    if (bytes > cms->mem.bytes || offset > cms->mem.bytes - bytes)
        return false;
    if (call->length == 0 && bytes != 0 && !cms->interp.priv.checks_data) {
        call->length = bytes;
        call->done = 0;
    }
    while (call->length == 0 && !cms->dev.semihost_is_paused) {
        uint32_t at = call->from + call->done++;
        if (!may_use(cms, at, 1, access))
            return false;
        if (bytes != 0 ? call->done == bytes : guest_load8(&cms->mem, at) == 0) {
            call->length = call->done;
            call->done = 0;
        }
        (void)must_pause(cms, call);
    }
    return true;
}

/* False: the guest may not read it, and nothing was written; or no longer, after an interrupt. */
static bool write_text(struct cms *cms, uint32_t from, uint32_t bytes) {
    struct semihost_pause call = begin_or_go_on(cms, from, bytes);
    if (!check_bytes(cms, &call, PRIV_READ))
        return false;
    uint32_t n = bytes != 0 ? bytes : call.length - 1;
    while (!cms->dev.semihost_is_paused && call.done < n) {
        if (!may_use(cms, from + call.done, 1, PRIV_READ))
            return false;
        console_put(cms, guest_load8(&cms->mem, from + call.done++));
        (void)(call.done < n && must_pause(cms, &call));
    }
    return true;
}

static uint32_t write0(struct cms *cms, uint32_t addr) {
    return write_text(cms, addr, 0) ? 0 : fail(cms, ERRNO_FAULT);
}

/* Result: bytes not written. */
static uint32_t write_file(struct cms *cms, const uint32_t *p) {
    enum { HANDLE, FROM, LENGTH };
    bool is_output = p[HANDLE] == HANDLE_OUT || p[HANDLE] == HANDLE_ERR;
    if (is_output && (p[LENGTH] == 0 || write_text(cms, p[FROM], p[LENGTH])))
        return 0;
    fail(cms, is_output ? ERRNO_FAULT : ERRNO_BADF);
    return p[LENGTH];
}

/* The call waits for a byte: it is done again when one has come, or after the handler of an
 * interrupt that comes before. At the end of the input it does not. */
static void wait_for_byte(struct cms *cms) {
    if ((native_csrr(CSR_UART_STATUS) & UART_STATUS_INPUT_OVER) == 0)
        cms->dev.semihost_wait = INPUT_WAIT_CYCLES;
}

static int next_byte(struct cms *cms, uint32_t handle) {
    if (handle == HANDLE_FEATURES)
        return cms->dev.features_at < sizeof feature_bytes ? feature_bytes[cms->dev.features_at++]
                                                           : -1;
    return console_get(cms);
}

/* Result: bytes not read, all of them at the end of the input. Gives what is there, or until an
 * interrupt is due, but waits for the first byte. */
static uint32_t read_file(struct cms *cms, const uint32_t *p) {
    enum { HANDLE, TO, LENGTH };
    bool is_input = p[HANDLE] == HANDLE_IN || p[HANDLE] == HANDLE_FEATURES;
    struct semihost_pause call = begin_or_go_on(cms, p[TO], p[LENGTH]);
    if (!is_input || (p[LENGTH] != 0 && !check_bytes(cms, &call, PRIV_WRITE))) {
        fail(cms, is_input ? ERRNO_FAULT : ERRNO_BADF);
        return p[LENGTH];
    }
    uint32_t n = 0;
    for (; n < p[LENGTH] && !cms->dev.semihost_is_paused; n++) {
        if (n != 0 && n % SLICE_BYTES == 0 && irq_is_due(cms))
            break;
        if (!may_use(cms, p[TO] + n, 1, PRIV_WRITE)) { /* not since an interrupt's handler */
            fail(cms, ERRNO_FAULT);
            return p[LENGTH] - n;
        }
        int byte = next_byte(cms, p[HANDLE]);
        if (byte < 0)
            break;
        store_byte(cms, p[TO] + n, (uint8_t)byte);
    }
    if (n == 0 && p[LENGTH] != 0 && p[HANDLE] == HANDLE_IN && !cms->dev.semihost_is_paused)
        wait_for_byte(cms);
    return p[LENGTH] - n;
}

/* -1 at the end of the input. */
static uint32_t read_char(struct cms *cms) {
    int byte = console_get(cms);
    if (byte < 0)
        wait_for_byte(cms);
    return (uint32_t)byte;
}

static uint32_t seek(struct cms *cms, const uint32_t *p) {
    if (p[0] != HANDLE_FEATURES || p[1] > sizeof feature_bytes)
        return fail(cms, ERRNO_BADF);
    cms->dev.features_at = p[1];
    return 0;
}

static uint32_t file_length(struct cms *cms, uint32_t handle) {
    if (handle == HANDLE_FEATURES)
        return sizeof feature_bytes;
    return is_open(handle) ? 0 : fail(cms, ERRNO_BADF);
}

/* The console is one, whatever it is connected to. */
static uint32_t is_terminal(struct cms *cms, uint32_t handle) {
    return is_open(handle) ? handle != HANDLE_FEATURES : fail(cms, ERRNO_BADF);
}

/* Hundredths of a second, ticks / 100000: ticks / 32 by 3125. */
static uint32_t clock_centiseconds(void) {
    return (uint32_t)time_divide(clint_platform_ticks() >> 5, TICK_HZ / 100 / 32);
}

static uint32_t elapsed(struct cms *cms, uint32_t block) {
    uint64_t ticks = clint_platform_ticks();
    if (!may_use(cms, block, 8, PRIV_WRITE))
        return fail(cms, ERRNO_FAULT);
    store_word(cms, block, (uint32_t)ticks);
    store_word(cms, block + 4, (uint32_t)(ticks >> 32));
    return 0;
}

static uint32_t store_text(struct cms *cms, uint32_t to, const struct load_entry *text) {
    for (uint32_t i = 0; i < text->length; i++)
        store_byte(cms, to++, text->bytes[i]);
    return to;
}

/* As in QEMU: the ELF file's name, and behind a space the command line. */
static uint32_t command_line(struct cms *cms, const uint32_t *p, uint32_t block) {
    enum { TO, ROOM };
    struct load_entry name = {0}, text = {0};
    (void)load_find(&cms->platform.load, LOAD_NAME, &name);
    bool has_text = load_find(&cms->platform.load, LOAD_COMMAND_LINE, &text);
    uint32_t length = name.length + (has_text ? 1 : 0) + text.length, to = p[TO];
    if (length >= p[ROOM])
        return fail(cms, ERRNO_TOO_BIG);
    if (!may_use(cms, to, length + 1, PRIV_WRITE) || !may_use(cms, block + 4, 4, PRIV_WRITE))
        return fail(cms, ERRNO_FAULT);
    to = store_text(cms, to, &name);
    if (has_text)
        store_byte(cms, to++, ' ');
    to = store_text(cms, to, &text);
    store_byte(cms, to, 0);
    store_word(cms, block + 4, length);
    return 0;
}

/* All zero: the guest is to use its own idea of heap and stack. */
static uint32_t heap_info(struct cms *cms, uint32_t block) {
    if (!may_use(cms, block, 16, PRIV_WRITE))
        return fail(cms, ERRNO_FAULT);
    for (uint32_t i = 0; i < 4; i++)
        store_word(cms, block + 4 * i, 0);
    return 0;
}

static uint32_t stop(struct cms *cms, uint32_t reason, uint32_t status) {
    cms_stop(cms, reason == STOPPED_APPLICATION_EXIT ? status : 1);
    return 0;
}

static uint32_t refuse(struct cms *cms, uint32_t op) {
    cms_log("selkirk: guest: unsupported semihosting call 0x%x at pc 0x%x\n", op, cms->interp.pc);
    cms_refuse(cms);
    return UINT32_MAX;
}

static uint32_t console_call(struct cms *cms, uint32_t op, uint32_t arg, const uint32_t *p) {
    switch (op) {
    case SH_OPEN:
        return open_file(cms, p);
    case SH_CLOSE:
        return close_file(cms, p[0]);
    case SH_WRITEC:
        return write_char(cms, arg);
    case SH_WRITE0:
        return write0(cms, arg);
    case SH_WRITE:
        return write_file(cms, p);
    case SH_READ:
        return read_file(cms, p);
    case SH_READC:
        return read_char(cms);
    case SH_ISTTY:
        return is_terminal(cms, p[0]);
    case SH_SEEK:
        return seek(cms, p);
    case SH_FLEN:
        return file_length(cms, p[0]);
    default:
        return refuse(cms, op);
    }
}

static uint32_t serve(struct cms *cms, uint32_t op, uint32_t arg, const uint32_t *p) {
    switch (op) {
    case SH_ISERROR:
        return p[0] >> 31;
    case SH_REMOVE:
    case SH_RENAME:
        return fail(cms, ERRNO_NOENT);
    case SH_CLOCK:
        return clock_centiseconds();
    case SH_TIME: /* by --rtc's calendar, not the wall clock's */
        return (uint32_t)rtc_start_seconds(cms) + clock_centiseconds() / 100;
    case SH_ERRNO:
        return cms->dev.semihost_errno;
    case SH_GET_CMDLINE:
        return command_line(cms, p, arg);
    case SH_HEAPINFO:
        return heap_info(cms, p[0]);
    case SH_EXIT:
        return stop(cms, arg, 0);
    case SH_EXIT_EXTENDED:
        return stop(cms, p[0], p[1]);
    case SH_ELAPSED:
        return elapsed(cms, arg);
    case SH_TICKFREQ:
        return TICK_HZ;
    default:
        return console_call(cms, op, arg, p);
    }
}

/* The parameter block is read once, so what a call stores can't change its own parameters. */
static uint32_t read_and_serve(struct cms *cms, uint32_t op, uint32_t arg) {
    uint32_t n = op < sizeof n_parameters ? n_parameters[op] : 0, p[MAX_PARAMETERS] = {0};
    if (!may_use(cms, arg, 4 * n, PRIV_READ))
        return fail(cms, ERRNO_FAULT);
    for (uint32_t i = 0; i < n; i++)
        p[i] = load_word(cms, arg + 4 * i);
    return serve(cms, op, arg, p);
}

void semihost_call(struct cms *cms) {
    uint32_t op = greg_read(&cms->gs, A0);
    cms->dev.semihost_wait = 0;
    cms->dev.semihost_is_paused = false;
    uint32_t result = read_and_serve(cms, op, greg_read(&cms->gs, A1));
    if (cms->dev.semihost_wait != 0) {
        irq_wait_for_byte(cms, cms->dev.semihost_wait);
        return;
    }
    if (cms->dev.semihost_is_paused)
        return;
    stat_add(cms, STAT_SEMIHOST_CALLS, 1);
    greg_write(&cms->gs, A0, result);
    interp_complete(&cms->interp);
}
