/* SPDX-License-Identifier: MIT
 * Calls of every kind: recursion, mutual recursion, tail calls, function pointers in data, in
 * registers and in structures, call-backs, many arguments, comparison of function pointers. */
#include "tests/aot/port.h"

#define NOINLINE __attribute__((noinline, noipa))

NOINLINE static int fib(int n) {
    return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

NOINLINE static unsigned ackermann(unsigned m, unsigned n) {
    return !m ? n + 1 : ackermann(m - 1, n ? ackermann(m, n - 1) : 1);
}

NOINLINE static int is_odd(unsigned n);
NOINLINE static int is_even(unsigned n) {
    return n ? is_odd(n - 1) : 1;
}
static int is_odd(unsigned n) {
    return n ? is_even(n - 1) : 0;
}

static int add(int a, int b) {
    return a + b;
}
static int sub(int a, int b) {
    return a - b;
}
static int mul(int a, int b) {
    return a * b;
}
static int half(int a, int b) {
    return b ? a / b : 0;
}

typedef int (*operation)(int, int);
static const operation const_table[] = {add, sub, mul, half};
static operation table[] = {half, mul, sub, add};
static struct {
    int weight;
    operation op;
} weighted[] = {{3, add}, {5, sub}, {7, mul}};

NOINLINE static int apply(operation op, int a, int b) {
    return op(a, b) + 1;
}

NOINLINE static int apply_tail(operation op, int a, int b) {
    return op(b, a);
}

NOINLINE static int nine(int a, int b, int c, int d, int e, int f, int g, int h, int i) {
    return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h + 9 * i;
}

static int by_value(const void *a, const void *b) {
    int x = *(const int *)a, y = *(const int *)b;
    return x < y ? -1 : x > y;
}

static int by_last_digit(const void *a, const void *b) {
    int x = *(const int *)a % 10, y = *(const int *)b % 10;
    return x - y ? x - y : by_value(a, b);
}

NOINLINE static void sort(int *items, int n, int (*compare)(const void *, const void *)) {
    for (int gap = n / 2; gap; gap /= 2)
        for (int i = gap; i < n; i++)
            for (int j = i - gap; j >= 0 && compare(&items[j], &items[j + gap]) > 0; j -= gap) {
                int t = items[j];
                items[j] = items[j + gap];
                items[j + gap] = t;
            }
}

static void sorts(void) {
    int items[40];
    uint32_t seed = 1;
    for (int i = 0; i < 40; i++) {
        seed = seed * 1664525u + 1013904223u;
        items[i] = (int)(seed >> 20) - 2000;
    }
    sort(items, 40, by_value);
    for (int i = 0; i < 40; i++)
        print("%d ", items[i]);
    sort(items, 40, by_last_digit);
    for (int i = 0; i < 40; i++)
        print("%d%c", items[i], i == 39 ? '\n' : ' ');
}

int main(void) {
    print("fib %d ackermann %u even %d odd %d\n", fib(15), ackermann(2, 6), is_even(100),
          is_odd(51));
    for (int i = 0; i < 4; i++)
        print("%d %d %d\n", const_table[i](100, 7), table[i](100, 7), apply(table[3 - i], i, 9));
    for (int i = 0; i < 3; i++)
        print("%d %d\n", weighted[i].op(weighted[i].weight, i), apply_tail(weighted[i].op, 1, i));
    weighted[0].op = fib(5) == 5 ? sub : mul;
    print("%d %d %d\n", weighted[0].op(1, 2), weighted[0].op == sub, table[0] == const_table[3]);
    print("nine %d\n", nine(1, 2, 3, 4, 5, 6, 7, 8, 9));
    sorts();
    return 0;
}
