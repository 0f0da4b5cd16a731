/* SPDX-License-Identifier: MIT
 * Semihosting calls from M mode. A guest that checks itself: the calls that are not as they should
 * be are named, and counted in the status. Wants "ab\ncdefg\n" on its input and the command line
 * "NAME one two", with " selkirk" behind it where that is what it runs on: QEMU waits for ever at
 * the end of the input, reads gigabytes before it refuses them, gives other error numbers, and
 * passes on whether standard input is a terminal. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum {
    SYS_OPEN = 0x01,
    SYS_CLOSE = 0x02,
    SYS_WRITEC = 0x03,
    SYS_WRITE0 = 0x04,
    SYS_WRITE = 0x05,
    SYS_READ = 0x06,
    SYS_READC = 0x07,
    SYS_ISERROR = 0x08,
    SYS_ISTTY = 0x09,
    SYS_SEEK = 0x0a,
    SYS_FLEN = 0x0c,
    SYS_REMOVE = 0x0e,
    SYS_ERRNO = 0x13,
    SYS_GET_CMDLINE = 0x15,
    SYS_HEAPINFO = 0x16,
    SYS_ELAPSED = 0x30,
};
enum { EFAULT = 14, EBADF = 9, NOWHERE = 0x40000000, BREAKPOINT = 3 };
#define END_OF_RAM 0x88000000u
#define ERROR UINT32_MAX

static uint32_t call(uint32_t operation, uint32_t parameter) {
    register uint32_t a0 __asm__("a0") = operation;
    register uint32_t a1 __asm__("a1") = parameter;
    __asm__ volatile(".option push\n"
                     ".option norvc\n"
                     ".balign 16\n"
                     "slli x0, x0, 0x1f\n"
                     "ebreak\n"
                     "srai x0, x0, 7\n"
                     ".option pop"
                     : "+r"(a0)
                     : "r"(a1)
                     : "memory");
    return a0;
}

static uint32_t call3(uint32_t operation, uint32_t a, uint32_t b, uint32_t c) {
    const uint32_t block[4] = {a, b, c, 0};
    return call(operation, (uint32_t)block);
}

static int n_wrong;

static void expect(const char *what, uint32_t got, uint32_t wanted) {
    if (got == wanted)
        return;
    printf("semihosting: %s: %x, wanted %x\n", what, (unsigned)got, (unsigned)wanted);
    n_wrong++;
}

static char text[64];
static uint32_t at(const char *p) {
    return (uint32_t)p;
}

/* The command line behind the program's name. */
static int command_line(void) {
    uint32_t block[2] = {at(text), sizeof text};
    expect("GET_CMDLINE", call(SYS_GET_CMDLINE, (uint32_t)block), 0);
    expect("its length", block[1], (uint32_t)strlen(text));
    const char *rest = strstr(text, " one two");
    expect("its text", rest != NULL, 1);
    const int is_selkirk = rest != NULL && strcmp(rest, " one two selkirk") == 0;
    expect("its end", is_selkirk || (rest != NULL && rest[8] == 0), 1);
    block[1] = 3;
    expect("GET_CMDLINE, too short", call(SYS_GET_CMDLINE, (uint32_t)block), ERROR);
    expect("the length then", block[1], 3);
    return is_selkirk;
}

static void files(uint32_t in, uint32_t out) {
    expect("open nothing", call3(SYS_OPEN, at("nosuch"), 0, 6), ERROR);
    expect("open in a mode there is not", call3(SYS_OPEN, at(":tt"), 12, 3), ERROR);
    const uint32_t features = call3(SYS_OPEN, at(":semihosting-features"), 0, 21);
    expect("length of the features", call3(SYS_FLEN, features, 0, 0), 5);
    expect("read them", call3(SYS_READ, features, at(text), 64), 59);
    expect("SHFB", memcmp(text, "SHFB", 4) == 0, 1);
    expect("seek", call3(SYS_SEEK, features, 3, 0), 0);
    expect("read the rest", call3(SYS_READ, features, at(text), 64), 62);
    expect("seek too far", call3(SYS_SEEK, features, 9, 0), ERROR);
    expect("features are no terminal", call3(SYS_ISTTY, features, 0, 0), 0);
    expect("close", call3(SYS_CLOSE, features, 0, 0), 0);
    expect("close nothing", call3(SYS_CLOSE, 77, 0, 0), ERROR);
    expect("errno", call(SYS_ERRNO, 0), EBADF);
    expect("length of nothing", call3(SYS_FLEN, 77, 0, 0), ERROR);
    expect("is nothing a terminal", call3(SYS_ISTTY, 77, 0, 0), ERROR);
    expect("write to nothing", call3(SYS_WRITE, 77, at(text), 3), 3);
    expect("read from nothing", call3(SYS_READ, 77, at(text), 3), 3);
    expect("read from the output", call3(SYS_READ, out, at(text), 3), 3);
    expect("write to the input", call3(SYS_WRITE, in, at(text), 3), 3);
    expect("remove", call3(SYS_REMOVE, at("nosuch"), 6, 0), ERROR);
    expect("is -1 an error", call3(SYS_ISERROR, ERROR, 0, 0), 1);
    expect("is 5 an error", call3(SYS_ISERROR, 5, 0, 0), 0);
}

