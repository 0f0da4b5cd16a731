/* SPDX-License-Identifier: MIT
 * LZ77-style compressor with a hash of recent positions, its decompressor, and the round trip.
 * Format: a flag byte for eight items; an item is a literal byte, or a 12-bit distance and a 4-bit
 * length. */
#include <stdio.h>
#include <string.h>
#include "selkirk_guest.h"

enum { BYTES = 6000, MIN_MATCH = 3, MAX_MATCH = 18, WINDOW = 4096, HASHES = 512 };
static uint8_t input[BYTES], packed[BYTES * 9 / 8 + 16], output[BYTES];
static int16_t last_position[HASHES];

static void make_input(void) {
    static const char *const phrases[] = {"guest ",  "native ",          "bundle ",
                                          "commit ", "the translation ", "a region of ",
                                          "exit, ",  "and then "};
    uint32_t state = 4711;
    int n = 0;
    while (n < BYTES) {
        const char *phrase = phrases[next_random(&state) >> 13 & 7];
        while (*phrase && n < BYTES)
            input[n++] = (uint8_t)*phrase++;
        if ((state & 0x30) == 0 && n < BYTES)
            input[n++] = (uint8_t)('0' + (state >> 20) % 10);
    }
}

static unsigned hash(const uint8_t *p) {
    return ((unsigned)p[0] << 6 ^ (unsigned)p[1] << 3 ^ p[2]) % HASHES;
}

static int match_length(int from, int at, int end) {
    int n = 0;
    while (n < MAX_MATCH && at + n < end && input[from + n] == input[at + n])
        n++;
    return n;
}

static int compress(int end) {
    int out = 0, flag_at = 0, items = 8;
    memset(last_position, 0xff, sizeof last_position);
    for (int at = 0; at < end;) {
        if (items == 8) {
            flag_at = out;
            packed[out++] = 0;
            items = 0;
        }
        int length = 0, from = -1;
        if (at + MIN_MATCH <= end) {
            int16_t *const slot = &last_position[hash(input + at)];
            from = *slot;
            *slot = (int16_t)at;
            if (from >= 0 && at - from < WINDOW)
                length = match_length(from, at, end);
        }
        if (length >= MIN_MATCH) {
            const unsigned item = (unsigned)(at - from) << 4 | (unsigned)(length - MIN_MATCH);
            packed[flag_at] |= (uint8_t)(1u << items);
            packed[out++] = (uint8_t)(item >> 8);
            packed[out++] = (uint8_t)item;
            at += length;
        } else {
            packed[out++] = input[at++];
        }
        items++;
    }
    return out;
}

static int decompress(int packed_bytes) {
    int out = 0;
    for (int at = 0; at < packed_bytes;) {
        const unsigned flags = packed[at++];
        for (int item = 0; item < 8 && at < packed_bytes; item++) {
            if ((flags >> item & 1) == 0) {
                output[out++] = packed[at++];
                continue;
            }
            const unsigned word = (unsigned)packed[at] << 8 | packed[at + 1];
            at += 2;
            for (int n = (int)(word & 15) + MIN_MATCH; n > 0; n--, out++)
                output[out] = output[out - (int)(word >> 4)];
        }
    }
    return out;
}

int main(void) {
    make_input();
    decompress(compress(500));
    roi_begin();
    const int packed_bytes = compress(BYTES);
    const int bytes = decompress(packed_bytes);
    roi_end();
    const int is_same = bytes == BYTES && memcmp(input, output, BYTES) == 0;
    unsigned sum = 0;
    for (int i = 0; i < packed_bytes; i++)
        sum = (sum << 1 | sum >> 31) ^ packed[i];
    printf("%d bytes packed to %d, sum %08x\nround trip: %s\n", BYTES, packed_bytes, sum,
           is_same ? "same" : "DIFFERENT");
    return is_same ? 0 : 1;
}
