#!/bin/sh
# SPDX-License-Identifier: MIT
# A guest that waits (idle.c) costs the ISS next to nothing, takes the same cycles on the RTL, and loses no interrupt however long it waits.
set -u
: "${BUILD:=build}"
elf=$BUILD/platform/idle.elf
json=$BUILD/platform/idle.json
checks=0

fail() {
    echo "idle: $1"
    exit 1
}

# run INPUT WANTED OPTION...: the guest with that input says WANTED
run() {
    input=$1 wanted=$2
    shift 2
    # a file: what a pipe has when the guest looks is up to the workstation
    printf '%s' "$input" >"$BUILD/platform/idle.in"
    got=$(timeout "${HANG_SECONDS:-600}" "$BUILD/selkirk" "$@" --report-json "$json" "$elf" <"$BUILD/platform/idle.in" 2>&1)
    status=$?
    [ $status -eq 0 ] && [ "$got" = "$wanted" ] || fail "'$*' ends with status $status and says: $got"
    checks=$((checks + 1))
}

# value NAME: of the report
value() {
    sed -n "s/^ *\"$1\": \([0-9]*\),\{0,1\}$/\1/p" "$json" | head -n 1
}

asleep=$(printf 'asleep\nawake')

# three seconds: 300 M cycles, nearly all of them stalls in a few waits; input that nobody reads does not wake the machine
for input in 7 7unread; do
    run "$input" "$asleep" run
    cycles=$(value cycles) busy=$(($(value cycles) - $(value stalls))) waits=$(value waits)
    [ "$cycles" -ge 300000000 ] || fail "three seconds are $cycles cycles"
    [ "$busy" -lt 300000 ] || fail "$busy cycles of work in a sleep"
    [ "$waits" -ge 1 ] && [ "$waits" -lt 10 ] || fail "$waits waits in a sleep"
done

# the RTL takes the same cycles
for options in '' '--gear 0' '--chaos-irq 1000'; do
    run 4 "$asleep" run $options
    iss=$(value cycles)/$(value stalls)/$(value waits)
    run 4 "$asleep" run --engine rtl $options
    rtl=$(value cycles)/$(value stalls)/$(value waits)
    [ "$iss" = "$rtl" ] || fail "cycles, stalls and waits on ISS and RTL with '$options': $iss and $rtl"
done

# eight hours: SYS_CLOCK, SYS_TIME and SYS_ELAPSED beside mtime, whose 32 low bits are seven minutes
run c 'clocks agree' run
[ "$(value cycles)" -ge 2880000000000 ] || fail "eight hours are $(value cycles) cycles"
hours=$(($(value cycles) / 360000000000))

# an interrupt that falls due in a wait of any length
for at in 12000000 2200000000 3000000000 4300000000 20000000000; do
    run x 'read x, 1 interrupt, in time' run --input-at $at
    [ "$(value cycles)" -ge $at ] || fail "input came in cycle $(value cycles), not $at"
done
printf x >"$BUILD/platform/idle.in"
got=$("$BUILD/tests/hosted/hosted_run" --input-at 3000000000 "$elf" <"$BUILD/platform/idle.in" 2>&1) || fail "hosted: $got"
got=$("$BUILD/selkirk" lockstep --input-at 3000000000 "$elf" <"$BUILD/platform/idle.in" 2>&1) || fail "in lock-step: $got"
echo "idle: $checks waits: a sleep of $cycles cycles is $busy cycles of work, ISS and RTL agree ($iss), no interrupt lost, clocks agree for $hours hours"
