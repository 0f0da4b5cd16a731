/* SPDX-License-Identifier: MIT
 * Test programs on the native machine: output on the log channel; start.S turns main's result into
 * the exit status. */
#include "tests/aot/port.h"
#include "native.h"

void port_putc(char c) {
    native_csrw(CSR_LOG_TX, (uint32_t)c);
}

void firmware_panic(uint32_t cause, uint32_t native_pc, uint32_t addr) {
    print("trap %u at %x, address %x\n", cause, native_pc, addr);
    native_exit(70);
}
