#!/bin/sh
# SPDX-License-Identifier: MIT
# slices.sh: translations in slices, in lock-step. With --chaos-slices they are left between slices at random and often thrown away,
# in guests that change their code as well; without, guests with a dense timer make the firmware leave some.
set -u
: "${BUILD:=build}" "${FIRMWARE:=$BUILD/firmware/selkirk.img}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0 runs=0

# lockstep OPTION...: one run, which must end without a difference
lockstep() {
    runs=$((runs + 1))
    "$BUILD/selkirk" lockstep --firmware "$FIRMWARE" "$@" >/dev/null 2>"$work/err" </dev/null && return
    echo "slices: $*:"
    head -n 10 "$work/err"
    failed=$((failed + 1))
}

# counts NAME OPTION...: a run must have counted some of the statistic
counts() {
    name=$1
    shift
    runs=$((runs + 1))
    "$BUILD/selkirk" run --firmware "$FIRMWARE" --report-json "$work/report" "$@" >/dev/null 2>&1 </dev/null
    grep -q "\"$name\": [1-9]" "$work/report" && return
    echo "slices: $*: no $name"
    failed=$((failed + 1))
}

# resumes LEAST OPTION...: so many translations that were left must have been taken up again, not thrown away
resumes() {
    least=$1
    shift
    runs=$((runs + 1))
    "$BUILD/selkirk" run --firmware "$FIRMWARE" --report-json "$work/report" "$@" >/dev/null 2>&1 </dev/null
    resumed=$(awk -F '[:,]' '/"g1_left"/ { n += $2 } /"g1_thrown"/ { print n - $2; exit }' "$work/report")
    [ "${resumed:-0}" -ge "$least" ] && return
    echo "slices: $*: ${resumed:-none} taken up again, not $least"
    failed=$((failed + 1))
}

for program in rtos queens lz priv; do
    lockstep --chaos-slices "$BUILD/prog/rv32imac/$program.elf"
done
lockstep --chaos-slices --eager --random 20 --seed 3000
lockstep --chaos-slices --eager --chaos-irq 1000 --chaos-rollback 9 --random 10 --seed 3100
lockstep --chaos-slices --eager --chaos-evict --tcache 4K --random 10 --seed 3200
counts g1_left --chaos-slices "$BUILD/prog/rv32imac/lz.elf"
counts g1_thrown --chaos-slices "$BUILD/prog/rv32imac/lz.elf"
counts g1_left "$BUILD/platform/latency-dense.elf"
resumes 60 --chaos-slices "$BUILD/prog/rv32imac/queens.elf"
resumes 40 --chaos-slices "$BUILD/prog/rv32imac/rtos.elf"
resumes 35 --chaos-slices --eager "$BUILD/prog/rv32imac/lz.elf"
echo "slices: $runs runs, $failed wrong"
[ $failed -eq 0 ]
