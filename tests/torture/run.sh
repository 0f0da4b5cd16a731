#!/bin/sh
# SPDX-License-Identifier: MIT
# run.sh all|sample|NAME... : runs GCC's C torture programs (Debian's gcc-12-source, unpacked by torture.mk) for rv32i and rv32im in QEMU
# and on build/selkirk, and fails if a program that passes in QEMU does not pass here. `sample` is every 26th program of the sorted
# list, about 60, which takes some of each family (dates, built-ins, pr-, memory functions, ...), and some of fence.txt.
#
# ARCHS (rv32i rv32im), JOBS (2); ENGINE, GEAR, OPTIONS, LOCKSTEP as one.sh has them. RESULTS=FILE
# writes the summary and every program that did not pass there as well.
set -u
dir=$(dirname "$0")
: "${BUILD:=build}" "${ARCHS:=rv32i rv32im}" "${JOBS:=2}" "${RESULTS:=/dev/null}"
export BUILD
work=$BUILD/torture
sample_step=26

names() {
    (cd "$work/src" && ls -- *.c) | sed 's/\.c$//' | LC_ALL=C sort
}

# select_names ARGUMENTS: one name a line
select_names() {
    case $1 in
    all) names ;;
    sample)
        names | grep -vxF -f "$dir/fence.txt" | awk "NR % $sample_step == 1"
        awk 'NR % 12 == 1' "$dir/fence.txt"
        ;;
    *) printf '%s\n' "$@" ;;
    esac
}

# The counts, one line an architecture.
summary() {
    awk '{ total[$1]++; if ($3 == "-") broken[$1]++; if ($3 == "pass") { reference[$1]++; if ($4 == "pass") passed[$1]++ } }
         END { for (arch in total)
             printf "%s: %d of the %d that QEMU passes pass here (%d programs, %d do not compile)\n", arch, passed[arch], reference[arch],
                 total[arch], broken[arch] }' "$lines" | LC_ALL=C sort
}

if [ $# -eq 0 ]; then
    echo "usage: tests/torture/run.sh all|sample|NAME..." >&2
    exit 2
fi
lines=$(mktemp "$work/lines.XXXXXX")
trap 'rm -f "$lines"' EXIT
for arch in $ARCHS; do
    select_names "$@" | sed "s/^/$arch /"
done | xargs -n 2 -P "$JOBS" "$dir/one.sh" | LC_ALL=C sort >"$lines.sorted"
mv "$lines.sorted" "$lines"

failures=$(awk '$3 == "pass" && $4 != "pass"' "$lines")
how="${ENGINE:-iss}, gear ${GEAR:-1}${LOCKSTEP:+, lock-step}${OPTIONS:+, $OPTIONS}"
{
    echo "torture programs ($1), $how:"
    summary
    echo
    echo "do not pass in QEMU, or do not compile (-):"
    awk '$3 != "pass" { print "  " $1, $2, $3 }' "$lines"
    echo "pass in QEMU but not on selkirk:"
    echo "${failures:-none}" | sed 's/^/  /'
    echo
} >"$RESULTS"
if [ -n "$failures" ]; then
    echo "torture: pass in QEMU but not on selkirk:"
    echo "$failures"
fi
# what does not compile or does not pass in QEMU says nothing about us: that must be a few, not most
if ! awk '{ total++; ran += $3 == "pass" } END { exit !(total > 0 && ran >= total * 0.9) }' "$lines"; then
    echo "torture: fewer than nine in ten of the programs pass in QEMU:"
    awk '$3 != "pass"' "$lines" | head -n 20
    exit 1
fi
echo "torture: $how: $(summary | sed 's/ (.*//' | paste -s -d ';' | sed 's/;/; /g')"
[ -z "$failures" ]
