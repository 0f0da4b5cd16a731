/* SPDX-License-Identifier: MIT
 * The four functions that a freestanding C compiler calls on its own account. Word by word when
 * both pointers are aligned alike; unrolled by four, because a bundle's loads and stores overlap.
 * Compiled with -fno-tree-loop-distribute-patterns, so that they do not call themselves.
 */
#include "firmware/libc.h"

#include <stdint.h>

static int is_alike(const void *a, const void *b) {
    return (((uintptr_t)a ^ (uintptr_t)b) & 3u) == 0;
}

/* May alias any object: copies words of whatever lies there. */
typedef uint32_t __attribute__((may_alias)) word;

void *memcpy(void *restrict to, const void *restrict from, size_t n) {
    unsigned char *t = to;
    const unsigned char *f = from;
    if (is_alike(to, from)) {
        for (; n && ((uintptr_t)t & 3u); n--)
            *t++ = *f++;
        for (; n >= 16; n -= 16, t += 16, f += 16) {
            word a = ((const word *)f)[0], b = ((const word *)f)[1];
            word c = ((const word *)f)[2], d = ((const word *)f)[3];
            ((word *)t)[0] = a;
            ((word *)t)[1] = b;
            ((word *)t)[2] = c;
            ((word *)t)[3] = d;
        }
        for (; n >= 4; n -= 4, t += 4, f += 4)
            *(word *)t = *(const word *)f;
    }
    for (; n; n--)
        *t++ = *f++;
    return to;
}

void *memmove(void *to, const void *from, size_t n) {
    unsigned char *t = to;
    const unsigned char *f = from;
    if ((uintptr_t)to - (uintptr_t)from >= n)
        return memcpy(to, from, n);
    while (n--)
        t[n] = f[n];
    return to;
}

void *memset(void *to, int byte, size_t n) {
    unsigned char *t = to;
    word pattern = (unsigned char)byte * 0x01010101u;
    for (; n && ((uintptr_t)t & 3u); n--)
        *t++ = (unsigned char)byte;
    for (; n >= 16; n -= 16, t += 16) {
        ((word *)t)[0] = pattern;
        ((word *)t)[1] = pattern;
        ((word *)t)[2] = pattern;
        ((word *)t)[3] = pattern;
    }
    for (; n; n--)
        *t++ = (unsigned char)byte;
    return to;
}

int memcmp(const void *a, const void *b, size_t n) {
    const unsigned char *x = a, *y = b;
    for (; n; n--, x++, y++) {
        if (*x != *y)
            return *x - *y;
    }
    return 0;
}
