#!/bin/sh
# SPDX-License-Identifier: MIT
# board.sh PROGRAM...: guest programs on a simulated ULX3S, from pin to pin: its top as RTL, and as the netlist that
# synthesis makes of it. Both print what the ISS prints, in the same number of cycles. No rule of the chip is broken.
set -u
: "${BUILD:=build}" "${MAKE:=make}"
dir=$BUILD/tests/netlist/ulx3s
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

wrong() {
    echo "netlist: $*"
    failed=$((failed + 1))
}

$MAKE --no-print-directory "$dir/rtl/Vboard_bench" "$dir/net/Vboard_bench" >"$work/make" 2>&1 || { cat "$work/make"; exit 1; }

for name in "$@"; do
    "$BUILD/selkirk" run --memory ulx3s "$BUILD/prog/$name.elf" >"$work/iss" 2>/dev/null </dev/null
    status=$?
    "$BUILD/tests/rtl/board_load" "$BUILD/firmware/selkirk.img" "$BUILD/prog/$name.elf" >"$work/load" || exit 1
    for top in rtl net; do
        "$dir/$top/Vboard_bench" "$work/load" >"$work/$top" 2>"$work/$top.err" || wrong "$name: $top does not end well"
        cmp "$work/iss" "$work/$top" || wrong "$name: $top does not print what the ISS does"
        grep -q "exit status $status," "$work/$top.err" || wrong "$name: $top has not status $status"
        echo "$name: $top: $(tail -n 1 "$work/$top.err")"
    done
    cmp "$work/rtl.err" "$work/net.err" || wrong "$name: the netlist does not take the cycles of the RTL"
done
[ $failed -eq 0 ]
