/* SPDX-License-Identifier: MIT
 * `selkirk image`: what stands in a board's flash.
 */
#include "sim/board_image.h"
#include "sim/cmd/output.h"
#include "sim/cmd/selkirk.h"
#include "machine.h"
#include <stdlib.h>

/* 0, or the exit status after a line on stderr. */
static int fill(const struct options *o, struct board_image *b) {
    if (o->guest_file != NULL) {
        struct flash flash;
        int status = guest_read(o, &flash);
        if (status != 0)
            return status;
        board_image_guest(b, o->memory, &flash);
        flash_free(&flash);
        return 0;
    }
    struct image firmware;
    int status = firmware_open(o, &firmware);
    if (status != 0)
        return status;
    board_image_firmware(b, o->memory, &firmware, boot_without_guest(o), o->gear);
    image_close(&firmware);
    return 0;
}

int cmd_image(const struct options *o) {
    struct board_image b = {0};
    uint32_t room = o->guest_file != NULL ? BOOT_GUEST_BYTES : BOOT_FIRMWARE_BYTES;
    struct output out;
    int status = fill(o, &b);
    if (status == 0 && !board_image_end(&b, o->number))
        status = complain(STATUS_NO_MEMORY, "not enough memory for the image");
    if (status == 0 && b.n_bytes > room)
        status =
            bad_input("an image of %zu bytes; a board's flash has room for %u", b.n_bytes, room);
    if (status == 0)
        status = output_open(&out, o->out);
    if (status == 0) {
        fwrite(b.bytes, 1, b.n_bytes, output_begin(&out));
        status = output_end(&out);
    }
    free(b.bytes);
    return status;
}
