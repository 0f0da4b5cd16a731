#!/bin/sh
# SPDX-License-Identifier: MIT
# misaligned.c with both choices for misaligned accesses: on the ISS at gears 0 and 1, in lock-step, and on the RTL. Its sum is QEMU's in all
# of them; the counts are those of its loop (14 of 24 loads and 10 of 16 stores of each round are misaligned).
set -eu
: "${BUILD:=build}"
elf=$BUILD/platform/misaligned.elf
runs=0

# expect WORDS COMMAND...: the command's output
expect() {
    wanted=$1
    shift
    status=0
    got=$("$@" 2>"$BUILD/platform/misaligned.err" </dev/null) || status=$?
    if [ $status -ne 0 ] || [ "$got" != "$wanted" ]; then
        echo "misaligned: '$*' ends with status $status and says '$got', not '$wanted'"
        cat "$BUILD/platform/misaligned.err"
        exit 1
    fi
    runs=$((runs + 1))
}

sum=$(tests/qemu.sh "$elf" </dev/null | sed 's/,.*//')
work="$sum, 0 loads and 0 stores trapped, 0 of them wrongly"
trap="$sum, 224 loads and 160 stores trapped, 0 of them wrongly"
for gear in 0 1; do
    for command in run lockstep; do
        expect "$work" "$BUILD/selkirk" $command --gear $gear "$elf"
        expect "$trap" "$BUILD/selkirk" $command --gear $gear --misaligned-traps "$elf"
    done
done
expect "$work" "$BUILD/selkirk" run --engine rtl "$elf"
expect "$trap" "$BUILD/selkirk" lockstep --engine rtl --misaligned-traps "$elf"
echo "misaligned: $runs runs as QEMU says, with and without traps"
