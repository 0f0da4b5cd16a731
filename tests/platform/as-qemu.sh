#!/bin/sh
# SPDX-License-Identifier: MIT
# What guests see of the devices, register by register: NAME.c says the same here, on both engines and at both gears, as in QEMU, but for
# the lines where it says itself what is right and QEMU is not (notes.h); here nothing may be wrong.
#   tests/platform/as-qemu.sh NAME [options of selkirk] [-- options of QEMU]
# WAYS names how it is run here.
set -u
: "${BUILD:=build}" "${WAYS:=run --gear 0;run --gear 1;run --eager;lockstep;lockstep --eager}"
name=$1
shift
ours=
while [ $# -gt 0 ] && [ "$1" != -- ]; do
    ours="$ours $1"
    shift
done
[ $# -eq 0 ] || shift
elf=$BUILD/platform/$name.elf
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
out=$work/$name

tests/qemu.sh "$elf" "$@" >"$out.qemu" 2>"$out.err" </dev/null || {
    echo "$name: ends with status $? in QEMU, after $(wc -l <"$out.qemu") lines: $(cat "$out.err")"
    exit 1
}
sed 's/: .* where .* is right$/: as is right/' "$out.qemu" >"$out.right"
ways=0
IFS=';'
for how in $WAYS; do
    IFS=' '
    # shellcheck disable=SC2086
    "$BUILD/selkirk" $how $ours "$elf" >"$out.ours" 2>"$out.err" </dev/null || {
        echo "$name: '$how' ends with status $?: $(cat "$out.err")"
        exit 1
    }
    diff "$out.right" "$out.ours" || {
        echo "$name: '$how' is not as it should be"
        exit 1
    }
    ways=$((ways + 1))
done
echo "$name: $(wc -l <"$out.right") values, $(grep -c ' where .* is right$' "$out.qemu") of them not as in QEMU, $ways ways"
