#!/bin/sh
# SPDX-License-Identifier: MIT
# Too little memory (ulimit -v, from what the program itself needs to what a run takes): a run ends as always, or with one line for what could not
# be had and a status of ours; never by a signal.
set -u
S="$BUILD/selkirk" G="$BUILD/prog/rv32im/sieve.elf"
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
failed=0 n=0 refused=0

try() { # kilobytes, words of the run...
    size=$1; shift
    (ulimit -v "$size"; exec "$S" "$@") >"$T/out" 2>"$T/err" </dev/null
    status=$?
    n=$((n + 1))
    grep -q "error while loading" "$T/err" && return # not even the C library: the loader's line
    grep -q "larger than" "$T/err" && status=wrong # that is not what is the matter
    case $status in
    0 | 124) return ;;
    # a run that had to stop and waves that are not whole are two facts
    2 | 71 | 74) lines=$(grep -v 'stopped at the limit' "$T/err" | grep -c '^selkirk: ')
        [ "$lines" -ge 1 ] && [ "$lines" -le 2 ] && refused=$((refused + 1)) && return ;;
    esac
    echo "FAILED: $size KB: selkirk $*: status $status" | cut -c 1-200; cat "$T/err"
    failed=$((failed + 1))
}

# The largest that is still too little for each command is near where its memory is had in small pieces: there the steps are fine.
for command in "run --append $(printf '%0100000d' 0) $G" "run --hot --report-json $T/j --dump-tcache $T/d $G" "lockstep $G" "run --engine rtl --max-cycles 500 --trace $T/w $G"; do
    low=6000 high=2000000
    while [ $((high - low)) -gt 500 ]; do
        middle=$(((low + high) / 2))
        try $middle $command
        if [ $status -eq 0 ] || [ $status -eq 124 ]; then high=$middle; else low=$middle; fi
    done
    for below in 0 300 600 1200 2400 4800 9600 20000 40000 80000 160000; do
        [ $((high - below)) -gt 6000 ] && try $((high - below)) $command
    done
done
# What a program of the random ones has taken it gives back: sixty need no more than one.
low=6000 high=2000000
while [ $((high - low)) -gt 500 ]; do
    middle=$(((low + high) / 2))
    try $middle lockstep --random 1 --seed 1
    if [ $status -eq 0 ]; then high=$middle; else low=$middle; fi
done
try $((high + 1000)) lockstep --random 60 --seed 1
[ $status -eq 0 ] || { echo "FAILED: 60 random programs one after the other take more than $((high + 1000)) KB, one $high"; failed=$((failed + 1)); }
echo "memory: $n runs, $refused refused in one line, $failed wrong"
[ $failed -eq 0 ] && [ $refused -ge 20 ]
