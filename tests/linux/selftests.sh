#!/bin/sh
# SPDX-License-Identifier: MIT
# selftests.sh KERNEL.elf: boots the kernel that tests itself in QEMU and on the ISS; what its tests say must be the same, and no failure.
set -u
kernel=$1
: "${BUILD:=build}"
work=$BUILD/linux-selftests
export BUILD RAM_MEBIBYTES=64

# verdicts MACHINE: what the tests said, without the times
verdicts() {
    grep -E 'passed|pass$|succeeded|failed|FAIL' "$work/$1.log" | sed 's/^\[[^]]*\] //; s/ in [0-9]* nsec//'
}

CHECK=$work/qemu.log tests/linux/boot.sh qemu "$kernel" || exit 1
CHECK=$work/selkirk.log tests/linux/boot.sh selkirk "$kernel" || exit 1
verdicts qemu >"$work/qemu.verdicts"
verdicts selkirk >"$work/selkirk.verdicts"
diff "$work/qemu.verdicts" "$work/selkirk.verdicts" || exit 1
if grep -E 'failed|FAIL' "$work/selkirk.verdicts"; then exit 1; fi
n=$(wc -l <"$work/selkirk.verdicts")
if [ "$n" -lt 14 ]; then
    echo "linux-selftests: only $n verdicts"
    exit 1
fi
awk -v n="$n" '$1 " " $2 == "guest instructions" { i = $3 } $1 " " $2 == "native cycles" { c = $3 } END {
    printf "linux-selftests: %d verdicts as in QEMU; %.0f guest instructions, %.0f cycles, IPC %.3f\n", n, i, c, i / c }' \
    "$work/selkirk.log.report"
