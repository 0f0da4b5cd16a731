#!/bin/sh
# SPDX-License-Identifier: MIT
# SYS_HEAPINFO beside QEMU (heap.c), with a file that is loaded beside the program and without; --load's refusals.
set -u
: "${BUILD:=build}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
file=$work/a@file runs=0
printf 'load this' >"$file"
export WAYS='run;run --gear 0;lockstep'

fail() {
    echo "heap: $1"
    exit 1
}

for far in 81 86; do
    tests/platform/as-qemu.sh heap-$far -- -semihosting-config enable=on,target=native || exit 1
    tests/platform/as-qemu.sh heap-$far --load "$file@0x84000000" -- -semihosting-config enable=on,target=native \
        -device loader,file="$file",addr=0x84000000,force-raw=on || exit 1
    runs=$((runs + 2))
done
"$BUILD/selkirk" run --load "$file@0x84000000" "$BUILD/platform/heap-81.elf" | grep -q '^what is loaded beside the program: 64616f6c$' ||
    fail "the file is not where --load says"

# refused WORDS OPTION...
refused() {
    words=$1
    shift
    "$BUILD/selkirk" run "$@" "$BUILD/platform/heap-81.elf" >"$work/out" 2>"$work/err" </dev/null
    [ $? -eq 2 ] && [ ! -s "$work/out" ] && [ "$(wc -l <"$work/err")" -eq 1 ] && grep -qF -e "$words" "$work/err" ||
        fail "'$*' should be refused with '$words': $(cat "$work/err")"
    runs=$((runs + 1))
}
refused "--load wants FILE@ADDRESS" --load "$work/none"
refused "--load wants FILE@ADDRESS" --load "@0x80000000"
refused "--load wants FILE@ADDRESS" --load "$file@"
refused "--load wants FILE@ADDRESS" --load "$file@0x180000000"
refused "cannot read '$work/none'" --load "$work/none@0x80000000"
refused "outside the guest's RAM (address 0x87fffffc)" --load "$file@0x87fffffc"
refused "outside the guest's RAM (address 0x00000000)" --load "$file@0"
many=$(for i in $(seq 17); do echo "--load $file@0x84000000"; done)
# shellcheck disable=SC2086
refused "--load can be given 16 times" $many
echo "heap: $runs runs and refusals as they should be"