/* Nothing of this may be printed or stored. */
static void bounds(uint32_t in, uint32_t out) {
    expect("open nowhere", call3(SYS_OPEN, NOWHERE, 0, 3), ERROR);
    expect("write from nowhere", call3(SYS_WRITE, out, NOWHERE, 4), 4);
    expect("errno", call(SYS_ERRNO, 0), EFAULT);
    expect("write no bytes from nowhere", call3(SYS_WRITE, out, NOWHERE, 0), 0);
    expect("write over the end of RAM", call3(SYS_WRITE, out, END_OF_RAM - 2, 8), 8);
    expect("write around the whole", call3(SYS_WRITE, out, at(text), 0xfffffff0), 0xfffffff0);
    expect("write to the last address", call3(SYS_WRITE, out, END_OF_RAM, 0xffffffff), 0xffffffff);
    expect("write before RAM", call3(SYS_WRITE, out, 0x7ffffffe, 4), 4);
    expect("a character from nowhere", call(SYS_WRITEC, NOWHERE), ERROR);
    memset((char *)(END_OF_RAM - 8), 'x', 8);
    expect("a text that does not end", call(SYS_WRITE0, END_OF_RAM - 8), ERROR);
    expect("a block outside RAM", call(SYS_WRITE, NOWHERE), ERROR);
    expect("a block half outside RAM", call(SYS_WRITE, END_OF_RAM - 8), ERROR);
    expect("read to nowhere", call3(SYS_READ, in, NOWHERE, 4), 4);
    expect("read over the end of RAM", call3(SYS_READ, in, END_OF_RAM - 2, 4), 4);
    expect("read around the whole", call3(SYS_READ, in, at(text), 0xffffffff), 0xffffffff);
    expect("command line over the end", call3(SYS_GET_CMDLINE, END_OF_RAM - 4, 64, 0), ERROR);
    expect("elapsed to nowhere", call(SYS_ELAPSED, NOWHERE), ERROR);
    expect("heap info to nowhere", call3(SYS_HEAPINFO, NOWHERE, 0, 0), ERROR);
}

/* The console is one. */
static void ours(uint32_t in, uint32_t out) {
    expect("is the input a terminal", call3(SYS_ISTTY, in, 0, 0), 1);
    expect("is the output a terminal", call3(SYS_ISTTY, out, 0, 0), 1);
    expect("length of the console", call3(SYS_FLEN, out, 0, 0), 0);
}

static void input(uint32_t in, int is_selkirk) {
    expect("read two", call3(SYS_READ, in, at(text), 2), 0);
    expect("ab", memcmp(text, "ab", 2) == 0, 1);
    expect("read what there is", call3(SYS_READ, in, at(text), 64), 57);
    expect("it", memcmp(text, "\ncdefg\n", 7) == 0, 1);
    expect("read at the end", call3(SYS_READ, in, at(text), 64), 64);
    expect("read at the end again", call3(SYS_READ, in, at(text), 1), 1);
    if (!is_selkirk)
        return;
    expect("READC at the end", call(SYS_READC, 0), ERROR);
    expect("READC at the end again", call(SYS_READC, 0), ERROR);
}

/* A sequence that goes over a page's end is a breakpoint as any other, and so is half of one. */
static volatile uint32_t n_breakpoints;

__attribute__((interrupt, aligned(4))) static void handler(void) {
    uint32_t cause, pc;
    __asm__ volatile("csrr %0, mcause\n csrr %1, mepc" : "=r"(cause), "=r"(pc));
    if (cause == BREAKPOINT)
        n_breakpoints++;
    __asm__ volatile("csrw mepc, %0" ::"r"(pc + 4));
}

static void breakpoints(void) {
    register uint32_t a0 __asm__("a0") = SYS_ERRNO;
    __asm__ volatile("csrw mtvec, %0" ::"r"(handler));
    __asm__ volatile(".option push\n"
                     ".option norvc\n"
                     "j 1f\n"
                     ".balign 4096\n"
                     ".skip 4092\n"
                     "1: slli x0, x0, 0x1f\n"
                     "ebreak\n"
                     "srai x0, x0, 7\n"
                     ".balign 16\n"
                     "slli x0, x0, 0x1f\n"
                     "ebreak\n"
                     "srai x0, x0, 6\n"
                     ".option pop"
                     : "+r"(a0)
                     :
                     : "memory");
    expect("breakpoints", n_breakpoints, 2);
    expect("a0 after breakpoints", a0, SYS_ERRNO);
}

int main(void) {
    const uint32_t in = call3(SYS_OPEN, at(":tt"), 0, 3), out = call3(SYS_OPEN, at(":tt"), 4, 3);
    static uint8_t block[16];
    const int is_selkirk = command_line();
    memcpy(block + 1, (const uint32_t[]){out, at("line\n"), 5}, 12);
    expect("a block at an odd address", call(SYS_WRITE, (uint32_t)block + 1), 0);
    files(in, out);
    if (is_selkirk) {
        bounds(in, out);
        ours(in, out);
    }
    input(in, is_selkirk);
    breakpoints();
    return n_wrong;
}
