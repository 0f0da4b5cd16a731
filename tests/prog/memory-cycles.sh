#!/bin/sh
# SPDX-License-Identifier: MIT
# memory-cycles.sh MEMORY PROGRAM...: guest programs with a memory that has caches, on the ISS and on the RTL that has them: the same console,
# status, and cycles, and all else that the report says, but for two counts of what was still on its way at the end.
set -u
: "${BUILD:=build}"
memory=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
runs=0 failed=0 cycles=0

for name in "$@"; do
    for engine in iss rtl; do
        "$BUILD/selkirk" run --engine $engine --memory "$memory" --max-cycles 50000000 --report-json "$work/$engine.json" "$BUILD/prog/$name.elf" \
            >"$work/$engine.out" 2>"$work/$engine.err" </dev/null
        sed -i -e '/"engine"/d' -e 's/"icache_ahead": [0-9]*, //' -e 's/, "chip_cycles": [0-9]*//' "$work/$engine.json"
    done
    runs=$((runs + 1))
    if ! cmp -s "$work/iss.out" "$work/rtl.out" || ! diff "$work/iss.json" "$work/rtl.json" >"$work/diff"; then
        echo "memory-cycles: $name is not the same on ISS and RTL with --memory $memory:"
        head -n 20 "$work/diff" "$work/rtl.err"
        failed=$((failed + 1))
    fi
    cycles=$((cycles + $(sed -n 's/^ *"cycles": \([0-9]*\),*$/\1/p' "$work/rtl.json" | head -n 1)))
done
echo "memory-cycles: $runs programs, $cycles cycles with --memory $memory, ISS = RTL; $failed wrong"
[ $failed -eq 0 ] && [ "$cycles" -gt 0 ]
