/* SPDX-License-Identifier: MIT
 * The framed link (firmware/dev/link.h): what one end sends the other takes, nothing else, whatever
 * the line does.
 *
 *   link_test [SEED [TRANSFERS]]
 */
#include "firmware/dev/link.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WIRE_BYTES = 1 << 16, INTERVAL = 3000, TICK = 10 };

static uint32_t seed = 1;
static unsigned long checks;

static uint32_t random32(void) {
    seed ^= seed << 13;
    seed ^= seed >> 17;
    return seed ^= seed << 5;
}

static uint32_t below(uint32_t n) {
    return random32() % n;
}

static void check(bool is_good, const char *what) {
    checks++;
    if (is_good)
        return;
    printf("link: %s (check %lu)\n", what, checks);
    exit(1);
}

/* --- one frame, and what becomes of it when the line changes it */

struct wire {
    uint8_t bytes[WIRE_BYTES];
    uint32_t n;
};

static void put_wire(void *ctx, uint8_t byte) {
    struct wire *w = ctx;
    check(w->n < WIRE_BYTES, "more bytes than can be");
    w->bytes[w->n++] = byte;
}

static const struct link_facts facts = {0x00140005, 0x7e7d7e7d, 1 << 20, 0, 0};

/* Both ends of a new session; what they said is forgotten. */
static void open_pair(struct link *board, struct wire *from_board, struct link *station,
                      struct wire *from_station, uint32_t session) {
    struct link_frame f;
    bool is_here = false;
    from_board->n = from_station->n = 0;
    link_init(board, put_wire, from_board, INTERVAL);
    link_init(station, put_wire, from_station, INTERVAL);
    link_listen(board, &facts);
    link_connect(station, session, 0);
    for (uint32_t i = 0; i < from_station->n; i++)
        check(!link_take(board, from_station->bytes[i], &f), "HELLO is no frame for the owner");
    for (uint32_t i = 0; i < from_board->n; i++)
        is_here |= link_take(station, from_board->bytes[i], &f) && f.type == LINK_HERE;
    check(is_here && board->is_open && station->is_open, "no session");
    from_board->n = from_station->n = 0;
}

/* Special bytes more often than the others. */
static uint32_t make_payload(uint8_t *bytes, uint32_t most) {
    uint32_t n = below(4) == 0 ? below(most + 1) : below(24);
    bool is_special = below(2);
    for (uint32_t i = 0; i < n; i++)
        bytes[i] = (uint8_t)(is_special && below(2) ? LINK_ESCAPE + below(2) : random32());
    return n;
}

/* The bytes of one DATA frame. */
static void make_frame(struct wire *w, const uint8_t *bytes, uint32_t n) {
    static struct link station;
    struct link_frame f;
    static struct wire hello;
    static struct link board;
    open_pair(&board, &hello, &station, w, 7);
    (void)f;
    w->n = 0;
    link_send(&station, LINK_DATA, bytes, n, 0);
}

/* Gives the wire to a board's end that waits for the frame. Result: frames that came out. */
static uint32_t take_wire(const struct wire *w, const uint8_t *bytes, uint32_t n) {
    static struct link board, station;
    static struct wire a, b;
    struct link_frame f;
    uint32_t frames = 0;
    open_pair(&board, &a, &station, &b, 7);
    for (uint32_t i = 0; i < w->n; i++)
        if (link_take(&board, w->bytes[i], &f)) {
            check(f.type == LINK_DATA && f.n_bytes == n && memcmp(f.bytes, bytes, n) == 0,
                  "a wrong frame was taken");
            frames++;
        }
    return frames;
}

/* Bits from `at` on become others; the first and the last of them for certain. */
static void flip(struct wire *w, uint32_t at, uint32_t length) {
    for (uint32_t i = 0; i < length; i++)
        if (i == 0 || i == length - 1 || below(2))
            w->bytes[(at + i) / 8] ^= (uint8_t)(1u << (at + i) % 8);
}

