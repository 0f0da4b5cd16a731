/* SPDX-License-Identifier: MIT
 * Semihosting calls, as far as a machine without files has an answer: console, exit, clocks.
 * Handles are fixed: 1 = :tt for reading, 2 and 3 = :tt for writing and appending, 4 =
 * :semihosting-features. What is not here is refused by name, not ignored. Parameter blocks and
 * buffers are checked against guest RAM. A call that waits for input can be interrupted, as
 * SYS_READC of QEMU: it has not happened then and is executed again after the handler.
 */
#include "translator/cms.h"
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
enum { A0 = 10, A1 = 11, STOPPED_APPLICATION_EXIT = 0x20026, ERRNO_NOENT = 2, ERRNO_BADF = 9 };
enum {
    TICKS_PER_SECOND = 10000000,
    READ_WAIT_CYCLES = 1000000 /* no byte for so long: end of input */
};

/* "SHFB" and the feature bits: SYS_EXIT_EXTENDED, stdout and stderr apart. */
static const uint8_t feature_bytes[] = {'S', 'H', 'F', 'B', 0x03};

static bool in_ram(const struct cms *cms, uint32_t addr, uint32_t bytes) {
    uint32_t offset = addr - cms->mem.base;
    return offset <= cms->mem.bytes && bytes <= cms->mem.bytes - offset;
}

/* Word n of the parameter block; a block outside RAM reads 0. */
static uint32_t param(const struct cms *cms, uint32_t n) {
    uint32_t addr = greg_read(&cms->gs, A1) + 4 * n;
    return (addr & 3u) == 0 && in_ram(cms, addr, 4) ? guest_load32(&cms->mem, addr) : 0;
}

static void set_param(struct cms *cms, uint32_t addr, uint32_t value) {
    if ((addr & 3u) == 0 && in_ram(cms, addr, 4))
        guest_store32(&cms->mem, addr, value);
}

static uint32_t fail(struct cms *cms, uint32_t error) {
    cms->dev.semihost_errno = error;
    return UINT32_MAX;
}

static bool is_name(const struct cms *cms, uint32_t addr, uint32_t bytes, const char *name) {
    for (; *name != 0; name++, addr++, bytes--)
        if (bytes == 0 || !in_ram(cms, addr, 1) || guest_load8(&cms->mem, addr) != (uint8_t)*name)
            return false;
    return bytes == 0;
}

static uint32_t open_file(struct cms *cms) {
    uint32_t name = param(cms, 0), mode = param(cms, 1), bytes = param(cms, 2);
    if (is_name(cms, name, bytes, ":tt"))
        return mode < 4 ? HANDLE_IN : mode < 8 ? HANDLE_OUT : HANDLE_ERR;
    if (is_name(cms, name, bytes, ":semihosting-features")) {
        cms->dev.features_at = 0;
        return HANDLE_FEATURES;
    }
    return fail(cms, ERRNO_NOENT);
}

static void write0(struct cms *cms, uint32_t addr) {
    for (; in_ram(cms, addr, 1) && guest_load8(&cms->mem, addr) != 0; addr++)
        console_put(cms, guest_load8(&cms->mem, addr));
}

/* Result: bytes not written. */
static uint32_t write_file(struct cms *cms) {
    uint32_t handle = param(cms, 0), addr = param(cms, 1), bytes = param(cms, 2);
    if (handle != HANDLE_OUT && handle != HANDLE_ERR) {
        cms->dev.semihost_errno = ERRNO_BADF;
        return bytes;
    }
    for (; bytes > 0 && in_ram(cms, addr, 1); bytes--)
        console_put(cms, guest_load8(&cms->mem, addr++));
    return bytes;
}

/* The call waits for a byte, for so many cycles at most: it is done again after that, or after the
 * handler of an interrupt that comes before. */
static void wait_for_byte(struct cms *cms, uint32_t longest) {
    cms->dev.semihost_wait = longest;
}

static int next_byte(struct cms *cms, uint32_t handle) {
    if (handle == HANDLE_FEATURES)
        return cms->dev.features_at < sizeof feature_bytes ? feature_bytes[cms->dev.features_at++]
                                                           : -1;
    return console_get(cms);
}

/* No byte for a while is the end of input. */
static void wait_or_end(struct cms *cms) {
    uint64_t now = native_counter(CSR_CYCLES), *since = &cms->dev.semihost_since;
    if (*since == 0)
        *since = now;
    if (now - *since < READ_WAIT_CYCLES)
        wait_for_byte(cms, READ_WAIT_CYCLES);
}

/* Result: bytes not read. Gives what is there, but waits for the first byte. */
static uint32_t read_file(struct cms *cms) {
    uint32_t handle = param(cms, 0), addr = param(cms, 1), bytes = param(cms, 2);
    if (handle != HANDLE_IN && handle != HANDLE_FEATURES) {
        cms->dev.semihost_errno = ERRNO_BADF;
        return bytes;
    }
    uint32_t left = bytes;
    for (; left > 0 && in_ram(cms, addr, 1); left--) {
        int byte = next_byte(cms, handle);
        if (byte < 0)
            break;
        guest_store8(&cms->mem, addr++, (uint8_t)byte);
    }
    if (handle == HANDLE_IN && left == bytes && bytes > 0 && in_ram(cms, addr, 1))
        wait_or_end(cms);
    return left;
}

