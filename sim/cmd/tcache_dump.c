/* SPDX-License-Identifier: MIT
 * Writes a tcache dump from a machine that has stopped. The records come from the firmware's table
 * in FWRAM (address in its statistics block), the bundles from CODE, the guest code from guest RAM.
 */
#include "sim/cmd/tcache_dump.h"
#include "machine.h"
#include "firmware/cms/stats.h"
#include "firmware/tcache/tcache.h"
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct dump {
    struct dump_region *regions;
    struct dump_range *ranges;
    struct dump_note *notes;
    uint32_t n_regions, n_ranges, n_notes;
    uint8_t *guest_code;
    uint32_t guest_bytes;
    uint32_t code_first, code_past; /* offsets in CODE that hold live regions */
};

/* A table of the firmware's in FWRAM, by its address's place in the statistics; NULL: it has not come
 * to it, so there are no regions. False: something is wrong. */
static bool find_table(const struct machine *m, size_t field, size_t bytes, const uint8_t **table) {
    struct engine *e = m->engine;
    const uint8_t *fwram = e->ops->mem(e, ENGINE_MEM_FWRAM);
    size_t fwram_bytes = e->ops->mem_bytes(e, ENGINE_MEM_FWRAM);
    uint32_t addr, at;
    if (!image_symbol(&m->image, "cms_state", &addr) ||
        addr + sizeof(struct cms_stats) > fwram_bytes)
        return false;
    memcpy(&at, fwram + addr + field, sizeof at);
    *table = at == 0 ? NULL : fwram + at;
    return (uint64_t)at + bytes <= fwram_bytes;
}

static bool find_regions(const struct machine *m, const uint8_t **table) {
    return find_table(m, offsetof(struct cms_stats, regions_addr),
                      TC_MAX_REGIONS * sizeof(struct tc_region), table);
}

static struct tc_span span_at(const uint8_t *table, const struct tc_region *r, uint32_t k) {
    struct tc_span s;
    memcpy(&s, table + ((r->first_span + k) & (TC_SPANS - 1)) * sizeof s, sizeof s);
    return s;
}

/* A run may end while the firmware is writing a record. */
static bool is_sound(const struct machine *m, const struct tc_region *r) {
    struct engine *e = m->engine;
    uint32_t native = r->native - MEM_CODE_BASE;
    size_t guest_bytes = e->ops->mem_bytes(e, ENGINE_MEM_GUEST);
    const uint8_t *spans;
    if ((uint64_t)native + (uint64_t)r->n_bundles * BUNDLE_BYTES >
            e->ops->mem_bytes(e, ENGINE_MEM_CODE) ||
        !find_table(m, offsetof(struct cms_stats, spans_addr), TC_SPANS * sizeof(struct tc_span),
                    &spans) ||
        spans == NULL || r->n_spans == 0 || r->n_spans > TC_SPANS)
        return false;
    for (uint32_t k = 0; k < r->n_spans; k++) {
        struct tc_span s = span_at(spans, r, k);
        if (s.bytes > GRANULE_BYTES || (s.guest_pc | s.bytes) % 2 != 0 ||
            (uint64_t)(s.guest_pc - MEM_GUEST_BASE) + s.bytes > guest_bytes)
            return false;
    }
    return true;
}

bool tcache_next_region(const struct machine *m, uint32_t *at, struct tc_region *r) {
    const uint8_t *table;
    if (!find_regions(m, &table) || table == NULL)
        return false;
    while (*at < TC_MAX_REGIONS) {
        memcpy(r, table + (*at)++ * sizeof *r, sizeof *r);
        if (r->is_live && is_sound(m, r))
            return true;
    }
    return false;
}

/* Spans that follow each other are one range. */
static void collect_ranges(struct dump *d, const struct machine *m, const struct tc_region *r) {
    const uint8_t *guest = m->engine->ops->mem(m->engine, ENGINE_MEM_GUEST), *spans;
    struct dump_region *to = &d->regions[d->n_regions];
    find_table(m, offsetof(struct cms_stats, spans_addr), TC_SPANS * sizeof(struct tc_span),
               &spans);
    to->first_range = d->n_ranges;
    for (uint32_t k = 0; k < r->n_spans; k++) {
        struct tc_span s = span_at(spans, r, k);
        struct dump_range *last = d->ranges + d->n_ranges - 1;
        if (k != 0 && last->guest_pc + last->bytes == s.guest_pc)
            last->bytes += s.bytes;
        else
            d->ranges[d->n_ranges++] = (struct dump_range){s.guest_pc, s.bytes, d->guest_bytes};
        memcpy(d->guest_code + d->guest_bytes, guest + (s.guest_pc - MEM_GUEST_BASE), s.bytes);
        d->guest_bytes += s.bytes;
    }
    to->n_ranges = d->n_ranges - to->first_range;
}

