#!/bin/sh
# SPDX-License-Identifier: MIT
# fuzz.sh SECONDS TARGET...: libFuzzer on each target for that long. What it learns stays in $BUILD/fuzz/corpus and is the start
# of the next run; an input that fails goes to $BUILD/fuzz/TARGET-*, and the target's program runs it again when it is its argument.
set -u
: "${BUILD:=build}"
seconds=$1
shift
failed=0
for target in "$@"; do
    corpus=$BUILD/fuzz/corpus/$target log=$BUILD/fuzz/$target.log
    mkdir -p "$corpus"
    "$BUILD/fuzz/$target.fuzzer" -max_total_time="$seconds" -timeout=60 -max_len=4096 -rss_limit_mb=1024 -malloc_limit_mb=64 \
        -close_fd_mask=3 -print_final_stats=1 -artifact_prefix="$BUILD/fuzz/$target-" "$corpus" "$BUILD/fuzz/seeds/$target" >"$log" 2>&1
    status=$?
    units=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    covered=$(sed -n 's/.*cov: \([0-9]*\) .*/\1/p' "$log" | tail -n 1)
    echo "fuzz $target: ${units:-?} inputs in $seconds s, ${covered:-?} edges covered, $(ls "$corpus" | wc -l) inputs kept, status $status"
    if [ $status -ne 0 ]; then
        grep -E -m 3 'ERROR|SUMMARY|runtime error|Test unit written' "$log"
        failed=$((failed + 1))
    fi
done
echo "fuzz: $# targets, $failed with a finding"
[ $failed -eq 0 ]
