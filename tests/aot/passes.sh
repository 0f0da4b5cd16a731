#!/bin/sh
# SPDX-License-Identifier: MIT
# Every pass of the ahead-of-time translator's list: has a dump, which changes nothing in the image; has a counter; can be
# left out if it is optional, and the program still does what QEMU says; is refused to be left out if it is needed.
# Usage: tests/aot/passes.sh AOT PROFILER DIRECTORY NAME...   (DIRECTORY has NAME.elf, NAME.qemu.elf, run_native)
aot=$1 profiler=$2 dir=$3
shift 3
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failures=0 passes=0 runs=0

fail() {
    echo "$name, pass $pass: $1"
    failures=$((failures + 1))
}

# translate OPTIONS...: $work/image and $work/out, with a profile, $work/profile, and every branch that was seen
translate() {
    "$aot" --stats --profile "$work/profile" --trace-runs 1 "$@" "$dir/$name.elf" "$work/image" \
        >"$work/out" 2>"$work/err"
}

# run_profile OPTIONS...: the profile of an image that is made with these
run_profile() {
    "$aot" "$@" "$dir/$name.elf" "$work/blind" && "$profiler" "$work/blind" /dev/null >"$work/profile"
}

# counted: the pass's number in $work/out
counted() {
    sed -n "s/^aot: pass $pass  *\([0-9]*\) .*/\1/p" "$work/out"
}

check_dump() {
    translate --dump "$pass" || fail "no dump: $(cat "$work/err")"
    cmp -s "$work/image" "$work/full" || fail "the dump changes the image"
    [ "$(wc -l <"$work/out")" -gt "$((n_stats + 10))" ] || fail "its dump is empty"
}

check_without() {
    cp "$work/profile" "$work/plain.profile"
    run_profile "--no-$pass" 2>"$work/err" && translate "--no-$pass" || fail "cannot be left out: $(cat "$work/err")"
    mv "$work/plain.profile" "$work/profile"
    [ "$(counted)" = 0 ] || fail "is counted although it is left out"
    cmp -s "$work/image" "$work/full" && fail "makes no difference"
    "$dir/run_native" "$work/image" >"$work/run.out"
    cmp -s "$work/run.out" "$work/expected" || fail "without it the output differs from QEMU's"
    runs=$((runs + 1))
}

check_needed() {
    translate "--no-$pass" && fail "is needed, but was left out"
    [ "$(wc -l <"$work/err")" -eq 1 ] || fail "no line says that it is needed"
}

for name; do
    tests/qemu.sh "$dir/$name.qemu.elf" >"$work/expected" </dev/null
    run_profile && translate || exit 1
    cp "$work/image" "$work/full"
    cp "$work/out" "$work/stats"
    n_stats=$(wc -l <"$work/stats")
    "$aot" --help | sed '1,/^Passes/d' >"$work/list"
    while read -r pass star text <&3; do
        cp "$work/stats" "$work/out"
        [ "$(counted)" -gt 0 ] || fail "counts nothing"
        check_dump
        case $star in
            \*) check_needed ;;
            *) check_without ;;
        esac
        passes=$((passes + 1))
    done 3<<END
$(sed 's/^ *\([a-z]*\)\*/\1 */' "$work/list")
END
done
echo "aot passes: $passes dumped and counted, $runs left out and run, $failures wrong"
[ $failures -eq 0 ] && [ $passes -gt 0 ]
