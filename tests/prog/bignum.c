/* SPDX-License-Identifier: MIT
 * Big numbers: a factorial, a Fibonacci number, a power of two and a long division, printed in
 * decimal. */
#include <stdio.h>
#include <string.h>
#include "selkirk_guest.h"

enum { LIMBS = 40 };
static const uint32_t limb_base = 10000; /* four decimal digits, least significant limb first */
struct big {
    uint32_t limb[LIMBS];
    int n;
};

static void set(struct big *x, uint32_t value) {
    memset(x, 0, sizeof *x);
    for (; value != 0; value /= limb_base)
        x->limb[x->n++] = value % limb_base;
}

static void multiply_small(struct big *x, uint32_t factor) {
    uint32_t carry = 0;
    for (int i = 0; i < x->n || carry != 0; i++) {
        carry += x->limb[i] * factor;
        x->limb[i] = carry % limb_base;
        carry /= limb_base;
        if (i >= x->n)
            x->n = i + 1;
    }
}

static void add(struct big *x, const struct big *y) {
    uint32_t carry = 0;
    for (int i = 0; i < y->n || i < x->n || carry != 0; i++) {
        carry += x->limb[i] + y->limb[i];
        x->limb[i] = carry >= limb_base ? carry - limb_base : carry;
        carry = carry >= limb_base;
        if (i >= x->n)
            x->n = i + 1;
    }
}

static uint32_t divide_small(struct big *x, uint32_t divisor) {
    uint32_t rest = 0;
    for (int i = x->n - 1; i >= 0; i--) {
        rest = rest * limb_base + x->limb[i];
        x->limb[i] = rest / divisor;
        rest %= divisor;
    }
    while (x->n > 0 && x->limb[x->n - 1] == 0)
        x->n--;
    return rest;
}

static void print(const char *name, const struct big *x) {
    printf("%s = %lu", name, (unsigned long)(x->n > 0 ? x->limb[x->n - 1] : 0));
    for (int i = x->n - 2; i >= 0; i--)
        printf("%04lu", (unsigned long)x->limb[i]);
    putchar('\n');
}

static void factorial(struct big *x, uint32_t n) {
    set(x, 1);
    for (uint32_t i = 2; i <= n; i++)
        multiply_small(x, i);
}

static void fibonacci(struct big *x, int n) {
    struct big last, sum;
    set(&last, 0);
    set(x, 1);
    for (int i = 1; i < n; i++) {
        sum = *x;
        add(&sum, &last);
        last = *x;
        *x = sum;
    }
}

static struct big f, fib, quotient;

/* Returns the rests of the divisions. */
static uint32_t work(void) {
    uint32_t rest = 0;
    factorial(&f, 30);
    fibonacci(&fib, 120);
    quotient = f;
    for (uint32_t prime = 47; prime < 60; prime += 6)
        rest = rest * 100 + divide_small(&quotient, prime);
    return rest;
}

int main(void) {
    uint32_t rest = 0;
    for (int pass = 0; pass < 4; pass++)
        work();
    roi_begin();
    for (int pass = 0; pass < 6; pass++)
        rest = work();
    roi_end();
    print("30!", &f);
    print("fibonacci(120)", &fib);
    print("30! / 47 / 53 / 59", &quotient);
    printf("rests %lu\n", (unsigned long)rest);
    return 3;
}