static uint32_t read_char(struct cms *cms) {
    int byte = console_get(cms);
    if (byte < 0)
        wait_for_byte(cms, IRQ_IDLE_CYCLES);
    return (uint32_t)byte;
}

static uint32_t seek(struct cms *cms) {
    if (param(cms, 0) != HANDLE_FEATURES || param(cms, 1) > sizeof feature_bytes)
        return fail(cms, ERRNO_BADF);
    cms->dev.features_at = param(cms, 1);
    return 0;
}

static uint32_t file_length(struct cms *cms) {
    uint32_t handle = param(cms, 0);
    if (handle == HANDLE_FEATURES)
        return sizeof feature_bytes;
    return handle >= HANDLE_IN && handle <= HANDLE_ERR ? 0 : fail(cms, ERRNO_BADF);
}

/* High word between two equal readings belongs to the low one. */
static void read_ticks(uint32_t *low, uint32_t *high) {
    do {
        *high = native_csrr(CSR_TIME_TICKSH);
        *low = native_csrr(CSR_TIME_TICKS);
    } while (*high != native_csrr(CSR_TIME_TICKSH));
}

/* Hundredths of a second: ticks / 100000 in 32 bits, from ticks / 32. */
static uint32_t clock_centiseconds(void) {
    uint32_t low, high;
    read_ticks(&low, &high);
    return (low >> 5 | high << 27) / (TICKS_PER_SECOND / 100 / 32);
}

static uint32_t elapsed(struct cms *cms) {
    uint32_t low, high, block = greg_read(&cms->gs, A1);
    read_ticks(&low, &high);
    set_param(cms, block, low);
    set_param(cms, block + 4, high);
    return 0;
}

/* No command line: the empty text. */
static uint32_t command_line(struct cms *cms) {
    uint32_t addr = param(cms, 0);
    if (param(cms, 1) == 0 || !in_ram(cms, addr, 1))
        return UINT32_MAX;
    guest_store8(&cms->mem, addr, 0);
    set_param(cms, greg_read(&cms->gs, A1) + 4, 0);
    return 0;
}

/* All zero: the guest is to use its own idea of heap and stack. */
static uint32_t heap_info(struct cms *cms) {
    uint32_t block = param(cms, 0);
    for (uint32_t i = 0; i < 4; i++)
        set_param(cms, block + 4 * i, 0);
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

static uint32_t console_call(struct cms *cms, uint32_t op, uint32_t arg) {
    switch (op) {
    case SH_OPEN:
        return open_file(cms);
    case SH_WRITEC:
        if (in_ram(cms, arg, 1))
            console_put(cms, guest_load8(&cms->mem, arg));
        return 0;
    case SH_WRITE0:
        write0(cms, arg);
        return 0;
    case SH_WRITE:
        return write_file(cms);
    case SH_READ:
        return read_file(cms);
    case SH_READC:
        return read_char(cms);
    case SH_ISTTY:
        return param(cms, 0) >= HANDLE_IN && param(cms, 0) <= HANDLE_ERR;
    case SH_SEEK:
        return seek(cms);
    case SH_FLEN:
        return file_length(cms);
    default:
        return refuse(cms, op);
    }
}

static uint32_t serve(struct cms *cms, uint32_t op, uint32_t arg) {
    switch (op) {
    case SH_CLOSE:
        return 0;
    case SH_ISERROR:
        return param(cms, 0) >> 31;
    case SH_REMOVE:
    case SH_RENAME:
        return fail(cms, ERRNO_NOENT);
    case SH_CLOCK:
        return clock_centiseconds();
    case SH_TIME: /* no calendar: seconds since the start */
        return clock_centiseconds() / 100;
    case SH_ERRNO:
        return cms->dev.semihost_errno;
    case SH_GET_CMDLINE:
        return command_line(cms);
    case SH_HEAPINFO:
        return heap_info(cms);
    case SH_EXIT:
        return stop(cms, arg, 0);
    case SH_EXIT_EXTENDED:
        return stop(cms, param(cms, 0), param(cms, 1));
    case SH_ELAPSED:
        return elapsed(cms);
    case SH_TICKFREQ:
        return TICKS_PER_SECOND;
    default:
        return console_call(cms, op, arg);
    }
}

void semihost_call(struct cms *cms) {
    uint32_t op = greg_read(&cms->gs, A0);
    cms->dev.semihost_wait = 0;
    uint32_t result = serve(cms, op, greg_read(&cms->gs, A1));
    if (cms->dev.semihost_wait != 0) {
        irq_wait_for_byte(cms, cms->dev.semihost_wait);
        return;
    }
    cms->dev.semihost_since = 0;
    stat_add(cms, STAT_SEMIHOST_CALLS, 1);
    greg_write(&cms->gs, A0, result);
    interp_complete(&cms->interp);
    irq_resume(cms);
}
