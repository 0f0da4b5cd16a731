/* SPDX-License-Identifier: MIT
 * A guest machine on the workstation around the interpreter alone: RAM, UART, test finisher,
 * counters, semihosting and tohost. For tests of the interpreter; the firmware has devices of its
 * own.
 *
 *   struct virt_host *v = virt_host_create(put_char, ctx);
 *   if (virt_host_load(v, elf_bytes, n, &why)) event = virt_host_run(v, max_insns); */
#ifndef SELKIRK_TESTS_GUEST_VIRT_HOST_H
#define SELKIRK_TESTS_GUEST_VIRT_HOST_H

#include <stdbool.h>
#include <stdint.h>

#include "firmware/guest/golden.h"

#define VIRT_RAM_BASE 0x80000000u
#define VIRT_RAM_BYTES (32u << 20)

struct virt_host {
    struct golden *golden;
    struct interp_dev dev;
    void (*put_char)(void *ctx, uint8_t c);
    void *ctx;
    int exit_status;
    uint64_t roi_insns; /* instructions inside the region of interest */
    uint64_t roi_start;
};

struct virt_host *virt_host_create(void (*put_char)(void *ctx, uint8_t c), void *ctx);
void virt_host_destroy(struct virt_host *v);
enum elf_error virt_host_load(struct virt_host *v, const uint8_t *elf, uint32_t n_bytes);

enum virt_host_stop { VIRT_EXITED, VIRT_LIMIT, VIRT_FAULT /* golden->in.fault */ };
enum virt_host_stop virt_host_run(struct virt_host *v, uint64_t max_insns);

#endif
