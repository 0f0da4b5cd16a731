#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs the guests of tests/hosted/cases.txt: interpreted, translated from the first execution on, and in a tiny tcache.
BUILD=${BUILD:-build}
WORK=$BUILD/tests/hosted/cases
mkdir -p "$WORK"
CC="riscv64-unknown-elf-gcc -march=rv32im -mabi=ilp32 -nostdlib -nostartfiles -Wl,-Ttext=0x80000000"
CC="$CC -Wl,--no-warn-rwx-segments -Wl,--no-relax -Wl,-N"

tail_code='
fail:
    li a0, 99
finish:
    li t0, 0x00100000
    slli a0, a0, 16
    beqz a0, 1f
    li t1, 0x3333
    or a0, a0, t1
    sw a0, 0(t0)
1:  li t1, 0x5555
    sw t1, 0(t0)
put_a0:
    li t0, 0x10000000
    sb a0, 0(t0)
    ret
    .balign 8
tohost: .space 8
buffer: .space 128
'
rm -f "$WORK"/*
printf "input q" > "$WORK/input"
awk -v work="$WORK" '/^#/ { next } /^== / { split($0, f, "|"); name = f[1]; sub(/^== */, "", name); gsub(/ /, "", name)
        file = work "/" name ".S"; print name "|" f[2] "|" f[3] "|" f[4] > (work "/list")
        print ".option norelax\n.option arch, +zicsr\n.option arch, +zifencei\n.globl _start, tohost\n_start:" > file; next }
    { print > file }' tests/hosted/cases.txt

# input_of CASE: what it is sent. A byte that a guest does not expect comes when QEMU's other thread gets to it.
input_of() {
    if [ "$1" = uart-input ]; then echo "$WORK/input"; else echo /dev/null; fi
}

trim() { echo "$1" | sed 's/^ *//; s/ *$//'; }
failed=0
runs=0
while IFS='|' read -r name status log console; do
    status=$(trim "$status") log=$(trim "$log") console=$(trim "$console")
    echo "$tail_code" >> "$WORK/$name.S"
    $CC -o "$WORK/$name.elf" "$WORK/$name.S" || exit 1
    input=$(input_of "$name")
    for options in '--gear 0' '--gear 1' '--gear 1 --flags 0x4000 --check 1' '--gear 1 --flags 0x4000 --tcache 512' \
        '--gear 1 --flags 0x4080 --check 1'; do
        # shellcheck disable=SC2086
        timeout "${HANG_SECONDS:-600}" "$BUILD/tests/hosted/hosted_run" $options "$WORK/$name.elf" > "$WORK/out" 2> "$WORK/err" < "$input"
        got=$?
        runs=$((runs + 1))
        if [ "$got" != "$status" ] || [ "$(cat "$WORK/out")" != "$console" ] ||
            { [ -n "$log" ] && ! grep -qF "$log" "$WORK/err"; } || { [ -z "$log" ] && [ -s "$WORK/err" ]; }; then
            echo "FAILED: $name ($options): status $got, want $status; console '$(head -c 100 "$WORK/out")'; log: $(head -3 "$WORK/err")"
            failed=$((failed + 1))
        fi
    done
done < "$WORK/list"

# Interrupts and changing code also on the firmware itself, in lock-step, and in QEMU (but for counters-written: there they
# are the workstation's clock).
for name in irq-timer wfi wfi-refused uart-irq uart-input self-modify misaligned-replaced smc-no-fence smc-mixed smc-straddle smc-several smc-jit \
    counters-written; do
    elf=$WORK/$name.elf input=$(input_of "$name")
    runs=$((runs + 1))
    [ $name = counters-written ] || tests/qemu.sh "$elf" < "$input" > "$WORK/out" 2> "$WORK/err" || {
        echo "FAILED: $name in QEMU: status $?; $(cat "$WORK/out" "$WORK/err")"
        failed=$((failed + 1))
    }
    for options in '--gear 0' '--gear 1' '--eager' '--eager --tcache 4K --chaos-evict'; do
        runs=$((runs + 1))
        # shellcheck disable=SC2086
        "$BUILD/selkirk" lockstep $options --max-cycles 300000000 "$elf" > "$WORK/out" 2> "$WORK/err" < "$input" &&
            grep -q 'guest status 0' "$WORK/err" && continue
        echo "FAILED: $name ($options) on the firmware: $(tail -n 1 "$WORK/err")"
        failed=$((failed + 1))
    done
done
echo "runtime cases: $runs runs, $failed failed"
[ "$failed" -eq 0 ]