static bool collect_notes(struct dump *d, const struct machine *m, const struct tc_region *r) {
    struct dump_region *to = &d->regions[d->n_regions];
    uint32_t n = (uint32_t)r->n_commits + r->n_baked;
    const uint8_t *notes;
    if (!find_table(m, offsetof(struct cms_stats, notes_addr), TC_NOTES * sizeof(struct tc_note),
                    &notes) ||
        n > TC_NOTES - d->n_notes)
        return false;
    to->first_note = d->n_notes;
    to->n_commits = r->n_commits;
    to->n_baked = r->n_baked;
    for (uint32_t k = 0; k < n; k++) {
        struct tc_note note;
        memcpy(&note, notes + ((r->first_note + k) & (TC_NOTES - 1)) * sizeof note, sizeof note);
        d->notes[d->n_notes++] = (struct dump_note){note.guest_pc, note.bundle, note.slot};
    }
    return true;
}

static bool collect(struct dump *d, const struct machine *m) {
    struct tc_region r;
    const uint8_t *table;
    if (!find_regions(m, &table))
        return false;
    d->code_first = UINT32_MAX;
    for (uint32_t at = 0; tcache_next_region(m, &at, &r);) {
        uint32_t native = r.native - MEM_CODE_BASE;
        if (r.n_spans > TC_SPANS - d->n_ranges || !collect_notes(d, m, &r))
            continue;
        collect_ranges(d, m, &r);
        struct dump_region *to = &d->regions[d->n_regions++];
        to->guest_pc = r.guest_pc;
        to->rights = r.rights;
        to->mode = r.mode;
        to->native = r.native;
        to->n_bundles = r.n_bundles;
        if (native < d->code_first)
            d->code_first = native;
        if (native + r.n_bundles * BUNDLE_BYTES > d->code_past)
            d->code_past = native + r.n_bundles * BUNDLE_BYTES;
    }
    if (d->n_regions == 0)
        d->code_first = d->code_past = 0;
    return true;
}

static void write_elf(const struct dump *d, const uint8_t *code, FILE *out) {
    enum { SEGMENTS = 5 };
    const struct {
        uint32_t type;
        const void *from;
        uint32_t bytes;
    } parts[SEGMENTS] = {
        {PT_LOAD, code + d->code_first, d->code_past - d->code_first},
        {DUMP_PT_REGIONS, d->regions, d->n_regions * (uint32_t)sizeof *d->regions},
        {DUMP_PT_RANGES, d->ranges, d->n_ranges * (uint32_t)sizeof *d->ranges},
        {DUMP_PT_NOTES, d->notes, d->n_notes * (uint32_t)sizeof *d->notes},
        {DUMP_PT_GUEST_CODE, d->guest_code, d->guest_bytes},
    };
    Elf32_Ehdr h = {.e_type = ET_EXEC,
                    .e_machine = IMAGE_ELF_MACHINE,
                    .e_version = EV_CURRENT,
                    .e_phoff = sizeof h,
                    .e_ehsize = sizeof h,
                    .e_phentsize = sizeof(Elf32_Phdr),
                    .e_phnum = SEGMENTS};
    memcpy(h.e_ident, ELFMAG "\1\1\1", 7);
    h.e_entry = MEM_CODE_BASE + d->code_first;
    Elf32_Phdr p[SEGMENTS] = {{.p_vaddr = h.e_entry}};
    uint32_t at = sizeof h + sizeof p;
    for (int i = 0; i < SEGMENTS; i++) {
        p[i].p_type = parts[i].type;
        p[i].p_offset = at;
        p[i].p_filesz = p[i].p_memsz = parts[i].bytes;
        p[i].p_flags = PF_R | (parts[i].type == PT_LOAD ? PF_X : 0);
        at += parts[i].bytes;
    }
    uint32_t crc = native_image_crc_add(native_image_crc_add(0, &h, sizeof h), p, sizeof p);
    for (int i = 0; i < SEGMENTS; i++)
        crc = native_image_crc_add(crc, parts[i].from, parts[i].bytes);
    native_image_set_crc(h.e_ident, crc);
    fwrite(&h, sizeof h, 1, out);
    fwrite(p, sizeof p, 1, out);
    for (int i = 0; i < SEGMENTS; i++)
        fwrite(parts[i].from, 1, parts[i].bytes, out);
}

int tcache_dump_write(const struct machine *m, FILE *out) {
    struct dump d = {.regions = calloc(TC_MAX_REGIONS, sizeof *d.regions),
                     .ranges = calloc(TC_SPANS, sizeof *d.ranges),
                     .notes = calloc(TC_NOTES, sizeof *d.notes),
                     .guest_code = malloc((size_t)TC_SPANS * GRANULE_BYTES)};
    int status = 0;
    if (d.regions == NULL || d.ranges == NULL || d.notes == NULL || d.guest_code == NULL)
        status = complain(STATUS_NO_MEMORY, "not enough memory for the tcache dump");
    else if (!collect(&d, m))
        status =
            complain(STATUS_BUG, "the firmware's region records were not found: no tcache dump");
    else
        write_elf(&d, m->engine->ops->mem(m->engine, ENGINE_MEM_CODE), out);
    free(d.regions);
    free(d.ranges);
    free(d.notes);
    free(d.guest_code);
    return status;
}
