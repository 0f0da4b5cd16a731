/* SPDX-License-Identifier: MIT
 * The framed link between a board and a workstation, over a line that loses, changes and invents
 * bytes. Both ends run this file. Loader, console, log and report share it.
 *
 *   wire:  0x7e, body, 0x7e     one 0x7e may end a frame and begin the next; between frames may
 *                               stand anything that is no frame, plain text for instance
 *   body:  type, sequence, acknowledge (1 byte each), length (2), length bytes, CRC (4)
 *          little-endian; in it 0x7e and 0x7d are sent as 0x7d and the byte ^ 0x20, as in RFC 1662
 *          (PPP in HDLC-like framing); CRC-32 of Ethernet over all that stands before it
 *
 * What has the wrong length or CRC is dropped, and the next 0x7e begins anew. A frame of a type
 * from LINK_FIRST_SEQUENCED on is numbered, kept by its sender until `acknowledge` of a frame that
 * comes back is past it, and given to the receiver's owner once, in order (go back N). The receiver
 * keeps nothing: what is out of order is asked for again (AGAIN), and what nobody answers is sent
 * again by the clock, at intervals that double. A session begins with HELLO from the workstation,
 * as often as it likes; the board answers HERE. Frames that the board had not got rid of come again
 * in the new session.
 *
 *   struct link l;
 *   link_init(&l, send_byte, ctx, 300000);          // units of time are the owner's
 *   struct link_frame f;
 *   while ((byte = next()) >= 0)
 *       if (link_take(&l, byte, &f)) ... f.type, f.bytes, f.n_bytes: until the next call
 *   if (link_can_send(&l)) link_send(&l, LINK_OUTPUT, "hello", 5, now);
 *   link_poll(&l, now);                              // now and then
 *
 * Freestanding, no allocation; no state outside struct link.
 */
#ifndef SELKIRK_DEV_LINK_H
#define SELKIRK_DEV_LINK_H

#include <stdbool.h>
#include <stdint.h>

/* LINK_TYPE(NAME, number, from, payload) */
#define LINK_TYPES(K)                                                                              \
    K(ACK, 0, "both", "none: it only acknowledges")                                                \
    K(AGAIN, 1, "both", "none: send again from `acknowledge` on")                                  \
    K(HELLO, 2, "workstation", "LINK_VERSION (1 byte), number of the session (4)")                 \
    K(HERE, 3, "board", "the same, then struct link_facts, 4 bytes a member")                      \
    K(LOAD, 16, "workstation", "a load list comes: its bytes (4), its CRC (4)")                    \
    K(DATA, 17, "workstation", "bytes of it, in order")                                            \
    K(START, 18, "workstation", "verify and start (1 byte: enum link_start)")                      \
    K(HAVE, 19, "board", "answer to LOAD and START: bytes of this list that are there (4)")        \
    K(INPUT, 20, "workstation", "console input")                                                   \
    K(INPUT_END, 21, "workstation", "none: no input will come any more")                           \
    K(TAKEN, 22, "board", "bytes of input that the guest has taken since the start (4)")           \
    K(OUTPUT, 23, "board", "console output")                                                       \
    K(LOG, 24, "board", "text for the developer")                                                  \
    K(REPORT, 25, "board", "struct cms_stats, the next bytes")                                     \
    K(END, 26, "board", "exit status (4), as CSR SYS_EXIT has it; the link ends")                  \
    K(STOP, 27, "workstation", "none: the guest is to stop; REPORT and END come")
enum link_type {
#define K(NAME, number, from, payload) LINK_##NAME = number,
    LINK_TYPES(K)
#undef K
        LINK_FIRST_SEQUENCED = LINK_LOAD,
};

enum {
    LINK_VERSION = 1,
    LINK_PAYLOAD_BYTES = 512,
    LINK_WINDOW = 8, /* frames under way */
    LINK_FLAG = 0x7e,
    LINK_ESCAPE = 0x7d,
    LINK_ESCAPED = 0x20,
    LINK_HEADER_BYTES = 5,
    LINK_CRC_BYTES = 4,
    LINK_SLOWEST = 4, /* the interval doubles so often */
};

/* What the board says of itself. */
struct link_facts {
    uint32_t time_step; /* CSR TIME_STEP */
    uint32_t ram_bytes; /* of the guest */
    uint32_t room;      /* for a load list; 0: a guest runs */
    uint32_t tested;    /* bytes of memory that were tested; 0: none */
    uint32_t bad_at;    /* native address of the first bad word; 0: none */
};

/* Payload of START: what the line is from then on. */
enum link_start { LINK_STAYS, LINK_ENDS };

struct link_frame {
    uint8_t type; /* enum link_type; HERE, or a sequenced one */
    uint32_t n_bytes;
    const uint8_t *bytes;
};

typedef void link_put(void *ctx, uint8_t byte);

struct link_slot {
    uint8_t type;
    uint16_t n_bytes;
    uint8_t bytes[LINK_PAYLOAD_BYTES];
};

struct link {
    link_put *put;
    void *ctx;
    const struct link_facts *facts; /* NULL: this is the workstation's end */
    bool is_open;
    uint32_t session;
    /* receiver */
    uint8_t rx[LINK_HEADER_BYTES + LINK_PAYLOAD_BYTES + LINK_CRC_BYTES];
    uint32_t n_rx;   /* above sizeof rx: too long */
    bool is_escaped; /* the last byte was LINK_ESCAPE */
    bool has_asked;  /* AGAIN is under way */
    uint8_t rx_next; /* sequence number of the next frame */
    /* sender: the slots from `first` on, a ring; the first one's sequence number is tx_base */
    struct link_slot slots[LINK_WINDOW];
    uint32_t first, n_kept;
    uint32_t n_sent; /* of n_kept, since the last time it went back */
    uint8_t tx_base;
    bool has_gone_back; /* since the last frame that was acknowledged */
    uint32_t interval, since;
    bool is_answered; /* since the last link_poll */
    uint32_t n_late;  /* intervals in succession without an answer */
    /* for people */
    uint32_t n_good, n_damaged, n_again;
};

/* interval: to the first repetition, in units of the owner's clock. */
void link_init(struct link *l, link_put *put, void *ctx, uint32_t interval);
/* The workstation's end: forgets what it had sent, and says HELLO until the board is HERE. */
void link_connect(struct link *l, uint32_t session, uint32_t now);
/* The board's: answers with the facts, which stay where they are. */
void link_listen(struct link *l, const struct link_facts *facts);
/* One byte of the line. True: *frame is there. */
bool link_take(struct link *l, uint8_t byte, struct link_frame *frame);
bool link_can_send(const struct link *l);
/* Requires: link_can_send, n_bytes <= LINK_PAYLOAD_BYTES. */
void link_send(struct link *l, enum link_type type, const void *bytes, uint32_t n_bytes,
               uint32_t now);
/* Repeats what was not answered in time. */
void link_poll(struct link *l, uint32_t now);
/* To when link_poll has something to do; UINT32_MAX: never, as it is. */
uint32_t link_time_left(const struct link *l, uint32_t now);
/* All that was sent has been acknowledged. */
bool link_is_idle(const struct link *l);

/* Numbers in payloads. */
uint32_t link_get32(const uint8_t *p);
void link_put32(uint8_t *p, uint32_t value);

#endif
