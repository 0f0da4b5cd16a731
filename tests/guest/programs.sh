#!/bin/sh
# SPDX-License-Identifier: MIT
# programs.sh RUNNER...: runs every guest program, rv32i, rv32im and rv32imac, with `RUNNER... ELF` and compares its output
# with tests/prog/NAME.expect. The runner prints "[exit status N]" as its last line.
set -u
: "${BUILD:=build}"
difference=$(mktemp)
trap 'rm -f "$difference"' EXIT
failed=0
runs=0
for expect in tests/prog/*.expect; do
    name=$(basename "$expect" .expect)
    [ "$name" != rtos ] || continue # needs interrupts
    for arch in rv32i rv32im rv32imac; do
        runs=$((runs + 1))
        if ! "$@" "$BUILD/prog/$arch/$name.elf" 2>&1 | diff -u "$expect" - >"$difference"; then
            echo "$arch/$name differs from $expect:"
            head -20 "$difference"
            failed=$((failed + 1))
        fi
    done
done
echo "programs: $runs runs of guest programs, $failed differ"
[ "$failed" -eq 0 ] && [ "$runs" -gt 0 ]
