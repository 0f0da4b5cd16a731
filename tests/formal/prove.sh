#!/bin/sh
# SPDX-License-Identifier: MIT
# prove.sh netlist.il: proves the assertions of guest_fence.sv in netlist.sh's netlist, for all programs and all times, by induction over
# STEPS cycles (yosys's own solver). STEPS: a bundle's way from D to the end of a store that is taken back, and one more.
set -eu
: "${YOSYS:=yosys}" "${STEPS:=6}"
netlist=$(realpath -m --relative-to=. "$1")
log=$1.log
if ! "$YOSYS" -p "read_rtlil $netlist
sat -verify -set-assumes -prove-asserts -tempinduct -seq 1 -initsteps $((STEPS - 1)) -maxsteps $STEPS" >"$log" 2>&1; then
    grep -E 'FAIL|Reached maximum|ERROR' "$log" || tail -n 5 "$log"
    echo "guest fence: NOT proved; the solver's words are in $log"
    exit 1
fi
grep -q 'Induction step proven: SUCCESS' "$log"
n=$(grep 'Import proof for assert' "$log" | sort -u | wc -l)
if [ "$n" -eq 0 ]; then
    echo "guest fence: no assertion is left in the netlist"
    exit 1
fi
echo "guest fence: proved by induction over $STEPS cycles ($n assertions): nothing outside guest RAM, no native input or output"
