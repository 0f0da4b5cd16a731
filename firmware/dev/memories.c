/* SPDX-License-Identifier: MIT
 * What answers loads and ignores stores: the reset ROM with the words that QEMU has there, two
 * banks of flash that are erased and stay so, and eight virtio-mmio slots that are empty.
 */
#include "firmware/dev/devices.h"

enum interp_dev_result memory_store(struct devices *dev, uint32_t offset, uint32_t bytes,
                                    uint32_t value) {
    (void)dev;
    (void)offset;
    (void)bytes;
    (void)value;
    return INTERP_DEV_OK;
}

uint32_t erased_load(struct devices *dev, uint32_t offset, uint32_t bytes) {
    (void)dev;
    (void)offset;
    (void)bytes;
    return UINT32_MAX;
}

/* The legacy interface. Only the first byte of a register has an answer, whatever the size. */
uint32_t virtio_load(struct devices *dev, uint32_t offset, uint32_t bytes) {
    enum { MAGIC = 0x0, VERSION = 0x4, VENDOR = 0xc, SLOT_BYTES = 0x1000 };
    (void)dev;
    (void)bytes;
    switch (offset % SLOT_BYTES) {
    case MAGIC:
        return 0x74726976; /* "virt" */
    case VERSION:
        return 1;
    case VENDOR:
        return 0x554d4551; /* "QEMU" */
    default:
        return 0; /* device 0: nobody is here */
    }
}

/* Jumps to the guest's first instruction with a0 = mhartid, a1 = the device tree and a2 = what
 * follows the addresses, a description for firmware with dynamic information. */
static uint32_t rom_word(const struct rom *rom, uint32_t n) {
    static const uint32_t code[] = {
        0x00000297, /* 1: auipc t0, 0 */
        0x02828613, /*    addi a2, t0, 40 */
        0xf1402573, /*    csrr a0, mhartid */
        0x0202a583, /*    lw a1, 32(t0) */
        0x0182a283, /*    lw t0, 24(t0) */
        0x00028067, /*    jr t0 */
    };
    enum { ENTRY = 6, TREE = 8, INFO_MAGIC = 10, INFO_VERSION, INFO_NEXT, INFO_MODE };
    if (n < sizeof code / sizeof code[0])
        return code[n];
    switch (n) {
    case ENTRY:
    case INFO_NEXT:
        return rom->entry;
    case TREE:
        return rom->tree;
    case INFO_MAGIC:
        return 0x4942534f; /* "OSBI" */
    case INFO_VERSION:
        return 2;
    case INFO_MODE:
        return 1; /* S mode */
    default:
        return 0;
    }
}

uint32_t rom_load(struct devices *dev, uint32_t offset, uint32_t bytes) {
    (void)bytes;
    return rom_word(&dev->rom, offset / 4) >> (8 * (offset & 3u));
}
