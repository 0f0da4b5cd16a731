/* SPDX-License-Identifier: MIT
 * Loads the guest from the load list (loader.h). */
#include "firmware/guest/loader.h"
#include "firmware/dev/fdt.h"
#include "firmware/guest/elf.h"

#include <stddef.h>

static bool refuse(struct load_refusal *why, const char *text, const char *format,
                   uint32_t number) {
    *why = (struct load_refusal){.text = text, .shown = {{format, number}}};
    return false;
}

/* No entry is cut off, and there is none that this firmware does not know: it could be one that
 * the guest cannot do without. */
static bool check_list(const struct load_list *list, struct load_refusal *why) {
    static const bool is_known[] = {
#define K(NAME, number, text) [number] = true,
        LOAD_KINDS(K)
#undef K
    };
    struct load_entry entry = {0};
    uint32_t at = 0, next;
    for (; (next = load_next(list, at, &entry)) != 0; at = next)
        if (entry.kind >= sizeof is_known || !is_known[entry.kind]) {
            refuse(why, "the load list has an entry of unknown kind", "kind %u", entry.kind);
            why->shown[1].format = "at its byte 0x%x";
            why->shown[1].number = at;
            return false;
        }
    if (!load_check(list))
        return refuse(why, "the load list is cut off", "at its byte 0x%x", at);
    return true;
}

/* A look for what lies behind `at`: something that covers it, or a gap up to the next. */
struct gap_look {
    uint32_t at, covered_to, next;
};

static void look_at_range(struct gap_look *look, uint32_t start, uint32_t end) {
    if (end <= look->at)
        return;
    if (start > look->at)
        look->next = start < look->next ? start : look->next;
    else
        look->covered_to = end > look->covered_to ? end : look->covered_to;
}

static void look_at_ranges(struct gap_look *look, const struct guest_elf *elf,
                           const struct load_list *list) {
    struct load_entry entry = {0};
    uint32_t start, end;
    for (uint32_t n = 0; n < elf->n_segments; n++)
        if (elf_range(elf, n, &start, &end))
            look_at_range(look, start, end);
    for (uint32_t at = load_next(list, 0, &entry); at != 0; at = load_next(list, at, &entry))
        if (entry.kind == LOAD_BYTES)
            look_at_range(look, entry.address, entry.address + entry.length);
}

/* For SYS_HEAPINFO. Of a file with very many segments only so many are looked at that it takes no
 * time to speak of. */
static void find_heap(const struct guest_elf *elf, const struct load_list *list,
                      struct loaded *guest) {
    enum { MAX_LOOKS = 4096 };
    uint32_t at = elf->ram_base, looks = MAX_LOOKS;
    while (at < guest->tree && elf->n_segments <= looks) {
        struct gap_look look = {.at = at, .covered_to = at, .next = guest->tree};
        looks -= elf->n_segments;
        look_at_ranges(&look, elf, list);
        if (look.covered_to == at && look.next - at > guest->heap_end - guest->heap) {
            guest->heap = at;
            guest->heap_end = look.next;
        }
        at = look.covered_to == at ? look.next : look.covered_to;
    }
}

static struct load_refusal elf_refusal(const struct guest_elf *elf, enum elf_error error) {
    return (struct load_refusal){
        elf_error_text(error),
        {{elf_error_segment(error), elf->bad_segment}, {elf_error_number(error), elf->bad_number}}};
}

static bool load_elf(const struct load_entry *entry, const struct load_list *list,
                     const struct guest_mem *mem, struct loaded *guest, struct load_refusal *why) {
    struct guest_elf elf;
    enum elf_error error = elf_open(&elf, entry->bytes, entry->length, mem->base, mem->bytes);
    if (error != ELF_OK) {
        *why = elf_refusal(&elf, error);
        return false;
    }
    if (elf.misses_program) {
        guest->missing = elf_refusal(&elf, ELF_SEGMENT_OUTSIDE_RAM);
        guest->missing.text = "what lies outside the guest's RAM is not loaded";
    }
    elf_load(&elf, mem);
    find_heap(&elf, list, guest);
    guest->entry = elf.entry;
    if (!elf_symbol(&elf, "tohost", &guest->tohost) || (guest->tohost & 7u) != 0 ||
        guest->tohost - mem->base >= mem->bytes)
        guest->tohost = 0;
    return true;
}

static bool load_bytes(const struct load_entry *entry, const struct guest_mem *mem,
                       struct load_refusal *why) {
    uint32_t offset = entry->address - mem->base;
    if (offset > mem->bytes || entry->length > mem->bytes - offset)
        return refuse(why, "bytes to be loaded lie outside the guest's RAM", "address 0x%x",
                      entry->address);
    elf_copy(mem->ram + offset, entry->bytes, entry->length);
    return true;
}

bool load_guest(const struct load_list *list, const struct guest_mem *mem, struct loaded *guest,
                struct load_refusal *why) {
    struct load_entry entry = {0};
    *guest = (struct loaded){0};
    if (!check_list(list, why))
        return false;
    if (!load_find(list, LOAD_ELF, &entry))
        return refuse(why, "the load list has no ELF file", NULL, 0);
    guest->tree = fdt_place(mem, list);
    if (guest->tree == 0)
        return refuse(why, "RAM is too small for the device tree", "bytes of RAM: %u", mem->bytes);
    if (!load_elf(&entry, list, mem, guest, why))
        return false;
    for (uint32_t at = load_next(list, 0, &entry); at != 0; at = load_next(list, at, &entry))
        if (entry.kind == LOAD_BYTES && !load_bytes(&entry, mem, why))
            return false;
    return true;
}
