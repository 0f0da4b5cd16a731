/* SPDX-License-Identifier: MIT
 * Four ways of sorting the same numbers: insertion sort, heap sort, merge sort, and the library's
 * qsort. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "selkirk_guest.h"

enum { COUNT = 110 };
static int input[COUNT], data[COUNT], scratch[COUNT];

static void insertion_sort(int *a, int n) {
    for (int i = 1; i < n; i++) {
        const int value = a[i];
        int j = i;
        for (; j > 0 && a[j - 1] > value; j--)
            a[j] = a[j - 1];
        a[j] = value;
    }
}

static void sift_down(int *a, int root, int n) {
    const int value = a[root];
    for (int child; (child = 2 * root + 1) < n; root = child) {
        if (child + 1 < n && a[child + 1] > a[child])
            child++;
        if (a[child] <= value)
            break;
        a[root] = a[child];
    }
    a[root] = value;
}

static void heap_sort(int *a, int n) {
    for (int i = n / 2 - 1; i >= 0; i--)
        sift_down(a, i, n);
    for (int i = n - 1; i > 0; i--) {
        const int top = a[0];
        a[0] = a[i];
        a[i] = top;
        sift_down(a, 0, i);
    }
}

static void merge_sort(int *a, int n) {
    const int half = n / 2;
    if (n < 2)
        return;
    merge_sort(a, half);
    merge_sort(a + half, n - half);
    memcpy(scratch, a, (size_t)half * sizeof *a);
    for (int left = 0, right = half, to = 0; left < half; to++)
        a[to] = right < n && a[right] < scratch[left] ? a[right++] : scratch[left++];
}

static int compare(const void *a, const void *b) {
    const int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);
}

static void library_sort(int *a, int n) {
    qsort(a, (size_t)n, sizeof *a, compare);
}

static const struct {
    const char *name;
    void (*sort)(int *a, int n);
} methods[] = {{"insertion", insertion_sort},
               {"heap", heap_sort},
               {"merge", merge_sort},
               {"qsort", library_sort}};
enum { METHODS = sizeof methods / sizeof methods[0] };

static unsigned run(int method) {
    unsigned sum = 0;
    memcpy(data, input, sizeof data);
    methods[method].sort(data, COUNT);
    for (int i = 0; i < COUNT; i++)
        sum = sum * 17 + (unsigned)data[i];
    for (int i = 1; i < COUNT; i++)
        if (data[i - 1] > data[i])
            return 0;
    return sum;
}

static void run_all(unsigned sums[METHODS], int passes) {
    for (int pass = 0; pass < passes; pass++)
        for (int m = 0; m < METHODS; m++)
            sums[m] = sums[m] * 3 + run(m);
}

int main(void) {
    unsigned sums[METHODS] = {0};
    uint32_t state = 12345;
    for (int i = 0; i < COUNT; i++)
        input[i] = (int)(next_random(&state) % 20001) - 10000;
    run_all(sums, 4);
    roi_begin();
    run_all(sums, 4);
    roi_end();
    for (int m = 0; m < METHODS; m++)
        printf("%-10s %08x\n", methods[m].name, sums[m]);
    printf("smallest %d, median %d, largest %d\n", data[0], data[COUNT / 2], data[COUNT - 1]);
    return 0;
}
