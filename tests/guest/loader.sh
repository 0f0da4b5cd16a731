#!/bin/sh
# SPDX-License-Identifier: MIT
# The loader's test, and dtc reading the device trees that it has placed: size of RAM and command line are in them, and nothing else differs.
set -u
: "${BUILD:=build}" "${DTC:=dtc}"
work=$BUILD/tests/guest/trees
rm -rf "$work"
mkdir -p "$work"
"$BUILD/tests/guest/loader_test.sanitized" "$BUILD/prog/rv32i/htif.elf" "$work" || exit 1
trees=0
for tree in "$work"/*.dtb; do
    kib=$(basename "$tree" .dtb | cut -d - -f 2) chars=$(basename "$tree" .dtb | cut -d - -f 3)
    "$DTC" -q -I dtb -O dts "$tree" >"$tree.dts" || exit 1
    grep -q "reg = <0x00 0x80000000 0x00 $(printf '0x%x' $((kib * 1024)))>;" "$tree.dts" || {
        echo "loader: RAM's size is not in $tree.dts"
        exit 1
    }
    text=$(sed -n 's/.*bootargs = "\(.*\)";/\1/p' "$tree.dts")
    [ ${#text} -eq "$chars" ] || {
        echo "loader: bootargs in $tree.dts is '$text'"
        exit 1
    }
    grep -v 'bootargs =\|reg = <0x00 0x80000000 ' "$tree.dts" >"$tree.rest"
    trees=$((trees + 1))
done
for rest in "$work"/*.rest; do
    cmp "$rest" "$work/tree-131072-0.dtb.rest" || exit 1
done
echo "loader: lists and device trees as they should be, $trees trees read by dtc"
