#!/bin/sh
# SPDX-License-Identifier: MIT
# tohost.S, case by case: the status of an exit, and the bytes of console messages, however the word is stored to, at both gears, in
# lock-step, with interrupts of the firmware in between, before a loop and before WFI.
#   tests/platform/tohost.sh [iss | rtl]
# OPTIONS: more of them for selkirk.
set -u
: "${BUILD:=build}"
engine=${1:-iss}
work=$BUILD/platform/tohost-$engine # two tests run this at a time
mkdir -p "$work"
runs=0

# build CASE WAIT TURNS
build() {
    riscv64-unknown-elf-gcc -march=rv32ima_zicsr -mabi=ilp32 -nostdlib -nostartfiles -Wl,-Ttext=0x80000000 -Wl,--no-warn-rwx-segments \
        -DCASE="$1" -DWAIT="$2" -DTURNS="$3" tests/platform/tohost.S -o "$work/case.elf" || exit 1
}

# check CASE CYCLES OPTIONS...: ends with 5 within so many cycles and prints what $work/want has
check() {
    number=$1 cycles=$2
    shift 2
    # shellcheck disable=SC2086
    "$BUILD/selkirk" "$@" ${OPTIONS:-} --max-cycles "$cycles" "$work/case.elf" >"$work/got" 2>"$work/err" </dev/null
    status=$?
    [ "$1" != lockstep ] || { grep -q 'no difference (guest status 5)' "$work/err" && status=5; }
    runs=$((runs + 1))
    if [ $status -ne 5 ] || ! cmp -s "$work/want" "$work/got"; then
        echo "tohost: case $number, '$*': status $status, $(wc -c <"$work/got") bytes; $(tail -n 1 "$work/err")"
        exit 1
    fi
}

# all CASE CYCLES
all() {
    if [ "$engine" = rtl ]; then
        check "$1" "$2" run --engine rtl
        return
    fi
    check "$1" "$2" run --gear 0
    check "$1" "$2" run
    check "$1" "$2" run --eager
    check "$1" "$2" lockstep
    check "$1" "$2" lockstep --eager --chaos-irq 700
}

# bytes N: what print_by sends in N turns
bytes() {
    # shellcheck disable=SC2059
    printf "$(awk -v n="$1" 'BEGIN { for (; n > 0; n--) printf "\\%03o", n % 256 }')"
}

if [ "$engine" = rtl ]; then
    exits='1 8' prints='14' turns=60
else
    exits='1 2 3 4 5 6 7 8 9 10 11 12 13' prints='14 15 16 17' turns=1000
fi
: >"$work/want"
for case in $exits; do
    for wait in 0 1; do
        build "$case" $wait 0
        all "$case" 40000000
    done
done
bytes $turns >"$work/want"
for case in $prints; do
    build "$case" 0 $turns
    all "$case" 60000000
done
[ "$engine" = rtl ] || {
    printf aaa >"$work/want"
    build 18 0 3
    all 18 60000000
    printf 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' >"$work/want"
    build 19 0 3200
    all 19 60000000
    : >"$work/want"
    build 20 0 1000000
    check 20 8000000 run
    printf a >"$work/want"
    build 21 0 0
    all 21 20000000
    # what does not know of the stores finds a message only when the timer is due
    printf 'a%.0s' $(seq $((24 * 200 - 4 * (3 + 4 + 5 + 6 + 7 + 8)))) >"$work/want"
    build 22 0 200
    check 22 12500000 run --chaos-slices
    check 22 12500000 lockstep --chaos-slices
}
echo "tohost: $runs runs on the $engine, each with the right status and bytes"
