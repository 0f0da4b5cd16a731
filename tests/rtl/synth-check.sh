#!/bin/sh
# SPDX-License-Identifier: MIT
# synth-check.sh top file.sv...: elaborates a module in yosys and fails on a latch, an undriven or a multiply driven net, a
# combinational loop, a cell that is not known, or bits selected that are not there (which yosys takes for undefined). $YOSYS names the tool. PyPI's yosys sees a /tmp of its own, so file names are
# made relative.
set -eu
: "${YOSYS:=yosys}" "${BUILD:=build}"
top=$1
shift
mkdir -p "$BUILD/tests"
log=$BUILD/tests/synth-check.out
# Of an unpacked array of structures yosys makes a single one, and says nothing.
if grep -nE '^ *[a-z_0-9:]+_t +[a-z_0-9]+\[' "$@"; then
    echo 'synth-check: an array of structures'
    exit 1
fi
files=$(realpath -m --relative-to=. "$@" | tr '\n' ' ')
if ! "$YOSYS" -q -p "read_verilog -sv $files
hierarchy -check -top $top
proc
flatten
opt_clean
check -assert
select -assert-none t:\$dlatch t:\$adlatch t:\$sr t:\$dlatchsr" >"$log" 2>&1; then
    cat "$log"
    exit 1
fi
if grep -iE 'latch inferred|multiple conflicting drivers|no driver|out of bounds' "$log"; then
    exit 1
fi
echo "synth-check: $top: no latch, nothing undriven or driven twice ($("$YOSYS" -V | cut -d' ' -f1-2))"
