/* SPDX-License-Identifier: MIT
 * The framed link (link.h). Rules for its editor:
 *   1. Sequence numbers are bytes and wrap; a difference is taken as a byte. The window is far
 *      smaller than half of them.
 *   2. Whatever comes, each byte takes bounded time and nothing is kept beyond struct link.
 *   3. A frame is acknowledged when it is given to the owner, who has taken it when he calls again.
 *   4. The sender goes back at once for the first AGAIN of a gap, then by the clock alone: of one
 *      gap there may be as many AGAINs as frames were under way.
 */
#include "firmware/dev/link.h"
#include "translator/aot/native_image.h"

enum { SESSION_AT = 1, SESSION_END = 5, FACTS_BYTES = 20 };

uint32_t link_get32(const uint8_t *p) {
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

void link_put32(uint8_t *p, uint32_t value) {
    for (uint32_t i = 0; i < 4; i++)
        p[i] = (uint8_t)(value >> 8 * i);
}

static void put_body(struct link *l, const uint8_t *bytes, uint32_t n) {
    for (const uint8_t *end = bytes + n; bytes != end; bytes++) {
        uint8_t byte = *bytes;
        if (byte == LINK_FLAG || byte == LINK_ESCAPE) {
            l->put(l->ctx, LINK_ESCAPE);
            byte ^= LINK_ESCAPED;
        }
        l->put(l->ctx, byte);
    }
}

static void put_frame(struct link *l, enum link_type type, uint8_t sequence, const uint8_t *bytes,
                      uint32_t n) {
    uint8_t crc[LINK_CRC_BYTES];
    const uint8_t header[LINK_HEADER_BYTES] = {(uint8_t)type, sequence, l->rx_next, (uint8_t)n,
                                               (uint8_t)(n >> 8)};
    link_put32(crc, native_image_crc_add(native_image_crc_add(0, header, sizeof header), bytes, n));
    l->put(l->ctx, LINK_FLAG);
    put_body(l, header, sizeof header);
    put_body(l, bytes, n);
    put_body(l, crc, sizeof crc);
    l->put(l->ctx, LINK_FLAG);
}

static void put_control(struct link *l, enum link_type type) {
    put_frame(l, type, 0, NULL, 0);
}

/* HELLO, or HERE with the facts. */
static void put_greeting(struct link *l) {
    uint8_t bytes[SESSION_END + FACTS_BYTES] = {LINK_VERSION};
    link_put32(bytes + SESSION_AT, l->session);
    if (l->facts == NULL) {
        put_frame(l, LINK_HELLO, 0, bytes, SESSION_END);
        return;
    }
    const uint32_t facts[] = {l->facts->time_step, l->facts->ram_bytes, l->facts->room,
                              l->facts->tested, l->facts->bad_at};
    _Static_assert(sizeof facts == FACTS_BYTES, "facts as sent");
    for (uint32_t i = 0; i < FACTS_BYTES / 4; i++)
        link_put32(bytes + SESSION_END + 4 * i, facts[i]);
    put_frame(l, LINK_HERE, 0, bytes, sizeof bytes);
}

/* What is kept and was not sent since it went back; `most` of it. */
static void put_kept(struct link *l, uint32_t most) {
    for (; l->n_sent < l->n_kept && most != 0; l->n_sent++, most--) {
        const struct link_slot *s = &l->slots[(l->first + l->n_sent) % LINK_WINDOW];
        put_frame(l, s->type, (uint8_t)(l->tx_base + l->n_sent), s->bytes, s->n_bytes);
    }
}

static void begin_session(struct link *l, uint32_t session) {
    l->session = session;
    l->rx_next = l->tx_base = 0;
    l->n_sent = 0;
    l->n_late = 0;
    l->has_asked = l->has_gone_back = false;
}

void link_init(struct link *l, link_put *put, void *ctx, uint32_t interval) {
    *l = (struct link){.put = put, .ctx = ctx, .interval = interval};
}

void link_connect(struct link *l, uint32_t session, uint32_t now) {
    begin_session(l, session);
    l->n_kept = 0;
    l->is_open = false;
    l->since = now;
    put_greeting(l);
}

void link_listen(struct link *l, const struct link_facts *facts) {
    l->facts = facts;
}

/* A session that goes on is only told again that somebody is here. */
static void take_hello(struct link *l, const uint8_t *bytes, uint32_t n) {
    if (l->facts == NULL || n != SESSION_END)
        return;
    uint32_t session = link_get32(bytes + SESSION_AT);
    bool is_new = !l->is_open || session != l->session;
    if (is_new)
        begin_session(l, session);
    l->is_open = true;
    put_greeting(l);
    if (is_new)
        put_kept(l, LINK_WINDOW);
}

static bool take_here(struct link *l, const uint8_t *bytes, uint32_t n, struct link_frame *frame) {
    if (l->facts != NULL || l->is_open || n < SESSION_END ||
        link_get32(bytes + SESSION_AT) != l->session)
        return false;
    l->is_open = true;
    *frame = (struct link_frame){LINK_HERE, n, bytes};
    return true;
}

/* All before `next` has arrived. */
static void take_acknowledge(struct link *l, uint8_t next) {
    uint8_t n = (uint8_t)(next - l->tx_base);
    if (n == 0 || n > l->n_kept)
        return;
    l->tx_base = next;
    l->first = (l->first + n) % LINK_WINDOW;
    l->n_kept -= n;
    l->n_sent = l->n_sent > n ? l->n_sent - n : 0;
    l->n_late = 0;
    l->has_gone_back = false;
    l->is_answered = true; /* link_poll, which knows the time, begins to count anew */
    put_kept(l, LINK_WINDOW);
}

static void go_back(struct link *l) {
    if (l->has_gone_back || l->n_kept == 0)
        return;
    l->has_gone_back = true;
    l->n_again++;
    l->n_sent = 0;
    put_kept(l, LINK_WINDOW);
}

static void ask_again(struct link *l) {
    if (!l->is_open || l->has_asked)
        return;
    l->has_asked = true;
    put_control(l, LINK_AGAIN);
}

static bool take_sequenced(struct link *l, uint8_t sequence) {
    if (sequence == l->rx_next) {
        l->rx_next++;
        l->has_asked = false;
        put_control(l, LINK_ACK);
        return true;
    }
    if ((uint8_t)(l->rx_next - sequence) <= LINK_WINDOW)
        put_control(l, LINK_ACK); /* it has arrived already, and the answer got lost */
    else
        ask_again(l);
    return false;
}

static bool is_whole(const struct link *l) {
    const uint32_t around = LINK_HEADER_BYTES + LINK_CRC_BYTES;
    if (l->is_escaped || l->n_rx < around || l->n_rx > sizeof l->rx ||
        (uint32_t)(l->rx[3] | l->rx[4] << 8) != l->n_rx - around)
        return false;
    uint32_t n = l->n_rx - LINK_CRC_BYTES;
    return native_image_crc_add(0, l->rx, n) == link_get32(l->rx + n);
}

static bool take_frame(struct link *l, struct link_frame *frame) {
    const uint8_t type = l->rx[0], *bytes = l->rx + LINK_HEADER_BYTES;
    uint32_t n = l->n_rx - LINK_HEADER_BYTES - LINK_CRC_BYTES;
    if (type == LINK_HELLO)
        take_hello(l, bytes, n);
    if (type == LINK_HERE)
        return take_here(l, bytes, n, frame);
    if (!l->is_open || type == LINK_HELLO)
        return false;
    take_acknowledge(l, l->rx[2]);
    if (type == LINK_AGAIN && l->rx[2] == l->tx_base)
        go_back(l);
    if (type < LINK_FIRST_SEQUENCED || !take_sequenced(l, l->rx[1]))
        return false;
    *frame = (struct link_frame){type, n, bytes};
    return true;
}

bool link_take(struct link *l, uint8_t byte, struct link_frame *frame) {
    bool is_there = false;
    if (byte != LINK_FLAG) {
        if (byte == LINK_ESCAPE && !l->is_escaped) {
            l->is_escaped = true;
            return false;
        }
        if (l->n_rx < sizeof l->rx)
            l->rx[l->n_rx] = l->is_escaped ? byte ^ LINK_ESCAPED : byte;
        l->n_rx += l->n_rx <= sizeof l->rx;
        l->is_escaped = false;
        return false;
    }
    if (is_whole(l)) {
        l->n_good++;
        is_there = take_frame(l, frame);
    } else if (l->n_rx != 0 || l->is_escaped) {
        l->n_damaged++;
        ask_again(l);
    }
    l->n_rx = 0;
    l->is_escaped = false;
    return is_there;
}

bool link_can_send(const struct link *l) {
    return l->n_kept < LINK_WINDOW;
}

void link_send(struct link *l, enum link_type type, const void *bytes, uint32_t n_bytes,
               uint32_t now) {
    struct link_slot *s = &l->slots[(l->first + l->n_kept) % LINK_WINDOW];
    s->type = (uint8_t)type;
    s->n_bytes = (uint16_t)n_bytes;
    for (uint32_t i = 0; i < n_bytes; i++)
        s->bytes[i] = ((const uint8_t *)bytes)[i];
    if (l->n_kept++ == 0)
        l->since = now;
    if (l->is_open)
        put_kept(l, LINK_WINDOW);
}

uint32_t link_time_left(const struct link *l, uint32_t now) {
    bool waits = l->is_open ? l->n_kept != 0 : l->facts == NULL;
    if (!waits)
        return UINT32_MAX;
    uint32_t interval = l->interval << l->n_late, passed = now - l->since;
    return passed >= interval ? 0 : interval - passed;
}

void link_poll(struct link *l, uint32_t now) {
    if (l->is_answered)
        l->since = now;
    l->is_answered = false;
    if (link_time_left(l, now) != 0)
        return;
    l->since = now;
    if (!l->is_open) {
        put_greeting(l);
        return;
    }
    l->n_late += l->n_late < LINK_SLOWEST;
    l->n_again++;
    l->n_sent = 0;
    put_kept(l, 1);
}

bool link_is_idle(const struct link *l) {
    return l->n_kept == 0;
}
