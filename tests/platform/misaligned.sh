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

# Instructions that have been misaligned are translated byte by byte: 5000 turns with five of them each, in the region of interest; and one that
# leaves RAM half-way traps as ever.
hot=$BUILD/platform/misaligned_hot.elf json=$BUILD/platform/misaligned_hot.json
sum=$(tests/qemu.sh "$hot" -m 8M </dev/null | sed 's/,.*//')', 0 wrong'
for options in '' --no-misaligned '--chaos-irq 700 --eager'; do
    expect "$sum" "$BUILD/selkirk" lockstep --ram 8M $options "$hot"
done

# cycles OPTION...: a turn takes
cycles() {
    expect "$sum" "$BUILD/selkirk" run --ram 8M "$@" --report-json "$json" "$hot"
    roi=$(sed -n '/"roi"/,$ s/^ *"cycles": \([0-9]*\),$/\1/p' "$json" | head -n 1)
    learned=$(sed -n 's/^ *"misaligned_added": \([0-9]*\),$/\1/p' "$json" | head -n 1)
    turn=$((roi / 5000))
}
cycles --no-misaligned
before=$turn
[ "$learned" -eq 0 ] || { echo "misaligned: $learned instructions learned although it is off" && exit 1; }
cycles
if [ "$turn" -gt 125 ] || [ "$before" -lt 1000 ] || [ "$learned" -ne 5 ]; then
    echo "misaligned: five accesses take $turn cycles when learned ($learned are), $before when not"
    exit 1
fi
echo "misaligned: five accesses take $turn cycles when learned, $before when not; $runs runs as QEMU says, with and without traps"
