#!/bin/sh
# SPDX-License-Identifier: MIT
# Semihosting on both engines and at both gears, and in QEMU: what the calls give back, the end of the input, the bounds of their buffers
# (semihosting.c); which modes may call, and that U mode reaches nothing by a call that it could not reach itself (semihosting-user.S).
set -u
: "${BUILD:=build}" "${OPTIONS:=}"
calls=$BUILD/platform/semihosting.elf user=$BUILD/platform/semihosting-user.elf
runs=0

# ends STATUS COMMAND...: with that status, and one line of output
ends() {
    want=$1
    shift
    got=$(printf 'ab\ncdefg\n' >"$BUILD/platform/semihosting.in" && timeout "${HANG_SECONDS:-600}" "$@" <"$BUILD/platform/semihosting.in" 2>&1)
    status=$?
    if [ $status -ne "$want" ] || [ -n "$(echo "$got" | grep -v '^line$')" ]; then
        echo "semihosting: '$*' ends with status $status, not $want, and says: $got"
        exit 1
    fi
    runs=$((runs + 1))
}

if [ -z "$OPTIONS" ]; then
    # standard input is for the calls, not for the UART
    export SERIAL=null
    ends 0 tests/qemu.sh "$calls" -semihosting-config enable=on,target=native -append 'one two'
    ends 0 tests/qemu.sh "$user" -semihosting-config enable=on,target=native
fi
for engine in iss rtl; do
    for gear in 0 1; do
        selkirk="$BUILD/selkirk run --max-cycles 50000000 --engine $engine --gear $gear $OPTIONS"
        ends 0 $selkirk --append 'one two' "$calls" selkirk
        ends 0 $selkirk "$user"
    done
done
[ -n "$OPTIONS" ] || {
    ends 2 "$BUILD/selkirk" run --semihosting userspace "$user"
    ends 3 "$BUILD/selkirk" run --semihosting off "$user"
    ends 0 "$BUILD/selkirk" run --semihosting on "$user"
}

# a reset in the middle of a call: the same call writes the whole text afterwards
for gear in 0 1; do
    "$BUILD/selkirk" run --gear $gear $OPTIONS "$BUILD/platform/reset_call.elf" >"$BUILD/platform/reset_call.out"
    status=$?
    bytes=$(wc -c <"$BUILD/platform/reset_call.out")
    whole=$(tail -c 4000 "$BUILD/platform/reset_call.out" | cksum)
    text=$(i=0; while [ $i -lt 4000 ]; do [ $((i % 64)) -eq 63 ] && echo || printf %s $((i / 64 % 10)); i=$((i + 1)); done | cksum)
    if [ $status -ne 0 ] || [ "$bytes" -le 4000 ] || [ "$whole" != "$text" ]; then
        echo "semihosting: after a reset in a call, gear $gear: status $status, $bytes bytes"
        exit 1
    fi
    runs=$((runs + 1))
done
echo "semihosting: $runs runs, as they should be"
