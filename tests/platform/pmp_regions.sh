#!/bin/sh
# SPDX-License-Identifier: MIT
# pmp_regions.c: as QEMU says it (but for code that runs out of what it may execute, which QEMU 7.2 notices at the ends of
# its own blocks only), the same with every switch, in lock-step, and its accesses are made by regions that check them.
set -eu
: "${BUILD:=build}" "${FIRMWARE:=$BUILD/firmware/selkirk.img}"
name=$BUILD/platform/pmp_regions elf=$BUILD/platform/pmp_regions.elf

fail() {
    echo "pmp-regions: $*"
    exit 1
}

# says COMMAND...: what gear 0 says
says() {
    "$@" >"$name.out" 2>"$name.err" </dev/null || fail "'$*' ends with status $?: $(tail -n 2 "$name.err")"
    cmp -s "$name.out" "$name.txt" || fail "'$*' says: $(diff "$name.txt" "$name.out")"
}

"$BUILD/selkirk" run --firmware "$FIRMWARE" --gear 0 "$elf" >"$name.txt" </dev/null || fail "status $?"
tests/qemu.sh "$elf" </dev/null | grep -v '^execute:' >"$name.qemu" || fail 'QEMU'
grep -v '^execute:' "$name.txt" | diff - "$name.qemu" || fail 'QEMU says so'
says "$BUILD/selkirk" run --firmware "$FIRMWARE" --no-rights "$elf"
for options in '' '--eager --tcache 4K --chaos-sched --chaos-irq 700'; do
    says "$BUILD/selkirk" lockstep --firmware "$FIRMWARE" $options "$elf"
done
says "$BUILD/selkirk" run --firmware "$FIRMWARE" --report-json "$name.json" "$elf"

count() {
    sed -n "s/^ *\"$1\": \([0-9]*\),*$/\1/p" "$name.json" | head -n 1
}
[ "$(count rights_regions)" -ge 300 ] || fail "only $(count rights_regions) regions have something to check"
[ "$(count exit_rights)" -ge 2000 ] || fail "only $(count exit_rights) of their checks found something"
echo "pmp-regions: $(grep -c . "$name.txt") parts as QEMU says, five ways; $(count rights_regions) regions in" \
    "$(count rights_made) contexts, $(count exit_rights) checks found something"
