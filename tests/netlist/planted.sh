#!/bin/sh
# SPDX-License-Identifier: MIT
# planted.sh: proof that the netlist check can fail. A look-up table of the netlist is another one (netlist.mk): within
# two million cycles, while the board writes zeros to its SDRAM, its pins must have done other things than the RTL's.
set -eu
: "${BUILD:=build}" "${MAKE:=make}"
dir=$BUILD/tests/netlist/ulx3s
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
$MAKE --no-print-directory "$dir/rtl/Vboard_bench" "$dir/planted/Vboard_bench" >"$work/make" 2>&1 ||
    { cat "$work/make"; exit 1; }
"$dir/rtl/Vboard_bench" -x 2200000 >"$work/rtl" 2>"$work/rtl.err"
"$dir/planted/Vboard_bench" -x 2200000 >"$work/planted" 2>"$work/planted.err" || true
if cmp -s "$work/rtl.err" "$work/planted.err"; then
    echo 'netlist: nobody notices the other look-up table'
    exit 1
fi
echo "netlist: noticed: $(diff "$work/rtl.err" "$work/planted.err" | sed -n "s/^> //p" | head -n 1)"
