#!/bin/sh
# SPDX-License-Identifier: MIT
# selkirk-check.sh ENGINE GEAR [NAME...]: runs the guest programs (default: all that are built) for ARCHS (default rv32i rv32im rv32imac) on
# build/selkirk and compares console output and exit status with tests/prog/NAME.expect, which QEMU has confirmed.
# LOCKSTEP=1 runs them in lock-step with the golden interpreter instead. OPTIONS: further options of the command.
set -u
dir=$(dirname "$0")
: "${BUILD:=build}" "${OPTIONS:=}" "${ARCHS:=rv32i rv32im rv32imac}"
engine=$1 gear=$2
shift 2
[ $# -gt 0 ] || set -- $(ls "$BUILD/prog/rv32im" | sed -n 's/\.elf$//p')
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0 runs=0

for arch in $ARCHS; do
    for name in "$@"; do
        elf=$BUILD/prog/$arch/$name.elf
        runs=$((runs + 1))
        if [ -n "${LOCKSTEP:-}" ]; then
            "$BUILD/selkirk" lockstep --engine "$engine" --gear "$gear" $OPTIONS "$elf" >"$work/out" 2>"$work/err" </dev/null
            status=$?
            [ $status -eq 0 ] && continue
            cat "$work/err"
        else
            "$BUILD/selkirk" run --engine "$engine" --gear "$gear" $OPTIONS "$elf" >"$work/out" 2>"$work/err" </dev/null
            echo "[exit status $?]" >>"$work/out"
            diff -u "$dir/$name.expect" "$work/out" >"$work/diff" && continue
            head -n 20 "$work/diff"
            head -n 20 "$work/err"
        fi
        echo "selkirk-check: $arch/$name is wrong on $engine at gear $gear $OPTIONS"
        failed=$((failed + 1))
    done
done
echo "selkirk-check: $runs guest programs on $engine at gear $gear${LOCKSTEP:+ in lock-step} $OPTIONS: $failed wrong"
[ $failed -eq 0 ] && [ $runs -gt 0 ]
