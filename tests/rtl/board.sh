#!/bin/sh
# SPDX-License-Identifier: MIT
# board.sh PROGRAM...: guest programs on a simulated board (rtl/board/board.sv and its SDRAM chip), which is filled over its serial line: the
# console is the ISS's, no rule of the chip is broken. Cycles are printed beside the ISS's, which knows no refresh.
set -u
: "${BUILD:=build}" "${MAKE:=make}"
bench=$BUILD/tests/rtl/board/Vboard_bench
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
$MAKE --no-print-directory "$bench" >"$work/make" 2>&1 || { cat "$work/make"; exit 1; }

for name in "$@"; do
    "$BUILD/selkirk" run --memory ulx3s --report-json "$work/iss.json" "$BUILD/prog/$name.elf" >"$work/iss" 2>/dev/null </dev/null
    status=$?
    "$BUILD/tests/rtl/board_load" "$BUILD/firmware/selkirk.img" "$BUILD/prog/$name.elf" >"$work/load" || exit 1
    if ! "$bench" "$work/load" >"$work/board" 2>"$work/err" || ! cmp "$work/iss" "$work/board"; then
        echo "board: $name is not the same on the board"
        failed=$((failed + 1))
    fi
    grep -q "exit status $status," "$work/err" || { echo "board: $name: the status is not $status"; failed=$((failed + 1)); }
    echo "$name: $(tail -n 1 "$work/err"); ISS $(sed -n 's/^ *"cycles": \([0-9]*\),*$/\1/p' "$work/iss.json" | head -n 1)"
done
[ $failed -eq 0 ]
