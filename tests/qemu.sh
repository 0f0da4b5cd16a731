#!/bin/sh
# SPDX-License-Identifier: MIT
# qemu.sh ELF [OPTION...]: runs a guest in QEMU the way every test does, console on standard input and output. MACHINE (virt) chooses
# the board.
#
# The guest's time goes by its instructions (16 ns each, and at once to the next timer while it waits), not by the wall clock: a workstation
# that is busy may stop QEMU anywhere, and by the wall clock a timer would then fall due between two instructions of the guest.
# HANG_SECONDS is there for guests that never end, and nowhere near what any of them needs.
set -u
elf=$1
shift
exec timeout "${HANG_SECONDS:-600}" qemu-system-riscv32 -M "${MACHINE:-virt}" -bios none -icount shift=4,sleep=off -display none -monitor none \
    -serial stdio "$@" -kernel "$elf"
