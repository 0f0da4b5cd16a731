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
    uint32_t n_regions;
    uint8_t *guest_code;
    uint32_t guest_bytes;
    uint32_t code_first, code_past; /* offsets in CODE that hold live regions */
};

enum { MAX_GUEST_BYTES = XL_MAX_INSNS * 4 }; /* of a region */

/* A run may end while the firmware is writing a record. */
static bool is_sound(const struct tc_region *r, uint32_t native, size_t code_bytes) {
    return r->guest_bytes <= MAX_GUEST_BYTES &&
           (uint64_t)native + (uint64_t)r->n_bundles * BUNDLE_BYTES <= code_bytes;
}

/* The firmware's table of regions; 0: it has not come to it, so there are none. */
static bool find_table(const struct machine *m, uint32_t *table) {
    struct engine *e = m->engine;
    size_t fwram_bytes = e->ops->mem_bytes(e, ENGINE_MEM_FWRAM);
    uint32_t addr;
    if (!image_symbol(&m->image, "cms_state", &addr) ||
        addr + sizeof(struct cms_stats) > fwram_bytes)
        return false;
    memcpy(table,
           e->ops->mem(e, ENGINE_MEM_FWRAM) + addr + offsetof(struct cms_stats, regions_addr),
           sizeof *table);
    return *table + TC_MAX_REGIONS * sizeof(struct tc_region) <= fwram_bytes;
}

bool tcache_next_region(const struct machine *m, uint32_t *at, struct tc_region *r) {
    struct engine *e = m->engine;
    size_t guest_bytes = e->ops->mem_bytes(e, ENGINE_MEM_GUEST),
           code_bytes = e->ops->mem_bytes(e, ENGINE_MEM_CODE);
    uint32_t table;
    if (!find_table(m, &table) || table == 0)
        return false;
    while (*at < TC_MAX_REGIONS) {
        memcpy(r, e->ops->mem(e, ENGINE_MEM_FWRAM) + table + (*at)++ * sizeof *r, sizeof *r);
        if (r->is_live && is_sound(r, r->native - MEM_CODE_BASE, code_bytes) &&
            (uint64_t)(r->guest_pc - MEM_GUEST_BASE) + r->guest_bytes <= guest_bytes)
            return true;
    }
    return false;
}

static bool collect(struct dump *d, const struct machine *m) {
    const uint8_t *guest = m->engine->ops->mem(m->engine, ENGINE_MEM_GUEST);
    struct tc_region r;
    uint32_t table;
    if (!find_table(m, &table))
        return false;
    d->code_first = UINT32_MAX;
    for (uint32_t at = 0; tcache_next_region(m, &at, &r);) {
        uint32_t offset = r.guest_pc - MEM_GUEST_BASE, native = r.native - MEM_CODE_BASE;
        memcpy(d->guest_code + d->guest_bytes, guest + offset, r.guest_bytes);
        d->regions[d->n_regions++] =
            (struct dump_region){r.guest_pc, r.guest_bytes, r.native, r.n_bundles, d->guest_bytes};
        d->guest_bytes += r.guest_bytes;
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
    enum { SEGMENTS = 3 };
    uint32_t at = sizeof(Elf32_Ehdr) + SEGMENTS * sizeof(Elf32_Phdr);
    uint32_t region_bytes = d->n_regions * (uint32_t)sizeof *d->regions,
             code_bytes = d->code_past - d->code_first;
    Elf32_Ehdr h = {.e_type = ET_EXEC,
                    .e_machine = IMAGE_ELF_MACHINE,
                    .e_version = EV_CURRENT,
                    .e_phoff = sizeof h,
                    .e_ehsize = sizeof h,
                    .e_phentsize = sizeof(Elf32_Phdr),
                    .e_phnum = SEGMENTS};
    memcpy(h.e_ident, ELFMAG "\1\1\1", 7);
    h.e_entry = MEM_CODE_BASE + d->code_first;
    Elf32_Phdr p[SEGMENTS] = {
        {.p_type = PT_LOAD,
         .p_offset = at,
         .p_vaddr = MEM_CODE_BASE + d->code_first,
         .p_filesz = code_bytes,
         .p_flags = PF_R | PF_X},
        {.p_type = DUMP_PT_REGIONS,
         .p_offset = at + code_bytes,
         .p_filesz = region_bytes,
         .p_flags = PF_R},
        {.p_type = DUMP_PT_GUEST_CODE,
         .p_offset = at + code_bytes + region_bytes,
         .p_filesz = d->guest_bytes,
         .p_flags = PF_R},
    };
    for (int i = 0; i < SEGMENTS; i++)
        p[i].p_memsz = p[i].p_filesz;
    uint32_t crc = native_image_crc_add(0, &h, sizeof h);
    crc = native_image_crc_add(crc, p, sizeof p);
    crc = native_image_crc_add(crc, code + d->code_first, code_bytes);
    crc = native_image_crc_add(crc, d->regions, region_bytes);
    native_image_set_crc(h.e_ident, native_image_crc_add(crc, d->guest_code, d->guest_bytes));
    fwrite(&h, sizeof h, 1, out);
    fwrite(p, sizeof p, 1, out);
    fwrite(code + d->code_first, 1, code_bytes, out);
    fwrite(d->regions, 1, region_bytes, out);
    fwrite(d->guest_code, 1, d->guest_bytes, out);
}

int tcache_dump_write(const struct machine *m, FILE *out) {
    struct dump d = {.regions = calloc(TC_MAX_REGIONS, sizeof *d.regions),
                     .guest_code = malloc(TC_MAX_REGIONS * MAX_GUEST_BYTES)};
    int status = 0;
    if (d.regions == NULL || d.guest_code == NULL)
        status = complain(STATUS_NO_MEMORY, "not enough memory for the tcache dump");
    else if (!collect(&d, m))
        status =
            complain(STATUS_BUG, "the firmware's region records were not found: no tcache dump");
    else
        write_elf(&d, m->engine->ops->mem(m->engine, ENGINE_MEM_CODE), out);
    free(d.regions);
    free(d.guest_code);
    return status;
}
