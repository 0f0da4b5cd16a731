/* SPDX-License-Identifier: MIT
 * What everybody who writes or loads a native image agrees on: `aot` writes them, the workstation's
 * tools load them (sim/image.c), a board's boot code will. No library is needed.
 *
 * It is an ELF32 file. Segments of type NATIVE_IMAGE_PT_PACKED are packed
 * (translator/aot/packed.h): p_filesz bytes of the file become p_memsz, a multiple of 4. The code
 * is one at CODE's base; data in FWRAM are packed or, where that is not smaller, PT_LOAD. A stored
 * image, which a board keeps, is the part of it up to the end of the last segment: the same without
 * sections, so without symbols.
 *
 *   uint32_t crc = native_image_crc(bytes, n);   // equals the word at NATIVE_IMAGE_CRC_AT, or:
 *                                                // damaged, nothing of it may run
 *
 * CRC-32 (polynomial 0x04c11db7 reflected, as in Ethernet and zlib) over the whole file, with the
 * four bytes that hold it, little-endian, taken as 0. They are padding of ELF's e_ident.
 */
#ifndef SELKIRK_AOT_NATIVE_IMAGE_H
#define SELKIRK_AOT_NATIVE_IMAGE_H

#include <stddef.h>
#include <stdint.h>

enum {
    NATIVE_IMAGE_MACHINE = 0x5e1c,
    NATIVE_IMAGE_CRC_AT = 12,
    NATIVE_IMAGE_CRC_BYTES = 4,
    NATIVE_IMAGE_PT_PACKED = 0x7000000f,  /* of a segment */
    NATIVE_IMAGE_SHT_PACKED = 0x7000000f, /* of its section */
};

/* Goes on from what the bytes before gave; 0 is for none. Half a byte at a time: a small table. */
static inline uint32_t native_image_crc_add(uint32_t crc, const void *bytes, size_t n) {
    static const uint32_t table[16] = {0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac,
                                       0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
                                       0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
                                       0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c};
    crc = ~crc;
    for (const uint8_t *p = bytes, *end = p + n; p != end; p++) {
        crc = table[(crc ^ *p) & 15] ^ crc >> 4;
        crc = table[(crc ^ *p >> 4) & 15] ^ crc >> 4;
    }
    return ~crc;
}

/* Requires: n is at least 16. */
static inline uint32_t native_image_crc(const uint8_t *bytes, size_t n) {
    static const uint8_t none[NATIVE_IMAGE_CRC_BYTES];
    const size_t past = NATIVE_IMAGE_CRC_AT + NATIVE_IMAGE_CRC_BYTES;
    uint32_t crc = native_image_crc_add(0, bytes, NATIVE_IMAGE_CRC_AT);
    crc = native_image_crc_add(crc, none, sizeof none);
    return native_image_crc_add(crc, bytes + past, n - past);
}

/* Puts it into the header of a file of which all bytes are known. */
static inline void native_image_set_crc(uint8_t *header, uint32_t crc) {
    for (unsigned i = 0; i < NATIVE_IMAGE_CRC_BYTES; i++)
        header[NATIVE_IMAGE_CRC_AT + i] = (uint8_t)(crc >> 8 * i);
}

#endif
