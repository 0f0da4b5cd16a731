#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs guest programs with the hosted runtime, interpreted and then under every switch that changes how they are
# translated, and compares console and exit status with interpretation, and that with what QEMU has confirmed
# (tests/prog/NAME.expect). Bits of --flags: rtl/machine/boot.def.
#   tests/hosted/run.sh [program...]     default: all of $BUILD/prog/rv32i, rv32im and rv32imac
BUILD=${BUILD:-build}
RUN=$BUILD/tests/hosted/hosted_run
WORK=$BUILD/tests/hosted/work
mkdir -p "$WORK"
[ $# -gt 0 ] || set -- "$BUILD"/prog/rv32i/*.elf "$BUILD"/prog/rv32im/*.elf "$BUILD"/prog/rv32imac/*.elf

VARIANTS='plain:--check 64
eager:--flags 0x4000 --check 64
no-chain:--flags 0x4100
no-jtl:--flags 0x4800
no-learn:--flags 0xc000
no-late:--flags 0x24000
no-fold:--flags 0x4200
no-pack:--flags 0x4400
tcache-1k:--flags 0x4000 --tcache 1024 --check 16
tcache-4k:--flags 0x4000 --tcache 4096 --check 16
tcache-16k:--tcache 16384 --check 16
evict:--flags 0x6000 --check 16
slices:--flags 0x4080 --check 16
sched:--flags 0x5000
sched-evict:--flags 0x7000 --tcache 3000 --check 16
rollback:--flags 0x500000
irq:--flags 0x18004000'

failed=0
runs=0
for program in "$@"; do
    timeout "${HANG_SECONDS:-600}" "$RUN" --gear 0 "$program" > "$WORK/want" 2> "$WORK/want.err" < /dev/null
    echo "[exit status $?]" >> "$WORK/want"
    expect=tests/prog/$(basename "$program" .elf).expect
    if [ -e "$expect" ] && ! diff "$expect" "$WORK/want"; then
        echo "FAILED: $program, interpreted"
        failed=$((failed + 1))
    fi
    echo "$VARIANTS" > "$WORK/variants"
    while IFS=: read -r name options; do
        # shellcheck disable=SC2086
        timeout "${HANG_SECONDS:-600}" "$RUN" --gear 1 $options "$program" > "$WORK/got" 2> "$WORK/got.err" < /dev/null
        echo "[exit status $?]" >> "$WORK/got"
        runs=$((runs + 1))
        if ! cmp -s "$WORK/want" "$WORK/got"; then
            echo "FAILED: $program $name ($options)"
            diff "$WORK/want" "$WORK/got" | head -5
            head -3 "$WORK/got.err"
            failed=$((failed + 1))
        fi
    done < "$WORK/variants"
done
echo "hosted runtime: $runs runs of $# programs, $failed differ from interpretation"
[ "$failed" -eq 0 ]
