/* SPDX-License-Identifier: MIT
 * The device tree that the guest gets in a1: firmware/dev/virt.dts, compiled by dtc at build time.
 * The firmware and the golden model place it with the same function. */
#ifndef SELKIRK_DEV_FDT_H
#define SELKIRK_DEV_FDT_H

#include "firmware/guest/load_list.h"
#include "translator/xlate.h"

/* Copies the tree into guest RAM, where QEMU puts it (a small RAM: to its end), with the RAM's size
 * and the load list's command line in it. Its guest address, or 0: it does not fit. */
uint32_t fdt_place(const struct guest_mem *mem, const struct load_list *list);

#endif
