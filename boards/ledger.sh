#!/bin/sh
# SPDX-License-Identifier: MIT
# boards/ledger.sh LEDGER POINT NEXTPNR TIMING-FOLDER LOG...: writes the figures of the nextpnr logs into the ledger,
# one line for design and point; a line that is there already is replaced, others stay. Called by `make timing-ledger`.
set -eu
ledger=$1 point=$2 nextpnr=$3 folder=$4
shift 4

nextpnr_version=$($nextpnr --version 2>&1 | sed -n 's/.*Version nextpnr-\([^)]*\)).*/\1/p')
new=$(mktemp)
trap 'rm -f "$new"' EXIT
awk -v ledger=1 -f boards/timing.awk "$@" | while IFS='|' read -r design mhz least most lut ff bram dsp seeds; do
    design=${design% }
    yosys_version=$(sed -n 's/.*Yosys \([0-9.]*\) .*/\1/p' "$folder/$design-synth.log" | head -n 1)
    # These do not depend on what was tried in our core.
    case $design in
    vexriscv) name="4 KB I$, 4 KB D$" ;;
    sdram) name="controller: ULX3S, CL2" ;;
    mem) name="the same and mem_port" ;;
    *) name=$point ;;
    esac
    key=$(printf '%-9s| %-44s|' "$design" "$name")
    grep -vF "$key" "$ledger" >"$new" || true
    printf '%s%7s |%6s |%6s |%6d |%6d |%4d |%4d |%s| yosys %s, nextpnr %s\n' \
        "$key" $mhz $least $most $lut $ff $bram $dsp \
        "$seeds" "$yosys_version" "$nextpnr_version" >>"$new"
    cat "$new" >"$ledger"
    echo "$ledger: $(tail -n 1 "$ledger")"
done
