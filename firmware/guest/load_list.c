/* SPDX-License-Identifier: MIT
 * Reading a load list (load_list.h). Lengths come from outside: every check is of the form
 * "length <= total - start" after "start <= total". */
#include "firmware/guest/load_list.h"

static uint32_t get32(const uint8_t *p) {
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

uint32_t load_next(const struct load_list *list, uint32_t at, struct load_entry *entry) {
    if (at > list->n_bytes || list->n_bytes - at < LOAD_HEADER_BYTES)
        return 0;
    const uint8_t *p = list->bytes + at;
    uint32_t left = list->n_bytes - at - LOAD_HEADER_BYTES;
    *entry = (struct load_entry){get32(p), get32(p + 4), get32(p + 8), p + LOAD_HEADER_BYTES};
    if (entry->kind == LOAD_END || entry->length > left)
        return 0;
    uint32_t padded = (entry->length + 3u) & ~3u;
    return at + LOAD_HEADER_BYTES + (padded > left ? left : padded);
}

bool load_find(const struct load_list *list, enum load_kind kind, struct load_entry *entry) {
    struct load_entry e = {0};
    for (uint32_t at = load_next(list, 0, &e); at != 0; at = load_next(list, at, &e))
        if (e.kind == (uint32_t)kind) {
            *entry = e;
            return true;
        }
    return false;
}

bool load_check(const struct load_list *list) {
    struct load_entry entry = {0};
    uint32_t at = 0, next;
    while ((next = load_next(list, at, &entry)) != 0)
        at = next;
    return at == list->n_bytes ||
           (list->n_bytes - at >= LOAD_HEADER_BYTES && get32(list->bytes + at) == LOAD_END);
}
