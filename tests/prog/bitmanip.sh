#!/bin/sh
# SPDX-License-Identifier: MIT
# Guest programs compiled for Zba, Zbb and Zbs, too: their outputs are those of the others, in QEMU and in lock-step; and the
# compiler has used the instructions.
set -u
: "${BUILD:=build}"
arch=rv32imac_zba_zbb_zbs
names=$(cd "$BUILD/prog/$arch" && ls *.elf | sed 's/\.elf$//')
used=$(for name in $names; do riscv64-unknown-elf-objdump -d "$BUILD/prog/$arch/$name.o"; done |
    grep -cwE 'sh[123]add|andn|orn|xnor|minu?|maxu?|rol|rori?|[sz]ext\.[bh]|rev8|orc\.b|cpop|ctz|clz|bseti?|bclri?|binvi?|bexti?')
if [ "$used" -lt 30 ]; then
    echo "bitmanip: the compiler has made $used of the instructions only"
    exit 1
fi
# shellcheck disable=SC2086
{
    ARCHS=$arch tests/prog/qemu-check.sh $names &&
        ARCHS=$arch tests/prog/selkirk-check.sh iss 0 $names &&
        ARCHS=$arch LOCKSTEP=1 tests/prog/selkirk-check.sh iss 1 $names &&
        ARCHS=$arch LOCKSTEP=1 OPTIONS=--eager tests/prog/selkirk-check.sh iss 1 $names
} || exit 1
echo "bitmanip: $(echo $names | wc -w) guest programs with $used instructions of Zba, Zbb and Zbs, as the others and as in QEMU"
