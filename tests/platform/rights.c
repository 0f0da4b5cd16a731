/* SPDX-License-Identifier: MIT
 * An interrupt comes into a long semihosting call of U mode and its handler takes away the right to
 * the first bytes of the buffer, which the call has looked at by then and neither read nor written.
 * The rest of the call must not reach them: it fails, with errno EFAULT, and they are neither
 * printed nor changed. Status: a bit for each call that was not as it should be; 16: one with the
 * right to all of its buffer was not. Wants 2,000 bytes on its input, a command line of 1,000 or
 * more, and --semihosting userspace. */
#include "notes.h"
#include "semihost.h"
#include <string.h>

enum { MTIMECMP = 0x02004000, MTIME = 0x0200bff8 };
enum { SYS_WRITE0 = 4, SYS_WRITE = 5, SYS_READ = 6, SYS_ERRNO = 0x13, SYS_GET_CMDLINE = 0x15 };
enum { HANDLE_IN = 1, HANDLE_OUT = 2, EFAULT = 14, FROM_USER = 8, MPP = 0x1800 };
enum { SECRET_BYTES = 64, TEXT_BYTES = 1000, ROOM = 4096, PMP_ALL = 0x1f, PMP_NOTHING = 0x18 };
enum {
    LATER_TICKS = 10000 /* the call has then looked at more than the secret, less than TEXT_BYTES */
};

static char text[ROOM] __attribute__((aligned(SECRET_BYTES)));
static volatile uint32_t is_taken; /* the right, by the handler */

static volatile uint32_t *word_at(uintptr_t address) {
    return (volatile uint32_t *)address;
}

static void finish(uint32_t status) {
    *word_at(0x100000) = status << 16 | (status != 0 ? 0x3333 : 0x5555);
}

static void set_rights(uint32_t of_secret) {
    WRITE_CSR(pmpcfg0, PMP_ALL << 8 | of_secret);
}

/* An ecall gives the right back, and arms the timer if a0 is not 0. */
__attribute__((interrupt, aligned(4))) static void handler(void) {
    register uint32_t a0 __asm__("a0");
    uint32_t is_armed = a0;
    if (READ_CSR(mcause) == FROM_USER) {
        WRITE_CSR(mepc, READ_CSR(mepc) + 4);
        set_rights(PMP_ALL);
        is_taken = 0;
        *word_at(MTIMECMP) = *word_at(MTIME) + LATER_TICKS;
        *word_at(MTIMECMP + 4) = is_armed ? 0 : UINT32_MAX;
    } else if ((int32_t)READ_CSR(mcause) > 0) {
        finish(32); /* never */
    } else {
        set_rights(PMP_NOTHING);
        is_taken = 1;
        *word_at(MTIMECMP + 4) = UINT32_MAX;
    }
}

static void begin(uint32_t is_armed) {
    register uint32_t a0 __asm__("a0") = is_armed;
    __asm__ volatile("ecall" ::"r"(a0) : "memory");
}

static uint32_t is_whole(void) {
    begin(0);
    for (uint32_t i = 0; i < SECRET_BYTES; i++)
        if (text[i] != 's')
            return 0;
    return 1;
}

static const struct {
    uint32_t op, handle, refused; /* what it gives back when it fails */
} calls[] = {
    {SYS_WRITE, HANDLE_OUT, TEXT_BYTES},
    {SYS_WRITE0, 0, UINT32_MAX},
    {SYS_READ, HANDLE_IN, TEXT_BYTES},
    {SYS_GET_CMDLINE, 0, UINT32_MAX},
};

static uint32_t make_call(uint32_t n, uint32_t is_armed) {
    const uint32_t files[3] = {calls[n].handle, (uint32_t)(uintptr_t)text, TEXT_BYTES};
    const uint32_t line[2] = {(uint32_t)(uintptr_t)text, ROOM};
    begin(0);
    memset(text, 's', SECRET_BYTES);
    memset(text + SECRET_BYTES, '.', TEXT_BYTES - SECRET_BYTES);
    text[TEXT_BYTES] = 0;
    const void *parameter = calls[n].op == SYS_WRITE0        ? (const void *)text
                            : calls[n].op == SYS_GET_CMDLINE ? (const void *)line
                                                             : (const void *)files;
    begin(is_armed);
    return semihost(calls[n].op, parameter);
}

static void user(void) {
    uint32_t wrong = 0;
    for (uint32_t n = 0; n < sizeof calls / sizeof calls[0]; n++) {
        if (make_call(n, 0) != 0 || is_taken)
            wrong |= 16;
        if (make_call(n, 1) != calls[n].refused || !is_taken || semihost(SYS_ERRNO, 0) != EFAULT ||
            !is_whole())
            wrong |= 1u << n;
    }
    finish(wrong);
}

int main(void) {
    WRITE_CSR(mtvec, (uint32_t)(uintptr_t)handler);
    WRITE_CSR(pmpaddr0, (uint32_t)(uintptr_t)text >> 2 | (SECRET_BYTES / 8 - 1));
    WRITE_CSR(pmpaddr1, UINT32_MAX);
    set_rights(PMP_ALL);
    *word_at(MTIMECMP + 4) = UINT32_MAX;
    WRITE_CSR(mie, 0x80);
    WRITE_CSR(mepc, (uint32_t)(uintptr_t)user);
    __asm__ volatile("csrc mstatus, %0\n mret" ::"r"(MPP));
    return 0;
}
