/* SPDX-License-Identifier: MIT
 * Control flow: jump tables, sparse switches, computed goto, loops with several exits, an
 * interpreter loop. */
#include "tests/aot/port.h"

#define NOINLINE __attribute__((noinline, noipa))

NOINLINE static int dense(int n) {
    switch (n) {
    case 0:
        return 17;
    case 1:
        return n * 3;
    case 2:
        return -5;
    case 3:
        return n << 7;
    case 4:
        return ~n;
    case 5:
        return n % 3;
    case 6:
        print("six ");
        return 6;
    case 7: /* into the next */
        n += 1000;
    case 8:
        return n + 8;
    case 9:
        return 1 << n;
    default:
        return 99;
    }
}

NOINLINE static int sparse(uint32_t n) {
    switch (n) {
    case 1:
        return 1;
    case 100:
        return 2;
    case 10000:
        return 3;
    case 1000000:
        return 4;
    case 0x80000000u:
        return 5;
    case 0xffffffffu:
        return 6;
    default:
        return 0;
    }
}

/* A byte-code machine with computed goto: code addresses in a table in rodata. */
NOINLINE static int machine(const uint8_t *code, int acc) {
    static const void *const step[] = {&&stop, &&add, &&sub, &&twice, &&loop, &&swap};
    int other = 1, budget = 200;
next:
    goto *step[*code++];
add:
    acc += *code++;
    goto next;
sub:
    acc -= *code++;
    goto next;
twice:
    acc *= 2;
    goto next;
swap:
    acc ^= other;
    other ^= acc;
    acc ^= other;
    goto next;
loop:
    if (--budget > 0 && acc < 5000)
        code -= *code;
    else
        code++;
    goto next;
stop:
    return acc + other;
}

/* Addresses of labels made in registers. */
NOINLINE static int labels(int n) {
    const void *where = n & 1 ? &&odd : &&even;
    if (n > 10)
        where = &&large;
    goto *where;
odd:
    return n * 3 + 1;
even:
    return n / 2;
large:
    return -n;
}

NOINLINE static int scan(const char *s, char wanted) {
    for (int i = 0;; i++) {
        if (!s[i])
            return -1;
        if (s[i] == wanted)
            return i;
        if (s[i] == '!' && i > 3)
            break;
    }
    return -2;
}

int main(void) {
    static const uint8_t code[] = {1, 7, 3, 5, 2, 3, 4, 7, 0};
    for (int i = -1; i < 12; i++)
        print("%d ", dense(i));
    print("\n%d %d %d %d %d %d %d\n", sparse(1), sparse(100), sparse(10000), sparse(1000000),
          sparse(0x80000000u), sparse(0xffffffffu), sparse(7));
    for (int i = 0; i < 4; i++)
        print("%d ", machine(code, i * 11));
    for (int i = 5; i < 15; i++)
        print("%d ", labels(i));
    print("\n%d %d %d\n", scan("hello", 'l'), scan("hello", 'z'), scan("a!bcd!ef", 'f'));
    return 0;
}
