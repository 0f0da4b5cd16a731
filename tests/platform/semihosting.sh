#!/bin/sh
# SPDX-License-Identifier: MIT
# Semihosting on both engines and at both gears, and in QEMU: what the calls give back, the end of the input, the bounds of their buffers
# (semihosting.c); which modes may call, and that U mode reaches nothing by a call that it could not reach itself (semihosting-user.S),
# nor what it could no longer reach (rights.c).
set -u
: "${BUILD:=build}" "${OPTIONS:=}"
calls=$BUILD/platform/semihosting.elf user=$BUILD/platform/semihosting-user.elf
runs=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf 'ab\ncdefg\n' >"$work/in"

# ends STATUS COMMAND...: with that status, and one line of output
ends() {
    want=$1
    shift
    got=$(timeout "${HANG_SECONDS:-600}" "$@" <"$work/in" 2>&1)
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

# an interrupt's handler takes rights away while a call is under way
[ -n "$OPTIONS" ] || for how in "run --gear 0" run lockstep; do
    printf '%02000d' 0 | "$BUILD/selkirk" $how --semihosting userspace --append "$(printf '%01500d' 0)" "$BUILD/platform/rights.elf" \
        >"$work/out" 2>"$work/err"
    status=$?
    seen=$(tr -dc s <"$work/out" | wc -c)
    if [ $status -ne 0 ] || { [ "$how" = lockstep ] && ! grep -q "guest status 0" "$work/err"; } || [ "$seen" -ne 128 ]; then
        echo "semihosting: rights taken away, $how: status $status, $seen bytes printed: $(cat "$work/err")"
        exit 1
    fi
    runs=$((runs + 1))
done

# a reset in the middle of a call: the same call writes the whole text afterwards
for gear in 0 1; do
    "$BUILD/selkirk" run --gear $gear $OPTIONS "$BUILD/platform/reset_call.elf" >"$work/reset_call"
    status=$?
    bytes=$(wc -c <"$work/reset_call")
    whole=$(tail -c 4000 "$work/reset_call" | cksum)
    text=$(i=0; while [ $i -lt 4000 ]; do [ $((i % 64)) -eq 63 ] && echo || printf %s $((i / 64 % 10)); i=$((i + 1)); done | cksum)
    if [ $status -ne 0 ] || [ "$bytes" -le 4000 ] || [ "$whole" != "$text" ]; then
        echo "semihosting: after a reset in a call, gear $gear: status $status, $bytes bytes"
        exit 1
    fi
    runs=$((runs + 1))
done
echo "semihosting: $runs runs, as they should be"
