/* SPDX-License-Identifier: MIT
 * Sieve of Eratosthenes over bytes, and twin primes. */
#include <stdio.h>
#include <string.h>
#include "selkirk_guest.h"

enum { LIMIT = 5000 };
static unsigned char is_composite[LIMIT];

static unsigned sieve(void) {
    unsigned n_primes = 0;
    memset(is_composite, 0, sizeof is_composite);
    for (unsigned n = 2; n < LIMIT; n++) {
        if (is_composite[n])
            continue;
        n_primes++;
        for (unsigned multiple = 2 * n; multiple < LIMIT; multiple += n)
            is_composite[multiple] = 1;
    }
    return n_primes;
}

int main(void) {
    unsigned n_primes = sieve();
    roi_begin();
    for (int round = 0; round < 2; round++)
        n_primes += sieve();
    roi_end();
    unsigned twins = 0, last = 2;
    for (unsigned n = 3; n < LIMIT; n++) {
        if (is_composite[n])
            continue;
        twins += n - last == 2;
        last = n;
    }
    printf("primes below %d: %u\ntwin primes: %u\nlargest: %u\n", LIMIT, n_primes / 3, twins, last);
    return 0;
}
