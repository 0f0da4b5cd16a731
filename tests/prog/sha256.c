/* SPDX-License-Identifier: MIT
 * SHA-256 (FIPS 180-4) of known messages and of a longer buffer. */
#include <stdio.h>
#include <string.h>
#include "selkirk_guest.h"

static const uint32_t round_constant[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t rotate(uint32_t x, unsigned n) {
    return x >> n | x << (32 - n);
}

static void compress(uint32_t h[8], const uint8_t *block) {
    uint32_t w[64], v[8];
    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
               (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
    for (int i = 16; i < 64; i++) {
        const uint32_t s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3;
        const uint32_t s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10;
        w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
    memcpy(v, h, sizeof v);
    for (int i = 0; i < 64; i++) {
        const uint32_t s1 = rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25);
        const uint32_t choice = (v[4] & v[5]) ^ (~v[4] & v[6]);
        const uint32_t t1 = v[7] + s1 + choice + round_constant[i] + w[i];
        const uint32_t s0 = rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22);
        const uint32_t majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
        memmove(v + 1, v, 7 * sizeof v[0]);
        v[4] += t1;
        v[0] = t1 + s0 + majority;
    }
    for (int i = 0; i < 8; i++)
        h[i] += v[i];
}

static void sha256(const uint8_t *message, uint32_t bytes, uint32_t h[8]) {
    static const uint32_t start[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    uint8_t tail[128] = {0};
    const uint32_t whole = bytes & ~63u, rest = bytes - whole;
    const uint32_t tail_bytes = rest < 56 ? 64 : 128;
    memcpy(h, start, sizeof start);
    for (uint32_t i = 0; i < whole; i += 64)
        compress(h, message + i);
    memcpy(tail, message + whole, rest);
    tail[rest] = 0x80;
    for (int i = 0; i < 4; i++)
        tail[tail_bytes - 1 - (uint32_t)i] = (uint8_t)(bytes * 8 >> (8 * i));
    for (uint32_t i = 0; i < tail_bytes; i += 64)
        compress(h, tail + i);
}

static void show(const char *name, const uint32_t h[8]) {
    printf("%-6s ", name);
    for (int i = 0; i < 8; i++)
        printf("%08lx", (unsigned long)h[i]);
    putchar('\n');
}

int main(void) {
    static uint8_t buffer[240];
    uint32_t h[8], state = 99;
    sha256((const uint8_t *)"", 0, h);
    show("empty", h);
    sha256((const uint8_t *)"abc", 3, h);
    show("abc", h);
    const int is_right = h[0] == 0xba7816bf && h[7] == 0xf20015ad;
    for (unsigned i = 0; i < sizeof buffer; i++)
        buffer[i] = (uint8_t)next_random(&state);
    for (int pass = 0; pass < 4; pass++)
        sha256(buffer, sizeof buffer, h);
    roi_begin();
    for (int pass = 0; pass < 5; pass++)
        sha256(buffer, sizeof buffer, h);
    roi_end();
    show("buffer", h);
    return is_right ? 0 : 1;
}
