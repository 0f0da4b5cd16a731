/* SPDX-License-Identifier: MIT
 * Memory: bytes and halves with both extensions, aliasing stores and loads, structure copies,
 * bit-fields, volatile, block functions with every alignment, a linked list, a string builder. */
#include "tests/aot/port.h"
#include "firmware/libc.h"

#define NOINLINE __attribute__((noinline, noipa))

struct record {
    uint8_t tag;
    int8_t delta;
    uint16_t length;
    int16_t offset;
    uint32_t word;
    char name[11];
    struct record *next;
};

static struct record pool[8];
static uint8_t area[256];
static volatile uint32_t device;

NOINLINE static uint32_t sum_bytes(const void *p, size_t n) {
    const uint8_t *b = p;
    uint32_t sum = 0;
    while (n--)
        sum = (sum << 5 | sum >> 27) ^ *b++;
    return sum;
}

NOINLINE static int extend(const void *p) {
    const int8_t *sb = p;
    const uint8_t *ub = p;
    const int16_t *sh = p;
    const uint16_t *uh = p;
    return sb[1] * 3 + ub[2] * 5 + sh[2] * 7 + uh[3] * 11;
}

/* b may be a: loads must not pass stores that they alias. */
NOINLINE static uint32_t alias(uint32_t *a, uint32_t *b, uint8_t *c) {
    *a = 0x01020304;
    uint32_t x = *b;
    *c = 0xff;
    uint32_t y = *a;
    *(uint16_t *)(void *)b = 0xabcd;
    return x ^ y << 1 ^ *a << 2;
}

NOINLINE static struct record make(unsigned i) {
    struct record r = {.tag = (uint8_t)(200 + 10 * i),
                       .delta = (int8_t)(-100 - 10 * (int)i),
                       .length = (uint16_t)(65000 + 100 * i),
                       .offset = (int16_t)(-32000 + 9000 * (int)i),
                       .word = i * 0x11111111u,
                       .name = "record"};
    r.name[6] = (char)('0' + i);
    return r;
}

static void lists(void) {
    struct record *head = 0;
    for (unsigned i = 0; i < 8; i++) {
        pool[i] = make(i);
        pool[i].next = head;
        head = &pool[i];
    }
    struct record copy = pool[3];
    pool[3] = pool[4];
    pool[3].next = copy.next;
    for (const struct record *r = head; r; r = r->next)
        print("%s %u %d %u %d %x\n", r->name, r->tag, r->delta, r->length, r->offset, r->word);
    print("%s\n", copy.name);
}

static void blocks(void) {
    uint32_t sum = 0;
    for (unsigned to = 0; to < 6; to++) {
        for (unsigned from = 0; from < 6; from++) {
            for (unsigned n = 0; n < 40; n += 3) {
                for (unsigned i = 0; i < sizeof area; i++)
                    area[i] = (uint8_t)(i * 7);
                memcpy(area + 128 + to, area + from, n);
                memmove(area + to, area + from, n);
                memset(area + 200 + to, (int)n, n);
                sum =
                    sum * 31 + sum_bytes(area, sizeof area) + (uint32_t)memcmp(area, area + 128, n);
            }
        }
    }
    print("blocks %x\n", sum);
}

int main(void) {
    static uint32_t words[4] = {0x80ff7f01, 0x8000fffe, 5, 6};
    union {
        uint32_t word;
        uint8_t byte[4];
        struct {
            unsigned low : 5, middle : 11;
            int high : 16;
        } bits;
    } u = {0xdeadbeef};
    print("%d %x %x\n", extend(words), alias(&words[0], &words[0], (uint8_t *)&words[0] + 2),
          alias(&words[1], &words[2], (uint8_t *)&words[3]));
    print("%x %u %u %d\n", u.byte[2], u.bits.low, u.bits.middle, u.bits.high);
    u.bits.middle = 1234;
    u.byte[3] = 0x7f;
    print("%x\n", u.word);
    for (int i = 0; i < 10; i++)
        device = device * 3 + 1;
    print("%u\n", device);
    lists();
    blocks();
    return 0;
}
