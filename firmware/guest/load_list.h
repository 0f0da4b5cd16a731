/* SPDX-License-Identifier: MIT
 * The load list: what the loader (the `selkirk` command; on a board the flash or the framed link)
 * leaves in FLASH for the firmware. It is the only contract between the two: the loader puts files
 * and texts into entries as they are and understands none of them.
 *
 *   entry:  kind, address, length (32 bits each, little-endian), then length bytes, then zeros up
 *           to the next multiple of 4; entries stand one behind the other, LOAD_END (or the end of
 *           the list) closes them.
 *
 *   struct load_list list = {flash, native_csrr(CSR_BOOT_FLASH)};
 *   struct load_entry e;
 *   if (load_find(&list, LOAD_ELF, &e)) ... e.bytes, e.length
 *
 * Everything in the list may be anything: an entry that does not fit into it ends it (load_check
 * says so).
 */
#ifndef SELKIRK_GUEST_LOAD_LIST_H
#define SELKIRK_GUEST_LOAD_LIST_H

#include <stdbool.h>
#include <stdint.h>

/* LOAD_KIND(NAME, number, what the bytes are and what the address means) */
#define LOAD_KINDS(K)                                                                              \
    K(END, 0, "the end of the list")                                                               \
    K(ELF, 1, "a guest ELF file, unparsed; address unused")                                        \
    K(BYTES, 2, "bytes for guest RAM at the guest address, after the ELF file's")                  \
    K(COMMAND_LINE, 3, "the guest's command line, no final zero; address unused")                  \
    K(DATE, 4, "seconds since 1970 when the machine is started, 8 bytes; address unused")          \
    K(NAME, 5, "the ELF file's name for messages and SYS_GET_CMDLINE, no final zero")
enum load_kind {
#define K(NAME, number, text) LOAD_##NAME = number,
    LOAD_KINDS(K)
#undef K
};

enum { LOAD_HEADER_BYTES = 12 };
/* CSR BOOT_FLASH without a list. */
enum {
    LOAD_NONE_BIT = 31,     /* there is none */
    LOAD_TEST_MASK = 0xfff, /* RAM to be tested first, in units */
    LOAD_TEST_UNIT = 0x10000,
    LOAD_ROOM_MASK = 0x7fffffff & ~LOAD_TEST_MASK, /* bytes of FLASH */
};
enum { LOAD_DATE_BY_DEFAULT = 1767225600 }; /* 2026-01-01; also of a list without a date */

struct load_list {
    const uint8_t *bytes; /* a multiple of 4 */
    uint32_t n_bytes;
};

struct load_entry {
    uint32_t kind; /* enum load_kind, or something this firmware does not know */
    uint32_t address;
    uint32_t length;
    const uint8_t *bytes;
};

/* The entry at byte `at` of the list; where the next one begins, or 0: the list ends at `at`. */
uint32_t load_next(const struct load_list *list, uint32_t at, struct load_entry *entry);
/* The first entry of this kind; false: there is none, and *entry is as it was. */
bool load_find(const struct load_list *list, enum load_kind kind, struct load_entry *entry);
/* Does the list end as it should, or in an entry that is cut off? */
bool load_check(const struct load_list *list);

#endif
