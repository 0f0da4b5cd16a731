/* SPDX-License-Identifier: MIT
 * `selkirk dis`: text of a native image (with its symbols) or of a tcache dump (each region's guest
 * code beside its bundles).
 */
#include "sim/cmd/selkirk.h"
#include "translator/support/native_text.h"
#include "sim/cmd/tcache_dump.h"
#include "machine.h"
#include "translator/guest/rv32.h"
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct dis_file {
    const struct image *image;
    FILE *out;
    const uint8_t *code; /* of the segment in CODE */
    uint32_t code_addr, code_bytes;
    const uint8_t *regions; /* struct dump_region each; NULL: not a dump */
    uint32_t n_regions;
    const uint8_t *ranges; /* struct dump_range each */
    uint32_t n_ranges;
    const uint8_t *notes; /* struct dump_note each */
    uint32_t n_notes;
    const uint8_t *guest_code;
    uint32_t guest_bytes;
};

/* image_open has checked that the program headers lie within the file. */
static bool find_segments(struct dis_file *f) {
    Elf32_Ehdr h;
    memcpy(&h, f->image->bytes, sizeof h);
    for (uint32_t i = 0; i < h.e_phnum; i++) {
        Elf32_Phdr p;
        memcpy(&p, f->image->bytes + h.e_phoff + i * sizeof p, sizeof p);
        if (p.p_offset > f->image->size || p.p_filesz > f->image->size - p.p_offset)
            return false;
        const uint8_t *at = f->image->bytes + p.p_offset;
        if (p.p_type == NATIVE_IMAGE_PT_PACKED && p.p_vaddr == MEM_CODE_BASE) {
            f->code = (const uint8_t *)f->image->code;
            f->code_addr = p.p_vaddr;
            f->code_bytes = p.p_memsz;
        } else if (p.p_type == PT_LOAD && p.p_vaddr >> 28 == MEM_CODE_BASE >> 28) {
            f->code = at;
            f->code_addr = p.p_vaddr;
            f->code_bytes = p.p_filesz;
        } else if (p.p_type == DUMP_PT_REGIONS) {
            f->regions = at;
            f->n_regions = p.p_filesz / (uint32_t)sizeof(struct dump_region);
        } else if (p.p_type == DUMP_PT_RANGES) {
            f->ranges = at;
            f->n_ranges = p.p_filesz / (uint32_t)sizeof(struct dump_range);
        } else if (p.p_type == DUMP_PT_NOTES) {
            f->notes = at;
            f->n_notes = p.p_filesz / (uint32_t)sizeof(struct dump_note);
        } else if (p.p_type == DUMP_PT_GUEST_CODE) {
            f->guest_code = at;
            f->guest_bytes = p.p_filesz;
        }
    }
    return f->code != NULL;
}

static void print_bundle(const struct dis_file *f, uint32_t offset) {
    uint32_t words[SLOT_COUNT], addr = f->code_addr + offset;
    char text[NATIVE_TEXT_BYTES];
    memcpy(words, f->code + offset, sizeof words);
    native_print_bundle(words, text);
    fprintf(f->out, "  %08x  %s\n", addr, text);
}

static void print_image(const struct dis_file *f) {
    const char *last = NULL;
    for (uint32_t at = 0; at + BUNDLE_BYTES <= f->code_bytes; at += BUNDLE_BYTES) {
        uint32_t offset;
        const char *symbol = image_nearest(f->image, f->code_addr + at, &offset);
        if (symbol != NULL && symbol != last && offset == 0)
            fprintf(f->out, "\n%08x <%s>:\n", f->code_addr + at, symbol);
        last = symbol;
        print_bundle(f, at);
    }
}

static bool is_part(uint64_t start, uint64_t bytes, uint32_t total) {
    return start + bytes <= total;
}

