/* SPDX-License-Identifier: MIT
 * The device tree that the guest gets in a1: firmware/virt.dts, compiled by dtc at build time. The
 * firmware and the golden model place it with the same function. */
#ifndef SELKIRK_FIRMWARE_FDT_H
#define SELKIRK_FIRMWARE_FDT_H

#include "translator/xlate.h"

/* Copies the tree to the end of guest RAM with the RAM's size in it; its guest address. */
uint32_t fdt_place(const struct guest_mem *mem);

#endif
