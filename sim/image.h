/* SPDX-License-Identifier: MIT
 * The native image (translator/aot/native_image.h): an ELF32 little-endian executable with a
 * checksum, PT_LOAD segments for FWRAM, code that is packed or, in a tcache dump, a PT_LOAD
 * segment, and perhaps a symbol table.
 *
 *   struct image image;
 *   char error[256];
 *   if (!image_open(&image, "build/firmware/selkirk.img", error, sizeof error)) ...
 *   image_load(&image, engine);
 *   engine->ops->set_pc(engine, image.entry, false);
 *   uint32_t addr;
 *   if (image_symbol(&image, "cms_state", &addr)) ...
 *   image_close(&image);
 */
#ifndef SELKIRK_SIM_IMAGE_H
#define SELKIRK_SIM_IMAGE_H

#include "sim/engine.h"
#include "translator/aot/native_image.h"
#include "translator/aot/packed.h"

enum { IMAGE_ELF_MACHINE = NATIVE_IMAGE_MACHINE };

struct image {
    uint8_t *bytes; /* the file */
    size_t size;
    uint32_t entry;
    uint32_t *code; /* that was packed; it lies at CODE's base. NULL: there is none */
    uint32_t code_bytes;
    const void *symbols; /* within bytes */
    size_t symbols_count;
    const char *strings;
    size_t strings_bytes;
};

/* False: error holds one line (without the path), nothing is left allocated. What opens also fits
 * the machine, and its checksum is right. */
bool image_open(struct image *im, const char *path, char *error, size_t error_bytes);
/* The same for a file in memory, without a look at its checksum; bytes are malloc'ed and, if it
 * opens, the image's from here on. */
bool image_parse(struct image *im, uint8_t *bytes, size_t size, char *error, size_t error_bytes);
/* Whether the checksum is right; if not, error says so. */
bool image_check(const struct image *im, char *error, size_t error_bytes);
void image_load(const struct image *im, struct engine *e);
/* The same for FWRAM alone, to where it begins. */
void image_load_data(const struct image *im, uint8_t *fwram);
void image_close(struct image *im);

bool image_symbol(const struct image *im, const char *name, uint32_t *address);
/* The symbol with the greatest address <= address in the same memory; NULL: there is none. */
const char *image_nearest(const struct image *im, uint32_t address, uint32_t *offset);

#endif
