#!/bin/sh
# SPDX-License-Identifier: MIT
# Guest ELF files (elf_make.py): what QEMU starts, starts here, on both engines and in lock-step, with a line about what of it lies beside RAM; what
# cannot be loaded is refused in one line
# that names segment, address or field, with status 2; no file keeps the loader busy for longer than its size and RAM's, and
# --max-cycles counts while it loads.
set -u
: "${BUILD:=build}" "${PYTHON:=python3}"
work=$BUILD/platform/elf S=$BUILD/selkirk
failed=0 n=0
mkdir -p "$work"
"$PYTHON" -B tests/platform/elf_make.py "$work" || exit 1

# ends STATUS WORDS COMMAND...: with that status, after that output
ends() {
    status=$1 words=$2
    shift 2
    n=$((n + 1))
    timeout "${HANG_SECONDS:-600}" "$@" >"$work/out" 2>&1 </dev/null
    got=$?
    [ $got -eq "$status" ] && grep -qF -e "$words" "$work/out" && return
    echo "elf: '$*' ends with status $got, wanted $status and '$words':"
    head -c 500 "$work/out"
    failed=$((failed + 1))
}

while read -r name; do
    ends 0 ok tests/qemu.sh "$work/$name.elf"
done <"$work/starts.txt"
cat "$work/starts.txt" "$work/ours.txt" >"$work/all.txt"
while read -r name; do
    ends 0 ok "$S" run "$work/$name.elf"
    ends 0 "no difference (guest status 0)" "$S" lockstep "$work/$name.elf"
done <"$work/all.txt"
while read -r name missing; do
    ends 0 ok tests/qemu.sh "$work/$name.elf"
    ends 0 "'$work/$name.elf': what lies outside the guest's RAM is not loaded ($missing)" "$S" run "$work/$name.elf"
    n=$((n + 1))
    [ "$(wc -l <"$work/out")" -eq 2 ] && grep -qx ok "$work/out" || {
        echo "elf: $name: wanted ok and one line: $(cat "$work/out")"
        failed=$((failed + 1))
    }
    ends 0 "no difference (guest status 0)" "$S" lockstep "$work/$name.elf"
done <"$work/beside.txt"
for name in headers notes-below lma large; do
    ends 0 ok "$S" run --engine rtl "$work/$name.elf"
done
ends 0 ok "$S" run "$work/large.elf"
ends 2 "bytes that are left of FLASH" "$S" run "$work/too-large.elf"
# the limit that the line tells is the limit
limit=$(sed -n "s/.* is larger than the \([0-9]*\) bytes that are left of FLASH/\1/p" "$work/out")
truncate -s "$limit" "$work/too-large.elf"
ends 0 ok "$S" run "$work/too-large.elf"
truncate -s $((limit + 1)) "$work/too-large.elf"
ends 2 "larger than the $limit bytes that are left of FLASH" "$S" run "$work/too-large.elf"
while read -r name words; do
    ends 2 "'$work/$name.elf'" "$S" run --max-cycles 200000000 "$work/$name.elf"
    n=$((n + 1))
    grep -qF -e "$words" "$work/out" && [ "$(wc -l <"$work/out")" -eq 1 ] || {
        echo "elf: $name: wanted one line with '$words': $(cat "$work/out")"
        failed=$((failed + 1))
    }
    ends 2 "'$work/$name.elf'" "$S" lockstep "$work/$name.elf"
done <"$work/refused.txt"
for command in "run" "lockstep" "run --engine rtl"; do
    ends 124 "limit of 100000 cycles" "$S" $command --max-cycles 100000 "$work/many.elf"
    ends 124 "limit of 100000 cycles" "$S" $command --max-cycles 100000 "$work/bss.elf"
done
rm -f "$work"/*.elf
echo "elf: $n checks, $failed wrong"
[ $failed -eq 0 ]
