#!/bin/sh
# SPDX-License-Identifier: MIT
# recheck.c in QEMU, on the ISS, and in lock-step: every change of a last half word takes effect at once, and it is the regions' own check
# that finds it: each change makes a region stale that was entered.
set -u
: "${BUILD:=build}" "${FIRMWARE:=$BUILD/firmware/selkirk.img}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
elf=$BUILD/platform/recheck.elf report=$work/recheck.json
wanted='96 last half words changed, 0 wrong'

# says COMMAND...: its output is what is wanted
says() {
    got=$("$@" 2>"$report.err" </dev/null) && [ "$got" = "$wanted" ] && return
    echo "recheck: '$*' says: $got"
    cat "$report.err"
    exit 1
}

says tests/qemu.sh "$elf"
says "$BUILD/selkirk" run --firmware "$FIRMWARE" --report-json "$report" "$elf"
says "$BUILD/selkirk" lockstep --firmware "$FIRMWARE" "$elf"
says "$BUILD/selkirk" lockstep --firmware "$FIRMWARE" --eager "$elf"
count() {
    tr ',{' '\n\n' <"$report" | sed -n "s/.*\"$1\": \([0-9]*\).*/\1/p" | head -n 1
}
stale=$(count exit_stale) checked=$(count smc_rechecked)
if [ "${stale:-0}" -lt 96 ] || [ "${checked:-0}" -lt 8 ]; then
    echo "recheck: only ${stale:-no} regions found themselves stale, in ${checked:-no} granules"
    exit 1
fi
echo "recheck: $wanted, four ways; $stale regions found themselves stale"