/* A frame that is changed is not taken, and the one behind it is, whatever stands between. */
static void test_errors(uint32_t frames) {
    static struct wire good, bad;
    uint8_t bytes[LINK_PAYLOAD_BYTES];
    for (uint32_t k = 0; k < frames; k++) {
        uint32_t n = make_payload(bytes, 60);
        make_frame(&good, bytes, n);
        check(take_wire(&good, bytes, n) == 1, "a good frame was not taken");
        for (uint32_t at = 0; at < good.n * 8; at++)
            for (uint32_t length = 1; length <= 32; length += length < 3 ? 1 : 1 + below(12)) {
                if (at + length > good.n * 8)
                    break;
                bad = good;
                flip(&bad, at, length);
                uint32_t taken = take_wire(&bad, bytes, n);
                bool is_outside = at + length <= 8; /* the first flag: the one before will do */
                check(taken == 0 || is_outside, "a changed frame was taken");
                memcpy(bad.bytes + bad.n, good.bytes, good.n);
                bad.n += good.n;
                check(take_wire(&bad, bytes, n) == 1, "the frame behind a changed one got lost");
            }
    }
}

/* Text and noise between frames. */
static void test_noise(void) {
    static struct wire good, noisy;
    static const char text[] = "selkirk: memory test: 4096 KiB: good\r\n";
    uint8_t bytes[LINK_PAYLOAD_BYTES];
    for (uint32_t k = 0; k < 2000; k++) {
        uint32_t n = make_payload(bytes, LINK_PAYLOAD_BYTES), noise = below(2 * sizeof bytes);
        make_frame(&good, bytes, n);
        noisy.n = 0;
        for (const char *p = text; *p != 0; p++)
            put_wire(&noisy, (uint8_t)*p);
        for (uint32_t i = 0; i < noise; i++)
            put_wire(&noisy, (uint8_t)(below(8) == 0 ? LINK_ESCAPE + below(2) : random32()));
        memcpy(noisy.bytes + noisy.n, good.bytes, good.n);
        noisy.n += good.n;
        check(take_wire(&noisy, bytes, n) == 1, "a frame behind noise got lost");
    }
}

/* --- two ends and a line between them */

enum { LINE_BYTES = 1 << 15 };

struct lossy {
    uint8_t bytes[LINE_BYTES];
    uint32_t first, n;
    uint32_t one_in; /* a byte suffers; 0: none does */
    bool is_cut;
};

static void put_line(struct lossy *l, uint8_t byte) {
    if (l->n == LINE_BYTES)
        return;
    l->bytes[(l->first + l->n++) % LINE_BYTES] = byte;
}

static void put_lossy(void *ctx, uint8_t byte) {
    struct lossy *l = ctx;
    if (l->is_cut)
        return;
    if (l->one_in == 0 || below(l->one_in) != 0) {
        put_line(l, byte);
        return;
    }
    switch (below(4)) {
    case 0: /* lost */
        break;
    case 1: /* twice */
        put_line(l, byte);
        put_line(l, byte);
        break;
    case 2: /* one bit */
        put_line(l, byte ^ (uint8_t)(1u << below(8)));
        break;
    default: /* something comes from nowhere */
        put_line(l, (uint8_t)random32());
        put_line(l, byte);
    }
}

/* One end: sends its text in frames of any size, compares what comes with the other's. */
struct end {
    struct link link;
    struct lossy out;
    const uint8_t *text, *wanted;
    uint32_t n_text, n_wanted, sent, taken;
    enum link_type type;
};

static void step(struct end *e, struct lossy *in, uint32_t now) {
    struct link_frame f;
    for (uint32_t room = below(300); room != 0 && in->n != 0; room--, in->n--) {
        if (!link_take(&e->link, in->bytes[in->first++ % LINE_BYTES], &f) || f.type == LINK_HERE)
            continue;
        check(f.n_bytes <= e->n_wanted - e->taken, "more came than was sent");
        check(memcmp(f.bytes, e->wanted + e->taken, f.n_bytes) == 0, "what came is wrong");
        e->taken += f.n_bytes;
    }
    while (e->sent < e->n_text && link_can_send(&e->link) && below(4) != 0) {
        uint32_t n = 1 + below(LINK_PAYLOAD_BYTES), left = e->n_text - e->sent;
        n = n < left ? n : left;
        link_send(&e->link, e->type, e->text + e->sent, n, now);
        e->sent += n;
    }
    link_poll(&e->link, now);
}

