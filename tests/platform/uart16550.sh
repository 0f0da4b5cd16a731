#!/bin/sh
# SPDX-License-Identifier: MIT
# The 16550 and its line to the PLIC, register by register: uart16550.c says the same here, on both engines and at both gears, as in QEMU.
set -u
: "${BUILD:=build}"
elf=$BUILD/platform/uart16550.elf
out=$BUILD/platform/uart16550

tests/qemu.sh "$elf" >"$out.qemu" </dev/null || {
    echo "uart16550: fails in QEMU"
    exit 1
}
for how in 'iss --gear 0' 'iss --gear 1' 'iss --eager' 'rtl --gear 1'; do
    # shellcheck disable=SC2086
    "$BUILD/selkirk" run --engine $how "$elf" >"$out.ours" </dev/null || {
        echo "uart16550: '$how' ends with status $?"
        exit 1
    }
    diff "$out.qemu" "$out.ours" || {
        echo "uart16550: '$how' differs from QEMU"
        exit 1
    }
done
echo "uart16550: $(wc -l <"$out.qemu") values as in QEMU, four ways"
