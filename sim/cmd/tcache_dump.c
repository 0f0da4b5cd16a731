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

/* A region's block of cells, NULL: it is not one. */
static const uint8_t *find_block(const struct machine *m, const struct tc_region *r) {
    const uint8_t *cells;
    size_t bytes = r->n_exits * (size_t)TC_CELL_BYTES + r->n_spans * sizeof(struct tc_span) +
                   ((size_t)r->n_commits + r->n_baked) * sizeof(struct tc_note);
    if (!find_table(m, offsetof(struct cms_stats, cells_addr), TC_CELLS * TC_CELL_BYTES, &cells) ||
        cells == NULL || r->n_spans == 0 ||
        r->block * (size_t)TC_CELL_BYTES + bytes > TC_CELLS * TC_CELL_BYTES)
        return NULL;
    return cells + r->block * (size_t)TC_CELL_BYTES;
}

static struct tc_span span_at(const uint8_t *block, const struct tc_region *r, uint32_t k) {
    struct tc_span s;
    memcpy(&s, block + r->n_exits * (size_t)TC_CELL_BYTES + k * sizeof s, sizeof s);
    return s;
}

static struct tc_note note_at(const uint8_t *block, const struct tc_region *r, uint32_t k) {
    struct tc_note note;
    size_t notes = r->n_exits * (size_t)TC_CELL_BYTES + r->n_spans * sizeof(struct tc_span);
    memcpy(&note, block + notes + k * sizeof note, sizeof note);
    return note;
}

/* A run may end while the firmware is writing a record. */
static bool is_sound(const struct machine *m, const struct tc_region *r) {
    struct engine *e = m->engine;
    uint32_t native = r->native - MEM_CODE_BASE;
    size_t guest_bytes = e->ops->mem_bytes(e, ENGINE_MEM_GUEST);
    const uint8_t *block = find_block(m, r);
    if (block == NULL || (uint64_t)native + (uint64_t)r->n_bundles * BUNDLE_BYTES >
                             e->ops->mem_bytes(e, ENGINE_MEM_CODE))
        return false;
    for (uint32_t k = 0; k < r->n_spans; k++) {
        struct tc_span s = span_at(block, r, k);
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
static void collect_ranges(struct dump *d, const struct machine *m, const struct tc_region *r,
                           const uint8_t *block) {
    const uint8_t *guest = m->engine->ops->mem(m->engine, ENGINE_MEM_GUEST);
    struct dump_region *to = &d->regions[d->n_regions];
    to->first_range = d->n_ranges;
    for (uint32_t k = 0; k < r->n_spans; k++) {
        struct tc_span s = span_at(block, r, k);
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

static void collect_notes(struct dump *d, const struct tc_region *r, const uint8_t *block) {
    struct dump_region *to = &d->regions[d->n_regions];
    to->first_note = d->n_notes;
    to->n_commits = r->n_commits;
    to->n_baked = r->n_baked;
    for (uint32_t k = 0; k < to->n_commits + to->n_baked; k++) {
        struct tc_note note = note_at(block, r, k);
        d->notes[d->n_notes++] = (struct dump_note){note.guest_pc, note.bundle, note.slot};
    }
}

/* Torn records of a run that has ended might have cells in common. */
enum { MAX_SPANS = 2 * TC_CELLS, MAX_NOTES = 4 * TC_CELLS };

static bool collect(struct dump *d, const struct machine *m) {
    struct tc_region r;
    const uint8_t *table;
    uint32_t n_spans = 0;
    if (!find_regions(m, &table))
        return false;
    d->code_first = UINT32_MAX;
    for (uint32_t at = 0; tcache_next_region(m, &at, &r);) {
        uint32_t native = r.native - MEM_CODE_BASE;
        const uint8_t *block = find_block(m, &r);
        n_spans += r.n_spans;
        if (n_spans > MAX_SPANS || (uint32_t)r.n_commits + r.n_baked > MAX_NOTES - d->n_notes)
            break;
        collect_notes(d, &r, block);
        collect_ranges(d, m, &r, block);
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
                     .ranges = calloc(MAX_SPANS, sizeof *d.ranges),
                     .notes = calloc(MAX_NOTES, sizeof *d.notes),
                     .guest_code = malloc((size_t)MAX_SPANS * GRANULE_BYTES)};
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
