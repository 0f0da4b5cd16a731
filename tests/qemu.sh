#!/bin/sh
# SPDX-License-Identifier: MIT
# qemu.sh ELF [OPTION...]: runs a guest in QEMU the way every test does, console on standard input and output. MACHINE (virt) chooses
# the board, SERIAL (stdio) where its first UART goes.
#
# The guest's time goes by its instructions (16 ns each, and at once to the next timer while it waits), not by the wall clock: a workstation
# that is busy may stop QEMU anywhere, and by the wall clock a timer would then fall due between two instructions of the guest.
# ICOUNT= does without: QEMU 7.2 hangs now and then when a guest that counts so resets the machine.
# HANG_SECONDS is there for guests that never end, and nowhere near what any of them needs.
set -u
elf=$1
shift
# shellcheck disable=SC2086
exec timeout -k 10 "${HANG_SECONDS:-600}" qemu-system-riscv32 -M "${MACHINE:-virt}" -bios none ${ICOUNT--icount shift=4,sleep=off} -display none \
    -monitor none -serial "${SERIAL:-stdio}" "$@" -kernel "$elf"