static void print_guest(const struct dis_file *f, const struct dump_range *r) {
    for (uint32_t at = 0, length; at < r->bytes; at += length) {
        uint32_t word = 0;
        char text[64];
        memcpy(&word, f->guest_code + r->guest_offset + at, 2);
        length = (word & 3) == 3 && r->bytes - at >= 4 ? 4 : 2;
        memcpy(&word, f->guest_code + r->guest_offset + at, length);
        rv_disasm(word, r->guest_pc + at, text, sizeof text);
        fprintf(f->out, "  %08x: %0*x%*s  %s\n", r->guest_pc + at, (int)length * 2, word,
                8 - (int)length * 2, "", text);
    }
}

static bool print_ranges(const struct dis_file *f, const struct dump_region *r) {
    if (!is_part(r->first_range, r->n_ranges, f->n_ranges))
        return false;
    for (uint32_t i = 0; i < r->n_ranges; i++) {
        struct dump_range range;
        memcpy(&range, f->ranges + (r->first_range + i) * sizeof range, sizeof range);
        if (range.bytes % 2 != 0 || !is_part(range.guest_offset, range.bytes, f->guest_bytes))
            return false;
        if (i != 0)
            fprintf(f->out, "range %08x, %u bytes\n", range.guest_pc, range.bytes);
        print_guest(f, &range);
    }
    return true;
}

static bool print_notes(const struct dis_file *f, const struct dump_region *r) {
    uint64_t n = (uint64_t)r->n_commits + r->n_baked;
    if (!is_part(r->first_note, n, f->n_notes))
        return false;
    for (uint32_t i = 0; i < n; i++) {
        struct dump_note note;
        memcpy(&note, f->notes + (r->first_note + i) * sizeof note, sizeof note);
        fprintf(f->out, "  %08x  ", r->native + note.bundle * BUNDLE_BYTES);
        if (i < r->n_commits)
            fprintf(f->out, "commit point, guest %08x\n", note.guest_pc);
        else
            fprintf(f->out, "slot %u: made of a guest pc, %08x\n", note.slot, note.guest_pc);
    }
    return true;
}

static bool print_region(const struct dis_file *f, const struct dump_region *r) {
    uint32_t offset = r->native - f->code_addr, bytes = 0;
    if (!is_part(offset, (uint64_t)r->n_bundles * BUNDLE_BYTES, f->code_bytes))
        return false;
    for (uint32_t i = 0; i < r->n_ranges && is_part(r->first_range, r->n_ranges, f->n_ranges);
         i++) {
        struct dump_range range;
        memcpy(&range, f->ranges + (r->first_range + i) * sizeof range, sizeof range);
        bytes += range.bytes;
    }
    fprintf(f->out, "\nregion guest %08x, %u bytes, %u bundles", r->guest_pc, bytes, r->n_bundles);
    if (r->rights != 0)
        fprintf(f->out, ", mode %u, rights %x", r->mode, r->rights);
    fprintf(f->out, "\n");
    if (!print_ranges(f, r))
        return false;
    for (uint32_t i = 0; i < r->n_bundles; i++)
        print_bundle(f, offset + i * BUNDLE_BYTES);
    return print_notes(f, r);
}

static bool print_regions(const struct dis_file *f) {
    for (uint32_t i = 0; i < f->n_regions; i++) {
        struct dump_region r;
        memcpy(&r, f->regions + i * sizeof r, sizeof r);
        if (!print_region(f, &r))
            return false;
    }
    return true;
}

int dis_print(const struct image *image, const char *name, FILE *out) {
    struct dis_file f = {.image = image, .out = out};
    if (!find_segments(&f))
        return bad_input("'%s' has no native code", name);
    if (f.regions == NULL)
        print_image(&f);
    else if (!print_regions(&f))
        return bad_input("'%s' is damaged", name);
    return 0;
}

int cmd_dis(const struct options *o) {
    struct image image;
    char error[256];
    if (o->guest_file == NULL)
        return bad_input("no file named (see selkirk dis --help)");
    if (!image_open(&image, o->guest_file, error, sizeof error))
        return bad_input("'%s': %s", o->guest_file, error);
    int status = dis_print(&image, o->guest_file, stdout);
    int written = stream_status(stdout);
    image_close(&image);
    return status != 0 ? status : written;
}
