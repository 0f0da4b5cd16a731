/* SPDX-License-Identifier: MIT
 * Virtual firmware configuration, QEMU's interface without DMA: a key, big-endian, is stored at
 * offset 8; the item's bytes are then loaded one after the other at offset 0, zeros behind its end.
 * QEMU's `virt` leaves out the size of RAM and the command line; the directory is empty here.
 */
#include "firmware/dev/devices.h"

enum fw_cfg_key {
    FW_CFG_SIGNATURE = 0x00,
    FW_CFG_ID = 0x01,
    FW_CFG_RAM_SIZE = 0x03,
    FW_CFG_CPUS = 0x05,
    FW_CFG_COMMAND_LINE_SIZE = 0x14, /* with its final zero */
    FW_CFG_COMMAND_LINE = 0x15,
    FW_CFG_IS_WRITE = 0x4000, /* not looked at: nothing can be written */
};
enum { SIGNATURE = 0x554d4551 /* "QEMU" */, ID_TRADITIONAL = 1, CPUS = 1 };

static void choose_word(struct fw_cfg *f, uint32_t value) {
    for (uint32_t n = 0; n < sizeof f->word; n++)
        f->word[n] = (uint8_t)(value >> (8 * n));
    f->bytes = f->word;
    f->left = sizeof f->word;
}

static void choose(struct devices *dev, uint32_t key) {
    struct fw_cfg *f = &dev->fw_cfg;
    struct load_entry line = {0};
    bool has_line = load_find(dev->env.load, LOAD_COMMAND_LINE, &line);
    f->left = 0;
    if (key == FW_CFG_SIGNATURE) {
        choose_word(f, SIGNATURE);
    } else if (key == FW_CFG_ID) {
        choose_word(f, ID_TRADITIONAL);
    } else if (key == FW_CFG_RAM_SIZE) {
        choose_word(f, dev->env.mem->bytes);
    } else if (key == FW_CFG_CPUS) {
        choose_word(f, CPUS);
    } else if (key == FW_CFG_COMMAND_LINE_SIZE && has_line) {
        choose_word(f, line.length + 1);
    } else if (key == FW_CFG_COMMAND_LINE && has_line) {
        f->bytes = line.bytes;
        f->left = line.length;
    }
}

void fw_cfg_init(struct devices *dev) {
    choose(dev, FW_CFG_SIGNATURE);
}

enum interp_dev_result fw_cfg_select(struct devices *dev, uint32_t offset, uint32_t bytes,
                                     uint32_t value) {
    (void)offset;
    (void)bytes;
    choose(dev, (value >> 8 | (value & 0xffu) << 8) & ~(uint32_t)FW_CFG_IS_WRITE);
    return INTERP_DEV_OK;
}

uint32_t fw_cfg_load(struct devices *dev, uint32_t offset, uint32_t bytes) {
    struct fw_cfg *f = &dev->fw_cfg;
    uint32_t value = 0;
    (void)offset;
    for (uint32_t n = 0; n < bytes && f->left != 0; n++, f->left--)
        value |= (uint32_t)*f->bytes++ << (8 * n);
    return value;
}
