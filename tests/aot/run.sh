#!/bin/sh
# SPDX-License-Identifier: MIT
# Each test program, ahead-of-time translated, on the ISS and the same program on QEMU: same output, same exit status.
# Usage: tests/aot/run.sh DIRECTORY NAME...   (DIRECTORY has NAME.img, NAME.nopack.img, NAME.profiled.img and NAME.qemu.elf)
dir=$1
shift
failures=0 count=0
for name; do
    tests/qemu.sh "$dir/$name.qemu.elf" >"$dir/$name.expected" </dev/null
    expected=$?
    for variant in "" .nopack .profiled; do
        "$dir/run_native" "$dir/$name$variant.img" >"$dir/$name$variant.out"
        status=$?
        count=$((count + 1))
        if [ $status -ne $expected ]; then
            echo "$name$variant: exit status $status, QEMU has $expected"
        elif ! cmp -s "$dir/$name$variant.out" "$dir/$name.expected"; then
            echo "$name$variant: output differs from QEMU's:"
            diff "$dir/$name.expected" "$dir/$name$variant.out" | head -10
        else
            continue
        fi
        failures=$((failures + 1))
    done
done
echo "aot: $count runs compared with QEMU, $failures differ"
[ $failures -eq 0 ] && [ $count -gt 0 ]