static void begin(struct end *e, enum link_type type, const uint8_t *text, const uint8_t *wanted,
                  uint32_t n) {
    *e = (struct end){.text = text, .wanted = wanted, .n_text = n, .n_wanted = n, .type = type};
    link_init(&e->link, put_lossy, &e->out, INTERVAL);
}

/* 100,000 bytes each way over a line that is cut for a while, several times. */
static void test_transfer(uint32_t one_in) {
    enum { BYTES = 100000, LONGEST = 2000000 };
    static struct end board, station;
    static uint8_t there[BYTES], back[BYTES];
    uint32_t now = 1u << 31, cut = 0, i = 0;
    now += below(UINT32_MAX / 2); /* time wraps in some */
    for (uint32_t n = 0; n < BYTES; n++) {
        there[n] = (uint8_t)random32();
        back[n] = (uint8_t)(random32() % 130);
    }
    begin(&board, LINK_OUTPUT, back, there, BYTES);
    begin(&station, LINK_DATA, there, back, BYTES);
    link_listen(&board.link, &facts);
    link_connect(&station.link, random32(), now);
    for (; i < LONGEST; i++, now += TICK) {
        bool is_over = board.taken == BYTES && station.taken == BYTES;
        if (is_over && link_is_idle(&board.link) && link_is_idle(&station.link))
            break;
        cut = cut != 0 ? cut - 1 : below(1000) == 0 ? below(2000) : 0;
        board.out.is_cut = station.out.is_cut = cut != 0;
        board.out.one_in = station.out.one_in = one_in;
        step(&board, &station.out, now);
        step(&station, &board.out, now);
    }
    check(i < LONGEST, "a transfer does not end");
    if (one_in == 0)
        return;
    check(board.link.n_damaged + station.link.n_damaged != 0, "the line did no harm");
}

/* The workstation's end dies and another begins: what the board had not got rid of comes to it. */
static void test_new_session(void) {
    static struct link board, station;
    static struct wire from_board, from_station;
    struct link_frame f;
    uint32_t n = 0;
    open_pair(&board, &from_board, &station, &from_station, 1);
    for (; link_can_send(&board); n++)
        link_send(&board, LINK_OUTPUT, &(uint8_t){(uint8_t)n}, 1, 0);
    check(n == LINK_WINDOW, "the window");
    for (uint32_t i = 0; i < from_board.n / 2; i++)
        (void)link_take(&station, from_board.bytes[i], &f);
    from_board.n = from_station.n = 0; /* what was acknowledged gets lost */
    link_init(&station, put_wire, &from_station, INTERVAL);
    link_connect(&station, 2, 5);
    link_poll(&station, 5 + INTERVAL); /* once more: it is the same session */
    for (uint32_t i = 0; i < from_station.n; i++)
        (void)link_take(&board, from_station.bytes[i], &f);
    n = 0;
    for (uint32_t i = 0; i < from_board.n; i++)
        if (link_take(&station, from_board.bytes[i], &f) && f.type == LINK_OUTPUT)
            check(f.n_bytes == 1 && f.bytes[0] == n++, "output of the session before");
    check(n == LINK_WINDOW, "output of the session before got lost");
}

int main(int argc, char **argv) {
    static const uint32_t rates[] = {0, 20000, 5000, 1500, 600};
    uint32_t transfers = argc > 2 ? (uint32_t)atoi(argv[2]) : 4;
    if (argc > 1)
        seed = (uint32_t)atoi(argv[1]) * 2654435761u | 1u;
    test_errors(30);
    test_noise();
    test_new_session();
    for (uint32_t i = 0; i < transfers; i++)
        for (uint32_t r = 0; r < sizeof rates / sizeof rates[0]; r++)
            test_transfer(rates[r]);
    printf("link: %lu checks: each changed frame noticed, %u transfers each way over a bad line\n",
           checks, transfers * (uint32_t)(sizeof rates / sizeof rates[0]));
    return 0;
}
