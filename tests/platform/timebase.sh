#!/bin/sh
# SPDX-License-Identifier: MIT
# timebase.c with the clock of every memory configuration: mtime runs at 10 MHz, so 1,000 ticks are a tenth of a thousandth of the clock's hertz
# (to 0.5 or 2 %: the guest's loops are no better), and no timer interrupt is early. ISS and RTL print the same and take the same cycles;
# lock-step with interrupts and forced rollbacks finds no difference.
set -u
: "${BUILD:=build}"
elf=$BUILD/platform/timebase.elf out=$BUILD/platform/timebase
n=0

# fail TEXT
fail() {
    echo "timebase: memory $memory: $1"
    cat "$out.iss" "$out.rtl" "$out".*.err
    exit 1
}

for pair in $(sed -n 's/^MEMORY(\([a-z0-9_]*\), *\([0-9]*\),.*/\1:\2/p' rtl/machine/memories.def); do
    memory=${pair%:*} wanted=$((${pair#*:} / 10000))
    engines='iss rtl'
    "$BUILD/selkirk" run --engine rtl --memory "$memory" "$elf" 2>&1 | grep -q 'has no caches for it' && engines=iss
    for engine in $engines; do
        "$BUILD/selkirk" run --engine $engine --memory "$memory" --report-json "$out.$engine.json" "$elf" >"$out.$engine" 2>"$out.$engine.err" || fail "status $?"
    done
    [ "$engines" = iss ] && cp "$out.iss" "$out.rtl" && cp "$out.iss.json" "$out.rtl.json"
    cmp -s "$out.iss" "$out.rtl" || fail "ISS and RTL differ"
    [ "$(grep '"cycles"' "$out.iss.json" | head -n 1)" = "$(grep '"cycles"' "$out.rtl.json" | head -n 1)" ] || fail "ISS and RTL take different cycles"
    grep -q "\"memory\": \"$memory\"" "$out.rtl.json" || fail "the report does not name it"
    got=$(sed -n 's/ cycles in 1000 ticks//p' "$out.iss")
    # where the firmware's code is in the chip, reading the time misses
    [ "$engines" = iss ] && permille=20 || permille=5
    [ $((got * 1000)) -gt $((wanted * (1000 - permille))) ] && [ $((got * 1000)) -lt $((wanted * (1000 + permille))) ] || fail "$got cycles in 1000 ticks"
    grep -q '60 timers, 0 early' "$out.iss" || fail "timers"
    "$BUILD/selkirk" lockstep --memory "$memory" --chaos-irq 1500 --chaos-rollback 20 "$elf" >"$out.lockstep" 2>&1 || fail "lock-step"
    n=$((n + 1))
done
echo "timebase: $n memory configurations: mtime runs at 10 MHz, no timer is early, ISS and RTL (where it has that memory) agree to the cycle"
