/* SPDX-License-Identifier: MIT
 * What translation costs: a guest program (rv32em, as the firmware is compiled) that translates its
 * own text, block after block, and counts the instructions that takes with the instret counter.
 * Prints to the 16550: guest instructions, blocks, bundles, operations, instructions per guest
 * instruction. */
#include "translator/xlate_impl.h"

extern const char text_end[];

static struct xl xl;

static void put(char c) {
    *(volatile uint8_t *)0x10000000 = (uint8_t)c;
}

static void put_text(const char *s) {
    while (*s != 0)
        put(*s++);
}

static void put_number(uint32_t n) {
    if (n >= 10)
        put_number(n / 10);
    put((char)('0' + n % 10));
}

static void put_line(const char *what, uint32_t n) {
    put_number(n);
    put_text(what);
}

static uint32_t instret(void) {
    uint32_t n;
    __asm__ volatile(".option push\n.option arch, +zicsr\ncsrr %0, instret\n.option pop"
                     : "=r"(n)
                     :
                     : "memory");
    return n;
}

int main(void) {
    struct guest_mem mem = {(uint8_t *)0x80000000, 0x80000000, 0x400000};
    struct xl_request rq = {
        .guest_pc = 0x80000000, .mem = &mem, .max_insns = 32, .likely_taken = -1};
    struct xl_result res;
    uint32_t insns = 0, bundles = 0, ops = 0, spent = 0, blocks = 0;
    while (rq.guest_pc < (uint32_t)(uintptr_t)text_end) {
        uint32_t before = instret();
        enum xl_bail why = xl_translate_block(&xl, &rq, &res);
        uint32_t after = instret();
        if (why != XL_OK) {
            rq.guest_pc += 4;
            continue;
        }
        spent += after - before;
        insns += res.n_insns;
        ops += res.n_ops;
        bundles += res.n_bundles - (res.n_exits == 2 ? 2 : res.n_exits);
        blocks++;
        rq.guest_pc += res.ranges->bytes;
    }
    put_line(" guest instructions, ", insns);
    put_line(" blocks, ", blocks);
    put_line(" bundles, ", bundles);
    put_line(" operations; per 100 guest instructions ", ops);
    put_line(" bundles, ", bundles * 100 / insns);
    put_line(" operations; translating one takes ", ops * 100 / insns);
    put_line(" instructions\n", spent / insns);
    *(volatile uint32_t *)0x00100000 = 0x5555;
    return 0;
}
