#!/bin/sh
# SPDX-License-Identifier: MIT
# Wall-clock speed of the engines on this workstation: native cycles and guest instructions per second, of a guest program on
# the ISS (gear 0: all firmware; gear 1) and on the RTL (gear 1). Printed only; a busy machine shows less.
#   speed.sh [guest.elf]
set -eu
: "${BUILD:=build}"
guest=${1:-$BUILD/prog/rv32im/mandel.elf}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# field KEY: the first number of that name in the report
field() {
    sed -n "s/^ *\"$1\": \([0-9]*\).*/\1/p" "$work/report.json" | head -n 1
}

# measure ENGINE GEAR
measure() {
    rm -f "$work/report.json"
    start=$(date +%s.%N)
    "$BUILD/selkirk" run --engine "$1" --gear "$2" --report-json "$work/report.json" "$guest" >/dev/null 2>&1 </dev/null || true
    end=$(date +%s.%N)
    echo "$start $end $(field cycles) $(field guest_instructions)" | awk -v what="$1, gear $2" '{
        s = $2 - $1
        printf "%-12s %10d cycles, %9d guest instructions in %6.2f s: %7.2f M cycles/s, %8.3f M guest instructions/s\n",
            what, $3, $4, s, $3 / s / 1e6, $4 / s / 1e6 }'
}

echo "$guest"
measure iss 0
measure iss 1
measure rtl 1
