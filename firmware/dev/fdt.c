/* SPDX-License-Identifier: MIT
 * Places the device tree blob in guest RAM (fdt.h). What the build cannot know is marked in
 * virt.dts: the size of RAM, and the value of /chosen/bootargs, whose length moves all that stands
 * behind it; without a command line the property is left out, as QEMU does. */
#include "firmware/dev/fdt.h"

#include "firmware/guest/greg.h"

enum {
    SIZE_MARK = 0x1c5e1c5e,
    ARGUMENTS_MARK = 0x1c5eb007,
    /* words of the blob's header that change with its length */
    TOTAL_SIZE = 4,
    STRINGS_OFFSET = 12,
    STRUCT_SIZE = 36,
    /* a property: token, length of the value, name, value */
    PROPERTY_BYTES = 12,
    PROPERTY_LENGTH = 4,
    /* where QEMU puts it: 2 MiB aligned, at least 1 MiB below the end */
    QEMU_ALIGNMENT = 2 << 20,
    QEMU_ROOM = 1 << 20,
    ALIGNMENT = 4096
};

static const uint8_t blob[] = {
#include "virt_dtb.inc"
};
_Static_assert(sizeof blob % 4 == 0, "dtc -a 4");

/* A device tree is big-endian. */
static uint32_t blob_word(uint32_t at) {
    const uint8_t *b = &blob[at];
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static uint32_t find_arguments(void) {
    uint32_t at = 0;
    while (at < sizeof blob && blob_word(at) != ARGUMENTS_MARK)
        at += 4;
    return at;
}

static uint32_t address_of_tree(const struct guest_mem *mem, uint32_t bytes) {
    uint32_t end = mem->base + mem->bytes;
    if (mem->bytes >= 2 * QEMU_ALIGNMENT && bytes <= QEMU_ROOM)
        return (end - QEMU_ROOM) & ~(QEMU_ALIGNMENT - 1u);
    return (end - bytes) & ~(ALIGNMENT - 1u);
}

/* Text with a zero behind it, up to a multiple of 4. */
static void place_text(const struct guest_mem *mem, uint32_t addr, const struct load_entry *text,
                       uint32_t bytes) {
    for (uint32_t i = 0; i < bytes; i++)
        guest_store8(mem, addr + i, i < text->length ? text->bytes[i] : 0);
}

uint32_t fdt_place(const struct guest_mem *mem, const struct load_list *list) {
    struct load_entry text = {0};
    bool has_text = load_find(list, LOAD_COMMAND_LINE, &text) && text.length != 0;
    uint32_t mark = find_arguments(), property = mark - PROPERTY_BYTES;
    uint32_t text_bytes = (text.length + 4) & ~3u; /* with its zero */
    uint32_t grows = has_text ? text_bytes - 4 : 0u - (PROPERTY_BYTES + 4);
    if (has_text && text.length >= mem->bytes)
        return 0;
    uint32_t bytes = (uint32_t)sizeof blob + grows, tree = address_of_tree(mem, bytes), to = tree;
    if (bytes > mem->bytes)
        return 0;
    for (uint32_t at = 0; at < sizeof blob; at += 4) {
        uint32_t word = blob_word(at);
        if (!has_text && at - property < PROPERTY_BYTES + 4)
            continue;
        if (at == mark) {
            place_text(mem, to, &text, text_bytes);
            to += text_bytes;
            continue;
        }
        if (at == TOTAL_SIZE || at == STRINGS_OFFSET || at == STRUCT_SIZE)
            word += grows;
        else if (at == property + PROPERTY_LENGTH)
            word = text.length + 1;
        else if (word == SIZE_MARK)
            word = mem->bytes;
        guest_store32(mem, to, __builtin_bswap32(word));
        to += 4;
    }
    return tree;
}
