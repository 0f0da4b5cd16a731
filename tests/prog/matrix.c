/* SPDX-License-Identifier: MIT
 * Integer matrices: product, transpose, power, and determinant by fraction-free elimination. */
#include <stdio.h>
#include <string.h>
#include "selkirk_guest.h"

enum { N = 8 };
typedef int32_t matrix[N][N];
static matrix a, b, product, power;

static void multiply(matrix result, matrix x, matrix y) {
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            int32_t sum = 0;
            for (int k = 0; k < N; k++)
                sum += x[i][k] * y[k][j];
            result[i][j] = sum;
        }
}

static void transpose(matrix m) {
    for (int i = 0; i < N; i++)
        for (int j = 0; j < i; j++) {
            const int32_t t = m[i][j];
            m[i][j] = m[j][i];
            m[j][i] = t;
        }
}

/* Bareiss: every division is exact. */
static int32_t determinant(int n, int32_t m[6][6]) {
    int32_t last = 1;
    for (int k = 0; k < n - 1; k++) {
        if (m[k][k] == 0)
            return 0;
        for (int i = k + 1; i < n; i++)
            for (int j = k + 1; j < n; j++)
                m[i][j] = (m[i][j] * m[k][k] - m[i][k] * m[k][j]) / last;
        last = m[k][k];
    }
    return m[n - 1][n - 1];
}

static int32_t trace(matrix m) {
    int32_t sum = 0;
    for (int i = 0; i < N; i++)
        sum += m[i][i];
    return sum;
}

static void work(void) {
    multiply(product, a, b);
    transpose(product);
    multiply(power, product, a);
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            power[i][j] &= 0x3ff;
    memcpy(a, power, sizeof a);
}

int main(void) {
    uint32_t state = 2024;
    int32_t small[6][6];
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            a[i][j] = (int32_t)(next_random(&state) % 64);
            b[i][j] = (int32_t)(next_random(&state) % 64);
        }
    for (int round = 0; round < 14; round++) {
        if (round == 5)
            roi_begin();
        work();
    }
    roi_end();
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++)
            small[i][j] = (int32_t)(next_random(&state) % 9) - 4;
    printf("trace of product %ld, of power %ld\n", (long)trace(product), (long)trace(power));
    for (int i = 0; i < 4; i++)
        printf("%8ld%8ld%8ld%8ld\n", (long)product[i][0], (long)product[i][1], (long)product[i][2],
               (long)product[i][3]);
    printf("determinant %ld\n", (long)determinant(6, small));
    return 0;
}
