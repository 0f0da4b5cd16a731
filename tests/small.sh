#!/bin/sh
# SPDX-License-Identifier: MIT
# small.sh [PROGRAMS]: configuration small (two slots) in a BUILD folder of its own, $BUILD/small: synthesis check, directed and random native programs on the ISS and on the RTL,
# the guest programs in lock-step, random guests with each set of switches, and a few guests of both kinds on the RTL. PROGRAMS: how many
# random ones.
set -eu
programs=${1:-40}
small=$BUILD/small
make="${MAKE:-make} --no-print-directory CONFIG=small BUILD=$small VENV=${VENV:-build/venv}"
mkdir -p "$small"

# All or the last lines of it, when something fails.
quiet() {
    "$@" >"$small/test.log" 2>&1 || { tail -n 20 "$small/test.log"; echo "small: $* failed"; exit 1; }
}

quiet $make build-all guests "$small/tests/gen/roundtrip" "$small/tests/gen/decode/Vdecode_bench" \
    $(printf " $small/tests/%s" native/iss_test native/rtl_cases native/rand_test rtl/rtl_test rtl/stall_test rtl/wait_test rtl/time_test rtl/reset_test)
quiet $make synth-check
quiet "$small/tests/gen/roundtrip"
quiet "$small/tests/gen/decode/Vdecode_bench"
quiet "$small/tests/native/iss_test"
quiet "$small/tests/native/rtl_cases"
directed=$(tail -n 1 "$small/test.log")
quiet "$small/tests/rtl/wait_test"
quiet "$small/tests/rtl/time_test"
quiet "$small/tests/rtl/stall_test" 1 $((programs / 4))
quiet "$small/tests/rtl/reset_test" 1 $((programs / 2))
quiet "$small/tests/native/rand_test" 1 "$programs"
quiet "$small/tests/rtl/rtl_test" 1 "$programs"
natives=$(tail -n 1 "$small/test.log")
quiet env BUILD="$small" LOCKSTEP=1 tests/prog/selkirk-check.sh iss 1
guests=$(tail -n 1 "$small/test.log")
quiet "$small/selkirk" lockstep --engine iss --gear 1 --random "$programs" --seed 1
quiet env BUILD="$small" tests/diff/random.sh iss $((programs / 2)) 20001
quiet env BUILD="$small" ARCHS=rv32im tests/prog/selkirk-check.sh rtl 1 sieve queens words
quiet "$small/selkirk" lockstep --engine rtl --random $((programs / 4)) --seed 30001
quiet "$small/selkirk" lockstep --engine rtl --random $((programs / 8)) --seed 30101 --eager --chaos-irq 1000 --chaos-rollback 9
echo "small: $directed; $natives; $guests; $programs random guests, $((programs / 2)) with each set of switches, $((programs / 4 + programs / 8)) on the RTL"
