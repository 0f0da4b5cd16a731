/* SPDX-License-Identifier: MIT
 * Eight queens by backtracking, and recursion in its classic forms: Fibonacci, Ackermann, Hanoi. */
#include <stdio.h>
#include "selkirk_guest.h"

static int column_of[8];
static unsigned solutions;

static int is_free(int row, int column) {
    for (int r = 0; r < row; r++) {
        const int distance = column_of[r] - column;
        if (distance == 0 || distance == row - r || distance == r - row)
            return 0;
    }
    return 1;
}

static void place(int row, int rows) {
    if (row == rows) {
        solutions++;
        return;
    }
    for (int column = 0; column < rows; column++) {
        if (!is_free(row, column))
            continue;
        column_of[row] = column;
        place(row + 1, rows);
    }
}

static unsigned fibonacci(unsigned n) {
    return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

static unsigned ackermann(unsigned m, unsigned n) {
    if (m == 0)
        return n + 1;
    return ackermann(m - 1, n == 0 ? 1 : ackermann(m, n - 1));
}

static unsigned hanoi(unsigned discs, unsigned from, unsigned to, unsigned sum) {
    if (discs == 0)
        return sum;
    sum = hanoi(discs - 1, from, 6 - from - to, sum);
    sum = sum * 3 + discs * 16 + from * 4 + to;
    return hanoi(discs - 1, 6 - from - to, to, sum);
}

static unsigned f, a, h;

static void work(void) {
    solutions = 0;
    place(0, 6);
    f += fibonacci(13);
    a += ackermann(2, 14);
    h ^= hanoi(7, 1, 3, h);
}

int main(void) {
    for (int pass = 0; pass < 14; pass++) {
        if (pass == 7)
            roi_begin();
        work();
    }
    roi_end();
    printf("6 queens: %u solutions\nfibonacci %u\nackermann %u\nhanoi %08x\n", solutions, f, a, h);
    return (int)solutions;
}
