/* SPDX-License-Identifier: MIT
 * Guests whose data do not fit a D$, for tests/bench/memory.py: SORT 64 K words (quicksort), LZ with
 * a window of 256 KiB, PROBE random words of 2 MiB. Each once small, so that its code is translated,
 * and then as the region of interest.
 */
#include "tests/prog/selkirk_guest.h"

#if defined SORT
enum { WORDS = 1 << 16, WARM = 1 << 11 };
static uint32_t data[WORDS];

static void sort(uint32_t *first, uint32_t *last) {
    while (first < last) {
        uint32_t pivot = first[(last - first) / 2], *low = first, *high = last;
        while (low <= high) {
            while (*low < pivot)
                low++;
            while (*high > pivot)
                high--;
            if (low <= high) {
                uint32_t word = *low;
                *low++ = *high;
                *high-- = word;
            }
        }
        if (high - first < last - low) {
            sort(first, high);
            first = low;
        } else {
            sort(low, last);
            last = high;
        }
    }
}

static uint32_t work(uint32_t n) {
    uint32_t state = 12345;
    for (uint32_t i = 0; i < n; i++)
        data[i] = next_random(&state);
    sort(data, data + n - 1);
    for (uint32_t i = 1; i < n; i++)
        if (data[i - 1] > data[i])
            return 0;
    return 1;
}

#elif defined LZ
enum { WORDS = 3 << 18, WARM = 1 << 13, WINDOW = 1 << 18, HASHES = 1 << 13, LONGEST = 64 };
static uint8_t input[WORDS], output[WORDS];
static uint32_t latest[HASHES], item_from[WORDS / 4 + 1], item_length[WORDS / 4 + 1];

/* New bytes and pieces of what has been, from anywhere in the window. */
static void make_input(uint32_t n) {
    uint32_t state = 4711;
    for (uint32_t at = 0; at < n;) {
        uint32_t r = next_random(&state), length = 4 + (r & 31), back = (r >> 8) % WINDOW + 1;
        for (uint32_t i = 0; i < length && at < n; i++, at++)
            input[at] = at < back || (r >> 29) == 0 ? (uint8_t)(next_random(&state) >> 20)
                                                    : input[at - back];
    }
}

static uint32_t work(uint32_t n) {
    uint32_t items = 0, out = 0;
    make_input(n);
    for (uint32_t i = 0; i < HASHES; i++)
        latest[i] = n;
    for (uint32_t at = 0; at + 4 <= n && items < WORDS / 4;) {
        const uint8_t *p = input + at;
        uint32_t hash = (p[0] ^ p[1] << 4 ^ p[2] << 8 ^ p[3] << 5) % HASHES;
        uint32_t from = latest[hash], length = 0;
        latest[hash] = at;
        if (from < at && at - from <= WINDOW)
            while (length < LONGEST && at + length < n && input[from + length] == p[length])
                length++;
        item_from[items] = length < 4 ? p[0] : from;
        item_length[items++] = length < 4 ? 0 : length;
        at += length < 4 ? 1 : length;
    }
    for (uint32_t i = 0; i < items; i++) {
        if (item_length[i] == 0)
            output[out++] = (uint8_t)item_from[i];
        for (uint32_t k = 0; k < item_length[i]; k++)
            output[out++] = input[item_from[i] + k];
    }
    for (uint32_t i = 0; i < out; i++)
        if (output[i] != input[i])
            return 0;
    return 1;
}

#else
enum { WORDS = 1 << 19, WARM = 1 << 13, PROBES = 1 << 17 };
static uint32_t data[WORDS];

/* Each word found has a part in where the next one is looked for; one in four is changed. */
static uint32_t work(uint32_t n) {
    uint32_t state = 99, sum = 0, probes = n < WORDS ? WARM : PROBES;
    for (uint32_t i = 0; i < probes; i++) {
        uint32_t at = (next_random(&state) + sum) & (n - 1);
        sum += data[at] & 7;
        if ((i & 3) == 0)
            data[at] = i;
    }
    return sum != 0;
}
#endif

void machine_exit(int status);
void machine_exit(int status) {
    *(volatile uint32_t *)0x00100000 = status == 0 ? 0x5555 : 0x3333 | (uint32_t)status << 16;
    for (;;)
        ;
}

int main(void) {
    uint32_t is_right = work(WARM) & work(WARM);
    roi_begin();
    is_right &= work(WORDS);
    roi_end();
    return is_right ? 0 : 1;
}
