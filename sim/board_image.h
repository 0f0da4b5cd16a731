/* SPDX-License-Identifier: MIT
 * Images for a board's flash: what rtl/board/boot.sv finds there, in the records of load.sv.
 *
 *   struct board_image im = {0};
 *   board_image_firmware(&im, MEMORY_ULX3S, &firmware, boot_flash, 1);
 *   if (board_image_end(&im, number)) fwrite(im.bytes, 1, im.n_bytes, f);  // false: no memory
 *   free(im.bytes);
 */
#ifndef SELKIRK_SIM_BOARD_IMAGE_H
#define SELKIRK_SIM_BOARD_IMAGE_H

#include "sim/flash.h"
#include "sim/image.h"

struct board_image {
    uint8_t *bytes;
    size_t n_bytes, room;
    bool has_failed; /* no memory */
};

/* boot_flash, boot_flags: what these CSRs hold when the board starts without a guest. */
void board_image_firmware(struct board_image *b, enum memory memory, const struct image *im,
                          uint32_t boot_flash, uint32_t boot_flags);
void board_image_guest(struct board_image *b, enum memory memory, const struct flash *f);
/* Head and checksum. False: there was not enough memory, or there is nothing in it. */
bool board_image_end(struct board_image *b, uint32_t number);

#endif
