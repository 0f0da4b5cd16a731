/* SPDX-License-Identifier: MIT
 * Places the device tree blob in guest RAM (fdt.h). The one word of it that the build cannot know,
 * the size of RAM, is marked in virt.dts. */
#include "firmware/fdt.h"

#include "translator/guest/greg.h"

enum { ALIGNMENT = 4096, SIZE_MARK = 0x1c5e1c5e /* as a little-endian word */ };

static const uint8_t blob[] = {
#include "virt_dtb.inc"
};

/* A device tree is big-endian; the blob's length is a multiple of 4 (dtc -a 4). */
static uint32_t blob_word(uint32_t at, uint32_t ram_bytes) {
    const uint8_t *b = &blob[at];
    uint32_t value = (uint32_t)b[3] << 24 | (uint32_t)b[2] << 16 | (uint32_t)b[1] << 8 | b[0];
    return value == SIZE_MARK ? __builtin_bswap32(ram_bytes) : value;
}

uint32_t fdt_place(const struct guest_mem *mem) {
    uint32_t addr = (mem->base + mem->bytes - (uint32_t)sizeof blob) & ~(ALIGNMENT - 1u);
    _Static_assert(sizeof blob % 4 == 0, "dtc -a 4");
    for (uint32_t at = 0; at < sizeof blob; at += 4)
        guest_store32(mem, addr + at, blob_word(at, mem->bytes));
    return addr;
}
