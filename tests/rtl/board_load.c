/* SPDX-License-Identifier: MIT
 * board_load FIRMWARE GUEST: writes to stdout what fills a board's memories (rtl/board/load.sv)
 * with what the simulated machine has in them, and lets it go.
 */
#include <stdio.h>
#include <string.h>

#include "sim/flash.h"
#include "sim/image.h"

enum { LINE_BYTES = 64 };
enum record { LINE = 1, STORE = 2, FACT = 3, GO = 4 };
enum fact { FACT_LINES, FACT_FLASH, FACT_FLAGS };

static void put_word(uint32_t word) {
    for (unsigned i = 0; i < 4; i++)
        putchar((int)(word >> 8 * i & 0xff));
}

static void put_head(enum record record, uint32_t value) {
    put_word((uint32_t)record << 28 | value);
}

static void put_fact(enum fact fact, uint32_t value) {
    put_head(FACT, fact);
    put_word(value);
}

/* Lines that are not 0: the chip is taken to hold zeros. */
static void put_memory(struct engine *e, enum engine_mem which, uint32_t at) {
    static const uint8_t zeros[LINE_BYTES];
    const uint8_t *bytes = e->ops->mem(e, which);
    for (uint32_t i = 0; i < e->ops->mem_bytes(e, which); i += LINE_BYTES)
        if (memcmp(bytes + i, zeros, LINE_BYTES) != 0) {
            put_head(LINE, (at + i) / LINE_BYTES);
            fwrite(bytes + i, 1, LINE_BYTES, stdout);
        }
}

static void put_store(const struct image *im) {
    static uint8_t packed[MEM_CODE_BYTES];
    uint32_t n = im->code_bytes / 4, bytes = packed_bytes(im->code, n);
    packed_write(packed, im->code, n);
    put_fact(FACT_LINES, packed_lines(n));
    put_head(STORE, bytes / 4);
    fwrite(packed, 1, bytes, stdout);
}

static void put_all(const struct image *im, const struct flash *f, struct engine *e) {
    const struct memory_info *info = &memory_info[MEMORY_ULX3S];
    image_load(im, e);
    flash_load(f, e);
    put_store(im);
    put_memory(e, ENGINE_MEM_FWRAM, info->fwram_at);
    put_memory(e, ENGINE_MEM_FLASH, info->flash_at);
    put_fact(FACT_FLASH, (uint32_t)f->n_bytes);
    put_fact(FACT_FLAGS, 1); /* the highest gear */
    put_head(GO, 0);
}

int main(int argc, char **argv) {
    struct image im;
    struct flash f = {0};
    char error[256];
    FILE *guest = argc == 3 ? fopen(argv[2], "rb") : NULL;
    if (guest == NULL || !flash_put_file(&f, LOAD_ELF, 0, guest) ||
        !image_open(&im, argv[1], error, sizeof error)) {
        fprintf(stderr, "usage: board_load firmware.img guest.elf\n");
        return 2;
    }
    struct engine *e = engine_iss_create();
    struct engine_boot boot = {.memory = MEMORY_ULX3S,
                               .ram_bytes = memory_info[MEMORY_ULX3S].guest_bytes,
                               .image_bytes = im.code_bytes};
    if (e == NULL || !e->ops->set_boot(e, &boot))
        return 1;
    put_all(&im, &f, e);
    e->ops->destroy(e);
    flash_free(&f);
    image_close(&im);
    fclose(guest);
    return fflush(stdout) != 0 || ferror(stdout);
}
