#!/bin/sh
# SPDX-License-Identifier: MIT
# qemu-check.sh NAME...: runs guest programs in QEMU and compares console output and exit status with
# tests/prog/NAME.expect, for ARCHS (default rv32i rv32im rv32imac). WRITE=1 writes the .expect files instead (from rv32im).
set -u
dir=$(dirname "$0")
: "${BUILD:=build}" "${ARCHS:=rv32i rv32im rv32imac}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
runs=0

# run_qemu ELF: the board depends on how the program talks to the world
run_qemu() {
    MACHINE=virt
    case $(basename "$1" .elf) in
    semi) set -- "$1" -semihosting ;;
    priv) set -- "$1" -cpu rv32,mmu=false,s=false,h=false,f=false,d=false ;;
    htif) MACHINE=spike ;;
    esac
    MACHINE=$MACHINE tests/qemu.sh "$@" </dev/null 2>&1
    echo "[exit status $?]"
}

for arch in $ARCHS; do
    for name in "$@"; do
        run_qemu "$BUILD/prog/$arch/$name.elf" >"$work/out"
        runs=$((runs + 1))
        if [ -n "${WRITE:-}" ]; then
            cp "$work/out" "$dir/$name.expect"
        elif ! diff -u "$dir/$name.expect" "$work/out" >"$work/diff"; then
            echo "qemu-check: $arch/$name differs from $name.expect:"
            head -20 "$work/diff"
            failed=$((failed + 1))
        fi
    done
done
if [ "$failed" -ne 0 ] || [ "$runs" -eq 0 ]; then
    echo "qemu-check: $failed of $runs runs differ"
    exit 1
fi
echo "qemu-check: $runs runs of guest programs agree with QEMU"
