#!/bin/sh
# SPDX-License-Identifier: MIT
# board.sh MEMORY PROGRAM...: guest programs on the simulated board of a memory configuration (rtl/board/board.sv with its SDRAM and flash chips), which starts out of its flash: the
# console is the ISS's, no rule of a chip is broken. Cycles are printed beside the ISS's, which knows no refresh. The last
# program then with a damaged firmware, with two, and as a damaged guest; with two the firmware comes over the serial line.
set -u
: "${BUILD:=build}" "${MAKE:=make}"
memory=$1
shift
bench=$BUILD/tests/rtl/board-$memory/Vboard_bench
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
$MAKE --no-print-directory "$bench" >"$work/make" 2>&1 || { cat "$work/make"; exit 1; }

wrong() {
    echo "board: $1"
    failed=$((failed + 1))
}

# damaged IMAGE AT: to stdout, one byte is another
damaged() {
    head -c "$2" "$1"
    printf '\125'
    tail -c +$(($2 + 2)) "$1"
}

# board NAME TEXT OPTION...: says TEXT, and then what the ISS says
board() {
    name=$1 text=$2
    shift 2
    "$bench" "$@" >"$work/board" 2>"$work/err" || wrong "$name: $(cat "$work/err")"
    { printf '%b' "$text"; cat "$work/iss"; } | cmp - "$work/board" || wrong "$name does not say what it should"
    grep -q "exit status $status," "$work/err" || wrong "$name: the status is not $status"
    echo "$name: $(tail -n 1 "$work/err")"
}

"$BUILD/selkirk" image --memory "$memory" --out "$work/firmware" || exit 1
for program in "$@"; do
    elf=$BUILD/prog/$program.elf
    "$BUILD/selkirk" run --memory "$memory" --report-json "$work/iss.json" "$elf" >"$work/iss" 2>/dev/null </dev/null
    status=$?
    "$BUILD/selkirk" image --memory "$memory" --out "$work/guest" "$elf" || exit 1
    board "$program" '' -a "$work/firmware" -g "$work/guest"
    echo "$program: ISS $(sed -n 's/^ *"cycles": \([0-9]*\),*$/\1/p' "$work/iss.json" | head -n 1) cycles"
done

damaged "$work/firmware" 100000 >"$work/bad"
damaged "$work/guest" 5000 >"$work/bad-guest"
"$BUILD/selkirk" image --memory "$memory" --out "$work/older" --number 0
board 'A damaged' 'boot: firmware A damaged\r\n' -a "$work/bad" -b "$work/older" -g "$work/guest"
board 'both damaged' 'boot: firmware A damaged\r\nboot: firmware B damaged\r\nboot: waiting for a firmware\r\n' \
    -a "$work/bad" -b "$work/bad" -g "$work/guest" -l "$work/firmware"
"$bench" -a "$work/firmware" -g "$work/bad-guest" -x 16000000 >"$work/board" 2>"$work/err" || wrong "guest damaged: $(cat "$work/err")"
head -n 1 "$work/board" | grep -q 'boot: guest damaged' || wrong 'a damaged guest is not damaged'
echo "guest damaged: $(tail -n 1 "$work/err")"
[ $failed -eq 0 ]
