/* SPDX-License-Identifier: MIT
 * Checksums of one buffer: CRC-32 bit by bit, with a 16-entry and with a 256-entry table, Adler-32,
 * FNV-1a. */
#include <stdio.h>
#include "selkirk_guest.h"

enum { BYTES = 2000 };
static uint8_t buffer[BYTES];
static uint32_t table256[256], table16[16];
static const uint32_t polynomial = 0xedb88320;

static uint32_t shift_bits(uint32_t crc, int bits) {
    for (int bit = 0; bit < bits; bit++)
        crc = crc >> 1 ^ (polynomial & (0u - (crc & 1)));
    return crc;
}

static uint32_t crc_bitwise(const uint8_t *p, int n) {
    uint32_t crc = ~0u;
    for (int i = 0; i < n; i++)
        crc = shift_bits(crc ^ p[i], 8);
    return ~crc;
}

static uint32_t crc_nibbles(const uint8_t *p, int n) {
    uint32_t crc = ~0u;
    for (int i = 0; i < n; i++) {
        crc = table16[(crc ^ p[i]) & 15] ^ crc >> 4;
        crc = table16[(crc ^ (uint32_t)p[i] >> 4) & 15] ^ crc >> 4;
    }
    return ~crc;
}

static uint32_t crc_bytes(const uint8_t *p, int n) {
    uint32_t crc = ~0u;
    for (int i = 0; i < n; i++)
        crc = table256[(crc ^ p[i]) & 255] ^ crc >> 8;
    return ~crc;
}

static uint32_t adler(const uint8_t *p, int n) {
    uint32_t a = 1, b = 0;
    for (int i = 0; i < n; i++) {
        a += p[i];
        a = a >= 65521 ? a - 65521 : a;
        b += a;
        b = b >= 65521 ? b - 65521 : b;
    }
    return b << 16 | a;
}

static uint32_t fnv(const uint8_t *p, int n) {
    uint32_t hash = 2166136261u;
    for (int i = 0; i < n; i++) { /* times 16777619 */
        hash ^= p[i];
        hash += (hash << 1) + (hash << 4) + (hash << 7) + (hash << 8) + (hash << 24);
    }
    return hash;
}

static int check_all(int n, uint32_t result[3]) {
    const uint32_t crc = crc_bitwise(buffer, n);
    result[0] = crc;
    result[1] = adler(buffer, n);
    result[2] = fnv(buffer, n);
    return crc == crc_nibbles(buffer, n) && crc == crc_bytes(buffer, n);
}

int main(void) {
    uint32_t state = 7, result[3];
    for (uint32_t i = 0; i < 256; i++)
        table256[i] = shift_bits(i, 8);
    for (uint32_t i = 0; i < 16; i++)
        table16[i] = shift_bits(i, 4);
    for (int i = 0; i < BYTES; i++)
        buffer[i] = (uint8_t)(next_random(&state) >> 11);
    int is_right = check_all(300, result);
    roi_begin();
    is_right &= check_all(BYTES, result);
    roi_end();
    printf("check  %08lx\n", (unsigned long)crc_bytes((const uint8_t *)"123456789", 9));
    printf("crc    %08lx\nadler  %08lx\nfnv    %08lx\n", (unsigned long)result[0],
           (unsigned long)result[1], (unsigned long)result[2]);
    puts(is_right ? "all ways agree" : "ways differ");
    return is_right ? 0 : 1;
}
