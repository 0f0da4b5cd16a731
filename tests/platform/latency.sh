#!/bin/sh
# SPDX-License-Identifier: MIT
# latency.sh: runs every part of latency.c in lock-step, which fails when an interrupt has waited for longer than the bound, with
# several sets of options. MEMORY: the memory configuration, which has a bound of its own.
set -u
: "${BUILD:=build}" "${MEMORY:=ideal}" "${PARTS:=hash sites dense expire callers spread straddle churn pmp rights tasks bytes steps output cmdline}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0 runs=0 longest=0
# 6: it has not come to its end in 4,000 ticks, of 65 MHz for example; how long its interrupts waited has been measured all the same.
[ "$MEMORY" = ideal ] && ends=0 || ends=06
text=$(printf '0123456789%.0s' $(seq 420))

for part in $PARTS; do
    for options in '' '--gear 0' '--chaos-evict' '--chaos-irq 1024 --tcache 16K'; do
        runs=$((runs + 1))
        if ! "$BUILD/selkirk" lockstep $options --memory "$MEMORY" --semihosting userspace --append "$text" "$BUILD/platform/latency-$part.elf" \
            >/dev/null 2>"$work/err" </dev/null ||
            ! grep -q "guest status [$ends]" "$work/err"; then
            echo "latency: $part $options:"
            head -n 20 "$work/err"
            failed=$((failed + 1))
        fi
        n=$(sed -n 's/.*latency up to \([0-9]*\) cycles.*/\1/p' "$work/err")
        [ "${n:-0}" -gt $longest ] && longest=$n
    done
done
# A random guest that stores into its code under a timer: 18,982 cycles when regions that check themselves were translated in one piece.
if [ "$MEMORY" = ideal ]; then
    runs=$((runs + 1))
    "$BUILD/selkirk" lockstep --random 1 --seed 20397 --length 10000 --eager --tcache 4K --chaos-sched --no-fold 2>"$work/err"
    n=$(sed -n 's/.*latency up to \([0-9]*\) cycles.*: no difference/\1/p' "$work/err")
    if [ "${n:-99999}" -gt 12000 ]; then
        echo "latency: random guest 20397 waited for ${n:-too many} cycles:"
        tail -n 3 "$work/err"
        failed=$((failed + 1))
    fi
fi
echo "latency: $runs runs, memory $MEMORY, interrupts waited for $longest cycles at most, $failed wrong"
[ $failed -eq 0 ]
