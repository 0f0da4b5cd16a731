/* SPDX-License-Identifier: MIT
 * printf, snprintf, strtol and sscanf in many forms. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "selkirk_guest.h"

static unsigned fold(unsigned sum, const char *s) {
    while (*s)
        sum = sum * 33 + (unsigned char)*s++;
    return sum;
}

static unsigned format_many(int count) {
    char line[100];
    unsigned sum = 0;
    for (int i = 0; i < count; i++) {
        snprintf(line, sizeof line, "%5d|%-6x|%06o|%+d|%c|%s", i * 7919, i * 12345, i, -i,
                 'a' + i % 26, i % 3 == 0 ? "fizz" : "-");
        sum = fold(sum, line);
    }
    return sum;
}

static void print_limits(void) {
    printf("%d %d %u\n", INT_MIN, INT_MAX, UINT_MAX);
    printf("%lld %llu %llx\n", LLONG_MIN, ULLONG_MAX, 0x123456789abcdefULL);
    printf("[%10d] [%-10d] [%010d] [%+d] [% d]\n", 42, 42, 42, 42, 42);
    printf("[%8.3s] [%-8s] [%.0s] [%c]\n", "abcdef", "left", "none", 'z');
    printf("%#x %#o %%\n", 255, 8);
}

static void print_table(void) {
    printf("  n    square      cube  binary\n");
    for (int n = 1; n <= 6; n++) {
        char bits[8];
        int at = 7;
        bits[at] = 0;
        for (int rest = n * 5; rest != 0; rest /= 2)
            bits[--at] = (char)('0' + rest % 2);
        printf("%3d%10d%10d  %s\n", n * 11, n * n * 121, n * n * n * 1331, bits + at);
    }
}

int main(void) {
    unsigned sum = 0;
    for (int pass = 0; pass < 10; pass++) {
        if (pass == 5)
            roi_begin();
        sum = sum * 3 + format_many(7);
    }
    roi_end();
    print_table();
    print_limits();
    int a = 0, b = 0;
    char word[16] = "";
    const int n = sscanf("  -77 0x1f apple", "%d %i %15s", &a, &b, word);
    printf("sscanf %d: %d %d %s\n", n, a, b, word);
    printf("strtol %ld %ld %ld\n", strtol("123abc", NULL, 10), strtol("-ff", NULL, 16),
           strtol("777", NULL, 8));
    printf("sum %08x\n", sum);
    return 0;
}
